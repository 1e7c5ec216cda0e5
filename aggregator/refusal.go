package aggregator

import "fmt"

// Why a message is not taken, though its form is right.
const (
	ReasonEarly           = "early"            // its phase has not begun: try again
	ReasonLate            = "late"             // its phase is over
	ReasonUnknownOperator = "unknown_operator" // not in the epoch's table
	ReasonEquivocation    = "equivocation"     // another message for the same duty stands
	ReasonNotCommitted    = "not_committed"    // reveals without commitments
	ReasonWrongDigest     = "wrong_digest"     // a share of another result
	ReasonExhausted       = "exhausted"        // more than can be taken now, of anybody or of this operator: try again
)

// Refusal says why a message was not taken. It changed nothing; that an
// operator contradicts itself is kept as evidence.
type Refusal struct {
	reason  string
	message string
}

func (e *Refusal) Error() string { return e.message }

// Reason is one of the reasons above.
func (e *Refusal) Reason() string { return e.reason }

func refuse(reason, format string, args ...any) error {
	return &Refusal{reason: reason, message: fmt.Sprintf(format, args...)}
}
