package inference

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"

	"github.com/proof-of-sampling/posp"
)

// NewSampling turns the parameters of an OpenAI-compatible request into the protocol's: temperature 0 is
// greedy, and then top-p and seed mean nothing; otherwise both are rounded to millionths. A server and a
// recorder in front of it must agree about this, so both use this function.
func NewSampling(temperature, topP float64, seed posp.Hash, maxTokens uint32) (posp.Sampling, error) {
	if !(temperature >= 0 && temperature <= 10) {
		return posp.Sampling{}, posp.Invalidf("temperature is %v, want 0 to 10", temperature)
	}
	if !(topP > 0 && topP <= 1) {
		return posp.Sampling{}, posp.Invalidf("top_p is %v, want more than 0 and at most 1", topP)
	}
	if temperature == 0 {
		s := posp.Sampling{Rule: posp.Greedy, MaxTokens: maxTokens}
		return s, s.Check()
	}
	s := posp.Sampling{
		Rule:             posp.Seeded,
		TemperatureMicro: max(1, uint32(math.Round(temperature*1e6))),
		TopPMicro:        max(1, uint32(math.Round(topP*1e6))),
		Seed:             seed,
		MaxTokens:        maxTokens,
	}
	return s, s.Check()
}

// Unseeded is s as a server with randomness of its own answers it: greedy stays greedy, seeded loses its seed.
func Unseeded(s posp.Sampling) posp.Sampling {
	if s.Rule == posp.Seeded {
		s.Rule, s.Seed = posp.Unseeded, posp.Hash{}
	}
	return s
}

// Seed is the seed of a request in JSON: an integer, which fills the last 8 bytes, or 64 hexadecimal digits.
type Seed posp.Hash

// UnmarshalJSON reads either form.
func (s *Seed) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != len(s) {
			return posp.Invalidf("seed is %q, want an integer or 64 hexadecimal digits", text)
		}
		copy(s[:], raw)
		return nil
	}
	var bits uint64
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		bits = uint64(n) // as two's complement
	} else if bits, err = strconv.ParseUint(string(b), 10, 64); err != nil {
		return posp.Invalidf("seed is %.80s, want an integer of 64 bits or a string of 64 hexadecimal digits", b)
	}
	*s = Seed{}
	binary.BigEndian.PutUint64(s[24:], bits)
	return nil
}
