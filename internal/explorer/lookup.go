package explorer

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// What is kept of what was looked up, newest epochs first.
const (
	maxSamples  = 1 << 20 // by id, 16 bytes each
	maxReceipts = 1 << 18 // by hash
	maxSigned   = 256     // certificates, of which a transaction is read each
	maxLines    = 1 << 18 // of epochs' results, as they were asked for
	maxProved   = 1 << 17 // lines of an epoch up to which a line's proof is computed here
	maxMoves    = 1 << 12 // of disputes, of which a transaction is read each
)

// lookups are what the events do not say. They are facts of epochs that do not
// change any more; after a reorganisation, which might say otherwise, they are
// looked up again.
type lookups struct {
	generation int
	info       map[posp.Address]posp.ProviderInfo
	keysOf     uint64                 // the epoch that their receipt keys are of
	tables     map[uint64]*posp.Table // of epochs whose table was computed before the first event
	signed     map[uint64]*signed
	draws      map[uint64]*draw
	receipts   map[posp.Hash]place
	read       map[uint64]bool // epochs whose receipts are among them
	lines      map[uint64]*lines
	order      []uint64 // of lines, the one used last at the end

	transactions map[posp.Hash]*Transaction // of moves of disputes
}

// signed is who signed a certificate.
type signed struct {
	nonSigners []posp.Address
	gas        uint64
	unread     bool // it was submitted through another contract
}

// place is where a sample stands in its epoch: batches ascending by id, in each
// by j; then demands, likewise, each as a batch of one.
type place struct {
	epoch uint64
	batch uint32
	j     uint32
}

// draw is an epoch's samples by the first bytes of their ids.
type draw struct {
	counts []uint64 // of each batch and demand
	ids    []drawn  // ascending by prefix
}

type drawn struct {
	prefix   uint64
	batch, j uint32
}

// lines are an epoch's result as the aggregator derived it.
type lines struct {
	result posp.Result
	list   []posp.SampleResult
	tree   *merkle.Tree // nil where there are too many
}

func newLookups() lookups {
	return lookups{info: map[posp.Address]posp.ProviderInfo{}, tables: map[uint64]*posp.Table{}, signed: map[uint64]*signed{}, draws: map[uint64]*draw{},
		receipts: map[posp.Hash]place{}, read: map[uint64]bool{}, lines: map[uint64]*lines{}, transactions: map[posp.Hash]*Transaction{}}
}

func (l *lookups) forget(*index) {
	generation := l.generation + 1
	*l = newLookups()
	l.generation = generation
}

// lookUp looks up what is missing whenever something may be, until ctx ends.
func (x *Explorer) lookUp(ctx context.Context) {
	retry := time.NewTicker(5 * time.Second) // what failed, and what the aggregator derived in between
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.wake:
		case <-retry.C:
		}
		if _, err := x.fixed(ctx); err != nil {
			x.log.Debug("parameters not read, trying again", zap.Error(err))
		}
		for _, look := range []func(context.Context) (string, error){x.lookUpProviders, x.lookUpTables, x.lookUpDraws, x.lookUpSigners, x.lookUpReceipts, x.lookUpMoves} {
			topic, err := look(ctx)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				x.log.Debug("not looked up, trying again", zap.Error(err))
			}
			if topic != "" {
				x.mu.RLock()
				h := x.head
				x.mu.RUnlock()
				x.hub.publish(change{Block: h.Block, Time: h.Time, Topics: []string{topic}})
			}
		}
	}
}

// learn writes down what was looked up, unless the chain was reorganised meanwhile.
func (x *Explorer) learn(generation int, write func(l *lookups)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.found.generation == generation {
		write(&x.found)
	}
}

// lookUpProviders reads the receipt keys of the epoch that serves now, and the
// registrations that lie before the first event.
func (x *Explorer) lookUpProviders(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation, epoch := x.found.generation, x.cfg.Parameters.Schedule.EpochAt(x.head.Block)
	var unknown []posp.Address
	for a := range x.index.providers {
		if _, ok := x.found.info[a]; !ok || x.found.keysOf != epoch {
			unknown = append(unknown, a)
		}
	}
	x.mu.RUnlock()
	for _, a := range unknown {
		info, ok, e := x.chain.Provider(ctx, a, epoch)
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		if ok {
			topic = "providers"
			x.learn(generation, func(l *lookups) { l.info[a] = info })
		}
	}
	if err == nil {
		x.learn(generation, func(l *lookups) { l.keysOf = epoch })
	}
	return topic, err
}

// tableOf is the table by which an epoch counts, nil where it is not known. The
// lock is held.
func (x *Explorer) tableOf(epoch uint64) *posp.Table {
	close := x.cfg.Parameters.Schedule.Close(epoch)
	if x.head.Block < close {
		return nil
	}
	if t := x.index.tableBefore(close); t != nil {
		return &t.Table
	}
	return x.found.tables[epoch]
}

