package transport

import (
	"errors"
	"testing"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

func hash(t *rapid.T) posp.Hash {
	return posp.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
}

// maybe is a hash or none.
func maybe(t *rapid.T) posp.Hash {
	if rapid.Bool().Draw(t, "none") {
		return posp.Hash{}
	}
	return hash(t)
}

func address(t *rapid.T) posp.Address {
	return posp.Address(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "address"))
}

// ascending is n samples in order.
func ascending(t *rapid.T, n int) []posp.Hash {
	list := make([]posp.Hash, n)
	for i := range list {
		list[i] = hash(t)
		list[i][0] = byte(i)
	}
	return list
}

func evidence(t *rapid.T, kind posp.EvidenceKind) posp.Evidence {
	e := posp.Evidence{Kind: kind}
	if kind != posp.EvidenceNone {
		e.LogProb = rapid.SliceOfN(rapid.Int32Range(-127*posp.Nat, 0), 1, 5).Draw(t, "log-probabilities")
	}
	if kind == posp.EvidenceFull {
		e.Margin = rapid.SliceOfN(rapid.Int32Range(0, 127*posp.Nat), len(e.LogProb), len(e.LogProb)).Draw(t, "margins")
	}
	return e
}

func reveals(t *rapid.T) posp.Reveals {
	r := posp.Reveals{Operator: address(t), Epoch: rapid.Uint64().Draw(t, "epoch"), Signature: rapid.SliceOfN(rapid.Byte(), 65, 65).Draw(t, "signature")}
	u32s := rapid.SliceOfN(rapid.Uint32(), 1, 5)
	for _, id := range ascending(t, rapid.IntRange(0, 3).Draw(t, "items")) {
		it := posp.Reveal{SampleID: id, Evidence: evidence(t, posp.EvidenceFull).Encode(), Salt: hash(t)}
		if rapid.Bool().Draw(t, "opened") {
			it.Opening = &posp.Opening{Leaf: rapid.Uint64().Draw(t, "leaf"), Proof: []posp.Hash{hash(t), hash(t)},
				Receipt: posp.SignedReceipt{Signature: []byte{1, 2, 3}, Receipt: posp.Receipt{Provider: address(t), Epoch: 1, Sequence: 2, SpecID: hash(t), RequestHash: hash(t),
					OutputHash: hash(t), EvidenceHash: hash(t), PromptTokens: 3, OutputTokens: 4, ClientNonce: hash(t), Time: 5}},
				Request: posp.RequestPart{Tokens: u32s.Draw(t, "prompt"), Salt: hash(t), TraceSeed: maybe(t), Sampling: posp.Sampling{Rule: posp.SamplingRule(rapid.Byte().Draw(t, "rule")), TemperatureMicro: 6, TopPMicro: 7, Seed: hash(t), MaxTokens: 8}},
				Output:  posp.OutputPart{Tokens: u32s.Draw(t, "output"), Finish: posp.FinishReason(rapid.Byte().Draw(t, "finish")), Salt: hash(t), TraceSeed: maybe(t)}, Withheld: rapid.Bool().Draw(t, "withheld")}
		}
		if rapid.Bool().Draw(t, "revealed") {
			it.Provider = &posp.EvidencePart{Evidence: evidence(t, posp.EvidenceLogProbs), Salt: hash(t)}
		}
		r.Items = append(r.Items, it)
	}
	return r
}

// sent is a message as the other side gets it.
func sent[M any, P interface {
	*M
	proto.Message
}](t interface{ Fatal(...any) }, m P) P {
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	got := P(new(M))
	if err := proto.Unmarshal(b, got); err != nil {
		t.Fatal(err)
	}
	return got
}

