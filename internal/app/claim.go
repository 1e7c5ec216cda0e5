package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/provider"
)

// ClaimOptions are what a buyer claims with.
type ClaimOptions struct {
	Network  Network
	RPC      string   // overrides the network file's
	Key      Key      // pays gas; any account. Not needed by a dry run
	Data     string   // directory where what is sent is noted until it is mined
	DryRun   bool     // say what would be sent, and whether it would be accepted
	Receipts []string // files: answers as a buyer got them, or receipts
	Proof    string   // file with the receipt's Merkle proof; empty: the provider is asked
	Buyer    string   // of a refund: whom it is paid to
	Secret   string   // of a refund: by which the receipt's nonce is the buyer's
	JSON     bool
}

// maxAnswer bounds a file with an answer, in bytes; maxProof a provider's proof.
const (
	maxAnswer = 16 << 20
	maxProof  = 1 << 20
)

// claimer is a buyer at the contracts.
type claimer struct {
	ClaimOptions
	site *Site
	*chain.Protocol
	from   posp.Address
	domain posp.Domain
	out    io.Writer
	stop   func() error
}

func (c *claimer) close() {
	if c.stop != nil {
		_ = c.stop() // what was written is on disk
	}
	c.site.Client.Close()
}

// claimWith opens the deployment for claims about receipts.
func claimWith(ctx context.Context, o ClaimOptions, receipts int, out io.Writer) (*claimer, []posp.SignedReceipt, error) {
	var p problems
	p.add(o.Network.Check())
	p.when(o.Key.Path == "" && !o.DryRun, "--key is missing: it pays for the transaction (or --dry-run)")
	p.when(o.Data == "" && !o.DryRun, "--data is missing: where shall be noted what was sent?")
	p.when(len(o.Receipts) != receipts, "--receipt is given %d times, want %d", len(o.Receipts), receipts)
	if err := p.join(); err != nil {
		return nil, nil, err
	}
	var signed []posp.SignedReceipt
	for _, path := range o.Receipts {
		r, err := readReceipt(path)
		if err != nil {
			return nil, nil, err
		}
		signed = append(signed, r)
	}
	s, err := Open(ctx, o.Network, o.RPC, zap.NewNop())
	if err != nil {
		return nil, nil, err
	}
	c := &claimer{ClaimOptions: o, site: s, Protocol: s.Reader(), domain: o.Network.Domain(), out: out}
	if o.Key.Path != "" {
		key, err := o.Key.load()
		if err != nil {
			s.Client.Close()
			return nil, nil, err
		}
		c.from = crypto.PubkeyToAddress(key.PublicKey)
		if o.DryRun {
			return c, signed, nil
		}
		sender, stop, err := s.commanding(ctx, keys.NewAccount(key), o.Data)
		if err != nil {
			c.close()
			return nil, nil, err
		}
		c.Protocol, c.stop = s.with(sender), stop
	}
	return c, signed, nil
}

// readReceipt reads a receipt with its signature: by itself, or in the field
// posp of an answer.
func readReceipt(path string) (posp.SignedReceipt, error) {
	f, err := os.Open(path)
	if err != nil {
		return posp.SignedReceipt{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAnswer))
	if err != nil {
		return posp.SignedReceipt{}, fmt.Errorf("read %s: %w", path, err)
	}
	var answer struct {
		Posp    *provider.Attachment `json:"posp"`
		Receipt *posp.SignedReceipt  `json:"receipt"`
		posp.SignedReceipt
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return posp.SignedReceipt{}, fmt.Errorf("%s holds no receipt: %w", path, err)
	}
	r := &answer.SignedReceipt
	if answer.Posp != nil {
		r = answer.Posp.Receipt
	} else if answer.Receipt != nil {
		r = answer.Receipt
	}
	if r == nil || len(r.Signature) == 0 {
		return posp.SignedReceipt{}, fmt.Errorf("%s holds no signed receipt: want an answer with its field posp, or that field's receipt", path)
	}
	return *r, nil
}

