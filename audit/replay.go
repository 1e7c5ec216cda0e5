// Package audit replays what others certified: draw, committee, opening,
// evidence, verdict, result and certificate of a sample, from the chain and
// from what was revealed, with a recomputation of its own. It holds no keys
// and trusts neither the operators nor the aggregator that hands out their
// messages: of those, whatever is wrong counts as not sent, as in verdict.
//
// It trusts the node that it reads the chain from, and says so.
package audit

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/internal/beacon"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// Chain is what the contracts hold. ok is false for what is not there (yet).
type Chain interface {
	Parameters(ctx context.Context) (posp.Parameters, error)
	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error)
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	// BeaconHeader is the RLP header of the epoch's beacon block, and the
	// block's hash.
	BeaconHeader(ctx context.Context, epoch uint64) (header []byte, blockHash posp.Hash, err error)
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
	Provider(ctx context.Context, provider posp.Address) (info posp.ProviderInfo, ok bool, err error)
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)
	Certificate(ctx context.Context, epoch uint64) (c Certificate, ok bool, err error)
}

// Certificate is an epoch's certificate as the contract accepted it.
type Certificate struct {
	Result     posp.Result
	Digest     posp.Hash // as the contract computed it
	Signature  keys.G1   // sum of the signers' signatures
	SignersKey keys.G2   // sum of the signers' keys
	NonSigners []uint64  // rows of the table
}

// Archive hands out what operators sent; an aggregator is one. ok is false
// for what it does not have.
type Archive interface {
	Commitments(ctx context.Context, epoch uint64) (frozen []posp.Commitments, ok bool, err error)
	Reveals(ctx context.Context, epoch uint64) (final []posp.Reveals, ok bool, err error)
}

// Config is what the deployment fixes.
type Config struct {
	Domain    posp.Domain
	Authority posp.Authority
	Specs     []verdict.Spec
	// Scorer is of the model of a spec. Its error says why that cannot be run
	// here, and is part of the report.
	Scorer func(specID posp.Hash) (inference.Scorer, error)
}

// Sample names what is replayed: a sample by its id, or (id zero) the j-th of
// a provider's batch.
type Sample struct {
	Epoch    uint64
	ID       posp.Hash
	Provider posp.Address
	J        uint64
}

// The names of the steps, in the order in which they are taken.
const (
	StepChain        = "chain"
	StepBeacon       = "beacon"
	StepBatch        = "batch"
	StepTable        = "operator table"
	StepDraw         = "draw"
	StepCommittee    = "committee"
	StepArchive      = "archive"
	StepOpening      = "opening"
	StepProvider     = "provider's evidence"
	StepHeld         = "committee's evidence"
	StepCompare      = "recomputation"
	StepVerdict      = "verdict"
	StepResult       = "result"
	StepProof        = "sample in result"
	StepDigest       = "certificate digest"
	StepSigners      = "signers' key"
	StepSignature    = "signature"
	StepQuorum       = "quorum"
	StepCompleteness = "completeness"
)

// NotFoundError says that there is nothing to replay; its text says why.
type NotFoundError struct{ reason string }

func (e *NotFoundError) Error() string { return e.reason }

func notFound(format string, args ...any) error { return &NotFoundError{fmt.Sprintf(format, args...)} }

