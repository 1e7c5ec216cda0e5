package app

import (
	"context"
	"crypto/ecdsa"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"sync"
	"text/tabwriter"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/verdict"
)

// What a challenger contests of its own accord; it always challenges false
// assertions.
const (
	ContestNone  = "none"
	ContestOwn   = "own"   // what speaks against its own account's answers
	ContestFails = "fails" // what speaks against anybody's
	ContestAll   = "all"   // every PASS too: it recomputes all samples
)

// ChallengerConfig configures `posp challenge run`.
type ChallengerConfig struct {
	Network    Network
	RPC        string // overrides the network file's
	Aggregator string // likewise
	Key        Key    // pays bonds and gas; any account
	Data       string // directory where what is sent is noted until it has settled
	Contest    string // one of the above
	Openings   string // directory with texts of private specs; empty: none
	JSON       bool   // of what is printed
}

// Check names everything that is wrong with it.
func (c ChallengerConfig) Check() error {
	var p problems
	p.add(c.Network.Check())
	p.when(c.Key.Path == "", "--key is missing")
	p.when(c.Data == "", "--data is missing: where shall be noted what was sent?")
	p.when(!slices.Contains([]string{ContestNone, ContestOwn, ContestFails, ContestAll}, c.Contest), "--contest %q is none of none, own, fails, all", c.Contest)
	return p.join()
}

// RunChallenger is `posp challenge run`.
func RunChallenger(ctx context.Context, c ChallengerConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	key, err := c.Key.load()
	if err != nil {
		return err
	}
	s, err := Open(ctx, c.Network, c.RPC, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	sender, stop, err := s.journaled(ctx, keys.NewAccount(key), c.Data, ofChallenger)
	if err != nil {
		return err
	}
	defer stop()
	run, err := s.Challenger(ChallengerParts{Key: key, Sender: sender, Aggregator: c.Aggregator, Contest: c.Contest, Openings: c.Openings})
	if err != nil {
		return err
	}
	log.Info("challenger is up", zap.Stringer("account", crypto.PubkeyToAddress(key.PublicKey)), zap.String("contests", c.Contest))
	return together(ctx, run, sender.Run)
}

// references runs the reference program over the network's models. What was
// loaded stays; of traces, the last few.
type references struct {
	models  []Model
	private *disputer    // nil: there are no runs of private specs
	hidden  hiddenTraces // theirs

	mu     sync.Mutex
	loaded map[posp.Hash]*loadedModel // by spec
	traces []keptTrace                // the newest last
}

// keptTraces is how many traces are kept: each may have gigabytes.
const keptTraces = 3

type loadedModel struct {
	Model
	program *reference.Model
	weights *reference.Tree // of a public spec
	hidden  *circuit.Model  // of a private one
}

type keptTrace struct {
	of    posp.Hash
	trace *reference.Trace
}

func newReferences(n Network, private *disputer) *references {
	return &references{models: n.Models, private: private, loaded: map[posp.Hash]*loadedModel{}}
}

// model loads a spec's model; ok is false where the network has none, or one
// that cannot be disputed.
func (r *references) model(ctx context.Context, spec posp.Hash) (m *loadedModel, ok bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.loaded[spec]; m != nil {
		return m, true, nil
	}
	at := slices.IndexFunc(r.models, func(m Model) bool { return m.Spec.ID() == spec })
	if at < 0 || r.models[at].Spec.ReferenceVersion == "" || r.private == nil && r.models[at].Spec.Private() {
		return nil, false, nil
	}
	m = &loadedModel{Model: r.models[at]}
	f, err := openModel(m.Weights)
	if err != nil {
		return nil, false, fmt.Errorf("model %s: %w", m.Name, err)
	}
	held := false
	defer func() {
		if held || err != nil {
			f.Close()
		}
	}()
	// The rows of the tree are read again when they are opened.
	if m.program, held, err = openProgram(f, weightsMemory()); err != nil {
		return nil, false, fmt.Errorf("model %s: %w", m.Name, err)
	}
	have := ""
	if m.Spec.Private() {
		roots, err := hiddenRows(ctx, f, m.program.Quantiser, ModelOptions{Weights: m.Weights}, io.Discard)
		if err == nil {
			m.hidden, err = circuit.NewModel(m.program.Quantiser, roots)
		}
		if err != nil {
			return nil, false, fmt.Errorf("model %s: %w", m.Name, err)
		}
		have = hiddenVersion(m.hidden.Root())
	} else {
		roots := make([]posp.Hash, m.program.ModelRows())
		if err := m.program.RowRoots(ctx, 0, roots, nil); err != nil {
			return nil, false, fmt.Errorf("model %s: %w", m.Name, err)
		}
		m.weights = m.program.Tree(roots)
		have = referenceVersion(m.program.Arch.Root(m.weights.RowsRoot()))
	}
	if have != m.Spec.ReferenceVersion {
		return nil, false, fmt.Errorf("model %s: weights %s are %s, the spec names %s: the file is another model's", m.Name, m.Weights, have, m.Spec.ReferenceVersion)
	}
	r.loaded[spec] = m
	return m, true, nil
}

// trace runs the program on a text.
func (r *references) trace(ctx context.Context, m *loadedModel, rule posp.SamplingRule, prompt, output []uint32) (*reference.Trace, error) {
	// Of the sampling only this matters to the program.
	s := posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1_000_000, TopPMicro: 1_000_000, MaxTokens: uint32(len(output))}
	if rule == posp.Greedy {
		s = posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(len(output))}
	}
	spec := m.Spec.ID()
	b := append(append([]byte(nil), spec[:]...), byte(s.Rule))
	for _, tokens := range [][]uint32{prompt, output} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(tokens)))
		for _, t := range tokens {
			b = binary.BigEndian.AppendUint32(b, t)
		}
	}
	of := crypto.Keccak256Hash(b)
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.traces, func(k keptTrace) bool { return k.of == of }); i >= 0 {
		return r.traces[i].trace, nil
	}
	t, err := m.program.Trace(ctx, prompt, s, output)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", reference.Version, err)
	}
	if r.traces = append(r.traces, keptTrace{of, t}); len(r.traces) > keptTraces {
		r.traces = slices.Delete(r.traces, 0, 1)
	}
	return t, nil
}

