package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/tlog"
	"github.com/proof-of-sampling/posp/internal/transport"
)

// BundleSource says where a bundle is fetched from, and of what.
type BundleSource struct {
	RPC        string // overrides the network file's
	Aggregator string // overrides the network file's
	Epoch      int64  // -1: not given; with a sample it is searched for
	Sample     string // id; empty: all of the epoch, or what the two below name
	Provider   string // whose batch; empty: all
	Index      int64  // number of the sample in the provider's batch; -1: all
	Key        Key    // of an operator or provider, to be shown texts of private specs; no path: as anybody
}

// VerifyOptions says what a bundle is held against.
type VerifyOptions struct {
	Block   string // trusted hash of the certifying block; empty: none
	Network string // trusted network id; empty: none
	Log     string // file with the trusted policy of the transparency log; empty: the network file's, if that is given
	Given   bool   // the network file was named, and is trusted
	RPC     string // trusted node, which is asked for block and network id; empty: none
	JSON    bool
}

// ReplayOptions says what `posp audit replay` replays: samples of a file, or of
// a source.
type ReplayOptions struct {
	File   string // empty: fetch
	Source BundleSource
	Verify VerifyOptions
}

// Listed is a sample as `posp audit list` shows it.
type Listed struct {
	Epoch    uint64        `json:"epoch"`
	BatchID  posp.Hash     `json:"batchId"`
	Provider posp.Address  `json:"provider"`
	J        uint64        `json:"j"`
	SampleID posp.Hash     `json:"sampleId"`
	Result   audit.Finding `json:"result"`
}

// AuditList prints an epoch's samples and what was certified of each, derived
// anew. What a bundle of it would fail in is an error, after the list.
func AuditList(ctx context.Context, n Network, from BundleSource, asJSON bool, out io.Writer) error {
	if _, err := from.check(); err != nil {
		return err
	}
	b, _, err := from.fetch(ctx, n, nil, nil)
	if err != nil {
		return err
	}
	if err := from.narrow(b); err != nil {
		return err
	}
	list := []Listed{}
	for i := range b.Samples {
		s := &b.Samples[i]
		batch, j := audit.PlaceOf(b, s.Index)
		r := batch.Record(n.Domain(), b.Epoch())
		list = append(list, Listed{b.Epoch(), r.ID, r.Provider, j, s.Result.SampleID, audit.Finding{Verdict: s.Result.Verdict, Class: s.Result.Class, LogE: s.Result.LogE}})
	}
	report := audit.VerifyBundle(b, audit.Trust{})
	err = printReport(out, asJSON, list, func(w io.Writer) error {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(t, "sample\tprovider\tnumber\tcertified\n")
		for _, x := range list {
			fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", x.SampleID, x.Provider, x.J, x.Result)
		}
		return t.Flush()
	})
	if bad := report.Failures(); err == nil && len(bad) > 0 {
		return fmt.Errorf("epoch %d does not verify: %s (posp audit fetch, posp audit verify)", b.Epoch(), strings.Join(bad, ", "))
	}
	return err
}

// AuditFetch writes a bundle to a file, whole or not at all, and says what
// verifying it finds. redact is "", "prompts" or "texts".
func AuditFetch(ctx context.Context, n Network, from BundleSource, redact, file string, out, progress io.Writer) error {
	if redact != "" && redact != "prompts" && redact != "texts" {
		return fmt.Errorf("--redact %q is neither prompts nor texts", redact)
	}
	b, trust, err := from.fetch(ctx, n, teller(progress), func(what string) { fmt.Fprintf(out, "left out: %s\n", what) })
	if err != nil {
		return err
	}
	if err := from.narrow(b); err != nil {
		return err
	}
	if redact != "" {
		b.Redact(redact == "texts")
	}
	if err := writeFile(file, b.Write); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	report := audit.VerifyBundle(b, audit.Trust{Log: trust.Log})
	fmt.Fprintf(out, "%s: bundle %s of epoch %d with %d of %d samples\n", file, b.ID(), b.Epoch(), len(b.Samples), b.Manifest.Samples.Count)
	fmt.Fprintf(out, "it rests on block %d, %s, of network %s\n", report.BlockNumber, report.Block, report.Network)
	if bad := report.Failures(); len(bad) > 0 {
		return fmt.Errorf("the bundle is written, and does not verify: %s (posp audit verify %s)", strings.Join(bad, ", "), file)
	}
	return nil
}

