package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/openai"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/verdict"
)

// MeasureOptions say which honest pairs of which outputs are measured.
type MeasureOptions struct {
	From    []string // files of recorded pairs, read only
	Records string   // file to which measured pairs are appended; a rerun continues it; "" keeps none
	Engine  string   // class of this program's engine: measures the pairs that its machines come in
	Pairs   []string // "CLAIMED,RECOMPUTED": engines of this program, or servers: URL or CLASS=URL

	Weights   string // file, directory, or embedded:main
	Prompts   string // file of requests; "" generates them
	Source    string // Go files to generate requests from
	Positions int    // of each kind of request and pair of engines, about
	Seed      uint64 // of generated requests
}

// CalibrateOptions say what becomes of the pairs.
type CalibrateOptions struct {
	MeasureOptions
	Out        string  // file for the policy; "" only reports
	Confidence float64 // that every bound holds
	JSON       bool
}

// Calibrated is what a calibration came to.
type Calibrated struct {
	PolicyID posp.Hash      `json:"policyId"`
	Policy   verdict.Policy `json:"policy"`
	Report   verdict.Report `json:"report"`
	Out      string         `json:"out,omitempty"`
}

// Calibrate makes a policy from honest pairs: those in files, and those that
// it measures.
func Calibrate(ctx context.Context, o CalibrateOptions, out, progress io.Writer) error {
	if len(o.From) == 0 && o.Engine == "" && len(o.Pairs) == 0 {
		return fmt.Errorf("there is nothing to calibrate by: name recorded pairs (--from), an engine class (--engine), or pairs of engines (--pair)")
	}
	groups, err := honestGroups(ctx, o.MeasureOptions, progress)
	if err != nil {
		return err
	}
	policy, report, err := verdict.Calibrate(groups, verdict.Options{Confidence: o.Confidence})
	if err != nil {
		return err
	}
	if o.Out != "" {
		if err := savePolicy(o.Out, policy); err != nil {
			return err
		}
	}
	return show(Calibrated{policy.ID(), policy, report, o.Out}, o.JSON, out)
}

func (c Calibrated) print(t *tabwriter.Writer) {
	fmt.Fprintln(t, "OUTPUTS OF\tCLAIMED BY\tRECOMPUTED BY\tOUTPUTS\tPOSITIONS\tHELD OUT\tMEAN E-VALUE\tWORST LOGE\tPASS\tFAIL\tMEAN DISTANCE\tP99\tFLIPS")
	for _, g := range c.Report.Groups {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%.4f\t%.2f\t%d\t%d\t%.2g\t%.2g\t%.2f %%\n", g.Group, g.Engines.Claimed, g.Engines.Recomputed, g.Outputs, g.Positions,
			g.HeldOut, g.MeanE, g.WorstLogE, g.Passes, g.Fails, g.DistanceMean, g.DistanceP99, 100*g.Flips)
	}
	var asked []string
	for _, name := range []string{"model", "choice", "interval", "margin"} {
		if b, ok := c.Report.Dependence[name]; ok {
			asked = append(asked, fmt.Sprintf("%s %d", name, b))
		}
	}
	a := c.Policy.Calibration
	fmt.Fprintf(t, "\nrests on\t%d outputs of %d positions, confidence %.4g %%; dependence: %s\n", a.Samples, a.Positions, float64(a.ConfidencePpm)/1e4, strings.Join(asked, ", "))
	for _, p := range a.Pairs {
		fmt.Fprintf(t, "covers\t%s, recomputed by %s\n", p.Claimed, p.Recomputed)
	}
	fmt.Fprintf(t, "policy\t%s\n", c.PolicyID)
	if c.Out != "" {
		fmt.Fprintf(t, "written to\t%s\n", c.Out)
	}
}

