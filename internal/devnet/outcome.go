package devnet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// expected is what each cheat must be caught for.
var expected = map[string]posp.Class{
	"small-model": posp.WrongModel,
	"int4":        posp.WrongPrecision,
	"forger":      posp.ForgedChoice,
	"withholder":  posp.Withheld,
}

// found is what the epochs found of one provider.
type found struct {
	samples, pass, fail, inconclusive, unavailable uint32
	classes                                        map[posp.Class]int
	all                                            []sampleRef
	worst                                          *sampleRef // the gravest sample
}

// sampleRef names a sample as `posp audit replay` takes it.
type sampleRef struct {
	epoch    uint64
	provider posp.Address
	index    uint64
	result   posp.SampleResult
}

// check is one thing that must have come out.
type check struct {
	what string
	ok   bool
}

// outcome reads back from the chain what became of everybody, prints it, and
// fails if anything came out otherwise than the protocol promises.
func (w *world) outcome(ctx context.Context) error {
	all, err := w.found(ctx)
	if err != nil {
		return err
	}
	var checks []check
	must := func(ok bool, format string, args ...any) {
		checks = append(checks, check{fmt.Sprintf(format, args...), ok})
	}
	if err := w.printProviders(ctx, all, must); err != nil {
		return err
	}
	if err := w.printOperators(ctx, must); err != nil {
		return err
	}
	if err := w.printMoney(ctx, must); err != nil {
		return err
	}
	if err := w.printGas(ctx); err != nil {
		return err
	}
	for _, label := range []string{"forger", "honest"} {
		if err := w.replay(ctx, all[label].worst, must); err != nil {
			return err
		}
	}
	text, ok, err := w.posp(ctx, "log", "check", "--network", w.networkFile())
	if err != nil {
		return err
	}
	must(ok && strings.Contains(text, fmt.Sprintf("%d results are what the contracts have", w.Epochs)), "the transparency log holds all %d results, as certified", w.Epochs)
	return w.verify(checks)
}

// verify prints what must have come out, and fails if anything did not.
func (w *world) verify(checks []check) error {
	failed := 0
	fmt.Fprintln(w.Out)
	for _, c := range checks {
		mark := "ok    "
		if !c.ok {
			mark, failed = "FAILED", failed+1
		}
		fmt.Fprintf(w.Out, "%s  %s\n", mark, c.what)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(checks))
	}
	w.steps.done("all %d checks hold", len(checks))
	return nil
}

// found collects all samples: the lines from the aggregator, whom nobody
// trusts, held against the root that is on chain.
func (w *world) found(ctx context.Context) (map[string]*found, error) {
	api, err := w.site.AggregatorClient("")
	if err != nil {
		return nil, err
	}
	all := map[string]*found{}
	for _, m := range w.providers {
		all[m.label] = &found{classes: map[posp.Class]int{}}
	}
	p := w.site.Reader()
	for e := range uint64(w.Epochs) {
		c, ok, err := p.Certificate(ctx, e)
		if err != nil || !ok {
			return nil, fmt.Errorf("certificate of epoch %d (%v): %w", e, ok, err)
		}
		list, ok, err := api.Samples(ctx, e)
		if err != nil || !ok {
			return nil, fmt.Errorf("samples of epoch %d (%v): %w", e, ok, err)
		}
		leaves, lines := make([]posp.Hash, len(list)), map[posp.Hash]posp.SampleResult{}
		for i, s := range list {
			leaves[i], lines[s.SampleID] = s.LeafHash(), s
		}
		if merkle.Root(leaves) != c.Result.SampleRoot {
			return nil, fmt.Errorf("the aggregator's samples of epoch %d are not those that were certified", e)
		}
		beacon, _, err := p.Beacon(ctx, e)
		if err != nil {
			return nil, err
		}
		table, _, err := p.Table(ctx, e)
		if err != nil {
			return nil, err
		}
		batches, err := p.Batches(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, b := range batches {
			f := all[w.name(b.Provider)]
			drawn, err := sampler.Assign(w.site.Network.Domain(), b, beacon, table.Members, committee)
			if err != nil {
				return nil, err
			}
			for _, a := range drawn {
				f.add(sampleRef{e, b.Provider, a.J, lines[a.SampleID]})
			}
		}
	}
	return all, nil
}

func (f *found) add(s sampleRef) {
	f.samples++
	f.all = append(f.all, s)
	switch s.result.Verdict {
	case posp.Pass:
		f.pass++
	case posp.Fail:
		f.fail++
	case posp.Unavailable:
		f.unavailable++
	default:
		f.inconclusive++
	}
	if s.result.Class != posp.ClassNone {
		f.classes[s.result.Class]++
	}
	if f.worst == nil || gravity[s.result.Verdict] > gravity[f.worst.result.Verdict] {
		f.worst = &s
	}
}

// gravity orders verdicts: the gravest sample is the one worth replaying.
var gravity = map[posp.Verdict]int{posp.Inconclusive: 1, posp.Unavailable: 2, posp.Fail: 3}

// class is what most of the samples that did not pass look like.
func (f *found) class() posp.Class {
	best := posp.ClassNone
	for _, c := range slices.Sorted(maps.Keys(f.classes)) {
		if f.classes[c] > f.classes[best] {
			best = c
		}
	}
	return best
}

func (w *world) table(header string) *tabwriter.Writer {
	fmt.Fprintln(w.Out)
	t := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, header)
	return t
}

