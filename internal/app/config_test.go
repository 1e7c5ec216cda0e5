package app

import (
	"strings"
	"testing"
)

func TestAStoreIsAURLWithoutAPassword(t *testing.T) {
	for store, complaint := range map[string]string{
		"": "",
		"postgres://posp@db.example:5432/posp?sslmode=verify-full": "",
		"postgres:///posp?host=/run/postgresql":                    "",
		"aggregator.db":                                            "--store is not a URL",
		"mysql://x/y":                                              "--store is not a URL",
		"postgres://posp:secret@db.example/posp":                   "--store holds a password",
		"postgres://db.example/posp?user=posp&password=secret":     "--store holds a password",
	} {
		err := AggregatorConfig{Store: store}.Check() // complains of all that is missing besides
		if got := err != nil && strings.Contains(err.Error(), "--store"); got != (complaint != "") || got && !strings.Contains(err.Error(), complaint) {
			t.Errorf("%q: %v, want %q", store, err, complaint)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the complaint repeats the password: %v", err)
		}
	}
}
