package bundle

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/proof-of-sampling/posp"
)

// Limits of what is held of a log, in bytes.
const (
	maxLog  = 1 << 25
	maxHead = 1 << 16
)

// Log is what a transparency log (docs/log.md) says of the epoch: each entry
// with the proof that it stands there, and the signed head to which all proofs
// lead. The manifest does not name it: proofs lead to whichever head was newest
// when they were asked for, and stand by themselves.
type Log struct {
	Entries []Logged // ascending by index
	Head    []byte   // signed note: c2sp.org/tlog-checkpoint
}

// Logged is an entry of a log.
type Logged struct {
	posp.LogEntry
	Index uint64      // below 2^63
	Proof []posp.Hash // RFC 6962's, from the leaf's sibling up
}

const (
	entryBegins = "posp.log.v1 "
	proofBegins = "c2sp.org/tlog-proof@v1\n"
)

// Text is the log as the file has it: of each entry itself and a
// c2sp.org/tlog-proof of it without the head, and then the head, once.
func (l *Log) Text() []byte {
	var b []byte
	for _, e := range l.Entries {
		b = append(append(b, e.Encode()...), '\n')
		b = append(e.appendProof(b), '\n')
	}
	return append(b, l.Head...)
}

func (e Logged) appendProof(b []byte) []byte {
	b = append(b, proofBegins...)
	b = append(strconv.AppendUint(append(b, "index "...), e.Index, 10), '\n')
	for _, h := range e.Proof {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return b
}

// parseLog reads what Text writes, and nothing else. It does not look into the
// head.
func parseLog(text []byte) (*Log, error) {
	l, rest := &Log{}, string(text)
	for strings.HasPrefix(rest, entryBegins) {
		e, after, err := parseLogged(rest)
		if err != nil {
			return nil, posp.Invalidf("entry %d: %v", len(l.Entries), err)
		}
		if n := len(l.Entries); n > 0 && e.Index <= l.Entries[n-1].Index {
			return nil, posp.Invalidf("entry %d: index %d does not ascend", n, e.Index)
		}
		l.Entries, rest = append(l.Entries, e), after
	}
	if len(rest) == 0 || len(rest) > maxHead {
		return nil, posp.Invalidf("a head of %d bytes, want 1 to %d", len(rest), maxHead)
	}
	l.Head = []byte(rest)
	return l, nil
}

func parseLogged(s string) (e Logged, rest string, err error) {
	entry, s, _ := strings.Cut(s, "\n")
	if e.LogEntry, err = posp.ParseLogEntry([]byte(entry)); err != nil {
		return e, "", err
	}
	s, ok := strings.CutPrefix(s, proofBegins+"index ")
	if !ok {
		return e, "", posp.Invalidf("no proof of c2sp.org/tlog-proof@v1 follows it")
	}
	index, s, _ := strings.Cut(s, "\n")
	if e.Index, err = strconv.ParseUint(index, 10, 63); err != nil || strconv.FormatUint(e.Index, 10) != index {
		return e, "", posp.Invalidf("an index of %.30q", index)
	}
	for {
		line, after, ok := strings.Cut(s, "\n")
		if !ok {
			return e, "", posp.Invalidf("its proof does not end")
		}
		if s = after; line == "" {
			return e, s, nil
		}
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != 32 {
			return e, "", posp.Invalidf("%.50q in its proof is not base64 of 32 bytes", line)
		}
		e.Proof = append(e.Proof, posp.Hash(h))
	}
}

// trimLog leaves out what the log says of messages that are left out.
func (b *Bundle) trimLog() {
	if b.Log == nil {
		return
	}
	b.Log.Entries = slices.DeleteFunc(b.Log.Entries, func(e Logged) bool {
		switch e.Kind {
		case posp.LogCommitments:
			return b.Commitments[e.Subject] == nil && b.Names(SectionCommitments, e.Subject)
		case posp.LogReveals:
			return b.Reveals[e.Subject] == nil && b.Names(SectionReveals, e.Subject)
		}
		return false
	})
}

// Names says whether the manifest names an operator's message:
// SectionCommitments or SectionReveals.
func (b *Bundle) Names(kind string, operator posp.Address) bool {
	_, found := slices.BinarySearchFunc(b.Manifest.Sections, kind+name(operator), func(s Section, want string) int { return strings.Compare(s.Name, want) })
	return found
}