func (w *world) printProviders(ctx context.Context, all map[string]*found, must func(bool, string, ...any)) error {
	p, spec := w.site.Reader(), w.site.Network.Models[0].Spec.ID()
	t := w.table("provider\tsamples\tpass\tfail\tunavailable\tinconclusive\tlooks like\tstanding\tjailed\tshares before\tafter")
	for _, m := range w.providers {
		f := all[m.label]
		standing, err := p.Standing(ctx, m.address, spec)
		if err != nil {
			return err
		}
		jailed, err := p.Jailed(ctx, m.address)
		if err != nil {
			return err
		}
		after, err := w.shares(ctx, m)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%.2f\t%v\t%s\t%s\n", m.label, f.samples, f.pass, f.fail, f.unavailable, f.inconclusive,
			f.class(), nats(standing), jailed, tokens(m.before), tokens(after))
		if class, cheat := expected[m.label]; cheat {
			must(f.class() == class && after.Cmp(m.before) < 0, "%s was caught as %s and slashed", m.label, class)
		} else {
			must(f.samples > 0 && f.pass == f.samples && !jailed && after.Cmp(m.before) == 0, "%s: all %d samples passed, every share kept", m.label, f.samples)
		}
	}
	return t.Flush()
}

func (w *world) printOperators(ctx context.Context, must func(bool, string, ...any)) error {
	p := w.site.Reader()
	t := w.table("operator\tstanding\tjailed\tshares before\tafter")
	for _, m := range w.operators {
		standing, err := p.Standing(ctx, m.address, posp.Hash{})
		if err != nil {
			return err
		}
		jailed, err := p.Jailed(ctx, m.address)
		if err != nil {
			return err
		}
		after, err := w.shares(ctx, m)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%s\t%.2f\t%v\t%s\t%s\n", m.label, nats(standing), jailed, tokens(m.before), tokens(after))
		if m.label == lazyOperator {
			must(standing >= w.site.Parameters.FaultLine && after.Cmp(m.before) < 0, "%s was caught inventing evidence and slashed", m.label)
		} else {
			must(!jailed && after.Cmp(m.before) == 0, "%s kept every share", m.label)
		}
	}
	return t.Flush()
}

