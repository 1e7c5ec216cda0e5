package app

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/inference/openai"
)

// Backend is an operator's own inference server for one of the network's
// models, which scores in place of this program.
type Backend struct {
	Model   string // its name in the network file
	URL     string // of vLLM, SGLang or llama.cpp's server
	KeyFile string // with the server's API key; empty for none
}

// Engines are what an operator recomputes with.
type Engines struct {
	// Backends are inference servers. A model may have several; one that has
	// none is scored by this program, if it can.
	Backends []Backend
	Most     int  // samples in work at once on one backend; 0 for the default
	Own      bool // this program scores, as a last resort, what its backends cannot in time
	CPUOnly  bool // no servers: only models that this program recomputes in time, as measured at the start
}

func (e Engines) checkFor(n Network, read bool, p *problems) {
	for _, b := range e.Backends {
		p.add(checkURL("--backend "+b.Model, b.URL))
		if read { // n was
			_, err := n.model(b.Model)
			p.add(err)
		}
	}
	p.when(e.Most < 0, "--backend-requests %d is negative", e.Most)
	p.when(e.CPUOnly && (len(e.Backends) > 0 || e.Own), "--cpu-only is for operators without inference servers: leave --backend and --own-engine out")
	p.when(e.Own && len(e.Backends) == 0, "--own-engine is of no use without --backend: models that have none are scored by this program anyway")
}

// ParseBackends reads backends as NAME=URL, and their keys as NAME=FILE: one
// for all backends of the model, or one for each, in their order.
func ParseBackends(urls, keyFiles []string) ([]Backend, error) {
	var list []Backend
	for _, text := range urls {
		name, at, ok := strings.Cut(text, "=")
		if !ok || name == "" || at == "" {
			return nil, fmt.Errorf("--backend %q: want NAME=URL, with a name of the network's models", text)
		}
		b := Backend{Model: name, URL: at}
		if slices.Contains(list, b) {
			return nil, fmt.Errorf("--backend: %s is named twice", text)
		}
		list = append(list, b)
	}
	keys := map[string][]string{}
	for _, text := range keyFiles {
		name, file, _ := strings.Cut(text, "=")
		if file == "" || !slices.ContainsFunc(list, func(b Backend) bool { return b.Model == name }) {
			return nil, fmt.Errorf("--backend-key-file %q: want NAME=FILE, with a name of --backend", text)
		}
		keys[name] = append(keys[name], file)
	}
	seen := map[string]int{}
	for i, b := range list {
		switch files := keys[b.Model]; {
		case len(files) == 1:
			list[i].KeyFile = files[0]
		case seen[b.Model] < len(files):
			list[i].KeyFile = files[seen[b.Model]]
		}
		seen[b.Model]++
	}
	for name, files := range keys {
		if len(files) > 1 && len(files) != seen[name] {
			return nil, fmt.Errorf("--backend-key-file: model %s has %d key files and %d backends: want one for all, or one for each", name, len(files), seen[name])
		}
	}
	return list, nil
}

// dialTime bounds reaching a server and trying it.
const dialTime = 30 * time.Second

// dial reaches a server and makes sure that it may score for the model: also
// when it comes back, since it may be another one by then.
func (b Backend) dial(ctx context.Context, m Model) (*openai.Scorer, error) {
	dialing, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	// Requests are neither repeated nor timed there: the queue does both.
	s, err := openai.Dial(dialing, b.URL, openai.Options{Vocab: int(m.Spec.VocabSize), KeyFile: b.KeyFile, Retries: -1, Timeout: time.Hour})
	if err == nil {
		d := s.Describe()
		err = errors.Join(d.Check(m.Spec), covered(m, d.Class))
	}
	if err != nil {
		return nil, fmt.Errorf("backend %s of model %s: %w", b.name(), m.Name, err)
	}
	return s, nil
}