// signedByProvider fails unless the contract would take the receipt for the
// provider's.
func (c *claimer) signedByProvider(ctx context.Context, r posp.SignedReceipt) (posp.ProviderInfo, error) {
	info, ok, err := c.Provider(ctx, r.Provider, r.Epoch)
	if err != nil {
		return info, err
	}
	if !ok {
		return info, fmt.Errorf("%s has no receipt key in epoch %d on this chain: is the network file the receipt's?", r.Provider, r.Epoch)
	}
	signer, err := r.Signer(c.domain)
	if err != nil {
		return info, fmt.Errorf("receipt %d: %w", r.Sequence, err)
	}
	if signer != info.ReceiptKey {
		return info, fmt.Errorf("receipt %d is signed by %s, the provider's receipt key of epoch %d is %s: it is no promise of the provider on this chain", r.Sequence, signer, r.Epoch, info.ReceiptKey)
	}
	return info, nil
}

// do makes a claim, or says whether it could be made.
func (c *claimer) do(ctx context.Context, claim chain.Claim) error {
	if !c.DryRun {
		return c.Make(ctx, claim)
	}
	w, err := c.try(ctx, claim)
	if err != nil {
		return err
	}
	return show(w, c.JSON, c.out)
}

// would is a call that a dry run found to be accepted.
type would struct {
	DryRun bool          `json:"dryRun"`
	What   string        `json:"what"`
	To     posp.Address  `json:"to"`
	Data   hexutil.Bytes `json:"data"`
	Value  integer       `json:"value"` // wei
}

func (c *claimer) try(ctx context.Context, claim chain.Claim) (would, error) {
	w := would{true, claim.What, claim.To, claim.Data, integer{new(big.Int)}}
	if claim.Value != nil {
		w.Value = integer{claim.Value}
	}
	return w, c.Try(ctx, c.from, claim)
}

func (w would) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "dry run: %s would be accepted\n  to    %s\n  data  %s\n", w.What, w.To, w.Data)
	if w.Value.Sign() > 0 {
		fmt.Fprintf(t, "  value %s wei\n", w.Value)
	}
}

// charge is one that was made.
type charge struct {
	Kind    string       `json:"kind"`
	Subject posp.Address `json:"subject"`
	Fault   posp.Hash    `json:"fault"`
	Status  string       `json:"status"`
}

func (c charge) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "charged: %s of %s, fault %s, %s\n", c.Kind, c.Subject, c.Fault, c.Status)
}

// charged says what a charge is called and how it stands.
func (c *claimer) charged(ctx context.Context, f posp.Fault, epoch uint64) error {
	if c.DryRun {
		return nil
	}
	id := f.ID(epoch)
	state, err := c.Fault(ctx, id)
	if err != nil {
		return err
	}
	return show(charge{f.Kind.String(), f.Subject, id, state.Status.String()}, c.JSON, c.out)
}

// ClaimEquivocation charges a provider with two receipts of one sequence.
func ClaimEquivocation(ctx context.Context, o ClaimOptions, out io.Writer) error {
	c, rs, err := claimWith(ctx, o, 2, out)
	if err != nil {
		return err
	}
	defer c.close()
	a, b := rs[0], rs[1]
	switch {
	case a.Provider != b.Provider:
		return fmt.Errorf("the receipts are of two providers, %s and %s", a.Provider, b.Provider)
	case a.Sequence != b.Sequence:
		return fmt.Errorf("the receipts have two sequences, %d and %d, as they should", a.Sequence, b.Sequence)
	case a.Digest(c.domain) == b.Digest(c.domain):
		return errors.New("the two receipts are one")
	}
	for _, r := range rs {
		if _, err := c.signedByProvider(ctx, r); err != nil {
			return err
		}
	}
	if id, ok, err := c.Equivocation(ctx, a.Provider, a.Sequence); err != nil {
		return err
	} else if ok {
		return fmt.Errorf("sequence %d of %s is charged already: fault %s", a.Sequence, a.Provider, id)
	}
	claim, err := c.EquivocationClaim(a, b)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil {
		return err
	}
	return c.charged(ctx, posp.Fault{Kind: posp.FaultEquivocation, Subject: a.Provider, Ref: common.BigToHash(new(big.Int).SetUint64(a.Sequence))}, a.Epoch)
}