// lookUpTables reads the tables that were computed before the first event.
func (x *Explorer) lookUpTables(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation := x.found.generation
	var unknown []uint64
	for n := range x.index.epochs {
		if x.head.Block >= x.cfg.Parameters.Schedule.Close(n) && x.tableOf(n) == nil {
			unknown = append(unknown, n)
		}
	}
	x.mu.RUnlock()
	for _, n := range unknown {
		t, ok, e := x.chain.TableAt(ctx, x.cfg.Parameters.Schedule.Close(n)-1)
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		if ok {
			topic = "operators"
			x.learn(generation, func(l *lookups) { l.tables[n] = &t })
		}
	}
	return topic, err
}

// newest are the epochs of the index for which want holds, newest first. The
// lock is held.
func (x *Explorer) newest(want func(*epoch) bool) (list []*epoch) {
	for _, e := range x.index.epochs {
		if want(e) {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *epoch) int { return cmp.Compare(b.number, a.number) })
	return list
}

// lookUpDraws draws the samples of epochs whose beacon is fixed, so that a
// sample is found by its id.
func (x *Explorer) lookUpDraws(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation := x.found.generation
	type input struct {
		epoch   uint64
		beacon  posp.Hash
		batches []posp.BatchRecord
		demands []*demand
	}
	var missing []input
	room := maxSamples
	for _, e := range x.newest(func(e *epoch) bool { return e.beaconAt != nil }) {
		n := len(e.demands)
		in := input{epoch: e.number, beacon: e.beacon, demands: slices.Clone(e.demands)}
		for _, b := range e.batches {
			n += int(sampler.Count(b.LeafCount, b.Rate))
			in.batches = append(in.batches, b.BatchRecord)
		}
		if room -= n; room < 0 {
			break
		}
		if x.found.draws[e.number] == nil {
			missing = append(missing, in)
		}
	}
	x.mu.RUnlock()
	for _, in := range missing {
		if ctx.Err() != nil {
			return topic, ctx.Err()
		}
		d := &draw{}
		for i, b := range in.batches {
			k := sampler.Count(b.LeafCount, b.Rate)
			s, e := sampler.New(posp.Seed(x.cfg.Domain, in.epoch, b.ID, in.beacon), b.LeafCount, k)
			if e != nil {
				return topic, e
			}
			d.counts = append(d.counts, k)
			for j, leaf := range s.All() {
				id := posp.SampleID(b.ID, j, leaf)
				d.ids = append(d.ids, drawn{binary.BigEndian.Uint64(id[:]), uint32(i), uint32(j)})
			}
		}
		for i, o := range in.demands {
			d.counts = append(d.counts, 1)
			if id := o.sampleID(); o.batch != nil {
				d.ids = append(d.ids, drawn{binary.BigEndian.Uint64(id[:]), uint32(len(in.batches) + i), 0})
			}
		}
		slices.SortFunc(d.ids, func(a, b drawn) int { return cmp.Compare(a.prefix, b.prefix) })
		topic = "epochs"
		x.learn(generation, func(l *lookups) {
			l.draws[in.epoch] = d
			total := 0
			for _, o := range l.draws {
				total += len(o.ids)
			}
			for total > maxSamples { // the oldest go first
				oldest := in.epoch
				for n := range l.draws {
					oldest = min(oldest, n)
				}
				total -= len(l.draws[oldest].ids)
				delete(l.draws, oldest)
			}
		})
	}
	return topic, nil
}

// lookUpSigners reads who did not sign out of the transactions of certificates.
func (x *Explorer) lookUpSigners(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation := x.found.generation
	type wanted struct {
		epoch   uint64
		members []posp.Member
	}
	var unknown []wanted
	for i, e := range x.newest(func(e *epoch) bool { return e.certificate != nil }) {
		if i == maxSigned {
			break
		}
		if t := x.tableOf(e.number); t != nil && x.found.signed[e.number] == nil {
			unknown = append(unknown, wanted{e.number, t.Members})
		}
	}
	x.mu.RUnlock()
	for _, w := range unknown {
		c, ok, e := x.chain.Certificate(ctx, w.epoch)
		s := &signed{gas: c.GasUsed}
		switch {
		case errors.Is(e, chain.ErrIndirect):
			s.unread = true
		case e != nil:
			err = errors.Join(err, e)
			continue
		case !ok:
			continue
		}
		for _, row := range c.NonSigners {
			if row < uint64(len(w.members)) {
				s.nonSigners = append(s.nonSigners, w.members[row].Operator)
			}
		}
		topic = "epochs"
		x.learn(generation, func(l *lookups) { l.signed[w.epoch] = s })
	}
	return topic, err
}

