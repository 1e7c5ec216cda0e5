package verdict

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
)

// vectors are tests/vectors/verdict.json, which Solidity is held to as well.
type vectors struct {
	Exp struct {
		Cases []struct {
			X int64
			Y string
		}
	}
	Ln struct {
		Cases []struct {
			X int64
			Y string
		}
	}
	Policies struct {
		Cases []struct {
			Encoding hexutil.Bytes
			ID       posp.Hash
			Policy   Policy
		}
	}
	Comparisons struct {
		Cases []struct {
			Name                string
			Policy              int
			Claim, Own          hexutil.Bytes
			LogE, Model, Choice int64
			Distance            int32
		}
	}
	Samples struct {
		Cases []sampleVector
	}
}

type sampleVector struct {
	Name            string
	Policy          int
	Covered, Opened bool
	Rule            posp.SamplingRule
	Tokens          int
	Provider        hexutil.Bytes
	Members         []hexutil.Bytes
	Verdict         posp.Verdict
	Class           posp.Class
	LogE            int32
	Done, Scored    []bool
	OperatorLogE    []int32
}

func TestVectors(t *testing.T) {
	raw, err := os.ReadFile("../tests/vectors/verdict.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Exp.Cases) == 0 || len(v.Ln.Cases) == 0 || len(v.Policies.Cases) == 0 || len(v.Comparisons.Cases) == 0 || len(v.Samples.Cases) == 0 {
		t.Fatal("a list is empty")
	}
	number := func(s string) uint64 {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range v.Exp.Cases {
		if got := Exp(c.X); got != number(c.Y) {
			t.Errorf("exp(%d) = %d, want %s", c.X, got, c.Y)
		}
	}
	for _, c := range v.Ln.Cases {
		if got := Ln(number(c.Y)); got != c.X {
			t.Errorf("ln(%s) = %d, want %d", c.Y, got, c.X)
		}
	}
	for i, c := range v.Policies.Cases {
		if diff := cmp.Diff([]byte(c.Encoding), c.Policy.Encode()); diff != "" || c.Policy.ID() != c.ID || c.Policy.Check() != nil {
			t.Errorf("policy %d: %s", i, diff)
		}
	}
	evidence := func(b []byte) *posp.Evidence {
		if len(b) == 0 {
			return nil
		}
		e, err := posp.DecodeEvidence(b)
		if err != nil {
			t.Fatal(err)
		}
		return &e
	}
	for _, c := range v.Comparisons.Cases {
		got, err := v.Policies.Cases[c.Policy].Policy.Compare(*evidence(c.Claim), *evidence(c.Own))
		if want := (Comparison{c.LogE, c.Model, c.Choice, c.Distance}); err != nil || got != want {
			t.Errorf("policy %d, %s: %+v, want %+v (%v)", c.Policy, c.Name, got, want, err)
		}
	}
	for _, c := range v.Samples.Cases {
		policy := &v.Policies.Cases[c.Policy].Policy
		s := c.sample(policy, evidence)
		j := Judge(policy, s)
		got := sampleVector{Verdict: j.Verdict, Class: j.Class, LogE: j.LogE, Done: []bool{}, Scored: []bool{}, OperatorLogE: []int32{}}
		for _, o := range j.Operators {
			got.Done, got.Scored, got.OperatorLogE = append(got.Done, o.Done), append(got.Scored, o.Scored), append(got.OperatorLogE, o.LogE)
		}
		want := sampleVector{Verdict: c.Verdict, Class: c.Class, LogE: c.LogE, Done: c.Done, Scored: c.Scored, OperatorLogE: c.OperatorLogE}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("policy %d, rule %d, %s: %s", c.Policy, c.Rule, c.Name, diff)
		}
	}
}

// sample is what the vector's columns say, with an opening that nothing is wrong
// with by itself.
func (c *sampleVector) sample(p *Policy, evidence func([]byte) *posp.Evidence) Sample {
	spec := testSpec(p)
	if spec.EngineClass = p.Calibration.Pairs[0].Claimed; !c.Covered {
		spec.EngineClass = "another"
	}
	sampling := posp.Sampling{Rule: c.Rule, MaxTokens: uint32(c.Tokens)}
	if c.Rule != posp.Greedy {
		sampling.TemperatureMicro, sampling.TopPMicro = 1_000_000, 1_000_000
	}
	if c.Rule == posp.Unseeded {
		spec.SamplingRule = posp.RuleUnseeded
	}
	s := Sample{Spec: spec, Provider: evidence(c.Provider)}
	if c.Opened {
		s.Opening = opening(spec, c.Tokens)
		s.Opening.Request.Sampling = sampling
		seal(s.Opening)
	}
	for _, m := range c.Members {
		s.Committee = append(s.Committee, CommitteeEvidence{Evidence: evidence(m)})
	}
	return s
}
