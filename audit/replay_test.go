package audit

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// world is a certified epoch: real answers of the demo model and of the
// smaller one that a cheat passes off for it, receipts, trees, draws,
// commitments, reveals and BN254 signatures. It is the Chain and the Archive.
type world struct {
	cfg       Config
	params    posp.Parameters
	operators []operator // ascending by address
	table     posp.Table
	beacon    posp.Hash
	header    types.Header
	batches   []posp.BatchRecord
	providers []posp.ProviderInfo
	answers   map[posp.Hash]*answer // by sample
	standings []posp.Standing

	commitments []posp.Commitments
	reveals     []posp.Reveals
	archived    bool
	cert        Certificate
	certified   bool
}

type operator struct {
	key *ecdsa.PrivateKey
	bls *keys.BLS
}

func (o operator) address() posp.Address { return crypto.PubkeyToAddress(o.key.PublicKey) }

type answer struct {
	opening  posp.Opening
	evidence posp.EvidencePart
	own      posp.Evidence // what the demo model gives
}

const epoch = 4

func (w *world) Parameters(context.Context) (posp.Parameters, error) { return w.params, nil }
func (w *world) Batches(_ context.Context, e uint64) ([]posp.BatchRecord, error) {
	if e != epoch {
		return nil, nil
	}
	return w.batches, nil
}
func (w *world) Beacon(_ context.Context, e uint64) (posp.Hash, bool, error) {
	return w.beacon, e == epoch, nil
}
func (w *world) BeaconHeader(context.Context, uint64) ([]byte, posp.Hash, error) {
	b, err := rlp.EncodeToBytes(&w.header)
	return b, w.header.Hash(), err
}
func (w *world) Table(context.Context, uint64) (posp.Table, bool, error) { return w.table, true, nil }
func (w *world) Provider(_ context.Context, a posp.Address) (posp.ProviderInfo, bool, error) {
	for _, p := range w.providers {
		if p.Provider == a {
			return p, true, nil
		}
	}
	return posp.ProviderInfo{}, false, nil
}
func (w *world) StandingsBefore(context.Context, uint64) ([]posp.Standing, error) {
	return w.standings, nil
}
func (w *world) Certificate(_ context.Context, e uint64) (Certificate, bool, error) {
	return w.cert, w.certified && e == epoch, nil
}
func (w *world) Commitments(context.Context, uint64) ([]posp.Commitments, bool, error) {
	return w.commitments, w.archived, nil
}
func (w *world) Reveals(context.Context, uint64) ([]posp.Reveals, bool, error) {
	return w.reveals, w.archived, nil
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func hashOf(s string) posp.Hash { return crypto.Keccak256Hash([]byte(s)) }

func keyOf(s string) *ecdsa.PrivateKey {
	h := hashOf(s)
	k, err := crypto.ToECDSA(h[:])
	if err != nil {
		panic(err)
	}
	return k
}

func sign(k *ecdsa.PrivateKey, digest posp.Hash) []byte {
	sig, err := crypto.Sign(digest[:], k)
	if err != nil {
		panic(err)
	}
	return sig
}

// engines are made once: they are read only.
var engines = sync.OnceValue(func() (e struct {
	main, small inference.Generator
	scorer      inference.Scorer
	weights     *model.Weights
	err         error
}) {
	var small *model.Weights
	if e.weights, e.err = model.Main(); e.err == nil {
		small, e.err = model.Small()
	}
	if e.err == nil {
		e.main, e.small, e.scorer = float.New(e.weights, float.Options{}), float.New(small, float.Options{}), float.NewScorer(e.weights)
	}
	return e
})

// written are the answers, by salt: they are the same in every world.
var written = map[posp.Hash]struct {
	tokens []inference.Token
	finish posp.FinishReason
}{}

// newWorld commits the batches of an honest provider (honest) and of one that
// serves the small model (cheat), all sampled; recompute and certify end the
// epoch.
func newWorld(t *testing.T) *world {
	e := engines()
	if e.err != nil {
		t.Fatal(e.err)
	}
	var policy verdict.Policy
	raw := must[[]byte](t)(os.ReadFile("../internal/app/policy/posp-float-f32.json"))
	if err := json.Unmarshal(raw, &policy); err != nil {
		t.Fatal(err)
	}
	spec := posp.ModelSpec{WeightsRoot: e.weights.Root(), EngineClass: policy.Calibration.Pairs[0].Claimed, SamplingRule: posp.RuleGumbel,
		VocabSize: uint32(e.weights.Config.VocabSize), EOS: e.weights.Config.EOS, ContextLimit: uint32(e.weights.Config.ContextLength), PolicyID: policy.ID()}
	w := &world{
		cfg: Config{Domain: posp.Domain{ChainID: 31337, Registry: posp.Address{1}},
			Authority: posp.Authority{ChainID: 31337, Attestation: posp.Address{2}, AVS: posp.Address{3}},
			Specs:     []verdict.Spec{{Spec: spec, Policy: policy}},
			Scorer: func(id posp.Hash) (inference.Scorer, error) {
				if id != spec.ID() {
					return nil, errors.New("no such model")
				}
				return e.scorer, nil
			}},
		params: posp.Parameters{Schedule: posp.Schedule{Genesis: 10, EpochBlocks: 20, GraceBlocks: 5, BeaconDelay: 2, CommitBlocks: 5, RevealBlocks: 5, CertifyBlocks: 9},
			Committee: 3, FaultLine: verdict.Line(1e9), QuorumPpm: 670_000},
		beacon: hashOf("beacon"), answers: map[posp.Hash]*answer{}, archived: true,
	}
	w.header = types.Header{Difficulty: new(big.Int), Number: new(big.Int).SetUint64(w.params.Schedule.BeaconBlock(epoch)), MixDigest: w.beacon}
	for _, name := range []string{"a", "b", "c", "d"} {
		w.operators = append(w.operators, operator{keyOf(name), keys.BLSFromSeed([]byte(name))})
	}
	slices.SortFunc(w.operators, func(a, b operator) int { return a.address().Cmp(b.address()) })
	for i, o := range w.operators {
		x, y := o.bls.PublicKey().G1.XY()
		w.table.Members = append(w.table.Members, posp.Member{Operator: o.address(), Weight: uint256.NewInt(uint64(30 - 3*i)), KeyX: x, KeyY: y})
	}
	w.table.Root = must[posp.Hash](t)(sampler.TableRoot(w.table.Members))
	w.table.Block = 100
	w.batch(t, "honest", e.main, 2)
	w.batch(t, "cheat", e.small, 2)
	slices.SortFunc(w.batches, func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	return w
}

func providerOf(name string) posp.Address { return crypto.PubkeyToAddress(keyOf(name).PublicKey) }

func (w *world) batch(t *testing.T, name string, g inference.Generator, n int) {
	receiptKey := keyOf(name + " receipts")
	info := posp.ProviderInfo{Provider: providerOf(name), ReceiptKey: crypto.PubkeyToAddress(receiptKey.PublicKey)}
	w.providers = append(w.providers, info)
	var answers []*answer
	var values []posp.Hash
	for i := range n {
		// Distinct salts, and prompts long enough that the models differ.
		salt := func(what string) posp.Hash { return hashOf(name + what + string(rune('0'+i))) }
		request := posp.RequestPart{Tokens: model.EncodePrompt([]byte("// String returns the name.\nfunc (k Kind) String() string {\n")), Salt: salt("request"),
			Sampling: posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 900_000, TopPMicro: 950_000, Seed: salt("seed"), MaxTokens: 64}}
		wrote := written[request.Salt]
		if wrote.tokens == nil {
			var err error
			wrote.tokens, wrote.finish, err = inference.Collect(context.Background(), g, inference.Request{Prompt: request.Tokens, Sampling: request.Sampling})
			if err != nil {
				t.Fatal(err)
			}
			written[request.Salt] = wrote
		}
		tokens, finish := wrote.tokens, wrote.finish
		output := posp.OutputPart{Finish: finish, Salt: salt("output")}
		evidence := posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs}, Salt: salt("evidence")}
		for _, k := range tokens {
			output.Tokens = append(output.Tokens, k.ID)
			evidence.Evidence.LogProb = append(evidence.Evidence.LogProb, posp.ToFixed(k.LogProb))
		}
		a := &answer{evidence: evidence, own: must[posp.Evidence](t)(engines().scorer.Score(context.Background(), request.Tokens, request.Sampling, output.Tokens))}
		a.opening = posp.Opening{Leaf: uint64(i), Request: request, Output: output, Receipt: posp.SignedReceipt{Receipt: posp.Receipt{
			Provider: info.Provider, Epoch: epoch, Sequence: 7 + uint64(i), SpecID: w.cfg.Specs[0].Spec.ID(), RequestHash: request.Hash(), OutputHash: output.Hash(),
			EvidenceHash: evidence.Hash(), PromptTokens: uint32(len(request.Tokens)), OutputTokens: uint32(len(output.Tokens))}}}
		digest := a.opening.Receipt.Digest(w.cfg.Domain)
		a.opening.Receipt.Signature = sign(receiptKey, digest)
		answers, values = append(answers, a), append(values, digest)
	}
	tree := merkle.New(values)
	b := posp.BatchRecord{Batch: posp.Batch{Provider: info.Provider, Epoch: epoch, FirstSequence: 7, Root: tree.Root(), LeafCount: uint64(n)}, Rate: posp.Rate{RatePpm: 1_000_000}}
	b.ID = b.Batch.ID(w.cfg.Domain)
	w.batches = append(w.batches, b)
	for _, s := range w.drawn(b) {
		answers[s.Leaf].opening.Proof = must[[]posp.Hash](t)(tree.Proof(s.Leaf))
		w.answers[s.SampleID] = answers[s.Leaf]
	}
}