// teller prints what is being done, a line each; nil tells nobody.
func teller(w io.Writer) func(string) {
	if w == nil {
		return nil
	}
	begun := time.Now()
	return func(what string) { fmt.Fprintf(w, "%6.1f s  %s\n", time.Since(begun).Seconds(), what) }
}

// writeFile writes a file whole or not at all.
func writeFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if err = errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}

// AuditVerify checks a bundle and prints the report. A check that fails is an
// error too, after the report is printed. n is asked for only where o names a
// node.
func AuditVerify(ctx context.Context, n func() (Network, error), file string, o VerifyOptions, out io.Writer) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	trust, err := o.trust(ctx, n, raw)
	if err != nil {
		return err
	}
	report := audit.Verify(raw, trust)
	if err := printReport(out, o.JSON, report, report.Print); err != nil {
		return err
	}
	if bad := report.Failures(); len(bad) > 0 {
		return fmt.Errorf("bundle %s is wrong: %s", file, strings.Join(bad, ", "))
	}
	return nil
}

// printReport prints a value as JSON, or for a reader.
func printReport(out io.Writer, asJSON bool, v any, text func(io.Writer) error) error {
	var err error
	if asJSON {
		err = writeJSON(out, v)
	} else {
		err = text(out)
	}
	if err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return nil
}

// trust is what a bundle's block and network are compared with: what flags say,
// or a node.
func (o VerifyOptions) trust(ctx context.Context, network func() (Network, error), raw []byte) (t audit.Trust, err error) {
	var bad problems
	hash := func(flag, value string) *posp.Hash {
		if value == "" {
			return nil
		}
		b, err := hexutil.Decode(value)
		bad.when(err != nil || len(b) != 32, "%s %q is not a hash: 0x and 64 hexadecimal digits", flag, value)
		h := common.BytesToHash(b)
		return &h
	}
	t.Block, t.Network = hash("--trust-block", o.Block), hash("--trust-network", o.Network)
	if o.Log != "" {
		text, err := os.ReadFile(o.Log)
		if err == nil {
			t.Log, err = tlog.ParsePolicy(string(text))
		}
		if err != nil {
			bad.add(fmt.Errorf("--trust-log: %w", err))
		}
	}
	if err := bad.join(); err != nil || o.RPC == "" && (!o.Given || o.Log != "") {
		return t, err
	}
	n, err := network()
	if err != nil {
		return t, err
	}
	if t.Log == nil {
		if _, t.Log, err = n.audited(); err != nil {
			return t, err
		}
	}
	if o.RPC == "" {
		return t, nil
	}
	site, err := Open(ctx, n, o.RPC, zap.NewNop())
	if err != nil {
		return t, err
	}
	defer site.Client.Close()
	id, err := site.networkID()
	if err != nil {
		return t, err
	}
	if t.Network == nil {
		t.Network = &id
	}
	// What the bundle says of its block is only where to look.
	if number, ok := audit.CertifiedIn(raw); ok && t.Block == nil {
		_, hash, err := site.Client.HeaderRLP(ctx, number)
		if err != nil {
			return t, err
		}
		t.Block = &hash
	}
	return t, nil
}

