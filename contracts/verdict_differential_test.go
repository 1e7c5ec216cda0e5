package contracts_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/verdict"
)

var verdicts = contracts.NewVerdicts()

// maker makes policies and evidence at random: ordinary ones and extreme ones,
// and numbers at the edges of bins more often than chance would.
type maker struct{ *rand.Rand }

func newMaker(t *rapid.T) maker {
	return maker{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "random"), 0))}
}

func one[T any](r maker, of ...T) T { return of[r.IntN(len(of))] }

// mostly is usual nine times of ten.
func mostly[T any](r maker, usual T, others ...T) T {
	if r.IntN(10) != 0 {
		return usual
	}
	return one(r, others...)
}

// edges are at most n that ascend in (0, most].
func (r maker) edges(n int, most int32) (list []int32) {
	spread := one(r, 1, 2, 8, 31)
	for range n {
		x := most
		if top := int32(1) << min(30, r.IntN(spread)+(31-spread)); r.IntN(8) != 0 && top < most {
			x = top + r.Int32N(top)
		}
		if r.IntN(8) == 0 {
			x = int32(len(list) + 1)
		}
		list = append(list, min(max(x, 1), most))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// table is of log e-values of all sizes, or of the greatest alone.
func (r maker) table(n int) (list []int32) {
	const most = 40 * verdict.Nat
	size := one[int32](r, 1, 1<<8, 1<<12, 1<<16, most)
	for range n {
		x := r.Int32N(2*size+1) - size
		if size == most {
			x = one[int32](r, -most, most, 0, x)
		}
		list = append(list, x)
	}
	return list
}

func (r maker) question(tables int) (q verdict.Question) {
	q.Edges = r.edges(one(r, 0, 1, 3, 7, 8, 9, 31, 63, 64, 65, 71, 72, 73, 513, 1024), math.MaxInt32)
	if len(q.Edges) < 100 {
		q.Classes = r.edges(one(r, 0, 0, 1, 7, 9), math.MaxInt32)
	}
	for range tables {
		q.LogE = append(q.LogE, r.table((len(q.Edges)+1)*(len(q.Classes)+1)))
	}
	return q
}

func (r maker) intervals(tables int) (q verdict.Intervals) {
	q.Edges = r.edges(one(r, 0, 1, 7, 8, 9, 15, 64, 200), posp.Unit-1)
	for range tables {
		var e []uint32
		for range len(q.Edges) + 2 {
			e = append(e, one(r, 1, 1<<16, math.MaxUint32, 1+r.Uint32N(1<<17), 1+r.Uint32N(math.MaxUint32-1)))
		}
		q.E = append(q.E, e)
	}
	return q
}

// policy is one that Check takes.
func (r maker) policy() verdict.Policy {
	limit := int32(40 * verdict.Nat)
	p := verdict.Policy{
		Model: r.question(1 + r.IntN(4)), Choice: r.question(r.IntN(4)), Interval: r.intervals(r.IntN(4)), Margin: r.question(r.IntN(3)),
		LambdaPpm: one(r, 1, 500_000, 999_999, 1+r.Uint32N(999_999)), Cap: one(r, 1, limit, 1+r.Int32N(limit)), MinPositions: one[uint32](r, 0, 8, math.MaxUint32),
		WrongModel: one(r, 1, math.MaxInt32, 1+r.Int32N(posp.Nat)),
	}
	p.FailAt = one(r, 1, p.Cap, 1+r.Int32N(p.Cap))
	p.PassAt = one(r, p.FailAt-1, math.MinInt32, 0, -r.Int32N(limit))
	for range r.IntN(4) {
		names := []string{"engine", "another", "", verdict.ReferenceEngine, "an engine whose name is longer than a word of the machine"}
		p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: one(r, names...), Recomputed: one(r, names...)})
	}
	p.Calibration.Samples, p.Calibration.Positions, p.Calibration.ConfidencePpm = r.Uint64(), r.Uint64(), one[uint32](r, 0, 1_000_000, 999_000)
	if len(p.Choice.LogE) == 0 && len(p.Interval.E) == 0 {
		p.Choice.LogE = append(p.Choice.LogE, r.table((len(p.Choice.Edges)+1)*(len(p.Choice.Classes)+1)))
	}
	return p
}

// near is a number at an edge or beside it, in [0, most].
func (r maker) near(edges []int32, most int32) int32 {
	if len(edges) == 0 {
		return r.Int32N(most) + 1
	}
	return int32(min(max(int64(one(r, edges...))+int64(r.IntN(3)-1), 0), int64(most)))
}

