package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"text/tabwriter"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// DemandOptions are what a buyer has a receipt verified with.
type DemandOptions struct {
	ClaimOptions
	Aggregator string // whose archive a settlement is made of; empty: the network's
	Account    string // whom a withdrawal pays; empty: the key's
}

// demandWith opens the deployment for demands about one receipt.
func demandWith(ctx context.Context, o DemandOptions, out io.Writer) (*claimer, posp.Receipt, posp.Hash, error) {
	c, rs, err := claimWith(ctx, o.ClaimOptions, 1, out)
	if err != nil {
		return nil, posp.Receipt{}, posp.Hash{}, err
	}
	if _, err := c.signedByProvider(ctx, rs[0]); err != nil {
		c.close()
		return nil, posp.Receipt{}, posp.Hash{}, err
	}
	return c, rs[0].Receipt, rs[0].Digest(c.domain), nil
}

// VerifyQuote prints what it costs to have a receipt verified, and until when
// the answer comes.
func VerifyQuote(ctx context.Context, o DemandOptions, out io.Writer) error {
	o.DryRun = true
	c, r, _, err := demandWith(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.close()
	fee, err := c.Quote(ctx, r)
	if err != nil {
		return err
	}
	price, err := c.Price(ctx)
	if err != nil {
		return err
	}
	block, err := c.Block(ctx)
	if err != nil {
		return err
	}
	s := c.site.Parameters.Schedule
	epoch := s.Answering(block)
	return show(quote{integer{fee}, integer{price.Base}, integer{new(big.Int).SetUint64(uint64(price.PerToken))}, uint64(r.PromptTokens) + uint64(r.OutputTokens), epoch, s.CertifyDeadline(epoch), s.CertifyDeadline(epoch) + s.ContestBlocks}, c.JSON, out)
}

// quote is what a request costs, in wei, and when it ends.
type quote struct {
	Fee       integer `json:"fee"`
	Base      integer `json:"base"`
	PerToken  integer `json:"perToken"`
	Tokens    uint64  `json:"tokens"`
	Epoch     uint64  `json:"epoch"`     // that answers
	AnswerBy  uint64  `json:"answerBy"`  // block
	BackAfter uint64  `json:"backAfter"` // block: then a fee that nobody earned comes back
}

func (q quote) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "%s wei: %s for the request, and %s for each of %d tokens\nasked now, epoch %d answers, by block %d; a fee that nobody earned comes back after block %d\n",
		q.Fee, q.Base, q.PerToken, q.Tokens, q.Epoch, q.AnswerBy, q.BackAfter)
}

