// Command bundles writes replay bundles of made-up epochs, a third of them
// corrupted in a known way, and what each check of each of them comes to, for
// other implementations to be held against: docs/bundle.md, "Test vectors".
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
)

// expected is what is known of a file.
type expected struct {
	File         string    `json:"file"`
	Corruption   string    `json:"corruption"` // empty: none
	TrustBlock   posp.Hash `json:"trustBlock"`
	TrustNetwork posp.Hash `json:"trustNetwork"`
	TrustLog     string    `json:"trustLog"` // text of a policy; empty: none
	Checks       []checked `json:"checks"`
}

type checked struct {
	Name    string        `json:"name"`
	Outcome audit.Outcome `json:"outcome"`
}

// perEpoch is how many bundles are made of one epoch.
const perEpoch = 6

// special are epochs of which there is one in 99 bundles: more that is withheld
// than is charged, prompts that no bundle can hold, of more than 2^20 tokens, and
// those about which somebody lied who has the keys. Nothing else of them is left out. By the number modulo 99.
var special = map[int]struct {
	name string
	audittest.Options
}{
	7:  {"", audittest.Options{Providers: 9, Receipts: 20, Closed: true}},
	11: {"receipt: of an epoch after its batch's", audittest.Options{Early: true}},
	21: {"", audittest.Options{Providers: 2, Receipts: 2, Prompt: 1<<20 + 7, Honest: true}},
	32: {"log: something else is said", audittest.Options{Contradicted: true}},
	47: {"log: head: of another log, by the same keys", audittest.Options{OtherOrigin: true}},
	65: {"log: head: of too few witnesses", audittest.Options{Unwitnessed: true}},
	98: {"certificate: of too few", audittest.Options{Minority: true}},
}

func main() {
	n := flag.Int("n", 1000, "how many bundles")
	seed := flag.Uint64("seed", 1, "what they are made from")
	out := flag.String("out", "", "directory to write to")
	flag.Parse()
	if err := run(*n, *seed, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bundles:", err)
		os.Exit(1)
	}
}

func run(n int, seed uint64, out string) error {
	if out == "" {
		return errors.New("name a directory with -out")
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	list := make([]expected, 0, n)
	corrupted := 0
	var m maker
	for i := range n {
		if i%perEpoch == 0 {
			var err error
			if m, err = newMaker(audittest.Options{Seed: seed*1_000_003 + uint64(i), Private: i%5 == 0, Demands: i / perEpoch % 4}); err != nil {
				return fmt.Errorf("epoch of bundle %d: %w", i, err)
			}
		}
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		form := audittest.Form{One: r.IntN(4) == 0, Prompts: r.IntN(5) == 0, Texts: r.IntN(8) == 0, Log: r.IntN(9) == 0}
		file, kind, trust := []byte(nil), "", m.trust
		var err error
		if s, ok := special[i%99]; ok {
			s.Seed = seed + uint64(i)
			var one maker
			one, err = newMaker(s.Options)
			file, kind, trust = one.whole, s.name, one.trust
		} else if i%3 == 2 {
			file, kind, err = m.corrupt(corrupted, form, r)
			corrupted++
		} else {
			file, err = m.form(form)
			if r.IntN(9) == 0 {
				trust.Log = nil
			}
		}
		if err != nil {
			return fmt.Errorf("bundle %d: %w", i, err)
		}
		x := expected{File: fmt.Sprintf("%04d.bundle", i), Corruption: kind, TrustBlock: *trust.Block, TrustNetwork: *trust.Network}
		if trust.Log != nil {
			x.TrustLog = trust.Log.String()
		}
		report := audit.Verify(file, trust)
		if report.Good != (kind == "") {
			return fmt.Errorf("bundle %d (%s): good is %v: %q failed", i, kind, report.Good, report.Failures())
		}
		for _, s := range report.Checks {
			x.Checks = append(x.Checks, checked{s.Name, s.Outcome})
		}
		if err := os.WriteFile(filepath.Join(out, x.File), file, 0o644); err != nil {
			return err
		}
		list = append(list, x)
	}
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "expected.json"), append(b, '\n'), 0o644)
}

// maker makes the bundles of one epoch.
type maker struct {
	whole []byte
	trust audit.Trust
}

func newMaker(o audittest.Options) (m maker, err error) {
	w, err := audittest.New(o)
	if err != nil {
		return m, err
	}
	b, err := w.Bundle()
	if err != nil {
		return m, err
	}
	m.trust = w.Trust
	m.whole, err = audittest.File(b, audittest.Form{})
	return m, err
}

func (m maker) form(f audittest.Form) ([]byte, error) {
	none := audittest.Corruption{}
	file, _, err := none.Apply(m.whole, f, nil)
	return file, err
}

// corrupt applies the n-th kind that the epoch has something for. What is wrong
// with a sample that a part does not hold cannot be seen in it: then it is the
// whole bundle.
func (m maker) corrupt(n int, form audittest.Form, r *rand.Rand) (file []byte, kind string, err error) {
	for try := range 100 {
		kinds := audittest.Kinds(form)
		c := kinds[(n+try)%len(kinds)]
		file, ok, err := c.Apply(m.whole, form, r)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", c.Name, err)
		}
		if !ok {
			continue
		}
		if slices.Contains(audit.Verify(file, m.trust).Failures(), c.Check) {
			return file, c.Name, nil
		}
		if form != (audittest.Form{}) {
			form = audittest.Form{}
			if file, ok, err = c.Apply(m.whole, form, r); err != nil {
				return nil, "", err
			}
			if ok && slices.Contains(audit.Verify(file, m.trust).Failures(), c.Check) {
				return file, c.Name, nil
			}
		}
	}
	return nil, "", errors.New("no kind of corruption fits")
}
