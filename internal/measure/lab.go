package measure

import (
	"fmt"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/verdict"
)

// Lab has a model on this program's engine, in any of its modes, and in the
// reference program.
type Lab struct {
	Weights   *model.Weights
	scorer    *float.Scorer // of Weights, packed once
	reference func() (*reference.Model, error)
}

// NewLab packs the weights.
func NewLab(w *model.Weights) *Lab {
	return &Lab{w, float.NewScorer(w), sync.OnceValues(func() (*reference.Model, error) { return reference.New(reference.FromWeights(w)) })}
}

// Writer generates with weights in a mode, one goroutine for each request,
// since many are answered at once.
func Writer(w *model.Weights, m float.Mode) inference.Generator {
	return float.New(w, float.Options{Workers: 1, Mode: m})
}

// Writer generates with the lab's weights.
func (l *Lab) Writer(m float.Mode) inference.Generator { return Writer(l.Weights, m) }

// Scorer recomputes with the lab's weights.
func (l *Lab) Scorer(m float.Mode) inference.Scorer {
	return l.scorer.With(float.Options{Workers: 1, Mode: m})
}

// Recomputer is the scorer that an engine's name stands for: one of this
// program's modes, or the reference program.
func (l *Lab) Recomputer(engine string) (inference.Scorer, error) {
	if engine == verdict.ReferenceEngine {
		return l.reference()
	}
	m, err := float.ParseMode(engine)
	if err != nil {
		return nil, err
	}
	return l.Scorer(m), nil
}

// Pairs are pairs of engines that a class's honest machines come in: alike, and
// with other orders of addition on either side, as other hardware has them.
func Pairs(class float.Mode) []verdict.EnginePair {
	name, flash, split := class.String(), other(class, 64, 4).String(), other(class, 32, 2).String()
	return []verdict.EnginePair{{Claimed: name, Recomputed: name}, {Claimed: flash, Recomputed: name}, {Claimed: name, Recomputed: split}}
}

// Disputes are the pairs of a dispute: the class's honest machines, and the
// reference program.
func Disputes(class float.Mode) []verdict.EnginePair {
	var list []verdict.EnginePair
	for _, m := range []float.Mode{class, other(class, 64, 4), other(class, 32, 2)} {
		list = append(list, verdict.EnginePair{Claimed: m.String(), Recomputed: verdict.ReferenceEngine})
	}
	return list
}

// other is the class on hardware that adds in another order.
func other(class float.Mode, flash, splitK int) float.Mode {
	class.FlashBlock, class.SplitK = flash, splitK
	return class
}

// Cheat is a party that does not do what it promised.
type Cheat struct {
	Name  string
	Party Party
	// Adapt makes of an ordinary request one that the cheat is about.
	Adapt func(inference.Request) inference.Request
}

// CheatNames are those of Cheats, in order.
var CheatNames = []string{"int8", "int4", "other-model", "forger", "forger-unseeded", "hot", "hot-unseeded"}

// Cheats are those of the class whose operators recompute in mode m: linear
// layers rounded to 8 and to 4 bits; another model; another model that writes what the
// promised one only scores; and temperature 1 where 0.7 was asked for. seed
// makes seeds.
func (l *Lab) Cheats(m float.Mode, other *model.Weights, seed func() posp.Hash) ([]Cheat, error) {
	if other.Config.VocabSize != l.Weights.Config.VocabSize {
		return nil, fmt.Errorf("the other model has a vocabulary of %d, this one of %d: its text would mean nothing", other.Config.VocabSize, l.Weights.Config.VocabSize)
	}
	same := func(r inference.Request) inference.Request { return r }
	cool := func(r inference.Request) inference.Request { return Cool(r, seed()) }
	forger := Claims(Generates(Writer(other, m)), l.Scorer(m))
	hot := Hotter(l.Writer(m), 1_000_000)
	list := []Cheat{
		{"", Generates(Writer(model.RoundInt8(l.Weights), m)), same},
		{"", Generates(Writer(model.RoundInt4(l.Weights), m)), same},
		{"", Generates(Writer(other, m)), same},
		{"", forger, same},
		{"", forger, Unseeded},
		{"", hot, cool},
		{"", hot, func(r inference.Request) inference.Request { return Unseeded(cool(r)) }},
	}
	for i := range list {
		list[i].Name = CheatNames[i]
	}
	return list, nil
}

// Spec is what a lab's outputs in a class are judged under.
func (l *Lab) Spec(class string, rule string, p *verdict.Policy) posp.ModelSpec {
	c := l.Weights.Config
	return posp.ModelSpec{WeightsRoot: l.Weights.Root(), EngineClass: class, SamplingRule: rule,
		VocabSize: uint32(c.VocabSize), EOS: c.EOS, ContextLimit: uint32(c.ContextLength), PolicyID: p.ID()}
}