// printMoney says what the buyers paid, got back from the market, and were
// refunded from slashed stake; and checks that no wei was made or lost.
func (w *world) printMoney(ctx context.Context, must func(bool, string, ...any)) error {
	p, at := w.site.Reader(), w.site.Network.Contracts
	market := chain.Contract{Address: at.ExampleMarket, ABI: contracts.NewExampleMarket().GetABI()}
	token := chain.Contract{Address: w.core.Token, ABI: contracts.NewDevToken().GetABI()}
	balance := func(c chain.Contract, of posp.Address) (*big.Int, error) {
		out, err := w.client.Read(ctx, nil, c, "balanceOf", of)
		if err != nil {
			return nil, err
		}
		return out[0].(*big.Int), nil
	}
	paid := new(big.Int).Mul(payment, big.NewInt(int64(len(w.jobs))))
	backed, refunded, earned := new(big.Int), new(big.Int), new(big.Int)
	for i := range buyers {
		b, err := balance(market, addressOf(buyerLabel(i)))
		if err != nil {
			return err
		}
		backed.Add(backed, b)
		if b, err = balance(token, addressOf(buyerLabel(i))); err != nil {
			return err
		}
		refunded.Add(refunded, b)
	}
	for _, m := range w.providers {
		b, err := balance(market, m.address)
		if err != nil {
			return err
		}
		earned.Add(earned, b)
	}
	pots := new(big.Int)
	faults, err := p.Faults(ctx)
	if err != nil {
		return err
	}
	for _, f := range faults {
		pot, err := p.Pot(ctx, f.ID)
		if err != nil {
			return err
		}
		pots.Add(pots, pot.Amount)
	}
	fmt.Fprintf(w.Out, "\nbuyers paid %s ETH for %d jobs: %s went to providers, %s back to buyers; slashed stake refunded to buyers: %s of %s tokens\n",
		tokens(paid), len(w.jobs), tokens(earned), tokens(backed), tokens(refunded), tokens(pots))
	must(backed.Sign() > 0 && refunded.Sign() > 0, "refunds reached the buyers: %s ETH and %s tokens", tokens(backed), tokens(refunded))
	must(new(big.Int).Add(backed, earned).Cmp(paid) == 0, "the market's books balance: %s + %s = %s ETH", tokens(earned), tokens(backed), tokens(paid))
	// A pot is divided by receipts; what does not divide stays in it.
	dust := new(big.Int).Sub(pots, refunded)
	must(dust.Sign() >= 0 && dust.Cmp(big.NewInt(int64(len(w.jobs)*len(faults)))) <= 0, "refund pots are paid out to the last %s base units", dust)
	return nil
}

// replay lets a fresh process, without keys, re-derive one sample.
func (w *world) replay(ctx context.Context, s *sampleRef, must func(bool, string, ...any)) error {
	if s == nil {
		return errors.New("no sample to replay")
	}
	text, ok, err := w.posp(ctx, "audit", "replay", "--network", w.networkFile(), "--epoch", fmt.Sprint(s.epoch), "--provider", s.provider.Hex(), "--index", fmt.Sprint(s.index))
	if err != nil {
		return err
	}
	must(ok && strings.Contains(text, s.result.Verdict.String()), "a replay without keys finds the same %s of %s", s.result.Verdict, w.name(s.provider))
	return nil
}

// posp runs this program in a process of its own, without an environment, and
// prints what it prints; ok says that it succeeded.
func (w *world) posp(ctx context.Context, args ...string) (text string, ok bool, err error) {
	exe, err := os.Executable()
	if err != nil {
		return "", false, fmt.Errorf("find this program: %w", err)
	}
	fmt.Fprintf(w.Out, "\n$ posp %s\n", strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		fmt.Fprintf(w.Out, "  %s", line)
	}
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return "", false, fmt.Errorf("run posp %s: %w", args[0], err)
	}
	return string(out), err == nil, nil
}

