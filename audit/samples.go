// What was drawn, sent and signed of each sample.

package audit

import (
	"fmt"
	"math"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

func (v *verifier) specs() outcome {
	var last posp.Hash
	for i, s := range v.models {
		id := s.Spec.ID()
		if i > 0 && last.Cmp(id) >= 0 {
			return failed("spec %s does not ascend", id)
		}
		last = id
		if err := s.Policy.Check(); err != nil {
			return failed("spec %s: %v", id, err)
		}
		if policy := s.Policy.ID(); policy != s.Spec.PolicyID {
			return failed("spec %s names policy %s, the one here is %s", id, s.Spec.PolicyID, policy)
		}
	}
	return ok("%d, each with the policy that it names", len(v.models))
}

// draw finds the leaf of every held sample.
func (v *verifier) draw() outcome {
	n, at := uint64(0), 0
	v.drawn, v.batchOf = make([]sampler.Assignment, len(v.Samples)), make([]int, len(v.Samples))
	for i, b := range v.records {
		k := sampler.Count(b.LeafCount, b.Rate)
		draw, err := sampler.New(posp.Seed(v.domain, v.epoch, b.ID, v.Chain.Beacon), b.LeafCount, k)
		if err != nil {
			return failed("batch %s: %v", b.ID, err)
		}
		if k > sampler.MaxSamples-n { // n is not above it
			return failed("more than %d samples are drawn", sampler.MaxSamples)
		}
		for j, leaf := range draw.All() {
			if at < len(v.Samples) && uint64(v.Samples[at].Index) == n+j {
				id := posp.SampleID(b.ID, j, leaf)
				if v.Samples[at].Result.SampleID != id {
					return failed("sample %d is %s, %s was drawn", n+j, v.Samples[at].Result.SampleID, id)
				}
				v.drawn[at], v.batchOf[at] = sampler.Assignment{SampleID: id, BatchID: b.ID, J: j, Leaf: leaf}, i
				at++
			}
		}
		n += k
	}
	for i, d := range v.demands {
		if at < len(v.Samples) && uint64(v.Samples[at].Index) == n {
			if v.Samples[at].Result.SampleID != d.SampleID() {
				return failed("sample %d is %s, %s was asked for", n, v.Samples[at].Result.SampleID, d.SampleID())
			}
			v.drawn[at], v.batchOf[at] = sampler.Assignment{SampleID: d.SampleID(), BatchID: d.ID, Leaf: d.Leaf}, len(v.records)+i
			at++
		}
		n++
	}
	if len(v.demands) > 0 {
		return same(n == uint64(v.Manifest.Samples.Count) && n == v.stated.SampleCount, "%d samples are drawn of %d batches or asked for by %d demands; the bundle says %d, the certificate %d", n, len(v.records), len(v.demands), v.Manifest.Samples.Count, v.stated.SampleCount)
	}
	return same(n == uint64(v.Manifest.Samples.Count) && n == v.stated.SampleCount, "%d samples are drawn of %d batches; the bundle says %d, the certificate %d", n, len(v.records), v.Manifest.Samples.Count, v.stated.SampleCount)
}

func (v *verifier) committee() outcome {
	m := int(min(v.parameters.Committee, math.MaxInt32))
	electorate, err := sampler.NewElectorate(v.rows)
	if err != nil {
		return failed("%v", err)
	}
	var committees *sampler.Committees
	of := -1
	for i := range v.Samples {
		if of != v.batchOf[i] {
			of = v.batchOf[i]
			g := v.group(of)
			committees = electorate.Committees(posp.Seed(v.domain, v.epoch, g.id, v.Chain.Beacon), g.batch.Provider)
		}
		members := v.Samples[i].Members
		if n := committees.Size(m); len(members) != n { // before any is drawn: a file can claim that there are 2^32
			return failed("sample %s has %d members, %d are drawn", v.drawn[i].SampleID, len(members), n)
		}
		rows := committees.Append(nil, v.drawn[i].J, m)
		for _, row := range rows {
			v.drawn[i].Committee = append(v.drawn[i].Committee, v.rows[row].Operator)
		}
		for k, operator := range v.drawn[i].Committee {
			if members[k].Operator != operator {
				return failed("member %d of sample %s is %s, %s was drawn", k, v.drawn[i].SampleID, members[k].Operator, operator)
			}
		}
	}
	return ok("%d of %d operators for each sample, by stake, without the provider", min(m, len(v.rows)), len(v.rows))
}

func (v *verifier) commitments() outcome {
	items := map[sent]posp.Hash{}
	for operator, m := range v.Commitments {
		if m.Operator != operator {
			return failed("those of %s are in the section of %s", m.Operator, operator)
		}
		if signer, err := posp.RecoverSigner(m.Digest(v.authority), m.Signature); err != nil || signer != v.messageKey[operator] {
			return failed("those of %s are not signed by its message key (%s, %v)", operator, signer, err)
		}
		for _, it := range m.Items {
			items[sent{operator, it.SampleID}] = it.Commitment
		}
	}
	left, n := 0, 0
	for i := range v.Samples {
		s := &v.Samples[i]
		for _, m := range s.Members {
			c, has := items[sent{m.Operator, s.Result.SampleID}]
			if m.Committed {
				n++
			}
			switch {
			case v.Commitments[m.Operator] == nil && m.Committed:
				left++
			case has != m.Committed || c != m.Commitment:
				return failed("%s committed to something else for sample %s", m.Operator, s.Result.SampleID)
			}
		}
	}
	if left > 0 {
		return unchecked("the messages of %d of %d commitments are left out", left, n)
	}
	return ok("%d, by the signatures of %d operators", n, len(v.Commitments))
}

func (v *verifier) reveals() outcome {
	items := map[sent]posp.Revealed{}
	for operator, m := range v.Reveals {
		if m.Operator != operator {
			return failed("those of %s are in the section of %s", m.Operator, operator)
		}
		digest := posp.RevealsDigest(v.authority, v.epoch, operator, m.Items)
		if signer, err := posp.RecoverSigner(digest, m.Signature); err != nil || signer != v.messageKey[operator] {
			return failed("those of %s are not signed by its message key (%s, %v)", operator, signer, err)
		}
		for _, it := range m.Items {
			items[sent{operator, it.SampleID}] = it
		}
	}
	left, n := 0, 0
	for i := range v.Samples {
		s := &v.Samples[i]
		for _, m := range s.Members {
			it, has := items[sent{m.Operator, s.Result.SampleID}]
			if m.Revealed {
				n++
			}
			switch {
			case v.Reveals[m.Operator] == nil && m.Revealed:
				left++
			case has != m.Revealed || it.Evidence != m.Bytes || it.Salt != m.Salt:
				return failed("%s revealed something else of sample %s", m.Operator, s.Result.SampleID)
			}
		}
	}
	if left > 0 {
		return unchecked("the messages of %d of %d reveals are left out", left, n)
	}
	return ok("%d, by the signatures of %d operators", n, len(v.Reveals))
}

// first is what of the held samples, in order, is the first that do does not
// find right; they are looked at side by side.
func (v *verifier) first(do func(i int, s *bundle.Sample) error) error {
	var mu sync.Mutex
	at, found := len(v.Samples), error(nil)
	bundle.Each(len(v.Samples), func(i int) {
		if err := do(i, &v.Samples[i]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			if i < at {
				at, found = i, fmt.Errorf("sample %s: %w", v.Samples[i].Result.SampleID, err)
			}
		}
	})
	return found
}

func (v *verifier) receipts() outcome {
	opened := 0
	for i := range v.Samples {
		if v.Samples[i].Opened {
			opened++
		}
	}
	if err := v.first(func(i int, s *bundle.Sample) error {
		if !s.Opened {
			return nil
		}
		g := v.group(v.batchOf[i])
		return verdict.VerifyReceipt(v.domain, g.batch, v.drawn[i].Leaf, g.key, s.Receipt, s.Proof)
	}); err != nil {
		return failed("%v", err)
	}
	if closed := len(v.Samples) - opened; closed > 0 {
		return ok("%d of %d samples were opened, each by a receipt at its leaf that its provider signed; whether %d were withheld is the committee's word", opened, len(v.Samples), closed)
	}
	return ok("%d, each at its leaf and signed by its provider", opened)
}

func (v *verifier) texts() outcome {
	held, left := 0, 0
	for i := range v.Samples {
		if s := &v.Samples[i]; s.Opened {
			held++
			if s.Request == nil || s.Output == nil {
				left++
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		o, err := s.Opening(0)
		if err != nil || o == nil {
			return err
		}
		if s.Request != nil {
			err = o.MatchesRequest()
		}
		if s.Output != nil && err == nil {
			err = o.MatchesOutput()
		}
		return err
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("of %d of %d samples the text is left out: verdicts take it to be in order, and nothing can be recomputed from it", left, held)
	}
	return ok("%d prompts and outputs are those that the receipts commit to", held)
}

func (v *verifier) providers() outcome {
	shown, left := 0, 0
	for i := range v.Samples {
		if s := &v.Samples[i]; s.Shown {
			shown++
			if s.Evidence == nil {
				left++
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		if !s.Shown {
			return nil
		}
		if s.Evidence != nil {
			if got := crypto.Keccak256Hash(s.Evidence); got != s.EvidenceBytes {
				return posp.Invalidf("the provider's evidence hashes to %s, the sample says %s", got, s.EvidenceBytes)
			}
			if _, err := posp.DecodeEvidence(s.Evidence); err != nil {
				return err
			}
		}
		if got := posp.EvidencePartHash(s.EvidenceSalt, s.EvidenceBytes); got != s.Receipt.EvidenceHash {
			return posp.Invalidf("the provider's evidence part hashes to %s, its receipt says %s", got, s.Receipt.EvidenceHash)
		}
		return nil
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("%d of %d are left out", left, shown)
	}
	return ok("%d, as the receipts commit to it", shown)
}

func (v *verifier) evidence() outcome {
	n, left := 0, 0
	for i := range v.Samples {
		for _, m := range v.Samples[i].Members {
			if m.Revealed {
				n++
				if m.Evidence == nil {
					left++
				}
			}
		}
	}
	if err := v.first(func(_ int, s *bundle.Sample) error {
		var receipt, provider posp.Hash
		if s.Opened {
			receipt = s.Receipt.Digest(v.domain)
			if s.Shown {
				provider = s.EvidenceBytes
			}
		}
		members, whole := make([]posp.HeldEvidence, len(s.Members)), true
		for k, m := range s.Members {
			members[k] = posp.HeldEvidence{Operator: m.Operator, Commitment: m.Commitment}
			if !m.Revealed {
				continue
			}
			if m.Evidence == nil {
				whole = false
				continue
			}
			if got := crypto.Keccak256Hash(m.Evidence); got != m.Bytes {
				return posp.Invalidf("the evidence of %s hashes to %s, the sample says %s", m.Operator, got, m.Bytes)
			}
			if opens(s, m) {
				members[k].Evidence = m.Bytes
			}
		}
		if got := posp.EvidenceSetHash(receipt, provider, members); whole && got != s.Result.Evidence {
			return posp.Invalidf("what is held hashes to %s, the verdict rests on %s", got, s.Result.Evidence)
		}
		return nil
	}); err != nil {
		return failed("%v", err)
	}
	if left > 0 {
		return unchecked("%d of %d are left out", left, n)
	}
	return ok("%d, and the verdicts rest on them", n)
}

// opens says whether a member's evidence is what it had committed to.
func opens(s *bundle.Sample, m bundle.Sent) bool {
	return m.Committed && m.Revealed && posp.Commitment(m.Operator, s.Result.SampleID, m.Evidence, m.Salt) == m.Commitment
}
