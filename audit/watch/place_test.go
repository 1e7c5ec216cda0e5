package watch

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

var schedule = posp.Schedule{Genesis: 10, EpochBlocks: 20, GraceBlocks: 4, BeaconDelay: 1, CommitBlocks: 5, RevealBlocks: 5, CertifyBlocks: 5}

// A receipt stands where the batch proves that it does; what proves something
// else, or nothing, is told apart.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := make([]posp.Hash, rapid.IntRange(1, 40).Draw(t, "leaves"))
		for i := range values {
			values[i] = posp.Hash{1, byte(i)}
		}
		first := rapid.Uint64Range(0, 100).Draw(t, "first")
		at := rapid.IntRange(0, len(values)-1).Draw(t, "at")
		b := &posp.BatchRecord{Batch: posp.Batch{FirstSequence: first, Root: merkle.Root(values), LeafCount: uint64(len(values))}}
		r := posp.Receipt{Sequence: first + uint64(at)}
		prove := func(i int) *Proof {
			p, err := merkle.Proof(values, uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			return &Proof{values[i], p}
		}
		is := func(what string, hash posp.Hash, p *Proof, want State) {
			if got := Place(schedule, r, hash, b, p, 0); got != want {
				t.Fatalf("%s: %s, want %s", what, got, want)
			}
		}
		is("the receipt, proved", values[at], prove(at), Stands)
		is("another one, proved", posp.Hash{9}, prove(at), Replaced)
		is("no proof", values[at], nil, Unproved)
		if other := (at + 1) % len(values); other != at {
			is("a proof of another place", values[at], prove(other), Unproved)
			is("a proof of another place, of whom that stands there", values[other], prove(other), Unproved)
		}
		lie := prove(at)
		lie.ReceiptHash = posp.Hash{9}
		is("the proof with the receipt that is asked for in it", posp.Hash{9}, lie, Unproved)
	})
}

// Receipts of a batch that came too late ride in the next one: only after that
// is a receipt left out.
func TestPlaceWaitsForTheNextBatch(t *testing.T) {
	r := posp.Receipt{Epoch: 3}
	last := schedule.Close(4)
	if s := Place(schedule, r, posp.Hash{}, nil, nil, last-1); s != Waiting {
		t.Errorf("in time: %s", s)
	}
	if s := Place(schedule, r, posp.Hash{}, nil, nil, last); s != Uncovered {
		t.Errorf("too late: %s", s)
	}
}

// Every code of an alarm is in the manual, on the side on which it counts.
func TestCodesAreInTheManual(t *testing.T) {
	text, err := os.ReadFile("../../docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	above, rest, ok := strings.Cut(string(text), "\n### Alarms of auditors\n")
	wrong, unknown, ok2 := strings.Cut(rest, "\nSomething could not be told (and `EPOCH-VOID`, above):\n")
	if !ok || !ok2 {
		t.Fatal("docs/failures.md has not the two tables")
	}
	unknown, _, _ = strings.Cut(unknown, "\n## ")
	const void = "\n| `EPOCH-VOID` |"
	if !strings.Contains(above, void) {
		t.Error("docs/failures.md does not have EPOCH-VOID above")
	}
	unknown += void
	for code, isWrong := range Codes() {
		row := "\n| `" + string(code) + "` |"
		if strings.Contains(wrong, row) != isWrong || strings.Contains(unknown, row) == isWrong {
			t.Errorf("docs/failures.md does not have %s where it belongs", code)
		}
	}
	if n := strings.Count(wrong+unknown, "\n| `"); n != len(Codes()) {
		t.Errorf("docs/failures.md has %d codes, there are %d", n, len(Codes()))
	}
}
