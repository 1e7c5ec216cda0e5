package verdict

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// Record is a pair in a file: one JSON object a line.
//
//	{"group":"ordinary","claimedBy":"vllm/bf16","recomputedBy":"posp-float/bf16","claimed":"0x01...","recomputed":"0x01..."}
//
// Evidence is its encoding in hexadecimal digits. Of unseeded outputs
// recomputed is of kind intervals, of greedy and seeded ones of kind full.
type Record struct {
	Group        string        `json:"group"`        // the kind of request, or of cheat
	ClaimedBy    string        `json:"claimedBy"`    // engine class
	RecomputedBy string        `json:"recomputedBy"` // engine class
	Claimed      posp.Evidence `json:"claimed"`
	Recomputed   posp.Evidence `json:"recomputed"`
}

// The limits of a file of records.
const (
	maxLine      = 8 << 20 // bytes: two evidences of posp.MaxPositions
	maxPositions = 1 << 27 // of all records: 2 GiB of memory
)

// WriteRecords appends a group's pairs to a file of records.
func WriteRecords(w io.Writer, g Group) error {
	e := json.NewEncoder(w)
	for _, p := range g.Pairs {
		if err := e.Encode(Record{g.Name, g.Engines.Claimed, g.Engines.Recomputed, p.Claimed, p.Recomputed}); err != nil {
			return fmt.Errorf("write record: %w", err)
		}
	}
	return nil
}

// ReadRecords reads a file of records into groups, in the order of their first
// record. What is no record is a ValidationError that names the line.
func ReadRecords(r io.Reader) ([]Group, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var groups []Group
	total, n := 0, 0
	for lines.Scan() {
		n++
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		var x Record
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&x); err != nil {
			return nil, posp.Invalidf("line %d is no record of an honest or cheating output: %v", n, err)
		}
		if d.More() {
			return nil, posp.Invalidf("line %d holds more than one record", n)
		}
		if err := x.check(); err != nil {
			return nil, posp.Invalidf("line %d: %v", n, err)
		}
		if total += len(x.Recomputed.LogProb); total > maxPositions {
			return nil, posp.Invalidf("line %d: more than %d positions in one file: split it", n, maxPositions)
		}
		engines := EnginePair{x.ClaimedBy, x.RecomputedBy}
		at := slices.IndexFunc(groups, func(g Group) bool { return g.Name == x.Group && g.Engines == engines })
		if at < 0 {
			at = len(groups)
			groups = append(groups, Group{Name: x.Group, Engines: engines})
		}
		groups[at].Pairs = append(groups[at].Pairs, Pair{x.Claimed, x.Recomputed})
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, posp.Invalidf("line %d is longer than the %d bytes that a record can have", n+1, maxLine)
	case err != nil:
		return nil, fmt.Errorf("read records: %w", err)
	}
	return groups, nil
}

func (x *Record) check() error {
	n := len(x.Recomputed.LogProb)
	switch {
	case x.Group == "" || x.ClaimedBy == "" || x.RecomputedBy == "":
		return errors.New("group, claimedBy and recomputedBy must be named")
	case x.Recomputed.Kind != posp.EvidenceFull && x.Recomputed.Kind != posp.EvidenceIntervals:
		return fmt.Errorf("recomputed is of kind %d, want %d (full) or %d (intervals)", x.Recomputed.Kind, posp.EvidenceFull, posp.EvidenceIntervals)
	case x.Claimed.Kind == posp.EvidenceNone || n == 0 || len(x.Claimed.LogProb) != n:
		return fmt.Errorf("%d positions are claimed and %d recomputed: both must be there for each token of the output", len(x.Claimed.LogProb), n)
	}
	return nil
}