// honestGroups reads and measures honest pairs.
func honestGroups(ctx context.Context, o MeasureOptions, progress io.Writer) (groups []verdict.Group, err error) {
	for _, path := range o.From {
		more, err := readRecords(path)
		if err != nil {
			return nil, err
		}
		groups = merge(groups, more)
	}
	pairs := o.Pairs
	if o.Engine != "" {
		class, err := parseClass(o.Engine)
		if err != nil {
			return nil, err
		}
		for _, p := range slices.Concat(measure.Pairs(class), measure.Disputes(class)) {
			pairs = append(pairs, p.Claimed+","+p.Recomputed)
		}
	}
	if len(pairs) == 0 {
		return groups, nil
	}
	b, err := newBench(o)
	if err != nil {
		return nil, err
	}
	file, done, err := openRecords(o.Records)
	if err != nil {
		return nil, err
	}
	defer done()
	for _, pair := range pairs {
		claimed, recomputed, ok := strings.Cut(pair, ",")
		if !ok {
			return nil, fmt.Errorf("--pair %q: want two engines with a comma between them: who claims, who recomputes", pair)
		}
		party, claims, unseeded, err := b.provider(ctx, strings.TrimSpace(claimed))
		if err != nil {
			return nil, err
		}
		scorer, recomputes, err := b.scorer(ctx, strings.TrimSpace(recomputed))
		if err != nil {
			return nil, err
		}
		kinds, err := b.kinds()
		if err != nil {
			return nil, err
		}
		engines := verdict.EnginePair{Claimed: claims, Recomputed: recomputes}
		for _, k := range kinds {
			if unseeded {
				for i, r := range k.requests {
					k.requests[i] = measure.Unseeded(r)
				}
			}
			if err := b.measure(ctx, file, k, engines, party, scorer, progress); err != nil {
				return nil, err
			}
		}
	}
	return merge(groups, file.Groups()), nil
}

// merge adds groups' pairs to those of the same group.
func merge(groups, more []verdict.Group) []verdict.Group {
	for _, g := range more {
		at := slices.IndexFunc(groups, func(x verdict.Group) bool { return x.Name == g.Name && x.Engines == g.Engines })
		if at < 0 {
			groups = append(groups, g)
		} else {
			groups[at].Pairs = append(groups[at].Pairs, g.Pairs...)
		}
	}
	return groups
}

func readRecords(path string) ([]verdict.Group, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("recorded pairs: %w", err)
	}
	defer f.Close()
	groups, err := verdict.ReadRecords(f)
	if err != nil {
		return nil, fmt.Errorf("recorded pairs %s: %w", path, err)
	}
	if len(groups) == 0 {
		return nil, fmt.Errorf("recorded pairs %s: the file is empty", path)
	}
	return groups, nil
}

// openRecords opens a file of records; without a name, one that is gone when
// done.
func openRecords(path string) (f *measure.File, done func(), err error) {
	if path != "" {
		f, err = measure.OpenFile(path)
		return f, func() { f.Close() }, err
	}
	dir, err := os.MkdirTemp("", "posp-records-")
	if err != nil {
		return nil, nil, fmt.Errorf("make directory: %w", err)
	}
	if f, err = measure.OpenFile(filepath.Join(dir, "pairs")); err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	return f, func() { f.Close(); os.RemoveAll(dir) }, nil
}

// parseClass is the mode of an engine class of this program's.
func parseClass(name string) (float.Mode, error) {
	m, err := float.ParseMode(name)
	if err != nil {
		return m, err
	}
	if m.Class() != name {
		return m, fmt.Errorf("--engine %s names one kernel of engine class %s: name the class", name, m.Class())
	}
	return m, nil
}

// bench is a model with engines to measure and requests to ask.
type bench struct {
	o   MeasureOptions
	lab *measure.Lab
}

func newBench(o MeasureOptions) (*bench, error) {
	w, err := loadModel(o.Weights)
	if err != nil {
		return nil, err
	}
	if o.Positions < 1 {
		return nil, fmt.Errorf("--positions %d: want at least 1", o.Positions)
	}
	return &bench{o, measure.NewLab(w)}, nil
}

// loadModel loads weights in any layout.
func loadModel(name string) (*model.Weights, error) {
	if strings.HasPrefix(name, embedded) || name == "" {
		return loadWeights(name)
	}
	f, err := model.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Weights()
}

