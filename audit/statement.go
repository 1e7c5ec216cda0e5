package audit

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Types of a statement: in-toto's, in a DSSE envelope
// (https://github.com/secure-systems-lab/dsse), with a predicate of our own.
const (
	payloadType   = "application/vnd.in-toto+json"
	statementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://github.com/proof-of-sampling/posp/audit/v1"
)

// Statement says what an auditor found in a bundle. Its subject is the bundle,
// by its id.
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject is what a statement is about.
type Subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"` // hexadecimal, without 0x
}

// Predicate is what is said.
type Predicate struct {
	Time       time.Time `json:"time"`
	Conclusion string    `json:"conclusion"`
	// Checked, Failed and NotChecked are the names of the checks of Report, which
	// says why.
	Checked    []string `json:"checked"`
	Failed     []string `json:"failed"`
	NotChecked []string `json:"notChecked"`
	// TrustedBlock, TrustedNetwork and TrustedLog, the text of a policy, are what
	// the auditor knew from elsewhere; null is what it did not.
	TrustedBlock   *posp.Hash `json:"trustedBlock"`
	TrustedNetwork *posp.Hash `json:"trustedNetwork"`
	TrustedLog     *string    `json:"trustedLog"`
	Report         *Report    `json:"report"` // with the policies by which was judged
	// Recomputed are the samples on which the auditor ran the model itself.
	Recomputed []Recomputed `json:"recomputed"`
}

// NewStatement says what a report found; recomputed may be nil.
func NewStatement(r *Report, trust Trust, recomputed []Recomputed, now time.Time) Statement {
	p := Predicate{Time: now.UTC().Truncate(time.Second), Checked: list(r.named(OK)), Failed: list(r.Failures()), NotChecked: list(r.Unchecked()),
		TrustedBlock: trust.Block, TrustedNetwork: trust.Network, Report: r, Recomputed: recomputed}
	if trust.Log != nil {
		text := trust.Log.String()
		p.TrustedLog = &text
	}
	if recomputed == nil {
		p.Recomputed = []Recomputed{}
	}
	switch {
	case len(p.Failed) > 0:
		p.Conclusion = "wrong: " + strings.Join(p.Failed, ", ")
	case trust.Block == nil || trust.Network == nil:
		p.Conclusion = "consistent by itself: whether it is of the chain and the network that it names was not checked"
	case r.outcome(CheckResult) != OK:
		p.Conclusion = "right as far as it goes: not everything of the epoch was there to be checked"
	default:
		p.Conclusion = "right: what was certified follows from the evidence"
	}
	return Statement{Type: statementType, PredicateType: PredicateType, Predicate: p,
		Subject: []Subject{{Name: fmt.Sprintf("posp bundle of epoch %d", r.Epoch), Digest: map[string]string{"keccak256": r.Bundle.Hex()[2:]}}}}
}

func list(names []string) []string { return append([]string{}, names...) }

// Envelope is a signed statement.
type Envelope struct {
	PayloadType string              `json:"payloadType"`
	Payload     string              `json:"payload"` // base64 of the statement's JSON
	Signatures  []EnvelopeSignature `json:"signatures"`
}

// EnvelopeSignature is of keccak256 of DSSE's pre-authentication encoding, by an
// Ethereum account: 65 bytes (r, s, v).
type EnvelopeSignature struct {
	KeyID string `json:"keyid"` // the account's address
	Sig   string `json:"sig"`   // base64
}

// Account signs statements.
type Account interface {
	Address() posp.Address
	Sign(ctx context.Context, digest posp.Hash) (signature []byte, err error)
}

// authenticated is the digest of DSSE's pre-authentication encoding.
func authenticated(kind string, payload []byte) posp.Hash {
	head := "DSSEv1 " + strconv.Itoa(len(kind)) + " " + kind + " " + strconv.Itoa(len(payload)) + " "
	return crypto.Keccak256Hash([]byte(head), payload)
}

// Sign puts a statement into an envelope.
func (s Statement) Sign(ctx context.Context, by Account) (Envelope, error) {
	payload, err := json.Marshal(s)
	if err != nil {
		return Envelope{}, fmt.Errorf("encode statement: %w", err)
	}
	sig, err := by.Sign(ctx, authenticated(payloadType, payload))
	if err != nil {
		return Envelope{}, fmt.Errorf("sign statement: %w", err)
	}
	return Envelope{payloadType, base64.StdEncoding.EncodeToString(payload),
		[]EnvelopeSignature{{by.Address().Hex(), base64.StdEncoding.EncodeToString(sig)}}}, nil
}