// fetch gets the whole bundle of the epoch that a source names.
func (s BundleSource) fetch(ctx context.Context, n Network, progress, leftOut func(string)) (*bundle.Bundle, audit.Trust, error) {
	none := audit.Trust{}
	which, err := s.check()
	if err != nil {
		return nil, none, err
	}
	site, err := Open(ctx, n, s.RPC, zap.NewNop())
	if err != nil {
		return nil, none, err
	}
	defer site.Client.Close()
	client, err := site.AggregatorClient(s.Aggregator)
	if s.Key.Path != "" {
		key, bad := s.Key.load()
		if bad != nil {
			return nil, none, bad
		}
		client, err = site.AggregatorReader(s.Aggregator, key)
	}
	if err != nil {
		return nil, none, err
	}
	world := auditChain{site.Reader()}
	epoch := uint64(max(s.Epoch, 0))
	if s.Epoch < 0 {
		if epoch, err = site.epochOf(ctx, world, which); err != nil {
			return nil, none, err
		}
	} else if err := site.certified(ctx, world.Protocol, epoch); err != nil {
		return nil, none, err
	}
	b, trust, err := site.bundle(ctx, world, archive{client, cmp.Or(s.Aggregator, n.Aggregator)}, epoch, progress, leftOut)
	return b, trust, err
}

// bundle fetches the whole bundle of a certified epoch, and says what of it
// whoever fetches trusts: the network file, and the node for the parameters.
func (s *Site) bundle(ctx context.Context, world auditChain, from archive, epoch uint64, progress, leftOut func(string)) (*bundle.Bundle, audit.Trust, error) {
	n := s.Network
	log, policy, err := n.audited()
	if err != nil {
		return nil, audit.Trust{}, err
	}
	b, err := audit.Fetch(ctx, audit.Source{Domain: n.Domain(), Authority: n.Authority(), Keys: n.Contracts.KeyRegistry, OnDemand: n.Contracts.OnDemand, Specs: s.specs(), Chain: world, Prover: s.Client,
		Archive: from, Log: log, Progress: progress, LeftOut: leftOut}, epoch)
	if err != nil {
		return nil, audit.Trust{}, fmt.Errorf("fetch epoch %d: %w", epoch, err)
	}
	id, err := s.networkID()
	return b, audit.Trust{Network: &id, Log: policy}, err
}

// networkID is the id that bundles of the network have, by the node's word.
func (s *Site) networkID() (posp.Hash, error) {
	n := s.Network
	return bundle.NewNetwork(n.Domain(), n.Authority(), n.Contracts.KeyRegistry, n.Contracts.OnDemand, s.Parameters).ID()
}

// check reads a source's sample, zero if it names none.
func (s BundleSource) check() (id posp.Hash, err error) {
	var bad problems
	if s.Sample != "" {
		b, err := hexutil.Decode(s.Sample)
		bad.when(err != nil || len(b) != 32, "--sample %q is not a sample id: 0x and 64 hexadecimal digits", s.Sample)
		bad.when(s.Provider != "" || s.Index >= 0, "--sample and --provider name samples twice: leave one out")
		id = common.BytesToHash(b)
		bad.when(id == posp.Hash{} && err == nil && len(b) == 32, "--sample is zero, which no sample's id is")
	} else {
		bad.when(s.Epoch < 0, "name an epoch with --epoch, or a sample with --sample")
		bad.when(s.Provider != "" && !common.IsHexAddress(s.Provider), "--provider %q is not an address: 0x and 40 hexadecimal digits", s.Provider)
		bad.when(s.Index >= 0 && s.Provider == "", "--index is a number in a provider's batch: name it with --provider")
	}
	return id, bad.join()
}

// narrow leaves out of a whole bundle what the source does not name.
func (s BundleSource) narrow(b *bundle.Bundle) error {
	which, err := s.which(b)
	if err != nil || which == nil {
		return err
	}
	return b.Keep(which)
}

// which says which samples of a bundle the source names; nil: all.
func (s BundleSource) which(b *bundle.Bundle) (func(*bundle.Sample) bool, error) {
	id, err := s.check()
	if err != nil || s.Sample == "" && s.Provider == "" {
		return nil, err
	}
	keep := func(x *bundle.Sample) bool { return x.Result.SampleID == id }
	missing := fmt.Errorf("%s is no sample of epoch %d", id, b.Epoch())
	if s.Provider != "" {
		provider := common.HexToAddress(s.Provider)
		first, count, ok := audit.SamplesOf(b, provider)
		if !ok {
			return nil, fmt.Errorf("provider %s has no batch in epoch %d", provider, b.Epoch())
		}
		missing = fmt.Errorf("the batch of provider %s in epoch %d has %d samples, there is no number %d", provider, b.Epoch(), count, s.Index)
		keep = func(x *bundle.Sample) bool {
			j := uint64(x.Index) - first
			return uint64(x.Index) >= first && j < count && (s.Index < 0 || j == uint64(s.Index))
		}
	}
	for i := range b.Samples {
		if keep(&b.Samples[i]) {
			return keep, nil
		}
	}
	return nil, missing
}