// ClaimOmission charges a provider in whose batches a receipt does not stand
// where it should.
func ClaimOmission(ctx context.Context, o ClaimOptions, out io.Writer) error {
	c, rs, err := claimWith(ctx, o, 1, out)
	if err != nil {
		return err
	}
	defer c.close()
	r := rs[0]
	info, err := c.signedByProvider(ctx, r)
	if err != nil {
		return err
	}
	hash := r.Digest(c.domain)
	id := posp.Fault{Kind: posp.FaultOmission, Subject: r.Provider, Ref: hash}.ID(r.Epoch)
	if state, err := c.Fault(ctx, id); err != nil {
		return err
	} else if state.Status != chain.FaultNone {
		return fmt.Errorf("the omission of receipt %d of %s is charged already: fault %s, %s", r.Sequence, r.Provider, id, state.Status)
	}
	batch, covered, err := c.covering(ctx, r.Receipt)
	if err != nil {
		return err
	}
	var claim chain.Claim
	if covered {
		proof, err := c.proof(ctx, info, batch, r.Sequence)
		if err != nil {
			return err
		}
		if proof.ReceiptHash == hash {
			return fmt.Errorf("nothing was omitted: the receipt stands at leaf %d of batch %s of epoch %d", proof.Leaf, batch.ID, batch.Epoch)
		}
		if claim, err = c.ReplacedClaim(r, chain.Place{Epoch: batch.Epoch, Leaf: merkle.Leaf(proof.ReceiptHash), Proof: proof.Proof}); err != nil {
			return err
		}
	} else {
		s := c.site.Parameters.Schedule
		block, err := c.Block(ctx)
		if err != nil {
			return err
		}
		if from := s.Close(r.Epoch + 1); block < from {
			return fmt.Errorf("no batch covers sequence %d of %s yet: it can be charged from block %d on, the chain is at %d", r.Sequence, r.Provider, from, block)
		}
		if claim, err = c.UncoveredClaim(r); err != nil {
			return err
		}
	}
	if err := c.do(ctx, claim); err != nil {
		return err
	}
	return c.charged(ctx, posp.Fault{Kind: posp.FaultOmission, Subject: r.Provider, Ref: hash}, r.Epoch)
}

// ClaimAnswer clears a charge of omission: anybody who holds the receipt and
// its proof may.
func ClaimAnswer(ctx context.Context, o ClaimOptions, out io.Writer) error {
	c, rs, err := claimWith(ctx, o, 1, out)
	if err != nil {
		return err
	}
	defer c.close()
	r := rs[0].Receipt
	info, err := c.signedByProvider(ctx, rs[0])
	if err != nil {
		return err
	}
	batch, covered, err := c.covering(ctx, r)
	if err != nil {
		return err
	}
	if !covered {
		return fmt.Errorf("no batch of %s covers sequence %d: only a batch answers the charge", r.Provider, r.Sequence)
	}
	proof, err := c.proof(ctx, info, batch, r.Sequence)
	if err != nil {
		return err
	}
	if proof.ReceiptHash != r.Digest(c.domain) {
		return fmt.Errorf("another receipt stands at leaf %d of batch %s: the charge is true", proof.Leaf, batch.ID)
	}
	claim, err := c.OmissionAnswer(r, batch.Epoch, proof.Proof)
	if err != nil {
		return err
	}
	if err := c.do(ctx, claim); err != nil || c.DryRun {
		return err
	}
	return show(cleared{proof.Leaf, batch.ID, batch.Epoch}, c.JSON, out)
}

// cleared is where a receipt stands whose omission was charged.
type cleared struct {
	Leaf    uint64    `json:"leaf"`
	BatchID posp.Hash `json:"batchId"`
	Epoch   uint64    `json:"epoch"`
}

func (c cleared) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "answered: the receipt stands at leaf %d of batch %s of epoch %d\n", c.Leaf, c.BatchID, c.Epoch)
}

// ClaimProof prints a receipt's Merkle proof, which a buyer should keep: the
// provider may not be there when it is needed.
func ClaimProof(ctx context.Context, o ClaimOptions, out io.Writer) error {
	o.DryRun = true
	c, rs, err := claimWith(ctx, o, 1, out)
	if err != nil {
		return err
	}
	defer c.close()
	info, err := c.signedByProvider(ctx, rs[0])
	if err != nil {
		return err
	}
	batch, covered, err := c.covering(ctx, rs[0].Receipt)
	if err != nil {
		return err
	}
	if !covered {
		return fmt.Errorf("no batch of %s covers sequence %d yet", rs[0].Provider, rs[0].Sequence)
	}
	proof, err := c.proof(ctx, info, batch, rs[0].Sequence)
	if err != nil {
		return err
	}
	return writeJSON(out, proof)
}

