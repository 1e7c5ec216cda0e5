package aggregator

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// stream reads one message's items in order, with one chunk in memory.
type stream struct {
	ledger   ledger
	epoch    uint64
	duty     duty
	operator posp.Address
	next     int // chunk
	items    []item
	ended    bool
}

// at is the item of a sample, nil if there is none. Samples are asked for in
// ascending order.
func (s *stream) at(ctx context.Context, ordinal uint32) (*item, error) {
	for {
		for len(s.items) > 0 && s.items[0].ordinal < ordinal {
			s.items = s.items[1:]
		}
		if len(s.items) > 0 {
			if s.items[0].ordinal == ordinal {
				return &s.items[0], nil
			}
			return nil, nil
		}
		if s.ended {
			return nil, nil
		}
		var ok bool
		var err error
		if s.items, ok, err = s.ledger.chunk(ctx, s.epoch, s.duty, s.operator, stands, s.next); err != nil {
			return nil, err
		}
		s.next, s.ended = s.next+1, !ok
	}
}

// streams are the messages of a duty, by sender.
func (a *Aggregator) streams(ctx context.Context, epoch uint64, d duty) (map[posp.Address]*stream, error) {
	senders, err := a.ledger.senders(ctx, a.ledger.db, epoch, d)
	if err != nil {
		return nil, err
	}
	all := map[posp.Address]*stream{}
	for operator := range senders {
		all[operator] = &stream{ledger: a.ledger, epoch: epoch, duty: d, operator: operator}
	}
	return all, nil
}

// derive computes a final epoch's result, reading the evidence as it goes.
// Whatever is read was verified when it was accepted.
func (a *Aggregator) derive(ctx context.Context, epoch uint64, f *epochFacts, token int64) (posp.Hash, error) {
	in := f.input(a.cfg)
	var err error
	if in.Standings, err = a.chain.StandingsBefore(ctx, epoch); err != nil {
		return posp.Hash{}, fmt.Errorf("read standings: %w", err)
	}
	commitments, err := a.streams(ctx, epoch, dutyCommitments)
	if err != nil {
		return posp.Hash{}, err
	}
	reveals, err := a.streams(ctx, epoch, dutyReveals)
	if err != nil {
		return posp.Hash{}, err
	}
	next := uint32(0) // ordinal
	held := func(s sampler.Assignment) (h verdict.Held, err error) {
		for _, operator := range s.Committee {
			var m verdict.HeldMember
			if c := commitments[operator]; c != nil {
				it, err := c.at(ctx, next)
				if err != nil {
					return h, err
				}
				if it != nil {
					m.Commitment = it.word
				}
			}
			if r := reveals[operator]; r != nil {
				it, err := r.at(ctx, next)
				if err != nil {
					return h, err
				}
				if it != nil {
					m.Revealed, m.Evidence = true, it.evidence
					if h.Opening == nil {
						h.Opening = it.opening
					}
					if h.Provider == nil && it.part != nil {
						h.Provider = &it.part.Evidence
					}
				}
			}
			h.Committee = append(h.Committee, m)
		}
		next++
		return h, nil
	}
	var body []byte
	piece := 0
	flush := func() error {
		err := a.ledger.keep(ctx, epoch, token, piece, body)
		piece, body = piece+1, body[:0]
		return err
	}
	d, err := verdict.DeriveFrom(in, held, func(_ sampler.Assignment, r posp.SampleResult) error {
		if body = appendResult(body, r); len(body) < chunkSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return posp.Hash{}, fmt.Errorf("derive result: %w", err)
	}
	if len(body) > 0 {
		if err := flush(); err != nil {
			return posp.Hash{}, err
		}
	}
	digest := d.Result.Digest(a.cfg.Authority)
	if err := a.ledger.derived(ctx, token, digest, d.Result); err != nil {
		return posp.Hash{}, err
	}
	a.log.Info("result derived", zap.Uint64("epoch", epoch), zap.Stringer("digest", digest), zap.Uint64("samples", d.Result.SampleCount), zap.Int("faults", len(d.Result.Faults)))
	return digest, nil
}

// resultSize is what a sample's result takes: id 32, verdict 1, class 1, logE 4,
// evidence hash 32.
const resultSize = 70

func appendResult(b []byte, r posp.SampleResult) []byte {
	b = append(append(b, r.SampleID[:]...), byte(r.Verdict), byte(r.Class))
	return append(binary.BigEndian.AppendUint32(b, uint32(r.LogE)), r.Evidence[:]...)
}

func decodeResults(all []posp.SampleResult, body []byte) ([]posp.SampleResult, error) {
	if len(body)%resultSize != 0 {
		return nil, errDamaged
	}
	for r := bytes.NewBuffer(body); r.Len() > 0; {
		b := r.Next(resultSize)
		all = append(all, posp.SampleResult{SampleID: posp.Hash(b[:32]), Verdict: posp.Verdict(b[32]), Class: posp.Class(b[33]),
			LogE: int32(binary.BigEndian.Uint32(b[34:])), Evidence: posp.Hash(b[38:])})
	}
	return all, nil
}