// name is a backend's for people; paths may hold secrets.
func (b Backend) name() string {
	if u, err := url.Parse(b.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return "?"
}

// covered refuses an engine by which the model's policy was not calibrated: its
// honest evidence could look like a liar's. Engines are told apart by what
// stands before the slash; versions and hardware are the operator's care.
func covered(m Model, class string) error {
	family := func(class string) string { name, _, _ := strings.Cut(class, "/"); return name }
	var allowed []string
	for _, p := range m.Policy.Calibration.Pairs {
		if p.Claimed != m.Spec.EngineClass {
			continue
		}
		if family(p.Recomputed) == family(class) {
			return nil
		}
		if !slices.Contains(allowed, p.Recomputed) {
			allowed = append(allowed, p.Recomputed)
		}
	}
	if len(allowed) == 0 {
		return fmt.Errorf("it is %s, and the model's policy was calibrated for no answers of %s at all", class, m.Spec.EngineClass)
	}
	return fmt.Errorf("it is %s, and the model's policy was calibrated for answers of %s recomputed by %s", class, m.Spec.EngineClass, strings.Join(allowed, ", "))
}

// capability is how an operator recomputes a model of the network, or why not.
type capability struct {
	model    Model
	backends []backends.Backend
	says     string // how, for people
	lacks    error  // set: not at all
	err      error  // set: what was asked for is wrong, and the operator may not start
}

// window is the time that an operator has to recompute, from the newest blocks' pace.
type window struct {
	blocks uint64
	block  time.Duration
}

func (w window) time() time.Duration { return time.Duration(w.blocks) * w.block }

// capabilities finds out what each of the network's models is recomputed with.
// w is for CPUOnly.
func (e Engines) capabilities(ctx context.Context, n Network, w window, log *zap.Logger) []capability {
	list := make([]capability, len(n.Models))
	for i, m := range n.Models {
		c := &list[i]
		c.model = m
		for _, b := range e.Backends {
			if b.Model == m.Name {
				c.add(e.server(ctx, b, m, log))
			}
		}
		named := len(c.backends) > 0 || c.err != nil
		if named && !e.Own {
			continue
		}
		own, err := scorer(m)
		switch {
		case err != nil && named:
			c.err = errors.Join(c.err, fmt.Errorf("--own-engine: %w", err))
		case err != nil:
			c.lacks = fmt.Errorf("%w (a server of your own can score it: --backend %s=URL)", err, m.Name)
		default:
			most := e.Most
			if most == 0 {
				most = runtime.GOMAXPROCS(0)
			}
			b := backends.Local(own, most)
			b.Reserve = named
			if e.CPUOnly {
				if c.says, c.lacks = inTime(ctx, own, m, most, w); c.lacks != nil {
					continue
				}
			} else if c.says == "" {
				c.says = "by this program"
			} else {
				c.says += ", then by this program"
			}
			c.backends = append(c.backends, b)
		}
	}
	return list
}

func (c *capability) add(b backends.Backend, says string, err error) {
	if err != nil {
		c.err = errors.Join(c.err, err)
		return
	}
	if c.says != "" {
		c.says += ", "
	}
	c.says += says
	c.backends = append(c.backends, b)
}

// server is a backend as it is at the start. One that cannot be reached is ill,
// and may come; one that answers and may not score is an error.
func (e Engines) server(ctx context.Context, b Backend, m Model, log *zap.Logger) (backends.Backend, string, error) {
	list := backends.Backend{Name: b.name(), Most: e.Most, Dial: func(ctx context.Context) (inference.Scorer, error) {
		s, err := b.dial(ctx, m)
		if err != nil {
			return nil, err
		}
		return s, nil
	}}
	s, err := b.dial(ctx, m)
	switch {
	case err == nil:
		d := s.Describe()
		log.Info("a backend scores", zap.String("model", m.Name), zap.String("backend", b.name()), zap.String("engine", d.Class), zap.String("serves", d.Model),
			zap.Int("alternatives", d.Top), zap.String("spec_engine", m.Spec.EngineClass))
		list.Scorer = s
		return list, fmt.Sprintf("on %s (%s)", b.name(), d.Class), nil
	case openai.Later(err):
		log.Warn("a backend is not reached at the start, and probed from now on", zap.String("code", "ENGINE-DOWN"), zap.String("model", m.Name), zap.String("backend", b.name()), zap.Error(err))
		return list, fmt.Sprintf("on %s (not reached)", b.name()), nil
	}
	return list, "", err
}

// working says whether anything scores the model now.
func (c capability) working() bool {
	return slices.ContainsFunc(c.backends, func(b backends.Backend) bool { return b.Scorer != nil })
}

// missCost is what it comes to if an operator does not recompute a sample.
const missCost = "they count as missed duties, and a sample with fewer than two recomputations ends INCONCLUSIVE"

// serving are an operator's backends by spec. It says what is recomputed and what not; nothing at all is an error.
func serving(list []capability, log *zap.Logger) (map[posp.Hash][]backends.Backend, error) {
	all := map[posp.Hash][]backends.Backend{}
	var wrong, lacks []error
	works := false
	for _, c := range list {
		wrong = append(wrong, c.err)
		if c.lacks != nil {
			lacks = append(lacks, c.lacks)
			continue
		}
		all[c.model.Spec.ID()] = c.backends
		if works = works || c.working(); !c.working() {
			lacks = append(lacks, fmt.Errorf("model %s: none of its backends is reached", c.model.Name))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	if !works {
		return nil, fmt.Errorf("none of the network's models can be recomputed: %w", errors.Join(lacks...))
	}
	for _, c := range list {
		if c.lacks != nil {
			log.Warn("a model of the network is not recomputed here: of the samples that fall to this operator, "+missCost, zap.String("code", "SAMPLE-UNSCORED"), zap.String("model", c.model.Name), zap.NamedError("reason", c.lacks))
			continue
		}
		log.Info("a model of the network is recomputed", zap.String("model", c.model.Name), zap.String("by", c.says))
	}
	return all, nil
}

// measureTime is for how long a model is measured at least.
const measureTime = time.Second

// speed is how many tokens per second a scorer does with so many texts at once,
// and how long it takes for one text of the model's whole context.
func speed(ctx context.Context, s inference.Scorer, m Model, atOnce int) (rate float64, whole time.Duration, err error) {
	n := int(m.Spec.ContextLimit)
	random := rand.New(rand.NewPCG(1, 2)) // any text: the work does not depend on it
	text := make([]uint32, n)
	for i := range text {
		text[i] = random.Uint32N(m.Spec.VocabSize)
	}
	greedy := posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(n)}
	began, done := time.Now(), 0
	for time.Since(began) < measureTime {
		failed := make(chan error, atOnce)
		for range atOnce {
			go func() {
				_, err := s.Score(ctx, text[:n/2], greedy, text[n/2:])
				failed <- err
			}()
		}
		for range atOnce {
			err = errors.Join(err, <-failed)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("measure model %s: %w", m.Name, err)
		}
		done += atOnce
	}
	took := time.Since(began)
	return float64(done*n) / took.Seconds(), took / time.Duration(done/atOnce), nil
}

// inTime says how much of a model this program recomputes in the time for it, and an error if that is not even one
// sample of the longest kind.
func inTime(ctx context.Context, s inference.Scorer, m Model, atOnce int, w window) (says string, err error) {
	rate, whole, err := speed(ctx, s, m, atOnce)
	if err != nil {
		return "", err
	}
	if whole > w.time() {
		return "", fmt.Errorf("model %s: this machine takes %s for a text of %d tokens, and operators have %s (%d blocks of %s)",
			m.Name, whole.Round(time.Second), m.Spec.ContextLimit, w.time().Round(time.Second), w.blocks, w.block.Round(100*time.Millisecond))
	}
	return fmt.Sprintf("by this program at %.3g tokens/s: up to %.3g samples of %d tokens in the %s of an epoch", rate,
		rate*w.time().Seconds()/float64(m.Spec.ContextLimit), m.Spec.ContextLimit, w.time().Round(time.Second)), nil
}

// window reads how long operators have to recompute: from the beacon to the
// last block to commit, less the time that is kept for sending.
func (s *Site) window(ctx context.Context) (window, error) {
	w := window{blocks: s.Parameters.Schedule.CommitBlocks, block: blockTime}
	w.blocks -= min(w.blocks-1, 2*max(1, w.blocks/8)) // operator.Config.CommitMargin, twice
	head, err := s.Client.HeaderByNumber(ctx, nil)
	if err != nil {
		return w, fmt.Errorf("read newest block: %w", err)
	}
	const back = 64
	n := head.Number.Uint64()
	if n <= back {
		return w, nil
	}
	old, err := s.Client.HeaderByNumber(ctx, new(big.Int).SetUint64(n-back))
	if err != nil {
		return w, fmt.Errorf("read an older block: %w", err)
	}
	w.block = time.Duration(head.Time-old.Time) * time.Second / back
	return w, nil
}