func (w *world) drawn(b posp.BatchRecord) []sampler.Assignment {
	list, err := sampler.Assign(w.cfg.Domain, b, w.beacon, w.table.Members, int(w.params.Committee))
	if err != nil {
		panic(err)
	}
	return list
}

// sampleOf is number 0 of a provider's batch.
func (w *world) sampleOf(name string) Sample { return Sample{Epoch: epoch, Provider: providerOf(name)} }

func (w *world) id(name string) posp.Hash {
	for _, b := range w.batches {
		if b.Provider == providerOf(name) {
			return w.drawn(b)[0].SampleID
		}
	}
	panic("no batch")
}

// tell is what an operator reveals of an answer.
type tell func(operator int, a *answer) posp.Evidence

func honestly(_ int, a *answer) posp.Evidence { return a.own }

// recompute has every operator commit and reveal; opened says whether the
// provider's parts are with the reveals.
func (w *world) recompute(says tell, opened bool) *world {
	for i, o := range w.operators {
		c := posp.Commitments{Operator: o.address(), Epoch: epoch}
		r := posp.Reveals{Operator: o.address(), Epoch: epoch}
		for _, b := range w.batches {
			for _, s := range w.drawn(b) {
				if !s.Has(o.address()) {
					continue
				}
				a := w.answers[s.SampleID]
				evidence, salt := says(i, a), hashOf("salt"+s.SampleID.Hex()+o.address().Hex())
				c.Items = append(c.Items, posp.SampleCommitment{SampleID: s.SampleID, Commitment: posp.Commitment(o.address(), s.SampleID, evidence.Encode(), salt)})
				reveal := posp.Reveal{SampleID: s.SampleID, Evidence: evidence.Encode(), Salt: salt}
				if opened {
					opening, part := a.opening, a.evidence
					reveal.Opening, reveal.Provider = &opening, &part
				}
				r.Items = append(r.Items, reveal)
			}
		}
		slices.SortFunc(c.Items, func(a, b posp.SampleCommitment) int { return a.SampleID.Cmp(b.SampleID) })
		slices.SortFunc(r.Items, func(a, b posp.Reveal) int { return a.SampleID.Cmp(b.SampleID) })
		c.Signature, r.Signature = sign(o.key, c.Digest(w.cfg.Authority)), sign(o.key, r.Digest(w.cfg.Authority))
		w.commitments, w.reveals = append(w.commitments, c), append(w.reveals, r)
	}
	return w
}

