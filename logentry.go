package posp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common/hexutil"
)

// LogKind says what an entry of the transparency log is about.
type LogKind string

const (
	LogBatch       LogKind = "batch"       // of the provider Subject; Digest is the batch's id
	LogCommitments LogKind = "commitments" // of the operator Subject; Digest is Commitments.Digest
	LogReveals     LogKind = "reveals"     // of the operator Subject; Digest is Reveals.Digest, which binds the evidence
	LogSamples     LogKind = "samples"     // of the AttestationRegistry Subject; Digest is Result.SampleRoot, as the aggregator derived it
	LogResult      LogKind = "result"      // likewise; Digest is Result.Digest
)

// LogKinds are all of them, in the order in which an epoch's entries stand.
var LogKinds = []LogKind{LogBatch, LogCommitments, LogReveals, LogSamples, LogResult}

// LogEntry is one thing that an aggregator says about an epoch where it cannot
// take it back. The log has an epoch's entries together, epochs ascending.
type LogEntry struct {
	Kind    LogKind `json:"kind"`
	Epoch   uint64  `json:"epoch"`
	Subject Address `json:"subject"`
	Digest  Hash    `json:"digest"`
}

const logVersion = "posp.log.v1"

// Encode is the entry as it stands in the log: "posp.log.v1 KIND EPOCH SUBJECT
// DIGEST", with one space between, the epoch in decimal, and lower-case hex.
func (e LogEntry) Encode() []byte {
	return []byte(logVersion + " " + string(e.Kind) + " " + strconv.FormatUint(e.Epoch, 10) + " " + hexutil.Encode(e.Subject[:]) + " " + hexutil.Encode(e.Digest[:]))
}

// ParseLogEntry is the inverse of Encode. Any other text is a ValidationError.
func ParseLogEntry(b []byte) (e LogEntry, err error) {
	bad := func() (LogEntry, error) {
		return LogEntry{}, Invalidf("log entry %q: want %q", clip(b), logVersion+" KIND EPOCH SUBJECT DIGEST")
	}
	f := strings.Split(string(b), " ")
	if len(f) != 5 || f[0] != logVersion || !slices.Contains(LogKinds, LogKind(f[1])) {
		return bad()
	}
	e.Kind = LogKind(f[1])
	if e.Epoch, err = strconv.ParseUint(f[2], 10, 64); err != nil {
		return bad()
	}
	subject, err1 := hexutil.Decode(f[3])
	digest, err2 := hexutil.Decode(f[4])
	if err1 != nil || err2 != nil || len(subject) != len(e.Subject) || len(digest) != len(e.Digest) {
		return bad()
	}
	e.Subject, e.Digest = Address(subject), Hash(digest)
	if string(e.Encode()) != string(b) { // one encoding of each value
		return bad()
	}
	return e, nil
}

// clip is as much of bytes from outside as an error should repeat.
func clip(b []byte) []byte { return b[:min(len(b), 200)] }
