package main

import (
	"cmp"
	"crypto/ecdsa"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// shape is all that a world is made of. Its epoch has one batch, every leaf of
// which is sampled by three operators.
type shape struct {
	Operators int       `json:"operators"`
	Samples   int       `json:"samples"`
	Prompt    int       `json:"prompt"` // tokens
	Tokens    int       `json:"tokens"` // of an answer
	Root      posp.Hash `json:"root"`   // of the batch
}

// world is what everybody knows about the epoch.
type world struct {
	shape
	table     posp.Table
	operators []*ecdsa.PrivateKey // in the table's order
	batch     posp.BatchRecord
	spec      verdict.Spec
}

const committee = 3

var (
	domain    = posp.Domain{ChainID: 5, Registry: posp.Address{1}}
	authority = posp.Authority{ChainID: 5, Attestation: posp.Address{2}, AVS: posp.Address{3}}
	beacon    = posp.Hash{9}
	provider  = posp.Address{0xee}
	schedule  = posp.Schedule{Genesis: 1, EpochBlocks: 20, GraceBlocks: 2, BeaconDelay: 1, CommitBlocks: 8, RevealBlocks: 4, CertifyBlocks: 10}
)

func parameters() posp.Parameters {
	return posp.Parameters{Schedule: schedule, Committee: committee, FaultLine: 1_358_000, QuorumPpm: 670_000}
}

func key(role string, i int) *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(crypto.Keccak256(binary.BigEndian.AppendUint64([]byte(role), uint64(i))))
	if err != nil {
		panic(err) // one in 2^128 seeds
	}
	return k
}

func address(k *ecdsa.PrivateKey) posp.Address { return crypto.PubkeyToAddress(k.PublicKey) }

// bls is an operator's key.
func bls(operator posp.Address) *keys.BLS { return keys.BLSFromSeed(operator[:]) }

func newWorld(s shape) (*world, error) {
	w := &world{shape: s}
	for i := range s.Operators {
		w.operators = append(w.operators, key("operator", i))
	}
	slices.SortFunc(w.operators, func(a, b *ecdsa.PrivateKey) int { return address(a).Cmp(address(b)) })
	for i, k := range w.operators {
		x, y := bls(address(k)).PublicKey().G1.XY()
		w.table.Members = append(w.table.Members, posp.Member{Operator: address(k), Weight: uint256.NewInt(uint64(1000 + i)), KeyX: x, KeyY: y})
	}
	var err error
	if w.table.Root, err = sampler.TableRoot(w.table.Members); err != nil {
		return nil, err
	}
	policy, err := app.DemoPolicy("posp-float/bf16")
	if err != nil {
		return nil, err
	}
	w.spec = verdict.Spec{Policy: policy, Spec: posp.ModelSpec{EngineClass: "posp-float/bf16", SamplingRule: posp.RuleGumbel, VocabSize: 1 << 16, EOS: 1,
		ContextLimit: 1 << 16, PolicyID: policy.ID()}}
	w.batch = posp.BatchRecord{Batch: posp.Batch{Provider: provider, Root: s.Root, LeafCount: uint64(s.Samples)}, Rate: posp.Rate{RatePpm: 1_000_000}}
	w.batch.ID = w.batch.Batch.ID(domain)
	return w, nil
}

func readWorld(file string) (*world, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var s shape
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, err
	}
	return newWorld(s)
}

// players is the world with what its provider and operators know.
type players struct {
	*world
	receipts []posp.SignedReceipt // by leaf
	tree     *merkle.Tree
	duties   [][]sampler.Assignment // by operator: ascending by sample
}

func play(s shape) (*players, error) {
	p := &players{}
	base, err := newWorld(s) // for the spec
	if err != nil {
		return nil, err
	}
	specID, signer := base.spec.Spec.ID(), key("receipt", 0)
	values := make([]posp.Hash, s.Samples)
	p.receipts = make([]posp.SignedReceipt, s.Samples)
	for leaf := range s.Samples {
		request, output, part := parts(s, uint64(leaf))
		r := posp.Receipt{Provider: provider, Sequence: uint64(leaf), SpecID: specID, RequestHash: request.Hash(), OutputHash: output.Hash(),
			EvidenceHash: part.Hash(), PromptTokens: uint32(s.Prompt), OutputTokens: uint32(s.Tokens)}
		digest := r.Digest(domain)
		signature, err := crypto.Sign(digest[:], signer)
		if err != nil {
			return nil, err
		}
		values[leaf], p.receipts[leaf] = digest, posp.SignedReceipt{Receipt: r, Signature: signature}
	}
	p.tree = merkle.New(values)
	s.Root = p.tree.Root()
	if p.world, err = newWorld(s); err != nil {
		return nil, err
	}
	row := map[posp.Address]int{}
	for i, m := range p.table.Members {
		row[m.Operator] = i
	}
	all, _, err := sampler.Assignments(domain, p.batch, beacon, p.table.Members, committee)
	if err != nil {
		return nil, err
	}
	p.duties = make([][]sampler.Assignment, s.Operators)
	for a := range all {
		for _, operator := range a.Committee {
			p.duties[row[operator]] = append(p.duties[row[operator]], a)
		}
	}
	for _, d := range p.duties {
		slices.SortFunc(d, func(a, b sampler.Assignment) int { return a.SampleID.Cmp(b.SampleID) })
	}
	return p, nil
}

