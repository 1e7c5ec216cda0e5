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

// intakeDuties are those for which an operator can sign two messages, in the order of
// EquivocationsPage.
var intakeDuties = []duty{dutyCommitments, dutyReveals, dutyShare}

// EquivocationsPage is what operators signed twice for one duty of an epoch, in
// pages, by duty and operator. A page ends between two of them, of which one is
// at most two whole messages.
func (a *Aggregator) EquivocationsPage(ctx context.Context, epoch uint64, from []byte) (page []posp.Equivocation, next []byte, err error) {
	return a.equivocations(ctx, epoch, from, pageSize)
}

// equivocations reads a page of them. from is a duty's place in intakeDuties and an
// operator.
func (a *Aggregator) equivocations(ctx context.Context, epoch uint64, from []byte, enough int) (page []posp.Equivocation, next []byte, err error) {
	var operator posp.Address
	first := 0
	if len(from) > 0 {
		if len(from) != 1+len(operator) || int(from[0]) >= len(intakeDuties) {
			return nil, nil, errFrom
		}
		first, operator = int(from[0]), posp.Address(from[1:])
	}
	size := 0
	for n, d := range intakeDuties[first:] {
		list, err := a.ledger.headers(ctx, epoch, d, contradicts)
		if err != nil {
			return nil, nil, err
		}
		for _, second := range list {
			if n == 0 && second.operator.Cmp(operator) < 0 {
				continue
			}
			if size >= enough {
				return page, append([]byte{byte(first + n)}, second.operator[:]...), nil
			}
			one, ok, err := a.ledger.header(ctx, epoch, d, second.operator, stands)
			if err != nil {
				return nil, nil, err
			}
			if !ok {
				continue // it signed one, of another result than was derived here
			}
			e, bytes, err := a.equivocation(ctx, epoch, d, one, second)
			if err != nil {
				return nil, nil, err
			}
			page, size = append(page, e), size+bytes
		}
	}
	return page, nil, nil
}

// equivocation is two messages of one duty, and about how long they are.
func (a *Aggregator) equivocation(ctx context.Context, epoch uint64, d duty, first, second header) (e posp.Equivocation, size int, err error) {
	for i, h := range []header{first, second} {
		var items []item
		if d != dutyShare {
			if items, err = a.ledger.items(ctx, epoch, d, h.operator, standing(i)); err != nil {
				return e, 0, err
			}
		}
		size += len(h.signature)
		switch d {
		case dutyCommitments:
			e.Commitments = append(e.Commitments, asCommitments(epoch, h, items))
			size += 2 * len(posp.Hash{}) * len(items)
		case dutyReveals:
			for i := range items { // the signature is of what the operator found
				items[i].opening, items[i].part = nil, nil
				size += 2*len(posp.Hash{}) + len(items[i].evidence)
			}
			e.Reveals = append(e.Reveals, asReveals(epoch, h, items))
		case dutyShare:
			e.Shares = append(e.Shares, posp.CertificateShare{Operator: h.operator, Epoch: epoch, Digest: h.digest, Signature: h.signature})
		}
	}
	return e, size, nil
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