func (r maker) logProbs(p *verdict.Policy, n int) (list []int32) {
	const most = 127 * posp.Nat
	all := one(r, 0, most, -1, -1, -1)
	for range n {
		x := int32(all)
		if all < 0 {
			x = one(r, 0, most, r.Int32N(most), posp.ToFixed(min(126, r.ExpFloat64())), r.near(p.Model.Classes, most), r.near(p.Model.Edges, most))
		}
		list = append(list, -x)
	}
	return list
}

// evidence is of one kind and n positions; where there is a claim, of log-
// probabilities as near to it as the size says.
func (r maker) evidence(p *verdict.Policy, kind posp.EvidenceKind, n int, claim *posp.Evidence) posp.Evidence {
	const most = 127 * posp.Nat
	e := posp.Evidence{Kind: kind}
	if kind == posp.EvidenceNone {
		return e
	}
	e.LogProb = r.logProbs(p, n)
	if noise := one(r, 0, 1e-6, 1e-6, 1e-3, 1, 200); claim != nil && noise < 100 && len(claim.LogProb) == n {
		for i, x := range claim.LogProb {
			e.LogProb[i] = -min(max(-x+posp.ToFixed(noise*r.NormFloat64()), 0), most)
		}
	}
	forged := one(r, 0, 0, 0, 0.05, 1)
	for range n {
		switch {
		case kind == posp.EvidenceFull && r.Float64() < forged:
			e.Margin = append(e.Margin, one(r, most, r.Int32N(most), r.near(p.Choice.Edges, most)))
		case kind == posp.EvidenceFull:
			e.Margin = append(e.Margin, 0)
		case kind == posp.EvidenceIntervals:
			below := one(r, 0, posp.Unit, posp.Unit-1, r.Int32N(posp.Unit), r.near(p.Interval.Edges, posp.Unit))
			e.Below = append(e.Below, below)
			e.Mass = append(e.Mass, one(r, 0, posp.Unit-below, min(1, posp.Unit-below), r.Int32N(posp.Unit-below+1)))
		}
	}
	return e
}

func (r maker) positions() int {
	return one(r, 0, 1, 2, 7, 8, 9, 24, 64, 65, 256, one(r, 256, 256, 256, 4096))
}

// shipped is the policy that the product comes with.
func shipped(t fataler) verdict.Policy {
	t.Helper()
	raw, err := os.ReadFile("../internal/app/policy/posp-float-f32.json")
	if err != nil {
		t.Fatal(err)
	}
	var p verdict.Policy
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// any is a policy made at random, or the shipped one, for
// some more pairs of engines.
func (r maker) any(t fataler) verdict.Policy {
	if r.IntN(2) == 0 {
		return r.policy()
	}
	p := shipped(t)
	p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: "engine", Recomputed: verdict.ReferenceEngine})
	return p
}

func TestExpAndLnAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	exp := func(t fataler, x uint64) {
		in, err := verdicts.TryPackExp(bigOf(x))
		if got := ask(t, m, verdicts.UnpackExp, in, err); got.Cmp(bigOf(verdict.Exp(int64(x)))) != 0 {
			t.Fatalf("exp(%d): Solidity %d, Go %d", x, got, verdict.Exp(int64(x)))
		}
	}
	ln := func(t fataler, y uint64) {
		in, err := verdicts.TryPackLn(y)
		if got := ask(t, m, verdicts.UnpackLn, in, err); got.Cmp(big.NewInt(verdict.Ln(y))) != 0 {
			t.Fatalf("ln(%d): Solidity %d, Go %d", y, got, verdict.Ln(y))
		}
	}
	for bit := range 64 {
		for _, y := range []uint64{1 << bit, 1<<bit - 1, 1<<bit + 1} {
			if exp(t, y>>1); y != 0 {
				ln(t, y)
			}
		}
	}
	exp(t, 28*verdict.Nat-1)
	exp(t, 28*verdict.Nat)
	ln(t, math.MaxUint64)
	for _, y := range []uint64{6064, 22728, 230176, 266114, 1419519} { // where the last bit of ln 2 shows
		ln(t, y)
	}
	rapid.Check(t, func(t *rapid.T) {
		exp(t, rapid.Uint64Range(0, 29*verdict.Nat).Draw(t, "x"))
		ln(t, rapid.Uint64Min(1).Draw(t, "y"))
	})
}

func TestStandingsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 1<<32), rapid.Uint64Min(math.MaxUint64-1<<31)).Draw(t, "standing")
		logE := rapid.Int32().Draw(t, "log e")
		in, err := verdicts.TryPackAdvance(s, logE)
		if got, want := ask(t, m, verdicts.UnpackAdvance, in, err), verdict.Advance(s, logE); got != want {
			t.Fatalf("advance: Solidity %d, Go %d", got, want)
		}
		in, err = verdicts.TryPackLine(s)
		if got, want := ask(t, m, verdicts.UnpackLine, in, err), verdict.Line(s); got != want {
			t.Fatalf("line: Solidity %d, Go %d", got, want)
		}
	})
}

func TestComparisonsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	rapid.Check(t, func(t *rapid.T) {
		r := newMaker(t)
		p, n := r.any(t), r.positions()
		claim := r.evidence(&p, one(r, posp.EvidenceLogProbs, posp.EvidenceLogProbs, posp.EvidenceFull), n, nil)
		kind := one(r, posp.EvidenceFull, posp.EvidenceFull, posp.EvidenceIntervals, posp.EvidenceIntervals, posp.EvidenceLogProbs)
		own, other := r.evidence(&p, kind, mostly(r, n, n+1), &claim), r.evidence(&p, kind, n, &claim)

		want, refused := p.Compare(claim, own)
		in, err := verdicts.TryPackCompare(p.Encode(), claim.Encode(), own.Encode())
		got, err := try(t, m, verdicts.UnpackCompare, in, err)
		if refused != nil {
			if err != revert("Incomparable") {
				t.Fatalf("Go: %v, Solidity: %v, %v", refused, got, err)
			}
		} else if err != nil {
			t.Fatal(err)
		} else if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprintf("{%v %v %v %v}", got.LogE, got.Model, got.Choice, got.Distance)); diff != "" {
			t.Fatalf("kind %d, %d positions: %s", kind, n, diff)
		}

		wantE, refused := p.CompareOperators(own, other)
		in, err = verdicts.TryPackCompareMembers(p.Encode(), own.Encode(), other.Encode())
		gotE, err := try(t, m, verdicts.UnpackCompareMembers, in, err)
		switch {
		case refused != nil && err != revert("Incomparable"):
			t.Fatalf("members: Go: %v, Solidity: %v, %v", refused, gotE, err)
		case refused == nil && err != nil:
			t.Fatal(err)
		case refused == nil && gotE.Int64() != wantE:
			t.Fatalf("members: Solidity %d, Go %d", gotE, wantE)
		}
	})
}

// One table and few positions: nothing hides what the last bit of a logarithm is.
func TestIntervalsAreGosToTheLastBit(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	r := maker{rand.New(rand.NewPCG(2, 2))}
	p := verdict.Policy{Model: verdict.Question{LogE: [][]int32{{0}}}, Interval: verdict.Intervals{Edges: []int32{posp.Unit / 3}, E: [][]uint32{{1 << 15, 3 << 15, 1 << 17}}},
		LambdaPpm: 1, Cap: 1, FailAt: 1, PassAt: 0, WrongModel: 1}
	for range 2_000 {
		n := 1 + r.IntN(2)
		own := posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: make([]int32, n)}
		for range n {
			below := r.Int32N(posp.Unit)
			own.Below, own.Mass = append(own.Below, below), append(own.Mass, r.Int32N(posp.Unit-below+1))
		}
		want, err := p.Compare(own, own)
		if err != nil {
			t.Fatal(err)
		}
		in, err := verdicts.TryPackCompare(p.Encode(), own.Encode(), own.Encode())
		if got := ask(t, m, verdicts.UnpackCompare, in, err); got.Choice.Int64() != want.Choice {
			t.Fatalf("%+v: Solidity %d, Go %d", own, got.Choice, want.Choice)
		}
	}
}

func TestDisputeVerdictsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	found, classes := map[posp.Verdict]int{}, map[posp.Class]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := newMaker(t)
		p, n := r.any(t), r.positions()
		engine, rule := mostly(r, "engine", "another"), one(r, posp.Greedy, posp.Seeded, posp.Unseeded)
		if r.IntN(4) != 0 {
			p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: engine, Recomputed: verdict.ReferenceEngine})
		}
		claim := r.evidence(&p, mostly(r, posp.EvidenceLogProbs, posp.EvidenceFull, posp.EvidenceNone), mostly(r, n, n+1), nil)
		own := r.evidence(&p, mostly(r, posp.EvidenceFull, posp.EvidenceIntervals), n, &claim)
		if c, err := p.Compare(claim, own); err == nil && r.IntN(3) == 0 { // at the bounds
			p.WrongModel = max(1, c.Distance+r.Int32N(2))
		}
		if j, err := p.Dispute(engine, rule, claim, own); err == nil && r.IntN(3) == 0 {
			if at := j.LogE + r.Int32N(2); at > max(0, p.PassAt) && at <= p.Cap {
				p.FailAt = at
			} else if at := j.LogE - r.Int32N(2); at < p.FailAt {
				p.PassAt = at
			}
		}
		want, refused := p.Dispute(engine, rule, claim, own)
		in, err := verdicts.TryPackDisputeVerdict(p.Encode(), p.ID(), engine, claim.Encode(), own.Encode(), uint8(rule))
		got, err := try(t, m, verdicts.UnpackDisputeVerdict, in, err)
		if refused != nil {
			if err != revert("Incomparable") {
				t.Fatalf("Go: %v, Solidity: %v, %v", refused, got, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if posp.Verdict(got.Verdict) != want.Verdict || posp.Class(got.Class) != want.Class || got.LogE != want.LogE {
			t.Fatalf("%v positions, rule %v: Solidity %+v, Go %+v", n, rule, got, want)
		}
		found[want.Verdict]++
		classes[want.Class]++
	})
	t.Logf("verdicts %v, classes %v", found, classes)
}

func TestJudgementsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	found := map[posp.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := newMaker(t)
		p, n := r.any(t), min(r.positions(), 256)
		engine, rule := mostly(r, "engine", "another"), one(r, posp.Greedy, posp.Seeded, posp.Unseeded)
		s := verdict.Sample{Spec: posp.ModelSpec{EngineClass: engine, SamplingRule: posp.RuleGumbel, VocabSize: 100, EOS: 99, ContextLimit: 10_000, PolicyID: p.ID()}}
		sampling := posp.Sampling{Rule: rule, MaxTokens: uint32(max(n, 1))}
		if rule != posp.Greedy {
			sampling.TemperatureMicro, sampling.TopPMicro = 700_000, 1_000_000
		}
		if rule == posp.Unseeded {
			s.Spec.SamplingRule = posp.RuleUnseeded
		}
		n = max(n, 1) // an opening in order has an output
		sampling.MaxTokens = uint32(n)
		if r.IntN(12) != 0 {
			s.Opening = &posp.Opening{
				Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: s.Spec.ID(), PromptTokens: 1, OutputTokens: uint32(n)}},
				Request: posp.RequestPart{Tokens: []uint32{1}, Sampling: sampling},
				Output:  posp.OutputPart{Tokens: make([]uint32, n), Finish: posp.FinishLength},
			}
			if class := verdict.CheckOpening(s.Spec, *s.Opening); class != posp.ClassNone {
				t.Fatalf("the test's opening is %s", class)
			}
		}
		if r.IntN(4) != 0 {
			p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: engine})
		}
		claim := r.evidence(&p, mostly(r, posp.EvidenceLogProbs, posp.EvidenceFull, posp.EvidenceNone), mostly(r, n, n+1), nil)
		provider := []byte{}
		if r.IntN(12) != 0 {
			s.Provider, provider = &claim, claim.Encode()
		}
		committee := [][]byte{}
		var twin *posp.Evidence // members with equal evidence have equal scores
		for i := range r.IntN(6) {
			member, raw := verdict.CommitteeEvidence{Operator: posp.Address{byte(i)}}, []byte{}
			switch r.IntN(12) {
			case 0:
			case 1:
				raw = []byte{1, 2, 3} // no evidence
			default:
				kind := mostly(r, rule.Recomputed(), posp.EvidenceNone, posp.EvidenceFull, posp.EvidenceLogProbs)
				e := r.evidence(&p, kind, mostly(r, n, n+1), &claim)
				if twin != nil && r.IntN(3) == 0 {
					e = *twin
				}
				twin = &e
				member.Evidence, raw = &e, e.Encode()
			}
			s.Committee, committee = append(s.Committee, member), append(committee, raw)
		}
		want := verdict.Judge(&p, s)
		in, err := verdicts.TryPackJudge(p.Encode(), contracts.Sample{
			EngineClass: engine, Opened: s.Opening != nil, Rule: uint8(rule), Tokens: uint32(n), Provider: provider, Committee: committee,
		})
		got := ask(t, m, verdicts.UnpackJudge, in, err)
		if diff := cmp.Diff(toJudgement(want), got); diff != "" {
			t.Fatal(diff)
		}
		found[want.Verdict]++
	})
	t.Logf("verdicts %v", found)
}

