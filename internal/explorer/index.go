package explorer

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// index is what the deployment's events say, of the epochs from a floor on. It
// is folded from logs alone: the same logs give the same index, so a
// reorganisation is a fold of what is left, and nothing has to be undone.
// Events about what lies under the floor are passed over.
type index struct {
	providers map[posp.Address]*provider
	epochs    map[uint64]*epoch
	batches   map[posp.Hash]*batch
	standings map[subject]*standing
	tables    []*table // ascending by block
	faults    map[posp.Hash]*fault
	disputes  map[posp.Hash]*dispute
	demands   map[posp.Hash]*demand

	contests    map[posp.Hash][]*dispute // by sample
	overturned  map[posp.Hash]overturn   // by sample
	withdrawals map[posp.Address][]withdrawal
	lastAbout   map[posp.Hash]*demand // by receipt

	// In the order in which they came to be: pages are cut out of these.
	batchOrder   []*batch
	faultOrder   []*fault
	disputeOrder []*dispute
	demandOrder  []*demand

	receipts uint64 // that batches hold
}

// event is where something stands in the chain.
type event struct {
	Block uint64    `json:"block"`
	Time  uint64    `json:"time"` // Unix seconds; 0 where the node does not say
	Tx    posp.Hash `json:"transaction"`
}

type provider struct {
	address    posp.Address
	url        string // empty where the registration lies before the floor
	registered *event
	batches    []*batch // ascending by epoch
}

type epoch struct {
	number      uint64
	beacon      posp.Hash
	beaconAt    *event // nil: not fixed
	certificate *certificate
	batches     []*batch  // ascending by id
	demands     []*demand // that it answers, likewise
	faults      int
}

type certificate struct {
	event
	digest, resultRoot, sampleRoot, tableRoot posp.Hash
	sampleCount                               uint64
	signed, total                             *big.Int
}

type batch struct {
	posp.BatchRecord
	event
	number   int               // in the order of commitment
	judged   *posp.BatchResult // less what was overturned
	contests uint32            // of its verdicts, under way
	faults   []*fault
	disputes []*dispute
	demands  []*demand // about its receipts
}

// overturn is what a sample's verdict became after it was certified: by a
// dispute, or because what was withheld was shown.
type overturn struct {
	event
	from, to posp.Verdict
}

// subject is whose sequential test: of a provider under a spec, or of an
// operator under none.
type subject struct {
	address posp.Address
	spec    posp.Hash
}

type standing struct {
	subject
	points []point // ascending by epoch
}

type point struct {
	epoch, block, value uint64 // the value in Q16 nats
}

func (s *standing) now() uint64 {
	if s == nil || len(s.points) == 0 {
		return 0
	}
	return s.points[len(s.points)-1].value
}

type table struct {
	posp.Table
	at event
}

type fault struct {
	posp.Fault
	event
	number       int
	id           posp.Hash
	epoch        uint64
	executableAt uint64
	status       string // open, cleared, executed
	holds        uint16
	excess       *uint64 // Q16 nats; nil until the chain said
	history      []happening
	slash        *slash
	pot          *pot
}

// happening is something that befell a charge.
type happening struct {
	event
	what   string
	amount *big.Int // base units of the staked token; nil: it is not about money
}

type slash struct {
	event
	id          *big.Int
	wad, shares *big.Int
}

type pot struct {
	shares    *big.Int
	collected *big.Int // nil: not yet
	refunds   int
	refunded  *big.Int
}

func newIndex() *index {
	return &index{providers: map[posp.Address]*provider{}, epochs: map[uint64]*epoch{}, batches: map[posp.Hash]*batch{},
		standings: map[subject]*standing{}, faults: map[posp.Hash]*fault{}, disputes: map[posp.Hash]*dispute{}, demands: map[posp.Hash]*demand{}, lastAbout: map[posp.Hash]*demand{},
		contests: map[posp.Hash][]*dispute{}, overturned: map[posp.Hash]overturn{}, withdrawals: map[posp.Address][]withdrawal{}}
}

// The bindings hold an ABI each and no state.
var (
	registry    = contracts.NewBatchRegistry()
	attestation = contracts.NewAttestationRegistry()
	operators   = contracts.NewOperatorTable()
	manager     = contracts.NewFaultManager()
	pool        = contracts.NewRefundPool()
	publicGame  = contracts.NewDisputeGame()
	privateGame = contracts.NewPrivateDisputeGame()
	onDemand    = contracts.NewOnDemand()
)

