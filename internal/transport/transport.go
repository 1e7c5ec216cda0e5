// Package transport carries the protocol's messages between processes: the
// aggregator's API over Connect (protobuf and JSON on one port, HTTP/1.1 and
// h2c), its client, and a client of providers' openings. It checks the form of
// what it carries and decides nothing: who receives a message verifies it.
//
//	proto/, pospv1/  the messages, and the Go generated from them
//	convert.go       messages to values of package posp, strictly, and back
//	server.go        the aggregator's listener
//	peers.go         how much of it one peer gets
//	client.go        the operator's side of it
//	openings.go      the operator's side of a provider's openings
package transport

import (
	"context"
	"errors"
	"fmt"

	"connectrpc.com/connect"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

// buf generates pospv1 with plugins of the versions in go.mod; npm's
// @bufbuild/buf 1.75.0 is what was used.
//
//go:generate buf lint
//go:generate buf generate

// Aggregator is what is served. Getters return ok == false for what is not
// there yet. Its errors that are the caller's fault are posp.ValidationErrors
// or have a method Reason() string that returns one of the reasons below.
type Aggregator interface {
	SubmitCommitments(ctx context.Context, c posp.Commitments) error
	SubmitReveals(ctx context.Context, r posp.Reveals) error
	SubmitShare(ctx context.Context, s posp.CertificateShare) error
	// Pages are about a megabyte, from the first one (from is nil) to the last
	// (next is nil); an operator's items may be on several.
	CommitmentsPage(ctx context.Context, epoch uint64, from []byte) (page []posp.Commitments, next []byte, frozen bool, err error)
	// RevealsPage shows what private specs hide to whom it is for; by is nil for anybody.
	RevealsPage(ctx context.Context, epoch uint64, from []byte, by *posp.ReadRequest) (page []posp.Reveals, next []byte, final bool, err error)
	// SamplesPage is of the leaves under a result's sample root, by (batch, j).
	SamplesPage(ctx context.Context, epoch uint64, from []byte) (page []posp.SampleResult, next []byte, ok bool, err error)
	Outcome(ctx context.Context, epoch uint64) (o Outcome, ok bool, err error)
	// EquivocationsPage is of what operators signed twice for one duty.
	EquivocationsPage(ctx context.Context, epoch uint64, from []byte) (page []posp.Equivocation, next []byte, err error)
}

// Outcome is what an aggregator made of an epoch.
type Outcome struct {
	Result      posp.Result
	Digest      posp.Hash
	Certified   bool // a quorum signed; the fields below are set
	Signers     []posp.Address
	NonSigners  []posp.Address
	Sigma       [64]byte  // sum of the signatures: G1 (x, y)
	APK         [128]byte // sum of the signers' keys: G2 (x1, x0, y1, y0)
	Transaction posp.Hash // zero until the certificate is in a block
}

// Why a message was not taken, as a Refusal on the wire says it.
const (
	ReasonInvalid         = "invalid"          // it can never be right
	ReasonEarly           = "early"            // its phase has not begun: try again
	ReasonLate            = "late"             // its phase is over
	ReasonUnknownOperator = "unknown_operator" // not in the epoch's table
	ReasonEquivocation    = "equivocation"     // another message for the same duty stands
	ReasonNotCommitted    = "not_committed"    // reveals without commitments
	ReasonWrongDigest     = "wrong_digest"     // a share of another result
	ReasonExhausted       = "exhausted"        // more than can be taken now: try again
)

var codes = map[string]connect.Code{
	ReasonInvalid:         connect.CodeInvalidArgument,
	ReasonEarly:           connect.CodeFailedPrecondition,
	ReasonLate:            connect.CodeFailedPrecondition,
	ReasonUnknownOperator: connect.CodePermissionDenied,
	ReasonEquivocation:    connect.CodeAlreadyExists,
	ReasonNotCommitted:    connect.CodeFailedPrecondition,
	ReasonWrongDigest:     connect.CodeFailedPrecondition,
	ReasonExhausted:       connect.CodeResourceExhausted,
}

// Refused is an aggregator's refusal as its client sees it.
type Refused struct {
	reason  string
	message string
}

func (e *Refused) Error() string { return e.message + " (" + e.reason + ")" }

// Reason is one of the reasons above.
func (e *Refused) Reason() string { return e.reason }

// errInternal is all that a caller is told of faults that are not its own.
var errInternal = errors.New("the aggregator could not process this now: try again")

// toConnect is the error as the wire carries it; own says that it is not the
// caller's fault, and is to be logged here.
func toConnect(err error) (wire *connect.Error, own bool) {
	reason := ""
	var invalid *posp.ValidationError
	var refusal interface{ Reason() string }
	switch {
	case errors.As(err, &refusal):
		reason = refusal.Reason()
	case errors.As(err, &invalid):
		reason = ReasonInvalid
	case errors.Is(err, context.Canceled):
		return connect.NewError(connect.CodeCanceled, context.Canceled), false
	case errors.Is(err, context.DeadlineExceeded):
		return connect.NewError(connect.CodeDeadlineExceeded, context.DeadlineExceeded), true
	}
	code, known := codes[reason]
	if !known {
		return connect.NewError(connect.CodeUnavailable, errInternal), true
	}
	wire = connect.NewError(code, err)
	if detail, err := connect.NewErrorDetail(&pospv1.Refusal{Reason: reason}); err == nil {
		wire.AddDetail(detail)
	}
	return wire, false
}

// ErrExhausted is an aggregator that takes no more now. It is no refusal: what
// was sent may be right.
var ErrExhausted = errors.New("the aggregator is at its limits: try again")

// fromConnect gives a refusal its reason back. An error without one is not a
// refusal: the network or the aggregator failed.
func fromConnect(err error) error {
	var wire *connect.Error
	if !errors.As(err, &wire) {
		return err
	}
	if wire.Code() == connect.CodeResourceExhausted {
		return fmt.Errorf("%w: %s", ErrExhausted, wire.Message())
	}
	for _, d := range wire.Details() {
		v, err := d.Value()
		if err != nil {
			continue
		}
		if r, ok := v.(*pospv1.Refusal); ok {
			if _, known := codes[r.Reason]; known {
				return &Refused{reason: r.Reason, message: wire.Message()}
			}
		}
	}
	return err
}