// tests/vectors/verdict.json, all of it.
func TestVerdictVectorsAreSoliditys(t *testing.T) {
	raw, err := os.ReadFile("../tests/vectors/verdict.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Policies struct {
			Cases []struct{ Encoding hexutil.Bytes }
		}
		Comparisons struct {
			Cases []struct {
				Name                          string
				Policy                        int
				Claim, Own                    hexutil.Bytes
				LogE, Model, Choice, Distance int64
			}
		}
		Samples struct {
			Cases []struct {
				Name            string
				Policy          int
				Covered, Opened bool
				Rule            uint8
				Tokens          uint32
				Provider        hexutil.Bytes
				Members         []hexutil.Bytes
				Verdict, Class  uint8
				LogE            int32
				Done, Scored    []bool
				OperatorLogE    []int32
			}
		}
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Comparisons.Cases) == 0 || len(v.Samples.Cases) == 0 {
		t.Fatal("a list is empty")
	}
	m := deploy(t, &contracts.VerdictsMetaData)
	for _, c := range v.Comparisons.Cases {
		in, err := verdicts.TryPackCompare(v.Policies.Cases[c.Policy].Encoding, c.Claim, c.Own)
		got := ask(t, m, verdicts.UnpackCompare, in, err)
		if want := []int64{c.LogE, c.Model, c.Choice, c.Distance}; !slices.Equal(want, []int64{got.LogE.Int64(), got.Model.Int64(), got.Choice.Int64(), got.Distance.Int64()}) {
			t.Errorf("policy %d, %s: %v, want %v", c.Policy, c.Name, got, want)
		}
	}
	for _, c := range v.Samples.Cases {
		s := contracts.Sample{EngineClass: "engine", Opened: c.Opened, Rule: c.Rule, Tokens: c.Tokens, Provider: c.Provider, Committee: [][]byte{}}
		if !c.Covered {
			s.EngineClass = "another"
		}
		want := contracts.Judgement{Verdict: c.Verdict, Class: c.Class, LogE: c.LogE, Members: []contracts.MemberJudgement{}}
		for i, member := range c.Members {
			s.Committee = append(s.Committee, member)
			want.Members = append(want.Members, contracts.MemberJudgement{Done: c.Done[i], Scored: c.Scored[i], LogE: c.OperatorLogE[i]})
		}
		in, err := verdicts.TryPackJudge(v.Policies.Cases[c.Policy].Encoding, s)
		if diff := cmp.Diff(want, ask(t, m, verdicts.UnpackJudge, in, err)); diff != "" {
			t.Errorf("policy %d, rule %d, %s: %s", c.Policy, c.Rule, c.Name, diff)
		}
	}
}

func toJudgement(j verdict.Judgement) contracts.Judgement {
	c := contracts.Judgement{Verdict: uint8(j.Verdict), Class: uint8(j.Class), LogE: j.LogE, Members: []contracts.MemberJudgement{}}
	for _, o := range j.Operators {
		c.Members = append(c.Members, contracts.MemberJudgement{Done: o.Done, Scored: o.Scored, LogE: o.LogE})
	}
	return c
}

