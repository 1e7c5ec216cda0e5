package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/transport"
)

// hiddenVersion is how a private spec names the reference program over a model.
func hiddenVersion(root posp.Hash) string {
	return posp.HiddenReference + hex.EncodeToString(root[:])
}

// hiddenRoot is the name by which the roots of a model's hidden rows are kept.
// They stay in the user's cache: billions of weights take minutes.
const hiddenRoot = "hidden root"

// hiddenModel commits to a model's hidden rows.
func hiddenModel(ctx context.Context, weights string, progress io.Writer) (*circuit.Model, error) {
	f, err := openModel(weights)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	q, err := reference.NewQuantiser(reference.FromFile(f))
	if err != nil {
		return nil, err
	}
	roots, err := hiddenRows(ctx, f, q, ModelOptions{Weights: weights}, progress)
	if err != nil {
		return nil, err
	}
	return circuit.NewModel(q, roots)
}

// hiddenRows are the roots of a model's hidden rows.
func hiddenRows(ctx context.Context, f *model.File, q *reference.Quantiser, o ModelOptions, progress io.Writer) ([]posp.Hash, error) {
	dir, id, err := hashState(f, o)
	if err != nil {
		return nil, err
	}
	return keepHashes(ctx, dir, id, hiddenRoot, q.ModelRows(), func(ctx context.Context, first uint64, hashes []posp.Hash, progress func(int)) error {
		return circuit.RowRoots(ctx, q, first, hashes, progress)
	}, progress)
}

// PrivateModel is a model under a private spec: the same weights, with
// receipts and disputes that hide the text (docs/privacy.md).
func PrivateModel(ctx context.Context, m Model) (Model, error) {
	hidden, err := hiddenModel(ctx, m.Weights, io.Discard)
	if err != nil {
		return Model{}, fmt.Errorf("model %s: %w", m.Name, err)
	}
	m.Spec.ReferenceVersion = hiddenVersion(hidden.Root())
	return m, nil
}

// texts are openings that somebody holds, by the request hashes of their
// receipts.
type texts map[posp.Hash]posp.Opening

// readTexts reads the openings in a directory: each .json file is an opening
// as an operator has it, or an answer as a buyer got it (or its field "posp").
func readTexts(dir string) (texts, error) {
	held := texts{}
	if dir == "" {
		return held, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("--openings: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		o, err := readText(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("--openings: %s: %w", e.Name(), err)
		}
		held[o.Request.Hash()] = o
	}
	return held, nil
}

// maxText bounds a file with an opening, in bytes.
const maxText = 64 << 20

