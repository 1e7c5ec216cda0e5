package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// Chain is what the contracts hold. ok is false for what is not there (yet).
type Chain interface {
	Parameters(ctx context.Context) (posp.Parameters, error)
	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error)
	Demands(ctx context.Context, epoch uint64) ([]posp.Demand, error)
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
	Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error)
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)
	Certificate(ctx context.Context, epoch uint64) (c Certificate, ok bool, err error)
}

// Prover proves what a chain holds.
type Prover interface {
	// HeaderRLP is a block's header in RLP, and the block's hash.
	HeaderRLP(ctx context.Context, number uint64) (header []byte, hash posp.Hash, err error)
	// StorageProof is the trie nodes that prove a contract's account and slots
	// after a block.
	StorageProof(ctx context.Context, block uint64, contract posp.Address, slots []posp.Hash) (nodes [][]byte, err error)
	// ReceiptProof is a transaction's index in a block, and the trie nodes that
	// prove its receipt.
	ReceiptProof(ctx context.Context, block uint64, transaction posp.Hash) (index uint32, nodes [][]byte, err error)
}

// Certificate is an epoch's certificate as the contract accepted it.
type Certificate struct {
	Result      posp.Result
	Signature   keys.G1   // sum of the signers' signatures
	SignersKey  keys.G2   // sum of the signers' keys
	NonSigners  []uint64  // rows of the table
	Block       uint64    // in which it was accepted
	Transaction posp.Hash // by which
}

// Archive hands out what operators sent; an aggregator is one. ok is false
// for what it does not have.
type Archive interface {
	Commitments(ctx context.Context, epoch uint64) (frozen []posp.Commitments, ok bool, err error)
	Reveals(ctx context.Context, epoch uint64) (final []posp.Reveals, ok bool, err error)
	// Samples are the epoch's results, by (batch, j). They are needed only where
	// texts on which a verdict rests are withheld.
	Samples(ctx context.Context, epoch uint64) (results []posp.SampleResult, ok bool, err error)
}

// Log is a transparency log.
type Log interface {
	// Epoch is all that the log says of an epoch, under its newest head.
	Epoch(ctx context.Context, epoch uint64) (*bundle.Log, error)
}

// Source is where a bundle is fetched from.
type Source struct {
	Domain    posp.Domain
	Authority posp.Authority
	Keys      posp.Address   // the KeyRegistry
	OnDemand  posp.Address   // zero where nothing is verified on demand
	Specs     []verdict.Spec // that the network verifies
	Chain     Chain
	Prover    Prover
	Archive   Archive
	Log       Log // nil: the network has none
	// Progress is told what is being done, and LeftOut what the bundle lacks and
	// why; nil: nobody wants to know.
	Progress, LeftOut func(what string)
}

// NotFoundError says that there is nothing to fetch; its text says why.
type NotFoundError struct{ reason string }

func (e *NotFoundError) Error() string { return e.reason }

func notFound(format string, args ...any) error { return &NotFoundError{fmt.Sprintf(format, args...)} }

// Fetch makes the bundle of a certified epoch. Only what is authentic goes into
// it: of operators' messages, what is wrong counts as not sent, as in
// verdict. Errors are about what could not be had; whether what was had is
// right is for VerifyBundle to say.
func Fetch(ctx context.Context, from Source, epoch uint64) (*bundle.Bundle, error) {
	f := &fetch{Source: from, ctx: ctx, epoch: epoch, b: &bundle.Bundle{}}
	for _, tell := range []*func(string){&f.Progress, &f.LeftOut} {
		if *tell == nil {
			*tell = func(string) {}
		}
	}
	for _, step := range []func() error{f.facts, f.messages, f.samples, f.specs, f.proofs, f.results, f.logged} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if err := f.b.Seal(); err != nil {
		return nil, fmt.Errorf("seal bundle: %w", err)
	}
	for _, what := range f.b.TooLong() {
		f.LeftOut(what)
	}
	return f.b, nil
}

// fetch is a bundle under way.
type fetch struct {
	Source
	ctx   context.Context
	epoch uint64
	b     *bundle.Bundle

	cert      Certificate
	in        verdict.EpochInput
	before    []posp.Standing // of the result's subjects
	withheld  bool            // a text
	commit    map[sent]posp.Hash
	reveal    map[sent]*posp.Reveal
	openings  map[posp.Hash][]*posp.Opening
	parts     map[posp.Hash][]*posp.EvidencePart
	assigned  []sampler.Assignment
	ofBatches []int
}

// sent names what an operator sent about a sample.
type sent struct {
	operator posp.Address
	sample   posp.Hash
}

