package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/verdict"
)

// recent is of how many epochs, the newest, an answer tells.
const recent = 8

// Query prints what the contracts say: of the deployment (no argument), of an
// address, of an epoch (a number), or of a batch or fault (32 bytes).
func Query(ctx context.Context, n Network, rpc string, args []string, asJSON bool, out io.Writer) error {
	ask, err := parseQuery(args)
	if err != nil {
		return err
	}
	site, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer site.Client.Close()
	q := query{Protocol: site.Reader(), site: site}
	if q.head, err = q.Block(ctx); err != nil {
		return err
	}
	a, err := ask(ctx, &q)
	if err != nil {
		return err
	}
	return show(a, asJSON, out)
}

func parseQuery(args []string) (func(context.Context, *query) (answer, error), error) {
	if len(args) == 0 {
		return func(ctx context.Context, q *query) (answer, error) { return q.overview(ctx) }, nil
	}
	if len(args) > 1 {
		return nil, fmt.Errorf("query takes one argument, not %d: an address, an epoch, or the id of a batch or fault", len(args))
	}
	arg := args[0]
	if b, err := hexutil.Decode(arg); err == nil {
		switch len(b) {
		case common.AddressLength:
			return func(ctx context.Context, q *query) (answer, error) { return q.party(ctx, posp.Address(b)) }, nil
		case common.HashLength:
			return func(ctx context.Context, q *query) (answer, error) { return q.id(ctx, posp.Hash(b)) }, nil
		}
		return nil, fmt.Errorf("query: %s has %d bytes: an address has 20, the id of a batch or fault 32", arg, len(b))
	}
	epoch, err := strconv.ParseUint(arg, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("query: %q is no address (0x and 40 hexadecimal digits), no epoch (a number), and no id of a batch or fault (0x and 64 hexadecimal digits)", arg)
	}
	return func(ctx context.Context, q *query) (answer, error) { return q.epoch(ctx, epoch) }, nil
}

// query reads as of about one block.
type query struct {
	*chain.Protocol
	site   *Site
	head   uint64
	faults []faultLine // once read
	read   bool
}

func (q *query) schedule() posp.Schedule { return q.site.Parameters.Schedule }

// status of an epoch, or its phase while it has none.
func (q *query) status(s chain.Status, epoch uint64) string {
	if s == chain.StatusNone {
		return string(q.schedule().Phase(epoch, q.head))
	}
	return s.String()
}

// nats shows Q16.
func nats(q16 uint64) float64 { return float64(q16) / verdict.Nat }

// overview is a deployment.
type overview struct {
	ChainID    uint64          `json:"chainId"`
	Block      uint64          `json:"block"`
	Epoch      uint64          `json:"epoch"` // that serves now
	Parameters posp.Parameters `json:"parameters"`
	Contracts  chain.Addresses `json:"contracts"`
	Models     []modelLine     `json:"models"`
	Epochs     []epochLine     `json:"epochs"` // newest first
}

type modelLine struct {
	Name   string    `json:"name"`
	SpecID posp.Hash `json:"specId"`
}

type epochLine struct {
	Epoch       uint64 `json:"epoch"`
	Status      string `json:"status"`
	CertifiedAt uint64 `json:"certifiedAt,omitempty"` // block
	Batches     int    `json:"batches"`
	counts
	Faults int `json:"faults"`
}

// counts are verdicts of samples.
type counts struct {
	Samples      uint32 `json:"samples"`
	Passed       uint32 `json:"passed"`
	Failed       uint32 `json:"failed"`
	Inconclusive uint32 `json:"inconclusive"`
	Unavailable  uint32 `json:"unavailable"`
}

func (c *counts) add(b posp.BatchResult) {
	c.Samples += b.Samples
	c.Passed += b.Passed
	c.Failed += b.Failed
	c.Inconclusive += b.Inconclusive
	c.Unavailable += b.Unavailable
}

const countsHead = "SAMPLES\tPASS\tFAIL\tINCONCLUSIVE\tUNAVAILABLE"

func (c counts) String() string {
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%d", c.Samples, c.Passed, c.Failed, c.Inconclusive, c.Unavailable)
}

