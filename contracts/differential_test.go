package contracts_test

import (
	"bytes"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// Generators of what the two sides are asked about.

func hashes() *rapid.Generator[posp.Hash] {
	return rapid.Custom(func(t *rapid.T) (h posp.Hash) {
		copy(h[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		return h
	})
}

func addresses() *rapid.Generator[posp.Address] {
	return rapid.Custom(func(t *rapid.T) (a posp.Address) {
		copy(a[:], rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "address"))
		return a
	})
}

func draw[T any](t *rapid.T, g *rapid.Generator[T], label string) T { return g.Draw(t, label) }
func hash(t *rapid.T, label string) posp.Hash                       { return draw(t, hashes(), label) }
func address(t *rapid.T, label string) posp.Address                 { return draw(t, addresses(), label) }
func u8(t *rapid.T, label string) uint8                             { return draw(t, rapid.Byte(), label) }
func u32(t *rapid.T, label string) uint32                           { return draw(t, rapid.Uint32(), label) }
func u64(t *rapid.T, label string) uint64                           { return draw(t, rapid.Uint64(), label) }
func blob(t *rapid.T, label string) []byte {
	return draw(t, rapid.SliceOfN(rapid.Byte(), 0, 100), label)
}
func word(t *rapid.T, label string) *uint256.Int {
	h := hash(t, label)
	return new(uint256.Int).SetBytes(h[:])
}

func tokens(t *rapid.T, label string) (ids []uint32, packed []byte) {
	ids = draw(t, rapid.SliceOfN(rapid.Uint32(), 0, 40), label)
	for _, id := range ids {
		packed = append(packed, byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
	}
	return ids, packed
}

func bigOf(x uint64) *big.Int { return new(big.Int).SetUint64(x) }

// same fails unless Solidity's answer is Go's.
func same(t *rapid.T, m *machine, what string, want posp.Hash, input []byte, err error) {
	t.Helper()
	if got := posp.Hash(ask(t, m, libraries.UnpackSeed, input, err)); got != want { // every digest unpacks alike
		t.Fatalf("%s: Solidity %s, Go %s", what, got, want)
	}
}

// Every digest of package posp is DigestLib's, on any values.
func TestDigestsAreGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		d := posp.Domain{ChainID: u64(t, "chain"), Registry: address(t, "registry")}
		a := posp.Authority{ChainID: u64(t, "chain"), Attestation: address(t, "attestation"), AVS: address(t, "avs")}
		chain, achain := bigOf(d.ChainID), bigOf(a.ChainID)

		r := posp.Receipt{
			Provider: address(t, "provider"), Epoch: u64(t, "epoch"), Sequence: u64(t, "sequence"), SpecID: hash(t, "spec"),
			RequestHash: hash(t, "request"), OutputHash: hash(t, "output"), EvidenceHash: hash(t, "evidence"),
			PromptTokens: u32(t, "prompt"), OutputTokens: u32(t, "out"), ClientNonce: hash(t, "nonce"), Time: u64(t, "time"),
		}
		in, err := libraries.TryPackReceipt(toReceipt(r), chain, d.Registry)
		same(t, m, "receipt", r.Digest(d), in, err)

		b := posp.Batch{Provider: r.Provider, Epoch: r.Epoch, FirstSequence: r.Sequence, Root: hash(t, "root"), LeafCount: u64(t, "leaves")}
		in, err = libraries.TryPackBatchId(chain, d.Registry, b.Provider, b.Epoch, b.FirstSequence, b.Root, b.LeafCount)
		same(t, m, "batch", b.ID(d), in, err)

		beacon := hash(t, "beacon")
		in, err = libraries.TryPackSeed(chain, d.Registry, b.Epoch, b.ID(d), beacon)
		same(t, m, "seed", posp.Seed(d, b.Epoch, b.ID(d), beacon), in, err)

		j, leaf := u64(t, "j"), u64(t, "leaf")
		in, err = libraries.TryPackSampleId(b.ID(d), j, leaf)
		same(t, m, "sample", posp.SampleID(b.ID(d), j, leaf), in, err)

		operator, secret, salt := address(t, "operator"), hash(t, "secret"), hash(t, "salt")
		in, err = libraries.TryPackBuyerNonce(operator, secret)
		same(t, m, "buyer", posp.BuyerNonce(operator, secret), in, err)
		in, err = libraries.TryPackOnDemand(chain, operator, b.Epoch, secret)
		same(t, m, "demand", posp.DemandID(d.ChainID, operator, b.Epoch, secret), in, err)
		in, err = libraries.TryPackOpenRequest(chain, d.Registry, b.ID(d), leaf, operator)
		same(t, m, "open", posp.OpenDigest(d, b.ID(d), leaf, operator), in, err)

		text := rapid.String()
		s := posp.ModelSpec{
			WeightsRoot: hash(t, "weights"), Precision: draw(t, text, "precision"), TokenizerHash: hash(t, "tokenizer"),
			ChatTemplateHash: hash(t, "template"), EngineClass: draw(t, text, "engine"), SamplingRule: draw(t, text, "rule"),
			VocabSize: u32(t, "vocabulary"), EOS: u32(t, "eos"), ContextLimit: u32(t, "context"),
			ReferenceVersion: draw(t, text, "reference"), PolicyID: hash(t, "policy"),
		}
		in, err = libraries.TryPackSpecId(contracts.ModelSpec{
			WeightsRoot: s.WeightsRoot, Precision: s.Precision, TokenizerHash: s.TokenizerHash, ChatTemplateHash: s.ChatTemplateHash,
			EngineClass: s.EngineClass, SamplingRule: s.SamplingRule, VocabSize: s.VocabSize, Eos: s.EOS, ContextLimit: s.ContextLimit,
			ReferenceVersion: s.ReferenceVersion, PolicyId: s.PolicyID,
		})
		same(t, m, "spec", s.ID(), in, err)

		ids, packed := tokens(t, "tokens")
		q := posp.RequestPart{Tokens: ids, Salt: salt, Sampling: posp.Sampling{
			Rule: posp.SamplingRule(u8(t, "rule")), TemperatureMicro: u32(t, "temperature"), TopPMicro: u32(t, "top p"),
			Seed: hash(t, "seed"), MaxTokens: u32(t, "max tokens"),
		}}
		in, err = libraries.TryPackRequest(contracts.RequestPart{
			Tokens: packed, Rule: uint8(q.Sampling.Rule), TemperatureMicro: q.Sampling.TemperatureMicro, TopPMicro: q.Sampling.TopPMicro,
			Seed: q.Sampling.Seed, MaxTokens: q.Sampling.MaxTokens, Salt: salt,
		})
		same(t, m, "request", q.Hash(), in, err)

		o := posp.OutputPart{Tokens: ids, Salt: salt, Finish: posp.FinishReason(u8(t, "finish"))}
		in, err = libraries.TryPackOutput(contracts.OutputPart{Tokens: packed, Finish: uint8(o.Finish), Salt: salt})
		same(t, m, "output", o.Hash(), in, err)

		e := posp.EvidencePart{Salt: salt, Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: draw(t, rapid.SliceOfN(rapid.Int32(), 0, 40), "log-probabilities")}}
		in, err = libraries.TryPackEvidence(salt, e.Evidence.Encode())
		same(t, m, "evidence", e.Hash(), in, err)

		raw := blob(t, "evidence bytes")
		in, err = libraries.TryPackCommitment(operator, posp.SampleID(b.ID(d), j, leaf), raw, salt)
		same(t, m, "commitment", posp.Commitment(operator, posp.SampleID(b.ID(d), j, leaf), raw, salt), in, err)

		cs, rs := posp.Commitments{Operator: operator, Epoch: b.Epoch}, posp.Reveals{Operator: operator, Epoch: b.Epoch}
		var cflat, rflat [][32]byte
		for range rapid.IntRange(0, 5).Draw(t, "items") {
			c := posp.SampleCommitment{SampleID: hash(t, "sample"), Commitment: hash(t, "commitment")}
			v := posp.Reveal{SampleID: c.SampleID, Evidence: blob(t, "revealed"), Salt: hash(t, "salt")}
			cs.Items, rs.Items = append(cs.Items, c), append(rs.Items, v)
			cflat = append(cflat, c.SampleID, c.Commitment)
			rflat = append(rflat, v.SampleID, crypto.Keccak256Hash(v.Evidence), v.Salt)
		}
		in, err = libraries.TryPackCommitments(achain, a.Attestation, b.Epoch, operator, cflat)
		same(t, m, "commitments", cs.Digest(a), in, err)
		in, err = libraries.TryPackReveals(achain, a.Attestation, b.Epoch, operator, rflat)
		same(t, m, "reveals", rs.Digest(a), in, err)

		var held []posp.HeldEvidence
		var held2 []contracts.HeldEvidence
		for range rapid.IntRange(0, 4).Draw(t, "committee") {
			h := posp.HeldEvidence{Operator: address(t, "operator"), Commitment: hash(t, "commitment"), Evidence: hash(t, "evidence")}
			held, held2 = append(held, h), append(held2, toHeld(h))
		}
		in, err = libraries.TryPackHeld(r.Digest(d), secret, held2)
		same(t, m, "held", posp.EvidenceSetHash(r.Digest(d), secret, held), in, err)

		sr := posp.SampleResult{SampleID: hash(t, "sample"), Verdict: posp.Verdict(u8(t, "verdict")), Class: posp.Class(u8(t, "class")), LogE: draw(t, rapid.Int32(), "log e"), Evidence: hash(t, "held")}
		in, err = libraries.TryPackSampleResult(contracts.SampleResult{SampleId: sr.SampleID, Verdict: uint8(sr.Verdict), Class: uint8(sr.Class), LogE: sr.LogE, Evidence: sr.Evidence})
		same(t, m, "sample result", sr.LeafHash(), in, err)

		res := result(t)
		in, err = libraries.TryPackResultRoot(toResult(res))
		same(t, m, "result root", res.Root(), in, err)
		in, err = libraries.TryPackCertificate(achain, a.Attestation, a.AVS, toResult(res))
		same(t, m, "certificate", res.Digest(a), in, err)

		mem, before := posp.Member{Operator: operator, Weight: word(t, "weight"), KeyX: word(t, "x"), KeyY: word(t, "y")}, word(t, "before")
		in, err = libraries.TryPackMember(toMember(mem), before.ToBig())
		same(t, m, "member", mem.LeafHash(before), in, err)
	})
}