func readText(path string) (posp.Opening, error) {
	f, err := os.Open(path)
	if err != nil {
		return posp.Opening{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return posp.Opening{}, err
	}
	if len(b) > maxText {
		return posp.Opening{}, fmt.Errorf("it has more than %d bytes", maxText)
	}
	type parts struct {
		Request *posp.RequestPart `json:"request"`
		Output  *posp.OutputPart  `json:"output"`
	}
	var file struct {
		parts
		Posp parts `json:"posp"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return posp.Opening{}, fmt.Errorf("it is no opening: %w", err)
	}
	p := file.parts
	if p.Request == nil {
		p = file.Posp
	}
	if p.Request == nil || p.Output == nil {
		return posp.Opening{}, errors.New(`it holds no opening: want the fields "request" and "output", or "posp" with them, as a provider answers`)
	}
	return posp.Opening{Request: *p.Request, Output: *p.Output}, nil
}

// complete puts the text into an opening from which it was withheld, if it is
// held here.
func (t texts) complete(o posp.Opening) posp.Opening {
	if mine, ok := t[o.Receipt.RequestHash]; ok && o.Withheld && mine.Output.Hash() == o.Receipt.OutputHash {
		o.Request, o.Output, o.Withheld = mine.Request, mine.Output, false
	}
	return o
}

// find looks for the opening that shows a hidden text.
func (t texts) find(h posp.HiddenText) (posp.Opening, bool) {
	for _, o := range t {
		if shown, err := o.HiddenText(); err == nil && shown == h {
			return o, true
		}
	}
	return posp.Opening{}, false
}

// disputer is what runs of private specs take beside the model: texts, and
// proofs.
type disputer struct {
	texts   texts             // that the user has
	client  *transport.Client // nil: no aggregator is asked for others
	context func(id posp.Hash, challenger posp.Address) posp.Hash
	prover  *circuit.Prover
	log     *zap.Logger
}

// RunsOf runs the reference program as a challenger with these parts does: on
// texts of private specs too, where it has them.
func (s *Site) RunsOf(p ChallengerParts) (challenge.Runs, error) {
	client, err := s.AggregatorReader(p.Aggregator, p.Key)
	if err != nil {
		return nil, err
	}
	d, err := s.disputer(p.Openings, client)
	if err != nil {
		return nil, err
	}
	return newReferences(s.Network, d), nil
}

// disputer makes one. What proofs take is kept in the user's cache.
func (s *Site) disputer(openings string, client *transport.Client) (*disputer, error) {
	held, err := readTexts(openings)
	if err != nil {
		return nil, err
	}
	dir := ""
	if cache, err := os.UserCacheDir(); err == nil { // else no home: nothing is kept
		if d := filepath.Join(cache, "posp"); os.MkdirAll(d, 0o700) == nil {
			dir = d
		}
	}
	chainID, game := s.Network.ChainID, s.Network.Contracts.PrivateDisputeGame
	return &disputer{texts: held, client: client, prover: circuit.NewProver(circuit.Full, dir), log: s.Log.Named("private"),
		context: func(id posp.Hash, challenger posp.Address) posp.Hash {
			return posp.GameContext(chainID, game, id, challenger)
		}}, nil
}

// text finds the opening of a private assertion: among the user's, else with
// the aggregator, which shows it to the epoch's operators and to the provider.
func (d *disputer) text(ctx context.Context, a posp.Assertion) (posp.Opening, bool, error) {
	if o, ok := d.texts.find(*a.Hidden); ok || d.client == nil {
		return o, ok, nil
	}
	reveals, ok, err := d.client.Reveals(ctx, a.Epoch)
	if err != nil || !ok {
		return posp.Opening{}, false, err
	}
	for _, m := range reveals {
		for _, item := range m.Items {
			if item.SampleID != a.SampleID || item.Opening == nil || item.Opening.Withheld {
				continue
			}
			if shown, err := item.Opening.HiddenText(); err == nil && shown == *a.Hidden {
				return *item.Opening, true, nil
			}
		}
	}
	return posp.Opening{}, false, nil
}

// warm derives in advance what all proofs take.
func (d *disputer) warm() {
	begin := time.Now()
	d.log.Info("deriving what proofs take: up to a minute the first time on a machine")
	if err := d.prover.Warm(); err != nil {
		d.log.Warn("what proofs take could not be derived: it is tried again with the first proof", zap.Error(err))
		return
	}
	d.log.Info("proofs can be made", zap.Duration("after", time.Since(begin)))
}

// prove makes the proof of a last move, and says that it takes a while.
func (d *disputer) prove(c circuit.Claim, w circuit.Witness) ([]byte, []fr.Element, error) {
	begin := time.Now()
	d.log.Info("proving a private step", zap.Stringer("circuit", c.Step.Kind))
	proof, inputs, err := d.prover.Prove(c, w)
	if err == nil {
		d.log.Info("private step proved", zap.Stringer("circuit", c.Step.Kind), zap.Duration("after", time.Since(begin)))
	}
	return proof, inputs, err
}

// hiddenTraces are the commitments that were made last to runs, by text and
// seed.
type hiddenTraces struct {
	mu   sync.Mutex
	kept []keptHidden // the newest last
}

type keptHidden struct {
	run   *reference.Trace
	seed  fr.Element
	trace *circuit.Trace
}

// of commits to a run under a seed.
func (h *hiddenTraces) of(ctx context.Context, m *circuit.Model, run *reference.Trace, seed fr.Element) (*circuit.Trace, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, k := range h.kept {
		if k.run == run && k.seed == seed {
			return k.trace, nil
		}
	}
	t, err := circuit.NewTrace(ctx, run.Graph, run, m, seed)
	if err != nil {
		return nil, err
	}
	if h.kept = append(h.kept, keptHidden{run, seed, t}); len(h.kept) > keptTraces {
		h.kept = h.kept[1:]
	}
	return t, nil
}

// ownRun is a run with what a contest says of it.
type ownRun struct {
	challenge.Run
	trace    *reference.Trace
	rowsRoot posp.Hash // of the model, as the spec names it
	ends     func(context.Context) ([]posp.Hash, error)
}

// run runs the program on a text; under a private spec, with the seed of its
// opening.
func (r *references) run(ctx context.Context, m *loadedModel, rule posp.SamplingRule, o posp.Opening) (ownRun, error) {
	t, err := r.trace(ctx, m, rule, o.Request.Tokens, o.Output.Tokens)
	if err != nil {
		return ownRun{}, err
	}
	if m.hidden == nil {
		return ownRun{challenge.Plain{Trace: t, Weights: m.weights}, t, m.weights.RowsRoot(), t.Ends}, nil
	}
	seed, err := posp.TraceSeed(o.Request.TraceSeed)
	if err != nil {
		return ownRun{}, err
	}
	hidden, err := r.hidden.of(ctx, m.hidden, t, seed)
	if err != nil {
		return ownRun{}, err
	}
	root := m.hidden.Commitment()
	return ownRun{challenge.Private{Trace: hidden, Proofs: r.private.prove, Context: r.private.context}, t, root.Bytes(),
		func(context.Context) ([]posp.Hash, error) { return hidden.Ends() }}, nil
}

func anyPrivate(models []Model) bool {
	return slices.ContainsFunc(models, func(m Model) bool { return m.Spec.Private() })
}
