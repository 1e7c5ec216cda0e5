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

// Outcome is what a check came to.
type Outcome string

const (
	OK        Outcome = "ok"
	Failed    Outcome = "failed"
	Unchecked Outcome = "not checked" // for the reason found
)

// Step is one check.
type Step struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found"` // what was found, or why nothing could be
}

// Report is what verifying a bundle found.
type Report struct {
	Bundle      posp.Hash `json:"bundle"`  // id
	Network     posp.Hash `json:"network"` // id
	Epoch       uint64    `json:"epoch"`
	BlockNumber uint64    `json:"blockNumber"` // of the certifying block
	Block       posp.Hash `json:"block"`       // its hash, on which all that is said of the chain rests
	Samples     uint32    `json:"samples"`     // of the epoch
	Held        uint32    `json:"held"`        // of them
	Redacted    int       `json:"redacted"`    // of those, without prompt or output
	Policies    []Judged  `json:"policies"`    // by which the verdicts were derived

	Checks []Step `json:"checks"`
	// Good: no check failed.
	Good bool `json:"good"`
}

// Judged is a spec and the policy by which receipts of it are judged.
type Judged struct {
	Spec   posp.Hash `json:"spec"`
	Policy posp.Hash `json:"policy"`
}

func (r *Report) step(name string, o outcome) {
	r.Checks = append(r.Checks, Step{name, o.is, o.found})
}

// Outcome is what the check of a name came to; empty if it was not made.
func (r *Report) outcome(name string) Outcome {
	for _, s := range r.Checks {
		if s.Name == name {
			return s.Outcome
		}
	}
	return ""
}

func (r *Report) conclude() { r.Good = len(r.Failures()) == 0 }

// Failures are the names of the checks that failed.
func (r *Report) Failures() []string { return r.named(Failed) }

// Unchecked are the names of the checks that were not made.
func (r *Report) Unchecked() []string { return r.named(Unchecked) }

func (r *Report) named(o Outcome) []string {
	var names []string
	for _, s := range r.Checks {
		if s.Outcome == o {
			names = append(names, s.Name)
		}
	}
	return names
}

// Print writes the report for a reader.
func (r *Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	r.print(t)
	switch bad := r.Failures(); {
	case len(bad) > 0:
		fmt.Fprintf(t, "\nbundle is WRONG\t%s\n", strings.Join(bad, ", "))
	default:
		fmt.Fprintf(t, "\nbundle is good\tas far as it was checked: %d checks ok, %d not made\n", len(r.named(OK)), len(r.Unchecked()))
	}
	return t.Flush()
}

func (r *Report) print(t io.Writer) {
	fmt.Fprintf(t, "bundle\t%s\n", r.Bundle)
	fmt.Fprintf(t, "epoch\t%d; %d of %d samples are held, %d of them redacted\n\n", r.Epoch, r.Held, r.Samples, r.Redacted)
	for _, s := range r.Checks {
		fmt.Fprintf(t, "%s\t%s\t%s\n", mark[s.Outcome], s.Name, s.Found)
	}
}

var mark = map[Outcome]string{OK: "ok", Failed: "FAILED", Unchecked: "not checked"}

// Finding is what a sample comes to, by somebody's account.
type Finding struct {
	Verdict posp.Verdict
	Class   posp.Class
	LogE    int32 // Q16 nats
}

func finding(r posp.SampleResult) Finding { return Finding{r.Verdict, r.Class, r.LogE} }

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
