package audit

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// The checks of a bundle, in the order in which they are made: docs/bundle.md
// says what each is.
const (
	CheckEncoding      = "encoding"
	CheckContent       = "content"
	CheckNetwork       = "network"
	CheckHeaders       = "headers"
	CheckBlock         = "block"
	CheckCertification = "certification"
	CheckBeacon        = "beacon"
	CheckBatches       = "batches"
	CheckReceiptKeys   = "receipt keys"
	CheckMessageKeys   = "message keys"
	CheckTable         = "operator table"
	CheckStandings     = "standings"
	CheckNodes         = "nodes"
	CheckSpecs         = "specs"
	CheckDraw          = "draw"
	CheckCommittee     = "committee"
	CheckCommitments   = "commitments"
	CheckReveals       = "reveals"
	CheckReceipts      = "receipts"
	CheckTexts         = "texts"
	CheckProvider      = "provider's evidence"
	CheckEvidence      = "committee's evidence"
	CheckVerdicts      = "verdicts"
	CheckSampleTree    = "sample tree"
	CheckResult        = "result"
	CheckDigest        = "certificate digest"
	CheckSigners       = "signers"
	CheckSignature     = "signature"
	CheckQuorum        = "quorum"
	CheckCompleteness  = "completeness"
	CheckContest       = "contest"
)

// Trust is what a verifier knows from elsewhere; nil is what it does not.
type Trust struct {
	Block   *posp.Hash // hash of the block that certified the epoch
	Network *posp.Hash // id of the network
}

// outcome is what a check comes to, and why.
type outcome struct {
	is    Outcome
	found string
}

func ok(format string, args ...any) outcome     { return outcome{OK, fmt.Sprintf(format, args...)} }
func failed(format string, args ...any) outcome { return outcome{Failed, fmt.Sprintf(format, args...)} }
func unchecked(format string, args ...any) outcome {
	return outcome{Unchecked, fmt.Sprintf(format, args...)}
}
func same(same bool, format string, args ...any) outcome {
	if same {
		return ok(format, args...)
	}
	return failed(format, args...)
}

// check is one check. What it rests on stands before it.
type check struct {
	name    string
	restsOn []string
	run     func(*verifier) outcome
}

var checks = []check{
	{CheckNetwork, nil, (*verifier).network},
	{CheckHeaders, nil, (*verifier).headers},
	{CheckBlock, []string{CheckHeaders}, (*verifier).block},
	{CheckCertification, []string{CheckHeaders}, (*verifier).certification},
	{CheckBeacon, []string{CheckHeaders}, (*verifier).beacon},
	{CheckBatches, []string{CheckHeaders}, (*verifier).batches},
	{CheckReceiptKeys, []string{CheckHeaders}, (*verifier).receiptKeys},
	{CheckMessageKeys, []string{CheckHeaders}, (*verifier).messageKeys},
	{CheckTable, nil, (*verifier).table},
	{CheckStandings, []string{CheckHeaders}, (*verifier).standings},
	{CheckNodes, []string{CheckCertification, CheckBeacon, CheckBatches, CheckReceiptKeys, CheckMessageKeys, CheckStandings}, (*verifier).allNodes},
	{CheckSpecs, nil, (*verifier).specs},
	{CheckDraw, []string{CheckBeacon, CheckBatches}, (*verifier).draw},
	{CheckCommittee, []string{CheckDraw, CheckTable}, (*verifier).committee},
	{CheckCommitments, []string{CheckMessageKeys}, (*verifier).commitments},
	{CheckReveals, []string{CheckMessageKeys}, (*verifier).reveals},
	{CheckReceipts, []string{CheckDraw, CheckReceiptKeys}, (*verifier).receipts},
	{CheckTexts, nil, (*verifier).texts},
	{CheckProvider, []string{CheckReceipts}, (*verifier).providers},
	{CheckEvidence, nil, (*verifier).evidence},
	{CheckVerdicts, []string{CheckSpecs, CheckCommittee, CheckReceipts, CheckProvider, CheckEvidence}, (*verifier).verdicts},
	{CheckSampleTree, nil, (*verifier).sampleTree},
	{CheckResult, []string{CheckVerdicts, CheckStandings, CheckBatches}, (*verifier).result},
	{CheckDigest, []string{CheckCertification}, (*verifier).digest},
	{CheckSigners, []string{CheckTable}, (*verifier).signers},
	{CheckSignature, []string{CheckSigners}, (*verifier).signature},
	{CheckQuorum, []string{CheckTable, CheckCertification, CheckSigners}, (*verifier).quorum},
	{CheckCompleteness, nil, func(*verifier) outcome {
		return unchecked("whether an operator's message was left out only that operator can say; co-signers compare the frozen commitments with those they saw")
	}},
	{CheckContest, nil, func(v *verifier) outcome {
		return unchecked("what became of the verdicts after the certificate (disputes, slashing) is on chain: posp query")
	}},
}

