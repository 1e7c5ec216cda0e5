package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
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
	CheckLogHead       = "log head"
	CheckLogEntries    = "log entries"
	CheckCompleteness  = "completeness"
	CheckContest       = "contest"
)

// Trust is what a verifier knows from elsewhere; nil is what it does not.
type Trust struct {
	Block   *posp.Hash // hash of the block that certified the epoch
	Network *posp.Hash // id of the network
	Log     LogPolicy  // of the network's transparency log
}

// outcome is what a check comes to, and why.
type outcome struct {
	is    Outcome
	found string
}

func ok(format string, args ...any) outcome { return outcome{OK, fmt.Sprintf(format, args...)} }

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
	{CheckLogHead, nil, (*verifier).logHead},
	{CheckLogEntries, nil, (*verifier).logEntries},
	{CheckCompleteness, nil, func(*verifier) outcome {
		return unchecked("whether an operator's message was left out only that operator can say; co-signers compare the frozen commitments with those they saw")
	}},
	{CheckContest, nil, func(v *verifier) outcome {
		return unchecked("what became of the verdicts after the certificate (disputes, slashing) is on chain: posp query")
	}},
}

// Checks are the names of all checks of a bundle, in their order.
func Checks() []string {
	list := []string{CheckEncoding, CheckContent}
	for _, c := range checks {
		list = append(list, c.name)
	}
	return list
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
	for _, x := range b.Demands {
		v.demands = append(v.demands, x.Value(b.Network, epoch))
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
	demands    []posp.Demand
	rows       []posp.Member
	messageKey map[posp.Address]posp.Address // of the table's operators, as the chain has them
	models     []verdict.Spec
	nodes      *nodes

	head, parent header
	event        certified
	drawn        []sampler.Assignment // of the held samples
	batchOf      []int                // theirs; len(records) and above are demands
	derived      *posp.Result         // of the whole epoch
	counted      signed
	tree         tlog.Tree // that the log's head signs
}