// folds are what each event does to the index, by its first topic. Moves have
// the same events in both games, and withdrawals in OnDemand too.
var folds = map[posp.Hash]func(*index, *types.Log, event) error{
	registry.GetABI().Events["ProviderRegistered"].ID:    fold(registry.UnpackProviderRegisteredEvent, (*index).providerRegistered),
	registry.GetABI().Events["BatchCommitted"].ID:        fold(registry.UnpackBatchCommittedEvent, (*index).batchCommitted),
	registry.GetABI().Events["BeaconFixed"].ID:           fold(registry.UnpackBeaconFixedEvent, (*index).beaconFixed),
	attestation.GetABI().Events["EpochCertified"].ID:     fold(attestation.UnpackEpochCertifiedEvent, (*index).epochCertified),
	attestation.GetABI().Events["BatchJudged"].ID:        fold(attestation.UnpackBatchJudgedEvent, (*index).batchJudged),
	attestation.GetABI().Events["StandingChanged"].ID:    fold(attestation.UnpackStandingChangedEvent, (*index).standingChanged),
	attestation.GetABI().Events["BatchContested"].ID:     fold(attestation.UnpackBatchContestedEvent, (*index).batchContested),
	attestation.GetABI().Events["VerdictOverturned"].ID:  fold(attestation.UnpackVerdictOverturnedEvent, (*index).verdictOverturned),
	operators.GetABI().Events["TableSnapshot"].ID:        fold(operators.UnpackTableSnapshotEvent, (*index).tableSnapshot),
	manager.GetABI().Events["FaultRecorded"].ID:          fold(manager.UnpackFaultRecordedEvent, (*index).faultRecorded),
	manager.GetABI().Events["FaultCleared"].ID:           fold(manager.UnpackFaultClearedEvent, (*index).faultCleared),
	manager.GetABI().Events["FaultHeld"].ID:              fold(manager.UnpackFaultHeldEvent, (*index).faultHeld),
	manager.GetABI().Events["FaultReduced"].ID:           fold(manager.UnpackFaultReducedEvent, (*index).faultReduced),
	manager.GetABI().Events["FaultWeighed"].ID:           fold(manager.UnpackFaultWeighedEvent, (*index).faultWeighed),
	manager.GetABI().Events["FaultExecuted"].ID:          fold(manager.UnpackFaultExecutedEvent, (*index).faultExecuted),
	pool.GetABI().Events["PotOpened"].ID:                 fold(pool.UnpackPotOpenedEvent, (*index).potOpened),
	pool.GetABI().Events["PotCollected"].ID:              fold(pool.UnpackPotCollectedEvent, (*index).potCollected),
	pool.GetABI().Events["Refunded"].ID:                  fold(pool.UnpackRefundedEvent, (*index).refunded),
	publicGame.GetABI().Events["Contested"].ID:           fold(publicGame.UnpackContestedEvent, (*index).contested),
	privateGame.GetABI().Events["PrivatelyContested"].ID: fold(privateGame.UnpackPrivatelyContestedEvent, (*index).privatelyContested),
	publicGame.GetABI().Events["Challenged"].ID:          fold(publicGame.UnpackChallengedEvent, (*index).challenged),
	publicGame.GetABI().Events["Revealed"].ID:            fold(publicGame.UnpackRevealedEvent, (*index).revealed),
	publicGame.GetABI().Events["Picked"].ID:              fold(publicGame.UnpackPickedEvent, (*index).picked),
	publicGame.GetABI().Events["Shown"].ID:               fold(publicGame.UnpackShownEvent, (*index).shown),
	publicGame.GetABI().Events["Named"].ID:               fold(publicGame.UnpackNamedEvent, (*index).named),
	publicGame.GetABI().Events["GameOver"].ID:            fold(publicGame.UnpackGameOverEvent, (*index).gameOver),
	publicGame.GetABI().Events["Concluded"].ID:           fold(publicGame.UnpackConcludedEvent, (*index).concluded),
	onDemand.GetABI().Events["Requested"].ID:             fold(onDemand.UnpackRequestedEvent, (*index).requested),
	onDemand.GetABI().Events["Answered"].ID:              fold(onDemand.UnpackAnsweredEvent, (*index).answered),
	onDemand.GetABI().Events["Unanswered"].ID:            fold(onDemand.UnpackUnansweredEvent, (*index).unanswered),
	onDemand.GetABI().Events["Credited"].ID:              fold(onDemand.UnpackCreditedEvent, (*index).credited),
	publicGame.GetABI().Events["Withdrawn"].ID:           fold(publicGame.UnpackWithdrawnEvent, (*index).withdrawn),
}

func fold[E any](unpack func(*types.Log) (*E, error), apply func(*index, *E, event)) func(*index, *types.Log, event) error {
	return func(x *index, l *types.Log, at event) error {
		e, err := unpack(l)
		if err != nil {
			return err
		}
		apply(x, e, at)
		return nil
	}
}

