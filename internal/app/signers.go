package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/verdict"
)

// signatures tells who signed what assertions overturned, by what the chain and
// an aggregator keep: challenge.Signatures.
type signatures struct {
	site     *Site
	disputes *chain.Disputes
	client   *transport.Client
	own      texts // of private specs, that the user has
	self     posp.Address

	mu    sync.Mutex
	known map[posp.Hash]signing // by assertion
}

// Signatures tells who signed what was overturned, charges, and answers, as a
// challenger with these parts does.
func (s *Site) Signatures(p ChallengerParts) (challenge.Signatures, error) {
	disputes, err := chain.NewDisputes(s.Writer(p.Key))
	if err != nil {
		return nil, err
	}
	client, private, err := s.disputing(p)
	if err != nil {
		return nil, err
	}
	return s.signatures(disputes, client, private.texts, crypto.PubkeyToAddress(p.Key.PublicKey)), nil
}

func (s *Site) signatures(d *chain.Disputes, client *transport.Client, own texts, self posp.Address) *signatures {
	return &signatures{site: s, disputes: d, client: client, own: own, self: self, known: map[posp.Hash]signing{}}
}

// signing is what accusations and answers to them take.
type signing struct {
	grounds  chain.Grounds
	member   int    // of the committee, that this account is; -1 if none
	evidence []byte // that it revealed
	spec     posp.ModelSpec
}

// Signers compares what each member of the committee revealed with what the
// assertion says that the program's evidence is.
func (s *signatures) Signers(ctx context.Context, a posp.Assertion) ([]challenge.Signer, error) {
	at := slices.IndexFunc(s.site.Network.Models, func(m Model) bool { return m.Spec.ID() == a.SpecID })
	if at < 0 {
		return nil, nil
	}
	m := s.site.Network.Models[at]
	in, err := s.epoch(ctx, a)
	if err != nil {
		return nil, err
	}
	held, drawn, ok, err := verdict.HeldOf(in, a.SampleID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("epoch %d has no sample %s", a.Epoch, a.SampleID)
	}
	member := slices.Index(drawn.Committee, s.self)
	if a.Asserter != s.self && member < 0 {
		return nil, nil
	}
	certified, program, err := s.disputes.Asserted(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	know := signing{member: member, spec: m.Spec}
	know.grounds.Receipt, know.grounds.Provider, know.grounds.Committee = held.Hashes(in.Domain, drawn.Committee)
	if have := posp.EvidenceSetHash(know.grounds.Receipt, know.grounds.Provider, know.grounds.Committee); have != certified {
		return nil, posp.Invalidf("the aggregator's messages about sample %s have hash %s, certified is %s: ask another one (--aggregator)", a.SampleID, have, certified)
	}
	if member >= 0 {
		know.evidence = held.Committee[member].Evidence
	}
	reference, err := posp.DecodeEvidence(program)
	if err != nil {
		return nil, err
	}
	c, ok, err := s.disputes.Certificate(ctx, a.Epoch)
	if err != nil || !ok {
		return nil, fmt.Errorf("certificate of epoch %d (%v): %w", a.Epoch, ok, err)
	}
	var all []challenge.Signer
	for i, operator := range drawn.Committee {
		row := slices.IndexFunc(in.Table.Members, func(m posp.Member) bool { return m.Operator == operator })
		if row < 0 || slices.Contains(c.NonSigners, uint64(row)) {
			continue
		}
		says, err := testimony(m, held.Committee[i], reference)
		if err != nil {
			return nil, err
		}
		all = append(all, challenge.Signer{Operator: operator, Says: says})
	}
	s.mu.Lock()
	s.known[a.ID] = know
	s.mu.Unlock()
	return all, nil
}

// testimony judges a member's evidence like a claim, by its log-probabilities
// alone: what the tokens were chosen by is the provider's, not the member's.
func testimony(m Model, member verdict.HeldMember, reference posp.Evidence) (challenge.Testimony, error) {
	e, err := posp.DecodeEvidence(member.Evidence)
	if err != nil || !member.Revealed || e.Kind == posp.EvidenceNone {
		return challenge.Unheard, nil
	}
	j, err := m.Policy.Dispute(m.Spec.EngineClass, posp.Seeded, e, reference)
	switch {
	case err != nil:
		return challenge.Unheard, err
	case j.Verdict == posp.Fail:
		return challenge.False, nil
	}
	return challenge.Honest, nil
}

// epoch is the part of an epoch's input that says what is held about samples.
func (s *signatures) epoch(ctx context.Context, a posp.Assertion) (in verdict.EpochInput, err error) {
	missing := func(what string, err error) (verdict.EpochInput, error) {
		if err == nil {
			err = fmt.Errorf("it is not there")
		}
		return in, fmt.Errorf("%s of epoch %d: %w", what, a.Epoch, err)
	}
	in = verdict.EpochInput{Domain: s.site.Network.Domain(), Authority: s.site.Network.Authority(), Epoch: a.Epoch, Parameters: s.site.Parameters, Specs: s.site.specs()}
	batch, ok, err := s.disputes.BatchOf(ctx, a.Provider, a.Epoch)
	if err != nil || !ok {
		return missing("batch", err)
	}
	in.Batches = []posp.BatchRecord{batch}
	provider, ok, err := s.disputes.Provider(ctx, a.Provider, a.Epoch)
	if err != nil || !ok {
		return missing("provider", err)
	}
	in.Providers = []posp.ProviderInfo{provider}
	if in.Beacon, ok, err = s.disputes.Beacon(ctx, a.Epoch); err != nil || !ok {
		return missing("beacon", err)
	}
	if in.Table, ok, err = s.disputes.Table(ctx, a.Epoch); err != nil || !ok {
		return missing("operator table", err)
	}
	if in.Commitments, ok, err = s.client.Commitments(ctx, a.Epoch); err != nil || !ok {
		return missing("commitments", err)
	}
	if in.Reveals, ok, err = s.client.Reveals(ctx, a.Epoch); err != nil || !ok {
		return missing("reveals", err)
	}
	for _, m := range in.Reveals {
		for i := range m.Items {
			if o := m.Items[i].Opening; o != nil {
				whole := s.own.complete(*o)
				m.Items[i].Opening = &whole
			}
		}
	}
	return in, nil
}

// Charge is how the charge against an operator stands.
func (s *signatures) Charge(ctx context.Context, a posp.Assertion, operator posp.Address) (challenge.Charge, error) {
	f, err := s.disputes.SignerCharge(ctx, a, operator)
	if err != nil || f.Status == chain.FaultNone {
		return challenge.Charge{}, err
	}
	return challenge.Charge{Made: true, Open: f.Status == chain.FaultOpen, By: f.ExecutableAt - 1}, nil
}

func (s *signatures) of(id posp.Hash) (signing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.known[id]
	if !ok {
		return k, fmt.Errorf("the signers of assertion %s were not looked up", id)
	}
	return k, nil
}

// Accuse charges signers.
func (s *signatures) Accuse(ctx context.Context, id posp.Hash, operators []posp.Address) error {
	k, err := s.of(id)
	if err != nil {
		return err
	}
	return s.disputes.Accuse(ctx, id, k.grounds, operators)
}

// Exculpate answers a charge by this account's evidence.
func (s *signatures) Exculpate(ctx context.Context, id posp.Hash) error {
	k, err := s.of(id)
	if err != nil {
		return err
	}
	return s.disputes.Exculpate(ctx, id, k.grounds, k.member, k.evidence, k.spec)
}