func toReceipt(r posp.Receipt) contracts.Receipt {
	return contracts.Receipt{
		Provider: r.Provider, Epoch: r.Epoch, Sequence: r.Sequence, SpecId: r.SpecID, RequestHash: r.RequestHash,
		OutputHash: r.OutputHash, EvidenceHash: r.EvidenceHash, PromptTokens: r.PromptTokens, OutputTokens: r.OutputTokens,
		ClientNonce: r.ClientNonce, Time: r.Time,
	}
}

func toHeld(h posp.HeldEvidence) contracts.HeldEvidence {
	return contracts.HeldEvidence{Operator: h.Operator, Commitment: h.Commitment, Evidence: h.Evidence}
}

func toMember(m posp.Member) contracts.Member {
	return contracts.Member{Operator: m.Operator, Weight: m.Weight.ToBig(), KeyX: m.KeyX.ToBig(), KeyY: m.KeyY.ToBig()}
}

func result(t *rapid.T) posp.Result {
	r := posp.Result{Epoch: u64(t, "epoch"), TableRoot: hash(t, "table"), SampleRoot: hash(t, "samples"), SampleCount: u64(t, "count")}
	for range rapid.IntRange(0, 4).Draw(t, "batches") {
		r.Batches = append(r.Batches, posp.BatchResult{
			BatchID: hash(t, "batch"), Provider: address(t, "provider"), Samples: u32(t, "samples"), Passed: u32(t, "passed"),
			Failed: u32(t, "failed"), Inconclusive: u32(t, "inconclusive"), Unavailable: u32(t, "unavailable"),
		})
	}
	for range rapid.IntRange(0, 4).Draw(t, "standings") {
		r.Standings = append(r.Standings, posp.Standing{Subject: address(t, "subject"), SpecID: hash(t, "spec"), Value: u64(t, "value")})
	}
	for range rapid.IntRange(0, 4).Draw(t, "faults") {
		r.Faults = append(r.Faults, posp.Fault{Kind: posp.FaultKind(u8(t, "kind")), Subject: address(t, "subject"), BatchID: hash(t, "batch"), Ref: hash(t, "ref")})
	}
	return r
}

