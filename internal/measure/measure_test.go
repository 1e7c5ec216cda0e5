package measure

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/verdict"
)

func lab(t *testing.T) *Lab {
	t.Helper()
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	return NewLab(w)
}

func requests(t *testing.T, n int) []inference.Request {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	list, err := Ask(n, func() (inference.Request, error) { return Arbitrary(rng, 256, 8, 6) })
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var engines = verdict.EnginePair{Claimed: "a", Recomputed: "b"}

// A measurement that was interrupted, or whose process was killed in the
// middle of a line, continues to the file that it would have made at once.
func TestMeasureContinues(t *testing.T) {
	l, asked := lab(t), requests(t, 12)
	party, scorer := Generates(l.Writer(float.Mode{})), l.Scorer(float.Mode{})
	measure := func(ctx context.Context, path string, progress func(int, int)) error {
		f, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return f.Measure(ctx, "kind", engines, party, scorer, asked, progress)
	}
	read := func(path string) []verdict.Group {
		f, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return f.Groups()
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if err := measure(t.Context(), whole, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if g := read(whole); len(g) != 1 || len(g[0].Pairs) != len(asked) {
		t.Fatalf("%d groups", len(g))
	}

	broken := filepath.Join(t.TempDir(), "broken")
	ctx, cancel := context.WithCancel(t.Context())
	if err := measure(ctx, broken, func(outputs, _ int) {
		if outputs == 5 {
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted measurement says %v", err)
	}
	b, err := os.ReadFile(broken)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, b[:len(b)-7], 0o644); err != nil {
		t.Fatal(err)
	}
	first := 0
	if err := measure(t.Context(), broken, func(outputs, _ int) {
		if first == 0 {
			first = outputs
		}
	}); err != nil {
		t.Fatal(err)
	}
	if first < 5 {
		t.Errorf("it began again at output %d", first)
	}
	if !reflect.DeepEqual(read(broken), read(whole)) {
		t.Error("the continued file differs from that made at once")
	}
}

func TestPromptsAreBeginningsOfDeclarations(t *testing.T) {
	dir := t.TempDir()
	text := "package p\n\nimport \"fmt\"\n\n// Hello greets.\nfunc Hello(name string) { fmt.Println(name) }\n\n// A Kind is a kind.\ntype Kind int\n\nvar x = 1\n"
	for name, s := range map[string]string{"a.go": text, "broken.go": "package ((", "notes.txt": "func no() {}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := NewSource(dir, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for {
		d, err := s.declaration()
		if err != nil {
			break
		}
		found = append(found, string(d))
	}
	slices.Sort(found)
	if want := []string{"// A Kind is a kind.\ntype Kind int", "// Hello greets.\nfunc Hello(name string) { fmt.Println(name) }"}; !slices.Equal(found, want) {
		t.Errorf("declarations %q, want %q", found, want)
	}
}

// The reference program is an engine by the name that policies give it, and what
// it computes is near what an honest machine claims.
func TestReferenceProgramRecomputes(t *testing.T) {
	l := lab(t)
	if reference.Version != verdict.ReferenceEngine {
		t.Errorf("policies call the program %s, it calls itself %s", verdict.ReferenceEngine, reference.Version)
	}
	for _, pair := range Disputes(float.Mode{}) {
		m, err := float.ParseMode(pair.Claimed)
		if err != nil || m.Class() != (float.Mode{}).Class() {
			t.Fatalf("%s is not of the class (%v)", pair.Claimed, err)
		}
		program, err := l.Recomputer(pair.Recomputed)
		if err != nil {
			t.Fatal(err)
		}
		if err := Run(t.Context(), Generates(l.Writer(m)), program, requests(t, 6), func(_ int, o Output) error {
			same := true
			for i, x := range o.Pair.Claimed.LogProb {
				own := o.Pair.Recomputed.LogProb[i]
				if d := max(x-own, own-x); d > posp.Nat/100 {
					t.Errorf("%s: %d of 2^24 nats off", pair.Claimed, d)
				}
				same = same && x == own
			}
			if same {
				t.Errorf("%s: not a unit off: the engine recomputed, not the program", pair.Claimed)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Recomputer("posp-ref-v0"); err == nil {
		t.Error("an unknown engine recomputes")
	}
}

func TestOneProcessWritesAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pairs")
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(path); err == nil {
		t.Error("a second one may open it")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var invalid *posp.ValidationError
	if _, err := OpenFile(path); !errors.As(err, &invalid) {
		t.Errorf("a file of something else: %v", err)
	}
}

func TestRunHandsOnInOrderAndStopsAtAnError(t *testing.T) {
	l, asked := lab(t), requests(t, 9)
	party, scorer := Generates(l.Writer(float.Mode{})), l.Scorer(float.Mode{})
	next := 0
	if err := Run(t.Context(), party, scorer, asked, func(i int, o Output) error {
		if i != next || !reflect.DeepEqual(o.Request, asked[i]) || len(o.Tokens) != len(o.Pair.Recomputed.LogProb) {
			t.Errorf("output %d came as number %d", i, next)
		}
		next++
		return nil
	}); err != nil || next != len(asked) {
		t.Fatalf("%d outputs, %v", next, err)
	}
	full := errors.New("disk full")
	if err := Run(t.Context(), party, scorer, asked, func(i int, _ Output) error {
		if i == 2 {
			return full
		}
		return nil
	}); !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
}

// A party must be what its name says: the forger's claims are the promised
// model's, on text that the other one wrote; the hot one draws otherwise.
func TestParties(t *testing.T) {
	l := lab(t)
	w, err := model.Random(l.Weights.Config, 7)
	if err != nil {
		t.Fatal(err)
	}
	m := float.Mode{}
	asked := requests(t, 6)[0]
	asked.Sampling.MaxTokens = 16
	cheats, err := l.Cheats(m, w, func() posp.Hash { return posp.Hash{1} })
	if err != nil {
		t.Fatal(err)
	}
	mean := func(o Output) (distance, margin float64) {
		for i := range o.Tokens {
			d := float64(o.Pair.Claimed.LogProb[i]) - float64(o.Pair.Recomputed.LogProb[i])
			distance += max(d, -d) / posp.Nat / float64(len(o.Tokens))
			if o.Pair.Recomputed.Kind == posp.EvidenceFull {
				margin += float64(o.Pair.Recomputed.Margin[i]) / posp.Nat / float64(len(o.Tokens))
			}
		}
		return distance, margin
	}
	for i, c := range cheats {
		if c.Name != CheatNames[i] {
			t.Errorf("cheat %d is %s", i, c.Name)
		}
		var o Output
		if err := Run(t.Context(), c.Party, l.Scorer(m), []inference.Request{c.Adapt(asked)}, func(_ int, x Output) error { o = x; return nil }); err != nil {
			t.Fatal(err)
		}
		distance, margin := mean(o)
		t.Logf("%s: distance %.2g, margin %.2g", c.Name, distance, margin)
		if claims := map[string]bool{"int8": true, "int4": true, "other-model": true}[c.Name]; claims != (distance > 1e-4) {
			t.Errorf("%s: claims are %.2g nats off", c.Name, distance)
		}
		if forged := map[string]bool{"forger": true, "other-model": true, "hot": true}[c.Name]; forged && margin == 0 {
			t.Errorf("%s: its tokens are the model's own choice", c.Name)
		}
	}
	if _, err := l.Cheats(m, &model.Weights{}, nil); err == nil {
		t.Error("a model of another vocabulary is taken")
	}
}
