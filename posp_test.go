package posp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	gethmath "github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func hash(t *rapid.T, name string) posp.Hash {
	return posp.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, name))
}

func address(t *rapid.T, name string) posp.Address {
	return posp.Address(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, name))
}

func invalid(t interface{ Fatalf(string, ...any) }, err error) {
	var v *posp.ValidationError
	if !errors.As(err, &v) {
		t.Fatalf("%v is not a ValidationError", err)
	}
}

// TestReceiptDigestIsEIP712 compares with go-ethereum's own implementation.
func TestReceiptDigestIsEIP712(t *testing.T) {
	field := func(name, kind string) apitypes.Type { return apitypes.Type{Name: name, Type: kind} }
	types := apitypes.Types{
		"EIP712Domain": {field("name", "string"), field("version", "string"), field("chainId", "uint256"), field("verifyingContract", "address")},
		"Receipt": {field("provider", "address"), field("epoch", "uint64"), field("sequence", "uint64"), field("specId", "bytes32"),
			field("requestHash", "bytes32"), field("outputHash", "bytes32"), field("evidenceHash", "bytes32"), field("promptTokens", "uint32"),
			field("outputTokens", "uint32"), field("clientNonce", "bytes32"), field("time", "uint64")},
	}
	rapid.Check(t, func(t *rapid.T) {
		d := posp.Domain{ChainID: rapid.Uint64().Draw(t, "chainId"), Registry: address(t, "registry")}
		r := posp.Receipt{
			Provider: address(t, "provider"), Epoch: rapid.Uint64().Draw(t, "epoch"), Sequence: rapid.Uint64().Draw(t, "sequence"),
			SpecID: hash(t, "spec"), RequestHash: hash(t, "request"), OutputHash: hash(t, "output"), EvidenceHash: hash(t, "evidence"),
			PromptTokens: rapid.Uint32().Draw(t, "prompt"), OutputTokens: rapid.Uint32().Draw(t, "output tokens"),
			ClientNonce: hash(t, "nonce"), Time: rapid.Uint64().Draw(t, "time"),
		}
		number := func(x uint64) string { return strconv.FormatUint(x, 10) }
		want, _, err := apitypes.TypedDataAndHash(apitypes.TypedData{
			Types: types, PrimaryType: "Receipt",
			Domain: apitypes.TypedDataDomain{Name: "posp", Version: "1", ChainId: (*gethmath.HexOrDecimal256)(new(big.Int).SetUint64(d.ChainID)), VerifyingContract: d.Registry.Hex()},
			Message: apitypes.TypedDataMessage{
				"provider": r.Provider.Hex(), "epoch": number(r.Epoch), "sequence": number(r.Sequence), "specId": r.SpecID.Bytes(),
				"requestHash": r.RequestHash.Bytes(), "outputHash": r.OutputHash.Bytes(), "evidenceHash": r.EvidenceHash.Bytes(),
				"promptTokens": number(uint64(r.PromptTokens)), "outputTokens": number(uint64(r.OutputTokens)), "clientNonce": r.ClientNonce.Bytes(), "time": number(r.Time),
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Digest(d); !bytes.Equal(got[:], want) {
			t.Fatalf("digest %s, want %x", got, want)
		}
	})
}

// pack is go-ethereum's abi.encode.
func pack(t *rapid.T, kinds []string, values ...any) []byte {
	var args abi.Arguments
	for _, k := range kinds {
		kind, err := abi.NewType(k, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, abi.Argument{Type: kind})
	}
	b, err := args.Pack(values...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDigestsAreABIEncoded(t *testing.T) {
	u := func(x uint64) *big.Int { return new(big.Int).SetUint64(x) }
	rapid.Check(t, func(t *rapid.T) {
		d := posp.Domain{ChainID: rapid.Uint64().Draw(t, "chainId"), Registry: address(t, "registry")}
		a := posp.Authority{ChainID: d.ChainID, Attestation: address(t, "attestation"), AVS: address(t, "avs")}
		b := posp.Batch{Provider: address(t, "provider"), Epoch: rapid.Uint64().Draw(t, "epoch"), FirstSequence: rapid.Uint64().Draw(t, "first"), Root: hash(t, "root"), LeafCount: rapid.Uint64().Draw(t, "leaves")}
		id, salt, beacon, operator := hash(t, "id"), hash(t, "salt"), hash(t, "beacon"), address(t, "operator")
		raw := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "evidence")
		logE := rapid.Int32().Draw(t, "logE")
		s := posp.SampleResult{SampleID: id, Verdict: posp.Fail, Class: posp.ForgedChoice, LogE: logE, Evidence: salt}
		weight, before := uint256.NewInt(rapid.Uint64().Draw(t, "weight")), new(uint256.Int).SetBytes(salt[:])
		m := posp.Member{Operator: operator, Weight: weight, KeyX: before, KeyY: uint256.NewInt(7)}
		for name, c := range map[string]struct {
			got  posp.Hash
			want []byte
		}{
			"batchId": {b.ID(d), pack(t, []string{"bytes32", "uint256", "address", "address", "uint64", "uint64", "bytes32", "uint64"},
				posp.Tag("posp.batch.v1"), u(d.ChainID), d.Registry, b.Provider, b.Epoch, b.FirstSequence, b.Root, b.LeafCount)},
			"seed": {posp.Seed(d, b.Epoch, id, beacon), pack(t, []string{"bytes32", "uint256", "address", "uint64", "bytes32", "bytes32"},
				posp.Tag("posp.seed.v1"), u(d.ChainID), d.Registry, b.Epoch, id, beacon)},
			"sampleId": {posp.SampleID(id, b.Epoch, b.LeafCount), pack(t, []string{"bytes32", "bytes32", "uint256", "uint256"},
				posp.Tag("posp.sample.v1"), id, u(b.Epoch), u(b.LeafCount))},
			"commitment": {posp.Commitment(operator, id, raw, salt), pack(t, []string{"address", "bytes32", "bytes", "bytes32"}, operator, id, raw, salt)},
			"sample leaf": {s.LeafHash(), pack(t, []string{"bytes32", "bytes32", "uint8", "uint8", "int32", "bytes32"},
				posp.Tag("posp.verdict.v1"), id, uint8(2), uint8(4), logE, salt)},
			"member": {m.LeafHash(before), pack(t, []string{"bytes32", "address", "uint256", "uint256", "uint256", "uint256"},
				posp.Tag("posp.member.v1"), operator, weight.ToBig(), before.ToBig(), before.ToBig(), u(7))},
			"open": {posp.OpenDigest(d, id, b.LeafCount, operator), pack(t, []string{"bytes32", "uint256", "address", "bytes32", "uint64", "address"},
				posp.Tag("posp.open.v1"), u(d.ChainID), d.Registry, id, b.LeafCount, operator)},
			"buyer": {posp.BuyerNonce(operator, salt), pack(t, []string{"bytes32", "address", "bytes32"}, posp.Tag("posp.buyer.v1"), operator, salt)},
			"held": {posp.EvidenceSetHash(id, salt, []posp.HeldEvidence{{Operator: operator, Commitment: beacon}}),
				pack(t, []string{"bytes32", "bytes32", "bytes32", "address", "bytes32", "bytes32"}, posp.Tag("posp.held.v1"), id, salt, operator, beacon, posp.Hash{})},
		} {
			if want := crypto.Keccak256Hash(c.want); c.got != want {
				t.Fatalf("%s is %s, want %s", name, c.got, want)
			}
		}

		// The lists of a result are abi.encode of arrays of structs.
		r := posp.Result{Epoch: b.Epoch, TableRoot: id, SampleRoot: salt, SampleCount: 9}
		for range rapid.IntRange(0, 3).Draw(t, "batches") {
			r.Batches = append(r.Batches, posp.BatchResult{BatchID: id, Provider: operator, Samples: 5, Passed: 4, Failed: 3, Inconclusive: 2, Unavailable: 1})
			r.Standings = append(r.Standings, posp.Standing{Subject: operator, SpecID: salt, Value: b.Epoch})
			r.Faults = append(r.Faults, posp.Fault{Kind: posp.FaultWithholding, Subject: operator, BatchID: id, Ref: salt})
		}
		tuple := func(kinds ...string) (list []abi.ArgumentMarshaling) {
			for i, k := range kinds {
				list = append(list, abi.ArgumentMarshaling{Name: "f" + strconv.Itoa(i), Type: k})
			}
			return list
		}
		list := func(parts []abi.ArgumentMarshaling, value any) posp.Hash {
			kind, err := abi.NewType("tuple[]", "", parts)
			if err != nil {
				t.Fatal(err)
			}
			packed, err := abi.Arguments{{Type: kind}}.Pack(value)
			if err != nil {
				t.Fatal(err)
			}
			return crypto.Keccak256Hash(packed)
		}
		batches := []struct {
			F0                 [32]byte
			F1                 common.Address
			F2, F3, F4, F5, F6 uint32
		}{}
		standings := []struct {
			F0 common.Address
			F1 [32]byte
			F2 uint64
		}{}
		faults := []struct {
			F0     uint8
			F1     common.Address
			F2, F3 [32]byte
		}{}
		for i := range r.Batches {
			batches = append(batches, struct {
				F0                 [32]byte
				F1                 common.Address
				F2, F3, F4, F5, F6 uint32
			}{r.Batches[i].BatchID, operator, 5, 4, 3, 2, 1})
			standings = append(standings, struct {
				F0 common.Address
				F1 [32]byte
				F2 uint64
			}{operator, salt, b.Epoch})
			faults = append(faults, struct {
				F0     uint8
				F1     common.Address
				F2, F3 [32]byte
			}{2, operator, id, salt})
		}
		root := crypto.Keccak256Hash(pack(t, []string{"bytes32", "bytes32", "uint64", "bytes32", "bytes32"}, posp.Tag("posp.result.v1"), salt, uint64(9),
			list(tuple("bytes32", "address", "uint32", "uint32", "uint32", "uint32", "uint32"), batches),
			list(tuple("address", "bytes32", "uint64"), standings)))
		if r.Root() != root {
			t.Fatalf("result root %s, want %s", r.Root(), root)
		}
		digest := crypto.Keccak256Hash(pack(t, []string{"bytes32", "uint256", "address", "address", "uint64", "bytes32", "bytes32", "bytes32"},
			posp.Tag("posp.certificate.v1"), u(a.ChainID), a.Attestation, a.AVS, r.Epoch, id, root, list(tuple("uint8", "address", "bytes32", "bytes32"), faults)))
		if r.Digest(a) != digest {
			t.Fatalf("certificate digest %s, want %s", r.Digest(a), digest)
		}
	})
}

// SignerFaults.sol knows "it was not opened to me" by its bytes.
func TestEvidenceNoneIsSixBytes(t *testing.T) {
	if got := fmt.Sprintf("%x", posp.Evidence{}.Encode()); got != "010000000000" {
		t.Errorf("the evidence of who has none is %s", got)
	}
}

func evidence(t *rapid.T) posp.Evidence {
	e := posp.Evidence{Kind: posp.EvidenceKind(rapid.IntRange(0, 3).Draw(t, "kind"))}
	n := rapid.IntRange(0, 20).Draw(t, "n")
	if e.Kind != posp.EvidenceNone {
		e.LogProb = rapid.SliceOfN(rapid.Int32Range(-127*posp.Nat, 0), n, n).Draw(t, "log-probabilities")
	}
	if e.Kind == posp.EvidenceFull {
		e.Margin = rapid.SliceOfN(rapid.Int32Range(0, 127*posp.Nat), n, n).Draw(t, "margins")
	}
	if e.Kind == posp.EvidenceIntervals {
		e.Below = rapid.SliceOfN(rapid.Int32Range(0, posp.Unit), n, n).Draw(t, "below")
		e.Mass = make([]int32, n)
		for i := range e.Mass {
			e.Mass[i] = rapid.Int32Range(0, posp.Unit-e.Below[i]).Draw(t, "mass")
		}
	}
	return e
}

func TestEvidenceRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence(t)
		back, err := posp.DecodeEvidence(e.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, back); diff != "" {
			t.Fatal(diff)
		}
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var again posp.Evidence
		if err := json.Unmarshal(b, &again); err != nil || !cmp.Equal(e, again) {
			t.Fatalf("JSON %s: %v", b, err)
		}
	})
}

func TestDecodeEvidenceRefuses(t *testing.T) {
	good := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-5, 0}, Margin: []int32{0, 7}}.Encode()
	change := func(at int, to byte) []byte { b := bytes.Clone(good); b[at] = to; return b }
	for name, b := range map[string][]byte{
		"empty": nil, "no count": good[:5], "version": change(0, 2), "kind 4": change(1, 4), "none with positions": change(1, 0),
		"other kind's length": change(1, 1), "more positions": change(5, 3), "fewer": change(5, 1), "short": good[:len(good)-1], "long": append(bytes.Clone(good), 0),
		"positive log-probability": change(6, 0), "below -127 nats": change(6, 0x80), "negative margin": change(14, 0x80), "margin over 127 nats": change(14, 0x7f),
		"too many positions":       {1, 1, 0xff, 0xff, 0xff, 0xff},
		"more probability than 1":  posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: []int32{0}, Below: []int32{posp.Unit}, Mass: []int32{1}}.Encode(),
		"below over 1":             posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: []int32{0}, Below: []int32{posp.Unit + 1}, Mass: []int32{-1}}.Encode(),
		"intervals of full length": change(1, 3),
	} {
		if name == "margin over 127 nats" {
			b[17] = 1
		}
		_, err := posp.DecodeEvidence(b)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		invalid(t, err)
	}
	if _, err := posp.DecodeEvidence(good); err != nil {
		t.Fatal(err)
	}
}