func toResult(r posp.Result) contracts.Result {
	c := contracts.Result{Epoch: r.Epoch, TableRoot: r.TableRoot, SampleRoot: r.SampleRoot, SampleCount: r.SampleCount}
	for _, b := range r.Batches {
		c.Batches = append(c.Batches, contracts.BatchResult{
			BatchId: b.BatchID, Provider: b.Provider, Samples: b.Samples, Passed: b.Passed, Failed: b.Failed,
			Inconclusive: b.Inconclusive, Unavailable: b.Unavailable,
		})
	}
	for _, s := range r.Standings {
		c.Standings = append(c.Standings, contracts.Standing{Subject: s.Subject, SpecId: s.SpecID, Value: s.Value})
	}
	for _, f := range r.Faults {
		c.Faults = append(c.Faults, contracts.Fault{Kind: uint8(f.Kind), Subject: f.Subject, BatchId: f.BatchID, Ref: f.Ref})
	}
	return c
}

// Tokens that are no whole number are refused: their count would be a lie.
func TestTokensAreWhole(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	for n := 1; n < 4; n++ {
		in, err := libraries.TryPackOutput(contracts.OutputPart{Tokens: make([]byte, 4+n)})
		if _, err := try(t, m, libraries.UnpackOutput, in, err); err != revert("TokensNotWhole") {
			t.Errorf("%d bytes of tokens: %v", 4+n, err)
		}
	}
}

func TestScheduleIsGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Uint64Range(0, 1<<28)
		s := posp.Schedule{
			Genesis: draw(t, small, "genesis"), EpochBlocks: draw(t, small, "epoch"), GraceBlocks: draw(t, small, "grace"),
			BeaconDelay: draw(t, small, "delay"), CommitBlocks: draw(t, small, "commit"), RevealBlocks: draw(t, small, "reveal"),
			CertifyBlocks: draw(t, small, "certify"), ContestBlocks: draw(t, small, "contest"),
		}
		e := draw(t, small, "number")
		in, err := libraries.TryPackPhases(contracts.Schedule(s), e)
		got, err := try(t, m, libraries.UnpackPhases, in, err)
		if s.Check() != nil {
			if err != revert("ScheduleRefused") {
				t.Fatalf("a schedule that Go refuses: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []uint64{s.Start(e), s.Close(e), s.BeaconBlock(e), s.CommitDeadline(e), s.RevealDeadline(e), s.CertifyDeadline(e)} {
			if got[i].Cmp(bigOf(want)) != 0 {
				t.Fatalf("phase %d of epoch %d: Solidity %s, Go %d", i, e, got[i], want)
			}
		}
	})
}

func TestTreeIsGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		values := draw(t, rapid.SliceOfN(hashes(), 0, 70), "values")
		words := make([][32]byte, len(values))
		for i, v := range values {
			words[i] = v
		}
		tree := merkle.New(values)
		in, err := libraries.TryPackMerkleRoot(words)
		same(t, m, "root", tree.Root(), in, err)
		if len(values) == 0 {
			return
		}
		index := draw(t, rapid.Uint64Range(0, uint64(len(values))-1), "index")
		proof, err := tree.Proof(index)
		if err != nil {
			t.Fatal(err)
		}
		// What is shown may be damaged in any way; both sides must say the same of it.
		root, value, count := tree.Root(), values[index], uint64(len(values))
		switch rapid.SampledFrom([]string{"good", "root", "value", "index", "count", "short", "long", "sibling"}).Draw(t, "damage") {
		case "root":
			root[7] ^= 1
		case "value":
			value[9] ^= 4
		case "index":
			index = u64(t, "wrong index")
		case "count":
			count = u64(t, "wrong count")
		case "short":
			proof = proof[:max(0, len(proof)-1)]
		case "long":
			proof = append(slices.Clone(proof), hash(t, "extra"))
		case "sibling":
			if len(proof) > 0 {
				proof = slices.Clone(proof)
				proof[0][3] ^= 2
			}
		}
		siblings := make([][32]byte, len(proof))
		for i, p := range proof {
			siblings[i] = p
		}
		in, err = libraries.TryPackMerkleVerify(root, value, bigOf(index), bigOf(count), siblings)
		got, want := ask(t, m, libraries.UnpackMerkleVerify, in, err), merkle.Verify(root, value, index, count, proof) == nil
		if got != want {
			t.Fatalf("proof of index %d of %d: Solidity %v, Go %v", index, count, got, want)
		}
	})
}

func TestDrawIsGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		n := draw(t, rapid.Uint64Range(1, 1<<rapid.IntRange(1, 32).Draw(t, "bits")), "n")
		rate := posp.Rate{RatePpm: draw(t, rapid.Uint32Range(0, 1_000_000), "rate"), KMin: draw(t, rapid.Uint32Range(0, 50), "k min")}
		in, err := libraries.TryPackSampleCount(n, rate.RatePpm, rate.KMin)
		if got, want := ask(t, m, libraries.UnpackSampleCount, in, err), sampler.Count(n, rate); got != want {
			t.Fatalf("k of %d at %+v: Solidity %d, Go %d", n, rate, got, want)
		}
		seed := hash(t, "seed")
		d, err := sampler.New(seed, n, n)
		if err != nil {
			t.Fatal(err)
		}
		j := draw(t, rapid.Uint64Range(0, n-1), "j")
		want, err := d.Leaf(j)
		if err != nil {
			t.Fatal(err)
		}
		in, err = libraries.TryPackLeafAt(seed, n, j)
		if got := ask(t, m, libraries.UnpackLeafAt, in, err); got != want {
			t.Fatalf("leaf %d of %d: Solidity %d, Go %d", j, n, got, want)
		}
		in, err = libraries.TryPackIndexOf(seed, n, want)
		if got := ask(t, m, libraries.UnpackIndexOf, in, err); got != j {
			t.Fatalf("leaf %d of %d is draw %d; Solidity says %d", want, n, j, got)
		}
	})
}

func TestCommitteeIsGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		operators := draw(t, rapid.SliceOfNDistinct(addresses(), 0, 12, func(a posp.Address) posp.Address { return a }), "operators")
		slices.SortFunc(operators, posp.Address.Cmp)
		var members []posp.Member
		var weights []*big.Int
		for range operators {
			w := bigOf(draw(t, rapid.Uint64Range(0, 1<<rapid.IntRange(0, 60).Draw(t, "bits")), "weight"))
			weights = append(weights, w)
		}
		for i, o := range operators {
			members = append(members, posp.Member{Operator: o, Weight: uint256.MustFromBig(weights[i])})
		}
		var excluded []posp.Address
		if len(operators) > 0 {
			excluded = draw(t, rapid.SliceOfN(rapid.SampledFrom(operators), 0, 3), "excluded")
		}
		seed, j, size := hash(t, "seed"), u64(t, "j"), draw(t, rapid.IntRange(0, 7), "m")
		drawn, err := sampler.Committee(seed, j, members, excluded, size)
		if err != nil {
			t.Fatal(err)
		}
		want := []posp.Address{}
		for _, i := range drawn {
			want = append(want, operators[i])
		}
		in, err := libraries.TryPackCommittee(seed, j, big.NewInt(int64(size)), operators, weights, excluded)
		if got := ask(t, m, libraries.UnpackCommittee, in, err); !slices.Equal(got, want) {
			t.Fatalf("committee: Solidity %v, Go %v", got, want)
		}
	})
}