// certify derives the result and has all operators but the last sign it;
// change is what they all agree to change in it.
func (w *world) certify(t *testing.T, change func(*posp.Result)) *world {
	d, err := verdict.Derive(verdict.EpochInput{Domain: w.cfg.Domain, Authority: w.cfg.Authority, Epoch: epoch, Beacon: w.beacon, Parameters: w.params, Table: w.table,
		Batches: w.batches, Providers: w.providers, Specs: w.cfg.Specs, Standings: w.standings, Commitments: w.commitments, Reveals: w.reveals})
	if err != nil {
		t.Fatal(err)
	}
	r := d.Result
	if change != nil {
		change(&r)
	}
	w.cert, w.certified = Certificate{Result: r, Digest: r.Digest(w.cfg.Authority)}, true
	w.signedBy(3)
	return w
}

// signedBy has the first n operators sign.
func (w *world) signedBy(n int) {
	var sigs []keys.G1
	var publics []keys.G2
	w.cert.NonSigners = nil
	for i, o := range w.operators {
		if i >= n {
			w.cert.NonSigners = append(w.cert.NonSigners, uint64(i))
			continue
		}
		sigs, publics = append(sigs, o.bls.Sign(w.cert.Digest)), append(publics, o.bls.PublicKey().G2)
	}
	w.cert.Signature, w.cert.SignersKey = keys.SumG1(sigs...), keys.SumG2(publics...)
}