// Verify checks a file. It reads nothing else and has no other effect; what it
// finds is the report.
func Verify(file []byte, trust Trust) *Report {
	b, err := bundle.Read(file)
	if err != nil {
		r := &Report{Policies: []Judged{}}
		r.step(CheckEncoding, failed("%v", err))
		r.step(CheckContent, restsOn(CheckEncoding))
		for _, c := range checks {
			r.step(c.name, restsOn(CheckEncoding))
		}
		return r
	}
	return VerifyBundle(b, trust)
}

// VerifyBundle is Verify of a bundle that has been read or sealed.
func VerifyBundle(b *bundle.Bundle, trust Trust) *Report {
	return newVerifier(b, trust).verify()
}

func newVerifier(b *bundle.Bundle, trust Trust) *verifier {
	epoch := b.Epoch()
	v := &verifier{Bundle: b, trust: trust, domain: b.Network.Domain(), authority: b.Network.Authority(), parameters: b.Network.Parameters(),
		stated: b.Certificate.Result.Value(), nodes: newNodes(b.Chain.Nodes), epoch: epoch}
	v.Report = &Report{Bundle: b.ID(), Epoch: epoch, Samples: b.Manifest.Samples.Count, Held: uint32(len(b.Samples)), Redacted: b.Redacted(), Policies: []Judged{}}
	for _, x := range b.Batches {
		v.records = append(v.records, x.Record(v.domain, epoch))
		v.infos = append(v.infos, posp.ProviderInfo{Provider: x.Provider, ReceiptKey: x.ReceiptKey})
	}
	for _, m := range b.Table {
		v.rows = append(v.rows, m.Row())
	}
	for _, s := range b.Specs {
		model := s.Value()
		v.models = append(v.models, model)
		v.Report.Policies = append(v.Report.Policies, Judged{model.Spec.ID(), model.Policy.ID()})
	}
	return v
}

func (v *verifier) verify() *Report {
	v.Report.step(CheckEncoding, ok("%s, %d sections, %d of %d samples", bundle.Format, len(v.Manifest.Sections), len(v.Samples), v.Manifest.Samples.Count))
	content := ok("every section and sample has the hash that bundle %s names", v.ID())
	if err := v.CheckContent(); err != nil {
		content = failed("%v", err)
	}
	v.Report.step(CheckContent, content)
	for _, c := range checks {
		o := outcome{}
		if content.is != OK {
			o = restsOn(CheckContent)
		}
		for _, other := range c.restsOn {
			if o.is == "" && v.Report.outcome(other) != OK {
				o = restsOn(other)
			}
		}
		if o.is == "" {
			o = c.run(v)
		}
		v.Report.step(c.name, o)
	}
	v.Report.conclude()
	return v.Report
}

func restsOn(name string) outcome { return unchecked("it rests on %q", name) }

// verifier is a bundle, its sections as the vocabulary has them, and what the
// checks found out so far.
type verifier struct {
	*bundle.Bundle
	Report *Report
	trust  Trust

	epoch      uint64
	domain     posp.Domain
	authority  posp.Authority
	parameters posp.Parameters
	stated     posp.Result
	records    []posp.BatchRecord
	infos      []posp.ProviderInfo
	rows       []posp.Member
	messageKey map[posp.Address]posp.Address // of the table's operators, as the chain has them
	models     []verdict.Spec
	nodes      *nodes

	head, parent header
	log          certified
	drawn        []sampler.Assignment // of the held samples
	batchOf      []int                // theirs
	derived      *posp.Result         // of the whole epoch
	counted      signed
}

func (v *verifier) network() outcome {
	id, err := v.Network.ID()
	v.Report.Network = id
	switch {
	case err != nil:
		return failed("%v", err)
	case v.trust.Network == nil:
		return unchecked("network %s: compare it with one you trust (--trust-network, --rpc)", id)
	}
	return same(id == *v.trust.Network, "network %s of the contracts at %s and %s on chain %d; trusted is %s", id, v.domain.Registry, v.authority.Attestation, v.domain.ChainID, *v.trust.Network)
}

func (v *verifier) headers() outcome {
	var err error
	if v.head, err = parseHeader(v.Chain.Block); err != nil {
		return failed("header of the certifying block: %v", err)
	}
	if v.parent, err = parseHeader(v.Chain.Parent); err != nil {
		return failed("header of its parent: %v", err)
	}
	v.Report.Block, v.Report.BlockNumber = v.head.hash, v.head.number
	return same(v.head.parent == v.parent.hash && v.head.number == v.parent.number+1, "block %d has parent %s; the header of block %d hashes to %s", v.head.number, v.head.parent, v.parent.number, v.parent.hash)
}

