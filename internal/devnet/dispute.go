package devnet

import (
	"context"
	"fmt"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// The parties of the play. Two thirds of the operators' stake is bought: these
// operators recompute with the small model, whosever answer it is. So an honest
// provider's answers look like another model's, and the small model's pass.
const (
	framedProvider  = "framed"          // honest, to be ruined
	bribingCheat    = "cheat"           // serves the small model, and opens to who is bought
	honestOperator  = "honest-operator" // outvoted wherever it sits
	briberAccount   = "briber"
	loneChallenger  = "lone-challenger" // has no stake: an account with ether
	contestDeadline = 600               // blocks after the certificate: all contests are made long before
)

var disputeCast = cast{
	providers: []string{framedProvider, bribingCheat},
	operators: []string{"bought-1", "bought-2", "bought-3", "bought-4", honestOperator},
	stakes:    []int64{52, 52, 52, 52, 100},
	others:    []string{briberAccount, loneChallenger},
	prompts:   pages,
	tokens:    48,
}

// boughtOperator is the one through whom the briber knows what is asked under a
// private spec, and who accuses the honest one.
const boughtOperator = "bought-1"

func isBought(operator string) bool {
	return slices.Contains(disputeCast.operators, operator) && operator != honestOperator
}

// bought are the operators that are.
func (w *world) bought() (list []posp.Address) {
	for _, m := range w.operators {
		if isBought(m.label) {
			list = append(list, m.address)
		}
	}
	return list
}

// trial is the play "dispute".
type trial struct {
	*world
	stood    []posp.Assertion
	signers  map[posp.Hash][]challenge.Signer // of what they overturned
	disputes *chain.Disputes
	moves    *moves
	found    map[string]*found
	until    uint64 // block until which the play must be through
}

// dispute lets a bought quorum certify what is false, twice: FAIL for an honest
// provider, and PASS for a cheat. Nobody but the two and one bystander objects.
func (w *world) dispute(ctx context.Context) error {
	w.Epochs = 1
	spec := "public"
	if w.Private {
		spec = "private"
	}
	w.steps.done("ready: a %s spec; %.0f %% of the operators' stake is bought", spec, w.boughtShare())
	c, err := w.epoch(ctx, 0)
	if err != nil {
		return fmt.Errorf("epoch 0: %w", err)
	}
	t := &trial{world: w, moves: newMoves(w, c.Block+1), signers: map[posp.Hash][]challenge.Signer{}, until: c.Block + contestDeadline}
	if t.disputes, err = chain.NewDisputes(w.site.Reader()); err != nil {
		return err
	}
	if t.found, err = w.found(ctx); err != nil {
		return err
	}
	t.pace = 20 // moves take time to compute, and a proof more
	if err := t.framed(ctx); err != nil {
		return fmt.Errorf("the framed provider's case: %w", err)
	}
	if err := t.cheat(ctx); err != nil {
		return fmt.Errorf("the cheat's case: %w", err)
	}
	if err := t.spite(ctx); err != nil {
		return fmt.Errorf("the honest signer's case: %w", err)
	}
	t.pace = 6
	if err := t.punish(ctx, c); err != nil {
		return fmt.Errorf("punish: %w", err)
	}
	if err := w.settle(ctx); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return t.outcome(ctx)
}

func (w *world) boughtShare() float64 {
	bought, all := int64(0), int64(0)
	for i, l := range w.cast.operators {
		all += w.cast.stakes[i]
		if isBought(l) {
			bought += w.cast.stakes[i]
		}
	}
	return 100 * float64(bought) / float64(all)
}

// framed contests what speaks against it; the briber challenges one of the
// assertions, and the game is played down to one multiplication.
func (t *trial) framed(ctx context.Context) error {
	wrong, err := t.contradicted(ctx, framedProvider, app.ContestOwn)
	if err != nil {
		return err
	}
	t.steps.done("%s: %d of %d samples are certified FAIL, and it is charged; the program contradicts %d", framedProvider,
		t.found[framedProvider].fail, t.found[framedProvider].samples, len(wrong))
	if err := t.challenger(ctx, framedProvider, app.ContestOwn); err != nil {
		return err
	}
	if err := t.liar(ctx, briberAccount, boughtOperator, framedProvider, func(g *reference.Graph) uint64 {
		return g.Index(reference.Row{Op: reference.Gate, Layer: g.Layers / 2, At: g.Prompt})
	}, func(values []int64) { values[len(values)/2]++ }); err != nil {
		return err
	}
	if err := t.played(ctx, framedProvider, framedProvider, briberAccount, wrong); err != nil {
		return err
	}
	t.steps.done("%s: what spoke against it is overturned, and who invented it and signed is accused", framedProvider)
	return nil
}

// cheat passed; a bystander contests that, and the cheat challenges one of the
// assertions: its answers were certain, it says.
func (t *trial) cheat(ctx context.Context) error {
	wrong, err := t.contradicted(ctx, loneChallenger, app.ContestAll)
	if err != nil {
		return err
	}
	t.steps.done("%s: %d of %d samples are certified PASS; the program contradicts %d", bribingCheat, t.found[bribingCheat].pass, t.found[bribingCheat].samples, len(wrong))
	if err := t.challenger(ctx, loneChallenger, app.ContestAll); err != nil {
		return err
	}
	if err := t.liar(ctx, bribingCheat, bribingCheat, bribingCheat, func(g *reference.Graph) uint64 { return g.Index(reference.Row{Op: reference.LogProbs}) },
		func(values []int64) { clear(values) }); err != nil {
		return err
	}
	if err := t.played(ctx, bribingCheat, loneChallenger, bribingCheat, wrong); err != nil {
		return err
	}
	t.steps.done("%s: what spoke for it is overturned, and who invented it and signed is accused", bribingCheat)
	return nil
}

// contradicted are the samples that an account would contest.
func (t *trial) contradicted(ctx context.Context, label, contest string) (samples []posp.Hash, err error) {
	cases, err := t.site.Cases(t.parts(label, contest))
	if err != nil {
		return nil, err
	}
	findings, err := cases.Findings(ctx)
	for _, f := range findings {
		if f.Contradicted() && !slices.ContainsFunc(t.stood, func(a posp.Assertion) bool { return a.SampleID == f.SampleID }) {
			samples = append(samples, f.SampleID)
		}
	}
	if err == nil && len(samples) == 0 {
		err = fmt.Errorf("the program contradicts nothing that was certified")
	}
	return samples, err
}

// parts are a challenger's. The bystander buys, so it has answers.
func (t *trial) parts(label, contest string) app.ChallengerParts {
	p := app.ChallengerParts{Key: devchain.Account(label), Contest: contest}
	if label == loneChallenger {
		p.Openings = t.answers()
	}
	return p
}

// challenger starts posp challenge run.
func (t *trial) challenger(ctx context.Context, label, contest string) error {
	run, err := t.site.Challenger(t.parts(label, contest))
	if err != nil {
		return err
	}
	t.start(ctx, label+"'s challenger", run)
	return nil
}

// liar starts an agent that challenges what is true about a provider, by what
// somebody knows of it.
func (t *trial) liar(ctx context.Context, label, knower, provider string, row func(*reference.Graph) uint64, change func(values []int64)) error {
	d, err := chain.NewDisputes(t.site.Writer(devchain.Account(label)))
	if err != nil {
		return err
	}
	runs, err := t.site.RunsOf(t.parts(knower, app.ContestNone))
	if err != nil {
		return err
	}
	lies := &liar{runs: runs, provider: addressOf(provider), row: row, change: change}
	t.start(ctx, label+"'s challenger", challenge.NewAgent(addressOf(label), d, lies, nil, nil, t.Log.Named(label)).Run)
	return nil
}

// played waits until an asserter has contested what it should about a provider,
// a challenger has lost its game against one assertion, all stood, and those
// who signed against better knowledge are accused.
func (t *trial) played(ctx context.Context, provider, asserter, challenger string, wrong []posp.Hash) error {
	var mine []posp.Assertion
	var err error
	step := func(what string, done func() (bool, error)) error {
		return t.world.until(ctx, what, t.until, func() (bool, error) {
			if err := t.moves.print(ctx); err != nil {
				return false, err
			}
			all, err := t.disputes.Assertions(ctx)
			if err != nil {
				return false, err
			}
			mine = slices.DeleteFunc(all, func(a posp.Assertion) bool {
				return a.Provider != addressOf(provider) || a.Asserter != addressOf(asserter)
			})
			return done()
		})
	}
	if err := step("contests", func() (bool, error) { return len(mine) == len(wrong), nil }); err != nil {
		return err
	}
	if err := step("a whole game", func() (bool, error) {
		for _, a := range mine {
			games, err := t.disputes.Games(ctx, a.ID)
			if err != nil || slices.ContainsFunc(games, func(g posp.Game) bool { return g.Challenger == addressOf(challenger) && g.Turn == posp.TurnOver }) {
				return err == nil, err
			}
		}
		return false, nil
	}); err != nil {
		return err
	}
	// Nothing happens until challenges are closed.
	closes := uint64(0)
	for _, a := range mine {
		closes = max(closes, a.ClosesAt)
	}
	if err := t.mineTo(ctx, closes); err != nil {
		return err
	}
	if err := step("assertions to stand, and bonds to be withdrawn", func() (bool, error) {
		owed, err := t.disputes.Owed(ctx, addressOf(asserter))
		return err == nil && owed.IsZero() && !slices.ContainsFunc(mine, func(a posp.Assertion) bool { return a.Status == posp.AssertionPending || a.Games > 0 }), err
	}); err != nil {
		return err
	}
	t.stood = append(t.stood, mine...)
	for _, a := range mine {
		if t.signers[a.ID], err = t.testimonies(ctx, a); err != nil {
			return err
		}
	}
	return step("the signers to be accused", func() (bool, error) {
		for _, a := range mine {
			for _, s := range t.signers[a.ID] {
				if s.Says != challenge.False {
					continue
				}
				if charge, err := t.disputes.SignerCharge(ctx, a, s.Operator); err != nil || charge.Status == chain.FaultNone {
					return false, err
				}
			}
		}
		return true, t.moves.print(ctx)
	})
}

// testimonies are who signed with an assertion's committee, and what they had
// said.
func (t *trial) testimonies(ctx context.Context, a posp.Assertion) ([]challenge.Signer, error) {
	signatures, err := t.site.Signatures(t.parts(boughtOperator, app.ContestNone))
	if err != nil {
		return nil, err
	}
	a.Asserter = addressOf(boughtOperator) // it tells an account about its own assertions alone
	return signatures.Signers(ctx, a)
}

// spite lets a bought operator accuse the honest one wherever that was outvoted
// and signed what followed. It shows its evidence, and is cleared.
func (t *trial) spite(ctx context.Context) error {
	if err := t.challenger(ctx, honestOperator, app.ContestNone); err != nil {
		return err
	}
	signatures, err := t.site.Signatures(t.parts(boughtOperator, app.ContestNone))
	if err != nil {
		return err
	}
	honest := addressOf(honestOperator)
	accused := t.stood[:0:0]
	for _, a := range t.stood {
		if !slices.Contains(t.signers[a.ID], challenge.Signer{Operator: honest, Says: challenge.Honest}) {
			continue
		}
		a.Asserter = addressOf(boughtOperator)
		if _, err := signatures.Signers(ctx, a); err != nil {
			return err
		}
		if err := signatures.Accuse(ctx, a.ID, []posp.Address{honest}); err != nil {
			return err
		}
		accused = append(accused, a)
	}
	if err := t.world.until(ctx, "the honest signer's answers", t.until, func() (bool, error) {
		for _, a := range accused {
			if charge, err := t.disputes.SignerCharge(ctx, a, honest); err != nil || charge.Status != chain.FaultCleared {
				return false, err
			}
		}
		return true, t.moves.print(ctx)
	}); err != nil {
		return err
	}
	t.steps.done("%s: accused for signing with %d of the committees that outvoted it, and cleared", honestOperator, len(accused))
	return nil
}

// punish lets the windows pass in which charges may be answered; the
// aggregator's keeper executes what is left of them.
func (t *trial) punish(ctx context.Context, c chain.SubmittedCertificate) error {
	faults, err := t.disputes.Faults(ctx)
	if err != nil {
		return err
	}
	last := c.Block + t.site.Parameters.Schedule.ContestBlocks
	for _, f := range faults {
		last = max(last, f.ExecutableAt)
	}
	if err := t.mineTo(ctx, last+1); err != nil {
		return err
	}
	err = t.world.until(ctx, "charges to be executed and slashed stake to arrive", last+400, func() (bool, error) {
		if err := t.moves.print(ctx); err != nil {
			return false, err
		}
		return t.settled(ctx)
	})
	if err == nil {
		t.steps.done("the windows are over: what was not cleared is executed")
	}
	return err
}

// settled says whether no charge is open, and the pots of the providers' are filled.
func (t *trial) settled(ctx context.Context) (bool, error) {
	faults, err := t.disputes.Faults(ctx)
	if err != nil {
		return false, err
	}
	for _, f := range faults {
		state, err := t.disputes.Fault(ctx, f.ID)
		if err != nil || state.Status == chain.FaultOpen {
			return false, err
		}
		if f.Kind.OfOperator() || state.Status == chain.FaultCleared {
			continue
		}
		if pot, err := t.disputes.Pot(ctx, f.ID); err != nil || !pot.Collected {
			return false, err
		}
	}
	return true, nil
}