// Every value comes out as it went in: a field that a converter forgets is
// caught by the digests at run time, but here it has a name.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r reader
		want := reveals(t)
		if diff := cmp.Diff(want, r.reveals(sent(t, revealsToProto(want)))); diff != "" || r.err != nil {
			t.Fatalf("reveals: %v\n%s", r.err, diff)
		}
		c := posp.Commitments{Operator: address(t), Epoch: 9, Signature: want.Signature}
		for _, id := range ascending(t, rapid.IntRange(0, 3).Draw(t, "items")) {
			c.Items = append(c.Items, posp.SampleCommitment{SampleID: id, Commitment: hash(t)})
		}
		if diff := cmp.Diff(c, r.commitments(sent(t, commitmentsToProto(c)))); diff != "" || r.err != nil {
			t.Fatalf("commitments: %v\n%s", r.err, diff)
		}
		s := posp.CertificateShare{Operator: address(t), Epoch: 3, Digest: hash(t), Signature: rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "share")}
		if diff := cmp.Diff(s, r.share(sent(t, shareToProto(s)))); diff != "" || r.err != nil {
			t.Fatalf("share: %v\n%s", r.err, diff)
		}
		for _, e := range []posp.Equivocation{{Commitments: []posp.Commitments{c, c}}, {Reveals: []posp.Reveals{want, want}}, {Shares: []posp.CertificateShare{s, s}}} {
			if diff := cmp.Diff(e, r.equivocation(sent(t, equivocationToProto(e)))); diff != "" || r.err != nil {
				t.Fatalf("equivocation: %v\n%s", r.err, diff)
			}
		}
		line := posp.SampleResult{SampleID: hash(t), Verdict: posp.Fail, Class: posp.WrongModel, LogE: rapid.Int32().Draw(t, "logE"), Evidence: hash(t)}
		if diff := cmp.Diff(line, r.sample(sent(t, sampleToProto(line)))); diff != "" || r.err != nil {
			t.Fatalf("sample: %v\n%s", r.err, diff)
		}
		o := Outcome{Digest: hash(t),
			Result: posp.Result{Epoch: 1, TableRoot: hash(t), SampleRoot: hash(t), SampleCount: 2,
				Batches:   []posp.BatchResult{{BatchID: hash(t), Provider: address(t), Samples: 10, Passed: 1, Failed: 2, Inconclusive: 3, Unavailable: 4}},
				Standings: []posp.Standing{{Subject: address(t), SpecID: hash(t), Value: rapid.Uint64().Draw(t, "standing")}},
				Faults:    []posp.Fault{{Kind: posp.FaultWithholding, Subject: address(t), BatchID: hash(t), Ref: hash(t)}}}}
		if rapid.Bool().Draw(t, "certified") {
			o.Certified, o.Signers, o.NonSigners, o.Transaction = true, []posp.Address{address(t)}, []posp.Address{address(t), address(t)}, posp.Hash{1}
			o.Sigma[63], o.APK[127] = 5, 6
		}
		if diff := cmp.Diff(o, r.outcome(sent(t, outcomeToProto(o)))); diff != "" || r.err != nil {
			t.Fatalf("outcome: %v\n%s", r.err, diff)
		}
	})
}

