// Command calibrate measures how far two honest computations of the demo model
// lie apart, and makes of it the policy by which its receipts are judged:
//
//	go run ./tools/calibrate -out internal/app/policy/posp-float-f32.json
//
// The provider's engine writes answers to beginnings of Go declarations, of
// all lengths and sampling parameters, and to requests of a hostile buyer; the
// operators' scorer recomputes them. Half of the pairs make the policy and the
// other half chooses its dependence (fit.go). Then fresh outputs, honest and of
// three cheats, show what it is worth: if honest ones look like a cheat's, it is
// not written. The policy does not depend on the cheats.
//
// It must be run again whenever the weights or an engine change.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/build"
	"math"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/verdict"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("out", "", "`FILE` to write the policy to; without it only the report is made")
	tree := flag.String("source", filepath.Join(build.Default.GOROOT, "src"), "`DIR` with Go files to take prompts from")
	positions := flag.Int("positions", 250_000, "honest positions to measure of each kind of request, about")
	seed := flag.Uint64("seed", 1, "of the choice of prompts and sampling")
	engine := flag.String("engine", "posp-float/f32", "engine class as model specs name it")
	flag.Parse()
	if flag.NArg() > 0 || *positions < 1 {
		fmt.Fprintln(os.Stderr, "calibrate: takes flags only, and at least one position (see -help)")
		os.Exit(2)
	}
	if err := run(ctx, *out, *tree, *positions, *seed, *engine); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, tree string, positions int, seed uint64, engine string) error {
	main, err := model.Main()
	if err != nil {
		return err
	}
	small, err := model.Small()
	if err != nil {
		return err
	}
	prompts, err := newSource(tree, rand.New(rand.NewPCG(seed, 0)))
	if err != nil {
		return err
	}
	// One goroutine for each request: many are answered at once.
	writer := func(w *model.Weights) inference.Generator { return float.New(w, float.Options{Workers: 1}) }
	honest, scorer := generates(writer(main)), float.NewScorer(main)
	var kinds []kind
	for _, k := range []struct {
		name    string
		length  int // of an output, about
		request func() (inference.Request, error)
	}{
		{"ordinary", 110, func() (inference.Request, error) { return prompts.request(0) }},
		{"hostile", 380, func() (inference.Request, error) { return prompts.hostile(main.Config.ContextLength) }},
	} {
		requests, err := ask(max(2, positions/k.length), k.request)
		if err != nil {
			return err
		}
		measured, err := answer(ctx, os.Stderr, k.name, honest, scorer, requests)
		if err != nil {
			return err
		}
		pairs := make([]verdict.Pair, len(measured))
		for i, o := range measured {
			pairs[i] = o.pair
		}
		kinds = append(kinds, kind{k.name, pairs})
	}
	policy, err := fit(os.Stdout, kinds, engine)
	if err != nil {
		return err
	}
	for _, table := range policy.Model.LogE {
		// Two operators on like machines agree to the bit, and the same tables
		// compare them.
		if table[0] > 0 {
			return fmt.Errorf("the policy takes exact agreement for suspicious (%.4f nats): operators would be charged for it", float64(table[0])/verdict.Nat)
		}
	}

	spec := posp.ModelSpec{WeightsRoot: main.Root(), EngineClass: engine, SamplingRule: posp.RuleGumbel,
		VocabSize: uint32(main.Config.VocabSize), EOS: main.Config.EOS, ContextLimit: uint32(main.Config.ContextLength), PolicyID: policy.ID()}
	if err := trials(ctx, &policy, spec, prompts, []party{
		{"honest", honest},
		{"int4", generates(writer(model.RoundInt4(main)))},
		{"small-model", generates(writer(small))},
		{"forger", forges(writer(small), scorer)},
	}, scorer, rand.New(rand.NewPCG(seed, 1))); err != nil {
		return err
	}
	if out == "" {
		return nil
	}
	if err := save(out, policy); err != nil {
		return err
	}
	fmt.Printf("policy %s -> %s\n", policy.ID(), out)
	return nil
}

type party struct {
	name string
	provider
}

