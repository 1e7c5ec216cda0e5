package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// Rationale: the provider that is charged names the address that is asked. It
// is not to make a buyer's machine ask others, its own network's among them.
func TestClaimsFollowNoRedirect(t *testing.T) {
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	provider := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer provider.Close()
	c := &claimer{}
	_, err := c.proof(t.Context(), posp.ProviderInfo{URL: provider.URL}, posp.BatchRecord{Batch: posp.Batch{LeafCount: 1}}, 0)
	if err == nil || !strings.Contains(err.Error(), "302") || asked != 0 {
		t.Errorf("another was asked %d times; error %v", asked, err)
	}
}