// decodePolicy is the inverse of verdict.Policy.Encode, for bytes that may be
// anything: which of them are a policy.
func decodePolicy(b []byte) (p verdict.Policy, err error) {
	short := errors.New("short")
	take := func(n uint64) []byte {
		if err != nil || uint64(len(b)) < n {
			err = short
			return make([]byte, min(n, 8))
		}
		head := b[:n]
		b = b[n:]
		return head
	}
	u32 := func() uint32 { return binary.BigEndian.Uint32(take(4)) }
	unsigned := func() (list []uint32) {
		raw := take(4 * uint64(u32()))
		for ; err == nil && len(raw) > 0; raw = raw[4:] {
			list = append(list, binary.BigEndian.Uint32(raw))
		}
		return list
	}
	signed := func() (list []int32) {
		for _, x := range unsigned() {
			list = append(list, int32(x))
		}
		return list
	}
	question := func() (q verdict.Question) {
		q.Classes, q.Edges = signed(), signed()
		for n := u32(); n > 0 && err == nil; n-- {
			q.LogE = append(q.LogE, signed())
		}
		return q
	}
	if string(take(14)) != "posp.policy.v2" {
		return p, errors.New("another name")
	}
	p.Model, p.Choice = question(), question()
	p.Interval.Edges = signed()
	for n := u32(); n > 0 && err == nil; n-- {
		p.Interval.E = append(p.Interval.E, unsigned())
	}
	p.Margin = question()
	p.LambdaPpm, p.Cap, p.MinPositions = u32(), int32(u32()), u32()
	p.PassAt, p.FailAt, p.WrongModel = int32(u32()), int32(u32()), int32(u32())
	for n := u32(); n > 0 && err == nil; n-- {
		p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: string(take(uint64(u32()))), Recomputed: string(take(uint64(u32())))})
	}
	p.Calibration.Samples, p.Calibration.Positions = binary.BigEndian.Uint64(take(8)), binary.BigEndian.Uint64(take(8))
	if p.Calibration.ConfidencePpm = u32(); err == nil && len(b) > 0 {
		err = errors.New("long")
	}
	if err == nil {
		err = p.Check()
	}
	return p, err
}

// Bytes are a policy for both or for neither.
func TestPoliciesAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		r := newMaker(t)
		p := r.any(t)
		b := p.Encode()
		if _, err := decodePolicy(b); err != nil {
			t.Fatalf("a policy: %v", err)
		}
		b = r.damage(b)
		_, wrong := decodePolicy(b)
		in, err := verdicts.TryPackCheckPolicy(b, verdict.Policy{}.ID())
		if _, err := m.call(must(t, in, err)); err != revert("WrongPolicy") {
			t.Fatalf("another policy's id: %v", err)
		}
		in, err = verdicts.TryPackCheckPolicy(b, keccak(b))
		_, err = m.call(must(t, in, err))
		if wrong != nil && err != revert("MalformedPolicy") || wrong == nil && err != nil {
			t.Fatalf("Go: %v, Solidity: %v", wrong, err)
		}
		if wrong != nil {
			refused++
		}
	})
	if refused == 0 {
		t.Error("no policy was damaged")
	}
}

// Each limit of a policy, and what is just beyond it.
func TestPolicyLimitsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	const limit = 40 * verdict.Nat
	base := func() verdict.Policy {
		q := verdict.Question{Classes: []int32{5}, Edges: []int32{7, 8}, LogE: [][]int32{{0, 1, 2, 3, 4, 5}}}
		return verdict.Policy{Model: q, Choice: q, Margin: q, Interval: verdict.Intervals{Edges: []int32{9, 10}, E: [][]uint32{{1, 2, 3, 4}}},
			LambdaPpm: 1, Cap: 2, FailAt: 2, PassAt: 1, WrongModel: 1}
	}
	upTo := func(n int) (list []int32) {
		for i := range n {
			list = append(list, int32(i+1))
		}
		return list
	}
	taken := 0
	cases := []func(*verdict.Policy){
		func(p *verdict.Policy) {},
		func(p *verdict.Policy) { p.Interval = verdict.Intervals{} },
		func(p *verdict.Policy) { p.Choice = verdict.Question{} },
		func(p *verdict.Policy) { p.Choice, p.Interval = verdict.Question{}, verdict.Intervals{} },
		func(p *verdict.Policy) { p.Model.LogE = nil },
	}
	for _, x := range []int32{math.MinInt32, -limit - 1, -limit, -1, 0, 1, 2, 3, 5, 7, 8, 10, limit, limit + 1, posp.Unit - 1, posp.Unit, 999_999, 1_000_000, 1_000_001, math.MaxInt32} {
		cases = append(cases,
			func(p *verdict.Policy) { p.Model.LogE[0][5] = x }, func(p *verdict.Policy) { p.Choice.LogE[0][0] = x }, func(p *verdict.Policy) { p.Margin.LogE[0][3] = x },
			func(p *verdict.Policy) { p.Model.Edges[0] = x }, func(p *verdict.Policy) { p.Choice.Edges[1] = x }, func(p *verdict.Policy) { p.Margin.Classes[0] = x },
			func(p *verdict.Policy) { p.Interval.Edges[0] = x }, func(p *verdict.Policy) { p.Interval.Edges[1] = x },
			func(p *verdict.Policy) { p.Interval.E[0][0] = uint32(x) }, func(p *verdict.Policy) { p.Interval.E[0][3] = uint32(x) },
			func(p *verdict.Policy) { p.LambdaPpm = uint32(x) }, func(p *verdict.Policy) { p.Cap = x }, func(p *verdict.Policy) { p.FailAt = x }, func(p *verdict.Policy) { p.PassAt = x },
			func(p *verdict.Policy) { p.Cap, p.FailAt = x, x }, func(p *verdict.Policy) { p.MinPositions = uint32(x) }, func(p *verdict.Policy) { p.WrongModel = x },
			func(p *verdict.Policy) { p.Calibration.ConfidencePpm = uint32(x) })
	}
	for n := range 12 { // at each length of the last word of a list, two edges that do not ascend
		for _, d := range []int32{0, 1} {
			cases = append(cases, func(p *verdict.Policy) {
				edges := upTo(n + 2)
				edges[n+1] -= 1 - d
				p.Margin.Edges, p.Margin.LogE = edges, [][]int32{make([]int32, 2*(n+3))}
			})
		}
	}
	for _, n := range []int{1024, 1025} {
		cases = append(cases, func(p *verdict.Policy) { p.Margin = verdict.Question{Edges: upTo(n)} }, func(p *verdict.Policy) { p.Margin = verdict.Question{Classes: upTo(n)} },
			func(p *verdict.Policy) { p.Interval = verdict.Intervals{Edges: upTo(n)} }, func(p *verdict.Policy) { p.Margin = verdict.Question{LogE: slices.Repeat([][]int32{{1}}, n/4)} })
	}
	for i, change := range cases {
		p := base()
		change(&p)
		in, err := verdicts.TryPackCheckPolicy(p.Encode(), p.ID())
		_, err = m.call(must(t, in, err))
		if wrong := p.Check(); wrong != nil && err != revert("MalformedPolicy") || wrong == nil && err != nil {
			t.Errorf("case %d: Go: %v, Solidity: %v", i, wrong, err)
		} else if wrong == nil {
			taken++
		}
	}
	if taken == 0 || taken == len(cases) {
		t.Errorf("%d of %d policies are taken", taken, len(cases))
	}
}

