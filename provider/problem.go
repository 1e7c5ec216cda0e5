package provider

import "fmt"

// Reason is why a request was refused or an answer has no receipt.
type Reason string

// Why an answer has no receipt.
const (
	ReasonUnsupported  Reason = "unsupported_parameter" // the request asks for what no receipt can describe
	ReasonUnknownModel Reason = "unknown_model"         // no spec is configured for it
	ReasonUpstream     Reason = "upstream_unverifiable" // the answer lacks tokens or log-probabilities, or they contradict each other
	ReasonUnfinished   Reason = "answer_unfinished"     // the stream ended before the answer
	ReasonChain        Reason = "chain_unavailable"     // also of openings
	ReasonStore        Reason = "store_failed"
	ReasonSigning      Reason = "signing_failed"
	ReasonDrained      Reason = "provider_leaving" // it gives no more receipts
)

// Why a request was refused.
const (
	ReasonBadRequest          Reason = "bad_request"
	ReasonTooLarge            Reason = "too_large"
	ReasonNotFound            Reason = "not_found"
	ReasonUpstreamUnreachable Reason = "upstream_unreachable"
	ReasonUnknownBatch        Reason = "unknown_batch" // not ours, or not on chain
	ReasonBadSignature        Reason = "bad_signature" // not by the operator that it names
	ReasonTooEarly            Reason = "too_early"     // before the beacon, or before the commit deadline
	ReasonNotSampled          Reason = "not_sampled"
	ReasonNotAssigned         Reason = "not_assigned" // the operator is not in the sample's committee
	ReasonRateLimited         Reason = "rate_limited"
	ReasonInternal            Reason = "internal"
)

// Problem is a refusal as the peer sees it, {"code", "message"}. It never says
// what is inside: that is in the log.
type Problem struct {
	Code    Reason `json:"code"`
	Message string `json:"message"`
	status  int    // of HTTP
	cause   error  // ours, for the log; nil when the peer is to blame
}

func (p *Problem) Error() string {
	if p.cause != nil {
		return fmt.Sprintf("%s: %v", p.Message, p.cause)
	}
	return p.Message
}

func (p *Problem) Unwrap() error { return p.cause }

// refuse blames the peer.
func refuse(status int, code Reason, format string, args ...any) *Problem {
	return &Problem{Code: code, Message: fmt.Sprintf(format, args...), status: status}
}

// fault blames us.
func fault(status int, code Reason, message string, cause error) *Problem {
	return &Problem{Code: code, Message: message, status: status, cause: cause}
}
