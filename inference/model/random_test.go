package model

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRandomIsTheSameEverywhere(t *testing.T) {
	c := tiny
	c.ModelType = Qwen2
	w, err := Random(c, 7)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.Root().Hex(), "0xb1836cadd43152cd7519fbe5d342ae3050a2474d737ba6002265ffb5db37d26e"; got != want {
		t.Errorf("root %s, want %s", got, want)
	}
	again, err := Random(c, 7)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Random(c, 8)
	if err != nil {
		t.Fatal(err)
	}
	if again.Root() != w.Root() || other.Root() == w.Root() {
		t.Error("the seed does not say which model it is")
	}
}

func TestRandomShapes(t *testing.T) {
	for want, c := range map[float64]Config{15e6: Random15M, 42e6: Random42M, 100e6: Random100M} {
		if err := c.Check(); err != nil {
			t.Errorf("%.0f parameters: %v", want, err)
		}
		n := 0.0
		for _, x := range tensors(c, nil) {
			n += float64(x.Rows * x.Cols)
		}
		if math.Abs(n/want-1) > 0.1 {
			t.Errorf("a shape has %.1f million parameters, want about %.0f", n/1e6, want/1e6)
		}
	}
}

// Rationale: with too little entropy every cheat writes the same tokens as the model; with too much, none does.
func TestRandomModelsHaveATrainedOnesEntropy(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for vocab, want := range map[int]float64{258: 2.6, 32000: 4.0} {
		c := tiny
		c.HiddenSize, c.VocabSize, c.TieEmbeddings = 128, vocab, false
		w, err := Random(c, 3)
		if err != nil {
			t.Fatal(err)
		}
		const states = 20
		mean := 0.0
		for range states {
			x := make([]float64, c.HiddenSize) // a state as the last norm leaves it
			for i := range x {
				x[i] = rng.NormFloat64() * float64(w.Norm[i])
			}
			sum, weighted := 0.0, 0.0
			for row := range vocab {
				logit := 0.0
				for i, v := range x {
					logit += v * float64(w.Head[row*len(x)+i])
				}
				sum += math.Exp(logit)
				weighted += logit * math.Exp(logit)
			}
			mean += (math.Log(sum) - weighted/sum) / states
		}
		if math.Abs(mean-want) > 0.5 {
			t.Errorf("with %d tokens the entropy is %.2f nats, want about %.1f", vocab, mean, want)
		}
	}
}

func TestRandomWeightsHaveTheSizesTheyShould(t *testing.T) {
	c := Random15M
	c.Layers, c.VocabSize = 1, 1000
	w, err := Random(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]float64{0: math.Sqrt(1.6 * math.Log(1000) / 288), 2: math.Sqrt(2.0 / 288), 4: math.Sqrt(1.0 / 288), 9: 2 * math.Sqrt(1.0/768)} {
		x := w.Tensors()[i]
		mean, square := 0.0, 0.0
		for _, v := range x.Data {
			mean += float64(v) / float64(len(x.Data))
			square += float64(v) * float64(v) / float64(len(x.Data))
		}
		if math.Abs(math.Sqrt(square)/want-1) > 0.01 || math.Abs(mean) > 0.01*want {
			t.Errorf("%s has mean %.4f and deviation %.4f, want 0 and %.4f", x.Name, mean, math.Sqrt(square), want)
		}
	}
}