func FuzzDecodeEvidence(f *testing.F) {
	f.Add(posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-5, 0}, Margin: []int32{0, 7}}.Encode())
	f.Add(posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-1}}.Encode())
	f.Add(posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: []int32{-1}, Below: []int32{posp.Unit / 2}, Mass: []int32{posp.Unit / 2}}.Encode())
	f.Add([]byte{1, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := posp.DecodeEvidence(b)
		if err != nil {
			invalid(t, err)
			return
		}
		if !bytes.Equal(e.Encode(), b) {
			t.Fatalf("%x decodes to what encodes as %x", b, e.Encode())
		}
	})
}

func TestToUnit(t *testing.T) {
	for p, want := range map[float64]int32{0: 0, 1: posp.Unit, 2: posp.Unit, -1: 0, math.Inf(1): posp.Unit, math.NaN(): 0, 0.5: posp.Unit / 2, 0.6 / posp.Unit: 1, 0.4 / posp.Unit: 0} {
		if got := posp.ToUnit(p); got != want {
			t.Errorf("ToUnit(%g) = %d, want %d", p, got, want)
		}
	}
}

// Rationale: an operator that writes its evidence in a kind that the rule does not call for, or with columns of
// unequal length, has computed nothing that can be compared.
func TestEvidenceWhole(t *testing.T) {
	three := []int32{0, 0, 0}
	for _, c := range []struct {
		e    posp.Evidence
		n    int
		want bool
	}{
		{posp.Evidence{}, 0, true}, {posp.Evidence{}, 3, false}, {posp.Evidence{Kind: 4}, 0, false},
		{posp.Evidence{Kind: posp.EvidenceFull, LogProb: three, Margin: three}, 3, true},
		{posp.Evidence{Kind: posp.EvidenceFull, LogProb: three, Margin: three[:2]}, 3, false},
		{posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: three, Below: three, Mass: three}, 3, true},
		{posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: three, Below: three}, 3, false},
	} {
		if got := c.e.Whole(c.n); got != c.want {
			t.Errorf("%+v.Whole(%d) = %v", c.e, c.n, got)
		}
	}
	if posp.Unseeded.Recomputed() != posp.EvidenceIntervals || posp.Greedy.Recomputed() != posp.EvidenceFull || posp.Seeded.Recomputed() != posp.EvidenceFull {
		t.Error("a rule asks for the wrong kind of evidence")
	}
}