// ClaimRefund pays a buyer what a receipt entitles it to: its share of each pot
// of its batch, and compensation for a fault of receipts.
func ClaimRefund(ctx context.Context, o ClaimOptions, out io.Writer) (err error) {
	secret, err := parseID("secret", o.Secret)
	if err != nil {
		return err
	}
	if !common.IsHexAddress(o.Buyer) {
		return fmt.Errorf("--buyer %q is no address: want 0x and 40 hexadecimal digits", o.Buyer)
	}
	c, rs, err := claimWith(ctx, o, 1, out)
	if err != nil {
		return err
	}
	defer c.close()
	r, buyer := rs[0].Receipt, common.HexToAddress(o.Buyer)
	if r.ClientNonce != posp.BuyerNonce(buyer, secret) {
		return fmt.Errorf("the receipt's nonce is not made of buyer %s and this secret: nobody else can claim for it", buyer)
	}
	info, err := c.signedByProvider(ctx, rs[0])
	if err != nil {
		return err
	}
	all, err := c.Faults(ctx)
	if err != nil {
		return err
	}
	batch, committed, err := c.covering(ctx, r)
	if err != nil {
		return err
	}
	hash := r.Digest(c.domain)
	pots := []pot{}
	if c.JSON {
		defer func() {
			if len(pots) > 0 { // also of what was paid before something failed
				err = cmp.Or(err, writeJSON(out, pots))
			}
		}()
	}
	for _, f := range all {
		if f.Subject != r.Provider {
			continue
		}
		var leaf uint64
		var claim chain.Claim
		switch {
		case committed && f.BatchID == batch.ID:
			proof, err := c.proof(ctx, info, batch, r.Sequence)
			if err != nil {
				return err
			}
			if proof.ReceiptHash != hash {
				return fmt.Errorf("another receipt stands at leaf %d of batch %s: the pot is for those in it; charge the omission (posp claim omission)", proof.Leaf, batch.ID)
			}
			leaf = proof.Leaf
			claim, err = c.RefundClaim(f.ID, r, proof.Proof, buyer, secret)
			if err != nil {
				return err
			}
		case f.Kind == posp.FaultOmission || f.Kind == posp.FaultEquivocation:
			first, second, err := c.Wronged(ctx, f.ID)
			if err != nil {
				return err
			}
			if hash != first && hash != second {
				continue
			}
			if hash == second {
				leaf = 1
			}
			if claim, err = c.CompensationClaim(f.ID, r, buyer, secret); err != nil {
				return err
			}
		default:
			continue
		}
		taken := pot{Kind: f.Kind.String(), Fault: f.ID, Leaf: leaf, Buyer: buyer}
		if err := c.refund(ctx, &taken, f, claim); err != nil {
			return fmt.Errorf("fault %s: %w", f.ID, err)
		}
		pots = append(pots, taken)
		if !c.JSON {
			if err := show(taken, false, out); err != nil {
				return err
			}
		}
	}
	if len(pots) == 0 {
		return fmt.Errorf("no charge was made for which receipt %d of %s is paid", r.Sequence, r.Provider)
	}
	return nil
}

// pot is what came of one that a receipt has a share of.
type pot struct {
	Kind  string       `json:"kind"`
	Fault posp.Hash    `json:"fault"`
	Leaf  uint64       `json:"leaf"` // that has the share
	Buyer posp.Address `json:"buyer"`
	State string       `json:"state"` // cleared, open, held, paid or collectable, this one of a dry run
	Paid  *integer     `json:"paid"`  // now; null: nothing
	Would *would       `json:"would"` // of a dry run: the claim; null: there is none yet
	Says  string       `json:"says"`
}

func (p pot) print(t *tabwriter.Writer) {
	if p.Would != nil {
		p.Would.print(t)
		return
	}
	fmt.Fprintf(t, "%s, fault %s: %s\n", p.Kind, p.Fault, p.Says)
}