// take folds one log. One that the contracts' interfaces do not have is passed over.
func (x *index) take(l *types.Log) error {
	if len(l.Topics) == 0 {
		return nil
	}
	apply, ok := folds[l.Topics[0]]
	if !ok {
		return nil
	}
	if err := apply(x, l, event{Block: l.BlockNumber, Time: l.BlockTimestamp, Tx: l.TxHash}); err != nil {
		return fmt.Errorf("event %d of block %d at %s: %w", l.Index, l.BlockNumber, l.Address, err)
	}
	return nil
}

func (x *index) provider(a posp.Address) *provider {
	p := x.providers[a]
	if p == nil {
		p = &provider{address: a}
		x.providers[a] = p
	}
	return p
}

func (x *index) epoch(n uint64) *epoch {
	e := x.epochs[n]
	if e == nil {
		e = &epoch{number: n}
		x.epochs[n] = e
	}
	return e
}

func (x *index) providerRegistered(e *contracts.BatchRegistryProviderRegistered, at event) {
	p := x.provider(e.Provider)
	p.url = e.Url
	if p.registered == nil {
		p.registered = &at
	}
}

func (x *index) batchCommitted(e *contracts.BatchRegistryBatchCommitted, at event) {
	b := &batch{BatchRecord: posp.BatchRecord{ID: e.BatchId,
		Batch: posp.Batch{Provider: e.Provider, Epoch: e.Epoch, FirstSequence: e.FirstSequence, Root: e.Root, LeafCount: e.LeafCount},
		Rate:  posp.Rate{RatePpm: e.RatePpm, KMin: e.KMin}}, event: at, number: len(x.batchOrder)}
	x.batches[b.ID], x.batchOrder = b, append(x.batchOrder, b)
	p, in := x.provider(e.Provider), x.epoch(e.Epoch)
	p.batches = append(p.batches, b)
	at2, _ := slices.BinarySearchFunc(in.batches, b.ID, func(o *batch, id posp.Hash) int { return o.ID.Cmp(id) })
	in.batches = slices.Insert(in.batches, at2, b)
	x.receipts += e.LeafCount
}

func (x *index) beaconFixed(e *contracts.BatchRegistryBeaconFixed, at event) {
	in := x.epoch(e.Epoch)
	in.beacon, in.beaconAt = e.Beacon, &at
}

func (x *index) epochCertified(e *contracts.AttestationRegistryEpochCertified, at event) {
	x.epoch(e.Epoch).certificate = &certificate{event: at, digest: e.Digest, resultRoot: e.ResultRoot, sampleRoot: e.SampleRoot, tableRoot: e.TableRoot,
		sampleCount: e.SampleCount, signed: e.Signed, total: e.Total}
}

func (x *index) batchJudged(e *contracts.AttestationRegistryBatchJudged, _ event) {
	if b := x.batches[e.BatchId]; b != nil {
		b.judged = &posp.BatchResult{BatchID: e.BatchId, Provider: e.Provider, Samples: e.Samples, Passed: e.Passed, Failed: e.Failed,
			Inconclusive: e.Inconclusive, Unavailable: e.Unavailable}
	}
}

func (x *index) batchContested(e *contracts.AttestationRegistryBatchContested, _ event) {
	if b := x.batches[e.BatchId]; b != nil {
		b.contests = e.Contests
	}
}

// verdictOverturned moves a batch's counts as AttestationRegistry._move does.
func (x *index) verdictOverturned(e *contracts.AttestationRegistryVerdictOverturned, at event) {
	from, to := posp.Verdict(e.From), posp.Verdict(e.To)
	x.overturned[e.SampleId] = overturn{at, from, to}
	b := x.batches[e.BatchId]
	if b == nil || b.judged == nil {
		return
	}
	r := *b.judged
	counts := map[posp.Verdict]*uint32{posp.Pass: &r.Passed, posp.Fail: &r.Failed, posp.Inconclusive: &r.Inconclusive, posp.Unavailable: &r.Unavailable}
	less, more := counts[from], counts[to]
	if less == nil || more == nil || *less == 0 {
		return // a quorum's counts need not be what its lines say
	}
	*less--
	*more++
	b.judged = &r
}

func (x *index) standingChanged(e *contracts.AttestationRegistryStandingChanged, at event) {
	key := subject{e.Subject, e.SpecId}
	s := x.standings[key]
	if s == nil {
		s = &standing{subject: key}
		x.standings[key] = s
	}
	s.points = append(s.points, point{e.Epoch, at.Block, e.Value})
}

