package devnet

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// charges are counts of charges by how they ended.
type charges struct{ made, cleared, executed int }

// outcome reads back from the chain what became of everybody, prints it, and
// fails if anything came out otherwise than it must.
func (t *trial) outcome(ctx context.Context) error {
	if err := t.moves.print(ctx); err != nil { // of the windows that passed
		return err
	}
	assertions, err := t.disputes.Assertions(ctx)
	if err != nil {
		return err
	}
	faults, err := t.disputes.Faults(ctx)
	if err != nil {
		return err
	}
	against := map[string]map[posp.FaultKind]*charges{}
	for _, f := range faults {
		state, err := t.disputes.Fault(ctx, f.ID)
		if err != nil {
			return err
		}
		who := t.name(f.Subject)
		if against[who] == nil {
			against[who] = map[posp.FaultKind]*charges{}
		}
		if against[who][f.Kind] == nil {
			against[who][f.Kind] = &charges{}
		}
		c := against[who][f.Kind]
		c.made++
		switch state.Status {
		case chain.FaultCleared:
			c.cleared++
		case chain.FaultExecuted:
			c.executed++
		}
	}
	of := func(who string, kind posp.FaultKind) charges {
		if c := against[who][kind]; c != nil {
			return *c
		}
		return charges{}
	}
	var checks []check
	must := func(ok bool, format string, args ...any) {
		checks = append(checks, check{fmt.Sprintf(format, args...), ok})
	}
	if err := t.printAccused(ctx, assertions, of, must); err != nil {
		return err
	}
	if err := t.printSigners(ctx, of, must); err != nil {
		return err
	}
	if err := t.printBonds(ctx, assertions, must); err != nil {
		return err
	}
	if err := t.printMoney(ctx, must); err != nil {
		return err
	}
	if err := t.printGas(ctx); err != nil {
		return err
	}
	if err := t.ask(ctx, assertions, must); err != nil {
		return err
	}
	return t.verify(checks)
}

// printAccused says what became of the two providers.
func (t *trial) printAccused(ctx context.Context, assertions []posp.Assertion, of func(string, posp.FaultKind) charges, must func(bool, string, ...any)) error {
	out := t.table("provider\tsamples\tcertified PASS\tcertified FAIL\toverturned\tcharges\tcleared\texecuted\tjailed\tshares before\tafter")
	for _, m := range t.providers {
		f, overturned := t.found[m.label], uint32(0)
		for _, s := range f.all {
			if slices.ContainsFunc(assertions, func(a posp.Assertion) bool {
				return a.SampleID == s.result.SampleID && a.Status == posp.AssertionStood
			}) {
				overturned++
			}
		}
		jailed, err := t.disputes.Jailed(ctx, m.address)
		if err != nil {
			return err
		}
		after, err := t.shares(ctx, m)
		if err != nil {
			return err
		}
		statistical, confirmed := of(m.label, posp.FaultStatistical), of(m.label, posp.FaultFailConfirmed)
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%v\t%s\t%s\n", m.label, f.samples, f.pass, f.fail, overturned, statistical.made+confirmed.made,
			statistical.cleared+confirmed.cleared, statistical.executed+confirmed.executed, jailed, tokens(m.before), tokens(after))
		if m.label == framedProvider {
			must(f.fail > 0 && overturned >= f.fail, "%s: all %d FAILs are overturned", m.label, f.fail)
			must(statistical.made > 0 && statistical.cleared == statistical.made && !jailed && after.Cmp(m.before) == 0,
				"%s: the charge is cleared, it is out of jail, and it kept every share", m.label)
		} else {
			must(overturned > 0, "%s: %d of %d PASSes are overturned, all that the program contradicts", m.label, overturned, f.pass)
			must(confirmed.executed == int(overturned) && jailed && after.Cmp(m.before) < 0, "%s: a charge for each is executed, and it is slashed", m.label)
		}
	}
	return out.Flush()
}