// Run is one's own run on an assertion's text: challenge.Runs.
func (r *references) Run(ctx context.Context, a posp.Assertion) (challenge.Run, error) {
	m, ok, err := r.model(ctx, a.SpecID)
	if err != nil || !ok {
		return nil, err
	}
	o := posp.Opening{Request: posp.RequestPart{Tokens: a.Prompt}, Output: posp.OutputPart{Tokens: a.Output}}
	if (a.Hidden != nil) != (m.hidden != nil) {
		return nil, posp.Invalidf("the assertion is made in the game of other specs than %s is", m.Name)
	}
	if a.Hidden != nil {
		if o, ok, err = r.private.text(ctx, a); err != nil {
			return nil, err
		}
		if !ok {
			r.private.log.Warn("the text of a private assertion is not held: its buyer, provider and operators have it (--openings)",
				zap.Stringer("assertion", a.ID), zap.Stringer("sample", a.SampleID))
			return nil, nil
		}
	}
	own, err := r.run(ctx, m, a.Rule, o)
	if err != nil {
		return nil, err
	}
	return own.Run, nil
}

// contests finds verdicts that the reference program contradicts and charges
// that their lines do not bear out, and speaks against both: challenge.Cases.
type contests struct {
	site     *Site
	disputes *chain.Disputes
	refs     *references
	client   *transport.Client
	self     posp.Address
	which    string
	only     posp.Hash // the only sample to look at; zero: all

	publishing sync.Mutex

	mu      sync.Mutex
	seen    map[posp.Hash]seenSample // by sample
	weighed map[posp.Hash]weighed    // by charge
	over    map[posp.Hash]bool       // charges that are not looked at any more
}

func newContests(s *Site, d *chain.Disputes, refs *references, client *transport.Client, self posp.Address, which string) *contests {
	return &contests{site: s, disputes: d, refs: refs, client: client, self: self, which: which,
		seen: map[posp.Hash]seenSample{}, weighed: map[posp.Hash]weighed{}, over: map[posp.Hash]bool{}}
}