// VerifyRequest pays for the verification of a receipt.
func VerifyRequest(ctx context.Context, o DemandOptions, out io.Writer) error {
	secret, err := parseID("secret", o.Secret)
	if err != nil {
		return err
	}
	c, r, hash, err := demandWith(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.close()
	if c.from == (posp.Address{}) {
		if !common.IsHexAddress(o.Buyer) {
			return fmt.Errorf("--buyer %q is no address: a dry run without --key needs it, for who bought the receipt must ask", o.Buyer)
		}
		c.from = common.HexToAddress(o.Buyer)
	}
	if r.ClientNonce != posp.BuyerNonce(c.from, secret) {
		return fmt.Errorf("the receipt's nonce is not made of buyer %s and this secret: only who bought it may ask about it", c.from)
	}
	info, _, err := c.Provider(ctx, r.Provider, r.Epoch)
	if err != nil {
		return err
	}
	batch, covered, err := c.covering(ctx, r)
	if err != nil {
		return err
	}
	if !covered {
		return fmt.Errorf("no batch of %s covers sequence %d yet: ask when its provider has committed it", r.Provider, r.Sequence)
	}
	proof, err := c.proof(ctx, info, batch, r.Sequence)
	if err != nil {
		return err
	}
	if proof.ReceiptHash != hash {
		return fmt.Errorf("another receipt stands at leaf %d of batch %s: charge the omission (posp claim omission)", proof.Leaf, batch.ID)
	}
	fee, err := c.Quote(ctx, r)
	if err != nil {
		return err
	}
	claim, err := c.RequestClaim(r, batch.ID, proof.Proof, secret, fee)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil || c.DryRun {
		return err
	}
	return c.answer(ctx, hash)
}

// VerifyStatus prints what came of a request about a receipt.
func VerifyStatus(ctx context.Context, o DemandOptions, out io.Writer) error {
	o.DryRun = true
	c, _, hash, err := demandWith(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.close()
	return c.answer(ctx, hash)
}

// asked is the last request about a receipt.
func (c *claimer) asked(ctx context.Context, receipt posp.Hash) (chain.Answer, chain.DemandState, error) {
	a, err := c.AnswerOf(ctx, receipt)
	if err != nil {
		return a, chain.DemandState{}, err
	}
	if a.Status == chain.DemandNone {
		return a, chain.DemandState{}, errors.New("nobody asked that this receipt be verified (posp verify request)")
	}
	s, ok, err := c.DemandState(ctx, a.ID)
	if err == nil && !ok {
		err = fmt.Errorf("request %s is not there: the node's answers are of two blocks, try again", a.ID)
	}
	return a, s, err
}

// answer says what is known of a receipt that was asked about.
func (c *claimer) answer(ctx context.Context, receipt posp.Hash) error {
	a, s, err := c.asked(ctx, receipt)
	if err != nil {
		return err
	}
	deadline, err := c.DemandDeadline(ctx, a.ID)
	if err != nil {
		return err
	}
	d := demanded{ID: a.ID, ReceiptHash: receipt, Epoch: s.Epoch, Status: a.Status.String(), Fee: integer{s.Fee}, CertifiedAt: a.CertifiedAt, Void: a.Void, Deadline: deadline}
	if a.Status == chain.DemandAnswered {
		d.Verdict, d.Class, d.Final, d.FinalAt = a.Verdict.String(), a.Class.String(), a.Final, a.CertifiedAt+c.site.Parameters.Schedule.ContestBlocks
	}
	d.asked = a.Status == chain.DemandAsked
	return show(d, c.JSON, c.out)
}

// demanded is what came of a request that a receipt be verified.
type demanded struct {
	ID          posp.Hash `json:"id"`
	ReceiptHash posp.Hash `json:"receiptHash"`
	Epoch       uint64    `json:"epoch"` // that answers
	Status      string    `json:"status"`
	Fee         integer   `json:"fee"`         // wei
	Deadline    uint64    `json:"deadline"`    // block until which it can be settled; then the fee comes back
	CertifiedAt uint64    `json:"certifiedAt"` // block; 0: its epoch is not certified
	Void        bool      `json:"void"`        // its epoch never was
	Verdict     string    `json:"verdict"`     // these four once it is answered
	Class       string    `json:"class"`
	Final       bool      `json:"final"`
	FinalAt     uint64    `json:"finalAt"` // block

	asked bool // and not answered
}

func (d demanded) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "request %s of epoch %d: %s, for %s wei\n", d.ID, d.Epoch, d.Status, d.Fee)
	what := d.Verdict
	if d.Class != posp.ClassNone.String() {
		what += ", " + d.Class
	}
	switch {
	case d.Verdict != "" && d.Final:
		fmt.Fprintf(t, "%s, final\n", what)
	case d.Verdict != "":
		fmt.Fprintf(t, "%s, certified in block %d, final %d blocks later\n", what, d.CertifiedAt, d.FinalAt-d.CertifiedAt)
	case d.asked && d.Void:
		fmt.Fprintln(t, "its epoch was never certified: the fee comes back (posp verify refund)")
	case d.asked && d.CertifiedAt != 0:
		fmt.Fprintf(t, "its epoch is certified: anybody can settle it until block %d (posp verify settle)\n", d.Deadline)
	case d.asked:
		fmt.Fprintf(t, "not answered yet; the fee comes back after block %d at the latest\n", d.Deadline)
	}
}

