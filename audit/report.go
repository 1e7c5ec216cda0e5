package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// Outcome is what a step came to.
type Outcome string

const (
	OK        Outcome = "ok"        // derived here, and the same
	Mismatch  Outcome = "mismatch"  // derived here, and not the same
	Unchecked Outcome = "unchecked" // cannot be derived here, for the reason found
)

// Step is one thing that was looked at.
type Step struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found"` // what was found, or why nothing could be
}

// Finding is what a sample comes to, by somebody's account.
type Finding struct {
	Verdict posp.Verdict
	Class   posp.Class
	LogE    int32 // Q16 nats
}

func (f Finding) String() string {
	s := f.Verdict.String()
	if f.Class != posp.ClassNone {
		s += " (" + f.Class.String() + ")"
	}
	return fmt.Sprintf("%s, logE %+.2f nats", s, float64(f.LogE)/verdict.Nat)
}

// MarshalJSON writes names, and logE in nats.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Verdict string  `json:"verdict"`
		Class   string  `json:"class"`
		LogE    float64 `json:"logE"` // nats
	}{f.Verdict.String(), f.Class.String(), float64(f.LogE) / verdict.Nat})
}

// Comparison is how far somebody's evidence lies from what was recomputed
// here, in nats. Of margins there is nothing to say for a provider.
type Comparison struct {
	Who         posp.Address `json:"who"`
	Evidence    string       `json:"evidence"` // what it gave
	Positions   int          `json:"positions"`
	MaxLogProb  float64      `json:"maxLogProb"`
	MeanLogProb float64      `json:"meanLogProb"`
	MaxMargin   float64      `json:"maxMargin"`
	MeanMargin  float64      `json:"meanMargin"`
	Against     float64      `json:"against"` // nats of evidence that it was not computed with the spec's model
	Fits        bool         `json:"fits"`
}

// Report is what a replay found.
type Report struct {
	Epoch     uint64         `json:"epoch"`
	SampleID  posp.Hash      `json:"sampleId"`
	BatchID   posp.Hash      `json:"batchId"`
	Provider  posp.Address   `json:"provider"`
	J         uint64         `json:"j"`
	Leaf      uint64         `json:"leaf"`
	Committee []posp.Address `json:"committee"`

	Derived     *Finding     `json:"derived"`    // from what the committee revealed; nil if it could not be
	Recomputed  *Finding     `json:"recomputed"` // from what was recomputed here; nil if nothing could be
	Comparisons []Comparison `json:"comparisons"`
	// Explanation is why the committee's evidence comes to what it does; nil
	// where nobody holds it.
	Explanation *verdict.Explanation `json:"explanation"`

	Steps []Step `json:"steps"`
	// Agrees: the certified result and the sample's verdict were derived anew,
	// and nothing that was looked at contradicts them.
	Agrees bool `json:"agrees"`

	incomplete bool // something was not at hand that should have been
}

func (r *Report) ok(name, format string, args ...any) {
	r.Steps = append(r.Steps, Step{name, OK, fmt.Sprintf(format, args...)})
}

func (r *Report) mismatch(name, format string, args ...any) {
	r.Steps = append(r.Steps, Step{name, Mismatch, fmt.Sprintf(format, args...)})
}

func (r *Report) unchecked(name, format string, args ...any) {
	r.Steps = append(r.Steps, Step{name, Unchecked, fmt.Sprintf(format, args...)})
}

// missing is unchecked for want of something that an auditor can have.
func (r *Report) missing(name, format string, args ...any) {
	r.incomplete = true
	r.unchecked(name, format, args...)
}

// same adds a step that two accounts agree.
func (r *Report) same(name string, same bool, format string, args ...any) {
	if same {
		r.ok(name, format, args...)
		return
	}
	r.mismatch(name, format, args...)
}

// conclude sets Agrees: nothing contradicts, nothing was missing, and the
// steps that carry the conclusion were taken.
func (r *Report) conclude() {
	took := map[string]bool{}
	for _, s := range r.Steps {
		took[s.Name] = s.Outcome == OK
	}
	r.Agrees = !r.incomplete && len(r.Mismatches()) == 0
	for _, name := range []string{StepBeacon, StepDraw, StepResult, StepProof, StepSignature, StepQuorum} {
		r.Agrees = r.Agrees && took[name]
	}
}

// Mismatches are the names of the steps that contradict.
func (r *Report) Mismatches() []string {
	var names []string
	for _, s := range r.Steps {
		if s.Outcome == Mismatch {
			names = append(names, s.Name)
		}
	}
	return names
}

// Print writes the report for a reader.
func (r *Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "sample\t%s\n", r.SampleID)
	fmt.Fprintf(t, "batch\t%s of provider %s, epoch %d; sample %d is leaf %d\n", r.BatchID, r.Provider, r.Epoch, r.J, r.Leaf)
	names := make([]string, len(r.Committee))
	for i, c := range r.Committee {
		names[i] = c.Hex()
	}
	fmt.Fprintf(t, "committee\t%s\n\n", strings.Join(names, " "))
	for _, s := range r.Steps {
		fmt.Fprintf(t, "%s\t%s\t%s\n", mark[s.Outcome], s.Name, s.Found)
	}
	if len(r.Comparisons) > 0 {
		fmt.Fprintf(t, "\nagainst our recomputation, nats\tevidence\tpositions\tlog-probability max\tmean\tmargin max\tmean\tthat it is another model's\t\n")
		for _, c := range r.Comparisons {
			fits := "fits"
			if !c.Fits {
				fits = "does not fit"
			}
			fmt.Fprintf(t, "%s\t%s\t%d\t%.3g\t%.3g\t%.3g\t%.3g\t%+.2f\t%s\n", c.Who, c.Evidence, c.Positions, c.MaxLogProb, c.MeanLogProb, c.MaxMargin, c.MeanMargin, c.Against, fits)
		}
	}
	if r.Explanation != nil {
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(w, "\nwhy, by the committee's evidence:\n")
		if err := r.Explanation.Print(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(t)
	if r.Derived != nil {
		fmt.Fprintf(t, "verdict\t%s\n", r.Derived)
	}
	if r.Agrees {
		fmt.Fprintln(t, "replay agrees\twith what is certified on chain")
	} else if m := r.Mismatches(); len(m) > 0 {
		fmt.Fprintf(t, "replay DISAGREES\t%s\n", strings.Join(m, ", "))
	} else {
		fmt.Fprintln(t, "replay is INCOMPLETE\ttoo little could be checked to agree")
	}
	return t.Flush()
}

var mark = map[Outcome]string{OK: "ok", Mismatch: "MISMATCH", Unchecked: "not checked"}
