package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Ref names a block.
type Ref struct {
	Number uint64      `json:"number"`
	Hash   common.Hash `json:"hash"`
}

// Cursor is how far a follower has come: the newest of the blocks that it handed on, ascending, so that it finds its way back
// after a reorganisation. Empty means nowhere yet.
type Cursor []Ref

// maxRefs is how many blocks a cursor remembers. A reorganisation below them all begins from the beginning.
const maxRefs = 128

// Span is what happened in the blocks From to To, both included.
type Span struct {
	// Rewind says that the chain was reorganised: what came of block From and later ones is to be forgotten first. There
	// are no blocks in such a span; those that took their place follow.
	Rewind   bool
	From, To uint64
	Logs     []types.Log // in the order of the chain
	Cursor   Cursor      // after this span: to be written down in one transaction with what comes of it
}

// Sink takes spans, in order and each once. After an error the follower asks for the cursor again.
type Sink interface {
	// Cursor is that of the newest span that was taken; empty if none was.
	Cursor(ctx context.Context) (Cursor, error)
	Take(ctx context.Context, s Span) error
}

// Follower hands a chain's logs to a sink, block by block, and says when blocks were replaced by others. It is safe for
// concurrent use.
type Follower struct {
	chain *Client
	query ethereum.FilterQuery
	from  uint64
	depth uint64
	sink  Sink

	mu     sync.Mutex
	loaded bool
	cursor Cursor
}

// NewFollower follows the logs that match the addresses and topics of q from a block on. A block is handed on once depth
// others are on top of it: only deeper reorganisations are seen then.
func NewFollower(c *Client, q ethereum.FilterQuery, from, depth uint64, sink Sink) *Follower {
	return &Follower{chain: c, query: q, from: from, depth: depth, sink: sink}
}

// Run follows until ctx ends or the sink fails. What the chain does not answer is asked again at the next block.
func (f *Follower) Run(ctx context.Context) error {
	for range f.chain.Blocks(ctx) {
		if err := f.Sync(ctx); ctx.Err() == nil && errors.Is(err, errSink) {
			return err
		}
	}
	return nil
}

// errSink is inside the errors of a sink.
var errSink = errors.New("take blocks")

// Sync hands on everything up to the block that has depth others on top of it.
func (f *Follower) Sync(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.loaded {
		c, err := f.sink.Cursor(ctx)
		if err != nil {
			return fmt.Errorf("%w: read cursor: %w", errSink, err)
		}
		f.cursor, f.loaded = c, true
	}
	head, err := f.chain.BlockNumber(ctx)
	if err != nil {
		return fmt.Errorf("follow the chain: %w", err)
	}
	target := head - min(head, f.depth)
	for {
		next, err := f.rewind(ctx)
		if err != nil {
			return fmt.Errorf("follow the chain: %w", err)
		}
		if next > target {
			return nil
		}
		if err := f.advance(ctx, next, target); err != nil && !errors.Is(err, errMoved) {
			return fmt.Errorf("follow the chain: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// errMoved says that the chain was reorganised while it was read.
var errMoved = errors.New("the chain moved")

// rewind goes back to the newest block of the cursor that is still in the chain, and says which block comes next.
func (f *Follower) rewind(ctx context.Context) (next uint64, err error) {
	k := len(f.cursor)
	for ; k > 0; k-- {
		h, err := f.chain.HeaderByNumber(ctx, new(big.Int).SetUint64(f.cursor[k-1].Number))
		if err != nil && !errors.Is(err, ethereum.NotFound) {
			return 0, err
		}
		if err == nil && h.Hash() == f.cursor[k-1].Hash {
			break
		}
	}
	next = f.from
	if k > 0 {
		next = f.cursor[k-1].Number + 1
	}
	if k == len(f.cursor) {
		return next, nil
	}
	return next, f.take(ctx, Span{Rewind: true, From: next, To: next - min(next, 1), Cursor: slices.Clone(f.cursor[:k])})
}

// advance hands on the blocks next..target, or the first part of them.
func (f *Follower) advance(ctx context.Context, next, target uint64) error {
	to := min(target, next+logStep-1)
	first, err := f.header(ctx, next)
	if err != nil {
		return err
	}
	if n := len(f.cursor); n > 0 && first.ParentHash != f.cursor[n-1].Hash {
		return errMoved
	}
	last := first
	if to > next {
		if last, err = f.header(ctx, to); err != nil {
			return err
		}
	}
	logs, err := f.chain.Logs(ctx, f.query, next, to)
	if err != nil {
		return err
	}
	// If its end is the same after as before, the branch is the same, and so are its logs.
	if again, err := f.header(ctx, to); err != nil {
		return err
	} else if again.Hash() != last.Hash() {
		return errMoved
	}
	for _, l := range logs {
		if l.BlockNumber < next || l.BlockNumber > to || l.Removed {
			return fmt.Errorf("the node shows a log of block %d among those of %d to %d", l.BlockNumber, next, to)
		}
	}
	cursor := append(slices.Clone(f.cursor), Ref{next, first.Hash()})
	if to > next {
		cursor = append(cursor, Ref{to, last.Hash()})
	}
	return f.take(ctx, Span{From: next, To: to, Logs: logs, Cursor: cursor[max(0, len(cursor)-maxRefs):]})
}

// header is a block's; one that is gone again means that the chain moved.
func (f *Follower) header(ctx context.Context, number uint64) (*types.Header, error) {
	h, err := f.chain.HeaderByNumber(ctx, new(big.Int).SetUint64(number))
	if errors.Is(err, ethereum.NotFound) {
		return nil, fmt.Errorf("header of block %d: %w", number, err)
	}
	return h, err
}

func (f *Follower) take(ctx context.Context, s Span) error {
	if err := f.sink.Take(ctx, s); err != nil {
		f.loaded = false
		return fmt.Errorf("%w: %w", errSink, err)
	}
	f.cursor = s.Cursor
	return nil
}

// events keeps logs in memory: a sink that begins from the beginning.
type events struct {
	mu     sync.Mutex
	cursor Cursor
	logs   []types.Log
}

func (e *events) Cursor(context.Context) (Cursor, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cursor, nil
}

func (e *events) Take(_ context.Context, s Span) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.Rewind {
		k, _ := slices.BinarySearchFunc(e.logs, s.From, func(l types.Log, from uint64) int {
			if l.BlockNumber < from {
				return -1
			}
			return 1
		})
		e.logs = slices.Clone(e.logs[:k]) // readers may hold the old ones
	}
	e.logs, e.cursor = append(e.logs, s.Logs...), s.Cursor
	return nil
}

// of are the logs of one kind.
func (e *events) of(kind common.Hash) (list []types.Log) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.logs {
		if len(l.Topics) > 0 && l.Topics[0] == kind {
			list = append(list, l)
		}
	}
	return list
}