// Bytes are evidence for both or for neither.
func TestEvidenceIsGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		r := newMaker(t)
		p := r.policy()
		e := r.evidence(&p, posp.EvidenceKind(r.IntN(4)), min(r.positions(), 65), nil)
		b := r.damage(e.Encode())
		want, wrong := posp.DecodeEvidence(b)
		in, err := verdicts.TryPackCheckEvidence(b)
		got, err := try(t, m, verdicts.UnpackCheckEvidence, in, err)
		switch {
		case wrong != nil && err != revert("MalformedEvidence") || wrong == nil && err != nil:
			t.Fatalf("Go: %v, Solidity: %v", wrong, err)
		case wrong != nil:
			refused++
		case got.Kind.Uint64() != uint64(want.Kind) || got.Positions.Uint64() != uint64(len(want.LogProb)):
			t.Fatalf("kind %d, %d positions", got.Kind, got.Positions)
		}
	})
	if refused == 0 {
		t.Error("no evidence was damaged")
	}
}

// Each limit of evidence, and what is just beyond it, at each place of a word of eight numbers.
func TestEvidenceLimitsAreGos(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	const most, u = 127 * posp.Nat, posp.Unit
	taken, all := 0, 0
	check := func(e posp.Evidence) {
		b := e.Encode()
		_, wrong := posp.DecodeEvidence(b)
		in, err := verdicts.TryPackCheckEvidence(b)
		_, err = m.call(must(t, in, err))
		if wrong != nil && err != revert("MalformedEvidence") || wrong == nil && err != nil {
			t.Errorf("%+v: Go: %v, Solidity: %v", e, wrong, err)
		}
		if all++; wrong == nil {
			taken++
		}
	}
	zeros := func(n, at int, x int32) []int32 { list := make([]int32, n); list[at] = x; return list }
	for n := 1; n < 18; n++ {
		for _, at := range []int{0, n / 2, n - 1} {
			for _, x := range []int32{math.MinInt32, -most - 1, -most, -1, 0, 1, most, most + 1, u - 1, u, u + 1, math.MaxInt32} {
				check(posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: zeros(n, at, x)})
				check(posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, n), Margin: zeros(n, at, x)})
				for _, y := range []int32{-1, 0, 1, u - x, u - x + 1, u - 1, u, u + 1} {
					check(posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: make([]int32, n), Below: zeros(n, at, x), Mass: zeros(n, at, y)})
				}
			}
		}
	}
	if taken == 0 || taken == all {
		t.Errorf("%d of %d are taken", taken, all)
	}
}