func (v *verifier) block() outcome {
	if v.trust.Block == nil {
		return unchecked("everything about the chain follows from block %d, %s: compare it with a node or explorer you trust (--trust-block, --rpc)", v.head.number, v.head.hash)
	}
	return same(v.head.hash == *v.trust.Block, "block %d is %s; trusted is %s", v.head.number, v.head.hash, *v.trust.Block)
}

func (v *verifier) certification() outcome {
	r, err := v.nodes.receipt(v.head.receipts, v.Chain.Receipt)
	if err == nil {
		v.log, err = certifiedLog(r, v.authority.Attestation, v.epoch)
	}
	if err != nil {
		return failed("block %d: %v", v.head.number, err)
	}
	root := v.stated.Root()
	switch {
	case v.log.result != root:
		return failed("the contract took a result with root %s, the one here has %s", v.log.result, root)
	case v.log.sample != v.stated.SampleRoot || v.log.samples != v.stated.SampleCount:
		return failed("the contract took %d samples under %s, the result here has %d under %s", v.log.samples, v.log.sample, v.stated.SampleCount, v.stated.SampleRoot)
	case v.log.table != v.stated.TableRoot:
		return failed("the contract took table %s, the result here counts by %s", v.log.table, v.stated.TableRoot)
	}
	return ok("transaction %d of block %d certified epoch %d with result %s", v.Chain.Receipt, v.head.number, v.epoch, root)
}

func (v *verifier) beacon() outcome {
	storage, err := v.nodes.storage(v.head.state, v.domain.Registry)
	if err != nil {
		return failed("%v", err)
	}
	value, err := v.nodes.word(storage, slotBeacon(v.epoch))
	switch {
	case err != nil:
		return failed("%v", err)
	case value != v.Chain.Beacon || value == posp.Hash{}:
		return failed("the contract holds %s for epoch %d, the bundle says %s", value, v.epoch, v.Chain.Beacon)
	case len(v.Chain.BeaconBlock) == 0:
		return ok("the contract holds %s for epoch %d; the block that it is from is too long ago to be proved", value, v.epoch)
	}
	want := v.parameters.Schedule.BeaconBlock(v.epoch)
	h, err := parseHeader(v.Chain.BeaconBlock)
	if err != nil {
		return failed("header of the beacon block: %v", err)
	}
	if h.number != want {
		return failed("the header is of block %d, the schedule names %d", h.number, want)
	}
	old, err := v.nodes.storage(v.head.state, history)
	if err != nil {
		return failed("%v", err)
	}
	hash, err := v.nodes.word(old, slotHistory(want))
	switch {
	case err != nil:
		return failed("%v", err)
	case want >= v.head.number || v.head.number-want > historyBlocks:
		return failed("block %d is not among the %d before block %d", want, historyBlocks, v.head.number)
	case hash != h.hash:
		return failed("block %d is %s, the header is of %s", want, hash, h.hash)
	}
	return same(h.mix == value, "prevrandao of block %d is %s, the contract holds %s", want, h.mix, value)
}

func (v *verifier) batches() outcome {
	storage, err := v.nodes.storage(v.head.state, v.domain.Registry)
	if err != nil {
		return failed("%v", err)
	}
	count, err := v.nodes.word(storage, slotBatchCount(v.epoch))
	if err != nil {
		return failed("%v", err)
	}
	if count != wordOf(uint64(len(v.records))) {
		return failed("the contract counts %s batches in epoch %d, the bundle has %d", count.Big(), v.epoch, len(v.records))
	}
	for i, b := range v.records {
		if i > 0 && v.records[i-1].ID.Cmp(b.ID) >= 0 {
			return failed("batch %s does not ascend", b.ID)
		}
		for k, want := range batchWords(b) {
			got, err := v.nodes.word(storage, after(slotBatch(b.ID), uint64(k)))
			if err != nil {
				return failed("batch %s: %v", b.ID, err)
			}
			if got != want {
				return failed("batch %s of provider %s is not what the contract holds: word %d is %s, not %s", b.ID, b.Provider, k, got, want)
			}
		}
	}
	if len(v.stated.Batches) != len(v.records) {
		return failed("the result has %d batches, the epoch %d", len(v.stated.Batches), len(v.records))
	}
	for i, r := range v.stated.Batches {
		if r.BatchID != v.records[i].ID || r.Provider != v.records[i].Provider {
			return failed("the result's batch %d is %s of %s, the epoch's is %s of %s", i, r.BatchID, r.Provider, v.records[i].ID, v.records[i].Provider)
		}
	}
	return ok("the contract holds all %d of them, as they are here", len(v.records))
}

