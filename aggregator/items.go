package aggregator

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// item is one line of commitments or reveals, as it is kept: under the number
// of its sample in the epoch (batches ascending by id, in each by j). Messages
// are kept in that order, which is the order of the derivation, in chunks of
// about chunkSize: an epoch is derived with one chunk of each message in memory.
type item struct {
	ordinal uint32
	sample  posp.Hash
	word    posp.Hash // commitments: the commitment; reveals: the salt

	// Of reveals:
	evidence []byte
	opening  *posp.Opening      // with the first reveal of a sample that carried it
	part     *posp.EvidencePart // likewise
}

const chunkSize = 64 << 10

var errDamaged = errors.New("a stored message is damaged")

// encodeItems sorts items by ordinal and writes them into chunks:
//
//	ordinal 4, sample 32, word 32, then three times length 4 and bytes:
//	evidence, opening, encoding of the provider's evidence with its salt.
//
// An opening is its prompt's tokens and its output's (length 4, 4 bytes each), and the rest of it in JSON.
func encodeItems(items []item) (chunks [][]byte, err error) {
	slices.SortFunc(items, func(a, b item) int { return int(int64(a.ordinal) - int64(b.ordinal)) })
	var open []byte
	for i := range items {
		it := &items[i]
		if len(open) >= chunkSize {
			chunks, open = append(chunks, open), nil
		}
		if open == nil {
			open = make([]byte, 0, chunkSize+8<<10)
		}
		open = binary.BigEndian.AppendUint32(open, it.ordinal)
		open = append(append(open, it.sample[:]...), it.word[:]...)
		open = appendBytes(open, it.evidence)
		var opening, part []byte
		if it.opening != nil {
			if opening, err = encodeOpening(*it.opening); err != nil {
				return nil, err
			}
		}
		if it.part != nil {
			part = append(it.part.Evidence.Encode(), it.part.Salt[:]...)
		}
		open = appendBytes(appendBytes(open, opening), part)
	}
	if open != nil {
		chunks = append(chunks, open)
	}
	return chunks, nil
}

func appendBytes(b, value []byte) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}

// encodeOpening writes tokens as they are: in JSON they would take most of the
// time of a derivation.
func encodeOpening(o posp.Opening) ([]byte, error) {
	prompt, output := o.Request.Tokens, o.Output.Tokens
	o.Request.Tokens, o.Output.Tokens = nil, nil
	rest, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 8+4*len(prompt)+4*len(output)+len(rest))
	for _, tokens := range [][]uint32{prompt, output} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(tokens)))
		for _, t := range tokens {
			b = binary.BigEndian.AppendUint32(b, t)
		}
	}
	return append(b, rest...), nil
}

func decodeOpening(b []byte) (*posp.Opening, error) {
	var tokens [2][]uint32
	for i := range tokens {
		if len(b) < 4 || uint64(len(b)-4) < 4*uint64(binary.BigEndian.Uint32(b)) {
			return nil, errDamaged
		}
		if n := int(binary.BigEndian.Uint32(b)); n > 0 {
			tokens[i] = make([]uint32, n)
		}
		b = b[4:]
		for j := range tokens[i] {
			tokens[i][j] = binary.BigEndian.Uint32(b[4*j:])
		}
		b = b[4*len(tokens[i]):]
	}
	o := new(posp.Opening)
	if err := json.Unmarshal(b, o); err != nil {
		return nil, err
	}
	o.Request.Tokens, o.Output.Tokens = tokens[0], tokens[1]
	return o, nil
}

// decodeItems reads a chunk. Evidence is part of it, not a copy.
func decodeItems(chunk []byte) (items []item, err error) {
	take := func(n int) []byte {
		if n < 0 || len(chunk) < n {
			err, chunk = errDamaged, nil
			return make([]byte, min(max(n, 4), 32)) // what is fixed has at most 32 bytes
		}
		b := chunk[:n:n]
		chunk = chunk[n:]
		return b
	}
	field := func() []byte {
		n := binary.BigEndian.Uint32(take(4))
		if err != nil || uint64(n) > uint64(len(chunk)) {
			err, chunk = errDamaged, nil
			return nil
		}
		return take(int(n))
	}
	for len(chunk) > 0 {
		it := item{ordinal: binary.BigEndian.Uint32(take(4)), sample: posp.Hash(take(32)), word: posp.Hash(take(32)), evidence: field()}
		opening, part := field(), field()
		if err == nil && len(opening) > 0 {
			it.opening, err = decodeOpening(opening)
		}
		if err == nil && len(part) > 0 {
			if len(part) < 32 {
				return nil, errDamaged
			}
			it.part = &posp.EvidencePart{Salt: posp.Hash(part[len(part)-32:])}
			it.part.Evidence, err = posp.DecodeEvidence(part[:len(part)-32])
		}
		if err != nil {
			return nil, errors.Join(errDamaged, err)
		}
		items = append(items, it)
	}
	return items, nil
}

func bySample(a, b item) int { return a.sample.Cmp(b.sample) }

// asCommitments is a message as its sender signed it.
func asCommitments(epoch uint64, h header, items []item) posp.Commitments {
	slices.SortFunc(items, bySample)
	c := posp.Commitments{Operator: h.operator, Epoch: epoch, Signature: h.signature, Items: make([]posp.SampleCommitment, len(items))}
	for i, it := range items {
		c.Items[i] = posp.SampleCommitment{SampleID: it.sample, Commitment: it.word}
	}
	return c
}

// asReveals is a message as its sender signed it, with those openings and
// evidence parts that it was the first to carry.
func asReveals(epoch uint64, h header, items []item) posp.Reveals {
	slices.SortFunc(items, bySample)
	r := posp.Reveals{Operator: h.operator, Epoch: epoch, Signature: h.signature, Items: make([]posp.Reveal, len(items))}
	for i, it := range items {
		r.Items[i] = posp.Reveal{SampleID: it.sample, Salt: it.word, Evidence: it.evidence, Opening: it.opening, Provider: it.part}
	}
	return r
}