// printSigners says what became of the operators.
func (t *trial) printSigners(ctx context.Context, of func(string, posp.FaultKind) charges, must func(bool, string, ...any)) error {
	lies := 0
	out := t.table("operator\tcharged for signing\tcleared\texecuted\tjailed\tshares before\tafter")
	for _, m := range t.operators {
		jailed, err := t.disputes.Jailed(ctx, m.address)
		if err != nil {
			return err
		}
		after, err := t.shares(ctx, m)
		if err != nil {
			return err
		}
		signed := of(m.label, posp.FaultSignedFalsehood)
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%v\t%s\t%s\n", m.label, signed.made, signed.cleared, signed.executed, jailed, tokens(m.before), tokens(after))
		if m.label != honestOperator {
			lied := 0
			for _, a := range t.stood {
				if slices.Contains(t.signers[a.ID], challenge.Signer{Operator: m.address, Says: challenge.False}) {
					lied++
				}
			}
			lies += lied
			must(signed.made == lied && signed.executed == lied && (after.Cmp(m.before) < 0) == (lied > 0),
				"%s: slashed for each of the %d overturned verdicts that it invented evidence for and signed", m.label, lied)
		} else {
			must(signed.cleared == signed.made && !jailed && after.Cmp(m.before) == 0, "%s: %d charges, all cleared; every share kept", m.label, signed.made)
		}
	}
	must(lies > 0, "%d lies of bought operators are punished", lies)
	return out.Flush()
}

// printBonds says what disputing cost and brought.
func (t *trial) printBonds(ctx context.Context, assertions []posp.Assertion, must func(bool, string, ...any)) error {
	stakes, err := t.disputes.DisputeStakes(ctx)
	if err != nil {
		return err
	}
	bond := stakes.Bond.ToBig()
	out := t.table("account\tbonds paid, ETH\twithdrawn\tnet\tgas paid, ETH")
	for _, label := range []string{framedProvider, briberAccount, loneChallenger, bribingCheat} {
		a := addressOf(label)
		net := new(big.Int).Sub(of(t.moves.returns, a), of(t.moves.bonds, a))
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%.6f\n", label, tokens(of(t.moves.bonds, a)), tokens(of(t.moves.returns, a)), tokens(net), ethers(of(t.moves.fees, a)))
		want := bond
		if label == briberAccount || label == bribingCheat {
			want = new(big.Int).Neg(bond)
			must(net.Cmp(want) == 0, "%s lied in a game and lost its bond", label)
		} else {
			must(net.Cmp(want) == 0, "%s has all its bonds back, and the loser's", label)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	left := new(big.Int)
	for _, game := range []posp.Address{t.site.Network.Contracts.DisputeGame, t.site.Network.Contracts.PrivateDisputeGame} {
		x, err := t.client.BalanceAt(ctx, game, nil)
		if err != nil {
			return fmt.Errorf("read balance: %w", err)
		}
		left.Add(left, x)
	}
	must(left.Sign() == 0, "the contracts hold nobody's bond: %s wei", left)
	return nil
}

func ethers(wei *big.Int) float64 {
	f, _ := new(big.Float).Quo(new(big.Float).SetInt(wei), big.NewFloat(1e18)).Float64()
	return f
}

// ask lets a fresh process, without keys, list the disputes and recompute one
// of each provider.
func (t *trial) ask(ctx context.Context, assertions []posp.Assertion, must func(bool, string, ...any)) error {
	_, ok, err := t.posp(ctx, "challenge", "list", "--all", "--network", t.networkFile())
	if err != nil {
		return err
	}
	must(ok, "the disputes are listed")
	framed, ok, err := t.posp(ctx, "query", "--network", t.networkFile(), addressOf(framedProvider).Hex())
	if err != nil {
		return err
	}
	must(ok && strings.Contains(framed, "stood") && strings.Contains(framed, chain.FaultCleared.String()), "a query tells of %s's disputes and its cleared charge", framedProvider)
	for _, label := range []string{framedProvider, bribingCheat} {
		i := slices.IndexFunc(assertions, func(a posp.Assertion) bool { return a.Provider == addressOf(label) })
		if i < 0 {
			must(false, "there is an assertion about %s", label)
			continue
		}
		text, ok, err := t.posp(ctx, "challenge", "show", "--check", "--openings", t.answers(), "--network", t.networkFile(), assertions[i].ID.Hex())
		if err != nil {
			return err
		}
		must(ok && strings.Contains(text, "the assertion is true"), "a recomputation without keys finds the assertion about %s true", label)
	}
	return nil
}