func (q *query) overview(ctx context.Context) (answer, error) {
	n := q.site.Network
	o := overview{ChainID: n.ChainID, Block: q.head, Epoch: q.schedule().EpochAt(q.head), Parameters: q.site.Parameters, Contracts: n.Contracts, Epochs: []epochLine{}}
	for _, m := range n.Models {
		o.Models = append(o.Models, modelLine{m.Name, m.Spec.ID()})
	}
	if q.head < q.schedule().Genesis {
		return o, nil
	}
	faults, err := q.allFaults(ctx)
	if err != nil {
		return nil, err
	}
	for back := range min(o.Epoch+1, recent) {
		e := o.Epoch - back
		status, at, err := q.EpochStatus(ctx, e)
		if err != nil {
			return nil, err
		}
		line := epochLine{Epoch: e, Status: q.status(status, e), CertifiedAt: at}
		batches, err := q.batches(ctx, e)
		if err != nil {
			return nil, err
		}
		line.Batches = len(batches)
		for _, b := range batches {
			line.add(b.Result)
		}
		for _, f := range faults {
			if f.Epoch == e {
				line.Faults++
			}
		}
		o.Epochs = append(o.Epochs, line)
	}
	return o, nil
}

func (o overview) print(t *tabwriter.Writer) {
	s, c := o.Parameters.Schedule, o.Contracts
	fmt.Fprintf(t, "chain\t%d, at block %d\n", o.ChainID, o.Block)
	if o.Block < s.Genesis {
		fmt.Fprintf(t, "epoch\tnone yet: epoch 0 begins at block %d\n", s.Genesis)
	} else {
		fmt.Fprintf(t, "epoch\t%d, up to block %d\n", o.Epoch, s.Start(o.Epoch+1)-1)
	}
	fmt.Fprintf(t, "schedule\tgenesis %d; blocks: epoch %d, grace %d, beacon %d, commit %d, reveal %d, certify %d, contest %d\n",
		s.Genesis, s.EpochBlocks, s.GraceBlocks, s.BeaconDelay, s.CommitBlocks, s.RevealBlocks, s.CertifyBlocks, s.ContestBlocks)
	fmt.Fprintf(t, "committee\t%d operators for each sample\n", o.Parameters.Committee)
	fmt.Fprintf(t, "quorum\t%s of the operators' weight\n", share(float64(o.Parameters.QuorumPpm)/1e6))
	fmt.Fprintf(t, "fault line\t%.2f nats\n", nats(o.Parameters.FaultLine))
	for _, m := range o.Models {
		fmt.Fprintf(t, "model\t%s, spec %s\n", m.Name, m.SpecID)
	}
	for _, a := range []struct {
		name string
		at   posp.Address
	}{{"ServiceManager", c.ServiceManager}, {"BatchRegistry", c.BatchRegistry}, {"OperatorTable", c.OperatorTable},
		{"AttestationRegistry", c.AttestationRegistry}, {"FaultManager", c.FaultManager}, {"RefundPool", c.RefundPool}} {
		fmt.Fprintf(t, "%s\t%s\n", a.name, a.at)
	}
	if len(o.Epochs) > 0 {
		fmt.Fprintf(t, "\nEPOCH\tSTATUS\tBATCHES\t%s\tFAULTS\n", countsHead)
	}
	for _, e := range o.Epochs {
		fmt.Fprintf(t, "%d\t%s\t%d\t%s\t%d\n", e.Epoch, e.Status, e.Batches, e.counts, e.Faults)
	}
}

// integer is one in JSON as a string: it may be above what a reader's numbers
// can hold.
type integer struct{ *big.Int }

func (i integer) MarshalJSON() ([]byte, error) { return json.Marshal(i.String()) }

// percentOf shows a share of weights.
func percentOf(part, total *big.Int) string {
	if total.Sign() == 0 {
		return "0.0 %"
	}
	x, _ := new(big.Rat).SetFrac(part, total).Float64()
	return fmt.Sprintf("%.1f %%", 100*x)
}

func share(x float64) string { return strconv.FormatFloat(100*x, 'f', -1, 64) + " %" }

// batchLine is a batch and what became of it.
type batchLine struct {
	posp.BatchRecord
	Status  string           `json:"status"`
	Result  posp.BatchResult `json:"result"`
	Faulted bool             `json:"faulted"`
}

func (q *query) batch(ctx context.Context, b posp.BatchRecord) (batchLine, error) {
	status, result, faulted, err := q.BatchVerdict(ctx, b.ID)
	return batchLine{b, q.status(status, b.Epoch), result, faulted}, err
}

