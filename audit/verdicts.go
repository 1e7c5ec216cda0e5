// What follows from it: verdicts, and the epoch's result.

package audit

import (
	"fmt"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// input is what verdicts are derived from, without evidence.
func (v *verifier) input() verdict.EpochInput {
	in := verdict.EpochInput{Domain: v.domain, Authority: v.authority, Epoch: v.epoch, Beacon: v.Chain.Beacon, Parameters: v.parameters,
		Table: posp.Table{Root: v.stated.TableRoot, Members: v.rows}, Batches: v.records, Demands: v.demands, Providers: v.infos, Specs: v.models}
	if v.Report.outcome(CheckStandings) == OK {
		for _, s := range v.Standings {
			in.Standings = append(in.Standings, posp.Standing{Subject: s.Subject, SpecID: s.SpecID, Value: uint64(s.Value)})
		}
	}
	return in
}

// held is what a sample holds as package verdict takes it: it was checked
// before. A text that is left out is withheld there, and taken to be in order.
func (v *verifier) held(i int) (h verdict.Held, err error) {
	s := &v.Samples[i]
	if h.Opening, err = s.Opening(v.drawn[i].Leaf); err != nil {
		return h, err
	}
	if s.Shown {
		e, err := posp.DecodeEvidence(s.Evidence)
		if err != nil {
			return h, err
		}
		h.Provider = &e
	}
	for _, m := range s.Members {
		h.Committee = append(h.Committee, verdict.HeldMember{Commitment: m.Commitment, Revealed: opens(s, m), Evidence: m.Evidence})
	}
	return h, nil
}

// byText says whether a verdict may rest on a text that is left out.
func byText(s *bundle.Sample) bool {
	if !s.Opened || s.Request != nil && s.Output != nil {
		return false
	}
	return s.Result.Class == posp.Truncated || s.Result.Class == posp.WrongTokenCount || s.Result.Class == posp.Malformed
}

func (v *verifier) verdicts() outcome {
	if v.Report.outcome(CheckTexts) == Failed {
		return restsOn(CheckTexts)
	}
	compare := func(i int, r posp.SampleResult) error {
		s := &v.Samples[i]
		if stated := s.Result; r != stated && !byText(s) {
			return posp.Invalidf("%s is derived, %s certified", finding(r), finding(stated))
		}
		return nil
	}
	var wrong error
	if v.Whole() {
		i, at := 0, 0
		d, err := verdict.DeriveFrom(v.input(), func(sampler.Assignment) (verdict.Held, error) { i++; return v.held(i - 1) }, func(_ sampler.Assignment, r posp.SampleResult) error {
			if err := compare(at, r); err != nil && wrong == nil {
				wrong = fmt.Errorf("sample %s: %w", r.SampleID, err)
			}
			at++
			return nil
		})
		if err != nil {
			return failed("nothing can be derived: %v", err)
		}
		v.derived = &d.Result
	} else {
		judge, err := verdict.Judges(v.input())
		if err != nil {
			return failed("nothing can be derived: %v", err)
		}
		wrong = v.first(func(i int, _ *bundle.Sample) error {
			h, err := v.held(i)
			if err != nil {
				return err
			}
			return compare(i, judge(v.drawn[i], h))
		})
	}
	if wrong != nil {
		return failed("%v", wrong)
	}
	counts, open := map[posp.Verdict]int{}, 0
	for i := range v.Samples {
		counts[v.Samples[i].Result.Verdict]++
		if byText(&v.Samples[i]) {
			open++
		}
	}
	var list []string
	for k := posp.Pass; k <= posp.Unavailable; k++ {
		if counts[k] > 0 {
			list = append(list, fmt.Sprintf("%d %s", counts[k], k))
		}
	}
	switch {
	case open > 0:
		return unchecked("%d of %d rest on texts that are left out", open, len(v.Samples))
	case v.Report.outcome(CheckTexts) != OK:
		return ok("derived anew, with texts that are left out taken to be in order: %s", strings.Join(list, ", "))
	}
	return ok("derived anew: %s", strings.Join(list, ", "))
}

func (v *verifier) sampleTree() outcome {
	results := v.ResultHashes()
	if v.Whole() {
		root := merkle.Root(results)
		return same(root == v.stated.SampleRoot && uint64(len(results)) == v.stated.SampleCount, "the %d results have root %s; certified is %s of %d", len(results), root, v.stated.SampleRoot, v.stated.SampleCount)
	}
	for i, r := range results {
		if err := merkle.Verify(v.stated.SampleRoot, r, uint64(v.Samples[i].Index), v.stated.SampleCount, v.Samples[i].Certified); err != nil {
			return failed("sample %s: %v", v.Samples[i].Result.SampleID, err)
		}
	}
	return ok("%d of %d results stand under the certified root %s", len(results), v.stated.SampleCount, v.stated.SampleRoot)
}

func (v *verifier) result() outcome {
	if !v.Whole() {
		return unchecked("it follows from all %d samples, of which %d are here", v.Manifest.Samples.Count, len(v.Samples))
	}
	if diff := differences(*v.derived, v.stated); len(diff) > 0 {
		return failed("derived from %d samples: %s", len(v.Samples), join(diff))
	}
	return ok("%d batches, %d samples, %d standings and %d faults are derived, as certified", len(v.stated.Batches), len(v.Samples), len(v.stated.Standings), len(v.stated.Faults))
}
