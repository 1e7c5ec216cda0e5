package verdict

import (
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

// Held is what is held about one sample. All of it is authentic: whoever makes
// one has checked it, as gather does.
type Held struct {
	Opening   *posp.Opening  // that VerifyOpening accepts; nil: nobody has one
	Provider  *posp.Evidence // of the part whose hash the opening's receipt names; nil: nobody has it
	Committee []HeldMember   // in the order of the assignment
}

// HeldMember is what a member of a sample's committee sent about it.
type HeldMember struct {
	Commitment posp.Hash // zero for none
	Revealed   bool      // whether the commitment was opened
	Evidence   []byte    // by this
}

// size is roughly how many bytes it takes in memory.
func (h Held) size() int {
	n := 0
	if h.Opening != nil {
		n += 4 * (len(h.Opening.Request.Tokens) + len(h.Opening.Output.Tokens))
	}
	if h.Provider != nil {
		n += 4 * len(h.Provider.LogProb)
	}
	for _, m := range h.Committee {
		n += len(m.Evidence)
	}
	return n
}

// Hashes are what posp.EvidenceSetHash binds: of the receipt, of the provider's
// evidence, and of the committee's, in order.
func (h Held) Hashes(d posp.Domain, committee []posp.Address) (receipt, provider posp.Hash, members []posp.HeldEvidence) {
	if h.Opening != nil {
		receipt = h.Opening.Receipt.Digest(d)
		if h.Provider != nil {
			provider = h.Provider.Hash()
		}
	}
	for i, operator := range committee {
		m := posp.HeldEvidence{Operator: operator}
		if i < len(h.Committee) {
			m.Commitment = h.Committee[i].Commitment
			if h.Committee[i].Revealed {
				m.Evidence = crypto.Keccak256Hash(h.Committee[i].Evidence)
			}
		}
		members = append(members, m)
	}
	return receipt, provider, members
}

// HeldOf finds one sample of an epoch, and what is held about it; ok is false
// where the epoch has no such sample. Standings are not read.
func HeldOf(in EpochInput, sampleID posp.Hash) (h Held, a sampler.Assignment, ok bool, err error) {
	e, err := newEpoch(in)
	if err != nil {
		return h, a, false, err
	}
	gather := e.gather()
	electorate, err := sampler.NewElectorate(in.Table.Members)
	if err != nil {
		return h, a, false, err
	}
	for _, batch := range e.batches {
		all, _, err := electorate.Assignments(in.Domain, batch, in.Beacon, e.committee())
		if err != nil {
			return h, a, false, err
		}
		for a = range all {
			if a.SampleID == sampleID {
				h, err = gather(origin{batch.Batch, e.receiptKey[batch.Provider]}, a)
				return h, a, err == nil, err
			}
		}
	}
	for _, demand := range e.demands {
		if demand.SampleID() != sampleID {
			continue
		}
		if a, err = sampler.AssignDemand(in.Domain, demand, in.Beacon, in.Table.Members, e.committee()); err == nil {
			h, err = gather(originOf(demand), a)
		}
		return h, a, err == nil, err
	}
	return h, sampler.Assignment{}, false, nil
}

// Judges gives what Derive makes of one sample by itself, for whoever does not
// hold all of an epoch's. Standings are not read, and what it gives may be
// called by many at once.
func Judges(in EpochInput) (func(sampler.Assignment, Held) posp.SampleResult, error) {
	e, err := newEpoch(in)
	if err != nil {
		return nil, err
	}
	return func(a sampler.Assignment, h Held) posp.SampleResult {
		s := judged{assignment: a}
		e.judge(&s, h)
		return s.result
	}, nil
}

// held names what an operator sent about a sample.
type held struct {
	operator posp.Address
	sample   posp.Hash
}

// gather takes from the operators' messages what is authentic. A commitment is
// by its message's signature; a reveal is by opening its commitment, which
// names the operator; what is carried is checked against the batch, and so may
// come from anybody.
func (e *epoch) gather() func(origin, sampler.Assignment) (Held, error) {
	commitments, reveals := map[held]posp.Hash{}, map[held][]byte{}
	openings, parts := map[posp.Hash][]*posp.Opening{}, map[posp.Hash][]*posp.EvidencePart{}

	// Of two different commitments for one sample nobody can say which came
	// first, so neither counts.
	split := map[held]bool{}
	for _, c := range e.in.Commitments {
		signer, err := posp.RecoverSigner(c.Digest(e.in.Authority), c.Signature)
		if err != nil || signer != e.in.Table.MessageKey(c.Operator) || c.Epoch != e.in.Epoch {
			continue
		}
		for _, item := range c.Items {
			key := held{c.Operator, item.SampleID}
			if other, twice := commitments[key]; twice && other != item.Commitment {
				split[key] = true
			}
			commitments[key] = item.Commitment
		}
	}
	for key := range split {
		delete(commitments, key)
	}
	for _, r := range e.in.Reveals {
		for _, item := range r.Items {
			key := held{r.Operator, item.SampleID}
			if c, ok := commitments[key]; ok && posp.Commitment(r.Operator, item.SampleID, item.Evidence, item.Salt) == c {
				reveals[key] = item.Evidence
			}
			if item.Opening != nil {
				openings[item.SampleID] = append(openings[item.SampleID], item.Opening)
			}
			if item.Provider != nil {
				parts[item.SampleID] = append(parts[item.SampleID], item.Provider)
			}
		}
	}
	return func(of origin, a sampler.Assignment) (h Held, err error) {
		for _, o := range openings[a.SampleID] {
			if VerifyOpening(e.in.Domain, of.batch, a.Leaf, of.receiptKey, *o) == nil {
				h.Opening = o
				break
			}
		}
		if h.Opening != nil {
			for _, p := range parts[a.SampleID] {
				if p.Hash() == h.Opening.Receipt.EvidenceHash {
					h.Provider = &p.Evidence
					break
				}
			}
		}
		for _, operator := range a.Committee {
			key := held{operator, a.SampleID}
			evidence, revealed := reveals[key]
			h.Committee = append(h.Committee, HeldMember{Commitment: commitments[key], Revealed: revealed, Evidence: evidence})
		}
		return h, nil
	}
}