// Open checks an envelope's one signature, and gives the statement's JSON and
// who signed it.
func (e Envelope) Open() (statement []byte, signer posp.Address, err error) {
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil || e.PayloadType != payloadType || len(e.Signatures) != 1 {
		return nil, signer, posp.Invalidf("it is no envelope of one signature over %s", payloadType)
	}
	sig, err := base64.StdEncoding.DecodeString(e.Signatures[0].Sig)
	if err != nil {
		return nil, signer, posp.Invalidf("the signature is not base64")
	}
	if signer, err = posp.RecoverSigner(authenticated(e.PayloadType, payload), sig); err != nil {
		return nil, signer, err
	}
	if signer.Hex() != e.Signatures[0].KeyID {
		return nil, signer, posp.Invalidf("it is signed by %s, not by %s", signer, e.Signatures[0].KeyID)
	}
	return payload, signer, nil
}

// Print writes the statement for a reader.
func (s Statement) Print(w io.Writer, signer posp.Address) error {
	p := s.Predicate
	if _, err := fmt.Fprintf(w, "Audit of %s\n\n%s.\n\nby %s at %s\ntrusted block    %s\ntrusted network  %s\ntrusted log      %s\n\n", s.Subject[0].Name, p.Conclusion, signer, p.Time.Format(time.RFC3339),
		orNone(p.TrustedBlock), orNone(p.TrustedNetwork), logOf(p.TrustedLog)); err != nil {
		return err
	}
	for _, j := range p.Report.Policies {
		if _, err := fmt.Fprintf(w, "receipts of spec %s were judged by policy %s\n", j.Spec, j.Policy); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	if err := p.Report.Print(w); err != nil {
		return err
	}
	for i := range p.Recomputed {
		if err := p.Recomputed[i].print(w); err != nil {
			return err
		}
	}
	return nil
}

func orNone(h *posp.Hash) string {
	if h == nil {
		return "none"
	}
	return h.Hex()
}

// logOf is the line of a policy that names the log.
func logOf(policy *string) string {
	if policy != nil {
		for line := range strings.Lines(*policy) {
			if strings.HasPrefix(line, "log ") {
				return strings.TrimSpace(line)
			}
		}
	}
	return "none"
}

var page = template.Must(template.New("").Funcs(template.FuncMap{"mark": func(o Outcome) string { return mark[o] }, "orNone": orNone, "logOf": logOf,
	"class": func(o Outcome) string { return strings.ReplaceAll(string(o), " ", "-") }}).Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Audit of {{(index .S.Subject 0).Name}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{padding:.3em .8em;text-align:left;vertical-align:top;border-bottom:1px solid #ccc}
code,td:last-child{overflow-wrap:anywhere}.ok{color:#175e3b}.failed{color:#a4161a;font-weight:bold}.not-checked{color:#555;font-style:italic}</style>
<h1>Audit of {{(index .S.Subject 0).Name}}</h1>
<p><strong>{{.S.Predicate.Conclusion}}.</strong></p>
<table>
<tr><th>bundle<td><code>{{.S.Predicate.Report.Bundle}}</code>
<tr><th>auditor<td><code>{{.Signer}}</code>
<tr><th>time<td>{{.S.Predicate.Time.Format "2006-01-02 15:04:05 MST"}}
<tr><th>samples<td>{{.S.Predicate.Report.Held}} of {{.S.Predicate.Report.Samples}} held, {{.S.Predicate.Report.Redacted}} of them redacted
<tr><th>trusted block<td><code>{{orNone .S.Predicate.TrustedBlock}}</code>
<tr><th>trusted network<td><code>{{orNone .S.Predicate.TrustedNetwork}}</code>
<tr><th>trusted log<td><code>{{logOf .S.Predicate.TrustedLog}}</code>
{{range .S.Predicate.Report.Policies}}<tr><th>policy<td><code>{{.Policy}}</code> for receipts of spec <code>{{.Spec}}</code>
{{end}}</table>
<h2>Checks</h2>
<table><tr><th>outcome<th>check<th>found
{{range .S.Predicate.Report.Checks}}<tr><td class="{{class .Outcome}}">{{mark .Outcome}}<td>{{.Name}}<td>{{.Found}}
{{end}}</table>
{{if .S.Predicate.Recomputed}}<h2>Recomputed by the auditor</h2>
<table><tr><th>sample<th>provider<th>certified<th>recomputed
{{range .S.Predicate.Recomputed}}<tr><td><code>{{.SampleID}}</code><td><code>{{.Provider}}</code><td>{{.Certified}}<td>{{if .Recomputed}}{{.Recomputed}}{{else}}{{.Why}}{{end}}
{{end}}</table>{{else}}<p>Nothing was recomputed: that the operators ran the model is their quorum's word.</p>{{end}}
<p>The signed statement is the JSON file beside this page (DSSE envelope, in-toto statement of <code>{{.S.PredicateType}}</code>); this page is a rendering of it.</p>
</html>
`))

// WriteHTML writes the statement as a page.
func (s Statement) WriteHTML(w io.Writer, signer posp.Address) error {
	return page.Execute(w, struct {
		S      Statement
		Signer posp.Address
	}{s, signer})
}