// refund takes one pot as far as it can be taken now, and says how far.
func (c *claimer) refund(ctx context.Context, p *pot, f chain.FaultEvent, claim chain.Claim) error {
	say := func(state, format string, args ...any) error {
		p.State, p.Says = state, fmt.Sprintf(format, args...)
		return nil
	}
	state, err := c.Fault(ctx, f.ID)
	if err != nil {
		return err
	}
	switch state.Status {
	case chain.FaultCleared:
		return say("cleared", "cleared: nothing is paid")
	case chain.FaultOpen:
		return say("open", "open: it can be executed from block %d on", f.ExecutableAt)
	}
	if paid, err := c.Refunded(ctx, f.ID, p.Leaf); err != nil {
		return err
	} else if paid {
		return say("paid", "paid before")
	}
	held, err := c.Pot(ctx, f.ID)
	if err != nil {
		return err
	}
	if !held.Collected {
		// EigenLayer holds what was slashed for some days, and its contracts alone know when that ends.
		collect, err := c.CollectClaim(f.ID)
		if err != nil {
			return err
		}
		if err := c.Try(ctx, c.from, collect); err != nil {
			if r, ok := errors.AsType[*chain.RevertError](err); ok && r.Name == "SlashResolutionDelayNotElapsed" {
				return say("held", "EigenLayer holds the slashed stake yet (7 days on mainnet): ask again later")
			}
			return err
		}
		if c.DryRun {
			return say("collectable", "EigenLayer has released the slashed stake: it would be collected, and the receipt's share paid to %s", p.Buyer)
		}
		if err := c.Make(ctx, collect); err != nil {
			return err
		}
	}
	if c.DryRun {
		w, err := c.try(ctx, claim)
		p.Would = &w
		if err != nil {
			return err
		}
		return say("collectable", "it would be paid to %s", p.Buyer)
	}
	if err := c.Make(ctx, claim); err != nil {
		return err
	}
	if held, err = c.Pot(ctx, f.ID); err != nil {
		return err
	}
	p.Paid = &integer{held.Share()}
	return say("paid", "paid %s to %s", p.Paid, p.Buyer)
}

// covering is the provider's batch that covers a receipt's sequence; there is
// one at most, of the receipt's epoch or, if that was missed, of a later one.
func (c *claimer) covering(ctx context.Context, r posp.Receipt) (b posp.BatchRecord, ok bool, err error) {
	next, err := c.NextSequence(ctx, r.Provider)
	if err != nil || r.Sequence >= next {
		return b, false, err
	}
	block, err := c.Block(ctx)
	if err != nil {
		return b, false, err
	}
	last := c.site.Parameters.Schedule.EpochAt(block)
	at := func(epoch uint64) (bool, error) {
		b, ok, err = c.BatchOf(ctx, r.Provider, epoch)
		return ok && r.Sequence >= b.FirstSequence && r.Sequence < b.FirstSequence+b.LeafCount, err
	}
	for epoch := r.Epoch; epoch <= last; epoch++ {
		if here, err := at(epoch); err != nil || here {
			return b, here, err
		}
	}
	for epoch := min(r.Epoch, last+1); epoch > 0; epoch-- { // a receipt that was dated ahead
		if here, err := at(epoch - 1); err != nil || here {
			return b, here, err
		}
	}
	return b, false, fmt.Errorf("no batch of %s covers sequence %d, though its next one begins at %d: try again", r.Provider, r.Sequence, next)
}

// proof is what stands at a sequence of a batch, from the file that was given
// or the provider, and checked against the batch's root.
func (c *claimer) proof(ctx context.Context, info posp.ProviderInfo, b posp.BatchRecord, sequence uint64) (p provider.Proof, err error) {
	var body io.ReadCloser
	where := c.Proof
	if where != "" {
		if body, err = os.Open(where); err != nil {
			return p, err
		}
	} else {
		where = fmt.Sprintf("%s/posp/v1/proof/%d/%d", strings.TrimSuffix(info.URL, "/"), b.Epoch, sequence)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
		if err != nil {
			return p, fmt.Errorf("ask the provider for a proof: %w", err)
		}
		// A proof stands by itself, but nobody is to send the buyer elsewhere.
		ask := &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := ask.Do(req)
		if err != nil {
			return p, fmt.Errorf("ask the provider for a proof (or give it with --proof): %w", err)
		}
		if res.StatusCode != http.StatusOK {
			res.Body.Close()
			return p, fmt.Errorf("%s answers %s (give the proof with --proof)", where, res.Status)
		}
		body = res.Body
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, maxProof)).Decode(&p); err != nil {
		return p, fmt.Errorf("proof of %s: %w", where, err)
	}
	if leaf := sequence - b.FirstSequence; p.Leaf != leaf {
		return p, fmt.Errorf("proof of %s is of leaf %d, sequence %d stands at leaf %d", where, p.Leaf, sequence, leaf)
	}
	if err := merkle.Verify(b.Root, p.ReceiptHash, p.Leaf, b.LeafCount, p.Proof); err != nil {
		return p, fmt.Errorf("proof of %s does not lead to the root of batch %s: %w", where, b.ID, err)
	}
	return p, nil
}
