package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/sampler"
)

// Addresses are this project's contracts of one deployment.
type Addresses struct {
	ServiceManager      posp.Address `json:"serviceManager"` // the AVS
	BatchRegistry       posp.Address `json:"batchRegistry"`
	OperatorTable       posp.Address `json:"operatorTable"`
	AttestationRegistry posp.Address `json:"attestationRegistry"`
	FaultManager        posp.Address `json:"faultManager"`
	RefundPool          posp.Address `json:"refundPool"`
	ExampleMarket       posp.Address `json:"exampleMarket"`
	DisputeGame         posp.Address `json:"disputeGame,omitzero"` // zero where verdicts cannot be contested
	SignerFaults        posp.Address `json:"signerFaults,omitzero"`
	VerdictRule         posp.Address `json:"verdictRule,omitzero"`
	PrivateDisputeGame  posp.Address `json:"privateDisputeGame,omitzero"` // zero where those under private specs cannot be
	KeyRegistry         posp.Address `json:"keyRegistry"`
	ReceiptFaults       posp.Address `json:"receiptFaults,omitzero"` // zero where buyers cannot charge with receipts
	VerdictReader       posp.Address `json:"verdictReader,omitzero"`
	OnDemand            posp.Address `json:"onDemand,omitzero"` // zero where receipts are not verified on demand
}

// The bindings hold an ABI each and no state.
var (
	batchRegistry = contracts.NewBatchRegistry()
	operatorTable = contracts.NewOperatorTable()
	attestation   = contracts.NewAttestationRegistry()
	faultManager  = contracts.NewFaultManager()
	refundPool    = contracts.NewRefundPool()
	market        = contracts.NewExampleMarket()
	serviceMgr    = contracts.NewServiceManager()
	keyRegistry   = contracts.NewKeyRegistry()
	receiptFaults = contracts.NewReceiptFaults()
	verdictReader = contracts.NewVerdictReader()
	onDemand      = contracts.NewOnDemand()
)

// ProtocolErrors names the reverts of all of this project's contracts, and those
// of EigenLayer's that come through them.
func ProtocolErrors() Errors {
	return NewErrors(batchRegistry.GetABI(), operatorTable.GetABI(), attestation.GetABI(), faultManager.GetABI(),
		refundPool.GetABI(), market.GetABI(), serviceMgr.GetABI(), keyRegistry.GetABI(), disputeGame.GetABI(), signerFaults.GetABI(), verdictRule.GetABI(), privateDisputeGame.GetABI(),
		receiptFaults.GetABI(), verdictReader.GetABI(), onDemand.GetABI(), EigenABI)
}

// Protocol reads and writes the contracts of one deployment in the
// vocabulary's terms. What is not there yet comes back with ok == false; an
// error means that it could not be told. It is safe for concurrent use.
type Protocol struct {
	client *Client
	sender *Sender // nil: read only
	at     Addresses
	depth  uint64 // blocks under the head at which an epoch's facts are read

	once   sync.Mutex
	params *posp.Parameters
	seen   events    // faults and standings, as far as they were read
	follow *Follower // fills seen
}

// NewProtocol reads with c and, if sender is not nil, writes with it.
func NewProtocol(c *Client, at Addresses, sender *Sender) *Protocol {
	return &Protocol{client: c, at: at, sender: sender}
}

// Settled is a Protocol whose facts of epochs (batches, beacons, tables, providers, standings, certificates) are those of the
// block that has depth blocks on top of it, so that what is signed or kept because of them stands when the newest depth
// blocks are reorganised. What is not settled is not there yet. The block number itself stays the newest one: deadlines
// are by it.
func (p *Protocol) Settled(depth uint64) *Protocol {
	return &Protocol{client: p.client, sender: p.sender, at: p.at, depth: depth}
}

// settled is the newest settled block, and nil where that is the head.
func (p *Protocol) settled(ctx context.Context) (number uint64, block *big.Int, err error) {
	if number, err = p.Block(ctx); err != nil || p.depth == 0 {
		return number, nil, err
	}
	number -= min(number, p.depth)
	return number, new(big.Int).SetUint64(number), nil
}

// fact calls a view function of a contract at the newest settled block.
func fact[T any](ctx context.Context, p *Protocol, to posp.Address, what string, data []byte, packed error, unpack func([]byte) (T, error)) (T, error) {
	var block *big.Int
	if p.depth > 0 {
		var err error
		if _, block, err = p.settled(ctx); err != nil {
			var zero T
			return zero, fmt.Errorf("read %s: %w", what, err)
		}
	}
	return viewAt(ctx, p, block, to, what, data, packed, unpack)
}

