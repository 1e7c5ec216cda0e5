package aggregator

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// What the archive says about one sample or one epoch to whoever wants to look
// at it. Nothing here asks the chain, and of a message no more is read than the
// answer is made of: who browses does not slow down those who verify.

// Progress is how far an epoch is here, and who has sent what, ascending.
type Progress struct {
	Phase     string // open, frozen, final or derived
	Committed []posp.Address
	Revealed  []posp.Address
	Signed    []posp.Address
}

// Progress says how far an epoch is; one that nobody sent anything for is open.
func (a *Aggregator) Progress(ctx context.Context, epoch uint64) (p Progress, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil {
		return p, err
	}
	p.Phase = string(s.phase)
	for _, x := range []struct {
		d  duty
		to *[]posp.Address
	}{{dutyCommitments, &p.Committed}, {dutyReveals, &p.Revealed}, {dutyShare, &p.Signed}} {
		senders, err := a.ledger.senders(ctx, a.ledger.db, epoch, x.d)
		if err != nil {
			return p, err
		}
		*x.to = slices.AppendSeq([]posp.Address{}, maps.Keys(senders))
		slices.SortFunc(*x.to, posp.Address.Cmp)
	}
	return p, nil
}

// Lines are an epoch's result as it was derived here, with a line for each
// sample by (batch, j); ok once it was.
func (a *Aggregator) Lines(ctx context.Context, epoch uint64) (r posp.Result, lines []posp.SampleResult, ok bool, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase != phaseDerived {
		return r, nil, false, err
	}
	if r, err = a.ledger.result(ctx, epoch); err != nil {
		return r, nil, false, err
	}
	lines, err = a.ledger.samples(ctx, epoch, r.SampleCount)
	return r, lines, err == nil, err
}

// ArchivedSample is what is held of one sample, and what it comes to.
type ArchivedSample struct {
	Opening     *posp.Opening  // nil: nobody has one; of a private spec its text is withheld
	Provider    *posp.Evidence // nil: nobody has it
	Committee   []verdict.HeldMember
	Explanation verdict.Explanation // by the spec's policy; of a private spec without tokens
}

// Sample is what an epoch's members sent about a sample, by its ordinal
// (batches ascending by id, in each by j) and its committee in the order drawn;
// ok once the epoch's reveals are final.
func (a *Aggregator) Sample(ctx context.Context, epoch uint64, ordinal uint32, committee []posp.Address) (s ArchivedSample, ok bool, err error) {
	is, err := a.ledger.state(ctx, epoch)
	if err != nil || is.phase != phaseFinal && is.phase != phaseDerived {
		return s, false, err
	}
	judged := verdict.Sample{}
	for _, operator := range committee {
		member, decoded := verdict.HeldMember{}, verdict.CommitteeEvidence{Operator: operator}
		it, err := a.ledger.item(ctx, epoch, dutyCommitments, operator, ordinal)
		if err != nil {
			return s, false, err
		}
		if it != nil {
			member.Commitment = it.word
		}
		if it, err = a.ledger.item(ctx, epoch, dutyReveals, operator, ordinal); err != nil {
			return s, false, err
		}
		if it != nil {
			member.Revealed, member.Evidence = true, it.evidence
			if e, err := posp.DecodeEvidence(it.evidence); err == nil {
				decoded.Evidence = &e
			}
			if s.Opening == nil {
				s.Opening = it.opening
			}
			if s.Provider == nil && it.part != nil {
				s.Provider = &it.part.Evidence
			}
		}
		s.Committee, judged.Committee = append(s.Committee, member), append(judged.Committee, decoded)
	}
	var policy *verdict.Policy
	if s.Opening != nil {
		for i := range a.cfg.Specs {
			if a.cfg.Specs[i].Spec.ID() == s.Opening.Receipt.SpecID {
				judged.Spec, policy = a.cfg.Specs[i].Spec, &a.cfg.Specs[i].Policy
			}
		}
	}
	judged.Opening, judged.Provider = s.Opening, s.Provider
	s.Explanation = verdict.Explain(policy, judged)
	if s.Opening != nil && a.private(s.Opening) {
		withheld := s.Opening.Withhold()
		s.Opening = &withheld
		for i := range s.Explanation.Worst {
			s.Explanation.Worst[i].Token = 0
		}
	}
	return s, true, nil
}

// Receipts visits the receipts of an epoch's samples that somebody opened, each
// once or, where several carried it, more often; ok once its reveals are final.
func (a *Aggregator) Receipts(ctx context.Context, epoch uint64, visit func(ordinal uint32, r posp.SignedReceipt) error) (ok bool, err error) {
	is, err := a.ledger.state(ctx, epoch)
	if err != nil || is.phase != phaseFinal && is.phase != phaseDerived {
		return false, err
	}
	senders, err := a.ledger.senders(ctx, a.ledger.db, epoch, dutyReveals)
	if err != nil {
		return false, err
	}
	for operator := range senders {
		for n := 0; ; n++ {
			items, more, err := a.ledger.chunk(ctx, epoch, dutyReveals, operator, stands, n)
			if err != nil {
				return false, err
			}
			if !more {
				break
			}
			for _, it := range items {
				if it.opening == nil {
					continue
				}
				if err := visit(it.ordinal, it.opening.Receipt); err != nil {
					return false, err
				}
			}
		}
	}
	return true, nil
}

// item is an operator's line about one sample, nil if there is none. Of its
// message one chunk is read whole, and of others, a few, the first bytes.
func (l ledger) item(ctx context.Context, epoch uint64, d duty, operator posp.Address, ordinal uint32) (*item, error) {
	var chunks int
	if err := l.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM chunks WHERE epoch = $1 AND duty = $2 AND operator = $3 AND standing = 0`,
		epoch, string(d), operator[:]).Scan(&chunks); err != nil {
		return nil, fmt.Errorf("read items of a message: %w", err)
	}
	low, high := 0, chunks // the first chunk that begins after the sample is in [low, high]
	for low < high {
		mid := (low + high) / 2
		var first []byte
		err := l.db.QueryRowContext(ctx, `SELECT substr(body, 1, 4) FROM chunks WHERE epoch = $1 AND duty = $2 AND operator = $3 AND standing = 0 AND n = $4`,
			epoch, string(d), operator[:], mid).Scan(&first)
		if err == nil && len(first) != 4 {
			err = errDamaged
		}
		if err != nil {
			return nil, fmt.Errorf("read items of a message: %w", err)
		}
		if binary.BigEndian.Uint32(first) <= ordinal {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return nil, nil
	}
	items, _, err := l.chunk(ctx, epoch, d, operator, stands, low-1)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(items, func(it item) bool { return it.ordinal == ordinal })
	if at < 0 {
		return nil, nil
	}
	return &items[at], nil
}
