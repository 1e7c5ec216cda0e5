package bundle

import (
	"encoding/binary"

	"github.com/proof-of-sampling/posp"
)

// writer appends big-endian values.
type writer []byte

func (w *writer) u8(x uint8)        { *w = append(*w, x) }
func (w *writer) u32(x uint32)      { *w = binary.BigEndian.AppendUint32(*w, x) }
func (w *writer) u64(x uint64)      { *w = binary.BigEndian.AppendUint64(*w, x) }
func (w *writer) hash(h posp.Hash)  { *w = append(*w, h[:]...) }
func (w *writer) put(b []byte)      { *w = append(*w, b...) }
func (w *writer) bytes(b []byte)    { w.u32(uint32(len(b))); w.put(b) }
func (w *writer) tokens(t []uint32) { w.list(len(t)); w.each(t) }
func (w *writer) list(n int)        { w.u32(uint32(n)) }
func (w *writer) each(t []uint32) {
	for _, x := range t {
		w.u32(x)
	}
}
func (w *writer) flag(b bool) {
	if b {
		w.u8(1)
	} else {
		w.u8(0)
	}
}

// reader takes what writer appended; err is the first thing that was wrong, and
// after it everything is zero.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err, r.b = posp.Invalidf(format, args...), nil
	}
}

func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.b) {
		r.fail("it ends %d bytes early", n-len(r.b))
	}
	if r.err != nil {
		return make([]byte, min(n, 128)) // of every fixed size that is asked for
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) u8() uint8          { return r.take(1)[0] }
func (r *reader) u32() uint32        { return binary.BigEndian.Uint32(r.take(4)) }
func (r *reader) u64() uint64        { return binary.BigEndian.Uint64(r.take(8)) }
func (r *reader) hash() posp.Hash    { return posp.Hash(r.take(32)) }
func (r *reader) addr() posp.Address { return posp.Address(r.take(20)) }
func (r *reader) hashes(n int) []posp.Hash {
	if n > len(r.b)/32 {
		r.fail("a list of %d hashes is longer than what holds it", n)
		return nil
	}
	list := make([]posp.Hash, n)
	for i := range list {
		list[i] = r.hash()
	}
	return list
}

// bytes is a byte string of at most limit bytes.
func (r *reader) bytes(limit uint32) []byte {
	n := r.u32()
	if n > limit {
		r.fail("%d bytes, at most %d", n, limit)
		return nil
	}
	if r.err != nil {
		return nil
	}
	return r.take(int(n))
}

// flag is 0 or 1.
func (r *reader) flag() bool {
	x := r.u8()
	if x > 1 {
		r.fail("%d is neither 0 nor 1", x)
	}
	return x == 1
}

func (r *reader) tokens() []uint32 {
	n := r.u32()
	if uint64(n) > uint64(len(r.b)/4) {
		r.fail("a list of %d tokens is longer than what holds it", n)
		return nil
	}
	list := make([]uint32, n)
	for i := range list {
		list[i] = r.u32()
	}
	return list
}

// end refuses bytes left over.
func (r *reader) end() error {
	if len(r.b) > 0 {
		r.fail("%d bytes are left over", len(r.b))
	}
	return r.err
}
