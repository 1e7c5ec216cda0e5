package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
)

// privateOpening is one of a private spec, with its receipt's hashes.
func privateOpening(seed byte) posp.Opening {
	o := posp.Opening{
		Request: posp.RequestPart{Tokens: []uint32{5, 6, 7, 8}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}, Salt: posp.Hash{1, seed}, TraceSeed: posp.Hash{31: seed}},
		Output:  posp.OutputPart{Tokens: []uint32{9, 10, 11}, Finish: posp.FinishLength, Salt: posp.Hash{2, seed}, TraceSeed: posp.Hash{31: seed}},
	}
	o.Receipt.RequestHash, o.Receipt.OutputHash = o.Request.Hash(), o.Output.Hash()
	o.Receipt.PromptTokens, o.Receipt.OutputTokens = 4, 3
	return o
}

func write(t *testing.T, dir, name string, v any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Texts are found in answers as a buyer got them, in their field, and in openings, by what is hidden and by what is withheld.
func TestTexts(t *testing.T) {
	dir := t.TempDir()
	a, b, c := privateOpening(3), privateOpening(4), privateOpening(5)
	write(t, dir, "answer.json", map[string]any{"id": "x", "choices": []int{}, "posp": map[string]any{"receipt": a.Receipt, "request": a.Request, "output": a.Output}})
	write(t, dir, "field.json", map[string]any{"request": b.Request, "output": b.Output})
	write(t, dir, "opening.json", c)
	write(t, dir, "notes.txt", "not read")
	held, err := readTexts(dir)
	if err != nil || len(held) != 3 {
		t.Fatalf("%d texts, %v", len(held), err)
	}
	for _, o := range []posp.Opening{a, b, c} {
		shown, err := o.HiddenText()
		if err != nil {
			t.Fatal(err)
		}
		found, ok := held.find(shown)
		if !ok || found.Request.Hash() != o.Receipt.RequestHash {
			t.Error("a text is not found by what is hidden of it")
		}
		shown.OutputTokens++
		if _, ok := held.find(shown); ok {
			t.Error("a text of another length is found")
		}
		if o := held.complete(o.Withhold()); o.Withheld || o.Matches() != nil {
			t.Errorf("what was withheld is not completed: %v", o.Matches())
		}
	}
	stranger := privateOpening(6)
	if o := held.complete(stranger.Withhold()); !o.Withheld {
		t.Error("completed by another's text")
	}
	if o := texts(nil).complete(a.Withhold()); !o.Withheld {
		t.Error("completed by nothing")
	}
	for name, content := range map[string]string{"empty": "", "no JSON": "{", "no parts": "{}", "an error": `{"posp":{"error":{"code":"x"}}}`, "half": `{"request":{"tokens":[1]}}`, "a list": "[]"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "bad.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readTexts(dir); err == nil || !strings.Contains(err.Error(), "bad.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readTexts(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a directory that is not there")
	}
	if held, err := readTexts(""); err != nil || len(held) != 0 {
		t.Errorf("no directory: %v, %v", held, err)
	}
}

// posp model root prints what a private spec says of weights, which is what references commit to; a private assertion is run where its text is held, and
// left alone where it is not.
func TestPrivateReferences(t *testing.T) {
	ctx := context.Background()
	var out bytes.Buffer
	if err := ModelRoot(ctx, ModelOptions{Weights: "embedded:small", Private: true, JSON: true}, &out, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	var c Commitments
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	if !(posp.ModelSpec{ReferenceVersion: c.PrivateVersion}).Private() || (posp.ModelSpec{ReferenceVersion: c.ReferenceVersion}).Private() {
		t.Fatalf("versions %q and %q", c.ReferenceVersion, c.PrivateVersion)
	}
	public := Model{Name: "small", Weights: "embedded:small", Spec: posp.ModelSpec{ReferenceVersion: c.ReferenceVersion, ContextLimit: 512}}
	m, err := PrivateModel(ctx, public)
	if err != nil || m.Spec.ReferenceVersion != c.PrivateVersion || m.Spec.ID() == public.Spec.ID() {
		t.Fatalf("%+v, %v", m.Spec, err)
	}

	o := privateOpening(9)
	held := texts{o.Receipt.RequestHash: o}
	d := &disputer{texts: held, prover: circuit.NewProver(circuit.Full, ""), log: zap.NewNop(), context: func(id posp.Hash, who posp.Address) posp.Hash { return id }}
	refs := newReferences(Network{Models: []Model{m, public}}, d)
	shown, err := o.HiddenText()
	if err != nil {
		t.Fatal(err)
	}
	a := posp.Assertion{SpecID: m.Spec.ID(), Rule: posp.Greedy, Hidden: &shown}
	run, err := refs.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := run.(challenge.Private)
	if !ok {
		t.Fatalf("a run of %T", run)
	}
	for row, want := range []posp.Hash{shown.Prompt, shown.Output} {
		if got, err := own.Trace.Node(0, uint64(row)); err != nil || got != want {
			t.Errorf("row %d of the trace is %s, the receipt's is %s", row, got, want)
		}
	}
	if again, err := refs.Run(ctx, a); err != nil || again.(challenge.Private).Trace != own.Trace {
		t.Errorf("the trace was made again (%v)", err)
	}
	other := shown
	other.Seed[31] ^= 1
	a.Hidden = &other
	if run, err := refs.Run(ctx, a); err != nil || run != nil {
		t.Errorf("a run on a text that is not held: %v, %v", run, err)
	}
	// A public assertion on a private spec, and the other way round, are no game's.
	if _, err := refs.Run(ctx, posp.Assertion{SpecID: m.Spec.ID(), Rule: posp.Greedy, Prompt: o.Request.Tokens, Output: o.Output.Tokens}); err == nil {
		t.Error("a public assertion on a private spec")
	}
	if _, err := refs.Run(ctx, posp.Assertion{SpecID: public.Spec.ID(), Rule: posp.Greedy, Hidden: &shown}); err == nil {
		t.Error("a private assertion on a public spec")
	}
	// Who cannot dispute them leaves private specs alone.
	if run, err := newReferences(Network{Models: []Model{m}}, nil).Run(ctx, a); err != nil || run != nil {
		t.Errorf("without texts and proofs: %v, %v", run, err)
	}
	m.Spec.ReferenceVersion = posp.HiddenReference + strings.Repeat("0", 64)
	a.SpecID = m.Spec.ID()
	if _, err := newReferences(Network{Models: []Model{m}}, d).Run(ctx, a); err == nil || !strings.Contains(err.Error(), "another model's") {
		t.Errorf("another model's root: %v", err)
	}
}
