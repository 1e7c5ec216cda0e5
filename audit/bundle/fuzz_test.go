package bundle

import (
	"bytes"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// entryText is an entry of a log with a proof, as files have it.
const entryText = "posp.log.v1 batch 3 0xabababababababababababababababababababab 0xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n" +
	"c2sp.org/tlog-proof@v1\nindex 5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"

// What is read of a log is written as the same bytes.
func FuzzParseLog(f *testing.F) {
	f.Add([]byte("a head\n"))
	f.Add([]byte(entryText + "a head\n"))
	f.Add(bytes.Replace([]byte(entryText+"a head\n"), []byte("AAA="), []byte("AAB="), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := parseLog(b); err == nil && !bytes.Equal(l.Text(), b) {
			t.Errorf("%q is written as %q", b, l.Text())
		}
	})
}

// A core that is read is written as the same bytes.
func FuzzDecodeCore(f *testing.F) {
	f.Add((&Sample{}).encode())
	f.Add((&Sample{Opened: true, Receipt: posp.SignedReceipt{Signature: make([]byte, 65)}, Proof: make([]posp.Hash, 2), Shown: true,
		Members: []Sent{{Committed: true, Revealed: true}, {}}}).encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeCore(b)
		if err == nil && !bytes.Equal(s.encode(), b) {
			t.Errorf("%x is written as %x", b, s.encode())
		}
	})
}

// Operators' messages likewise.
func FuzzDecodeMessages(f *testing.F) {
	f.Add(encodeCommitments(&posp.Commitments{Items: []posp.SampleCommitment{{SampleID: posp.Hash{1}}, {SampleID: posp.Hash{2}}}, Signature: make([]byte, 65)}))
	f.Add(encodeReveals(&Reveals{Items: []posp.Revealed{{SampleID: posp.Hash{1}}, {SampleID: posp.Hash{2}}}, Signature: make([]byte, 65)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := decodeCommitments(b); err == nil && !bytes.Equal(encodeCommitments(m), b) {
			t.Errorf("commitments %x are written otherwise", b)
		}
		if m, err := decodeReveals(b); err == nil && !bytes.Equal(encodeReveals(m), b) {
			t.Errorf("reveals %x are written otherwise", b)
		}
	})
}