// Anything of another form is the sender's fault, and says which field.
func TestStrict(t *testing.T) {
	hash, addr, sig := make([]byte, 32), make([]byte, 20), make([]byte, 65)
	none := posp.Evidence{}.Encode()
	ok := func() *pospv1.Opening {
		return &pospv1.Opening{Receipt: &pospv1.Receipt{Provider: addr, SpecId: hash, RequestHash: hash, OutputHash: hash, EvidenceHash: hash, ClientNonce: hash},
			Request: &pospv1.RequestPart{Seed: hash, Salt: hash}, Output: &pospv1.OutputPart{Salt: hash}}
	}
	reveal := func(change func(*pospv1.Reveal)) func(*reader) {
		return func(r *reader) {
			it := &pospv1.Reveal{SampleId: hash, Salt: hash, Evidence: none, Opening: ok(), Provider: &pospv1.EvidencePart{Evidence: none, Salt: hash}}
			change(it)
			r.reveals(&pospv1.Reveals{Operator: addr, Signature: sig, Items: []*pospv1.Reveal{it}})
		}
	}
	for name, read := range map[string]func(*reader){
		"no commitments": func(r *reader) { r.commitments(nil) },
		"no reveals":     func(r *reader) { r.reveals(nil) },
		"no share":       func(r *reader) { r.share(nil) },
		"nil item": func(r *reader) {
			r.reveals(&pospv1.Reveals{Operator: addr, Signature: sig, Items: []*pospv1.Reveal{nil}})
		},
		"short operator":      func(r *reader) { r.commitments(&pospv1.Commitments{Operator: addr[1:], Signature: sig}) },
		"no signature":        func(r *reader) { r.commitments(&pospv1.Commitments{Operator: addr}) },
		"share: no signature": func(r *reader) { r.share(&pospv1.CertificateShare{Operator: addr, Digest: hash}) },
		"share: long digest":  func(r *reader) { r.share(&pospv1.CertificateShare{Operator: addr, Digest: sig, Signature: sig[:64]}) },
		"twice the same sample": func(r *reader) {
			it := &pospv1.SampleCommitment{SampleId: hash, Commitment: hash}
			r.commitments(&pospv1.Commitments{Operator: addr, Signature: sig, Items: []*pospv1.SampleCommitment{it, it}})
		},
		"equivocation of one": func(r *reader) {
			r.equivocation(&pospv1.Equivocation{Shares: []*pospv1.CertificateShare{{Operator: addr, Digest: hash, Signature: sig[:64]}}})
		},
		"equivocation of two operators": func(r *reader) {
			r.equivocation(&pospv1.Equivocation{Shares: []*pospv1.CertificateShare{{Operator: addr, Digest: hash, Signature: sig[:64]}, {Operator: hash[:20:20], Digest: hash, Signature: sig[:64], Epoch: 1}}})
		},
		"nil equivocation":   func(r *reader) { r.equivocation(nil) },
		"evidence":           reveal(func(it *pospv1.Reveal) { it.Evidence = []byte{1} }),
		"provider evidence":  reveal(func(it *pospv1.Reveal) { it.Provider.Evidence = nil }),
		"salt":               reveal(func(it *pospv1.Reveal) { it.Salt = nil }),
		"receipt":            reveal(func(it *pospv1.Reveal) { it.Opening.Receipt = nil }),
		"request":            reveal(func(it *pospv1.Reveal) { it.Opening.Request = nil }),
		"output":             reveal(func(it *pospv1.Reveal) { it.Opening.Output = nil }),
		"rule":               reveal(func(it *pospv1.Reveal) { it.Opening.Request.Rule = 256 }),
		"finish":             reveal(func(it *pospv1.Reveal) { it.Opening.Output.Finish = 1 << 31 }),
		"proof":              reveal(func(it *pospv1.Reveal) { it.Opening.Proof = [][]byte{{1}} }),
		"endless proof":      reveal(func(it *pospv1.Reveal) { it.Opening.Proof = make([][]byte, 65) }),
		"endless signature":  reveal(func(it *pospv1.Reveal) { it.Opening.Receipt.Signature = make([]byte, 4097) }),
		"receipt's provider": reveal(func(it *pospv1.Reveal) { it.Opening.Receipt.Provider = hash }),
	} {
		t.Run(name, func(t *testing.T) {
			var r reader
			read(&r)
			var v *posp.ValidationError
			if !errors.As(r.err, &v) {
				t.Errorf("error %v", r.err)
			}
		})
	}
	var r reader
	reveal(func(*pospv1.Reveal) {})(&r)
	if r.err != nil {
		t.Errorf("what is right is refused: %v", r.err)
	}
}

// What is accepted is what is sent on: nothing is read that is not written.
func FuzzReveals(f *testing.F) {
	hash, addr, sig := make([]byte, 32), make([]byte, 20), make([]byte, 65)
	seed, _ := proto.Marshal(&pospv1.Reveals{Operator: addr, Signature: sig, Epoch: 1, Items: []*pospv1.Reveal{{SampleId: hash, Salt: hash, Evidence: posp.Evidence{}.Encode(),
		Opening: &pospv1.Opening{Receipt: &pospv1.Receipt{Provider: addr, SpecId: hash, RequestHash: hash, OutputHash: hash, EvidenceHash: hash, ClientNonce: hash},
			Request: &pospv1.RequestPart{Seed: hash, Salt: hash, Tokens: []uint32{1}}, Output: &pospv1.OutputPart{Salt: hash}},
		Provider: &pospv1.EvidencePart{Evidence: posp.Evidence{}.Encode(), Salt: hash}}}})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pospv1.Reveals
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		var r reader
		got := r.reveals(&m)
		if r.err != nil {
			var v *posp.ValidationError
			if !errors.As(r.err, &v) {
				t.Fatalf("error %v", r.err)
			}
			return
		}
		var again reader
		if diff := cmp.Diff(got, again.reveals(sent(t, revealsToProto(got)))); diff != "" || again.err != nil {
			t.Fatalf("%v\n%s", again.err, diff)
		}
	})
}