// view calls a view function of a contract at the newest block.
func view[T any](ctx context.Context, p *Protocol, to posp.Address, what string, data []byte, packed error, unpack func([]byte) (T, error)) (T, error) {
	return viewAt(ctx, p, nil, to, what, data, packed, unpack)
}

// viewAt calls a view function of a contract at a block; nil is the newest.
func viewAt[T any](ctx context.Context, p *Protocol, block *big.Int, to posp.Address, what string, data []byte, packed error, unpack func([]byte) (T, error)) (T, error) {
	var zero T
	if packed != nil {
		return zero, fmt.Errorf("read %s: %w", what, packed)
	}
	out, err := p.client.CallContract(ctx, ethereum.CallMsg{To: &to, Data: data}, block)
	if err != nil {
		return zero, fmt.Errorf("read %s: %w", what, ProtocolErrors().Decode(err))
	}
	if len(out) == 0 {
		return zero, fmt.Errorf("read %s: no contract at %s on chain %d: is the network file for this chain?", what, to, p.client.ID())
	}
	v, err := unpack(out)
	if err != nil {
		return zero, fmt.Errorf("read %s: %w", what, err)
	}
	return v, nil
}

// send sends a call. The contracts refuse what is done already, so it has no name: the chain says whether it is.
func (p *Protocol) send(ctx context.Context, to posp.Address, what string, data []byte, packed error) (*types.Receipt, error) {
	if packed != nil {
		return nil, fmt.Errorf("%s: %w", what, packed)
	}
	if p.sender == nil {
		return nil, fmt.Errorf("%s: opened for reading only", what)
	}
	r, err := p.sender.Send(ctx, Call{To: &to, Data: data})
	return r, wrapIf(what, err)
}

// refusedAs says whether a contract refused a call with one of the named errors: those that say that it is done already.
func refusedAs(err error, names ...string) bool {
	r, ok := errors.AsType[*RevertError](err)
	return ok && slices.Contains(names, r.Name)
}

// Block is the number of the newest block.
func (p *Protocol) Block(ctx context.Context) (uint64, error) { return p.client.BlockNumber(ctx) }

// Blocks sends the newest block's number whenever it grows; see Client.Blocks.
func (p *Protocol) Blocks(ctx context.Context) <-chan uint64 { return p.client.Blocks(ctx) }

// Parameters are what the deployment fixed; they are read once.
func (p *Protocol) Parameters(ctx context.Context) (posp.Parameters, error) {
	p.once.Lock()
	defer p.once.Unlock()
	if p.params != nil {
		return *p.params, nil
	}
	data, err := batchRegistry.TryPackSchedule()
	s, err := view(ctx, p, p.at.BatchRegistry, "schedule", data, err, batchRegistry.UnpackSchedule)
	if err != nil {
		return posp.Parameters{}, err
	}
	data, err = attestation.TryPackQuorum()
	q, err := view(ctx, p, p.at.AttestationRegistry, "quorum", data, err, attestation.UnpackQuorum)
	if err != nil {
		return posp.Parameters{}, err
	}
	p.params = &posp.Parameters{Schedule: posp.Schedule(s), Committee: q.Committee, FaultLine: q.FaultLine, QuorumPpm: q.QuorumPpm}
	return *p.params, nil
}

// Provider is what a provider registered, with its receipt key of an epoch; ok if it has one.
func (p *Protocol) Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error) {
	key, err := p.KeyAt(ctx, provider, Receipts, epoch)
	if err != nil || key == (posp.Address{}) {
		return info, false, err
	}
	data, err := batchRegistry.TryPackProvider(provider)
	v, err := fact(ctx, p, p.at.BatchRegistry, "provider", data, err, batchRegistry.UnpackProvider)
	if err != nil {
		return info, false, err
	}
	return posp.ProviderInfo{Provider: provider, ReceiptKey: key, URL: v.Url}, true, nil
}

// NextSequence is the first sequence that no batch of the provider covers.
func (p *Protocol) NextSequence(ctx context.Context, provider posp.Address) (uint64, error) {
	data, err := batchRegistry.TryPackNextSequence(provider)
	return view(ctx, p, p.at.BatchRegistry, "next sequence", data, err, batchRegistry.UnpackNextSequence)
}

// CommitBatch commits a provider's batch; the sender is the provider, or may commit for it.
func (p *Protocol) CommitBatch(ctx context.Context, b posp.Batch) error {
	data, err := batchRegistry.TryPackCommitBatch(b.Provider, b.Epoch, b.FirstSequence, b.Root, b.LeafCount)
	_, err = p.send(ctx, p.at.BatchRegistry, "commit batch", data, err)
	return err
}

