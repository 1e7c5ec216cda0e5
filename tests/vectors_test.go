package tests

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// The vectors are what implementations agree on: when one of these tests
// fails, the encoding has changed, and Solidity and everybody else with it.

func readVectors(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

func TestMerkleVectors(t *testing.T) {
	var v struct {
		Roots struct {
			Length int
			Cases  []struct {
				N    int
				Root posp.Hash
			}
		}
		Proofs struct {
			Length int
			Cases  []struct {
				Root, Value, Leaf posp.Hash
				Index, Count      uint64
				Proof             []posp.Hash
			}
		}
	}
	readVectors(t, "merkle.json", &v)
	if len(v.Roots.Cases) < 10 || len(v.Roots.Cases) != v.Roots.Length || len(v.Proofs.Cases) < 50 || len(v.Proofs.Cases) != v.Proofs.Length {
		t.Fatalf("%d roots, %d proofs", len(v.Roots.Cases), len(v.Proofs.Cases))
	}
	for _, c := range v.Roots.Cases {
		values := make([]posp.Hash, c.N)
		for i := range values {
			n := uint256.NewInt(uint64(i)).Bytes32()
			values[i] = crypto.Keccak256Hash([]byte("value"), n[:])
		}
		if got := merkle.Root(values); got != c.Root {
			t.Errorf("root of %d values: %s, want %s", c.N, got, c.Root)
		}
	}
	for _, c := range v.Proofs.Cases {
		if err := merkle.Verify(c.Root, c.Value, c.Index, c.Count, c.Proof); err != nil {
			t.Error(err)
		}
		if merkle.Leaf(c.Value) != c.Leaf {
			t.Errorf("leaf of %s", c.Value)
		}
	}
}

// crypto/ed25519 is the truth here: what it says is what the others must say.
func TestEd25519Vectors(t *testing.T) {
	var v struct {
		Length int
		Cases  []struct {
			Kind                    string
			Key, Message, Signature hexutil.Bytes
			Valid                   bool
		}
	}
	readVectors(t, "ed25519.json", &v)
	valid := map[string]int{}
	for i, c := range v.Cases {
		if got := ed25519.Verify(ed25519.PublicKey(c.Key), c.Message, c.Signature); got != c.Valid {
			t.Errorf("case %d, %s: %v, want %v", i, c.Kind, got, c.Valid)
		}
		if c.Valid {
			valid[c.Kind]++
		}
	}
	if len(v.Cases) != v.Length || valid["small order"] == 0 || valid["mixed order"] == 0 || valid["signed"] == 0 {
		t.Errorf("%d cases, of which are valid %v", len(v.Cases), valid)
	}
}

func TestDrawVectors(t *testing.T) {
	type document struct {
		ChainID       json.RawMessage `json:"chainId"`
		Registry      json.RawMessage `json:"registry"`
		Provider      json.RawMessage `json:"provider"`
		Epoch         json.RawMessage `json:"epoch"`
		FirstSequence json.RawMessage `json:"firstSequence"`
		Root          json.RawMessage `json:"root"`
		LeafCount     json.RawMessage `json:"leafCount"`
		Beacon        json.RawMessage `json:"beacon"`
		RatePpm       json.RawMessage `json:"ratePpm"`
		KMin          json.RawMessage `json:"kMin"`
		Excluded      json.RawMessage `json:"excluded"`
		M             json.RawMessage `json:"m"`
		J             json.RawMessage `json:"j"`
	}
	type operator struct {
		Address posp.Address `json:"address"`
		Weight  string       `json:"weight"`
	}
	type result struct {
		BatchID    posp.Hash        `json:"batchId"`
		Seed       posp.Hash        `json:"seed"`
		K          uint64           `json:"k"`
		Leaves     []uint64         `json:"leaves"`
		SampleIDs  []posp.Hash      `json:"sampleIds"`
		Committees [][]posp.Address `json:"committees"`
	}
	var v struct {
		Length int
		Cases  []struct {
			document
			result
			Operators []posp.Address `json:"operators"`
			Weights   []string       `json:"weights"`
		}
	}
	readVectors(t, "draw.json", &v)
	if len(v.Cases) < 10 || len(v.Cases) != v.Length {
		t.Fatalf("%d cases", len(v.Cases))
	}
	for i, c := range v.Cases {
		in := struct {
			document
			Operators []operator `json:"operators"`
		}{document: c.document}
		for o := range c.Operators { // in any order
			in.Operators = slices.Insert(in.Operators, 0, operator{c.Operators[o], c.Weights[o]})
		}
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var printed bytes.Buffer
		if err := app.VectorsDraw(bytes.NewReader(b), &printed); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		var out struct {
			BatchID posp.Hash `json:"batchId"`
			Seed    posp.Hash `json:"seed"`
			K       uint64    `json:"k"`
			Samples []struct {
				Leaf      uint64         `json:"leaf"`
				SampleID  posp.Hash      `json:"sampleId"`
				Committee []posp.Address `json:"committee"`
			} `json:"samples"`
		}
		if err := json.Unmarshal(printed.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if out.BatchID != c.BatchID || out.Seed != c.Seed || out.K != c.K || len(out.Samples) != len(c.Leaves) {
			t.Fatalf("case %d: batch %s, seed %s, k %d, %d samples", i, out.BatchID, out.Seed, out.K, len(out.Samples))
		}
		for k, s := range out.Samples {
			if s.Leaf != c.Leaves[k] || s.SampleID != c.SampleIDs[k] || !slices.Equal(s.Committee, c.Committees[k]) {
				t.Errorf("case %d, sample %d: %+v", i, k, s)
			}
		}
	}
}

func TestDigestVectors(t *testing.T) {
	var v struct {
		Domain                                                posp.Domain
		Authority                                             posp.Authority
		Separator                                             posp.Hash
		Spec                                                  posp.ModelSpec
		SpecID                                                posp.Hash
		Request                                               posp.RequestPart
		RequestHash                                           posp.Hash
		Output                                                posp.OutputPart
		OutputHash                                            posp.Hash
		Evidence                                              posp.EvidencePart
		EvidenceHash                                          posp.Hash
		Buyer                                                 posp.Address
		Secret, BuyerNonce                                    posp.Hash
		Receipt                                               posp.SignedReceipt
		ReceiptHash                                           posp.Hash
		ReceiptKey                                            posp.Address
		OnDemand                                              posp.Address
		DemandID, DemandSampleID                              posp.Hash
		Batch                                                 posp.Batch
		BatchID, Beacon, Seed                                 posp.Hash
		J, Leaf                                               uint64
		SampleID                                              posp.Hash
		Operator                                              posp.Address
		OperatorEvidence                                      hexutil.Bytes
		Salt, Commitment                                      posp.Hash
		Commitments                                           posp.Commitments
		CommitmentsDigest                                     posp.Hash
		Reveals                                               posp.Reveals
		RevealsDigest, OpenDigest, ProviderEvidence, HeldHash posp.Hash
		Held                                                  []posp.HeldEvidence
		Samples                                               []posp.SampleResult
		SampleLeaves                                          []posp.Hash
		Members                                               []posp.Member
		MemberLeaves                                          []posp.Hash
		TableRoot                                             posp.Hash
		Result                                                posp.Result
		ResultRoot, ResultDigest                              posp.Hash
		EmptyResult                                           posp.Result
		EmptyResultRoot, EmptyResultDigest                    posp.Hash
	}
	readVectors(t, "digests.json", &v)
	signer, err := v.Receipt.Signer(v.Domain)
	if err != nil {
		t.Fatal(err)
	}
	if signer != v.ReceiptKey {
		t.Errorf("receipt is signed by %s, want %s", signer, v.ReceiptKey)
	}
	tableRoot, err := sampler.TableRoot(v.Members)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want posp.Hash
	}{
		{"separator", v.Domain.Separator(), v.Separator},
		{"specId", v.Spec.ID(), v.SpecID},
		{"requestHash", v.Request.Hash(), v.RequestHash},
		{"outputHash", v.Output.Hash(), v.OutputHash},
		{"evidenceHash", v.Evidence.Hash(), v.EvidenceHash},
		{"buyerNonce", posp.BuyerNonce(v.Buyer, v.Secret), v.BuyerNonce},
		{"demandId", posp.DemandID(v.Domain.ChainID, v.OnDemand, v.Batch.Epoch, v.ReceiptHash), v.DemandID},
		{"demandSampleId", posp.Demand{ID: v.DemandID, Leaf: v.Leaf}.SampleID(), v.DemandSampleID},
		{"receiptHash", v.Receipt.Digest(v.Domain), v.ReceiptHash},
		{"batchId", v.Batch.ID(v.Domain), v.BatchID},
		{"seed", posp.Seed(v.Domain, v.Batch.Epoch, v.BatchID, v.Beacon), v.Seed},
		{"sampleId", posp.SampleID(v.BatchID, v.J, v.Leaf), v.SampleID},
		{"commitment", posp.Commitment(v.Operator, v.SampleID, v.OperatorEvidence, v.Salt), v.Commitment},
		{"commitmentsDigest", v.Commitments.Digest(v.Authority), v.CommitmentsDigest},
		{"revealsDigest", v.Reveals.Digest(v.Authority), v.RevealsDigest},
		{"openDigest", posp.OpenDigest(v.Domain, v.BatchID, v.Leaf, v.Operator), v.OpenDigest},
		{"heldHash", posp.EvidenceSetHash(v.ReceiptHash, v.ProviderEvidence, v.Held), v.HeldHash},
		{"tableRoot", tableRoot, v.TableRoot},
		{"sampleRoot", merkle.Root(v.SampleLeaves), v.Result.SampleRoot},
		{"resultRoot", v.Result.Root(), v.ResultRoot},
		{"resultDigest", v.Result.Digest(v.Authority), v.ResultDigest},
		{"emptyResultRoot", v.EmptyResult.Root(), v.EmptyResultRoot},
		{"emptyResultDigest", v.EmptyResult.Digest(v.Authority), v.EmptyResultDigest},
	} {
		if c.got != c.want || c.got == (posp.Hash{}) {
			t.Errorf("%s is %s, want %s", c.name, c.got, c.want)
		}
	}
	for i, s := range v.Samples {
		if s.LeafHash() != v.SampleLeaves[i] {
			t.Errorf("sample leaf %d", i)
		}
	}
	if len(v.Samples) != 3 || len(v.Members) != 3 || len(v.Held) != 2 {
		t.Errorf("%d samples, %d members, %d held", len(v.Samples), len(v.Members), len(v.Held))
	}
	before, _, err := sampler.Sums(v.Members)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range v.Members {
		if m.LeafHash(&before[i]) != v.MemberLeaves[i] {
			t.Errorf("member leaf %d", i)
		}
	}
}

// TestHiddenVectors: what receipts of private specs bind.
func TestHiddenVectors(t *testing.T) {
	type part struct {
		Tokens                      hexutil.Bytes
		Salt, Seed, TraceSeed       posp.Hash
		Rule, Finish                uint8
		TemperatureMicro, TopPMicro uint32
		MaxTokens                   uint32
		N                           int
		SeedCommitment, Root, Hash  posp.Hash
	}
	var v struct {
		Private struct {
			Length int
			Cases  []struct {
				ReferenceVersion string
				Private          bool
			}
		}
		Requests, Outputs struct {
			Length int
			Cases  []part
		}
	}
	readVectors(t, "hidden.json", &v)
	yes := 0
	for _, c := range v.Private.Cases {
		if got := (posp.ModelSpec{ReferenceVersion: c.ReferenceVersion}).Private(); got != c.Private {
			t.Errorf("%q: private %v", c.ReferenceVersion, got)
		}
		if c.Private {
			yes++
		}
	}
	if yes == 0 || yes == len(v.Private.Cases) || len(v.Private.Cases) != v.Private.Length {
		t.Errorf("%d of %d specs are private", yes, len(v.Private.Cases))
	}
	tokens := func(p part) []uint32 {
		ids := make([]uint32, len(p.Tokens)/4)
		for i := range ids {
			ids[i] = binary.BigEndian.Uint32(p.Tokens[4*i:])
		}
		if len(ids) != p.N {
			t.Errorf("%d tokens, n is %d", len(ids), p.N)
		}
		return ids
	}
	if len(v.Requests.Cases) < 8 || len(v.Requests.Cases) != v.Requests.Length || len(v.Outputs.Cases) != len(v.Requests.Cases) {
		t.Fatalf("%d requests, %d outputs", len(v.Requests.Cases), len(v.Outputs.Cases))
	}
	for i, c := range v.Requests.Cases {
		seed, err := posp.TraceSeed(c.TraceSeed)
		if err != nil {
			t.Fatal(err)
		}
		commitment := posp.SeedCommitment(seed)
		request := posp.RequestPart{Tokens: tokens(c), Salt: c.Salt, TraceSeed: c.TraceSeed,
			Sampling: posp.Sampling{Rule: posp.SamplingRule(c.Rule), TemperatureMicro: c.TemperatureMicro, TopPMicro: c.TopPMicro, Seed: c.Seed, MaxTokens: c.MaxTokens}}
		if posp.Hash(commitment.Bytes()) != c.SeedCommitment || posp.HiddenTokens(seed, 0, request.Tokens) != c.Root || request.Hash() != c.Hash {
			t.Errorf("request %d", i)
		}
		c = v.Outputs.Cases[i]
		output := posp.OutputPart{Tokens: tokens(c), Finish: posp.FinishReason(c.Finish), Salt: c.Salt, TraceSeed: c.TraceSeed}
		if posp.HiddenTokens(seed, 1, output.Tokens) != c.Root || output.Hash() != c.Hash {
			t.Errorf("output %d", i)
		}
	}
}
