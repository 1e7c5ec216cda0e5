package chain

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/sampler"
)

// Grounds is what a certified line rested on: what posp.EvidenceSetHash binds.
type Grounds struct {
	Receipt   posp.Hash
	Provider  posp.Hash // of its evidence
	Committee []posp.HeldEvidence
}

// Asserted is what an assertion says of its sample: what the certified line
// rested on, by its hash, and the program's evidence.
func (d *Disputes) Asserted(ctx context.Context, id posp.Hash) (held posp.Hash, program []byte, err error) {
	x, err := d.of(ctx, id)
	if err != nil {
		return posp.Hash{}, nil, err
	}
	return x.subject.Held, x.program, nil
}

// SignerCharge is how the charge stands that an operator signed what an
// assertion overturned.
func (d *Disputes) SignerCharge(ctx context.Context, a posp.Assertion, operator posp.Address) (FaultState, error) {
	return d.Fault(ctx, posp.Fault{Kind: posp.FaultSignedFalsehood, Subject: operator, Ref: a.SampleID}.ID(a.Epoch))
}

// Accuse charges members of a sample's committee who signed what an assertion
// overturned.
func (d *Disputes) Accuse(ctx context.Context, id posp.Hash, g Grounds, operators []posp.Address) error {
	const what = "accuse signers"
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	transaction, ok, err := d.Certified(ctx, x.Epoch)
	if err != nil || !ok {
		return fmt.Errorf("%s: certificate of epoch %d (%v): %w", what, x.Epoch, ok, err)
	}
	in, err := d.submission(ctx, transaction)
	if err != nil {
		return fmt.Errorf("%s: certificate of epoch %d: %w", what, x.Epoch, err)
	}
	table, ok, err := d.Table(ctx, x.Epoch)
	if err != nil || !ok {
		return fmt.Errorf("%s: operator table of epoch %d (%v): %w", what, x.Epoch, ok, err)
	}
	rows, err := sampler.TableTree(table.Members)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	before, _, err := sampler.Sums(table.Members)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	accusation := contracts.Accusation{ReceiptHash: g.Receipt, ProviderEvidence: g.Provider, Committee: committeeABI(g.Committee), Faults: in.Result.Faults,
		Certificate: in.Certificate}
	for _, o := range operators {
		i := slices.IndexFunc(table.Members, func(m posp.Member) bool { return m.Operator == o })
		if i < 0 {
			return fmt.Errorf("%s: operator %s is not in the table of epoch %d", what, o, x.Epoch)
		}
		m := table.Members[i]
		proof, err := rows.Proof(uint64(i))
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		accusation.Signers = append(accusation.Signers, contracts.NonSigner{Index: uint64(i), WeightBefore: before[i].ToBig(),
			Member: contracts.Member{Operator: o, Weight: m.Weight.ToBig(), KeyX: m.KeyX.ToBig(), KeyY: m.KeyY.ToBig()}, Proof: bytes32s(proof)})
	}
	data, err := signerFaults.TryPackAccuse(x.call, x.subject, accusation)
	_, err = d.send(ctx, d.at.SignerFaults, what, data, err)
	return err
}

// Exculpate answers such a charge for the member-th of the committee, whose
// evidence is not contradicted.
func (d *Disputes) Exculpate(ctx context.Context, id posp.Hash, g Grounds, member int, evidence []byte, spec posp.ModelSpec) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := signerFaults.TryPackExculpate(x.call, x.subject, contracts.Exculpation{ReceiptHash: g.Receipt, ProviderEvidence: g.Provider,
		Committee: committeeABI(g.Committee), Member: big.NewInt(int64(member)), Evidence: evidence, Recomputed: x.program, Spec: specABI(spec)})
	_, err = d.send(ctx, d.at.SignerFaults, "exculpate signer", data, err)
	return err
}

func committeeABI(members []posp.HeldEvidence) []contracts.HeldEvidence {
	out := make([]contracts.HeldEvidence, len(members))
	for i, m := range members {
		out[i] = contracts.HeldEvidence{Operator: m.Operator, Commitment: m.Commitment, Evidence: m.Evidence}
	}
	return out
}

func specABI(s posp.ModelSpec) contracts.ModelSpec {
	return contracts.ModelSpec{WeightsRoot: s.WeightsRoot, Precision: s.Precision, TokenizerHash: s.TokenizerHash, ChatTemplateHash: s.ChatTemplateHash,
		EngineClass: s.EngineClass, SamplingRule: s.SamplingRule, VocabSize: s.VocabSize, Eos: s.EOS, ContextLimit: s.ContextLimit,
		ReferenceVersion: s.ReferenceVersion, PolicyId: s.PolicyID}
}