// provider is an honest party on the engine named, and the engine's class. A
// server draws with randomness of its own (unseeded).
func (b *bench) provider(ctx context.Context, name string) (p measure.Party, class string, unseeded bool, err error) {
	if class, url, ok := serverNamed(name); ok {
		s, class, err := b.dial(ctx, class, url)
		return measure.Generates(s), class, true, err
	}
	m, err := float.ParseMode(name)
	if err != nil {
		return nil, "", false, err
	}
	return measure.Generates(b.lab.Writer(m)), name, false, nil
}

// scorer is the engine named as an operator has it, and its class.
func (b *bench) scorer(ctx context.Context, name string) (inference.Scorer, string, error) {
	if class, url, ok := serverNamed(name); ok {
		return b.dial(ctx, class, url)
	}
	s, err := b.lab.Recomputer(name)
	return s, name, err
}

func (b *bench) dial(ctx context.Context, class, url string) (*openai.Scorer, string, error) {
	s, err := openai.Dial(ctx, url, openai.Options{Vocab: b.lab.Weights.Config.VocabSize})
	if err != nil {
		return nil, "", err
	}
	if class == "" {
		class = s.Describe().Class
	}
	return s, class, nil
}

// serverNamed tells whether an engine's name is a server's: its URL, or CLASS=URL.
func serverNamed(name string) (class, url string, ok bool) {
	isURL := func(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }
	if isURL(name) {
		return "", name, true
	}
	class, url, ok = strings.Cut(name, "=")
	return class, url, ok && isURL(url)
}

// kind is a kind of request.
type kind struct {
	name     string
	requests []inference.Request
}

// The kinds of generated requests, with about how long their outputs are.
const (
	ordinary, ordinaryLength   = "ordinary", 110
	hostile, hostileLength     = "hostile", 155
	arbitrary, arbitraryLength = "arbitrary", 64
	given                      = "given"
)

// kinds are what outputs are asked for: the requests given; or, of a model of
// this program's tokenizer, ordinary ones and a hostile buyer's; or random
// tokens. Every second request that is not given is unseeded. The same seed
// asks the same, in the same order, however many.
func (b *bench) kinds() ([]kind, error) {
	c := b.lab.Weights.Config
	if b.o.Prompts != "" {
		requests, err := readRequests(b.o.Prompts, c)
		return []kind{{given, requests}}, err
	}
	type maker struct {
		name   string
		length int
		next   func() (inference.Request, error)
	}
	var makers []maker
	if c.VocabSize == int(demoVocab) {
		for _, m := range []maker{{name: ordinary, length: ordinaryLength}, {name: hostile, length: hostileLength}} {
			s, err := b.source(m.name)
			if err != nil {
				return nil, err
			}
			m.next = func() (inference.Request, error) { return s.Ordinary(0) }
			if m.name == hostile {
				m.next = func() (inference.Request, error) { return s.Hostile(c.ContextLength) }
			}
			makers = append(makers, m)
		}
	} else {
		rng := b.random(arbitrary)
		makers = []maker{{arbitrary, arbitraryLength, func() (inference.Request, error) {
			return measure.Arbitrary(rng, c.VocabSize, 1+rng.IntN(min(32, c.ContextLength-arbitraryLength)), arbitraryLength)
		}}}
	}
	var kinds []kind
	for _, m := range makers {
		requests, err := measure.Ask(max(2, b.o.Positions/m.length), m.next)
		if err != nil {
			return nil, err
		}
		for i := 1; i < len(requests); i += 2 {
			requests[i] = measure.Unseeded(requests[i])
		}
		kinds = append(kinds, kind{m.name, requests})
	}
	return kinds, nil
}

// demoVocab is the vocabulary of the tokenizer in package model.
const demoVocab = model.EOS + 1

// random are the random numbers for a purpose.
func (b *bench) random(purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(b.o.Seed, h.Sum64()))
}

// source generates requests of its own for a purpose.
func (b *bench) source(purpose string) (*measure.Source, error) {
	root := b.o.Source
	if root == "" {
		root = filepath.Join(build.Default.GOROOT, "src")
	}
	return measure.NewSource(root, b.random(purpose))
}