func (w *world) replay(t *testing.T, s Sample) *Report {
	t.Helper()
	return must[*Report](t)(Replay(context.Background(), w.cfg, w, w, s))
}

func step(r *Report, name string) Step {
	for _, s := range r.Steps {
		if s.Name == name {
			return s
		}
	}
	return Step{}
}

var allSteps = []string{StepChain, StepBeacon, StepBatch, StepTable, StepDraw, StepCommittee, StepArchive, StepOpening, StepProvider, StepHeld,
	StepCompare, StepVerdict, StepResult, StepProof, StepDigest, StepSigners, StepSignature, StepQuorum, StepCompleteness}

func TestAnHonestEpochAgrees(t *testing.T) {
	w := newWorld(t).recompute(honestly, true).certify(t, nil)
	for _, c := range []struct {
		name string
		want posp.Verdict
	}{{"honest", posp.Pass}, {"cheat", posp.Fail}} {
		r := w.replay(t, w.sampleOf(c.name))
		if !r.Agrees || r.Derived.Verdict != c.want || *r.Recomputed != *r.Derived {
			t.Errorf("%s: agrees %v, derived %v, recomputed %v: %+v", c.name, r.Agrees, r.Derived, r.Recomputed, r.Steps)
		}
		for _, name := range allSteps {
			want := OK
			if name == StepChain || name == StepCompleteness {
				want = Unchecked
			}
			if s := step(r, name); s.Outcome != want {
				t.Errorf("%s: step %q is %q: %s", c.name, name, s.Outcome, s.Found)
			}
		}
		for _, k := range r.Comparisons[:3] {
			if !k.Fits || k.MaxLogProb != 0 || k.MaxMargin != 0 || k.Positions == 0 {
				t.Errorf("%s: the scorer differs from itself: %+v", c.name, k)
			}
		}
		provider := r.Comparisons[3]
		if c.want == posp.Pass && (provider.MaxLogProb == 0 || provider.MaxLogProb > 1e-3 || !provider.Fits) || c.want == posp.Fail && provider.Fits {
			t.Errorf("%s: provider %+v", c.name, provider)
		}
		// By id it is the same sample.
		if byID := w.replay(t, Sample{Epoch: epoch, ID: w.id(c.name)}); byID.Leaf != r.Leaf || byID.SampleID != r.SampleID || !byID.Agrees {
			t.Errorf("%s by id: %+v", c.name, byID)
		}
	}
}

// each changes every reveal of a sample.
func (w *world) each(id posp.Hash, change func(*posp.Reveal)) {
	for i := range w.reveals {
		for k := range w.reveals[i].Items {
			if w.reveals[i].Items[k].SampleID == id {
				change(&w.reveals[i].Items[k])
			}
		}
	}
}

func (w *world) resign() {
	for i, o := range w.operators {
		w.commitments[i].Signature = sign(o.key, w.commitments[i].Digest(w.cfg.Authority))
		w.reveals[i].Signature = sign(o.key, w.reveals[i].Digest(w.cfg.Authority))
	}
}

