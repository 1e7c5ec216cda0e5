package aggregator

import (
	"context"
	"encoding/binary"

	"github.com/proof-of-sampling/posp"
)

// pageSize is what a page holds at least, if there is as much: an epoch may have
// a million samples, and is never in memory for one reader. Pages end between
// chunks, of which one item may make a large one.
const pageSize = 512 << 10

// CommitmentsPage is Commitments in pages: from the first one (from is nil) to
// the last (next is nil). An operator's items may be on several.
func (a *Aggregator) CommitmentsPage(ctx context.Context, epoch uint64, from []byte) (page []posp.Commitments, next []byte, frozen bool, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase == phaseOpen {
		return nil, nil, false, err
	}
	page, next, err = loadPage(ctx, a.ledger, epoch, dutyCommitments, from, pageSize, asCommitments)
	return page, next, err == nil, err
}

// RevealsPage is Reveals in pages.
func (a *Aggregator) RevealsPage(ctx context.Context, epoch uint64, from []byte, by *posp.ReadRequest) (page []posp.Reveals, next []byte, final bool, err error) {
	if ok, err := a.readable(ctx, epoch, by); err != nil || !ok {
		return nil, nil, false, err
	}
	if page, next, err = loadPage(ctx, a.ledger, epoch, dutyReveals, from, pageSize, asReveals); err != nil {
		return nil, nil, false, err
	}
	if err := a.withhold(ctx, epoch, by, page); err != nil {
		return nil, nil, false, err
	}
	return page, next, true, nil
}

// SamplesPage is the lines of an epoch's result in pages, by (batch, j).
func (a *Aggregator) SamplesPage(ctx context.Context, epoch uint64, from []byte) (page []posp.SampleResult, next []byte, ok bool, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase != phaseDerived {
		return nil, nil, false, err
	}
	piece, err := number(from)
	if err != nil {
		return nil, nil, false, err
	}
	for size := 0; size < pageSize; piece++ {
		body, ok, err := a.ledger.piece(ctx, epoch, piece)
		if err != nil {
			return nil, nil, false, err
		}
		if !ok {
			return page, nil, true, nil
		}
		if page, err = decodeResults(page, body); err != nil {
			return nil, nil, false, err
		}
		size += len(body)
	}
	return page, binary.BigEndian.AppendUint32(nil, piece), true, nil
}

// loadPage reads messages of a duty, ascending by operator, each with those of
// its items that are on the page. from is an operator and a chunk of its message.
func loadPage[T any](ctx context.Context, l ledger, epoch uint64, d duty, from []byte, enough int, as func(uint64, header, []item) T) (page []T, next []byte, err error) {
	var operator posp.Address
	if len(from) > 0 {
		if len(from) != len(operator)+4 {
			return nil, nil, errFrom
		}
		operator, from = posp.Address(from[:len(operator)]), from[len(operator):]
	}
	first, err := number(from)
	if err != nil {
		return nil, nil, err
	}
	list, err := l.headers(ctx, epoch, d, stands)
	if err != nil {
		return nil, nil, err
	}
	size := 0
	for _, h := range list {
		if h.operator.Cmp(operator) < 0 {
			continue
		}
		n := uint32(0)
		if h.operator == operator {
			n = first
		}
		var items []item
		for begun := n; ; n++ {
			body, ok, err := l.body(ctx, epoch, d, h.operator, stands, int(n))
			if err != nil {
				return nil, nil, err
			}
			if !ok {
				if begun == 0 || n > begun {
					page = append(page, as(epoch, h, items))
				}
				break
			}
			more, err := decodeItems(body)
			if err != nil {
				return nil, nil, err
			}
			items = append(items, more...)
			if size += len(body); size >= enough {
				return append(page, as(epoch, h, items)), binary.BigEndian.AppendUint32(h.operator.Bytes(), n+1), nil
			}
		}
	}
	return page, nil, nil
}

var errFrom = posp.Invalidf("from is not the next of a page")

func number(from []byte) (uint32, error) {
	if len(from) == 0 {
		return 0, nil
	}
	if len(from) != 4 {
		return 0, errFrom
	}
	return binary.BigEndian.Uint32(from), nil
}