// keys reads from the KeyRegistry the keys that count in the epoch.
func (v *verifier) keys(purpose uint64) (func(account posp.Address) (posp.Address, error), error) {
	storage, err := v.nodes.storage(v.head.state, v.Network.KeyRegistry)
	if err != nil {
		return nil, err
	}
	return func(account posp.Address) (posp.Address, error) {
		return keyAt(func(slot posp.Hash) (posp.Hash, error) { return v.nodes.word(storage, slot) }, account, purpose, v.epoch)
	}, nil
}

func (v *verifier) receiptKeys() outcome {
	keyOf, err := v.keys(ofReceipts)
	if err != nil {
		return failed("%v", err)
	}
	for _, p := range v.infos {
		switch key, err := keyOf(p.Provider); {
		case err != nil:
			return failed("provider %s: %v", p.Provider, err)
		case key != p.ReceiptKey || key == (posp.Address{}):
			return failed("the contract holds receipt key %s of provider %s, the bundle says %s", key, p.Provider, p.ReceiptKey)
		}
	}
	return ok("the contract holds those of all %d providers", len(v.infos))
}

func (v *verifier) messageKeys() outcome {
	keyOf, err := v.keys(ofMessages)
	if err != nil {
		return failed("%v", err)
	}
	v.messageKey = map[posp.Address]posp.Address{}
	for _, m := range v.Table {
		key, err := keyOf(m.Operator)
		if err != nil {
			return failed("operator %s: %v", m.Operator, err)
		}
		if key == (posp.Address{}) {
			key = m.Operator
		}
		if key != m.MessageKey {
			return failed("messages of operator %s are signed by %s, the bundle says %s", m.Operator, key, m.MessageKey)
		}
		v.messageKey[m.Operator] = key
	}
	return ok("the contract holds those of all %d operators", len(v.Table))
}

func (v *verifier) table() outcome {
	root, err := sampler.TableRoot(v.rows)
	if err != nil {
		return failed("%v", err)
	}
	for _, m := range v.rows {
		key, err := keys.G1FromXY(m.KeyX, m.KeyY)
		if err != nil || key.IsInfinity() {
			return failed("the key of operator %s is no key: %v", m.Operator, err)
		}
		if m.Weight.IsZero() {
			return failed("operator %s weighs nothing", m.Operator)
		}
	}
	return same(root == v.stated.TableRoot, "%d operators have root %s; the certificate counts by %s", len(v.rows), root, v.stated.TableRoot)
}

func (v *verifier) standings() outcome {
	before := v.Standings
	if len(before) != len(v.stated.Standings) {
		return failed("%d standings before the epoch, %d after it", len(before), len(v.stated.Standings))
	}
	storage, err := v.nodes.storage(v.parent.state, v.authority.Attestation)
	if err != nil {
		return failed("%v", err)
	}
	for i, s := range v.stated.Standings {
		if before[i].Subject != s.Subject || before[i].SpecID != s.SpecID {
			return failed("standing %d is of %s, the result's of %s", i, before[i].Subject, s.Subject)
		}
		if i > 0 && cmp.Or(before[i-1].Subject.Cmp(s.Subject), before[i-1].SpecID.Cmp(s.SpecID)) >= 0 {
			return failed("standing %d, of %s, does not ascend", i, s.Subject)
		}
		w, err := v.nodes.word(storage, slotStanding(s))
		if err != nil {
			return failed("standing of %s: %v", s.Subject, err)
		}
		if w != wordOf(uint64(before[i].Value)) {
			return failed("%s stood at %s under spec %s in block %d, the bundle says %d", s.Subject, w.Big(), s.SpecID, v.parent.number, uint64(before[i].Value))
		}
	}
	return ok("the contract held all %d in block %d, before the certificate", len(before), v.parent.number)
}

func (v *verifier) allNodes() outcome {
	switch {
	case !v.nodes.sorted:
		return failed("they do not ascend by hash")
	case len(v.nodes.used) != len(v.nodes.byHash):
		return failed("%d of %d prove nothing", len(v.nodes.byHash)-len(v.nodes.used), len(v.nodes.byHash))
	}
	return ok("%d, each part of a proof", len(v.nodes.byHash))
}

func (v *verifier) specs() outcome {
	var last posp.Hash
	for i, s := range v.models {
		id := s.Spec.ID()
		if i > 0 && last.Cmp(id) >= 0 {
			return failed("spec %s does not ascend", id)
		}
		last = id
		if err := s.Policy.Check(); err != nil {
			return failed("spec %s: %v", id, err)
		}
		if policy := s.Policy.ID(); policy != s.Spec.PolicyID {
			return failed("spec %s names policy %s, the one here is %s", id, s.Spec.PolicyID, policy)
		}
	}
	return ok("%d, each with the policy that it names", len(v.models))
}