// trials judges fresh outputs of each party, the honest one first, and prints
// what the policy makes of them.
func trials(ctx context.Context, policy *verdict.Policy, spec posp.ModelSpec, prompts *source, parties []party, scorer inference.Scorer, rng *rand.Rand) error {
	const committee, samples = 3, 200
	line := verdict.Line(1e9)
	worst := 0.0 // mean e-value of the honest
	fmt.Printf("\nFresh outputs, judged by committees of %d; a fault is a standing over ln(1e9):\n", committee)
	for _, t := range []struct {
		name    string
		parties []party
		request func() (inference.Request, error)
	}{
		{"24 tokens", parties, func() (inference.Request, error) { return prompts.request(24) }},
		{"48 tokens", parties, func() (inference.Request, error) { return prompts.request(48) }},
		{"128 tokens", parties, func() (inference.Request, error) { return prompts.request(128) }},
		{"256 tokens", parties[:1], func() (inference.Request, error) { return prompts.request(256) }},
		{"hostile", parties[:1], func() (inference.Request, error) { return prompts.hostile(int(spec.ContextLimit)) }},
	} {
		requests, err := ask(samples, t.request)
		if err != nil {
			return err
		}
		fmt.Printf("\n  %-12s samples  PASS  FAIL  INCONCLUSIVE  mean logE  worst logE  mean e-value  samples to a fault  mean distance  classes\n", t.name)
		for _, p := range t.parties {
			outputs, err := answer(ctx, os.Stderr, p.name, p.provider, scorer, requests)
			if err != nil {
				return err
			}
			var logs []int32
			var sum, e float64
			verdicts, classes := map[posp.Verdict]int{}, map[posp.Class]int{}
			for _, o := range outputs {
				j := judge(policy, spec, o, committee)
				verdicts[j.Verdict]++
				if j.Verdict == posp.Fail {
					classes[j.Class]++
				}
				logs = append(logs, j.LogE)
				sum += float64(j.LogE) / verdict.Nat
				// One operator's score is the e-value; the committee's is discounted.
				e += math.Exp(float64(judge(policy, spec, o, 1).LogE) / verdict.Nat)
			}
			n := float64(len(outputs))
			if p.name == parties[0].name {
				worst = max(worst, e/n)
			}
			fmt.Printf("  %-12s %7d %5d %5d %13d %10.2f %11.2f %13.4g %19s %16.2g  %s\n", p.name, len(outputs), verdicts[posp.Pass], verdicts[posp.Fail],
				verdicts[posp.Inconclusive], sum/n, float64(slices.Max(logs))/verdict.Nat, e/n, toFault(logs, line, rng), meanDistance(outputs), classList(classes))
		}
	}
	if worst > 1 {
		return fmt.Errorf("the mean e-value of honest outputs is %.3g, above 1: the policy would accuse the honest, and is not written", worst)
	}
	return nil
}

// ask makes n requests.
func ask(n int, request func() (inference.Request, error)) ([]inference.Request, error) {
	list := make([]inference.Request, n)
	var err error
	for i := range list {
		if list[i], err = request(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// toFault is how many samples, on average, a party with these scores gives
// until its standing reaches the line.
func toFault(logs []int32, line uint64, rng *rand.Rand) string {
	const runs, limit = 500, 20_000
	total := 0
	for range runs {
		var standing uint64
		n := 0
		for ; standing < line && n < limit; n++ {
			standing = verdict.Advance(standing, logs[rng.IntN(len(logs))])
		}
		if n == limit {
			return fmt.Sprintf("none in %d", limit)
		}
		total += n
	}
	return fmt.Sprintf("%.2f", float64(total)/runs)
}

// meanDistance is the median over outputs of what tells a wrong model from a
// wrong precision: the mean distance of log-probabilities, in nats.
func meanDistance(outputs []output) float64 {
	var means []float64
	for _, o := range outputs {
		var sum float64
		for i, x := range o.pair.Claimed.LogProb {
			sum += math.Abs(float64(x)-float64(o.pair.Recomputed.LogProb[i])) / posp.Nat
		}
		means = append(means, sum/float64(len(o.pair.Claimed.LogProb)))
	}
	slices.Sort(means)
	return means[len(means)/2]
}

func classList(classes map[posp.Class]int) string {
	var list []string
	for c, n := range classes {
		list = append(list, fmt.Sprintf("%s %d", c, n))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

var numbers = regexp.MustCompile(`\[[-\s\d,]+\]`)

// save writes the policy as JSON, one table a line, whole or not at all.
func save(path string, p verdict.Policy) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	b = numbers.ReplaceAllFunc(b, func(list []byte) []byte {
		return []byte(strings.ReplaceAll(strings.Join(strings.Fields(string(list)), ""), ",", ", "))
	})
	tmp, err := os.CreateTemp(filepath.Dir(path), ".policy-*")
	if err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if _, err = tmp.Write(append(b, '\n')); err == nil {
		err = tmp.Close()
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	return nil
}