// Replay derives a sample anew. The error is about what could not be had at
// all: an unreachable chain or archive, a NotFoundError. Everything else is in
// the report.
func Replay(ctx context.Context, cfg Config, chain Chain, archive Archive, which Sample) (*Report, error) {
	r := &replay{ctx: ctx, cfg: cfg, chain: chain, archive: archive, Report: Report{Epoch: which.Epoch, Comparisons: []Comparison{}}}
	r.unchecked(StepChain, "the contracts, headers and events are as the node tells them; ask a node of your own to trust nobody")
	for _, step := range []func() error{
		r.beacon, r.readBatches, r.table,
		func() error { return r.draw(which) },
		r.readArchive, r.opening, r.recompute, r.derive, r.certificate,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	r.unchecked(StepCompleteness, "whether the aggregator left out an operator's message: only that operator can say; co-signers compare the frozen commitments with those they saw")
	r.conclude()
	return &r.Report, nil
}

// Holds says whether a sample is one of an epoch's.
func Holds(ctx context.Context, cfg Config, chain Chain, epoch uint64, sampleID posp.Hash) (bool, error) {
	value, ok, err := chain.Beacon(ctx, epoch)
	if err != nil || !ok {
		return false, err
	}
	batches, err := chain.Batches(ctx, epoch)
	if err != nil {
		return false, err
	}
	for _, b := range batches {
		_, _, found, err := find(cfg.Domain, b, value, sampleID)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// find looks for a sample among those drawn from a batch.
func find(d posp.Domain, b posp.BatchRecord, beacon, sampleID posp.Hash) (j, leaf uint64, found bool, err error) {
	draw, err := sampler.New(posp.Seed(d, b.Epoch, b.ID, beacon), b.LeafCount, sampler.Count(b.LeafCount, b.Rate))
	if err != nil {
		return 0, 0, false, err
	}
	for j, leaf := range draw.All() {
		if posp.SampleID(b.ID, j, leaf) == sampleID {
			return j, leaf, true, nil
		}
	}
	return 0, 0, false, nil
}

// replay is a Report under way.
type replay struct {
	Report
	ctx     context.Context
	cfg     Config
	chain   Chain
	archive Archive

	in        verdict.EpochInput
	cert      Certificate
	batch     posp.BatchRecord
	provider  posp.ProviderInfo
	assigned  sampler.Assignment
	available bool // the archive has the epoch
	held      held
	own       *posp.Evidence // as recomputed here
}

// beacon checks that the contract's random value is the one in the header of
// the block that the schedule names.
func (r *replay) beacon() error {
	r.in = verdict.EpochInput{Domain: r.cfg.Domain, Authority: r.cfg.Authority, Epoch: r.Epoch, Specs: r.cfg.Specs}
	var err error
	var ok bool
	if r.in.Parameters, err = r.chain.Parameters(r.ctx); err != nil {
		return err
	}
	// Without a certificate there is nothing to compare with.
	if r.cert, ok, err = r.chain.Certificate(r.ctx, r.Epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no certificate", r.Epoch)
	}
	if r.in.Beacon, ok, err = r.chain.Beacon(r.ctx, r.Epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no beacon yet", r.Epoch)
	}
	want := r.in.Parameters.Schedule.BeaconBlock(r.Epoch)
	header, hash, err := r.chain.BeaconHeader(r.ctx, r.Epoch)
	if err != nil {
		r.missing(StepBeacon, "the node does not give the header of block %d: %v", want, err)
		return nil
	}
	number, value, err := beacon.PrevRandao(header, hash)
	switch {
	case err != nil:
		r.mismatch(StepBeacon, "header of block %d: %v", want, err)
	case number != want:
		r.mismatch(StepBeacon, "the header is of block %d, the schedule names %d", number, want)
	default:
		r.same(StepBeacon, value == r.in.Beacon, "prevrandao of block %d is %s, the contract holds %s", number, value, r.in.Beacon)
	}
	return nil
}

func (r *replay) readBatches() (err error) {
	r.in.Batches, err = r.chain.Batches(r.ctx, r.Epoch)
	if err != nil {
		return err
	}
	seen := map[posp.Address]bool{}
	for _, b := range r.in.Batches {
		if b.Epoch != r.Epoch || b.ID != b.Batch.ID(r.cfg.Domain) {
			r.mismatch(StepBatch, "batch %s of provider %s is not named as its content says: %s", b.ID, b.Provider, b.Batch.ID(r.cfg.Domain))
		}
		if seen[b.Provider] {
			continue
		}
		seen[b.Provider] = true
		info, ok, err := r.chain.Provider(r.ctx, b.Provider)
		if err != nil {
			return err
		}
		if ok {
			r.in.Providers = append(r.in.Providers, info)
		}
	}
	return nil
}

func (r *replay) table() error {
	var ok bool
	var err error
	if r.in.Table, ok, err = r.chain.Table(r.ctx, r.Epoch); err != nil {
		return err
	} else if !ok {
		return notFound("epoch %d has no operator table", r.Epoch)
	}
	root, err := sampler.TableRoot(r.in.Table.Members)
	if err != nil {
		r.mismatch(StepTable, "%v", err)
		return nil
	}
	r.same(StepTable, root == r.in.Table.Root && root == r.cert.Result.TableRoot, "%d operators of block %d have root %s; the contract holds %s, the certificate counts by %s",
		len(r.in.Table.Members), r.in.Table.Block, root, r.in.Table.Root, r.cert.Result.TableRoot)
	return nil
}

// draw finds the sample, and derives its leaf and committee.
func (r *replay) draw(which Sample) error {
	for _, b := range r.in.Batches {
		if which.ID == (posp.Hash{}) {
			if b.Provider != which.Provider {
				continue
			}
			r.batch = b
			if k := sampler.Count(b.LeafCount, b.Rate); which.J >= k {
				return notFound("the batch of provider %s in epoch %d has %d samples, there is no number %d", b.Provider, r.Epoch, k, which.J)
			}
			r.J = which.J
			break
		}
		j, _, found, err := find(r.cfg.Domain, b, r.in.Beacon, which.ID)
		if err != nil {
			return err
		}
		if found {
			r.batch, r.J = b, j
			break
		}
	}
	if r.batch.ID == (posp.Hash{}) {
		if which.ID == (posp.Hash{}) {
			return notFound("provider %s has no batch in epoch %d", which.Provider, r.Epoch)
		}
		return notFound("%s is no sample of epoch %d", which.ID, r.Epoch)
	}
	for _, p := range r.in.Providers {
		if p.Provider == r.batch.Provider {
			r.provider = p
		}
	}
	r.BatchID, r.Provider = r.batch.ID, r.batch.Provider
	list, err := sampler.Assign(r.cfg.Domain, r.batch, r.in.Beacon, r.in.Table.Members, int(min(r.in.Parameters.Committee, math.MaxInt32)))
	if err != nil {
		r.mismatch(StepDraw, "%v", err)
		return nil
	}
	r.assigned = list[r.J]
	r.SampleID, r.Leaf, r.Committee = r.assigned.SampleID, r.assigned.Leaf, r.assigned.Committee
	r.same(StepBatch, r.batch.ID == r.batch.Batch.ID(r.cfg.Domain), "%d receipts from sequence %d under root %s, sampled at %d ppm and at least %d",
		r.batch.LeafCount, r.batch.FirstSequence, r.batch.Root, r.batch.RatePpm, r.batch.KMin)
	r.ok(StepDraw, "seed %s draws %d of %d leaves; number %d is leaf %d", posp.Seed(r.cfg.Domain, r.Epoch, r.batch.ID, r.in.Beacon), len(list), r.batch.LeafCount, r.J, r.Leaf)
	r.ok(StepCommittee, "%d of %d operators, by stake, without the provider", len(r.Committee), len(r.in.Table.Members))
	return nil
}

// readArchive gets what the operators sent.
func (r *replay) readArchive() error {
	var frozen, final bool
	var err error
	if r.in.Standings, err = r.chain.StandingsBefore(r.ctx, r.Epoch); err != nil {
		return err
	}
	if r.in.Commitments, frozen, err = r.archive.Commitments(r.ctx, r.Epoch); err != nil {
		return err
	}
	if r.in.Reveals, final, err = r.archive.Reveals(r.ctx, r.Epoch); err != nil {
		return err
	}
	if r.available = frozen && final; !r.available {
		r.missing(StepArchive, "the aggregator does not have epoch %d's commitments and reveals (any more): nothing that rests on them can be derived", r.Epoch)
		return nil
	}
	var forged []string
	for _, c := range r.in.Commitments {
		if signer, err := posp.RecoverSigner(c.Digest(r.cfg.Authority), c.Signature); err != nil || signer != c.Operator || c.Epoch != r.Epoch {
			forged = append(forged, "commitments of "+c.Operator.Hex())
		}
	}
	for _, m := range r.in.Reveals {
		if signer, err := posp.RecoverSigner(m.Digest(r.cfg.Authority), m.Signature); err != nil || signer != m.Operator || m.Epoch != r.Epoch {
			forged = append(forged, "reveals of "+m.Operator.Hex())
		}
	}
	if len(forged) > 0 {
		r.mismatch(StepArchive, "signed by somebody else: %s", strings.Join(forged, ", "))
	} else {
		r.ok(StepArchive, "%d operators committed and %d revealed, all by their own signatures", len(r.in.Commitments), len(r.in.Reveals))
	}
	return nil
}

// derive derives the whole epoch, and compares it with what is certified.
func (r *replay) derive() error {
	if !r.available {
		for _, name := range []string{StepVerdict, StepResult, StepProof} {
			r.unchecked(name, "it follows from the operators' messages, which the aggregator does not have")
		}
		return nil
	}
	d, err := verdict.Derive(r.in)
	if err != nil {
		r.mismatch(StepResult, "nothing can be derived: %v", err)
		return nil
	}
	hidden := r.hidden()
	for i, a := range d.Assignments {
		if a.SampleID != r.SampleID {
			continue
		}
		if hidden[r.SampleID] {
			for _, name := range []string{StepHeld, StepVerdict, StepProof} {
				r.missing(name, "%s", withheld)
			}
			break
		}
		s := d.Samples[i]
		r.Derived = &Finding{s.Verdict, s.Class, s.LogE}
		r.judge(s)
		if len(hidden) > 0 {
			r.missing(StepProof, "%d of the epoch's samples are withheld: %s", len(hidden), withheld)
			break
		}
		leaves := make([]posp.Hash, len(d.Samples))
		for k, other := range d.Samples {
			leaves[k] = other.LeafHash()
		}
		proof, err := merkle.Proof(leaves, uint64(i))
		if err == nil {
			err = merkle.Verify(r.cert.Result.SampleRoot, leaves[i], uint64(i), r.cert.Result.SampleCount, proof)
		}
		if err != nil {
			r.mismatch(StepProof, "%s is not what was certified of this sample: %v", r.Derived, err)
		} else {
			r.ok(StepProof, "%s stands at %d of %d under the certified root %s", r.Derived, i, len(leaves), r.cert.Result.SampleRoot)
		}
	}
	if r.Derived == nil && !hidden[r.SampleID] { // the draw refused its input, and said so
		r.unchecked(StepVerdict, "the sample was not derived")
		r.unchecked(StepProof, "the sample was not derived")
	}
	if len(hidden) > 0 {
		r.missing(StepResult, "%d of the epoch's samples are withheld: %s", len(hidden), withheld)
		return nil
	}
	if diff := differences(d.Result, r.cert.Result); len(diff) > 0 {
		r.mismatch(StepResult, "derived from %d samples: %s", len(d.Samples), join(diff))
	} else {
		r.ok(StepResult, "%d batches, %d samples, %d standings and %d faults give root %s, as certified",
			len(d.Result.Batches), len(d.Samples), len(d.Result.Standings), len(d.Result.Faults), d.Result.Root())
	}
	return nil
}

// hidden are the samples of whose opening the aggregator shows no text.
func (r *replay) hidden() map[posp.Hash]bool {
	hidden, shown := map[posp.Hash]bool{}, map[posp.Hash]bool{}
	for _, m := range r.in.Reveals {
		for _, item := range m.Items {
			if item.Opening != nil && item.Opening.Withheld {
				hidden[item.SampleID] = true
			} else if item.Opening != nil {
				shown[item.SampleID] = true
			}
		}
	}
	for id := range shown {
		delete(hidden, id)
	}
	return hidden
}

// differences names what differs between a derived and a certified result.
func differences(derived, certified posp.Result) (list []string) {
	differ := func(what string, a, b any, same bool) {
		if !same {
			list = append(list, fmt.Sprintf("%s: derived %v, certified %v", what, a, b))
		}
	}
	differ("epoch", derived.Epoch, certified.Epoch, derived.Epoch == certified.Epoch)
	differ("table root", derived.TableRoot, certified.TableRoot, derived.TableRoot == certified.TableRoot)
	differ("sample root", derived.SampleRoot, certified.SampleRoot, derived.SampleRoot == certified.SampleRoot)
	differ("sample count", derived.SampleCount, certified.SampleCount, derived.SampleCount == certified.SampleCount)
	list = append(list, lists("batch", derived.Batches, certified.Batches)...)
	list = append(list, lists("standing", derived.Standings, certified.Standings)...)
	list = append(list, lists("fault", derived.Faults, certified.Faults)...)
	return list
}

func lists[T comparable](what string, derived, certified []T) (list []string) {
	if len(derived) != len(certified) {
		return []string{fmt.Sprintf("%d times %s derived, %d certified", len(derived), what, len(certified))}
	}
	for i := range derived {
		if derived[i] != certified[i] {
			list = append(list, fmt.Sprintf("%s %d: derived %+v, certified %+v", what, i, derived[i], certified[i]))
		}
	}
	return list
}

// join shows the first few.
func join(list []string) string {
	const shown = 4
	if len(list) > shown {
		list = append(list[:shown:shown], fmt.Sprintf("and %d more", len(list)-shown))
	}
	return strings.Join(list, "; ")
}

// certificate checks the signature as the contract did.
func (r *replay) certificate() error {
	digest := r.cert.Result.Digest(r.cfg.Authority)
	r.same(StepDigest, digest == r.cert.Digest, "the certified result has digest %s, the contract took %s", digest, r.cert.Digest)
	if r.cert.Result.Epoch != r.Epoch {
		r.mismatch(StepDigest, "the certificate is of epoch %d", r.cert.Result.Epoch)
	}
	s, err := signers(r.in.Table, r.cert.NonSigners)
	if err != nil {
		r.mismatch(StepSigners, "%v", err)
		r.unchecked(StepSignature, "it is not known whose signature it would be")
		r.unchecked(StepQuorum, "it is not known who signed")
		return nil
	}
	if err := (keys.PublicKey{G1: s.key, G2: r.cert.SignersKey}).Check(); err != nil {
		r.mismatch(StepSigners, "the table's keys without %d non-signers do not sum to the certificate's: %v", len(r.cert.NonSigners), err)
	} else {
		r.ok(StepSigners, "the table's keys without %d non-signers sum to the certificate's", len(r.cert.NonSigners))
	}
	r.same(StepSignature, keys.Verify(r.cert.Signature, r.cert.SignersKey, digest), "BN254 signature of %s by the sum of %d keys", digest, s.count)
	r.same(StepQuorum, s.quorum(r.in.Parameters.QuorumPpm), "%d of %d operators signed, with weight %s of %s; %s %% are needed",
		s.count, len(r.in.Table.Members), s.signed, s.total, percent(r.in.Parameters.QuorumPpm))
	return nil
}