// facts reads what the contracts say.
func (f *fetch) facts() error {
	f.Progress(fmt.Sprintf("reading the contracts' facts of epoch %d", f.epoch))
	f.in = verdict.EpochInput{Domain: f.Domain, Authority: f.Authority, Epoch: f.epoch, Specs: f.Specs}
	var ok bool
	var err error
	if f.in.Parameters, err = f.Chain.Parameters(f.ctx); err != nil {
		return err
	}
	if f.cert, ok, err = f.Chain.Certificate(f.ctx, f.epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no certificate", f.epoch)
	}
	if f.in.Beacon, ok, err = f.Chain.Beacon(f.ctx, f.epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no beacon", f.epoch)
	}
	if f.in.Table, ok, err = f.Chain.Table(f.ctx, f.epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no operator table", f.epoch)
	}
	if f.in.Batches, err = f.Chain.Batches(f.ctx, f.epoch); err != nil {
		return err
	}
	slices.SortFunc(f.in.Batches, func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	if f.in.Demands, err = f.Chain.Demands(f.ctx, f.epoch); err != nil {
		return err
	}
	slices.SortFunc(f.in.Demands, func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
	for _, d := range f.in.Demands {
		f.b.Demands = append(f.b.Demands, bundle.NewDemand(d))
	}
	f.b.Network = bundle.NewNetwork(f.Domain, f.Authority, f.Keys, f.OnDemand, f.in.Parameters)
	for _, b := range f.in.Batches {
		info, ok, err := f.Chain.Provider(f.ctx, b.Provider, f.epoch)
		if err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("batch %s is of provider %s, whom the node does not know", b.ID, b.Provider)
		}
		f.in.Providers = append(f.in.Providers, info)
		f.b.Batches = append(f.b.Batches, bundle.NewBatch(b, info.ReceiptKey))
	}
	for _, m := range f.in.Table.Members {
		f.b.Table = append(f.b.Table, bundle.NewMember(m, f.in.Table.MessageKey(m.Operator)))
	}
	all, err := f.Chain.StandingsBefore(f.ctx, f.epoch)
	if err != nil {
		return err
	}
	value := map[posp.Standing]uint64{}
	for _, s := range all {
		value[posp.Standing{Subject: s.Subject, SpecID: s.SpecID}] = s.Value
	}
	for _, s := range f.cert.Result.Standings {
		s.Value = value[posp.Standing{Subject: s.Subject, SpecID: s.SpecID}]
		f.before = append(f.before, s)
	}
	f.b.Standings, f.in.Standings = bundle.NewStandings(f.before), f.before
	sig, key := f.cert.Signature.Bytes(), f.cert.SignersKey.Bytes()
	f.b.Certificate = bundle.Certificate{Result: bundle.NewResult(f.cert.Result), Signature: sig[:], SignersKey: key[:]}
	for _, n := range f.cert.NonSigners {
		if n > math.MaxUint32 {
			return fmt.Errorf("the certificate's non-signer %d is no row", n)
		}
		f.b.Certificate.NonSigners = append(f.b.Certificate.NonSigners, uint32(n))
	}
	return nil
}

// messages gets what operators sent, and keeps what is signed by them.
func (f *fetch) messages() error {
	f.Progress("asking the aggregator for commitments and reveals")
	commitments, frozen, err := f.Archive.Commitments(f.ctx, f.epoch)
	if err != nil {
		return err
	}
	reveals, final, err := f.Archive.Reveals(f.ctx, f.epoch)
	if err != nil {
		return err
	}
	if !frozen || !final {
		return notFound("the aggregator does not have epoch %d's commitments and reveals (any more)", f.epoch)
	}
	f.commit, f.reveal = map[sent]posp.Hash{}, map[sent]*posp.Reveal{}
	f.openings, f.parts = map[posp.Hash][]*posp.Opening{}, map[posp.Hash][]*posp.EvidencePart{}
	f.b.Commitments, f.b.Reveals = map[posp.Address]*posp.Commitments{}, map[posp.Address]*bundle.Reveals{}
	for i := range commitments {
		c := &commitments[i]
		if signer, err := posp.RecoverSigner(c.Digest(f.Authority), c.Signature); err != nil || signer != f.in.Table.MessageKey(c.Operator) || c.Epoch != f.epoch {
			continue
		}
		if f.b.Commitments[c.Operator] != nil {
			return fmt.Errorf("the aggregator has two messages with commitments of operator %s: its own record says which it froze", c.Operator)
		}
		f.b.Commitments[c.Operator] = c
		for _, it := range c.Items {
			f.commit[sent{c.Operator, it.SampleID}] = it.Commitment
		}
	}
	for i := range reveals {
		m := &reveals[i]
		// What is carried may come from anybody, and is checked by what it is.
		for k := range m.Items {
			it := &m.Items[k]
			if it.Opening != nil {
				f.openings[it.SampleID] = append(f.openings[it.SampleID], it.Opening)
			}
			if it.Provider != nil {
				f.parts[it.SampleID] = append(f.parts[it.SampleID], it.Provider)
			}
		}
		if signer, err := posp.RecoverSigner(m.Digest(f.Authority), m.Signature); err != nil || signer != f.in.Table.MessageKey(m.Operator) || m.Epoch != f.epoch {
			continue
		}
		if f.b.Reveals[m.Operator] != nil {
			return fmt.Errorf("the aggregator has two messages with reveals of operator %s", m.Operator)
		}
		kept := &bundle.Reveals{Operator: m.Operator, Signature: m.Signature}
		for k := range m.Items {
			it := &m.Items[k]
			kept.Items = append(kept.Items, posp.Revealed{SampleID: it.SampleID, Evidence: crypto.Keccak256Hash(it.Evidence), Salt: it.Salt})
			f.reveal[sent{m.Operator, it.SampleID}] = it
		}
		f.b.Reveals[m.Operator] = kept
	}
	return nil
}

// samples makes the records of all that were drawn.
func (f *fetch) samples() error {
	for i, b := range f.in.Batches {
		f.Progress(fmt.Sprintf("checking openings of batch %d of %d", i+1, len(f.in.Batches)))
		all, _, err := sampler.Assignments(f.Domain, b, f.in.Beacon, f.in.Table.Members, int(min(f.in.Parameters.Committee, math.MaxInt32)))
		if err != nil {
			return err
		}
		for a := range all {
			if err := f.ctx.Err(); err != nil {
				return err
			}
			f.sample(a, i, b.Batch, f.in.Providers[i].ReceiptKey)
		}
	}
	for i, d := range f.in.Demands {
		a, err := sampler.AssignDemand(f.Domain, d, f.in.Beacon, f.in.Table.Members, int(min(f.in.Parameters.Committee, math.MaxInt32)))
		if err != nil {
			return err
		}
		f.sample(a, len(f.in.Batches)+i, d.Batch.Batch, d.ReceiptKey)
	}
	return nil
}

// sample makes the record of one, of a batch by its number, or of a demand by
// its own and that of batches.
func (f *fetch) sample(a sampler.Assignment, of int, b posp.Batch, receiptKey posp.Address) {
	f.assigned, f.ofBatches = append(f.assigned, a), append(f.ofBatches, of)
	s := bundle.Sample{Result: posp.SampleResult{SampleID: a.SampleID}}
	if o := f.opening(b, receiptKey, a); o != nil {
		s.Open(*o)
		f.withheld = f.withheld || o.Withheld
		for _, p := range f.parts[a.SampleID] {
			if p.Hash() == o.Receipt.EvidenceHash {
				s.Show(*p)
				break
			}
		}
	}
	for _, operator := range a.Committee {
		m := bundle.Sent{Operator: operator}
		key := sent{operator, a.SampleID}
		m.Commitment, m.Committed = f.commit[key]
		if it := f.reveal[key]; it != nil {
			m.Revealed, m.Salt, m.Bytes, m.Evidence = true, it.Salt, crypto.Keccak256Hash(it.Evidence), it.Evidence
			if m.Evidence == nil {
				m.Evidence = []byte{}
			}
		}
		s.Members = append(s.Members, m)
	}
	f.b.Samples = append(f.b.Samples, s)
}

// opening is the authentic one, with its text if anybody shows it.
func (f *fetch) opening(b posp.Batch, receiptKey posp.Address, a sampler.Assignment) (best *posp.Opening) {
	for _, o := range f.openings[a.SampleID] {
		switch {
		case o.Withheld:
			if best == nil && verdict.VerifyReceipt(f.Domain, b, a.Leaf, receiptKey, o.Receipt, o.Proof) == nil {
				best = o
			}
		case verdict.VerifyOpening(f.Domain, b, a.Leaf, receiptKey, *o) == nil:
			return o
		}
	}
	return best
}

// specs are those that the samples' receipts name and the network verifies.
func (f *fetch) specs() error {
	named := map[posp.Hash]bool{}
	for i := range f.b.Samples {
		named[f.b.Samples[i].Receipt.SpecID] = true
	}
	list := slices.Clone(f.Specs)
	slices.SortFunc(list, func(a, b verdict.Spec) int { return a.Spec.ID().Cmp(b.Spec.ID()) })
	for _, s := range list {
		if named[s.Spec.ID()] {
			f.b.Specs = append(f.b.Specs, bundle.NewSpec(s))
		}
	}
	return nil
}

// proofs has a node prove what the contracts say.
func (f *fetch) proofs() error {
	f.Progress(fmt.Sprintf("asking the node for proofs of block %d", f.cert.Block))
	c := &f.b.Chain
	c.Beacon = f.in.Beacon
	var err error
	if c.Block, _, err = f.Prover.HeaderRLP(f.ctx, f.cert.Block); err != nil {
		return err
	}
	if c.Parent, _, err = f.Prover.HeaderRLP(f.ctx, f.cert.Block-1); err != nil {
		return err
	}
	var pool [][]byte
	add := func(nodes [][]byte, err error) error { pool = append(pool, nodes...); return err }
	var receipt [][]byte
	if c.Receipt, receipt, err = f.Prover.ReceiptProof(f.ctx, f.cert.Block, f.cert.Transaction); add(receipt, err) != nil {
		return err
	}
	slots := []posp.Hash{slotBeacon(f.epoch), slotBatchCount(f.epoch)}
	for _, b := range f.in.Batches {
		for i := range batchWords(b) {
			slots = append(slots, after(slotBatch(b.ID), uint64(i)))
		}
	}
	for _, d := range f.in.Demands {
		for i := range batchWords(d.Batch) {
			slots = append(slots, after(slotBatch(d.Batch.ID), uint64(i)))
		}
	}
	if err := add(f.Prover.StorageProof(f.ctx, f.cert.Block, f.Domain.Registry, slots)); err != nil {
		return err
	}
	if f.OnDemand != (posp.Address{}) {
		list := slotDemands(f.epoch)
		slots = []posp.Hash{list}
		for i, d := range f.in.Demands {
			slots = append(slots, after(crypto.Keccak256Hash(list[:]), uint64(i)))
			for k := range uint64(3) {
				slots = append(slots, after(slotDemand(d.ID), 1+k))
			}
		}
		if err := add(f.Prover.StorageProof(f.ctx, f.cert.Block, f.OnDemand, slots)); err != nil {
			return err
		}
	}
	if err := add(f.keyProofs()); err != nil {
		return err
	}
	slots = nil
	for _, s := range f.before {
		slots = append(slots, slotStanding(s))
	}
	if err := add(f.Prover.StorageProof(f.ctx, f.cert.Block-1, f.Authority.Attestation, slots)); err != nil {
		return err
	}
	if number := f.in.Parameters.Schedule.BeaconBlock(f.epoch); f.cert.Block-number <= historyBlocks {
		header, hash, err := f.Prover.HeaderRLP(f.ctx, number)
		if err != nil {
			return err
		}
		nodes, err := f.Prover.StorageProof(f.ctx, f.cert.Block, history, []posp.Hash{slotHistory(number)})
		if err != nil {
			return err
		}
		// A chain without EIP-2935 has nothing there.
		if head, err := parseHeader(c.Block); err == nil {
			n := newNodes(hexes(nodes))
			if storage, err := n.storage(head.state, history); err == nil {
				if got, err := n.word(storage, slotHistory(number)); err == nil && got == hash {
					c.BeaconBlock, pool = header, append(pool, nodes...)
				}
			}
		}
	}
	c.Nodes = nil
	seen := map[posp.Hash]bool{}
	for _, n := range pool {
		if hash := crypto.Keccak256Hash(n); !seen[hash] {
			seen[hash] = true
			c.Nodes = append(c.Nodes, n)
		}
	}
	v := newVerifier(f.b, Trust{})
	// Of what the node sent, what proves nothing is left out: nodes so small that
	// their parents hold them, say.
	for _, look := range []func() outcome{v.headers, v.certification, v.beacon, v.batches, v.receiptKeys, v.messageKeys, v.standings} {
		look()
	}
	c.Nodes = slices.DeleteFunc(c.Nodes, func(n hexutil.Bytes) bool { return !v.nodes.used[crypto.Keccak256Hash(n)] })
	slices.SortFunc(c.Nodes, func(a, b hexutil.Bytes) int { return bytes.Compare(crypto.Keccak256(a), crypto.Keccak256(b)) })
	return nil
}

// keyProofs has a node prove whose keys count. Where a key stands in its list
// is known once the list's length is, so it is asked in rounds: what a search
// did not find the last time is asked next.
func (f *fetch) keyProofs() (pool [][]byte, err error) {
	head, err := parseHeader(f.b.Chain.Block)
	if err != nil {
		return nil, err
	}
	asked, answered, next := map[posp.Hash]bool{}, map[posp.Hash]bool{}, []posp.Hash{}
	for {
		nodes, err := f.Prover.StorageProof(f.ctx, f.cert.Block, f.Keys, next)
		if err != nil {
			return nil, err
		}
		for _, slot := range next {
			answered[slot] = true
		}
		pool, next = append(pool, nodes...), nil
		known := newNodes(hexes(pool))
		storage, err := known.storage(head.state, f.Keys)
		if err != nil {
			return nil, fmt.Errorf("read key registry: %w", err)
		}
		look := func(slot posp.Hash) (posp.Hash, error) {
			if !asked[slot] {
				asked[slot], next = true, append(next, slot)
			}
			if !answered[slot] {
				return posp.Hash{}, errNotAsked
			}
			return known.word(storage, slot)
		}
		search := func(account posp.Address, purpose, epoch uint64) error {
			if _, err := keyAt(look, account, purpose, epoch); err != nil && !errors.Is(err, errNotAsked) {
				return fmt.Errorf("read key of %s: %w", account, err)
			}
			return nil
		}
		for _, b := range f.in.Batches {
			if err := search(b.Provider, ofReceipts, f.epoch); err != nil {
				return nil, err
			}
		}
		for _, d := range f.in.Demands {
			if err := search(d.Batch.Provider, ofReceipts, d.Batch.Epoch); err != nil {
				return nil, err
			}
		}
		for _, m := range f.in.Table.Members {
			if err := search(m.Operator, ofMessages, f.epoch); err != nil {
				return nil, err
			}
		}
		if len(next) == 0 {
			return pool, nil
		}
	}
}

var errNotAsked = errors.New("the node was not asked yet")

func hexes(nodes [][]byte) (list []hexutil.Bytes) {
	for _, n := range nodes {
		list = append(list, n)
	}
	return list
}

// results derives what was certified of each sample. Where a text on which a
// verdict rests is withheld they are the aggregator's, if they are those that
// were certified.
func (f *fetch) results() error {
	f.Progress(fmt.Sprintf("deriving the results of %d samples", len(f.assigned)))
	v := newVerifier(f.b, Trust{})
	v.drawn, v.batchOf = f.assigned, f.ofBatches
	next, at := 0, 0
	var leaves merkle.Growing
	_, err := verdict.DeriveFrom(f.in, func(sampler.Assignment) (verdict.Held, error) { next++; return v.held(next - 1) },
		func(_ sampler.Assignment, r posp.SampleResult) error {
			f.b.Samples[at].Result = r
			leaves.Add(r.LeafHash())
			at++
			return nil
		})
	if err != nil {
		return fmt.Errorf("derive results: %w", err)
	}
	if !f.withheld || leaves.Root() == f.cert.Result.SampleRoot {
		return nil
	}
	results, ok, err := f.Archive.Samples(f.ctx, f.epoch)
	if err != nil {
		return err
	}
	if !ok || len(results) != len(f.b.Samples) {
		return nil
	}
	leaves = merkle.Growing{}
	for _, r := range results {
		leaves.Add(r.LeafHash())
	}
	if leaves.Root() == f.cert.Result.SampleRoot {
		for i, r := range results {
			f.b.Samples[i].Result = r
		}
	}
	return nil
}

// logged asks the log what it says of the epoch. A log that does not answer,
// or does not have it (yet), does not keep anybody from the rest.
func (f *fetch) logged() error {
	if f.Log == nil {
		return nil
	}
	f.Progress("reading the transparency log")
	l, err := f.Log.Epoch(f.ctx, f.epoch)
	if f.ctx.Err() != nil {
		return f.ctx.Err()
	} else if err != nil {
		f.LeftOut(fmt.Sprintf("what the transparency log says: %v", err))
		return nil
	}
	f.b.Log = l
	if len(l.Entries) == 0 {
		f.LeftOut(fmt.Sprintf("what the transparency log says: it has nothing of epoch %d, or not yet", f.epoch))
		return nil
	}
	said := map[posp.LogEntry]bool{}
	for _, e := range l.Entries {
		said[e.LogEntry] = true
	}
	for _, e := range newVerifier(f.b, Trust{}).expected() {
		if !said[e] {
			f.LeftOut(fmt.Sprintf("%q of the transparency log: it is not there", e.Encode()))
		}
	}
	return nil
}