// measure measures one kind of requests on a pair of engines into the file.
func (b *bench) measure(ctx context.Context, f *measure.File, k kind, engines verdict.EnginePair, p measure.Party, s inference.Scorer, progress io.Writer) error {
	m := meter{w: progress, what: fmt.Sprintf("%s, %s by %s", k.name, engines.Claimed, engines.Recomputed), total: len(k.requests), begin: time.Now(), from: f.Have(k.name, engines)}
	err := f.Measure(ctx, k.name, engines, p, s, k.requests, m.tell)
	m.end()
	if errors.Is(err, context.Canceled) {
		if b.o.Records == "" {
			return fmt.Errorf("interrupted: nothing is kept; with --records FILE a rerun continues: %w", err)
		}
		return fmt.Errorf("interrupted: %d pairs are kept in %s, and the same command continues: %w", f.Have(k.name, engines), b.o.Records, err)
	}
	return err
}

// meter shows progress on a terminal.
type meter struct {
	w           io.Writer
	what        string
	total, from int
	begin, last time.Time
}

func (m *meter) tell(outputs, positions int) {
	now := time.Now()
	if now.Sub(m.last) < 200*time.Millisecond {
		return
	}
	m.last = now
	left := ""
	if done := outputs - m.from; done > 0 {
		left = fmt.Sprintf(", about %s left", (time.Duration(float64(now.Sub(m.begin)) / float64(done) * float64(m.total-outputs))).Round(time.Second))
	}
	fmt.Fprintf(m.w, "\r\x1b[K%s: %d of %d outputs, %d positions%s", m.what, outputs, m.total, positions, left)
}

func (m *meter) end() { fmt.Fprint(m.w, "\r\x1b[K") }

// request is a line of a file of requests.
type request struct {
	Prompt      []uint32       `json:"prompt"` // token ids
	Temperature float64        `json:"temperature"`
	TopP        *float64       `json:"topP"` // 1 if absent
	Seed        inference.Seed `json:"seed"`
	Unseeded    bool           `json:"unseeded"`
	MaxTokens   uint32         `json:"maxTokens"`
}

func readRequests(path string, c model.Config) ([]inference.Request, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("requests: %w", err)
	}
	defer f.Close()
	var list []inference.Request
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var x request
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&x); err != nil {
			return nil, fmt.Errorf(`requests %s, line %d: %w: want {"prompt":[1,2,3],"temperature":0.7,"maxTokens":64}`, path, n, err)
		}
		topP := 1.0
		if x.TopP != nil {
			topP = *x.TopP
		}
		sampling, err := inference.NewSampling(x.Temperature, topP, posp.Hash(x.Seed), x.MaxTokens)
		if err == nil && x.Unseeded {
			sampling = inference.Unseeded(sampling)
		}
		err = errors.Join(err, sampling.Check(), inference.CheckTokens(x.Prompt, nil, c.VocabSize), inference.CheckContext(len(x.Prompt), int(x.MaxTokens), c.ContextLength))
		if err != nil {
			return nil, fmt.Errorf("requests %s, line %d: %w", path, n, err)
		}
		list = append(list, inference.Request{Prompt: x.Prompt, Sampling: sampling})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("requests %s: %w", path, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("requests %s: there are none", path)
	}
	return list, nil
}

var numbers = regexp.MustCompile(`\[[-\s\d,]+\]`)

// savePolicy writes a policy as JSON, one table a line.
func savePolicy(path string, p verdict.Policy) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	b = numbers.ReplaceAllFunc(b, func(list []byte) []byte {
		return []byte(strings.ReplaceAll(strings.Join(strings.Fields(string(list)), ""), ",", ", "))
	})
	if err := writeWhole(path, append(b, '\n')); err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	return nil
}

// LoadPolicy reads a policy file.
func LoadPolicy(path string) (verdict.Policy, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return verdict.Policy{}, fmt.Errorf("policy file: %w", err)
	}
	var p verdict.Policy
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return p, fmt.Errorf("policy file %s: %w: want what posp calibrate --out writes", path, err)
	}
	if err := p.Check(); err != nil {
		return p, fmt.Errorf("policy file %s: %w", path, err)
	}
	return p, nil
}

// writeWhole writes a file whole or not at all.
func writeWhole(path string, b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".posp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if _, err = tmp.Write(b); err == nil {
		err = tmp.Close()
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}
