package app

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/verdict"
)

// policies are what posp calibrate measured for the demo model, by engine class:
// ten minutes of two processors each. They must be made again whenever the
// weights, an engine or the reference program change.
//
//go:generate go run ../../cmd/posp calibrate --engine posp-float/f32 --positions 60000 --out policy/posp-float-f32.json
//go:generate go run ../../cmd/posp calibrate --engine posp-float/bf16 --positions 60000 --out policy/posp-float-bf16.json
//go:embed policy/posp-float-f32.json policy/posp-float-bf16.json
var policies embed.FS

// floatEngine is the engine class of package inference/float.
const floatEngine = "posp-float/f32"

// embedded is how a network file names weights that this program carries.
const embedded = "embedded:"

// DemoModel is the model that posp ships, with the policy by which its
// receipts are judged.
func DemoModel() (Model, error) {
	w, err := model.Main()
	if err != nil {
		return Model{}, err
	}
	policy, err := DemoPolicy(floatEngine)
	if err != nil {
		return Model{}, err
	}
	spec := specOf(w)
	spec.PolicyID = policy.ID()
	if spec.ReferenceVersion, err = referenceOf(w); err != nil {
		return Model{}, err
	}
	return Model{Name: "posp-demo", Spec: spec, Policy: policy, Weights: embedded + "main"}, nil
}

// referenceOf names the reference program over weights.
func referenceOf(w *model.Weights) (string, error) {
	q, err := reference.NewQuantiser(reference.FromWeights(w))
	if err != nil {
		return "", err
	}
	roots := make([]posp.Hash, q.ModelRows())
	if err := q.RowRoots(context.Background(), 0, roots, nil); err != nil {
		return "", err
	}
	return referenceVersion(q.Arch.Root(reference.RowsRoot(roots))), nil
}

// DemoPolicy is the policy that posp ships for the demo model in an engine class.
func DemoPolicy(engine string) (verdict.Policy, error) {
	var p verdict.Policy
	b, err := policies.ReadFile("policy/" + strings.ReplaceAll(engine, "/", "-") + ".json")
	if err != nil {
		return p, fmt.Errorf("no policy of the demo model is shipped for engine class %q: posp calibrate makes one", engine)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return p, fmt.Errorf("policy of engine class %s: %w", engine, err)
	}
	if err := p.Check(); err != nil {
		return p, fmt.Errorf("policy of engine class %s: %w", engine, err)
	}
	if !p.Calibration.Covers(engine) {
		return p, fmt.Errorf("policy of engine class %s does not cover it", engine)
	}
	return p, nil
}

// specOf is what weights and this program's engine decide of a spec.
func specOf(w *model.Weights) posp.ModelSpec {
	return posp.ModelSpec{
		WeightsRoot: w.Root(), Precision: "f32", TokenizerHash: model.TokenizerHash(), ChatTemplateHash: model.ChatTemplateHash(),
		EngineClass: floatEngine, SamplingRule: posp.RuleGumbel,
		VocabSize: uint32(w.Config.VocabSize), EOS: w.Config.EOS, ContextLimit: uint32(w.Config.ContextLength),
	}
}

// scorer loads a model's weights. A model that this program would not
// recompute as its spec says is an error: its evidence would speak against
// honest providers.
func scorer(m Model) (inference.Scorer, error) {
	w, err := loadWeights(m.Weights)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	have := specOf(w)
	have.ReferenceVersion, have.PolicyID = m.Spec.ReferenceVersion, m.Spec.PolicyID
	if have.WeightsRoot != m.Spec.WeightsRoot {
		return nil, fmt.Errorf("model %s: weights %s have root %s, the spec names %s: the file is another model's, or this posp is of another version than the network",
			m.Name, m.Weights, have.WeightsRoot, m.Spec.WeightsRoot)
	}
	if have != m.Spec {
		return nil, fmt.Errorf("model %s: this program computes %s, the spec says %s", m.Name, describe(have), describe(m.Spec))
	}
	return float.NewScorer(w), nil
}

func describe(s posp.ModelSpec) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s.ID().Hex()
	}
	return string(b)
}

// maxWeights is how much of a weights file is read: far above every model that
// package float can run in reasonable time.
const maxWeights = 4 << 30

func loadWeights(name string) (*model.Weights, error) {
	if inside, ok := strings.CutPrefix(name, embedded); ok {
		switch inside {
		case "main":
			return model.Main()
		case "small":
			return model.Small()
		}
		return nil, fmt.Errorf("weights %q: embedded are main and small", name)
	}
	if name == "" {
		return nil, fmt.Errorf("the network file names no weights: want a safetensors file, or %smain", embedded)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxWeights+1))
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	if len(b) > maxWeights {
		return nil, fmt.Errorf("weights %s: more than %d bytes", name, maxWeights)
	}
	w, err := model.Load(b)
	if err != nil {
		return nil, fmt.Errorf("weights %s: %w", name, err)
	}
	return w, nil
}