// lookUpReceipts reads the hashes of the receipts that were sampled.
func (x *Explorer) lookUpReceipts(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation := x.found.generation
	room := maxReceipts
	var unknown []uint64
	for _, e := range x.newest(func(e *epoch) bool { return e.certificate != nil && x.found.draws[e.number] != nil }) {
		if room -= len(x.found.draws[e.number].ids); room < 0 {
			break
		}
		if !x.found.read[e.number] {
			unknown = append(unknown, e.number)
		}
	}
	x.mu.RUnlock()
	for _, n := range unknown {
		of := map[uint32]posp.Hash{}
		ok, e := x.archive.Receipts(ctx, n, func(ordinal uint32, r posp.SignedReceipt) error {
			of[ordinal] = r.Digest(x.cfg.Domain)
			return ctx.Err()
		})
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		if !ok {
			continue // another aggregator certified it: this one may hold nothing
		}
		topic = "receipts"
		x.learn(generation, func(l *lookups) {
			d := l.draws[n]
			if d == nil {
				return
			}
			for ordinal, hash := range of {
				if batch, j, ok := d.at(ordinal); ok {
					l.receipts[hash] = place{n, batch, j}
				}
			}
			l.read[n] = true
			for len(l.receipts) > maxReceipts {
				oldest := n
				for e := range l.read {
					oldest = min(oldest, e)
				}
				if oldest == n {
					break
				}
				for h, p := range l.receipts {
					if p.epoch == oldest {
						delete(l.receipts, h)
					}
				}
				delete(l.read, oldest)
			}
		})
	}
	return topic, err
}

// lookUpMoves reads who sent the moves of disputes, and what they cost.
func (x *Explorer) lookUpMoves(ctx context.Context) (topic string, err error) {
	x.mu.RLock()
	generation := x.found.generation
	wanted := map[posp.Hash]bool{}
	var unknown []posp.Hash
	for _, d := range slices.Backward(x.index.disputeOrder) {
		if len(wanted)+len(d.moves) > maxMoves {
			break
		}
		for _, m := range d.moves {
			if !wanted[m.Tx] && x.found.transactions[m.Tx] == nil {
				unknown = append(unknown, m.Tx)
			}
			wanted[m.Tx] = true
		}
	}
	x.mu.RUnlock()
	for _, id := range unknown {
		t, e := x.chain.Transaction(ctx, id)
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		topic = "disputes"
		x.learn(generation, func(l *lookups) { l.transactions[id] = &t })
	}
	x.learn(generation, func(l *lookups) {
		maps.DeleteFunc(l.transactions, func(id posp.Hash, _ *Transaction) bool { return !wanted[id] })
	})
	return topic, err
}

// at is where the sample of an ordinal stands.
func (d *draw) at(ordinal uint32) (batch, j uint32, ok bool) {
	rest := uint64(ordinal)
	for i, n := range d.counts {
		if rest < n {
			return uint32(i), uint32(rest), true
		}
		rest -= n
	}
	return 0, 0, false
}

// first is the ordinal of a batch's first sample.
func (d *draw) first(batch uint32) (n uint64) {
	for _, k := range d.counts[:batch] {
		n += k
	}
	return n
}

// findSample is where a sample stands. The lock is held.
func (x *Explorer) findSample(id posp.Hash) (p place, ok bool) {
	prefix := binary.BigEndian.Uint64(id[:])
	for n, d := range x.found.draws {
		i, _ := slices.BinarySearchFunc(d.ids, prefix, func(o drawn, p uint64) int { return cmp.Compare(o.prefix, p) })
		for ; i < len(d.ids) && d.ids[i].prefix == prefix; i++ {
			p := place{n, d.ids[i].batch, d.ids[i].j}
			if s, err := x.sampled(p); err == nil && s.SampleID == id {
				return p, true
			}
		}
	}
	return place{}, false
}

// sampled is a sample as it was drawn, with its committee where the table is
// known. The lock is held.
func (x *Explorer) sampled(p place) (a sampler.Assignment, err error) {
	list, err := x.assigned(p.epoch, p.batch, uint64(p.j), uint64(p.j)+1)
	if err != nil {
		return a, err
	}
	if len(list) == 0 {
		return a, missing("sample %d of that batch was not drawn", p.j)
	}
	return list[0], nil
}

