// Command verdict measures what verdicts are worth, and writes it down beside
// the goals, with charts:
//
//	go run ./tools/bench/verdict          # docs/bench/verdict.md; an hour or more of two processors
//	go run ./tools/bench/verdict -quick   # fewer outputs, in minutes
//
// Run it in the module's root. Outputs that were measured are kept (-cache), so
// that a rerun continues, and measures only what is new; delete them when weights
// or engines changed. Nothing is left out because it misses its goal.
//
//	honest.go   honest pairs of engines: noise, e-values, simulated faults
//	cheats.go   cheats, and trivial forgeries
//	disputes.go what the reference program says of both
//	llama.go    llama.cpp's server as one of the engines
//	speed.go    how long judging takes
//	table.go    tables in Markdown
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/build"
	"math"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/tools/bench/page"
	"github.com/proof-of-sampling/posp/verdict"
)

func main() {
	quick := flag.Bool("quick", false, "fewer outputs of each kind")
	out := flag.String("out", "docs/bench", "`DIR` for verdict.md and the charts")
	cache := flag.String("cache", ".bench/verdict", "`DIR` where measured outputs are kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := fmt.Errorf("takes no argument %q", flag.Arg(0))
	if flag.NArg() == 0 {
		err = run(ctx, sizesOf(*quick), *quick, *out, *cache)
	}
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("interrupted: what was measured is kept, and the same command continues (%w)", err)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// sizes are numbers of outputs, but for positions.
type sizes struct {
	honest  int            // of each pair of engines, demo model
	llama   int            // likewise, with llama.cpp's server
	cheats  int            // of each cheat
	forged  int            // of each trivial forgery
	dispute int            // of each party to disputes
	random  map[string]int // of each pair, by random model
	replays int            // simulated samples of honest noise
}

const tokens = 64 // of an output, at most

func sizesOf(quick bool) sizes {
	if quick {
		return sizes{honest: 60, llama: 16, cheats: 60, forged: 60, dispute: 40, random: map[string]int{"15M": 12, "42M": 6, "100M": 3}, replays: 1_000_000}
	}
	return sizes{honest: 200, llama: 24, cheats: 300, forged: 200, dispute: 200, random: map[string]int{"15M": 480, "42M": 24, "100M": 12}, replays: 1_000_000}
}

// bench is what the measurements share.
type bench struct {
	sizes
	cache string
	demo  *measure.Lab
	small *model.Weights
	f32   verdict.Policy // of the demo model, as shipped
	bf16  verdict.Policy // likewise, for machines that round to bf16
	doc   strings.Builder
	goals page.Goals
}

var (
	exact  = float.Mode{}
	halves = float.Mode{Activations: float.BF16}
)

func run(ctx context.Context, s sizes, quick bool, out, cache string) error {
	begin := time.Now()
	for _, dir := range []string{out, cache} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	b := &bench{sizes: s, cache: cache}
	w, err := model.Main()
	if err != nil {
		return err
	}
	if b.small, err = model.Small(); err != nil {
		return err
	}
	b.demo = measure.NewLab(w)
	if b.f32, err = app.DemoPolicy(exact.Class()); err != nil {
		return err
	}
	if b.bf16, err = app.DemoPolicy(halves.Class()); err != nil {
		return err
	}
	detected, err := b.cheatsUnder(ctx)
	if err != nil {
		return err
	}
	disputes, err := b.disputes(ctx)
	if err != nil {
		return err
	}
	honest, err := b.honestPairs(ctx)
	if err != nil {
		return err
	}
	least, err := b.leastToTell(ctx)
	if err != nil {
		return err
	}
	forged, err := b.forgeries(ctx)
	if err != nil {
		return err
	}
	speed, err := b.speed()
	if err != nil {
		return err
	}
	if err := b.charts(out, detected); err != nil {
		return err
	}
	text := b.report(quick, honest, detected, disputes, forged, speed, least, time.Since(begin))
	if err := os.WriteFile(filepath.Join(out, "verdict.md"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	fmt.Print(text)
	return nil
}

// path is a file of the cache for a name.
func (b *bench) path(name string) string {
	return filepath.Join(b.cache, strings.NewReplacer("/", "-", " ", "-", "+", "-", ",", "").Replace(name)+".jsonl")
}

// measure reads or measures n outputs of a kind.
func (b *bench) measure(ctx context.Context, name string, engines verdict.EnginePair, p measure.Party, s inference.Scorer, requests []inference.Request) (verdict.Group, error) {
	f, err := measure.OpenFile(b.path(name))
	if err != nil {
		return verdict.Group{}, err
	}
	defer f.Close()
	if f.Have(name, engines) < len(requests) {
		begin := time.Now()
		if err := f.Measure(ctx, name, engines, p, s, requests, func(int, int) {}); err != nil {
			return verdict.Group{}, fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %d outputs in %.0f s\n", name, len(requests), time.Since(begin).Seconds())
	}
	for _, g := range f.Groups() {
		if g.Name == name && g.Engines == engines {
			g.Pairs = g.Pairs[:len(requests)]
			return g, nil
		}
	}
	return verdict.Group{}, fmt.Errorf("%s: no outputs", name)
}

// requests are n ordinary ones to the demo model, the same for the same name;
// every second is unseeded if mixed.
func (b *bench) requests(name string, n int, mixed bool) ([]inference.Request, error) {
	s, err := measure.NewSource(filepath.Join(build.Default.GOROOT, "src"), random(name))
	if err != nil {
		return nil, err
	}
	list, err := measure.Ask(n, func() (inference.Request, error) { return s.Ordinary(tokens) })
	for i := range list {
		if mixed && i%2 == 1 {
			list[i] = measure.Unseeded(list[i])
		}
	}
	return list, err
}

// random are the random numbers for a purpose.
func random(purpose string) *rand.Rand {
	h := posp.Tag(purpose)
	var seed [32]byte
	copy(seed[:], h[:])
	return rand.New(rand.NewChaCha8(seed))
}

// judged is what a policy makes of a group.
type judged struct {
	verdict.GroupPower
	hist     []econ.Weighted
	errorOfE float64 // standard error of MeanE
	toFault  float64
}

const oneIn = 1e9 // 1/alpha

// judge judges a group as a committee of that many honest operators does.
func judge(p *verdict.Policy, g verdict.Group, committee int) (judged, error) {
	list, err := verdict.Power(p, []verdict.Group{g}, verdict.PowerOptions{OneIn: oneIn, Committee: committee})
	if err != nil {
		return judged{}, err
	}
	j := judged{GroupPower: list[0]}
	logE := make([]int32, len(j.LogE))
	square := 0.0
	for i, x := range j.LogE {
		logE[i] = int32(math.Round(x * verdict.Nat))
		square += math.Exp(2*x) / float64(len(j.LogE))
	}
	j.hist = econ.Histogram(logE)
	d, err := econ.New(j.hist)
	if err != nil {
		return j, err
	}
	m := d.MeanE()
	j.errorOfE = math.Sqrt(max(0, square-m*m) / float64(len(logE)))
	j.toFault = econ.RunLength(d, verdict.Line(oneIn), 1./64)
	return j, nil
}
