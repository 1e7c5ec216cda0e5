package watch

import "github.com/proof-of-sampling/posp"

// Code names a kind of alarm. Codes are stable; docs/auditors.md lists them.
type Code string

// What is wrong: somebody's deviation is proved, or answers for it.
const (
	BundleWrong         Code = "BUNDLE-WRONG"
	RecomputedOtherwise Code = "RECOMPUTED-OTHERWISE"
	LogWrong            Code = "LOG-WRONG"
	CanaryReceipt       Code = "CANARY-RECEIPT"
	CanaryUncovered     Code = "CANARY-UNCOVERED"
	CanaryReplaced      Code = "CANARY-REPLACED"
	CanaryEquivocation  Code = "CANARY-EQUIVOCATION"
	CanaryRate          Code = "CANARY-RATE"
)

// What could not be told.
const (
	EpochVoid        Code = "EPOCH-VOID"
	ArchiveMissing   Code = "ARCHIVE-MISSING"
	NotFetched       Code = "NOT-FETCHED"
	NotRecomputed    Code = "NOT-RECOMPUTED"
	LogUnread        Code = "LOG-UNREAD"
	CanaryUnanswered Code = "CANARY-UNANSWERED"
	CanaryUnproved   Code = "CANARY-UNPROVED"
)

// Codes are all, and whether each says that something is wrong.
func Codes() map[Code]bool {
	return map[Code]bool{BundleWrong: true, RecomputedOtherwise: true, LogWrong: true, CanaryReceipt: true, CanaryUncovered: true,
		CanaryReplaced: true, CanaryEquivocation: true, CanaryRate: true,
		EpochVoid: false, ArchiveMissing: false, NotFetched: false, NotRecomputed: false, LogUnread: false, CanaryUnanswered: false, CanaryUnproved: false}
}

// Wrong says whether an alarm of the code is of something wrong; else it is of
// something that could not be told.
func (c Code) Wrong() bool { return Codes()[c] }

// Alarm is one deviation.
type Alarm struct {
	Code     Code         `json:"code"`
	Wrong    bool         `json:"wrong"` // false: it could not be told
	Epoch    uint64       `json:"epoch"`
	Provider posp.Address `json:"provider,omitzero"`
	Found    string       `json:"found"`
	Evidence string       `json:"evidence,omitempty"` // file
}
