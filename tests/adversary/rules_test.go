package adversary

import (
	"encoding/json"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/verdict"
)

// checkRules checks what must hold after every epoch, whoever cheats in it.
func (w *world) checkRules(e *played) {
	w.Helper()
	for _, rule := range []func(*played){w.honestAreNeverCharged, w.chargesRestOnSamples, w.standingsMoveBySamples, w.nothingIsLostOrInvented, w.orderDoesNotMatter} {
		rule(e)
	}
}

// Rationale: a protocol that slashes the honest now and then is one that
// nobody stakes in; the false-slash rate is what the whole statistic is for.
func (w *world) honestAreNeverCharged(e *played) {
	w.Helper()
	for _, p := range w.providers {
		if p.cheats {
			continue
		}
		if c := e.charges(p.address); len(c) > 0 {
			w.Errorf("epoch %d: honest provider %s is charged: %+v", e.in.Epoch, p.name, c)
		}
		for _, s := range e.of(p) {
			if s.Verdict == posp.Fail || s.Verdict == posp.Unavailable {
				w.Errorf("epoch %d: a sample of honest provider %s is %s (%s, %.2f nats)", e.in.Epoch, p.name, s.Verdict, s.Class, float64(s.LogE)/verdict.Nat)
			}
		}
	}
	for _, o := range w.operators {
		if c := e.charges(o.address); len(c) > 0 && !o.cheats {
			w.Errorf("epoch %d: honest operator %s is charged: %+v", e.in.Epoch, o.name, c)
		}
	}
}

// Rationale: a charge takes somebody's stake, so it must name what anybody can
// check: a sample that was not opened, or a standing over the line that was
// under it before.
func (w *world) chargesRestOnSamples(e *played) {
	w.Helper()
	for _, f := range e.out.Result.Faults {
		spec := f.Ref
		switch f.Kind {
		case posp.FaultWithholding:
			if e.samples[f.Ref].Verdict != posp.Unavailable {
				w.Errorf("epoch %d: %s is charged with withholding a sample that is %s", e.in.Epoch, f.Subject, e.samples[f.Ref].Verdict)
			}
			continue
		case posp.FaultOperatorEvidence:
			spec = posp.Hash{}
		}
		before, after := standing(e.in.Standings, f.Subject, spec), standing(e.out.Result.Standings, f.Subject, spec)
		if line := w.parameters.FaultLine; before >= line || f.Kind == posp.FaultOperatorEvidence && after < line {
			w.Errorf("epoch %d: %s of %s at a standing of %d after %d, the line is %d", e.in.Epoch, f.Kind, f.Subject, after, before, line)
		}
	}
}

// Rationale: a standing is the sum of what was measured. If anything else
// could move it, or a sample could fail to, then a cheat could be forgiven or
// an honest party condemned without evidence.
func (w *world) standingsMoveBySamples(e *played) {
	w.Helper()
	spec := w.model.Spec.ID()
	inCommittee := map[posp.Address]bool{}
	for _, a := range e.out.Assignments {
		for _, o := range a.Committee {
			inCommittee[o] = true
		}
	}
	for _, b := range e.batches {
		want := standing(e.in.Standings, b.address, spec)
		for _, s := range e.of(b.provider) {
			want = verdict.Advance(want, s.LogE)
		}
		if got := standing(carried(e.in.Standings, e.out.Result.Standings), b.address, spec); got != want {
			w.Errorf("epoch %d: standing of %s is %d, its samples give %d", e.in.Epoch, b.name, got, want)
		}
	}
	for _, o := range w.operators {
		before, after := standing(e.in.Standings, o.address, posp.Hash{}), standing(carried(e.in.Standings, e.out.Result.Standings), o.address, posp.Hash{})
		if before != after && !inCommittee[o.address] {
			w.Errorf("epoch %d: standing of %s went from %d to %d without a sample", e.in.Epoch, o.name, before, after)
		}
	}
}

// Rationale: UNSAMPLED is not PASSED and a missing verdict is not neutral, so
// every sample that was drawn must be counted once, under one verdict, and
// stand in the tree that the certificate signs.
func (w *world) nothingIsLostOrInvented(e *played) {
	w.Helper()
	var leaves []posp.Hash
	for _, s := range e.out.Samples {
		leaves = append(leaves, s.LeafHash())
		if s.Verdict == posp.Unsampled || s.Verdict == posp.Pass && s.Class != posp.ClassNone {
			w.Errorf("epoch %d: sample %s is %s, %s", e.in.Epoch, s.SampleID, s.Verdict, s.Class)
		}
	}
	if merkle.Root(leaves) != e.out.Result.SampleRoot || len(e.samples) != len(e.out.Assignments) {
		w.Errorf("epoch %d: %d samples were drawn, %d are under the result's root", e.in.Epoch, len(e.out.Assignments), len(leaves))
	}
	for _, r := range e.out.Result.Batches {
		if r.Passed+r.Failed+r.Inconclusive+r.Unavailable != r.Samples {
			w.Errorf("epoch %d: batch %s counts %+v", e.in.Epoch, r.BatchID, r)
		}
	}
}

// Rationale: operators get messages in any order and sign what they derive
// themselves. If order mattered they would sign different results, and nothing
// would ever reach a quorum.
func (w *world) orderDoesNotMatter(e *played) {
	w.Helper()
	in := e.in
	in.Batches, in.Providers, in.Standings = shuffled(w, in.Batches), shuffled(w, in.Providers), shuffled(w, in.Standings)
	in.Commitments, in.Reveals = shuffled(w, in.Commitments), shuffled(w, in.Reveals)
	again, err := verdict.Derive(in)
	w.must(err)
	a, err := json.Marshal(e.out)
	w.must(err)
	b, err := json.Marshal(again)
	w.must(err)
	if !slices.Equal(a, b) || again.Result.Digest(w.authority) != e.out.Result.Digest(w.authority) {
		w.Errorf("epoch %d: the same messages in another order give another result", e.in.Epoch)
	}
}

func shuffled[T any](w *world, list []T) []T {
	list = slices.Clone(list)
	w.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// mustEarnNothing plays some epochs in which an operator cheats: it must have
// done none of its duties, every honest operator all of them, and no sample
// of the honest provider may suffer.
func (w *world) mustEarnNothing(cheat *operator) {
	w.Helper()
	assigned := uint32(0)
	for range 4 {
		e := w.play()
		assigned += e.duty(cheat).Assigned
		for _, o := range w.operators {
			d := e.duty(o)
			if o == cheat && d.Done != 0 || o != cheat && d.Done != d.Assigned {
				w.Errorf("epoch %d: %s did %d of %d", e.in.Epoch, o.name, d.Done, d.Assigned)
			}
		}
		for i, s := range e.of(w.providers[0]) {
			if s.Verdict != posp.Pass {
				w.Errorf("epoch %d: sample %d of the honest provider is %s (%s, %.2f nats)", e.in.Epoch, i, s.Verdict, s.Class, float64(s.LogE)/verdict.Nat)
			}
		}
	}
	if assigned == 0 {
		w.Error("no sample fell to the cheat")
	}
}
