package verdict

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
)

func TestRecordsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	want := []Group{
		{"ordinary", EnginePair{"a", "b"}, honestPairs(r, 3, 9)},
		{"ordinary", EnginePair{"a", "c"}, drawnPairs(r, 2, 5, 1)},
		{"hostile", EnginePair{"a", "b"}, drawnPairs(r, 1, 7, 1)},
	}
	var file bytes.Buffer
	for _, g := range want {
		if err := WriteRecords(&file, g); err != nil {
			t.Fatal(err)
		}
	}
	// One group's pairs need not stand together, and blank lines are nothing.
	if err := WriteRecords(&file, Group{"ordinary", EnginePair{"a", "b"}, want[1].Pairs[:1]}); err != nil {
		t.Fatal(err)
	}
	want[0].Pairs = append(want[0].Pairs, want[1].Pairs[0])
	got, err := ReadRecords(io.MultiReader(strings.NewReader("\n"), &file, strings.NewReader("\n \n")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadRecordsRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 10))
	line := func(claimed, recomputed *posp.Evidence) string {
		var b bytes.Buffer
		if err := WriteRecords(&b, Group{"g", EnginePair{"a", "b"}, []Pair{{*claimed, *recomputed}}}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	out := honestOutput(r, 5)
	claim, own := out.claim(r, 0), out.recompute(r, 0)
	good := line(claim, own)
	for name, c := range map[string]struct{ file, want string }{
		"no JSON":             {good + "claimed,recomputed\n", "line 2 is no record"},
		"another JSON":        {`{"tokens":[1]}`, `line 1 is no record of an honest or cheating output: json: unknown field "tokens"`},
		"two on one line":     {strings.TrimSpace(good) + good, "line 1 holds more than one record"},
		"no name":             {strings.Replace(good, `"b"`, `""`, 1), "line 1: group, claimedBy and recomputedBy must be named"},
		"no evidence":         {`{"group":"g","claimedBy":"a","recomputedBy":"b"}`, "recomputed is of kind 0"},
		"evidence cut short":  {strings.Replace(good, `"}`, ``, 1), "line 1 is no record"},
		"bytes missing":       {strings.Replace(good, "0x0102", "0x01", 1), "line 1 is no record"},
		"not recomputed":      {line(own, claim), "line 1: recomputed is of kind 1, want 2 (full) or 3 (intervals)"},
		"of other lengths":    {line(honestOutput(r, 4).claim(r, 0), own), "line 1: 4 positions are claimed and 5 recomputed"},
		"a line without end":  {`{"group":"` + strings.Repeat("x", maxLine), "line 1 is longer than the 8388608 bytes"},
		"after a good record": {good + good + "{}", "line 3: group"},
	} {
		_, err := ReadRecords(strings.NewReader(c.file))
		var invalid *posp.ValidationError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	broken := errors.New("the disk is gone")
	var invalid *posp.ValidationError
	if _, err := ReadRecords(iotest.ErrReader(broken)); !errors.Is(err, broken) || errors.As(err, &invalid) {
		t.Errorf("a broken file: %v", err)
	}
}

func FuzzReadRecords(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 11))
	var b bytes.Buffer
	if err := WriteRecords(&b, Group{"g", EnginePair{"a", "b"}, drawnPairs(r, 2, 3, 1)}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"group":"g"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		groups, err := ReadRecords(bytes.NewReader(file))
		if err != nil {
			return
		}
		var again bytes.Buffer
		for _, g := range groups {
			if err := WriteRecords(&again, g); err != nil {
				t.Fatal(err)
			}
		}
		back, err := ReadRecords(&again)
		if diff := cmp.Diff(groups, back); err != nil || diff != "" {
			t.Fatalf("does not read back: %v %s", err, diff)
		}
	})
}
