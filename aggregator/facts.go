package aggregator

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/verdict"
)

// epochFacts is what the chain says about an epoch once its beacon is fixed.
// None of it can change any more.
type epochFacts struct {
	epoch     uint64
	beacon    posp.Hash
	table     posp.Table
	batches   []posp.BatchRecord // ascending by id
	providers []posp.ProviderInfo
	demands   []posp.Demand // ascending by id

	member   map[posp.Address]int // row of the table
	assigned map[posp.Address]int // how many samples each operator has to recompute
	draw     *draw
	carried  carried
}

// input is everything of a derivation that comes from the chain, without the
// standings.
func (f *epochFacts) input(cfg Config) verdict.EpochInput {
	return verdict.EpochInput{Domain: cfg.Domain, Authority: cfg.Authority, Epoch: f.epoch, Beacon: f.beacon, Parameters: cfg.Parameters,
		Table: f.table, Batches: f.batches, Demands: f.demands, Providers: f.providers, Specs: cfg.Specs}
}

// keptEpochs is of how many epochs the facts are kept: those in work overlap.
const keptEpochs = 8

// keptSamples is of how many samples, about 30 bytes each, the facts are kept.
const keptSamples = 5 << 19 // of two epochs with as many as there may be

// facts reads and keeps the facts of the epochs in work.
type facts struct {
	cfg   Config
	chain Chain

	mu   sync.Mutex // also while one is read: one at a time
	kept []*epochFacts
}

// of is an epoch's facts; ok once its beacon is fixed and its table known.
func (f *facts) of(ctx context.Context, epoch uint64) (*epochFacts, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.kept {
		if k.epoch == epoch {
			return k, true, nil
		}
	}
	k, ok, err := f.read(ctx, epoch)
	if err != nil || !ok {
		return nil, false, err
	}
	f.kept = append(f.kept, k)
	samples := 0
	for i := len(f.kept) - 1; i >= 0; i-- {
		if samples += len(f.kept[i].draw.index); i < len(f.kept)-1 && (samples > keptSamples || len(f.kept)-i > keptEpochs) {
			f.kept = slices.Delete(f.kept, 0, i+1)
			break
		}
	}
	return k, true, nil
}

// batches are an epoch's batches, also before its beacon is fixed.
func (f *facts) batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	if k, ok, err := f.of(ctx, epoch); err != nil || ok {
		if err != nil {
			return nil, err
		}
		return k.batches, nil
	}
	b, err := f.chain.Batches(ctx, epoch)
	if err != nil {
		return nil, fmt.Errorf("read batches: %w", err)
	}
	return b, nil
}

func (f *facts) read(ctx context.Context, epoch uint64) (*epochFacts, bool, error) {
	k := &epochFacts{epoch: epoch, member: map[posp.Address]int{}, assigned: map[posp.Address]int{}}
	var ok bool
	var err error
	if k.beacon, ok, err = f.chain.Beacon(ctx, epoch); err != nil || !ok {
		return nil, false, wrap("read beacon", err)
	}
	if k.table, ok, err = f.chain.Table(ctx, epoch); err != nil || !ok {
		return nil, false, wrap("read operator table", err)
	}
	if k.batches, err = f.chain.Batches(ctx, epoch); err != nil {
		return nil, false, wrap("read batches", err)
	}
	k.batches = slices.SortedFunc(slices.Values(k.batches), func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	for i, m := range k.table.Members {
		k.member[m.Operator] = i
	}
	for _, b := range k.batches {
		info, ok, err := f.chain.Provider(ctx, b.Provider, epoch)
		if err == nil && !ok {
			err = fmt.Errorf("%s has a batch and is not registered", b.Provider)
		}
		if err != nil {
			return nil, false, wrap("read provider", err)
		}
		k.providers = append(k.providers, info)
	}
	if k.demands, err = f.chain.Demands(ctx, epoch); err != nil {
		return nil, false, wrap("read demands", err)
	}
	k.demands = slices.SortedFunc(slices.Values(k.demands), func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
	if k.draw, err = newDraw(f.cfg, k); err != nil {
		return nil, false, wrap("draw samples", err)
	}
	return k, true, nil
}

// reads says whether an address is a member's account or message key.
func (f *epochFacts) reads(by posp.Address) bool {
	if _, member := f.member[by]; member {
		return true
	}
	for _, m := range f.table.Members {
		if f.table.MessageKey(m.Operator) == by {
			return true
		}
	}
	return false
}

func wrap(action string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", action, err)
}

// keyring keeps the operators' keys. A key is constant for as long as its
// operator can be in a table.
type keyring struct {
	chain Chain
	mu    sync.Mutex
	kept  map[keys.G1]keys.G2
}

// share decodes a member's signature. Infinity, points off the curve, and who
// is not in the table are ValidationErrors.
func (k *keyring) share(ctx context.Context, f *epochFacts, m posp.CertificateShare) (*share, error) {
	sig, err := keys.ParseG1(m.Signature)
	if err != nil {
		return nil, err
	}
	if sig.IsInfinity() {
		return nil, posp.Invalidf("the signature is infinity")
	}
	row, ok := f.member[m.Operator]
	if !ok {
		return nil, posp.Invalidf("operator %s is not in the table", m.Operator)
	}
	key, err := k.of(ctx, f.table.Members[row])
	return &share{from: m.Operator, digest: m.Digest, sig: sig, key: key}, err
}

// of is the half in G2 of the key that a row of a table names.
func (k *keyring) of(ctx context.Context, row posp.Member) (keys.G2, error) {
	g1, err := keys.G1FromXY(row.KeyX, row.KeyY)
	if err != nil {
		return keys.G2{}, fmt.Errorf("key of %s in the table: %v", row.Operator, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if g2, ok := k.kept[g1]; ok {
		return g2, nil
	}
	key, err := k.chain.PublicKey(ctx, row.Operator)
	if err != nil {
		return keys.G2{}, fmt.Errorf("read key of %s: %v", row.Operator, err)
	}
	if key.G1 != g1 {
		return keys.G2{}, fmt.Errorf("the key of %s in the KeyRegistrar is not the one in the table", row.Operator)
	}
	// The contract's pairing would catch another half too, at the price of
	// the epoch's certificate.
	if err := key.Check(); err != nil {
		return keys.G2{}, fmt.Errorf("key of %s: %v", row.Operator, err)
	}
	if k.kept == nil {
		k.kept = map[keys.G1]keys.G2{}
	}
	k.kept[g1] = key.G2
	return key.G2, nil
}