// VerifySettle answers a request by its line in the certified result. Anybody
// may: whoever recomputed is paid by it.
func VerifySettle(ctx context.Context, o DemandOptions, out io.Writer) error {
	c, _, hash, err := demandWith(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.close()
	a, s, err := c.asked(ctx, hash)
	if err != nil {
		return err
	}
	if a.Status != chain.DemandAsked {
		return fmt.Errorf("request %s is %s already", a.ID, a.Status)
	}
	if a.CertifiedAt == 0 {
		return fmt.Errorf("epoch %d, which answers, is not certified", s.Epoch)
	}
	client, err := c.site.AggregatorClient(o.Aggregator)
	if err != nil {
		return err
	}
	claim, err := c.site.settlement(ctx, c.Protocol, archive{client, cmp.Or(o.Aggregator, c.site.Network.Aggregator)}, s)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil || c.DryRun {
		return err
	}
	return c.answer(ctx, hash)
}

// settlement is the call that settles a request whose epoch is certified, made
// of an aggregator's archive. That is not trusted: what it says is compared with
// the line, and the line with what was certified by the contract.
func (s *Site) settlement(ctx context.Context, p *chain.Protocol, from audit.Archive, r chain.DemandState) (claim chain.Claim, err error) {
	demand, ok, err := p.Demand(ctx, r.ID)
	if err != nil || !ok {
		return claim, fmt.Errorf("read request %s: %w", r.ID, cmp.Or(err, errAbsent))
	}
	lines, ok, err := from.Samples(ctx, r.Epoch)
	if err != nil {
		return claim, err
	}
	if !ok {
		return claim, fmt.Errorf("the aggregator does not have epoch %d: name another one (--aggregator)", r.Epoch)
	}
	at := slices.IndexFunc(lines, func(l posp.SampleResult) bool { return l.SampleID == demand.SampleID() })
	if at < 0 {
		return claim, fmt.Errorf("the aggregator has no line of request %s in epoch %d: name another one (--aggregator)", r.ID, r.Epoch)
	}
	values := make([]posp.Hash, len(lines))
	for i, l := range lines {
		values[i] = l.LeafHash()
	}
	proof, err := merkle.New(values).Proof(uint64(at))
	if err != nil {
		return claim, err
	}
	committee, err := s.committee(ctx, p, demand)
	if err != nil {
		return claim, err
	}
	commitments, ok, err := from.Commitments(ctx, r.Epoch)
	if err != nil || !ok {
		return claim, fmt.Errorf("get commitments of epoch %d: %w", r.Epoch, cmp.Or(err, errAbsent))
	}
	reveals, ok, err := from.Reveals(ctx, r.Epoch)
	if err != nil || !ok {
		return claim, fmt.Errorf("get reveals of epoch %d: %w", r.Epoch, cmp.Or(err, errAbsent))
	}
	line := lines[at]
	receipt, provider, members, ok := grounds(line, r.ReceiptHash, committee, commitments, reveals)
	if !ok {
		return claim, fmt.Errorf("what the aggregator holds about request %s is not what its line rests on: name another one (--aggregator)", r.ID)
	}
	return p.SettleClaim(r.ID, line, uint64(at), proof, receipt, provider, members)
}

// errAbsent says that what was asked for is not there.
var errAbsent = errors.New("it is not there")

// committee recomputes a request.
func (s *Site) committee(ctx context.Context, p *chain.Protocol, d posp.Demand) ([]posp.Address, error) {
	beacon, ok, err := p.Beacon(ctx, d.Epoch)
	if err != nil || !ok {
		return nil, fmt.Errorf("read beacon of epoch %d: %w", d.Epoch, cmp.Or(err, errAbsent))
	}
	table, ok, err := p.Table(ctx, d.Epoch)
	if err != nil || !ok {
		return nil, fmt.Errorf("read operator table of epoch %d: %w", d.Epoch, cmp.Or(err, errAbsent))
	}
	a, err := sampler.AssignDemand(s.Network.Domain(), d, beacon, table.Members, int(s.Parameters.Committee))
	return a.Committee, err
}

// settle settles, as long as it can be, what was asked on demand and is
// certified: those who recomputed are paid by it. What another one settled is
// settled. It keeps nothing: a restart looks again.
func (s *Site) settle(p *chain.Protocol, from audit.Archive, log *zap.Logger) run {
	schedule := s.Parameters.Schedule
	return func(ctx context.Context) error {
		if s.Network.Contracts.OnDemand == (posp.Address{}) {
			return nil
		}
		done, after := map[uint64]bool{}, map[uint64]uint64{} // epochs; the block from which on one is looked at again
		for head := range p.Blocks(ctx) {
			for epoch := schedule.EpochAt(head); ; epoch-- {
				if schedule.CertifyDeadline(epoch)+schedule.ContestBlocks < head {
					delete(done, epoch)
					delete(after, epoch)
					break
				}
				if !done[epoch] && head > schedule.CommitDeadline(epoch) && head >= after[epoch] {
					var err error
					if done[epoch], err = s.settleEpoch(ctx, p, from, epoch); err != nil && ctx.Err() == nil {
						after[epoch] = head + settlePause
						log.Info("requests not settled, trying again", zap.Uint64("epoch", epoch), zap.Uint64("from_block", after[epoch]), zap.Error(err))
					}
				}
				if epoch == 0 {
					break
				}
			}
		}
		return nil
	}
}

// settlePause is for how many blocks an epoch is left alone after an error.
const settlePause = 16

// settleEpoch settles the requests of an epoch; done if there is nothing left to
// settle.
func (s *Site) settleEpoch(ctx context.Context, p *chain.Protocol, from audit.Archive, epoch uint64) (done bool, err error) {
	demands, err := p.Demands(ctx, epoch)
	if err != nil || len(demands) == 0 {
		return err == nil, err
	}
	if status, _, err := p.EpochStatus(ctx, epoch); err != nil || status == chain.StatusNone {
		return false, err
	} else if status == chain.StatusVoid {
		return true, nil
	}
	var errs []error
	for _, d := range demands {
		r, ok, err := p.DemandState(ctx, d.ID)
		if err == nil && ok && r.Status == chain.DemandAsked {
			var claim chain.Claim
			if claim, err = s.settlement(ctx, p, from, r); err == nil {
				err = p.Settle(ctx, claim)
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("request %s: %w", d.ID, err))
		}
	}
	return len(errs) == 0, errors.Join(errs...)
}

// grounds finds, in what operators sent, what hashes to what a line rests on.
// Nothing needs to be believed of it, and no text be seen.
func grounds(line posp.SampleResult, receiptHash posp.Hash, committee []posp.Address, commitments []posp.Commitments, reveals []posp.Reveals) (receipt, provider posp.Hash, members []posp.HeldEvidence, ok bool) {
	sent := map[posp.Address]posp.Hash{}
	for _, c := range commitments {
		for _, it := range c.Items {
			if it.SampleID == line.SampleID {
				sent[c.Operator] = it.Commitment
			}
		}
	}
	shown, parts := map[posp.Address]posp.Hash{}, []posp.Hash{{}}
	for _, r := range reveals {
		for _, it := range r.Items {
			if it.SampleID != line.SampleID {
				continue
			}
			if c, committed := sent[r.Operator]; committed && posp.Commitment(r.Operator, it.SampleID, it.Evidence, it.Salt) == c {
				shown[r.Operator] = crypto.Keccak256Hash(it.Evidence)
			}
			if it.Provider != nil {
				parts = append(parts, it.Provider.Evidence.Hash())
			}
		}
	}
	for _, operator := range committee {
		members = append(members, posp.HeldEvidence{Operator: operator, Commitment: sent[operator], Evidence: shown[operator]})
	}
	for _, receipt := range []posp.Hash{receiptHash, {}} {
		for _, provider := range parts {
			if posp.EvidenceSetHash(receipt, provider, members) == line.Evidence {
				return receipt, provider, members, true
			}
		}
	}
	return receipt, provider, nil, false
}

// VerifyRefund gives a buyer the fee of a request back that was not answered in
// time.
func VerifyRefund(ctx context.Context, o DemandOptions, out io.Writer) error {
	c, _, hash, err := demandWith(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.close()
	a, _, err := c.asked(ctx, hash)
	if err != nil {
		return err
	}
	if a.Status != chain.DemandAsked {
		return fmt.Errorf("request %s is %s already", a.ID, a.Status)
	}
	claim, err := c.UnansweredClaim(a.ID)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil || c.DryRun {
		return err
	}
	return c.answer(ctx, hash)
}

// VerifyWithdraw pays an account what requests left it: an operator for its
// work, a buyer what came back.
func VerifyWithdraw(ctx context.Context, o DemandOptions, out io.Writer) error {
	c, _, err := claimWith(ctx, o.ClaimOptions, 0, out)
	if err != nil {
		return err
	}
	defer c.close()
	account := c.from
	if o.Account != "" || c.from == (posp.Address{}) {
		if !common.IsHexAddress(o.Account) {
			return fmt.Errorf("--account %q is no address: want 0x and 40 hexadecimal digits", o.Account)
		}
		account = common.HexToAddress(o.Account)
	}
	owed, err := c.Owed(ctx, account)
	if err != nil {
		return err
	}
	if owed.Cmp(new(big.Int)) == 0 {
		return fmt.Errorf("%s is owed nothing", account)
	}
	claim, err := c.WithdrawClaim(account)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil || c.DryRun {
		return err
	}
	return show(withdrawn{account, integer{owed}}, c.JSON, out)
}

// withdrawn is what an account was paid.
type withdrawn struct {
	Account posp.Address `json:"account"`
	Paid    integer      `json:"paid"` // wei
}

func (w withdrawn) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "paid %s wei to %s\n", w.Paid, w.Account)
}