// parts are what the provider served and found for a leaf: always the same.
func parts(s shape, leaf uint64) (posp.RequestPart, posp.OutputPart, posp.EvidencePart) {
	r := rand.New(rand.NewPCG(leaf, 1))
	tokens := func(n int) []uint32 {
		list := make([]uint32, n)
		for i := range list {
			list[i] = 2 + r.Uint32N(1<<16-2)
		}
		return list
	}
	request := posp.RequestPart{Tokens: tokens(s.Prompt), Salt: posp.Hash{1}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(s.Tokens)}}
	output := posp.OutputPart{Tokens: tokens(s.Tokens), Finish: posp.FinishLength, Salt: posp.Hash{2}}
	e := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: make([]int32, s.Tokens)}
	for i := range e.LogProb {
		e.LogProb[i] = -int32(r.ExpFloat64() * posp.Nat)
	}
	return request, output, posp.EvidencePart{Evidence: e, Salt: posp.Hash{3}}
}

// finds is what an operator recomputes of a leaf: the provider's numbers, with
// noise as bf16 makes it.
func finds(s shape, leaf uint64, operator int) []byte {
	_, _, part := parts(s, leaf)
	r := rand.New(rand.NewPCG(leaf, uint64(operator)+2))
	e := posp.Evidence{Kind: posp.EvidenceFull, LogProb: part.Evidence.LogProb, Margin: make([]int32, s.Tokens)}
	for i := range e.LogProb {
		e.LogProb[i] = min(0, e.LogProb[i]+int32(r.NormFloat64()*0.004*posp.Nat))
	}
	return e.Encode()
}

func salt(operator int, leaf uint64) posp.Hash {
	return crypto.Keccak256Hash(binary.BigEndian.AppendUint64([]byte{byte(operator), byte(operator >> 8)}, leaf))
}

// commitments are an operator's.
func (p *players) commitments(operator int) (posp.Commitments, error) {
	k := p.operators[operator]
	c := posp.Commitments{Operator: address(k)}
	for _, a := range p.duties[operator] {
		c.Items = append(c.Items, posp.SampleCommitment{SampleID: a.SampleID,
			Commitment: posp.Commitment(c.Operator, a.SampleID, finds(p.shape, a.Leaf, operator), salt(operator, a.Leaf))})
	}
	digest := c.Digest(authority)
	var err error
	c.Signature, err = crypto.Sign(digest[:], k)
	return c, err
}

// reveals are an operator's, with the provider's side of each sample if it is
// carried.
func (p *players) reveals(operator int, carry bool) (posp.Reveals, error) {
	k := p.operators[operator]
	r := posp.Reveals{Operator: address(k)}
	for _, a := range p.duties[operator] {
		it := posp.Reveal{SampleID: a.SampleID, Evidence: finds(p.shape, a.Leaf, operator), Salt: salt(operator, a.Leaf)}
		if carry {
			request, output, part := parts(p.shape, a.Leaf)
			proof, err := p.tree.Proof(a.Leaf)
			if err != nil {
				return r, err
			}
			it.Opening = &posp.Opening{Receipt: p.receipts[a.Leaf], Leaf: a.Leaf, Proof: proof, Request: request, Output: output}
			it.Provider = &part
		}
		r.Items = append(r.Items, it)
	}
	digest := r.Digest(authority)
	var err error
	r.Signature, err = crypto.Sign(digest[:], k)
	return r, err
}

func (s shape) String() string {
	return fmt.Sprintf("%d operators, %d samples of %d tokens", s.Operators, s.Samples, cmp.Or(s.Tokens, 0))
}

func (w *world) specs() []verdict.Spec { return []verdict.Spec{w.spec} }