// seenSample is a sample that was looked at.
type seenSample struct {
	epoch   uint64
	finding challenge.Finding
	contest chain.DisputeContest // without the run
	charge  posp.Hash            // statistical, that its line may have led to
	ok      bool                 // the finding is one
}

// Findings looks at the samples of all epochs that can be contested.
func (c *contests) Findings(ctx context.Context) ([]challenge.Finding, error) {
	head, err := c.disputes.Block(ctx)
	if err != nil {
		return nil, err
	}
	var all []challenge.Finding
	var errs []error
	open := map[uint64]bool{}
	newest := c.site.Parameters.Schedule.EpochAt(head)
	for back := range newest + 1 {
		epoch := newest - back
		if c.site.Parameters.Schedule.CertifyDeadline(epoch)+c.site.Parameters.Schedule.ContestBlocks < head {
			break // it and all before it are final
		}
		status, at, err := c.disputes.EpochStatus(ctx, epoch)
		if err != nil {
			return nil, err
		}
		if status != chain.StatusPending {
			continue
		}
		open[epoch] = true
		found, err := c.epoch(ctx, epoch, at+c.site.Parameters.Schedule.ContestBlocks-1)
		all = append(all, found...)
		if err != nil {
			errs = append(errs, fmt.Errorf("epoch %d: %w", epoch, err))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, s := range c.seen {
		if !open[s.epoch] {
			delete(c.seen, id)
		}
	}
	return all, errors.Join(errs...)
}

// epoch looks at an epoch's samples that were not looked at before.
func (c *contests) epoch(ctx context.Context, epoch, until uint64) (all []challenge.Finding, err error) {
	lines, tree, ok, err := c.certified(ctx, epoch)
	if err != nil || !ok {
		return nil, err
	}
	var reveals []posp.Reveals
	open := map[posp.Hash]bool{}
	for i, line := range lines {
		if line.Verdict != posp.Fail && line.LogE <= 0 && !c.every(line) { // it raised no standing
			continue
		}
		if c.only != (posp.Hash{}) && line.SampleID != c.only {
			continue
		}
		c.mu.Lock()
		s, seen := c.seen[line.SampleID]
		c.mu.Unlock()
		if !seen {
			if reveals == nil {
				if reveals, ok, err = c.client.Reveals(ctx, epoch); err != nil || !ok {
					return all, err
				}
			}
			if s, err = c.look(ctx, epoch, line, reveals); err != nil {
				return all, fmt.Errorf("sample %s: %w", line.SampleID, err)
			}
			if s.ok {
				s.finding.Until = until
				s.contest.SampleIndex = uint64(i)
				if s.contest.SampleProof, err = tree.Proof(uint64(i)); err != nil {
					return all, err
				}
			}
			c.mu.Lock()
			c.seen[line.SampleID] = s
			c.mu.Unlock()
		}
		if s.ok {
			if s.finding.Charged, err = c.open(ctx, s.charge, open); err != nil {
				return all, err
			}
			all = append(all, s.finding)
		}
	}
	return all, nil
}

// every says whether a line is looked at even if it raised nothing: a PASS,
// where all are.
func (c *contests) every(line posp.SampleResult) bool {
	return line.Verdict == posp.Pass && c.which == ContestAll
}

// open says whether a charge is, and asks once.
func (c *contests) open(ctx context.Context, charge posp.Hash, asked map[posp.Hash]bool) (bool, error) {
	if is, ok := asked[charge]; ok {
		return is, nil
	}
	_, is, err := c.disputes.Excess(ctx, charge)
	if err == nil {
		asked[charge] = is
	}
	return is, err
}

// look runs the program on a sample. What the program has no say in (no
// opening, no evidence of the provider's, an opening that is wrong by itself,
// no model) is no finding.
func (c *contests) look(ctx context.Context, epoch uint64, line posp.SampleResult, reveals []posp.Reveals) (s seenSample, err error) {
	s.epoch = epoch
	opening, part := revealed(line.SampleID, reveals, c.refs.held())
	if opening == nil || part == nil || c.which == ContestOwn && opening.Receipt.Provider != c.self {
		return s, nil
	}
	m, ok, err := c.refs.model(ctx, opening.Receipt.SpecID)
	if err != nil || !ok {
		return s, err
	}
	if verdict.CheckOpening(m.Spec, *opening) != posp.ClassNone || len(opening.Output.Tokens) == 0 {
		return s, nil
	}
	batch, ok, err := c.disputes.BatchOf(ctx, opening.Receipt.Provider, epoch)
	if err != nil || !ok {
		return s, err
	}
	j, ok := indexOf(batch, opening.Leaf, line.SampleID)
	if !ok {
		return s, nil
	}
	s.charge = posp.Fault{Kind: posp.FaultStatistical, Subject: batch.Provider, BatchID: batch.ID, Ref: opening.Receipt.SpecID}.ID(epoch)
	if line.Verdict != posp.Fail && !c.every(line) {
		_, charged, err := c.disputes.Excess(ctx, s.charge)
		if err != nil || !charged {
			return s, err // nothing rests on it
		}
	}
	run, err := c.refs.run(ctx, m, opening.Request.Sampling.Rule, *opening)
	var never *posp.ValidationError
	if errors.As(err, &never) { // what cannot be disputed is no finding
		c.site.Log.Warn("a sample cannot be disputed", zap.Stringer("sample", line.SampleID), zap.Error(err))
		return s, nil
	}
	if err != nil {
		return s, err
	}
	own := posp.Evidence{Kind: posp.EvidenceFull, LogProb: run.trace.LogProb, Margin: run.trace.Margin}
	judged, err := m.Policy.Dispute(m.Spec.EngineClass, opening.Request.Sampling.Rule, part.Evidence, own)
	if err != nil {
		return s, err
	}
	s.ok = true
	s.finding = challenge.Finding{SampleID: line.SampleID, Certified: line.Verdict, CertifiedLogE: line.LogE, Verdict: judged.Verdict, LogE: judged.LogE, TraceRoot: run.Root()}
	s.contest = chain.DisputeContest{J: j, Epoch: epoch, Opening: *opening, Evidence: *part, Sample: line, Spec: m.Spec, Recomputed: own}
	return s, nil
}

// held are the texts that the user has.
func (r *references) held() texts {
	if r.private == nil {
		return nil
	}
	return r.private.texts
}

// revealed is a sample's opening and the provider's part, among what operators
// revealed; where the text is withheld, with one's own. Whether they are the
// sample's is for the contract to say.
func revealed(sample posp.Hash, reveals []posp.Reveals, own texts) (opening *posp.Opening, part *posp.EvidencePart) {
	var parts []*posp.EvidencePart
	for _, m := range reveals {
		for _, item := range m.Items {
			if item.SampleID != sample {
				continue
			}
			if opening == nil && item.Opening != nil {
				if o := own.complete(*item.Opening); o.Matches() == nil {
					opening = &o
				}
			}
			if item.Provider != nil {
				parts = append(parts, item.Provider)
			}
		}
	}
	if opening != nil {
		for _, p := range parts {
			if p.Hash() == opening.Receipt.EvidenceHash {
				return opening, p
			}
		}
	}
	return opening, nil
}

// indexOf is which of a batch's samples one is.
func indexOf(batch posp.BatchRecord, leaf uint64, sample posp.Hash) (j uint64, ok bool) {
	for j := range batch.LeafCount {
		if posp.SampleID(batch.ID, j, leaf) == sample {
			return j, true
		}
	}
	return 0, false
}

// Contest asserts one's own run.
func (c *contests) Contest(ctx context.Context, f challenge.Finding) error {
	c.mu.Lock()
	s, ok := c.seen[f.SampleID]
	c.mu.Unlock()
	if !ok || !s.ok {
		return fmt.Errorf("sample %s was not looked at", f.SampleID)
	}
	m, ok, err := c.refs.model(ctx, s.contest.Spec.ID())
	if err != nil || !ok {
		return fmt.Errorf("model of sample %s: %w", f.SampleID, err)
	}
	o := s.contest.Opening
	run, err := c.refs.run(ctx, m, o.Request.Sampling.Rule, o)
	if err != nil {
		return err
	}
	if s.contest.Ends, err = run.ends(ctx); err != nil {
		return err
	}
	s.contest.Arch = archABI(run.trace.Graph.Arch, run.rowsRoot)
	// Whoever contests several samples publishes, and pays for it, once.
	c.publishing.Lock()
	err = c.disputes.PublishPolicy(ctx, m.Policy.ID(), m.Policy.Encode())
	c.publishing.Unlock()
	if err != nil {
		return err
	}
	return c.disputes.Contest(ctx, s.contest)
}

func archABI(a reference.Arch, rowsRoot posp.Hash) contracts.Arch {
	n := func(x int) *big.Int { return big.NewInt(int64(x)) }
	return contracts.Arch{Hidden: n(a.Hidden), Layers: n(a.Layers), Heads: n(a.Heads), KvHeads: n(a.KVHeads), HeadDim: n(a.HeadDim), Ffn: n(a.FFN),
		Vocab: n(a.Vocab), Biased: a.Biased, Normed: a.Normed, Tied: a.Tied, Eps: n(a.Eps), RowsRoot: rowsRoot}
}

// ChallengerParts is what a challenger is made of.
type ChallengerParts struct {
	Key        *ecdsa.PrivateKey // pays bonds and gas
	Sender     *chain.Sender     // sends its transactions; nil: one that forgets them at the end
	Aggregator string            // URL; empty for the network's
	Contest    string            // one of ContestNone ..
	Openings   string            // directory with texts of private specs; empty: none
}

// Challenger: refutes false assertions, contests verdicts that the reference
// program contradicts, plays its games to the end, accuses who signed what it
// overturned against better knowledge, and answers such charges.
func (s *Site) Challenger(p ChallengerParts) (run, error) {
	writer := s.with(p.Sender)
	if p.Sender == nil {
		writer = s.Writer(p.Key)
	}
	disputes, err := chain.NewDisputes(writer)
	if err != nil {
		return nil, err
	}
	self := crypto.PubkeyToAddress(p.Key.PublicKey)
	client, private, err := s.disputing(p)
	if err != nil {
		return nil, err
	}
	refs := newReferences(s.Network, private)
	var cases challenge.Cases
	if p.Contest != ContestNone {
		cases = newContests(s, disputes, refs, client, self, p.Contest)
	}
	agent := challenge.NewAgent(self, disputes, refs, cases, s.signatures(disputes, client, private.texts, self), s.Log.Named("challenger"))
	return func(ctx context.Context) error {
		if anyPrivate(s.Network.Models) {
			go private.warm() // a move's time is short
		}
		return agent.Run(ctx)
	}, nil
}

// Cases looks at verdicts as a challenger does.
func (s *Site) Cases(p ChallengerParts) (challenge.Cases, error) {
	disputes, err := chain.NewDisputes(s.Writer(p.Key))
	if err != nil {
		return nil, err
	}
	client, private, err := s.disputing(p)
	if err != nil {
		return nil, err
	}
	return newContests(s, disputes, newReferences(s.Network, private), client, crypto.PubkeyToAddress(p.Key.PublicKey), p.Contest), nil
}

// disputing is where a challenger's texts are from.
func (s *Site) disputing(p ChallengerParts) (*transport.Client, *disputer, error) {
	client, err := s.AggregatorReader(p.Aggregator, p.Key)
	if err != nil {
		return nil, nil, err
	}
	private, err := s.disputer(p.Openings, client)
	return client, private, err
}

// Disputes is what `posp challenge list` shows.
type Disputes struct {
	Head       uint64             `json:"head"`
	Stakes     posp.DisputeStakes `json:"stakes"`
	Assertions []posp.Assertion   `json:"assertions"`
}

func (d Disputes) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "bond\t%s wei\nblocks to challenge, for a move\t%d, %d\nnow\tblock %d\n\n", d.Stakes.Bond.Dec(), d.Stakes.ChallengeBlocks, d.Stakes.MoveBlocks, d.Head)
	fmt.Fprintln(t, "ASSERTION\tSAMPLE\tEPOCH\tCERTIFIED\tTO BECOME\tSTATUS\tGAMES\tBY")
	for _, a := range d.Assertions {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%d\t%s\n", a.ID, short(a.SampleID), a.Epoch, a.Certified, a.Verdict, d.status(a), a.Games, a.Asserter)
	}
	if len(d.Assertions) == 0 {
		fmt.Fprintln(t, "no verdict was contested")
	}
}