// AuditReplay verifies a bundle, from a file or fetched, runs the model again on
// its samples, and prints the report. A report that does not agree with what is
// certified is an error too, after it is printed.
func AuditReplay(ctx context.Context, n Network, o ReplayOptions, out, progress io.Writer) error {
	tell := teller(progress)
	var b *bundle.Bundle
	var trust audit.Trust
	var which func(*bundle.Sample) bool
	if o.File == "" {
		if o.Source.Sample == "" && o.Source.Provider == "" {
			return fmt.Errorf("name a sample: with --sample, or with --epoch, --provider and --index; or a bundle's file")
		}
		var err error
		if b, trust, err = o.Source.fetch(ctx, n, tell, nil); err != nil {
			return err
		}
		if which, err = o.Source.which(b); err != nil {
			return err
		}
	} else {
		raw, err := os.ReadFile(o.File)
		if err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		if b, err = bundle.Read(raw); err != nil {
			return fmt.Errorf("bundle %s: %w", o.File, err)
		}
		if trust, err = o.Verify.trust(ctx, func() (Network, error) { return n, nil }, raw); err != nil {
			return err
		}
	}
	report, err := audit.Recompute(ctx, b, trust, n.models(), which, telling(tell))
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if err := printReport(out, o.Verify.JSON, report, report.Print); err != nil {
		return err
	}
	switch bad := report.Failures(); {
	case report.Agrees:
		return nil
	case len(bad) > 0:
		return fmt.Errorf("the replay disagrees with what is certified: %s", strings.Join(bad, ", "))
	default:
		return fmt.Errorf("too little could be checked to agree with what is certified: see \"not checked\" in the report")
	}
}

// ReportOptions says what `posp audit report` says and where.
type ReportOptions struct {
	File      string
	Verify    VerifyOptions
	Recompute bool // run the models too
	Key       Key  // whose word it is
	Out       string
}

