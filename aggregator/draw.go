package aggregator

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

// draw is an epoch's samples, packed: an epoch may have a million. A sample is
// known by its ordinal: batches ascending by id, in each by j, then demands
// ascending by id, as they are derived.
type draw struct {
	batches []drawn
	index   []indexed // ascending by prefix
}

// drawn is the samples of one batch, or the one of a demand.
type drawn struct {
	batch      posp.Batch
	id         posp.Hash // of the demand, of one
	receiptKey posp.Address
	first      uint32   // ordinal of j = 0
	leaves     []uint64 // by j
	size       int      // of a committee
	rows       []uint16 // of the table: the committee of j is rows[j*size:(j+1)*size]
}

type indexed struct {
	prefix  uint64 // of the sample's id
	ordinal uint32
}

func newDraw(cfg Config, k *epochFacts) (*draw, error) {
	if len(k.table.Members) > math.MaxUint16 {
		return nil, fmt.Errorf("the operator table has %d rows", len(k.table.Members))
	}
	d := &draw{}
	total := uint64(0)
	for i, b := range k.batches {
		n := sampler.Count(b.LeafCount, b.Rate)
		if total += n; total > sampler.MaxSamples {
			return nil, posp.Invalidf("epoch %d has more than %d samples", k.epoch, sampler.MaxSamples)
		}
		all, _, err := sampler.Assignments(cfg.Domain, b, k.beacon, k.table.Members, int(cfg.Parameters.Committee))
		if err != nil {
			return nil, err
		}
		s := drawn{batch: b.Batch, id: b.ID, receiptKey: k.providers[i].ReceiptKey, first: uint32(total - n), leaves: make([]uint64, 0, n)}
		d.index = slices.Grow(d.index, int(n))
		for a := range all {
			if s.rows == nil { // every committee of a batch has as many members
				s.size = len(a.Committee)
				s.rows = make([]uint16, 0, uint64(s.size)*n)
			}
			if len(a.Committee) != s.size {
				return nil, fmt.Errorf("committees of batch %s have %d and %d members", b.ID, s.size, len(a.Committee))
			}
			d.index = append(d.index, indexed{binary.BigEndian.Uint64(a.SampleID[:]), s.first + uint32(a.J)})
			s.leaves = append(s.leaves, a.Leaf)
			for _, operator := range a.Committee {
				s.rows = append(s.rows, uint16(k.member[operator]))
				k.assigned[operator]++
			}
		}
		d.batches = append(d.batches, s)
	}
	for _, demand := range k.demands {
		if total++; total > sampler.MaxSamples {
			return nil, posp.Invalidf("epoch %d has more than %d samples", k.epoch, sampler.MaxSamples)
		}
		a, err := sampler.AssignDemand(cfg.Domain, demand, k.beacon, k.table.Members, int(cfg.Parameters.Committee))
		if err != nil {
			return nil, err
		}
		s := drawn{batch: demand.Batch.Batch, id: demand.ID, receiptKey: demand.ReceiptKey, first: uint32(total - 1), leaves: []uint64{a.Leaf}, size: len(a.Committee)}
		d.index = append(d.index, indexed{binary.BigEndian.Uint64(a.SampleID[:]), s.first})
		for _, operator := range a.Committee {
			s.rows = append(s.rows, uint16(k.member[operator]))
			k.assigned[operator]++
		}
		d.batches = append(d.batches, s)
	}
	slices.SortFunc(d.index, func(a, b indexed) int {
		switch {
		case a.prefix < b.prefix:
			return -1
		case a.prefix > b.prefix:
			return 1
		}
		return int(int64(a.ordinal) - int64(b.ordinal))
	})
	return d, nil
}

// at is the batch and j of an ordinal that find gave.
func (d *draw) at(ordinal uint32) (*drawn, uint64) {
	i, found := slices.BinarySearchFunc(d.batches, ordinal, func(s drawn, o uint32) int { return int(int64(s.first) - int64(o)) })
	if !found {
		i--
	}
	for len(d.batches[i].leaves) == 0 { // an empty batch begins where the next does
		i++
	}
	return &d.batches[i], uint64(ordinal - d.batches[i].first)
}

// find is the ordinal of a sample, if the epoch has it.
func (d *draw) find(sample posp.Hash) (ordinal uint32, ok bool) {
	prefix := binary.BigEndian.Uint64(sample[:])
	i, _ := slices.BinarySearchFunc(d.index, prefix, func(x indexed, p uint64) int {
		switch {
		case x.prefix < p:
			return -1
		case x.prefix > p:
			return 1
		}
		return 0
	})
	for ; i < len(d.index) && d.index[i].prefix == prefix; i++ {
		s, j := d.at(d.index[i].ordinal)
		if posp.SampleID(s.id, j, s.leaves[j]) == sample {
			return d.index[i].ordinal, true
		}
	}
	return 0, false
}

// has says whether the operator in a row of the table recomputes a sample.
func (d *draw) has(ordinal uint32, row int) bool {
	s, j := d.at(ordinal)
	return slices.Contains(s.rows[int(j)*s.size:int(j+1)*s.size], uint16(row))
}

// carried says of which samples an opening and the provider's evidence are on
// disk: they are kept once, with whichever operator carried them first. It is
// not complete after a restart, or with replicas: then some are kept twice.
type carried struct {
	mu              sync.Mutex
	openings, parts []uint64 // bits by ordinal
}

func bit(set []uint64, i uint32) bool { return int(i/64) < len(set) && set[i/64]>>(i%64)&1 == 1 }

func (c *carried) has(ordinal uint32) (opening, part bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bit(c.openings, ordinal), bit(c.parts, ordinal)
}

// note is called when items are on disk.
func (c *carried) note(samples int, items []item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.openings == nil {
		c.openings, c.parts = make([]uint64, (samples+63)/64), make([]uint64, (samples+63)/64)
	}
	for i := range items {
		if o := items[i].ordinal; items[i].opening != nil {
			c.openings[o/64] |= 1 << (o % 64)
		}
		if o := items[i].ordinal; items[i].part != nil {
			c.parts[o/64] |= 1 << (o % 64)
		}
	}
}