func (d Disputes) status(a posp.Assertion) string {
	if a.Status == posp.AssertionPending && d.Head+1 < a.ClosesAt {
		return fmt.Sprintf("%s, challenges up to block %d", a.Status, a.ClosesAt-1)
	}
	return a.Status.String()
}

func short(h posp.Hash) string { return h.Hex()[:10] + "…" }

// ChallengeList prints the assertions of a deployment; live ones only, unless
// all are asked for.
func ChallengeList(ctx context.Context, n Network, rpc string, all, asJSON bool, out io.Writer) error {
	s, d, err := openDisputes(ctx, n, rpc)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	var list Disputes
	if list.Head, err = d.Block(ctx); err != nil {
		return err
	}
	if list.Stakes, err = d.DisputeStakes(ctx); err != nil {
		return err
	}
	if list.Assertions, err = d.Assertions(ctx); err != nil {
		return err
	}
	if !all {
		list.Assertions = slices.DeleteFunc(list.Assertions, func(a posp.Assertion) bool { return a.Status != posp.AssertionPending && a.Games == 0 })
	}
	return show(list, asJSON, out)
}

func openDisputes(ctx context.Context, n Network, rpc string) (*Site, *chain.Disputes, error) {
	s, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return nil, nil, err
	}
	d, err := chain.NewDisputes(s.Reader())
	if err != nil {
		s.Client.Close()
		return nil, nil, err
	}
	return s, d, nil
}

