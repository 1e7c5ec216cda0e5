package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/proof-of-sampling/posp/inference/reference"
)

// attribute reports a figure to who measures with this test: tools/bench/dispute.
func attribute(t testing.TB, key string, figure any) {
	b, err := json.Marshal(figure)
	if err != nil {
		t.Fatal(err)
	}
	t.Attr(key, string(b))
}

// reportGame reports a whole game: what its transactions cost, its contest's, its own and its end's.
func reportGame(t testing.TB, private bool, operation string, g *reference.Graph, row uint64, element int, parts ...*gas) {
	moves := map[string][]uint64{}
	for _, p := range parts {
		maps.Copy(moves, p.kinds)
	}
	attribute(t, "game", struct {
		Private        bool
		Prompt, Output int
		Operation      string
		Row            uint64
		Element        int
		Moves          map[string][]uint64
	}{private, g.Prompt, g.Output, operation, row, element, moves})
}

// TestContestGas: what another token costs who contests. It takes some seconds of which the protocol learns nothing, so it
// runs when it is asked for.
func TestContestGas(t *testing.T) {
	if os.Getenv("POSP_BENCH") == "" {
		t.Skip("for tools/bench/dispute, which sets POSP_BENCH")
	}
	for _, lengths := range [][2]int{{64, 32}, {128, 32}, {256, 32}, {64, 64}, {64, 128}} {
		t.Run(fmt.Sprint(lengths), func(t *testing.T) {
			d := newDisputed(t, lengths[0], lengths[1])
			opening := &gas{kinds: map[string][]uint64{}}
			d.open(d.provider, opening)
			t.Logf("a contest of %d and %d tokens: %d gas", lengths[0], lengths[1], opening.total)
			attribute(t, "contest", struct {
				Prompt, Output int
				Gas            uint64
			}{lengths[0], lengths[1], opening.total})
		})
	}
}
