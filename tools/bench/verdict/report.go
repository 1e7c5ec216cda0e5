package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp/verdict"
)

// report is docs/bench/verdict.md.
func (b *bench) report(quick bool, honest string, list []detected, disputes, forged, speed string, least float64, took time.Duration) string {
	cheats := b.describeCheats(list)
	kind := "full"
	if quick {
		kind = "quick"
	}
	var s strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&s, format, args...) }
	p("# What verdicts are worth\n\n")
	p("Written by `make bench-verdict` (%s, %s with what its cache held). alpha is 1e-9: an honest party's expected number of samples to a false fault is\n", kind, took.Round(time.Second))
	p("at least 10^9. Expected samples to a fault are computed exactly from the measured distribution of logE (`posp econ oc`), and count from a standing of 0.\n\n")
	p("## Goals\n\n%s\n", b.goals)
	p("## Policies\n\n")
	for _, x := range []struct {
		name string
		*verdict.Policy
	}{{"f32", &b.f32}, {"bf16", &b.bf16}} {
		c := x.Calibration
		p("- %s: `%s`, from %d outputs of %d positions, at a confidence of %.4g %%; it covers", x.name, x.ID(), c.Samples, c.Positions, float64(c.ConfidencePpm)/1e4)
		for i, e := range c.Pairs {
			if i > 0 {
				p(";")
			}
			p(" %s by %s", e.Claimed, e.Recomputed)
		}
		p(".\n")
	}
	p("\n## Honest pairs\n\n")
	p("Distances are of log-probabilities, in nats; flips are positions of greedy and seeded outputs at which the recomputation chooses another token. E[exp(logE)] is\n")
	p("the mean over the outputs with its standard error, by one operator, before a committee's discount: at most 1 wherever the policy was calibrated for the pair's\n")
	p("class. A policy is a model's too: what the demo model's policies say of random models, whose noise is about ten times theirs, is in the last\n")
	p("column but one, for which they claim nothing; above 1 there shows why a policy must be calibrated on the spec's own model and class.\n")
	p("Random models get a policy of two thirds of their outputs where those are enough, and are judged by the last third. What has no policy is INCONCLUSIVE.\n\n%s\n", honest)
	p("The last column counts faults in 10^6 samples, each the logE (one operator's) of a measured output drawn at random. What it shows is limited: no draw is worse than\n")
	p("the worst output measured. So the goals also count 10^6 outputs put together of blocks of 8 positions of measured noise. Neither can show what was not\n")
	p("measured; what bounds the rate of false faults is that E[exp(logE)] is at most 1, which calibration proves with its confidence and these pairs try.\n\n")
	p("## Detection\n\n%s\n", cheats)
	p("other-model and forger use the small embedded model; hot draws at temperature 1 where 0.7 was asked for. Outputs are of 64 tokens at most, as the model ends\n")
	p("them; requests are the ordinary ones of `posp calibrate`: a third greedy, the others at temperatures of 0.05 to 2, half with top-p. A goal of one sample is kept by an expected number up to %.2f.\n",
		slack)
	p("No test with this alpha tells temperature 1 from 0.7 in unseeded outputs of 64 tokens in fewer than %.1f samples on average: ln(1/alpha) over the mean\nlog-likelihood ratio of a sample, measured.\n\n", least)
	p("![f32](verdict-loge-f32.svg)\n\n![bf16](verdict-loge-bf16.svg)\n\n![expected samples, f32](verdict-oc-f32.svg)\n\n![expected samples, bf16](verdict-oc-bf16.svg)\n\n")
	p("![standings, f32](verdict-standing-f32.svg)\n\n![standings, bf16](verdict-standing-bf16.svg)\n\n")
	p("## What the bf16 policy loses\n\nExpected samples to a fault.\n\n%s\n", lost(list))
	p("## Disputes\n\n")
	p("A dispute compares the provider's claim with the reference program's evidence. FAIL overturns a certified PASS and confirms a FAIL; all else clears a certified FAIL. Under greedy\n")
	p("decoding log-probabilities and choices are judged; of seeded and unseeded answers log-probabilities alone, so that nothing is said of a forger there (what is seeded stands for\n")
	p("both). Shares are of the outputs that are that long, cut to that length. Of each honest party and rule %d outputs of 64 tokens, put together of blocks of 8 positions, were judged too.\n\n%s\n", simulatedDisputes, disputes)
	p("## Trivial forgeries\n\n")
	p("A provider's is accepted when the verdict is PASS before three honest operators; an operator's, when its standing does not rise beside two honest ones.\n\n%s\n", forged)
	p("## Speed\n\n%s", speed)
	return s.String()
}