// damage changes a number or two of 4 bytes to one at a limit or beside it, or
// the length, or nothing.
func (r maker) damage(b []byte) []byte {
	b = slices.Clone(b)
	for range r.IntN(3) {
		if len(b) < 6 {
			break
		}
		at := 2 + r.IntN(len(b)-5)
		if r.IntN(2) == 0 { // of evidence and of policies all numbers stand so
			at -= (at - 2) % 4
		}
		x := one(r, 0, 1, 2, 3, math.MaxUint32, math.MaxUint32-1, math.MaxInt32, 1<<31, posp.Unit, posp.Unit+1, posp.Unit-1, 127*posp.Nat, 127*posp.Nat+1,
			-(127*posp.Nat)&math.MaxUint32, -(127*posp.Nat+1)&math.MaxUint32, 40*verdict.Nat, 40*verdict.Nat+1, -(40*verdict.Nat)&math.MaxUint32, -(40*verdict.Nat+1)&math.MaxUint32, r.Uint32())
		binary.BigEndian.PutUint32(b[at:], x)
	}
	switch r.IntN(6) {
	case 0:
		return b[:r.IntN(len(b)+1)]
	case 1:
		return append(b, make([]byte, 1+r.IntN(8))...)
	case 2:
		if len(b) > 2 {
			b[r.IntN(2)] ^= 1 << r.IntN(8)
		}
	}
	return b
}

func keccak(b []byte) (h [32]byte) { return crypto.Keccak256Hash(b) }

func must(t fataler, in []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// What a dispute's verdict costs under the shipped policy: prints docs/contracts/VerdictLib.md's table.
func TestVerdictGas(t *testing.T) {
	m := deploy(t, &contracts.VerdictsMetaData)
	p := shipped(t)
	p.Calibration.Pairs = append(p.Calibration.Pairs, verdict.EnginePair{Claimed: "engine", Recomputed: verdict.ReferenceEngine})
	r := maker{rand.New(rand.NewPCG(1, 1))}
	gas := func(in []byte) (execution, transaction uint64) {
		_, left, err := runtime.Call(m.at, in, &m.cfg)
		if err != nil {
			t.Fatal(err)
		}
		execution = m.cfg.GasLimit - left
		tokens := uint64(0)
		for _, b := range in {
			tokens += 4
			if b == 0 {
				tokens -= 3
			}
		}
		return execution, params.TxGas + max(execution+4*tokens, params.TxCostFloorPerToken*tokens)
	}
	t.Logf("policy %d bytes", len(p.Encode()))
	for _, n := range []int{1, 64, 256, 1024, 4096} {
		claim := posp.Evidence{Kind: posp.EvidenceLogProbs}
		full, drawn := posp.Evidence{Kind: posp.EvidenceFull}, posp.Evidence{Kind: posp.EvidenceIntervals}
		for range n {
			x := -posp.ToFixed(1.5 * r.ExpFloat64())
			y := min(x+posp.ToFixed(1e-4*r.NormFloat64()), 0)
			claim.LogProb, full.LogProb, drawn.LogProb = append(claim.LogProb, x), append(full.LogProb, y), append(drawn.LogProb, y)
			full.Margin = append(full.Margin, 0)
			mass := posp.ToUnit(math.Exp(float64(y) / posp.Nat))
			drawn.Mass, drawn.Below = append(drawn.Mass, mass), append(drawn.Below, r.Int32N(posp.Unit-mass+1))
		}
		pack := func(rule posp.SamplingRule) []byte {
			in, err := verdicts.TryPackDisputeVerdict(p.Encode(), p.ID(), "engine", claim.Encode(), full.Encode(), uint8(rule))
			return must(t, in, err)
		}
		greedy, whole := gas(pack(posp.Greedy))
		seeded, _ := gas(pack(posp.Seeded))
		in, err := verdicts.TryPackCompare(p.Encode(), claim.Encode(), drawn.Encode())
		unseeded, _ := gas(must(t, in, err))
		t.Logf("%d positions: greedy %d (transaction %d), seeded %d; comparison of intervals %d", n, greedy, whole, seeded, unseeded)
		if limit := uint64(160_000 + 1_200*n); greedy > limit {
			t.Errorf("%d positions take %d gas, above %d", n, greedy, limit)
		}
	}
}