// printGas adds up all transactions since the first epoch by what they call.
func (w *world) printGas(ctx context.Context) error {
	at := w.site.Network.Contracts
	named := map[posp.Address]struct {
		name string
		abi  abi.ABI
	}{
		at.BatchRegistry:       {"BatchRegistry", contracts.NewBatchRegistry().GetABI()},
		at.OperatorTable:       {"OperatorTable", contracts.NewOperatorTable().GetABI()},
		at.AttestationRegistry: {"AttestationRegistry", contracts.NewAttestationRegistry().GetABI()},
		at.FaultManager:        {"FaultManager", contracts.NewFaultManager().GetABI()},
		at.RefundPool:          {"RefundPool", contracts.NewRefundPool().GetABI()},
		at.ExampleMarket:       {"ExampleMarket", contracts.NewExampleMarket().GetABI()},
		at.DisputeGame:         {"DisputeGame", contracts.NewDisputeGame().GetABI()},
		at.PrivateDisputeGame:  {"PrivateDisputeGame", contracts.NewPrivateDisputeGame().GetABI()},
		at.SignerFaults:        {"SignerFaults", contracts.NewSignerFaults().GetABI()},
		at.KeyRegistry:         {"KeyRegistry", contracts.NewKeyRegistry().GetABI()},
		at.VerdictRule:         {"VerdictRule", contracts.NewVerdictRule().GetABI()},
		at.ReceiptFaults:       {"ReceiptFaults", contracts.NewReceiptFaults().GetABI()},
		at.VerdictReader:       {"VerdictReader", contracts.NewVerdictReader().GetABI()},
		at.OnDemand:            {"OnDemand", contracts.NewOnDemand().GetABI()},
	}
	type use struct{ n, gas uint64 }
	uses := map[string]*use{}
	head, err := w.client.BlockNumber(ctx)
	if err != nil {
		return err
	}
	var protocol uint64 // what certifying costs whoever keeps the network running
	for n := w.site.Parameters.Schedule.Genesis; n <= head; n++ {
		block, err := w.client.BlockByNumber(ctx, new(big.Int).SetUint64(n))
		if err != nil {
			return fmt.Errorf("count gas: %w", err)
		}
		if len(block.Transactions()) == 0 {
			continue
		}
		receipts, err := w.client.BlockReceipts(ctx, rpc.BlockNumberOrHashWithNumber(rpc.BlockNumber(n)))
		if err != nil {
			return fmt.Errorf("count gas: %w", err)
		}
		for i, tx := range block.Transactions() {
			if tx.To() == nil || receipts[i].Status != types.ReceiptStatusSuccessful {
				continue
			}
			c, ok := named[*tx.To()]
			if !ok || len(tx.Data()) < 4 {
				continue
			}
			method, err := c.abi.MethodById(tx.Data()[:4])
			if err != nil {
				continue
			}
			name := c.name + "." + method.Name
			if uses[name] == nil {
				uses[name] = &use{}
			}
			uses[name].n++
			uses[name].gas += receipts[i].GasUsed
			if *tx.To() == at.BatchRegistry || *tx.To() == at.OperatorTable || *tx.To() == at.AttestationRegistry {
				protocol += receipts[i].GasUsed
			}
		}
	}
	t := w.table("transaction\tcount\tmean gas")
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		fmt.Fprintf(t, "%s\t%d\t%d\n", name, uses[name].n, uses[name].gas/uses[name].n)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w.Out, "\nbatches, beacon, table and certificate: %d gas for an epoch, %d for a receipt (%d receipts)\n",
		protocol/uint64(w.Epochs), protocol/uint64(len(w.jobs)), len(w.jobs))
	return nil
}

// name is what the play calls an address.
func (w *world) name(a posp.Address) string {
	for _, m := range slices.Concat(w.providers, w.operators) {
		if m.address == a {
			return m.label
		}
	}
	for _, label := range w.cast.others {
		if addressOf(label) == a {
			return label
		}
	}
	return a.Hex()
}

func nats(q16 uint64) float64 { return float64(q16) / 65536 }

// tokens prints base units of 10^-18 as whole units with two decimals.
func tokens(x *big.Int) string {
	f, _ := new(big.Float).Quo(new(big.Float).SetInt(x), big.NewFloat(1e18)).Float64()
	return fmt.Sprintf("%.2f", f)
}

func percent(a, b *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(a, b).Float64()
	return 100 * f
}