// draw finds the leaf of every held sample.
func (v *verifier) draw() outcome {
	n, at := uint64(0), 0
	v.drawn, v.batchOf = make([]sampler.Assignment, len(v.Samples)), make([]int, len(v.Samples))
	for i, b := range v.records {
		k := sampler.Count(b.LeafCount, b.Rate)
		draw, err := sampler.New(posp.Seed(v.domain, v.epoch, b.ID, v.Chain.Beacon), b.LeafCount, k)
		if err != nil {
			return failed("batch %s: %v", b.ID, err)
		}
		if k > sampler.MaxSamples-n { // n is not above it
			return failed("more than %d samples are drawn", sampler.MaxSamples)
		}
		for j, leaf := range draw.All() {
			if at < len(v.Samples) && uint64(v.Samples[at].Index) == n+j {
				id := posp.SampleID(b.ID, j, leaf)
				if v.Samples[at].Result.SampleID != id {
					return failed("sample %d is %s, %s was drawn", n+j, v.Samples[at].Result.SampleID, id)
				}
				v.drawn[at], v.batchOf[at] = sampler.Assignment{SampleID: id, BatchID: b.ID, J: j, Leaf: leaf}, i
				at++
			}
		}
		n += k
	}
	return same(n == uint64(v.Manifest.Samples.Count) && n == v.stated.SampleCount, "%d samples are drawn of %d batches; the bundle says %d, the certificate %d", n, len(v.records), v.Manifest.Samples.Count, v.stated.SampleCount)
}

func (v *verifier) committee() outcome {
	m := int(min(v.parameters.Committee, math.MaxInt32))
	var committees *sampler.Committees
	of := -1
	for i := range v.Samples {
		if of != v.batchOf[i] {
			of = v.batchOf[i]
			b := v.records[of]
			var err error
			if committees, err = sampler.NewCommittees(posp.Seed(v.domain, v.epoch, b.ID, v.Chain.Beacon), v.rows, b.Provider); err != nil {
				return failed("%v", err)
			}
		}
		rows := committees.Append(nil, v.drawn[i].J, m)
		members := v.Samples[i].Members
		for _, row := range rows {
			v.drawn[i].Committee = append(v.drawn[i].Committee, v.rows[row].Operator)
		}
		if len(members) != len(rows) {
			return failed("sample %s has %d members, %d were drawn", v.drawn[i].SampleID, len(members), len(rows))
		}
		for k, operator := range v.drawn[i].Committee {
			if members[k].Operator != operator {
				return failed("member %d of sample %s is %s, %s was drawn", k, v.drawn[i].SampleID, members[k].Operator, operator)
			}
		}
	}
	return ok("%d of %d operators for each sample, by stake, without the provider", min(m, len(v.rows)), len(v.rows))
}

func (v *verifier) commitments() outcome {
	items := map[sent]posp.Hash{}
	for operator, m := range v.Commitments {
		if m.Operator != operator {
			return failed("those of %s are in the section of %s", m.Operator, operator)
		}
		if signer, err := posp.RecoverSigner(m.Digest(v.authority), m.Signature); err != nil || signer != v.messageKey[operator] {
			return failed("those of %s are not signed by its message key (%s, %v)", operator, signer, err)
		}
		for _, it := range m.Items {
			items[sent{operator, it.SampleID}] = it.Commitment
		}
	}
	left, n := 0, 0
	for i := range v.Samples {
		s := &v.Samples[i]
		for _, m := range s.Members {
			c, has := items[sent{m.Operator, s.Result.SampleID}]
			if m.Committed {
				n++
			}
			switch {
			case v.Commitments[m.Operator] == nil && m.Committed:
				left++
			case has != m.Committed || c != m.Commitment:
				return failed("%s committed to something else for sample %s", m.Operator, s.Result.SampleID)
			}
		}
	}
	if left > 0 {
		return unchecked("the messages of %d of %d commitments are left out", left, n)
	}
	return ok("%d, by the signatures of %d operators", n, len(v.Commitments))
}

func (v *verifier) reveals() outcome {
	items := map[sent]posp.Revealed{}
	for operator, m := range v.Reveals {
		if m.Operator != operator {
			return failed("those of %s are in the section of %s", m.Operator, operator)
		}
		digest := posp.RevealsDigest(v.authority, v.epoch, operator, m.Items)
		if signer, err := posp.RecoverSigner(digest, m.Signature); err != nil || signer != v.messageKey[operator] {
			return failed("those of %s are not signed by its message key (%s, %v)", operator, signer, err)
		}
		for _, it := range m.Items {
			items[sent{operator, it.SampleID}] = it
		}
	}
	left, n := 0, 0
	for i := range v.Samples {
		s := &v.Samples[i]
		for _, m := range s.Members {
			it, has := items[sent{m.Operator, s.Result.SampleID}]
			if m.Revealed {
				n++
			}
			switch {
			case v.Reveals[m.Operator] == nil && m.Revealed:
				left++
			case has != m.Revealed || it.Evidence != m.Bytes || it.Salt != m.Salt:
				return failed("%s revealed something else of sample %s", m.Operator, s.Result.SampleID)
			}
		}
	}
	if left > 0 {
		return unchecked("the messages of %d of %d reveals are left out", left, n)
	}
	return ok("%d, by the signatures of %d operators", n, len(v.Reveals))
}

