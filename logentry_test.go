package posp

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestLogEntryEncodesAsDocumented(t *testing.T) {
	e := LogEntry{Kind: LogResult, Epoch: 7, Subject: Address{0xab, 19: 1}, Digest: Hash{0xcd, 31: 2}}
	const want = "posp.log.v1 result 7 0xab00000000000000000000000000000000000001 0xcd00000000000000000000000000000000000000000000000000000000000002"
	if got := string(e.Encode()); got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	for _, text := range []string{
		"", want + " ", want + "\n", " " + want, want[:len(want)-1], want + "0",
		"posp.log.v2" + want[11:], "posp.log.v1 results" + want[18:], "posp.log.v1 result 07" + want[20:], "posp.log.v1 result -7" + want[20:],
		"posp.log.v1 result +7" + want[20:], "posp.log.v1 result 18446744073709551616" + want[20:],
		"posp.log.v1 result 7 0xAB" + want[25:], "posp.log.v1 result 7 ab" + want[25:],
	} {
		if _, err := ParseLogEntry([]byte(text)); !errors.As(err, new(*ValidationError)) {
			t.Errorf("%q: error %v, want a refusal", text, err)
		}
	}
}

func TestLogEntryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := LogEntry{Kind: rapid.SampledFrom(LogKinds).Draw(t, "kind"), Epoch: rapid.Uint64().Draw(t, "epoch"),
			Subject: Address(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "subject")), Digest: Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))}
		got, err := ParseLogEntry(e.Encode())
		if err != nil || got != e {
			t.Fatalf("%+v, %v; want %+v", got, err, e)
		}
	})
}

func FuzzParseLogEntry(f *testing.F) {
	f.Add(LogEntry{Kind: LogBatch, Epoch: 1}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := ParseLogEntry(b); err == nil && string(e.Encode()) != string(b) {
			t.Errorf("%q was read as %+v", b, e)
		}
	})
}