// AuditReport verifies a bundle, and writes what was found as a signed statement
// (OUT.json), as text (OUT.txt) and as a page (OUT.html). It says what it found
// of a wrong bundle too; then it is an error as well.
func AuditReport(ctx context.Context, n func() (Network, error), o ReportOptions, out, progress io.Writer) error {
	raw, err := os.ReadFile(o.File)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	account, err := o.Key.account(ctx)
	if err != nil {
		return err
	}
	trust, err := o.Verify.trust(ctx, n, raw)
	if err != nil {
		return err
	}
	report, recomputed := audit.Verify(raw, trust), []audit.Recomputed(nil)
	if b, err := bundle.Read(raw); err == nil && o.Recompute {
		network, err := n()
		if err != nil {
			return err
		}
		r, err := audit.Recompute(ctx, b, trust, network.models(), nil, telling(teller(progress)))
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		report, recomputed = &r.Report, r.Recomputed
	}
	statement := audit.NewStatement(report, trust, recomputed, time.Now())
	envelope, err := statement.Sign(ctx, account)
	if err != nil {
		return err
	}
	for suffix, write := range map[string]func(io.Writer) error{
		".json": func(w io.Writer) error { return json.NewEncoder(w).Encode(envelope) },
		".txt":  func(w io.Writer) error { return statement.Print(w, account.Address()) },
		".html": func(w io.Writer) error { return statement.WriteHTML(w, account.Address()) },
	} {
		if err := writeFile(o.Out+suffix, write); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	fmt.Fprintf(out, "%s.json, .txt, .html: %s\n", o.Out, statement.Predicate.Conclusion)
	if bad := report.Failures(); len(bad) > 0 {
		return fmt.Errorf("bundle %s is wrong: %s", o.File, strings.Join(bad, ", "))
	}
	return nil
}

// models loads a network's models as they are asked for.
func (n Network) models() audit.Scorers {
	loaded := map[posp.Hash]inference.Scorer{}
	return func(specID posp.Hash) (inference.Scorer, error) {
		if s := loaded[specID]; s != nil {
			return s, nil
		}
		for _, m := range n.Models {
			if m.Spec.ID() == specID {
				s, err := scorer(m)
				loaded[specID] = s
				return s, err
			}
		}
		return nil, fmt.Errorf("the network file has no model of spec %s", specID)
	}
}

// telling is how a recomputation's progress is told.
func telling(tell func(string)) func(done, of int) {
	return func(done, of int) {
		if tell != nil && of > 1 {
			tell(fmt.Sprintf("recomputing sample %d of %d", done+1, of))
		}
	}
}

// certified says why an epoch cannot be replayed, if it cannot.
func (s *Site) certified(ctx context.Context, p *chain.Protocol, epoch uint64) error {
	head, err := p.Block(ctx)
	if err != nil {
		return err
	}
	if now := s.Parameters.Schedule.EpochAt(head); epoch > now {
		return fmt.Errorf("epoch %d is still to come: now is epoch %d", epoch, now)
	}
	status, _, err := p.EpochStatus(ctx, epoch)
	switch {
	case err != nil:
		return err
	case status == chain.StatusVoid:
		return fmt.Errorf("epoch %d is void: no certificate was accepted in time, so there is nothing to replay", epoch)
	case status == chain.StatusNone:
		return fmt.Errorf("epoch %d is not certified yet (%s; now is block %d, certificates are accepted up to block %d): try later",
			epoch, s.Parameters.Schedule.Phase(epoch, head), head, s.Parameters.Schedule.CertifyDeadline(epoch))
	}
	return nil
}

// epochOf searches the certified epochs for a sample, newest first.
func (s *Site) epochOf(ctx context.Context, world auditChain, id posp.Hash) (uint64, error) {
	head, err := world.Block(ctx)
	if err != nil {
		return 0, err
	}
	newest, certified := s.Parameters.Schedule.EpochAt(head), 0
	for back := range newest + 1 {
		epoch := newest - back
		status, _, err := world.EpochStatus(ctx, epoch)
		if err != nil {
			return 0, err
		}
		if status != chain.StatusPending && status != chain.StatusFinal {
			continue
		}
		certified++
		found, err := audit.Holds(ctx, s.Network.Domain(), world, epoch, id)
		if err != nil {
			return 0, fmt.Errorf("search epoch %d: %w", epoch, err)
		}
		if found {
			return epoch, nil
		}
	}
	return 0, fmt.Errorf("%s is a sample of none of the %d certified epochs among 0 to %d: is it of another network, or a batch or fault (posp query)?", id, certified, newest)
}

// auditChain is the chain as package audit asks for it.
type auditChain struct{ *chain.Protocol }

func (c auditChain) Certificate(ctx context.Context, epoch uint64) (audit.Certificate, bool, error) {
	v, ok, err := c.Protocol.Certificate(ctx, epoch)
	return audit.Certificate{Result: v.Result, Block: v.Block, Transaction: v.TxHash, Signature: v.Signature, SignersKey: v.SignersKey, NonSigners: v.NonSigners}, ok, err
}

// archive is an aggregator as package audit asks it; its errors say which.
type archive struct {
	client *transport.Client
	url    string
}

func (a archive) Commitments(ctx context.Context, epoch uint64) ([]posp.Commitments, bool, error) {
	v, ok, err := a.client.Commitments(ctx, epoch)
	return v, ok, a.wrap(err)
}

func (a archive) Reveals(ctx context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	v, ok, err := a.client.Reveals(ctx, epoch)
	return v, ok, a.wrap(err)
}

func (a archive) Samples(ctx context.Context, epoch uint64) ([]posp.SampleResult, bool, error) {
	v, ok, err := a.client.Samples(ctx, epoch)
	return v, ok, a.wrap(err)
}

func (a archive) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("aggregator %s: %w (another one that has the epoch can be named with --aggregator)", a.url, err)
}