// first is what of the held samples, in order, is the first that do does not
// find right; they are looked at side by side.
func (v *verifier) first(do func(i int, s *bundle.Sample) error) error {
	var mu sync.Mutex
	at, found := len(v.Samples), error(nil)
	bundle.Each(len(v.Samples), func(i int) {
		if err := do(i, &v.Samples[i]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			if i < at {
				at, found = i, fmt.Errorf("sample %s: %w", v.Samples[i].Result.SampleID, err)
			}
		}
	})
	return found
}

func (v *verifier) receipts() outcome {
	opened := 0
	for i := range v.Samples {
		if v.Samples[i].Opened {
			opened++
		}
	}
	if err := v.first(func(i int, s *bundle.Sample) error {
		if !s.Opened {
			return nil
		}
		of := v.batchOf[i]
		return verdict.VerifyReceipt(v.domain, v.records[of].Batch, v.drawn[i].Leaf, v.infos[of].ReceiptKey, s.Receipt, s.Proof)
	}); err != nil {
		return failed("%v", err)
	}
	if closed := len(v.Samples) - opened; closed > 0 {
		return ok("%d of %d samples were opened, each by a receipt at its leaf that its provider signed; whether %d were withheld is the committee's word", opened, len(v.Samples), closed)
	}
	return ok("%d, each at its leaf and signed by its provider", opened)
}