func TestToFixed(t *testing.T) {
	for nats, want := range map[float64]int32{
		0: 0, 1: posp.Nat, -1: -posp.Nat, 127: 127 * posp.Nat, 1e9: 127 * posp.Nat, math.Inf(1): 127 * posp.Nat, -1e9: -127 * posp.Nat,
		math.Inf(-1): -127 * posp.Nat, math.NaN(): -127 * posp.Nat, 0.5 / posp.Nat: 1, -0.5 / posp.Nat: -1, 0.4 / posp.Nat: 0, -2.5: -5 << 23,
	} {
		if got := posp.ToFixed(nats); got != want {
			t.Errorf("ToFixed(%g) = %d, want %d", nats, got, want)
		}
	}
}

func TestSignatures(t *testing.T) {
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	digest := posp.Hash{1, 2, 3}
	sig, err := crypto.Sign(digest[:], key)
	if err != nil {
		t.Fatal(err)
	}
	want := crypto.PubkeyToAddress(key.PublicKey)
	for _, v := range []byte{0, 27} {
		s := bytes.Clone(sig)
		s[64] += v
		if got, err := posp.RecoverSigner(digest, s); err != nil || got != want {
			t.Errorf("v + %d: %s, %v", v, got, err)
		}
	}
	// The other signature of the same message, with s in the upper half.
	high := bytes.Clone(sig)
	n := crypto.S256().Params().N
	new(big.Int).Sub(n, new(big.Int).SetBytes(sig[32:64])).FillBytes(high[32:64])
	high[64] ^= 1
	// The least s of the upper half, which begins with 0x7f as well; the greatest of the lower one is of some key.
	half, least := bytes.Clone(sig), bytes.Clone(sig)
	new(big.Int).Rsh(n, 1).FillBytes(half[32:64])
	new(big.Int).Add(new(big.Int).Rsh(n, 1), big.NewInt(1)).FillBytes(least[32:64])
	if _, err := posp.RecoverSigner(digest, half); err != nil {
		t.Errorf("s of half the order: %v", err)
	}
	for name, s := range map[string][]byte{
		"empty": nil, "64 bytes": sig[:64], "66 bytes": append(bytes.Clone(sig), 0), "v 2": append(bytes.Clone(sig[:64]), 2), "v 29": append(bytes.Clone(sig[:64]), 29),
		"zero": make([]byte, 65), "upper half": high, "least of the upper half": least,
	} {
		if _, err := posp.RecoverSigner(digest, s); err == nil {
			t.Errorf("%s: accepted", name)
		} else {
			invalid(t, err)
		}
	}
	if got, err := posp.RecoverSigner(posp.Hash{9}, sig); err == nil && got == want {
		t.Error("a signature holds for another digest")
	}

	// As signing services sign: with EIP-191's prefix, which v says. Contracts
	// cannot read such a receipt, so nobody takes one.
	prefixed, err := crypto.Sign(accounts.TextHash(digest[:]), key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := posp.RecoverSigner(digest, prefixed); err == nil && got == want {
		t.Error("a signature of the prefixed digest passes for one of the digest")
	}
	prefixed[64] += 31
	if got, err := posp.RecoverSigner(digest, prefixed); err != nil || got != want {
		t.Errorf("prefixed: %s, %v", got, err)
	}
	plain := append(bytes.Clone(sig[:64]), sig[64]+31)
	if got, err := posp.RecoverSigner(digest, plain); err == nil && got == want {
		t.Error("a signature of the digest passes for one of the prefixed digest")
	}
	r := posp.SignedReceipt{Receipt: posp.Receipt{Epoch: 7}}
	d := r.Digest(posp.Domain{ChainID: 1})
	if r.Signature, err = crypto.Sign(accounts.TextHash(d[:]), key); err != nil {
		t.Fatal(err)
	}
	r.Signature[64] += 31
	if _, err := r.Signer(posp.Domain{ChainID: 1}); err == nil {
		t.Error("a receipt with a signature that contracts cannot read is taken")
	}
}

func TestOpeningMatches(t *testing.T) {
	o := posp.Opening{Request: posp.RequestPart{Tokens: []uint32{1, 2}}, Output: posp.OutputPart{Tokens: []uint32{3}, Finish: posp.FinishStop}}
	o.Receipt.RequestHash, o.Receipt.OutputHash = o.Request.Hash(), o.Output.Hash()
	if err := o.Matches(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(o *posp.Opening){
		"prompt": func(o *posp.Opening) { o.Request.Tokens = []uint32{1} }, "sampling": func(o *posp.Opening) { o.Request.Sampling.MaxTokens++ },
		"temperature": func(o *posp.Opening) { o.Request.Sampling.TemperatureMicro++ }, "seed": func(o *posp.Opening) { o.Request.Sampling.Seed[0]++ },
		"request salt": func(o *posp.Opening) { o.Request.Salt[0]++ }, "output": func(o *posp.Opening) { o.Output.Tokens = []uint32{4} },
		"finish": func(o *posp.Opening) { o.Output.Finish = posp.FinishLength }, "output salt": func(o *posp.Opening) { o.Output.Salt[0]++ },
		"tokens moved": func(o *posp.Opening) { o.Request.Tokens, o.Output.Tokens = []uint32{1, 2, 3}, nil },
	} {
		changed := o
		change(&changed)
		if err := changed.Matches(); err == nil {
			t.Errorf("%s: accepted", name)
		} else {
			invalid(t, err)
		}
	}
}

func TestSamplingCheck(t *testing.T) {
	greedy := posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}
	seeded := posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1, TopPMicro: 1_000_000, MaxTokens: 1}
	unseeded := posp.Sampling{Rule: posp.Unseeded, TemperatureMicro: 1, TopPMicro: 1_000_000, MaxTokens: 1}
	for _, c := range []struct {
		base   posp.Sampling
		change func(s *posp.Sampling)
		ok     bool
	}{
		{unseeded, func(s *posp.Sampling) {}, true}, {unseeded, func(s *posp.Sampling) { s.Seed[0] = 1 }, false}, {unseeded, func(s *posp.Sampling) { s.Rule++ }, false},
		{unseeded, func(s *posp.Sampling) { s.TemperatureMicro = 0 }, false}, {unseeded, func(s *posp.Sampling) { s.TopPMicro = 0 }, false},
		{greedy, func(s *posp.Sampling) {}, true}, {seeded, func(s *posp.Sampling) {}, true},
		{seeded, func(s *posp.Sampling) { s.TemperatureMicro = 10_000_000 }, true}, {seeded, func(s *posp.Sampling) { s.TemperatureMicro = 10_000_001 }, false},
		{seeded, func(s *posp.Sampling) { s.TemperatureMicro = 0 }, false}, {seeded, func(s *posp.Sampling) { s.TopPMicro = 0 }, false},
		{seeded, func(s *posp.Sampling) { s.TopPMicro++ }, false}, {seeded, func(s *posp.Sampling) { s.MaxTokens = 0 }, false},
		{greedy, func(s *posp.Sampling) { s.TemperatureMicro = 1 }, false}, {greedy, func(s *posp.Sampling) { s.TopPMicro = 1 }, false},
		{greedy, func(s *posp.Sampling) { s.Seed[0] = 1 }, false}, {greedy, func(s *posp.Sampling) { s.Rule = 0 }, false}, {greedy, func(s *posp.Sampling) { s.Rule = 3 }, false},
	} {
		s := c.base
		c.change(&s)
		if err := s.Check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", s, err)
		} else if err != nil {
			invalid(t, err)
		}
	}
}

func TestSchedulePhasesFollowEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Uint64Range(1, 1000)
		s := posp.Schedule{Genesis: small.Draw(t, "genesis"), EpochBlocks: small.Draw(t, "epoch"), GraceBlocks: small.Draw(t, "grace"), BeaconDelay: small.Draw(t, "delay"),
			CommitBlocks: small.Draw(t, "commit"), RevealBlocks: small.Draw(t, "reveal"), CertifyBlocks: small.Draw(t, "certify")}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		e := rapid.Uint64Range(0, 1e6).Draw(t, "e")
		if !(s.Start(e) < s.Close(e) && s.Close(e) < s.BeaconBlock(e) && s.BeaconBlock(e) < s.CommitDeadline(e) && s.CommitDeadline(e) < s.RevealDeadline(e) && s.RevealDeadline(e) < s.CertifyDeadline(e)) {
			t.Fatalf("phases of epoch %d are out of order: %+v", e, s)
		}
		if s.EpochAt(s.Start(e)) != e || s.EpochAt(s.Start(e+1)-1) != e {
			t.Fatalf("epoch at its first and last block: %d, %d", s.EpochAt(s.Start(e)), s.EpochAt(s.Start(e+1)-1))
		}
	})
	if (posp.Schedule{}).Check() == nil || (posp.Schedule{}).EpochAt(5) != 0 {
		t.Error("the zero schedule is accepted")
	}
}