// Rationale: one corruption for each check. If the check were not made, the
// replay would agree, or name something else.
func TestEachCorruptionIsNamed(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(w *world)
		want  string
	}{
		{"another prevrandao in the header", func(w *world) { w.header.MixDigest[0] ^= 1 }, StepBeacon},
		{"the header of another block", func(w *world) { w.header.Number.Add(w.header.Number, big.NewInt(1)) }, StepBeacon},
		{"a header from before the merge", func(w *world) { w.header.Difficulty = big.NewInt(1) }, StepBeacon},
		{"a batch under another's name", func(w *world) {
			for i := range w.batches {
				w.batches[i].FirstSequence++
			}
		}, StepBatch},
		{"a weight that the table's root does not have", func(w *world) {
			w.table.Members = slices.Clone(w.table.Members)
			w.table.Members[0].Weight = uint256.NewInt(1000)
		}, StepTable},
		{"a certificate by another table", func(w *world) { w.cert.Result.TableRoot[0] ^= 1 }, StepTable},
		{"commitments that somebody else signed", func(w *world) {
			w.commitments[1].Signature = sign(keyOf("mallory"), w.commitments[1].Digest(w.cfg.Authority))
		}, StepArchive},
		{"reveals that somebody else signed", func(w *world) { w.reveals[1].Signature = sign(keyOf("mallory"), w.reveals[1].Digest(w.cfg.Authority)) }, StepArchive},
		{"a receipt that the provider did not sign", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) {
				r.Opening.Receipt.Signature = sign(keyOf("mallory"), r.Opening.Receipt.Digest(w.cfg.Domain))
			})
		}, StepOpening},
		{"another proof", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) { r.Opening.Proof = []posp.Hash{{1}} })
		}, StepOpening},
		{"another output", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) {
				r.Opening.Output.Tokens = append(slices.Clone(r.Opening.Output.Tokens[1:]), 7)
			})
		}, StepOpening},
		{"another prompt", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) { r.Opening.Request.Tokens = r.Opening.Request.Tokens[1:] })
		}, StepOpening},
		{"another evidence of the provider", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) { r.Provider.Salt[0] ^= 1 })
		}, StepResult},
		{"evidence that was not committed to", func(w *world) {
			w.each(w.id("honest"), func(r *posp.Reveal) { r.Salt[0] ^= 1 })
			w.resign()
		}, StepResult},
		{"a message left out", func(w *world) { w.reveals = w.reveals[1:] }, StepResult},
		{"a standing that was not there before", func(w *world) {
			w.standings = []posp.Standing{{Subject: providerOf("cheat"), SpecID: w.cfg.Specs[0].Spec.ID(), Value: 1}}
		}, StepResult},
		{"another result than was signed", func(w *world) { w.cert.Result.Standings[0].Value++ }, StepDigest},
		{"a digest that is not the result's", func(w *world) { w.cert.Digest[0] ^= 1; w.signedBy(3) }, StepSignature},
		{"a non-signer too few", func(w *world) { w.cert.NonSigners = nil }, StepSigners},
		{"a non-signer too many", func(w *world) { w.cert.NonSigners = []uint64{2, 3} }, StepSigners},
		{"a non-signer that is no row", func(w *world) { w.cert.NonSigners = []uint64{9} }, StepSigners},
		{"a non-signer twice", func(w *world) { w.cert.NonSigners = []uint64{3, 3} }, StepSigners},
		{"a key of nobody", func(w *world) { w.cert.SignersKey = keys.BLSFromSeed([]byte("mallory")).PublicKey().G2 }, StepSigners},
		{"no key", func(w *world) { w.cert.SignersKey = keys.G2{} }, StepSigners},
		{"a signature of something else", func(w *world) { w.cert.Signature = w.operators[0].bls.Sign(hashOf("else")) }, StepSignature},
		{"no signature", func(w *world) { w.cert.Signature = keys.G1{} }, StepSignature},
		{"two of four, who are no quorum", func(w *world) { w.signedBy(2) }, StepQuorum},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).recompute(honestly, true).certify(t, nil)
			c.plant(w)
			r := w.replay(t, w.sampleOf("honest"))
			if r.Agrees || !slices.Contains(r.Mismatches(), c.want) {
				t.Errorf("agrees %v, mismatches %q, want %q among them", r.Agrees, r.Mismatches(), c.want)
			}
			var text bytes.Buffer
			if err := r.Print(&text); err != nil || !strings.Contains(text.String(), "MISMATCH") || !strings.Contains(text.String(), "DISAGREES") {
				t.Errorf("printed (%v):\n%s", err, &text)
			}
		})
	}
}

