// Command vectors writes tests/vectors/*.json: fixed inputs and what the
// protocol makes of them, by which Go and Solidity are held to the same bytes.
//
//	go run ./tools/vectors [folder]
//
// The files are flat, for Foundry's vm.parseJson: lists of cases with their
// number in "length", hashes and addresses as 0x-hex, weights as decimal strings.
// tests/vectors_test.go checks them, without this program.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

func main() {
	folder := "tests/vectors"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	for name, make := range map[string]func() (any, error){"merkle": merkleVectors, "draw": drawVectors, "digests": digestVectors,
		"reference": referenceVectors, "verdict": verdictVectors, "hidden": hiddenVectors, "ed25519": ed25519Vectors} {
		if err := write(filepath.Join(folder, name+".json"), make); err != nil {
			fmt.Fprintf(os.Stderr, "vectors: %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

func write(path string, make func() (any, error)) error {
	v, err := make()
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// object is a JSON object; encoding/json writes its keys in order.
type object map[string]any

// word is a value that anybody can make again: keccak of the name and of the
// number as one 32-byte word.
func word(name string, i int) posp.Hash {
	n := uint256.NewInt(uint64(i)).Bytes32()
	return crypto.Keccak256Hash([]byte(name), n[:])
}

func address(name string, i int) posp.Address {
	h := word(name, i)
	return posp.Address(h[12:])
}

// merkleVectors: value i of every tree is keccak("value" ‖ uint256(i)).
func merkleVectors() (any, error) {
	roots, proofs := []object{}, []object{}
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 1000, 4097} {
		values := make([]posp.Hash, n)
		for i := range values {
			values[i] = word("value", i)
		}
		tree := merkle.New(values)
		roots = append(roots, object{"n": n, "root": tree.Root()})
		for i := range n {
			if n > 9 && i != 0 && i != 1 && i != n/3 && i != n-2 && i != n-1 {
				continue
			}
			proof, err := tree.Proof(uint64(i))
			if err != nil {
				return nil, err
			}
			proofs = append(proofs, object{"root": tree.Root(), "value": values[i], "leaf": merkle.Leaf(values[i]), "index": i, "count": n, "proof": proof})
		}
	}
	return object{
		"values": "value i is keccak(\"value\" ‖ uint256(i))",
		"roots":  object{"length": len(roots), "cases": roots},
		"proofs": object{"length": len(proofs), "cases": proofs},
	}, nil
}

func drawVectors() (any, error) {
	equal := []string{"10", "10", "10", "10", "10"}
	uneven := []string{"32000000000000000000", "1", "0", "5000000000000000000", "7000000000000000001", "0", "12345678901234567890"}
	huge := []string{"57896044618658097711785492504343953926634992332820282019728792003956564819968", // 2^255
		"1606938044258990275541962092341162602522202993782792835301376", "3", "1"}
	fifty := make([]string, 50)
	for i := range fifty {
		fifty[i] = fmt.Sprint((i + 1) * 1_000_000)
	}
	var cases []object
	for i, c := range []struct {
		n            uint64
		rate, kMin   uint32
		weights      []string
		excluded     []int // rows
		providerSits bool  // the provider is an operator too
		m            int
		js           []uint64
	}{
		{n: 0, rate: 10_000, kMin: 4, weights: equal, m: 3},
		{n: 1, rate: 10_000, kMin: 4, weights: equal, m: 3},
		{n: 2, rate: 1_000_000, weights: equal, m: 3},
		{n: 3, rate: 1_000_000, weights: equal, m: 5},
		{n: 4, rate: 1_000_000, weights: equal, m: 1},
		{n: 5, rate: 0, kMin: 2, weights: uneven, m: 3},
		{n: 5, rate: 1_000_000, weights: uneven, m: 9},
		{n: 16, rate: 1_000_000, weights: uneven, excluded: []int{0}, m: 3},
		{n: 17, rate: 1_000_000, weights: uneven, excluded: []int{0, 3}, providerSits: true, m: 3},
		{n: 17, rate: 500_000, weights: huge, m: 2},
		{n: 64, rate: 1_000_000, weights: nil, m: 3},
		{n: 1000, rate: 100_000, kMin: 16, weights: fifty, m: 3},
		{n: 1000, rate: 2_000_000, weights: fifty, m: 0, js: []uint64{0, 499, 999}},
		{n: 1_000_000, rate: 10_001, weights: fifty, m: 3, js: []uint64{0, 1, 2, 5000, 10_000}},
		{n: 1_000_000_000, rate: 1000, weights: fifty, m: 3, js: []uint64{0, 1, 2, 500_000, 999_999}},
		{n: 1<<32 - 1, rate: 1, weights: fifty, m: 5, js: []uint64{0, 1, 2, 4294}},
		{n: 1<<32 + 1, rate: 1, weights: fifty, m: 3, js: []uint64{0, 1, 4294}},
		{n: 1<<53 - 1, rate: 1, weights: equal, m: 3, js: []uint64{0, 1, 9_007_199_254}},
	} {
		provider := address("provider", i)
		addresses, excluded := make([]posp.Address, len(c.weights)), []posp.Address{}
		for o := range addresses {
			addresses[o] = address(fmt.Sprint("operator", i), o)
			if c.providerSits && o == 1 {
				addresses[o] = provider
			}
		}
		for _, row := range c.excluded {
			excluded = append(excluded, addresses[row])
		}
		operators := []object{}
		for o := range addresses {
			operators = append(operators, object{"address": addresses[o], "weight": c.weights[o]})
		}
		in := object{
			"chainId": 31337 + i, "registry": address("registry", i), "provider": provider, "epoch": i * 3, "firstSequence": i * 1000,
			"root": word("root", i), "leafCount": c.n, "beacon": word("beacon", i), "ratePpm": c.rate, "kMin": c.kMin,
			"operators": operators, "excluded": excluded, "m": c.m,
		}
		if c.js != nil {
			in["j"] = c.js
		}
		document, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		var printed bytes.Buffer
		if err := app.VectorsDraw(bytes.NewReader(document), &printed); err != nil {
			return nil, fmt.Errorf("case %d: %w", i, err)
		}
		var out struct {
			BatchID, Seed posp.Hash
			K             uint64
			Samples       []struct {
				J, Leaf   uint64
				SampleID  posp.Hash
				Committee []posp.Address
			}
		}
		if err := json.Unmarshal(printed.Bytes(), &out); err != nil {
			return nil, err
		}
		// Flat: one list for each column. "operators" ascend, as in a table.
		members := sorted(addresses, c.weights)
		js, leaves, ids, committees := []uint64{}, []uint64{}, []posp.Hash{}, [][]posp.Address{}
		for _, s := range out.Samples {
			js, leaves, ids, committees = append(js, s.J), append(leaves, s.Leaf), append(ids, s.SampleID), append(committees, s.Committee)
		}
		weights := []string{}
		ordered := []posp.Address{}
		for _, m := range members {
			ordered, weights = append(ordered, m.Operator), append(weights, m.Weight.Dec())
		}
		in["operators"], in["weights"] = ordered, weights
		in["j"], in["leaves"], in["sampleIds"], in["committees"] = js, leaves, ids, committees
		in["batchId"], in["seed"], in["k"] = out.BatchID, out.Seed, out.K
		cases = append(cases, in)
	}
	return object{"length": len(cases), "cases": cases}, nil
}

func sorted(addresses []posp.Address, weights []string) []posp.Member {
	var members []posp.Member
	for i, a := range addresses {
		w, _ := new(big.Int).SetString(weights[i], 10)
		members = append(members, posp.Member{Operator: a, Weight: uint256.MustFromBig(w), KeyX: uint256.NewInt(uint64(i) + 1), KeyY: uint256.NewInt(uint64(i) + 2)})
	}
	for i := range members { // insertion: the lists are short
		for k := i; k > 0 && members[k-1].Operator.Cmp(members[k].Operator) > 0; k-- {
			members[k-1], members[k] = members[k], members[k-1]
		}
	}
	return members
}

// digestVectors holds one example of every digest of package posp.
func digestVectors() (any, error) {
	domain := posp.Domain{ChainID: 31337, Registry: address("registry", 0)}
	authority := posp.Authority{ChainID: 31337, Attestation: address("attestation", 0), AVS: address("avs", 0)}
	spec := posp.ModelSpec{
		WeightsRoot: word("weights", 0), Precision: "bf16", TokenizerHash: word("tokenizer", 0), ChatTemplateHash: word("template", 0),
		EngineClass: "posp-float/1", SamplingRule: "posp-gumbel-v1", VocabSize: 2048, EOS: 2, ContextLimit: 1024, ReferenceVersion: "", PolicyID: word("policy", 0),
	}
	request := posp.RequestPart{Tokens: []uint32{1, 2, 70_000}, Salt: word("salt", 0),
		Sampling: posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 800_000, TopPMicro: 950_000, Seed: word("noise", 0), MaxTokens: 64}}
	output := posp.OutputPart{Tokens: []uint32{9, 8, 2}, Finish: posp.FinishStop, Salt: word("salt", 1)}
	evidence := posp.EvidencePart{Salt: word("salt", 2), Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-1, -posp.Nat, -127 * posp.Nat}}}
	full := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{0, -2, -posp.Nat}, Margin: []int32{0, 3, 127 * posp.Nat}}
	buyer, secret := address("buyer", 0), word("secret", 0)
	receipt := posp.Receipt{
		Provider: address("provider", 0), Epoch: 7, Sequence: 1_000_003, SpecID: spec.ID(), RequestHash: request.Hash(), OutputHash: output.Hash(),
		EvidenceHash: evidence.Hash(), PromptTokens: 3, OutputTokens: 3, ClientNonce: posp.BuyerNonce(buyer, secret), Time: 1_790_000_000,
	}
	key, err := crypto.ToECDSA(word("key", 0).Bytes())
	if err != nil {
		return nil, err
	}
	receiptHash := receipt.Digest(domain)
	signature, err := crypto.Sign(receiptHash[:], key)
	if err != nil {
		return nil, err
	}
	signature[64] += 27
	batch := posp.Batch{Provider: receipt.Provider, Epoch: 7, FirstSequence: 1_000_000, Root: word("root", 0), LeafCount: 17}
	batchID, beacon := batch.ID(domain), word("beacon", 0)
	const j, leaf = 2, 3
	sampleID := posp.SampleID(batchID, j, leaf)
	operator, salt := address("operator", 0), word("salt", 3)
	commitment := posp.Commitment(operator, sampleID, full.Encode(), salt)
	none := posp.Evidence{Kind: posp.EvidenceNone}
	commitments := posp.Commitments{Operator: operator, Epoch: 7, Items: []posp.SampleCommitment{
		{SampleID: sampleID, Commitment: commitment}, {SampleID: word("sample", 1), Commitment: word("commitment", 1)}}}
	reveals := posp.Reveals{Operator: operator, Epoch: 7, Items: []posp.Reveal{
		{SampleID: sampleID, Evidence: full.Encode(), Salt: salt}, {SampleID: word("sample", 1), Evidence: none.Encode(), Salt: word("salt", 4)}}}
	held := []posp.HeldEvidence{{Operator: operator, Commitment: commitment, Evidence: full.Hash()}, {Operator: address("operator", 1)}}
	heldHash := posp.EvidenceSetHash(receiptHash, evidence.Evidence.Hash(), held)
	samples := []posp.SampleResult{
		{SampleID: sampleID, Verdict: posp.Fail, Class: posp.ForgedChoice, LogE: 24 << 16, Evidence: heldHash},
		{SampleID: word("sample", 1), Verdict: posp.Pass, LogE: -45426, Evidence: word("held", 1)},
		{SampleID: word("sample", 2), Verdict: posp.Unavailable, Class: posp.Withheld, Evidence: word("held", 2)},
	}
	var leaves []posp.Hash
	for _, s := range samples {
		leaves = append(leaves, s.LeafHash())
	}
	members := sorted([]posp.Address{operator, address("operator", 1), address("operator", 2)}, []string{"5000000000000000000", "0", "1606938044258990275541962092341162602522202993782792835301376"})
	before, _, err := sampler.Sums(members)
	if err != nil {
		return nil, err
	}
	tableRoot, err := sampler.TableRoot(members)
	if err != nil {
		return nil, err
	}
	rows := []posp.Hash{}
	for i, m := range members {
		rows = append(rows, m.LeafHash(&before[i]))
	}
	result := posp.Result{
		Epoch: 7, TableRoot: tableRoot, SampleRoot: merkle.Root(leaves), SampleCount: uint64(len(leaves)),
		Batches:   []posp.BatchResult{{BatchID: batchID, Provider: receipt.Provider, Samples: 3, Passed: 1, Failed: 1, Unavailable: 1}, {BatchID: word("batch", 1), Provider: address("provider", 1)}},
		Standings: []posp.Standing{{Subject: operator, Value: 0}, {Subject: receipt.Provider, SpecID: spec.ID(), Value: 1<<40 + 5}},
		Faults: []posp.Fault{{Kind: posp.FaultStatistical, Subject: receipt.Provider, BatchID: batchID, Ref: spec.ID()},
			{Kind: posp.FaultWithholding, Subject: receipt.Provider, BatchID: batchID, Ref: word("sample", 2)}, {Kind: posp.FaultOperatorEvidence, Subject: operator}},
	}
	empty := posp.Result{Epoch: 8, TableRoot: tableRoot}
	onDemand := posp.Address{19: 0x0d}
	demand := posp.Demand{ID: posp.DemandID(domain.ChainID, onDemand, batch.Epoch, receiptHash), Leaf: leaf}
	return object{
		"domain": domain, "authority": authority, "separator": domain.Separator(),
		"spec": spec, "specId": spec.ID(),
		"request": request, "requestTokens": packed(request.Tokens), "requestHash": request.Hash(),
		"output": output, "outputTokens": packed(output.Tokens), "outputHash": output.Hash(),
		"evidence": evidence, "evidenceHash": evidence.Hash(),
		"buyer": buyer, "secret": secret, "buyerNonce": receipt.ClientNonce,
		"receipt": posp.SignedReceipt{Receipt: receipt, Signature: signature}, "receiptHash": receiptHash, "receiptKey": crypto.PubkeyToAddress(key.PublicKey),
		"batch": batch, "batchId": batchID, "beacon": beacon, "seed": posp.Seed(domain, 7, batchID, beacon),
		"j": j, "leaf": leaf, "sampleId": sampleID,
		"onDemand": onDemand, "demandId": demand.ID, "demandSampleId": demand.SampleID(),
		"operator": operator, "operatorEvidence": hexutil.Bytes(full.Encode()), "salt": salt, "commitment": commitment,
		"commitments": commitments, "commitmentsDigest": commitments.Digest(authority),
		"reveals": reveals, "revealsDigest": reveals.Digest(authority),
		"openDigest":       posp.OpenDigest(domain, batchID, leaf, operator),
		"providerEvidence": evidence.Evidence.Hash(), "held": held, "heldHash": heldHash,
		"samples": samples, "sampleLeaves": leaves,
		"members": members, "memberLeaves": rows, "tableRoot": tableRoot,
		"result": result, "resultRoot": result.Root(), "resultDigest": result.Digest(authority),
		"emptyResult": empty, "emptyResultRoot": empty.Root(), "emptyResultDigest": empty.Digest(authority),
	}, nil
}

// packed is tokens as 4 bytes each, as contracts take them.
func packed(tokens []uint32) hexutil.Bytes {
	b := hexutil.Bytes{}
	for _, t := range tokens {
		b = binary.BigEndian.AppendUint32(b, t)
	}
	return b
}