func (x *index) tableSnapshot(e *contracts.OperatorTableTableSnapshot, at event) {
	t := &table{at: at, Table: posp.Table{Root: e.Root, Block: e.BlockNumber.Uint64(), Total: uint256.MustFromBig(e.Total)}}
	if n := len(x.tables); n > 0 && x.tables[n-1].Root == t.Root { // most are
		t.Members = x.tables[n-1].Members
	} else {
		for _, m := range e.Members {
			t.Members = append(t.Members, posp.Member{Operator: m.Operator, Weight: uint256.MustFromBig(m.Weight), KeyX: uint256.MustFromBig(m.KeyX), KeyY: uint256.MustFromBig(m.KeyY)})
		}
	}
	x.tables = append(x.tables, t)
}

// tableBefore is the latest table before a block, nil if there is none.
func (x *index) tableBefore(block uint64) *table {
	i, _ := slices.BinarySearchFunc(x.tables, block, func(t *table, b uint64) int { return cmp.Compare(t.Block, b) })
	if i == 0 {
		return nil
	}
	return x.tables[i-1]
}

func (x *index) faultRecorded(e *contracts.FaultManagerFaultRecorded, at event) {
	f := &fault{Fault: posp.Fault{Kind: posp.FaultKind(e.Kind), Subject: e.Subject, BatchID: e.BatchId, Ref: e.Ref}, event: at, number: len(x.faultOrder),
		id: e.FaultId, epoch: e.Epoch, executableAt: e.ExecutableAt.Uint64(), status: "open"}
	f.happened(at, "charged: executable from block %d on", f.executableAt)
	x.faults[f.id], x.faultOrder = f, append(x.faultOrder, f)
	if in := x.epochs[e.Epoch]; in != nil {
		in.faults++
	}
	if b := x.batches[e.BatchId]; b != nil {
		b.faults = append(b.faults, f)
	}
}

func (f *fault) happened(at event, format string, args ...any) {
	f.history = append(f.history, happening{event: at, what: fmt.Sprintf(format, args...)})
}

func (f *fault) moved(at event, amount *big.Int, format string, args ...any) {
	f.history = append(f.history, happening{event: at, what: fmt.Sprintf(format, args...), amount: amount})
}

func (x *index) faultCleared(e *contracts.FaultManagerFaultCleared, at event) {
	if f := x.faults[e.FaultId]; f != nil {
		f.status = "cleared"
		f.happened(at, "cleared: %s", clearings[f.Kind])
	}
}

// clearings say how a charge of a kind falls; others do not.
var clearings = map[posp.FaultKind]string{
	posp.FaultStatistical:     "no more is borne out of what its standing was over the line",
	posp.FaultWithholding:     "what was withheld was shown on chain",
	posp.FaultSignedFalsehood: "its own evidence was right, and it was outvoted",
	posp.FaultOmission:        "it was shown where the receipt stands",
}

func (x *index) faultHeld(e *contracts.FaultManagerFaultHeld, at event) {
	if f := x.faults[e.FaultId]; f != nil {
		if e.Holds > f.holds {
			f.happened(at, "held: disputes under way that may clear it are %d", e.Holds)
		} else {
			f.happened(at, "a dispute ended: %d that may clear it are left", e.Holds)
		}
		f.holds = e.Holds
	}
}

func (x *index) faultReduced(e *contracts.FaultManagerFaultReduced, at event) {
	if f := x.faults[e.FaultId]; f != nil {
		f.excess = &e.Excess
		f.happened(at, "a dispute about sample %s left %.2f nats over the line", posp.Hash(e.SampleId).TerminalString(), nats(e.Excess))
	}
}

func (x *index) faultWeighed(e *contracts.FaultManagerFaultWeighed, at event) {
	if f := x.faults[e.FaultId]; f != nil {
		f.excess = &e.Excess
		f.happened(at, "weighed: its batch's lines bear out %.2f nats over the line", nats(e.Excess))
	}
}

func (x *index) faultExecuted(e *contracts.FaultManagerFaultExecuted, at event) {
	if f := x.faults[e.FaultId]; f != nil {
		f.status, f.slash = "executed", &slash{event: at, id: e.SlashId, wad: e.Wad, shares: e.Shares}
		f.moved(at, e.Shares, "executed: EigenLayer's slash %s took", e.SlashId)
	}
}

func (x *index) potOpened(e *contracts.RefundPoolPotOpened, _ event) {
	if f := x.faults[e.FaultId]; f != nil {
		f.pot = &pot{shares: e.Shares, refunded: new(big.Int)}
	}
}

func (x *index) potCollected(e *contracts.RefundPoolPotCollected, at event) {
	if f := x.faults[e.FaultId]; f != nil && f.pot != nil {
		f.pot.collected = e.Amount
		f.moved(at, e.Amount, "the refund pool collected")
	}
}

func (x *index) refunded(e *contracts.RefundPoolRefunded, _ event) {
	if f := x.faults[e.FaultId]; f != nil && f.pot != nil {
		f.pot.refunds++
		f.pot.refunded = new(big.Int).Add(f.pot.refunded, e.Amount)
	}
}