// RegisteringProvider says where a provider, a member of the PROVIDERS set, serves its openings; the sender is the provider, or may do so for it.
func RegisteringProvider(registry, provider posp.Address, url string) Transaction {
	return Transaction{Contract: Contract{Address: registry, ABI: batchRegistry.GetABI()}, Method: "registerProvider", Args: []any{provider, url}}
}

// ProviderURL is where a provider serves its openings; empty: it never said.
func (p *Protocol) ProviderURL(ctx context.Context, provider posp.Address) (string, error) {
	data, err := batchRegistry.TryPackProvider(provider)
	v, err := view(ctx, p, p.at.BatchRegistry, "provider", data, err, batchRegistry.UnpackProvider)
	return v.Url, err
}

// RegisterProvider is RegisteringProvider, sent.
func (p *Protocol) RegisterProvider(ctx context.Context, provider posp.Address, url string) error {
	data, err := batchRegistry.TryPackRegisterProvider(provider, url)
	_, err = p.send(ctx, p.at.BatchRegistry, "register provider", data, err)
	return err
}

// BatchOf is a provider's batch of an epoch.
func (p *Protocol) BatchOf(ctx context.Context, provider posp.Address, epoch uint64) (b posp.BatchRecord, ok bool, err error) {
	data, err := batchRegistry.TryPackBatchOf(provider, epoch)
	id, err := view(ctx, p, p.at.BatchRegistry, "batch of provider", data, err, batchRegistry.UnpackBatchOf)
	if err != nil || id == [32]byte{} {
		return b, false, err
	}
	b, ok, err = p.BatchByID(ctx, id)
	return b, ok, err
}

// BatchByID is a batch by its id.
func (p *Protocol) BatchByID(ctx context.Context, id posp.Hash) (b posp.BatchRecord, ok bool, err error) {
	data, err := batchRegistry.TryPackBatch(id)
	v, err := view(ctx, p, p.at.BatchRegistry, "batch", data, err, batchRegistry.UnpackBatch)
	if err != nil || v.Provider == (posp.Address{}) {
		return b, false, err
	}
	return posp.BatchRecord{ID: id,
		Batch: posp.Batch{Provider: v.Provider, Epoch: v.Epoch, FirstSequence: v.FirstSequence, Root: v.Root, LeafCount: v.LeafCount},
		Rate:  posp.Rate{RatePpm: v.RatePpm, KMin: v.KMin}}, true, nil
}

func epochTopic(epoch uint64) common.Hash { return common.BigToHash(new(big.Int).SetUint64(epoch)) }

// Batches are an epoch's batches, ascending by id. They are complete from
// Close(epoch) on; a settled Protocol waits until they are complete for good.
func (p *Protocol) Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	params, err := p.Parameters(ctx)
	if err != nil {
		return nil, err
	}
	head, _, err := p.settled(ctx)
	if p.depth > 0 && err == nil {
		head, err = p.reach(ctx, params.Schedule.Close(epoch)-1)
	}
	if err != nil {
		return nil, err
	}
	from, to := params.Schedule.Start(epoch), min(head, params.Schedule.Close(epoch)-1)
	if from > to {
		return nil, nil
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.BatchRegistry},
		Topics: [][]posp.Hash{{topic(batchRegistry.GetABI(), contracts.BatchRegistryBatchCommittedEventName)}, nil, nil, {epochTopic(epoch)}}}, from, to)
	if err != nil {
		return nil, fmt.Errorf("batches of epoch %d: %w", epoch, err)
	}
	var all []posp.BatchRecord
	for i := range logs {
		e, err := batchRegistry.UnpackBatchCommittedEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("batches of epoch %d: %w", epoch, err)
		}
		all = append(all, posp.BatchRecord{ID: e.BatchId,
			Batch: posp.Batch{Provider: e.Provider, Epoch: epoch, FirstSequence: e.FirstSequence, Root: e.Root, LeafCount: e.LeafCount},
			Rate:  posp.Rate{RatePpm: e.RatePpm, KMin: e.KMin}})
	}
	slices.SortFunc(all, func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	return all, nil
}

// reach waits until a block is settled.
func (p *Protocol) reach(ctx context.Context, block uint64) (settled uint64, err error) {
	for {
		if settled, _, err = p.settled(ctx); err != nil || settled >= block {
			return settled, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(p.client.pool.headPoll()):
		}
	}
}

