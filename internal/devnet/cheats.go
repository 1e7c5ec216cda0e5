package devnet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// The dishonest parties of the play. Each is the product's own role with one
// part exchanged, from outside: the product has no switch for cheating.

// forge is the prefill forgery: a cheap model writes, and the promised model
// only scores what was written, in one pass, which costs a fraction of
// generating it. Its log-probabilities are the promised model's own, so the
// question "was it this model?" is answered yes.
func forge(writer inference.Generator, scorer inference.Scorer) inference.Generator {
	return inference.GeneratorFunc(func(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		tokens, finish, err := inference.Collect(ctx, writer, r)
		if err != nil {
			return 0, err
		}
		output := make([]uint32, len(tokens))
		for i, t := range tokens {
			output[i] = t.ID
		}
		evidence, err := scorer.Score(ctx, r.Prompt, r.Sampling, output)
		if err != nil {
			return 0, err
		}
		for i, t := range tokens {
			t.LogProb = float64(evidence.LogProb[i]) / posp.Nat
			if err := emit(t); err != nil {
				return 0, err
			}
		}
		return finish, nil
	})
}

// lazyScorer invents evidence that looks plausible instead of computing it.
type lazyScorer struct{}

func (lazyScorer) Score(_ context.Context, prompt []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	h := fnv.New64a()
	for _, t := range append(append([]uint32{}, prompt...), output...) {
		h.Write([]byte{byte(t), byte(t >> 8), byte(t >> 16), byte(t >> 24)})
	}
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	e := posp.Evidence{Kind: posp.EvidenceFull}
	for range output {
		e.LogProb = append(e.LogProb, posp.ToFixed(-rng.ExpFloat64()))
		e.Margin = append(e.Margin, 0)
	}
	return e, nil
}

// withhold serves everything but openings: the provider hides behind
// "not reachable" as soon as a sample is drawn.
func withhold(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/posp/v1/openings" {
			http.Error(w, `{"error":{"code":"unavailable","message":"try again later"}}`, http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// openTo serves openings to friends alone: whoever would not say that the
// answers are right is not shown them.
func openTo(friends []posp.Address) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/posp/v1/openings" {
				body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
				var asked posp.OpenRequest
				if err != nil || json.Unmarshal(body, &asked) != nil || !slices.Contains(friends, asked.Operator) {
					http.Error(w, `{"error":{"code":"unavailable","message":"try again later"}}`, http.StatusServiceUnavailable)
					return
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// liar challenges one assertion about a provider, the first that it sees: by
// the program's own run, of which it says that one row is another.
type liar struct {
	runs     challenge.Runs // the program's
	provider posp.Address
	row      func(*reference.Graph) uint64
	change   func(values []int64)

	mu    sync.Mutex
	about posp.Hash // the assertion
}

// Run is the liar's. Of other assertions it says nothing.
func (l *liar) Run(ctx context.Context, a posp.Assertion) (challenge.Run, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.Provider != l.provider || l.about != (posp.Hash{}) && l.about != a.ID {
		return nil, nil
	}
	own, err := l.runs.Run(ctx, a)
	if err != nil || own == nil {
		return nil, err
	}
	l.about = a.ID
	switch own := own.(type) {
	case challenge.Plain:
		return newLie(ctx, own, l.row(own.Trace.Graph), l.change)
	case challenge.Private:
		other := otherRow{own.Trace, l.row(own.Trace.Graph()), l.change}
		own.Trace, err = own.Trace.Over(ctx, other)
		return own, err
	}
	return nil, fmt.Errorf("lie about a run of type %T", own)
}

// otherRow is the rows of a private run, of which one is another.
type otherRow struct {
	*circuit.Trace
	row    uint64
	change func(values []int64)
}

// Row is one of them.
func (o otherRow) Row(ctx context.Context, i uint64) (reference.Elems, error) {
	e, err := o.Elements(ctx, i)
	if err == nil && i == o.row {
		e.Values = slices.Clone(e.Values)
		o.change(e.Values)
	}
	return e, err
}

// lie is a public run with a false row, committed to as it should be.
type lie struct {
	challenge.Plain
	row  uint64
	fake reference.Elems
	path []posp.Hash // nodes from the row's leaf to the root
}

func newLie(ctx context.Context, run challenge.Plain, row uint64, change func(values []int64)) (*lie, error) {
	e, err := run.Trace.Row(ctx, row)
	if err != nil {
		return nil, err
	}
	l := &lie{Plain: run, row: row, fake: reference.Elems{Width: e.Width, Values: slices.Clone(e.Values)}}
	change(l.fake.Values)
	node := l.fake.Root()
	for level := range run.Trace.Depth() {
		l.path = append(l.path, node)
		at := row >> level
		sibling, err := run.Trace.Node(ctx, level, at^1)
		if err != nil {
			return nil, err
		}
		pair := []posp.Hash{node, sibling}
		if at&1 == 1 {
			slices.Reverse(pair)
		}
		node = reference.Fold(pair)
	}
	l.path = append(l.path, node)
	return l, nil
}

// Root is the false trace's.
func (l *lie) Root() posp.Hash { return l.path[len(l.path)-1] }

// Below are nodes of the false trace.
func (l *lie) Below(g posp.Game, down int) ([]posp.Hash, error) {
	if g.Blocks != 0 {
		if g.Row == l.row {
			return l.fake.Below(int(g.Level), uint64(g.Block), down)
		}
		return l.Plain.Below(g, down)
	}
	nodes, err := l.Plain.Below(g, down)
	level := int(g.Level) - down
	if at := l.row >> level; err == nil && at>>down == g.Row {
		nodes = slices.Clone(nodes)
		nodes[at-g.Row<<down] = l.path[level]
	}
	return nodes, err
}

// Differs is the first number that the liar says is wrong.
func (l *lie) Differs(g posp.Game) (uint8, error) {
	own, width, err := l.Block(g.Row, g.Block)
	if err != nil {
		return 0, err
	}
	for i := 0; i+width <= min(len(own), len(g.Data)); i += width {
		if !bytes.Equal(own[i:i+width], g.Data[i:i+width]) {
			return uint8(i / width), nil
		}
	}
	return 0, nil
}

// Block is what the liar says that the block is.
func (l *lie) Block(row uint64, block uint32) ([]byte, int, error) {
	if row == l.row {
		b, err := l.fake.Block(int(block))
		return b, l.fake.Width, err
	}
	return l.Plain.Block(row, block)
}