// Rationale: what a quorum signs is right by every signature; only deriving it
// anew, or recomputing, shows that it is false.
func TestACorruptQuorumIsFoundOut(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(w *world) *world
		want []string
	}{
		{"the cheat's failures made passes", func(w *world) *world {
			return w.recompute(honestly, true).certify(t, func(r *posp.Result) {
				for i, b := range r.Batches {
					if b.Provider == providerOf("cheat") {
						r.Batches[i].Passed, r.Batches[i].Failed = b.Passed+b.Failed, 0
					}
				}
			})
		}, []string{StepResult}},
		{"another sample tree", func(w *world) *world {
			return w.recompute(honestly, true).certify(t, func(r *posp.Result) { r.SampleRoot[0] ^= 1 })
		}, []string{StepResult, StepProof}},
		{"a charge dropped, a standing lowered", func(w *world) *world {
			return w.recompute(honestly, true).certify(t, func(r *posp.Result) { r.Faults, r.Standings[0].Value = nil, r.Standings[0].Value/2+1 })
		}, []string{StepResult}},
		{"a committee that repeats what the cheat claims", func(w *world) *world {
			return w.recompute(func(_ int, a *answer) posp.Evidence {
				return posp.Evidence{Kind: posp.EvidenceFull, LogProb: a.evidence.Evidence.LogProb, Margin: make([]int32, len(a.evidence.Evidence.LogProb))}
			}, true).certify(t, nil)
		}, []string{StepCompare, StepVerdict}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.make(newWorld(t))
			r := w.replay(t, w.sampleOf("cheat"))
			if r.Agrees || !slices.Equal(slices.Sorted(slices.Values(r.Mismatches())), slices.Sorted(slices.Values(c.want))) {
				t.Errorf("agrees %v, mismatches %q, want %q: %+v", r.Agrees, r.Mismatches(), c.want, r.Steps)
			}
		})
	}
}

// Rationale: one liar among honest members does not make the replay disagree,
// and is pointed out.
func TestALazyMemberIsPointedOut(t *testing.T) {
	w := newWorld(t).recompute(func(i int, a *answer) posp.Evidence {
		if i != 0 {
			return a.own
		}
		e := posp.Evidence{Kind: posp.EvidenceFull, Margin: make([]int32, len(a.own.LogProb))}
		for k := range a.own.LogProb {
			e.LogProb = append(e.LogProb, -posp.Nat*int32(k%5))
		}
		return e
	}, true).certify(t, nil)
	pointed := 0
	for _, name := range []string{"honest", "cheat"} {
		for j := range uint64(2) {
			r := w.replay(t, Sample{Epoch: epoch, Provider: providerOf(name), J: j})
			if !r.Agrees {
				t.Fatalf("disagrees: %q", r.Mismatches())
			}
			if x := r.Explanation; x == nil || x.Judgement.Verdict != r.Derived.Verdict || x.Judgement.LogE != r.Derived.LogE || len(x.Members) != len(r.Committee) {
				t.Errorf("the explanation is of %+v, the verdict is %s", x, r.Derived)
			}
			for i, operator := range r.Committee {
				if c := r.Comparisons[i]; c.Fits == (operator == w.operators[0].address()) {
					t.Errorf("%s: %+v", operator, c)
				} else if !c.Fits {
					pointed++
				}
			}
		}
	}
	if pointed == 0 {
		t.Error("the lazy operator was in no committee: the test tests nothing")
	}
}

func TestWhatIsWithheldCannotBeRecomputedAndIsSaid(t *testing.T) {
	w := newWorld(t).recompute(func(int, *answer) posp.Evidence { return posp.Evidence{Kind: posp.EvidenceNone} }, false).certify(t, nil)
	r := w.replay(t, w.sampleOf("honest"))
	if !r.Agrees || r.Derived.Verdict != posp.Unavailable || r.Recomputed != nil {
		t.Errorf("agrees %v, derived %v, recomputed %v: %q", r.Agrees, r.Derived, r.Recomputed, r.Mismatches())
	}
	for _, name := range []string{StepOpening, StepProvider, StepCompare, StepVerdict} {
		if s := step(r, name); s.Outcome != Unchecked || s.Found == "" {
			t.Errorf("step %q: %+v", name, s)
		}
	}
}