// Beacon is the epoch's random value as the contract holds it.
func (p *Protocol) Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error) {
	data, err := batchRegistry.TryPackBeacon(epoch)
	v, err := fact(ctx, p, p.at.BatchRegistry, "beacon", data, err, batchRegistry.UnpackBeacon)
	return v, v != [32]byte{}, err
}

// FixBeacon shows the contract the header of the epoch's beacon block.
func (p *Protocol) FixBeacon(ctx context.Context, epoch uint64) error {
	params, err := p.Parameters(ctx)
	if err != nil {
		return err
	}
	header, _, err := p.client.HeaderRLP(ctx, params.Schedule.BeaconBlock(epoch))
	if err != nil {
		return fmt.Errorf("fix beacon of epoch %d: %w", epoch, err)
	}
	data, err := batchRegistry.TryPackFixBeacon(epoch, header)
	_, err = p.send(ctx, p.at.BatchRegistry, "fix beacon", data, err)
	if refusedAs(err, "BeaconAlreadyFixed") { // another one did
		return nil
	}
	return err
}

// Snapshot computes the operator table on chain as of the block that includes
// the transaction.
func (p *Protocol) Snapshot(ctx context.Context) error {
	data, err := operatorTable.TryPackSnapshot()
	_, err = p.send(ctx, p.at.OperatorTable, "snapshot operator table", data, err)
	return err
}

// Table is the operator table by which an epoch counts: ok from Close(epoch)
// on, when no later snapshot can take its place.
func (p *Protocol) Table(ctx context.Context, epoch uint64) (posp.Table, bool, error) {
	params, err := p.Parameters(ctx)
	if err != nil {
		return posp.Table{}, false, err
	}
	head, _, err := p.settled(ctx)
	if err != nil || head < params.Schedule.Close(epoch) {
		return posp.Table{}, false, err
	}
	t, ok, err := p.TableAt(ctx, params.Schedule.Close(epoch)-1)
	if err != nil || !ok {
		return t, ok, err
	}
	t.MessageKeys, err = p.messageKeys(ctx, t.Members, epoch)
	return t, err == nil, err
}

// TableAt is the latest operator table at or before a block, without message
// keys. Its rows are checked against its root.
func (p *Protocol) TableAt(ctx context.Context, block uint64) (posp.Table, bool, error) {
	none := func(err error) (posp.Table, bool, error) {
		if r, ok := errors.AsType[*RevertError](err); ok && r.Name == "NoTable" {
			return posp.Table{}, false, nil
		}
		return posp.Table{}, false, err
	}
	data, err := operatorTable.TryPackTableAt(new(big.Int).SetUint64(block))
	s, err := fact(ctx, p, p.at.OperatorTable, "operator table", data, err, operatorTable.UnpackTableAt)
	if err != nil {
		return none(err)
	}
	if s.BlockNumber == 0 {
		return posp.Table{}, false, nil
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.OperatorTable},
		Topics: [][]posp.Hash{{topic(operatorTable.GetABI(), contracts.OperatorTableTableSnapshotEventName)}, nil, {s.Root}}}, s.BlockNumber, s.BlockNumber)
	if err != nil {
		return none(fmt.Errorf("operator table of block %d: %w", s.BlockNumber, err))
	}
	if len(logs) == 0 {
		return none(fmt.Errorf("operator table of block %d: the node does not have its event", s.BlockNumber))
	}
	e, err := operatorTable.UnpackTableSnapshotEvent(&logs[len(logs)-1])
	if err != nil {
		return none(fmt.Errorf("operator table of block %d: %w", s.BlockNumber, err))
	}
	t := posp.Table{Root: s.Root, Block: s.BlockNumber}
	for _, m := range e.Members {
		t.Members = append(t.Members, posp.Member{Operator: m.Operator, Weight: uint256.MustFromBig(m.Weight),
			KeyX: uint256.MustFromBig(m.KeyX), KeyY: uint256.MustFromBig(m.KeyY)})
	}
	if _, t.Total, err = sampler.Sums(t.Members); err != nil {
		return none(fmt.Errorf("operator table of block %d: %w", s.BlockNumber, err))
	}
	root, err := sampler.TableRoot(t.Members)
	if err != nil || root != t.Root {
		return none(fmt.Errorf("operator table of block %d: its rows have root %s, the contract holds %s (%v)", s.BlockNumber, root, t.Root, err))
	}
	return t, true, nil
}

func topic(a abi.ABI, event string) posp.Hash { return a.Events[event].ID }
