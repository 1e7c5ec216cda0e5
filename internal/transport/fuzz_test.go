package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

// taker takes everything that has the right form.
type taker struct{ Aggregator }

func (taker) SubmitCommitments(context.Context, posp.Commitments) error { return nil }
func (taker) SubmitReveals(context.Context, posp.Reveals) error         { return nil }
func (taker) SubmitShare(context.Context, posp.CertificateShare) error  { return nil }
func (taker) CommitmentsPage(context.Context, uint64, []byte) ([]posp.Commitments, []byte, bool, error) {
	return nil, nil, false, nil
}
func (taker) RevealsPage(context.Context, uint64, []byte, *posp.ReadRequest) ([]posp.Reveals, []byte, bool, error) {
	return nil, nil, false, nil
}
func (taker) SamplesPage(context.Context, uint64, []byte) ([]posp.SampleResult, []byte, bool, error) {
	return nil, nil, false, nil
}
func (taker) Outcome(context.Context, uint64) (Outcome, bool, error) { return Outcome{}, false, nil }
func (taker) EquivocationsPage(context.Context, uint64, []byte) ([]posp.Equivocation, []byte, error) {
	return nil, nil, nil
}

var procedures = []string{pospv1.AggregatorServiceSubmitCommitmentsProcedure, pospv1.AggregatorServiceSubmitRevealsProcedure, pospv1.AggregatorServiceSubmitShareProcedure,
	pospv1.AggregatorServiceGetCommitmentsProcedure, pospv1.AggregatorServiceGetRevealsProcedure, pospv1.AggregatorServiceGetResultProcedure,
	pospv1.AggregatorServiceGetEquivocationsProcedure, pospv1.AggregatorServiceGetSamplesProcedure, "/posp.v1.AggregatorService/None"}

var forms = []string{"application/proto", "application/json", "application/grpc", "application/grpc-web+proto", "application/connect+proto", "text/plain"}

// Whatever is sent in whatever form gets an answer, and never one of ours.
func FuzzServer(f *testing.F) {
	handler := (&Server{cfg: ServerConfig{MaxMessageBytes: 1 << 16}.withDefaults(), log: zap.NewNop()}).handler(taker{})
	seed, _ := proto.Marshal(&pospv1.SubmitCommitmentsRequest{Commitments: commitmentsToProto(message(2))})
	f.Add(byte(0), byte(0), false, seed)
	f.Add(byte(0), byte(1), false, []byte(`{"commitments":{"operator":"AAAAAAAAAAAAAAAAAAAAAAAAAAA=","epoch":"7"}}`))
	f.Add(byte(2), byte(2), true, append([]byte{0, 0, 0, 0, 2}, 10, 0))
	f.Add(byte(5), byte(1), false, []byte(`{"epoch":18446744073709551615}`))
	f.Fuzz(func(t *testing.T, procedure, form byte, zipped bool, body []byte) {
		r := httptest.NewRequest(http.MethodPost, procedures[int(procedure)%len(procedures)], bytes.NewReader(body))
		r.Header.Set("Content-Type", forms[int(form)%len(forms)])
		r.Header.Set("Connect-Protocol-Version", "1")
		if zipped {
			r.Header.Set("Content-Encoding", "gzip")
			r.Header.Set("Grpc-Encoding", "gzip")
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if res := w.Result(); res.StatusCode == http.StatusInternalServerError || res.StatusCode == http.StatusServiceUnavailable {
			text, _ := io.ReadAll(res.Body)
			t.Fatalf("status %s: %s", res.Status, text)
		}
	})
}

func FuzzShare(f *testing.F) {
	seed, _ := proto.Marshal(&pospv1.CertificateShare{Operator: make([]byte, 20), Epoch: 1, Digest: make([]byte, 32), Signature: make([]byte, 64)})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pospv1.CertificateShare
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		var r, again reader
		got := r.share(&m)
		if r.err != nil {
			var v *posp.ValidationError
			if !errors.As(r.err, &v) {
				t.Fatal(r.err)
			}
			return
		}
		if back := again.share(sent(t, shareToProto(got))); again.err != nil || back.Operator != got.Operator || !bytes.Equal(back.Signature, got.Signature) {
			t.Fatalf("%v: %+v", again.err, back)
		}
	})
}

// A provider's answer may be anything: it is an opening, or the provider's
// fault.
func FuzzOpening(f *testing.F) {
	seed, _ := json.Marshal(posp.Opening{Proof: []posp.Hash{{1}}, Request: posp.RequestPart{Tokens: []uint32{1}}})
	f.Add(seed)
	f.Add([]byte(`{"proof":[null]}`))
	var body []byte
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }))
	f.Cleanup(provider.Close)
	o := NewOpenings(OpeningsConfig{MaxBytes: 1 << 16})
	f.Fuzz(func(t *testing.T, b []byte) {
		body = b
		for what, err := range map[string]error{
			"opening": func() error {
				_, err := o.Opening(t.Context(), provider.URL, posp.OpenRequest{Signature: []byte{1}})
				return err
			}(),
			"evidence": func() error {
				_, err := o.Evidence(t.Context(), provider.URL, posp.OpenRequest{Signature: []byte{1}})
				return err
			}(),
		} {
			var v *posp.ValidationError
			if err != nil && !errors.As(err, &v) {
				t.Fatalf("%s: %v", what, err)
			}
		}
	})
}