// The text of a private spec is not for every auditor. Who does not get it is told so: nothing is called wrong, and nothing right.
func TestTextsOfPrivateSpecsAreUnchecked(t *testing.T) {
	w := newWorld(t).recompute(honestly, true).certify(t, nil)
	w.each(w.id("cheat"), func(item *posp.Reveal) {
		o := item.Opening.Withhold()
		item.Opening = &o
	})
	for name, steps := range map[string][]string{
		"cheat":  {StepOpening, StepProvider, StepHeld, StepCompare, StepVerdict, StepProof, StepResult}, // its own text is withheld
		"honest": {StepProof, StepResult},                                                                // another's is
	} {
		r := w.replay(t, w.sampleOf(name))
		if r.Agrees || len(r.Mismatches()) > 0 || (r.Derived == nil) != (name == "cheat") {
			t.Errorf("%s: agrees %v, mismatches %q, derived %v", name, r.Agrees, r.Mismatches(), r.Derived)
		}
		for _, s := range r.Steps {
			unchecked := slices.Contains(steps, s.Name) || s.Name == StepChain || s.Name == StepCompleteness
			if (s.Outcome == Unchecked) != unchecked || unchecked && s.Found == "" {
				t.Errorf("%s: step %+v", name, s)
			}
		}
		for _, step := range allSteps {
			if !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Name == step }) {
				t.Errorf("%s: step %q was skipped silently", name, step)
			}
		}
	}
}

// Rationale: "could not tell" is never an agreement.
func TestWhatIsMissingIsNoAgreement(t *testing.T) {
	for _, c := range []struct {
		name   string
		remove func(w *world)
		want   string
	}{
		{"the archive", func(w *world) { w.archived = false }, StepArchive},
		{"the model", func(w *world) {
			w.cfg.Scorer = func(posp.Hash) (inference.Scorer, error) { return nil, errors.New("no weights here") }
		}, StepCompare},
	} {
		w := newWorld(t).recompute(honestly, true).certify(t, nil)
		c.remove(w)
		r := w.replay(t, w.sampleOf("honest"))
		if r.Agrees || len(r.Mismatches()) > 0 || step(r, c.want).Outcome != Unchecked {
			t.Errorf("without %s: agrees %v, mismatches %q, %+v", c.name, r.Agrees, r.Mismatches(), step(r, c.want))
		}
		for _, name := range allSteps {
			if s := step(r, name); s.Name == "" && name != StepHeld {
				t.Errorf("without %s: step %q was skipped silently", c.name, name)
			}
		}
		var text bytes.Buffer
		if err := r.Print(&text); err != nil || !strings.Contains(text.String(), "INCOMPLETE") {
			t.Errorf("printed (%v):\n%s", err, &text)
		}
	}
}

func TestThereIsNothingToReplay(t *testing.T) {
	w := newWorld(t).recompute(honestly, true).certify(t, nil)
	for _, c := range []struct {
		name string
		s    Sample
	}{
		{"another epoch", Sample{Epoch: epoch + 1, Provider: providerOf("honest")}},
		{"a provider without a batch", Sample{Epoch: epoch, Provider: posp.Address{1}}},
		{"a number beyond the batch's", Sample{Epoch: epoch, Provider: providerOf("honest"), J: 2}},
		{"an id that is no sample's", Sample{Epoch: epoch, ID: hashOf("no sample")}},
	} {
		if _, err := Replay(context.Background(), w.cfg, w, w, c.s); !isNotFound(err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, c := range []struct {
		epoch uint64
		id    posp.Hash
		want  bool
	}{{epoch, w.id("cheat"), true}, {epoch, hashOf("no sample"), false}, {epoch + 1, w.id("cheat"), false}} {
		if found, err := Holds(context.Background(), w.cfg, w, c.epoch, c.id); err != nil || found != c.want {
			t.Errorf("epoch %d holds %s: %v, %v", c.epoch, c.id, found, err)
		}
	}
}

func isNotFound(err error) bool {
	var e *NotFoundError
	return errors.As(err, &e)
}

func TestReportAsJSON(t *testing.T) {
	w := newWorld(t).recompute(honestly, true).certify(t, nil)
	b := must[[]byte](t)(json.Marshal(w.replay(t, w.sampleOf("cheat"))))
	var r struct {
		Agrees  bool
		Derived struct {
			Verdict, Class string
			LogE           float64
		}
		Steps []struct{ Name, Outcome, Found string }
	}
	if err := json.Unmarshal(b, &r); err != nil || !r.Agrees || r.Derived.Verdict != "FAIL" || r.Derived.LogE <= 0 || len(r.Steps) < len(allSteps) {
		t.Errorf("%v: %s", err, b)
	}
}