// HeaderLib reads what go-ethereum writes, whatever a fork added at the end,
// and refuses what is no header.
func TestHeaderIsGoEthereums(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	encode := func(t *rapid.T) ([]byte, *types.Header) {
		h := &types.Header{
			ParentHash: hash(t, "parent"), UncleHash: hash(t, "uncle"), Coinbase: address(t, "coinbase"), Root: hash(t, "state"),
			TxHash: hash(t, "transactions"), ReceiptHash: hash(t, "receipts"), Difficulty: new(big.Int), Number: bigOf(max(1, u64(t, "number"))),
			GasLimit: u64(t, "limit"), GasUsed: u64(t, "used"), Time: u64(t, "time"), Extra: draw(t, rapid.SliceOfN(rapid.Byte(), 0, 32), "extra"),
			MixDigest: hash(t, "random"), BaseFee: bigOf(u64(t, "fee")),
		}
		copy(h.Bloom[:], draw(t, rapid.SliceOfN(rapid.Byte(), 256, 256), "bloom"))
		if draw(t, rapid.Bool(), "cancun") {
			root, used, excess, beacon := hash(t, "withdrawals"), u64(t, "blob gas"), u64(t, "excess"), hash(t, "beacon root")
			h.WithdrawalsHash, h.BlobGasUsed, h.ExcessBlobGas, h.ParentBeaconRoot = &root, &used, &excess, &beacon
			if draw(t, rapid.Bool(), "prague") {
				requests := hash(t, "requests")
				h.RequestsHash = &requests
			}
		}
		b, err := rlp.EncodeToBytes(h)
		if err != nil {
			t.Fatal(err)
		}
		return b, h
	}
	t.Run("read", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			b, h := encode(t)
			in, err := libraries.TryPackParseHeader(b)
			got := ask(t, m, libraries.UnpackParseHeader, in, err)
			if bigOf(got.Number).Cmp(h.Number) != 0 || got.MixHash != h.MixDigest {
				t.Fatalf("Solidity %d %x, Go %s %s", got.Number, got.MixHash, h.Number, h.MixDigest)
			}
		})
	})
	t.Run("refuse", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			b, _ := encode(t)
			switch rapid.SampledFrom([]string{"cut", "longer", "list in list", "few", "empty", "noise"}).Draw(t, "damage") {
			case "cut":
				b = b[:draw(t, rapid.IntRange(0, len(b)-1), "length")]
			case "longer":
				b = append(b, 0x80)
			case "list in list":
				b, _ = rlp.EncodeToBytes([]any{b, []any{}, []byte{1}})
			case "few":
				b, _ = rlp.EncodeToBytes(make([]uint64, draw(t, rapid.IntRange(0, 14), "fields")))
			case "empty":
				b = nil
			case "noise":
				b = draw(t, rapid.SliceOfN(rapid.ByteRange(0, 0xf8), 1, 600), "noise")
				if b[0] >= 0xc0 {
					b[0] = 0x7f
				}
			}
			in, err := libraries.TryPackParseHeader(b)
			if _, err := try(t, m, libraries.UnpackParseHeader, in, err); err != revert("HeaderInvalid") {
				t.Fatalf("%x: %v", b, err)
			}
		})
	})
}

// Lengths have one encoding: a header written otherwise is none, though its
// fields could be read.
func TestHeaderIsCanonical(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	fields := func(number []byte) []byte {
		var b []byte
		for i := range 15 {
			switch i {
			case 8:
				b = append(b, number...)
			case 13:
				b = append(append(b, 0xa0), bytes.Repeat([]byte{7}, 32)...)
			default:
				b = append(b, 0x80)
			}
		}
		return b
	}
	list := func(body []byte) []byte { return append([]byte{0xc0 + byte(len(body))}, body...) }
	in, err := libraries.TryPackParseHeader(list(fields([]byte{5})))
	if got, err := try(t, m, libraries.UnpackParseHeader, in, err); err != nil || got.Number != 5 {
		t.Fatalf("the header that the others are damaged copies of: %v, %v", got, err)
	}
	for name, b := range map[string][]byte{
		"number with a leading zero":    list(fields([]byte{0x82, 0, 5})),
		"small byte in its long form":   list(fields([]byte{0x81, 5})),
		"number of 9 bytes":             list(fields([]byte{0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9})),
		"number that is empty":          list(fields([]byte{0x80})),
		"short length in the long form": append([]byte{0xf8, byte(len(fields([]byte{5})))}, fields([]byte{5})...),
		"length with a leading zero":    append([]byte{0xf9, 0, byte(len(fields([]byte{5})))}, fields([]byte{5})...),
		"length beyond 64 bits":         append([]byte{0xff, 1, 1, 1, 1, 1, 1, 1, 1}, fields([]byte{5})...),
		"list as a field":               list(fields([]byte{0xc0})),
	} {
		in, err := libraries.TryPackParseHeader(b)
		if _, err := try(t, m, libraries.UnpackParseHeader, in, err); err != revert("HeaderInvalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
