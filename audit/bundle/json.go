package bundle

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
)

// U64 is a uint64 that JSON has as a string, because many readers of JSON know
// integers up to 2^53 only.
type U64 uint64

// MarshalJSON writes the number in decimal, in quotes.
func (x U64) MarshalJSON() ([]byte, error) {
	return append(strconv.AppendUint([]byte{'"'}, uint64(x), 10), '"'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (x *U64) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := strconv.ParseUint(s, 10, 64)
	*x = U64(v)
	return err
}

// U256 is likewise a number below 2^256.
type U256 uint256.Int

// MarshalJSON writes the number in decimal, in quotes.
func (x U256) MarshalJSON() ([]byte, error) {
	v := uint256.Int(x)
	return []byte(`"` + v.Dec() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (x *U256) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	return (*uint256.Int)(x).SetFromDecimal(s)
}

// List is a list that JSON has as [] where it is empty.
type List[T any] []T

// MarshalJSON writes the list, never null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		one, err := marshal(l[i])
		if err != nil {
			return nil, err
		}
		b.Write(one)
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

// marshal is the canonical encoding of values whose structs list their fields
// in the order of their JSON names.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// plain refuses characters whose JSON has more than one way to be written.
func plain(b []byte) error {
	for i, c := range b {
		if c < 0x20 || c > 0x7e || c == '\\' {
			return posp.Invalidf("byte %d is 0x%02x: canonical JSON has printable ASCII without a backslash", i, c)
		}
	}
	return nil
}

// encode is marshal of a section.
func encode(v any) ([]byte, error) {
	b, err := marshal(v)
	if err != nil {
		return nil, err
	}
	return b, plain(b)
}

// decode reads what encode writes, and nothing else.
func decode(b []byte, into any) error {
	if err := plain(b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return posp.Invalidf("%v", err)
	}
	again, err := marshal(into)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, b) {
		return posp.Invalidf("it is not canonical JSON: keys in order, each once and none else, no white space, one way to write each value")
	}
	return nil
}