// assigned are the samples from <= j < to of an epoch's batch. The lock is held.
func (x *Explorer) assigned(n uint64, at uint32, from, to uint64) (list []sampler.Assignment, err error) {
	e := x.index.epochs[n]
	b, asked := e.group(at)
	if b == nil || e.beaconAt == nil {
		return nil, nil
	}
	if asked != nil {
		return x.assignedTo(e, asked)
	}
	seed := posp.Seed(x.cfg.Domain, n, b.ID, e.beacon)
	d, err := sampler.New(seed, b.LeafCount, sampler.Count(b.LeafCount, b.Rate))
	if err != nil {
		return nil, err
	}
	var committees *sampler.Committees
	table := x.tableOf(n)
	if table != nil {
		if committees, err = sampler.NewCommittees(seed, table.Members, b.Provider); err != nil {
			return nil, err
		}
	}
	var rows []int
	for j, leaf := range d.Range(from, to) {
		a := sampler.Assignment{SampleID: posp.SampleID(b.ID, j, leaf), BatchID: b.ID, J: j, Leaf: leaf, Committee: []posp.Address{}}
		if committees != nil {
			rows = committees.Append(rows[:0], j, int(x.cfg.Parameters.Committee))
			for _, r := range rows {
				a.Committee = append(a.Committee, table.Members[r].Operator)
			}
		}
		list = append(list, a)
	}
	return list, nil
}

// assignedTo is the sample of a demand. The lock is held.
func (x *Explorer) assignedTo(e *epoch, d *demand) ([]sampler.Assignment, error) {
	a := sampler.Assignment{SampleID: d.sampleID(), BatchID: d.id, Leaf: d.leaf, Committee: []posp.Address{}}
	if table := x.tableOf(e.number); table != nil {
		asked := posp.Demand{ID: d.id, Epoch: e.number, ReceiptHash: d.receiptHash, Leaf: d.leaf, Batch: d.batch.BatchRecord}
		var err error
		if a, err = sampler.AssignDemand(x.cfg.Domain, asked, e.beacon, table.Members, int(x.cfg.Parameters.Committee)); err != nil {
			return nil, err
		}
	}
	return []sampler.Assignment{a}, nil
}

// group is what a place is in: a batch, or a demand and the batch of its receipt,
// nil where that lies before the floor. None is in an epoch that is not there.
func (e *epoch) group(at uint32) (*batch, *demand) {
	switch {
	case e == nil || int(at) >= len(e.batches)+len(e.demands):
		return nil, nil
	case int(at) < len(e.batches):
		return e.batches[at], nil
	}
	d := e.demands[int(at)-len(e.batches)]
	return d.batch, d
}

// linesOf is an epoch's result, nil where this aggregator did not derive it.
// Whoever asks for one that is being read waits for that: a result has up to
// 2^20 lines, so that nobody reads one twice, nor two at once.
func (x *Explorer) linesOf(ctx context.Context, n uint64) (*lines, error) {
	x.mu.Lock()
	got := x.found.lines[n]
	generation := x.found.generation
	if got != nil {
		x.found.used(n)
	}
	x.mu.Unlock()
	if got != nil {
		return got, nil
	}
	// It goes on for the others when the first who asked leaves.
	flight := x.flights.DoChan(fmt.Sprintf("%d/%d", generation, n), func() (any, error) {
		reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), x.cfg.Timeout)
		defer cancel()
		select {
		case x.reading <- struct{}{}:
			defer func() { <-x.reading }()
		case <-reading.Done():
			return nil, reading.Err()
		}
		return x.readLines(reading, generation, n)
	})
	select {
	case r := <-flight:
		got, _ = r.Val.(*lines)
		return got, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readLines reads an epoch's result and keeps it, in place of those that were
// asked for least lately. One that is larger than what is kept at most is kept
// alone.
func (x *Explorer) readLines(ctx context.Context, generation int, n uint64) (*lines, error) {
	r, list, ok, err := x.archive.Lines(ctx, n)
	if err != nil || !ok {
		return nil, err
	}
	got := &lines{result: r, list: list}
	if len(list) <= maxProved {
		values := make([]posp.Hash, len(list))
		for i, l := range list {
			values[i] = l.LeafHash()
		}
		got.tree = merkle.New(values)
	}
	x.learn(generation, func(l *lookups) {
		l.lines[n] = got
		l.used(n)
		total := 0
		for _, o := range l.lines {
			total += len(o.list)
		}
		for total > maxLines && len(l.order) > 1 {
			total -= len(l.lines[l.order[0]].list)
			delete(l.lines, l.order[0])
			l.order = l.order[1:]
		}
	})
	return got, nil
}

func (l *lookups) used(n uint64) {
	l.order = append(slices.DeleteFunc(l.order, func(o uint64) bool { return o == n }), n)
}

// share is part of total, 0 where that is.
func share(part, total *big.Int) float64 {
	if part == nil || total == nil || total.Sign() == 0 {
		return 0
	}
	v, _ := new(big.Rat).SetFrac(part, total).Float64()
	return v
}