func (q *query) batches(ctx context.Context, epoch uint64) (list []batchLine, err error) {
	records, err := q.Batches(ctx, epoch)
	if err != nil {
		return nil, err
	}
	list = make([]batchLine, len(records))
	for i, b := range records {
		if list[i], err = q.batch(ctx, b); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func printBatches(t *tabwriter.Writer, list []batchLine) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(t, "\nEPOCH\tPROVIDER\tBATCH\tRECEIPTS\tSTATUS\t%s\n", countsHead)
	for _, b := range list {
		var c counts
		c.add(b.Result)
		status := b.Status
		if b.Faulted {
			status += ", charged"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%d\t%s\t%s\n", b.Epoch, b.Provider, b.ID, b.LeafCount, status, c)
	}
}

// faultLine is a charge and how it stands.
type faultLine struct {
	ID           posp.Hash    `json:"id"`
	Epoch        uint64       `json:"epoch"`
	Kind         string       `json:"kind"`
	Subject      posp.Address `json:"subject"`
	BatchID      posp.Hash    `json:"batchId"`
	Ref          posp.Hash    `json:"ref"` // the sample (withholding) or the spec (statistical)
	Status       string       `json:"status"`
	ExecutableAt uint64       `json:"executableAt"`      // block
	SlashID      *integer     `json:"slashId,omitempty"` // EigenLayer's, once executed
}

// allFaults are all charges, in the order in which they were recorded.
func (q *query) allFaults(ctx context.Context) ([]faultLine, error) {
	if q.read {
		return q.faults, nil
	}
	events, err := q.Faults(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		state, err := q.Fault(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		line := faultLine{e.ID, e.Epoch, e.Kind.String(), e.Subject, e.BatchID, e.Ref, state.Status.String(), e.ExecutableAt, nil}
		if state.Status == chain.FaultExecuted {
			line.SlashID = &integer{state.SlashID}
		}
		q.faults = append(q.faults, line)
	}
	q.read = true
	return q.faults, nil
}

func (q *query) faultsOf(ctx context.Context, has func(faultLine) bool) ([]faultLine, error) {
	all, err := q.allFaults(ctx)
	list := []faultLine{}
	for _, f := range all {
		if has(f) {
			list = append(list, f)
		}
	}
	return list, err
}

func printFaults(t *tabwriter.Writer, list []faultLine) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(t, "\nEPOCH\tFAULT\tSUBJECT\tSTATUS\tEXECUTABLE AT\tID")
	for _, f := range list {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%d\t%s\n", f.Epoch, f.Kind, f.Subject, f.Status, f.ExecutableAt, f.ID)
	}
}

// party is a provider, an operator, or both.
type party struct {
	Address   posp.Address   `json:"address"`
	Jailed    bool           `json:"jailed"`
	Provider  *providerPart  `json:"provider"` // null: it is none
	Operator  *operatorPart  `json:"operator"` // null: it is none
	Standings []standingLine `json:"standings"`
	FaultLine float64        `json:"faultLine"` // nats
	Faults    []faultLine    `json:"faults"`
}

type providerPart struct {
	ReceiptKey   posp.Address  `json:"receiptKey"`
	URL          string        `json:"url"`
	NextSequence uint64        `json:"nextSequence"`
	Batches      []batchLine   `json:"batches"`  // of the newest epochs, newest first
	Disputes     []disputeLine `json:"disputes"` // of verdicts on its answers, oldest first
}

// disputeLine is an assertion about a provider's answer.
type disputeLine struct {
	ID        posp.Hash    `json:"id"`
	Epoch     uint64       `json:"epoch"`
	SampleID  posp.Hash    `json:"sampleId"`
	Certified string       `json:"certified"`
	Verdict   string       `json:"verdict"` // that takes its place if the assertion stands
	Status    string       `json:"status"`
	Asserter  posp.Address `json:"asserter"`
}

// disputes are those about a provider; none where nothing can be contested.
func (q *query) disputes(ctx context.Context, who posp.Address) ([]disputeLine, error) {
	list := []disputeLine{}
	if q.site.Network.Contracts.DisputeGame == (posp.Address{}) {
		return list, nil
	}
	d, err := chain.NewDisputes(q.Protocol)
	if err != nil {
		return nil, err
	}
	all, err := d.Assertions(ctx)
	for _, a := range all {
		if a.Provider == who {
			list = append(list, disputeLine{a.ID, a.Epoch, a.SampleID, a.Certified.String(), a.Verdict.String(), a.Status.String(), a.Asserter})
		}
	}
	return list, err
}

type operatorPart struct {
	TableBlock uint64  `json:"tableBlock"` // of the newest operator table
	Weight     integer `json:"weight"`     // in it
	Total      integer `json:"total"`
	KeyX       integer `json:"keyX"`
	KeyY       integer `json:"keyY"`
}

type standingLine struct {
	As    string    `json:"as"` // the model's name, or "operator"
	Spec  posp.Hash `json:"specId"`
	Value float64   `json:"value"` // nats
}

func (q *query) party(ctx context.Context, who posp.Address) (answer, error) {
	p := party{Address: who, FaultLine: nats(q.site.Parameters.FaultLine), Standings: []standingLine{}}
	info, ok, err := q.Provider(ctx, who, q.schedule().EpochAt(q.head))
	if err != nil {
		return nil, err
	}
	if ok {
		part := &providerPart{ReceiptKey: info.ReceiptKey, URL: info.URL, Batches: []batchLine{}}
		if part.NextSequence, err = q.NextSequence(ctx, who); err != nil {
			return nil, err
		}
		now := q.schedule().EpochAt(q.head)
		for back := range min(now+1, recent) {
			record, ok, err := q.BatchOf(ctx, who, now-back)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			b, err := q.batch(ctx, record)
			if err != nil {
				return nil, err
			}
			part.Batches = append(part.Batches, b)
		}
		if part.Disputes, err = q.disputes(ctx, who); err != nil {
			return nil, err
		}
		p.Provider = part
		for _, m := range q.site.Network.Models {
			if err := p.addStanding(ctx, q, m.Name, m.Spec.ID()); err != nil {
				return nil, err
			}
		}
	}
	table, ok, err := q.TableAt(ctx, q.head)
	if err != nil {
		return nil, err
	}
	if ok {
		for _, m := range table.Members {
			if m.Operator == who {
				p.Operator = &operatorPart{table.Block, integer{m.Weight.ToBig()}, integer{table.Total.ToBig()}, integer{m.KeyX.ToBig()}, integer{m.KeyY.ToBig()}}
			}
		}
	}
	if p.Operator != nil {
		if err := p.addStanding(ctx, q, "operator", posp.Hash{}); err != nil {
			return nil, err
		}
	}
	if p.Faults, err = q.faultsOf(ctx, func(f faultLine) bool { return f.Subject == who }); err != nil {
		return nil, err
	}
	if p.Provider == nil && p.Operator == nil && len(p.Faults) == 0 {
		return nil, fmt.Errorf("%s is neither a registered provider nor in the newest operator table, and bears no charge", who)
	}
	if p.Jailed, err = q.Jailed(ctx, who); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *party) addStanding(ctx context.Context, q *query, as string, spec posp.Hash) error {
	v, err := q.Standing(ctx, p.Address, spec)
	p.Standings = append(p.Standings, standingLine{as, spec, nats(v)})
	return err
}

func (p party) print(t *tabwriter.Writer) {
	var roles []string
	if p.Provider != nil {
		roles = append(roles, "provider")
	}
	if p.Operator != nil {
		roles = append(roles, "operator")
	}
	if len(roles) == 0 {
		roles = []string{"no role now"}
	}
	fmt.Fprintf(t, "%s\t%s\n", strings.Join(roles, ", "), p.Address)
	fmt.Fprintf(t, "jailed\t%v\n", p.Jailed)
	for _, s := range p.Standings {
		as := s.As
		if s.Spec != (posp.Hash{}) {
			as += ", spec " + s.Spec.Hex()
		}
		fmt.Fprintf(t, "standing\t%.2f nats of %.2f, as %s\n", s.Value, p.FaultLine, as)
	}
	if o := p.Operator; o != nil {
		fmt.Fprintf(t, "weight\t%s, %s of the operator table of block %d\n", o.Weight, percentOf(o.Weight.Int, o.Total.Int), o.TableBlock)
		fmt.Fprintf(t, "BN254 key\t%s, %s\n", o.KeyX, o.KeyY)
	}
	if v := p.Provider; v != nil {
		fmt.Fprintf(t, "receipt key\t%s\n", v.ReceiptKey)
		fmt.Fprintf(t, "openings at\t%s\n", v.URL)
		fmt.Fprintf(t, "next sequence\t%d\n", v.NextSequence)
		printBatches(t, v.Batches)
		if len(v.Disputes) > 0 {
			fmt.Fprintln(t, "\nEPOCH\tSAMPLE\tCERTIFIED\tTO BECOME\tSTATUS\tASSERTION")
		}
		for _, d := range v.Disputes {
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", d.Epoch, short(d.SampleID), d.Certified, d.Verdict, d.Status, d.ID)
		}
	}
	printFaults(t, p.Faults)
}

// epochAnswer is an epoch.
type epochAnswer struct {
	Epoch       uint64           `json:"epoch"`
	Status      string           `json:"status"`
	CertifiedAt uint64           `json:"certifiedAt,omitempty"` // block
	Beacon      *posp.Hash       `json:"beacon"`                // null: not fixed
	Table       *tableLine       `json:"table"`                 // null: there is none yet
	Batches     []batchLine      `json:"batches"`
	Certificate *certificateLine `json:"certificate"` // null: there is none
	Faults      []faultLine      `json:"faults"`

	schedule posp.Schedule
}

type tableLine struct {
	Root    posp.Hash `json:"root"`
	Block   uint64    `json:"block"`
	Members int       `json:"members"`
	Total   integer   `json:"total"`
}

type certificateLine struct {
	Digest      posp.Hash       `json:"digest"`
	SampleRoot  posp.Hash       `json:"sampleRoot"`
	SampleCount uint64          `json:"sampleCount"`
	Signed      integer         `json:"signed"` // weight
	Total       integer         `json:"total"`
	NonSigners  int             `json:"nonSigners"`
	Standings   []posp.Standing `json:"standings"` // Q16 nats
	Transaction posp.Hash       `json:"transaction"`
	Block       uint64          `json:"block"`
	GasUsed     uint64          `json:"gasUsed"`
	GasReceipt  float64         `json:"gasPerReceipt"`
}

func (q *query) epoch(ctx context.Context, epoch uint64) (answer, error) {
	s := q.schedule()
	if now := s.EpochAt(q.head); q.head < s.Genesis || epoch > now {
		return nil, fmt.Errorf("epoch %d is still to come: block %d is in epoch %d, and epoch 0 begins at block %d", epoch, q.head, now, s.Genesis)
	}
	status, at, err := q.EpochStatus(ctx, epoch)
	if err != nil {
		return nil, err
	}
	a := epochAnswer{Epoch: epoch, Status: q.status(status, epoch), CertifiedAt: at, schedule: s}
	if beacon, ok, err := q.Beacon(ctx, epoch); err != nil {
		return nil, err
	} else if ok {
		a.Beacon = &beacon
	}
	if table, ok, err := q.Table(ctx, epoch); err != nil {
		return nil, err
	} else if ok {
		a.Table = &tableLine{table.Root, table.Block, len(table.Members), integer{table.Total.ToBig()}}
	}
	if a.Batches, err = q.batches(ctx, epoch); err != nil {
		return nil, err
	}
	c, ok, err := q.Certificate(ctx, epoch)
	if err != nil {
		return nil, err
	}
	if ok {
		line := &certificateLine{Digest: c.Digest, SampleRoot: c.Result.SampleRoot, SampleCount: c.Result.SampleCount, Signed: integer{c.Signed}, Total: integer{c.Total},
			NonSigners: len(c.NonSigners), Standings: c.Result.Standings, Transaction: c.TxHash, Block: c.Block, GasUsed: c.GasUsed}
		var receipts uint64
		for _, b := range a.Batches {
			receipts += b.LeafCount
		}
		if receipts > 0 {
			line.GasReceipt = float64(c.GasUsed) / float64(receipts)
		}
		a.Certificate = line
	}
	a.Faults, err = q.faultsOf(ctx, func(f faultLine) bool { return f.Epoch == epoch })
	return a, err
}

func (a epochAnswer) print(t *tabwriter.Writer) {
	s := a.schedule
	fmt.Fprintf(t, "epoch\t%d: %s\n", a.Epoch, a.Status)
	fmt.Fprintf(t, "blocks\tserves from %d, closes at %d, commits to %d, reveals to %d, certified by %d\n",
		s.Start(a.Epoch), s.Close(a.Epoch), s.CommitDeadline(a.Epoch), s.RevealDeadline(a.Epoch), s.CertifyDeadline(a.Epoch))
	if a.Beacon != nil {
		fmt.Fprintf(t, "beacon\t%s, of block %d\n", a.Beacon, s.BeaconBlock(a.Epoch))
	} else {
		fmt.Fprintf(t, "beacon\tnot fixed; it is the prevrandao of block %d\n", s.BeaconBlock(a.Epoch))
	}
	if a.Table != nil {
		fmt.Fprintf(t, "operator table\t%s: %d operators, weight %s, of block %d\n", a.Table.Root, a.Table.Members, a.Table.Total, a.Table.Block)
	}
	if c := a.Certificate; c != nil {
		fmt.Fprintf(t, "certificate\t%s\n", c.Digest)
		fmt.Fprintf(t, "signed by\t%s of the weight, all but %d operators\n", percentOf(c.Signed.Int, c.Total.Int), c.NonSigners)
		fmt.Fprintf(t, "samples\t%d under %s\n", c.SampleCount, c.SampleRoot)
		fmt.Fprintf(t, "transaction\t%s in block %d, %d gas, %.0f for each receipt\n", c.Transaction, c.Block, c.GasUsed, c.GasReceipt)
	}
	printBatches(t, a.Batches)
	if c := a.Certificate; c != nil && len(c.Standings) > 0 {
		fmt.Fprintln(t, "\nSTANDING OF\tUNDER SPEC\tNATS")
		for _, s := range c.Standings {
			spec := s.SpecID.Hex()
			if s.SpecID == (posp.Hash{}) {
				spec = "as operator"
			}
			fmt.Fprintf(t, "%s\t%s\t%.2f\n", s.Subject, spec, nats(s.Value))
		}
	}
	printFaults(t, a.Faults)
}

// batchAnswer is a batch.
type batchAnswer struct {
	batchLine
	Faults []faultLine `json:"faults"`
}

// faultAnswer is a charge.
type faultAnswer struct{ faultLine }

func (q *query) id(ctx context.Context, id posp.Hash) (answer, error) {
	record, ok, err := q.BatchByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if ok {
		var a batchAnswer
		if a.batchLine, err = q.batch(ctx, record); err != nil {
			return nil, err
		}
		a.Faults, err = q.faultsOf(ctx, func(f faultLine) bool { return f.BatchID == id })
		return a, err
	}
	found, err := q.faultsOf(ctx, func(f faultLine) bool { return f.ID == id })
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s is neither a batch nor a charge of this deployment; for a sample: posp audit replay --sample", id)
	}
	return faultAnswer{found[0]}, nil
}

func (a batchAnswer) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "batch\t%s\n", a.ID)
	fmt.Fprintf(t, "provider\t%s\n", a.Provider)
	fmt.Fprintf(t, "epoch\t%d\n", a.Epoch)
	fmt.Fprintf(t, "receipts\t%d, from sequence %d, under %s\n", a.LeafCount, a.FirstSequence, a.Root)
	fmt.Fprintf(t, "sampled at\t%s, at least %d\n", share(float64(a.RatePpm)/1e6), a.KMin)
	printBatches(t, []batchLine{a.batchLine})
	printFaults(t, a.Faults)
}

func (a faultAnswer) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "fault\t%s\n", a.ID)
	fmt.Fprintf(t, "kind\t%s\n", a.Kind)
	fmt.Fprintf(t, "subject\t%s\n", a.Subject)
	fmt.Fprintf(t, "epoch\t%d\n", a.Epoch)
	if a.BatchID != (posp.Hash{}) {
		fmt.Fprintf(t, "batch\t%s\n", a.BatchID)
		fmt.Fprintf(t, "reference\t%s\n", a.Ref)
	}
	fmt.Fprintf(t, "status\t%s\n", a.Status)
	fmt.Fprintf(t, "executable at\tblock %d\n", a.ExecutableAt)
	if a.SlashID != nil {
		fmt.Fprintf(t, "slash\t%s in EigenLayer\n", a.SlashID)
	}
}