// Dispute is what `posp challenge show` shows.
type Dispute struct {
	Head      uint64         `json:"head"`
	Assertion posp.Assertion `json:"assertion"`
	Games     []posp.Game    `json:"games"`
	Agrees    *bool          `json:"agrees,omitempty"` // one's own run; nil if there was none
}

func (d Dispute) print(t *tabwriter.Writer) {
	a := d.Assertion
	fmt.Fprintf(t, "assertion\t%s\nby\t%s\nstatus\t%s\n", a.ID, a.Asserter, Disputes{Head: d.Head}.status(a))
	fmt.Fprintf(t, "sample\t%s of epoch %d\nprovider\t%s\nspec\t%s\n", a.SampleID, a.Epoch, a.Provider, a.SpecID)
	fmt.Fprintf(t, "verdict\t%s is certified, %s takes its place if the assertion stands\n", a.Certified, a.Verdict)
	prompt, output, hidden := len(a.Prompt), len(a.Output), ""
	if h := a.Hidden; h != nil {
		prompt, output, hidden = int(h.PromptTokens), int(h.OutputTokens), ", hidden"
	}
	fmt.Fprintf(t, "text\t%d tokens, and %d of output%s\ntrace\t%s\n", prompt, output, hidden, a.TraceRoot)
	if d.Agrees != nil {
		own := "differs: the assertion is false"
		if *d.Agrees {
			own = "agrees: the assertion is true"
		}
		fmt.Fprintf(t, "own run\t%s\n", own)
	}
	if len(d.Games) > 0 {
		fmt.Fprintln(t, "\nCHALLENGER\tTURN\tBY BLOCK\tWHERE")
	}
	for _, g := range d.Games {
		where := fmt.Sprintf("%d levels above rows %d to %d", g.Level, g.Row<<g.Level, (g.Row+1)<<g.Level-1)
		if g.Blocks > 0 {
			where = fmt.Sprintf("row %d, %d levels above block %d of %d", g.Row, g.Level, uint64(g.Block)<<g.Level, g.Blocks)
		}
		if g.Turn == posp.TurnProve {
			where += fmt.Sprintf(", element %d", g.Element)
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", g.Challenger, g.Turn, g.Deadline, where)
	}
}

// ChallengeShow prints an assertion and its games; with check it runs the
// program, and says whether the assertion is true.
func ChallengeShow(ctx context.Context, n Network, rpc, id string, check bool, openings string, asJSON bool, out io.Writer) error {
	want, err := parseID("assertion", id)
	if err != nil {
		return err
	}
	s, d, err := openDisputes(ctx, n, rpc)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	var shown Dispute
	if shown.Head, err = d.Block(ctx); err != nil {
		return err
	}
	all, err := d.Assertions(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(a posp.Assertion) bool { return a.ID == want })
	if at < 0 {
		return fmt.Errorf("%s is no assertion of this deployment: posp challenge list --all lists them", want)
	}
	shown.Assertion = all[at]
	if shown.Games, err = d.Games(ctx, want); err != nil {
		return err
	}
	if check {
		private, err := s.disputer(openings, nil)
		if err != nil {
			return err
		}
		run, err := newReferences(n, private).Run(ctx, shown.Assertion)
		if err != nil {
			return err
		}
		if run == nil {
			if shown.Assertion.Hidden != nil {
				return fmt.Errorf("the text of assertion %s is hidden: --openings names a directory with it, as its buyer, provider and operators have it", want)
			}
			return fmt.Errorf("the network file has no model of spec %s with a reference version", shown.Assertion.SpecID)
		}
		agrees := run.Root() == shown.Assertion.TraceRoot
		shown.Agrees = &agrees
	}
	return show(shown, asJSON, out)
}

func parseID(what, text string) (posp.Hash, error) {
	b, err := hexutil.Decode(text)
	if err != nil || len(b) != common.HashLength {
		return posp.Hash{}, fmt.Errorf("%q is no %s: want 0x and 64 hexadecimal digits", text, what)
	}
	return posp.Hash(b), nil
}

// ContestSample contests the verdict on one sample, if the program contradicts
// it; posp challenge run must then defend it.
func ContestSample(ctx context.Context, c ChallengerConfig, sample string, out io.Writer) error {
	c.Contest = ContestAll
	if err := c.Check(); err != nil {
		return err
	}
	id, err := parseID("sample", sample)
	if err != nil {
		return err
	}
	key, err := c.Key.load()
	if err != nil {
		return err
	}
	s, err := Open(ctx, c.Network, c.RPC, zap.NewNop())
	if err != nil {
		return err
	}
	defer s.Client.Close()
	sender, stop, err := s.commanding(ctx, keys.NewAccount(key), c.Data)
	if err != nil {
		return err
	}
	defer stop()
	d, err := chain.NewDisputes(s.with(sender))
	if err != nil {
		return err
	}
	client, err := s.AggregatorReader(c.Aggregator, key)
	if err != nil {
		return err
	}
	private, err := s.disputer(c.Openings, client)
	if err != nil {
		return err
	}
	cases := newContests(s, d, newReferences(c.Network, private), client, crypto.PubkeyToAddress(key.PublicKey), ContestAll)
	cases.only = id
	found, err := cases.Findings(ctx)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("sample %s cannot be contested: it is of no certified epoch whose contest window is open, it speaks neither for nor against anybody, or the program has no say in it", id)
	}
	f := found[0]
	if !f.Contradicted() {
		return fmt.Errorf("the program does not contradict the verdict: certified is %s, by the program it is %s (log e %.4f nats)", f.Certified, f.Verdict, float64(f.LogE)/verdict.Nat)
	}
	// Contested before, by a command that was cut off perhaps, it is not paid for again.
	a, ok, err := asserted(ctx, d, id, cases.self, f.TraceRoot)
	if err == nil && !ok {
		if err = cases.Contest(ctx, f); err == nil {
			a, ok, err = asserted(ctx, d, id, cases.self, f.TraceRoot)
		}
	}
	switch {
	case err != nil:
		return err
	case ok && c.JSON:
		return writeJSON(out, a)
	case ok:
		_, err := fmt.Fprintf(out, "contested: assertion %s, %s to become %s; it may be challenged up to block %d: keep posp challenge run --key running to defend it\n",
			a.ID, a.Certified, a.Verdict, a.ClosesAt-1)
		return err
	}
	return fmt.Errorf("the contest was sent, but the node does not have it yet: see posp challenge list")
}

// asserted is an account's assertion about a sample.
func asserted(ctx context.Context, d *chain.Disputes, sample posp.Hash, by posp.Address, trace posp.Hash) (a posp.Assertion, ok bool, err error) {
	all, err := d.Assertions(ctx)
	if err != nil {
		return a, false, err
	}
	at := slices.IndexFunc(all, func(a posp.Assertion) bool { return a.SampleID == sample && a.Asserter == by && a.TraceRoot == trace })
	if at < 0 {
		return a, false, nil
	}
	return all[at], true, nil
}