func FuzzOutcome(f *testing.F) {
	seed, _ := proto.Marshal(outcomeToProto(Outcome{Certified: true, Transaction: posp.Hash{1}}))
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pospv1.GetResultResponse
		if proto.Unmarshal(b, &m) != nil || m.Result == nil {
			return
		}
		var r, again reader
		got := r.outcome(&m)
		if r.err != nil {
			return
		}
		if diff := cmp.Diff(got, again.outcome(sent(t, outcomeToProto(got)))); diff != "" || again.err != nil {
			t.Fatalf("%v\n%s", again.err, diff)
		}
	})
}

func FuzzCommitments(f *testing.F) {
	hash, addr, sig := make([]byte, 32), make([]byte, 20), make([]byte, 65)
	seed, _ := proto.Marshal(&pospv1.Commitments{Operator: addr, Signature: sig, Epoch: 1, Items: []*pospv1.SampleCommitment{{SampleId: hash, Commitment: hash}}})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pospv1.Commitments
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		var r, again reader
		got := r.commitments(&m)
		if r.err != nil {
			return
		}
		if diff := cmp.Diff(got, again.commitments(sent(t, commitmentsToProto(got)))); diff != "" || again.err != nil {
			t.Fatalf("%v\n%s", again.err, diff)
		}
	})
}

func FuzzEquivocation(f *testing.F) {
	hash, addr, sig := make([]byte, 32), make([]byte, 20), make([]byte, 65)
	share := &pospv1.CertificateShare{Operator: addr, Epoch: 1, Digest: hash, Signature: sig[:64]}
	seed, _ := proto.Marshal(&pospv1.Equivocation{Shares: []*pospv1.CertificateShare{share, share}})
	f.Add(seed)
	c := &pospv1.Commitments{Operator: addr, Signature: sig, Epoch: 1}
	seed, _ = proto.Marshal(&pospv1.Equivocation{Commitments: []*pospv1.Commitments{c, c}})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pospv1.Equivocation
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		var r, again reader
		got := r.equivocation(&m)
		if r.err != nil {
			return
		}
		if len(got.Commitments)+len(got.Reveals)+len(got.Shares) != 2 {
			t.Fatalf("accepted %+v", got)
		}
		if diff := cmp.Diff(got, again.equivocation(sent(t, equivocationToProto(got)))); diff != "" || again.err != nil {
			t.Fatalf("%v\n%s", again.err, diff)
		}
	})
}

// Reasons survive the way, and nothing else of ours gets out.
func TestErrorsOnTheWire(t *testing.T) {
	for reason, code := range codes {
		wire, own := toConnect(&Refused{reason: reason, message: "why"})
		var back interface{ Reason() string }
		if reason == ReasonExhausted { // passes: not an answer to what was sent
			if err := fromConnect(wire); own || wire.Code() != code || !errors.Is(err, ErrExhausted) || errors.As(err, &back) {
				t.Errorf("%s: %v, own %v, back as %v", reason, wire, own, err)
			}
			continue
		}
		if own || wire.Code() != code || !errors.As(fromConnect(wire), &back) || back.Reason() != reason {
			t.Errorf("%s: %v, own %v, back as %v", reason, wire, own, back)
		}
	}
	if wire, own := toConnect(posp.Invalidf("bad")); own || wire.Code() != connect.CodeInvalidArgument {
		t.Errorf("validation error: %v", wire)
	}
	wire, own := toConnect(errors.New("disk /secret/path is full"))
	if !own || wire.Code() != connect.CodeUnavailable || wire.Message() != errInternal.Error() {
		t.Errorf("own error: %v", wire)
	}
	var back interface{ Reason() string }
	if errors.As(fromConnect(wire), &back) {
		t.Errorf("a fault of the aggregator's is taken for a refusal")
	}
}
