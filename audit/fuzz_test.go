package audit

import (
	"testing"
)

// Any bytes are a head or none; none of them is one by a policy without its
// log's signature.
func FuzzParseHead(f *testing.F) {
	f.Add([]byte("log.example/a\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 log.example/a AAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := parseHead(b); err == nil && c.N < 0 {
			t.Errorf("a tree of %d entries", c.N)
		}
	})
}