func (v *verifier) texts() outcome {
	held, left := 0, 0
	for i := range v.Samples {
		if s := &v.Samples[i]; s.Opened {
			held++
			if s.Request == nil || s.Output == nil {
				left++
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		o, err := s.Opening(0)
		if err != nil || o == nil {
			return err
		}
		if s.Request != nil {
			err = o.MatchesRequest()
		}
		if s.Output != nil && err == nil {
			err = o.MatchesOutput()
		}
		return err
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("of %d of %d samples the text is left out: verdicts take it to be in order, and nothing can be recomputed from it", left, held)
	}
	return ok("%d prompts and outputs are those that the receipts commit to", held)
}

func (v *verifier) providers() outcome {
	shown, left := 0, 0
	for i := range v.Samples {
		if s := &v.Samples[i]; s.Shown {
			shown++
			if s.Evidence == nil {
				left++
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		if !s.Shown {
			return nil
		}
		if s.Evidence != nil {
			if got := crypto.Keccak256Hash(s.Evidence); got != s.EvidenceBytes {
				return posp.Invalidf("the provider's evidence hashes to %s, the sample says %s", got, s.EvidenceBytes)
			}
			if _, err := posp.DecodeEvidence(s.Evidence); err != nil {
				return err
			}
		}
		if got := posp.EvidencePartHash(s.EvidenceSalt, s.EvidenceBytes); got != s.Receipt.EvidenceHash {
			return posp.Invalidf("the provider's evidence part hashes to %s, its receipt says %s", got, s.Receipt.EvidenceHash)
		}
		return nil
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("%d of %d are left out", left, shown)
	}
	return ok("%d, as the receipts commit to it", shown)
}

func (v *verifier) evidence() outcome {
	n, left := 0, 0
	for i := range v.Samples {
		for _, m := range v.Samples[i].Members {
			if m.Revealed {
				n++
				if m.Evidence == nil {
					left++
				}
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		var receipt, provider posp.Hash
		if s.Opened {
			receipt = s.Receipt.Digest(v.domain)
			if s.Shown {
				provider = s.EvidenceBytes
			}
		}
		members, whole := make([]posp.HeldEvidence, len(s.Members)), true
		for k, m := range s.Members {
			members[k] = posp.HeldEvidence{Operator: m.Operator, Commitment: m.Commitment}
			if !m.Revealed {
				continue
			}
			if m.Evidence == nil {
				whole = false
				continue
			}
			if got := crypto.Keccak256Hash(m.Evidence); got != m.Bytes {
				return posp.Invalidf("the evidence of %s hashes to %s, the sample says %s", m.Operator, got, m.Bytes)
			}
			if opens(s, m) {
				members[k].Evidence = m.Bytes
			}
		}
		if got := posp.EvidenceSetHash(receipt, provider, members); whole && got != s.Result.Evidence {
			return posp.Invalidf("what is held hashes to %s, the verdict rests on %s", got, s.Result.Evidence)
		}
		return nil
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("%d of %d are left out", left, n)
	}
	return ok("%d, and the verdicts rest on them", n)
}

// opens says whether a member's evidence is what it had committed to.
func opens(s *bundle.Sample, m bundle.Sent) bool {
	return m.Committed && m.Revealed && posp.Commitment(m.Operator, s.Result.SampleID, m.Evidence, m.Salt) == m.Commitment
}

// input is what verdicts are derived from, without evidence.
func (v *verifier) input() verdict.EpochInput {
	in := verdict.EpochInput{Domain: v.domain, Authority: v.authority, Epoch: v.epoch, Beacon: v.Chain.Beacon, Parameters: v.parameters,
		Table: posp.Table{Root: v.stated.TableRoot, Members: v.rows}, Batches: v.records, Providers: v.infos, Specs: v.models}
	if v.Report.outcome(CheckStandings) == OK {
		for _, s := range v.Standings {
			in.Standings = append(in.Standings, posp.Standing{Subject: s.Subject, SpecID: s.SpecID, Value: uint64(s.Value)})
		}
	}
	return in
}

// held is what a sample holds as package verdict takes it: it was checked
// before. A text that is left out is taken to be in order.
func (v *verifier) held(i int) (h verdict.Held, err error) {
	s := &v.Samples[i]
	if h.Opening, err = s.Opening(v.drawn[i].Leaf); err != nil {
		return h, err
	}
	if h.Opening != nil && h.Opening.Withheld {
		for _, spec := range v.models {
			if spec.Spec.ID() == s.Receipt.SpecID {
				inOrder(h.Opening, spec.Spec, s.Request == nil, s.Output == nil)
			}
		}
	}
	if s.Shown {
		e, err := posp.DecodeEvidence(s.Evidence)
		if err != nil {
			return h, err
		}
		h.Provider = &e
	}
	for _, m := range s.Members {
		h.Committee = append(h.Committee, verdict.HeldMember{Commitment: m.Commitment, Revealed: opens(s, m), Evidence: m.Evidence})
	}
	return h, nil
}

// inOrder fills in texts that are left out by some that nothing can be said
// against, as far as a receipt says what they are. Their tokens play no part in
// judging; only their form does. What claims to be longer than maxFilled, twice
// what a part can hold, is not filled in, and does not come to what it should.
func inOrder(o *posp.Opening, spec posp.ModelSpec, request, output bool) {
	seed := o.Request.TraceSeed
	switch {
	case request && !output:
		seed = o.Output.TraceSeed
	case request && spec.Private():
		seed = posp.Hash{31: 1}
	}
	o.Request.TraceSeed, o.Output.TraceSeed = seed, seed
	// One that is not the last token, whichever that is.
	filler := uint32(0)
	if spec.EOS == 0 {
		filler = 1
	}
	fill := func(n uint32) []uint32 {
		t := make([]uint32, min(n, spec.ContextLimit, maxFilled))
		for i := range t {
			t[i] = filler
		}
		return t
	}
	if request {
		o.Request.Tokens = fill(o.Receipt.PromptTokens)
	}
	if output {
		o.Output.Tokens = fill(o.Receipt.OutputTokens)
		if n := len(o.Output.Tokens); n > 0 && o.Output.Finish == posp.FinishStop {
			o.Output.Tokens[n-1] = spec.EOS
		}
	}
	o.Withheld = false
}

// maxFilled bounds the tokens of a text that is filled in: a file can claim 2^32.
const maxFilled = 1 << 20

// byText says whether a verdict may rest on a text that is left out.
func byText(s *bundle.Sample) bool {
	if !s.Opened || s.Request != nil && s.Output != nil {
		return false
	}
	return s.Result.Class == posp.Truncated || s.Result.Class == posp.WrongTokenCount || s.Result.Class == posp.Malformed
}

func (v *verifier) verdicts() outcome {
	if v.Report.outcome(CheckTexts) == Failed {
		return restsOn(CheckTexts)
	}
	compare := func(i int, r posp.SampleResult) error {
		s := &v.Samples[i]
		if stated := s.Result; r != stated && !byText(s) {
			return posp.Invalidf("%s is derived, %s certified", finding(r), finding(stated))
		}
		return nil
	}
	var wrong error
	if v.Whole() {
		i, at := 0, 0
		d, err := verdict.DeriveFrom(v.input(), func(sampler.Assignment) (verdict.Held, error) { i++; return v.held(i - 1) }, func(_ sampler.Assignment, r posp.SampleResult) error {
			if err := compare(at, r); err != nil && wrong == nil {
				wrong = fmt.Errorf("sample %s: %w", r.SampleID, err)
			}
			at++
			return nil
		})
		if err != nil {
			return failed("nothing can be derived: %v", err)
		}
		v.derived = &d.Result
	} else {
		judge, err := verdict.Judges(v.input())
		if err != nil {
			return failed("nothing can be derived: %v", err)
		}
		wrong = v.first(func(i int, _ *bundle.Sample) error {
			h, err := v.held(i)
			if err != nil {
				return err
			}
			return compare(i, judge(v.drawn[i], h))
		})
	}
	if wrong != nil {
		return failed("%v", wrong)
	}
	counts, open := map[posp.Verdict]int{}, 0
	for i := range v.Samples {
		counts[v.Samples[i].Result.Verdict]++
		if byText(&v.Samples[i]) {
			open++
		}
	}
	var list []string
	for k := posp.Pass; k <= posp.Unavailable; k++ {
		if counts[k] > 0 {
			list = append(list, fmt.Sprintf("%d %s", counts[k], k))
		}
	}
	switch {
	case open > 0:
		return unchecked("%d of %d rest on texts that are left out", open, len(v.Samples))
	case v.Report.outcome(CheckTexts) != OK:
		return ok("derived anew, with texts that are left out taken to be in order: %s", strings.Join(list, ", "))
	}
	return ok("derived anew: %s", strings.Join(list, ", "))
}

func (v *verifier) sampleTree() outcome {
	results := v.ResultHashes()
	if v.Whole() {
		root := merkle.Root(results)
		return same(root == v.stated.SampleRoot && uint64(len(results)) == v.stated.SampleCount, "the %d results have root %s; certified is %s of %d", len(results), root, v.stated.SampleRoot, v.stated.SampleCount)
	}
	for i, r := range results {
		if err := merkle.Verify(v.stated.SampleRoot, r, uint64(v.Samples[i].Index), v.stated.SampleCount, v.Samples[i].Certified); err != nil {
			return failed("sample %s: %v", v.Samples[i].Result.SampleID, err)
		}
	}
	return ok("%d of %d results stand under the certified root %s", len(results), v.stated.SampleCount, v.stated.SampleRoot)
}

func (v *verifier) result() outcome {
	if !v.Whole() {
		return unchecked("it follows from all %d samples, of which %d are here", v.Manifest.Samples.Count, len(v.Samples))
	}
	if diff := differences(*v.derived, v.stated); len(diff) > 0 {
		return failed("derived from %d samples: %s", len(v.Samples), join(diff))
	}
	return ok("%d batches, %d samples, %d standings and %d faults are derived, as certified", len(v.stated.Batches), len(v.Samples), len(v.stated.Standings), len(v.stated.Faults))
}

func (v *verifier) digest() outcome {
	digest := v.stated.Digest(v.authority)
	return same(digest == v.log.digest, "the result and its %d faults have digest %s; the contract took %s", len(v.stated.Faults), digest, v.log.digest)
}

func (v *verifier) signers() outcome {
	var absent []uint64
	for _, n := range v.Certificate.NonSigners {
		absent = append(absent, uint64(n))
	}
	var err error
	if v.counted, err = signers(posp.Table{Members: v.rows}, absent); err != nil {
		return failed("%v", err)
	}
	key, err := keys.ParseG2(v.Certificate.SignersKey)
	if err != nil {
		return failed("%v", err)
	}
	if err := (keys.PublicKey{G1: v.counted.key, G2: key}).Check(); err != nil {
		return failed("the table's keys without %d non-signers do not sum to the certificate's: %v", len(absent), err)
	}
	return ok("the table's keys without %d non-signers sum to the certificate's", len(absent))
}

func (v *verifier) signature() outcome {
	digest := v.stated.Digest(v.authority)
	key, err := keys.ParseG2(v.Certificate.SignersKey)
	if err != nil {
		return failed("%v", err)
	}
	sig, err := keys.ParseG1(v.Certificate.Signature)
	if err != nil {
		return failed("%v", err)
	}
	return same(keys.Verify(sig, key, digest), "BN254 signature of %s by the sum of %d keys", digest, v.counted.count)
}

func (v *verifier) quorum() outcome {
	c := v.counted
	if v.log.signed.ToBig().Cmp(c.signed) != 0 || v.log.total.ToBig().Cmp(c.total) != 0 {
		return failed("weight %s of %s signed, the contract counted %s of %s", c.signed, c.total, v.log.signed, v.log.total)
	}
	return same(c.quorum(v.parameters.QuorumPpm), "%d of %d operators signed, with weight %s of %s; %s %% are needed", c.count, len(v.rows), c.signed, c.total, percent(v.parameters.QuorumPpm))
}
