package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// Status is how far an epoch, or a batch of it, is; the numbers are the
// contract's.
type Status uint8

const (
	StatusNone    Status = 0 // not certified yet
	StatusPending Status = 1 // certified, and contestable
	StatusFinal   Status = 2 // certified, and settled
	StatusVoid    Status = 3 // never certified, and now it cannot be
)

func (s Status) String() string {
	return [...]string{"none", "pending", "final", "void", "unknown"}[min(s, 4)]
}

// EpochStatus is how far an epoch is; certifiedAt is a block.
func (p *Protocol) EpochStatus(ctx context.Context, epoch uint64) (s Status, certifiedAt uint64, err error) {
	data, err := attestation.TryPackEpochStatus(epoch)
	v, err := fact(ctx, p, p.at.AttestationRegistry, "epoch status", data, err, attestation.UnpackEpochStatus)
	return Status(v.Status), v.Kept.CertifiedAt, err
}

// BatchVerdict is what became of a batch.
func (p *Protocol) BatchVerdict(ctx context.Context, batchID posp.Hash) (s Status, r posp.BatchResult, faulted bool, err error) {
	data, err := attestation.TryPackBatchVerdict(batchID)
	v, err := view(ctx, p, p.at.AttestationRegistry, "batch verdict", data, err, attestation.UnpackBatchVerdict)
	if err != nil {
		return 0, r, false, err
	}
	return Status(v.Status), batchResult(v.Result), v.Faulted, nil
}

// Standing is a subject's sequential test now, in Q16 nats.
func (p *Protocol) Standing(ctx context.Context, subject posp.Address, specID posp.Hash) (uint64, error) {
	data, err := attestation.TryPackStanding(subject, specID)
	return view(ctx, p, p.at.AttestationRegistry, "standing", data, err, attestation.UnpackStanding)
}

// Jailed says whether a subject has an open charge that jails.
func (p *Protocol) Jailed(ctx context.Context, subject posp.Address) (bool, error) {
	data, err := faultManager.TryPackJailed(subject)
	return view(ctx, p, p.at.FaultManager, "jailed", data, err, faultManager.UnpackJailed)
}

// StandingsBefore are all standings as certificates of epochs before the given
// one left them, in (subject, spec): what the epoch's derivation starts from.
func (p *Protocol) StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error) {
	logs, err := p.events(ctx, topic(attestation.GetABI(), contracts.AttestationRegistryStandingChangedEventName))
	if err != nil {
		return nil, fmt.Errorf("standings before epoch %d: %w", epoch, err)
	}
	type key struct {
		subject posp.Address
		spec    posp.Hash
	}
	at, all := map[key]int{}, []posp.Standing(nil)
	for i := range logs {
		e, err := attestation.UnpackStandingChangedEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("standings before epoch %d: %w", epoch, err)
		}
		if e.Epoch >= epoch {
			continue
		}
		k := key{e.Subject, e.SpecId}
		if j, ok := at[k]; ok {
			all[j].Value = e.Value
			continue
		}
		at[k] = len(all)
		all = append(all, posp.Standing{Subject: e.Subject, SpecID: e.SpecId, Value: e.Value})
	}
	return all, nil
}

// SubmittedCertificate is an epoch's certificate as it was submitted.
type SubmittedCertificate struct {
	Result     posp.Result
	Digest     posp.Hash
	Signature  keys.G1   // sum of the signers' signatures
	SignersKey keys.G2   // sum of the signers' keys
	NonSigners []uint64  // rows of the table, ascending
	Signed     *big.Int  // weight
	Total      *big.Int  // weight of the table
	TxHash     posp.Hash // of the transaction that submitted it
	Block      uint64
	GasUsed    uint64
}

// Certificate reads an epoch's certificate out of the transaction that the
// contract accepted. A certificate that was submitted through another
// contract cannot be read back this way, and is an error.
func (p *Protocol) Certificate(ctx context.Context, epoch uint64) (c SubmittedCertificate, ok bool, err error) {
	s, at, err := p.EpochStatus(ctx, epoch)
	if err != nil || s == StatusNone || s == StatusVoid {
		return c, false, err
	}
	fail := func(err error) (SubmittedCertificate, bool, error) {
		return c, false, fmt.Errorf("certificate of epoch %d: %w", epoch, err)
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.AttestationRegistry},
		Topics: [][]posp.Hash{{topic(attestation.GetABI(), contracts.AttestationRegistryEpochCertifiedEventName)}, {epochTopic(epoch)}}}, at, at)
	if err != nil {
		return fail(err)
	}
	if len(logs) != 1 {
		return fail(fmt.Errorf("the node has %d events of it in block %d", len(logs), at))
	}
	e, err := attestation.UnpackEpochCertifiedEvent(&logs[0])
	if err != nil {
		return fail(err)
	}
	receipt, err := p.client.TransactionReceipt(ctx, logs[0].TxHash)
	if err != nil {
		return fail(err)
	}
	in, err := p.submission(ctx, logs[0].TxHash)
	if err != nil {
		return fail(err)
	}
	c = SubmittedCertificate{Result: result(in.Result), Digest: e.Digest, Signed: e.Signed, Total: e.Total,
		TxHash: logs[0].TxHash, Block: at, GasUsed: receipt.GasUsed}
	if c.Signature, err = keys.ParseG1(pointBytes(in.Certificate.Sigma.X, in.Certificate.Sigma.Y)); err != nil {
		return fail(err)
	}
	apk := in.Certificate.Apk
	if c.SignersKey, err = keys.ParseG2(pointBytes(apk.X[0], apk.X[1], apk.Y[0], apk.Y[1])); err != nil {
		return fail(err)
	}
	for _, n := range in.Certificate.NonSigners {
		c.NonSigners = append(c.NonSigners, n.Index)
	}
	return c, true, nil
}

// ErrIndirect says that a certificate cannot be read back from the chain's transactions.
var ErrIndirect = errors.New("it was submitted through another contract")

// submission is what a transaction submitted.
type submission struct {
	Result      contracts.Result
	Certificate contracts.Certificate
}

func (p *Protocol) submission(ctx context.Context, transaction posp.Hash) (in submission, err error) {
	tx, _, err := p.client.TransactionByHash(ctx, transaction)
	if err != nil {
		return in, err
	}
	method := attestation.GetABI().Methods["submit"]
	if tx.To() == nil || *tx.To() != p.at.AttestationRegistry || len(tx.Data()) < 4 || string(tx.Data()[:4]) != string(method.ID) {
		return in, ErrIndirect
	}
	values, err := method.Inputs.Unpack(tx.Data()[4:])
	if err == nil {
		err = method.Inputs.Copy(&in, values)
	}
	return in, err
}

func pointBytes(coordinates ...*big.Int) []byte {
	var b []byte
	for _, x := range coordinates {
		var w [32]byte
		b = append(b, x.FillBytes(w[:])...)
	}
	return b
}

func batchResult(b contracts.BatchResult) posp.BatchResult {
	return posp.BatchResult{BatchID: b.BatchId, Provider: b.Provider, Samples: b.Samples, Passed: b.Passed,
		Failed: b.Failed, Inconclusive: b.Inconclusive, Unavailable: b.Unavailable}
}

func result(r contracts.Result) posp.Result {
	out := posp.Result{Epoch: r.Epoch, TableRoot: r.TableRoot, SampleRoot: r.SampleRoot, SampleCount: r.SampleCount}
	for _, b := range r.Batches {
		out.Batches = append(out.Batches, batchResult(b))
	}
	for _, s := range r.Standings {
		out.Standings = append(out.Standings, posp.Standing{Subject: s.Subject, SpecID: s.SpecId, Value: s.Value})
	}
	for _, f := range r.Faults {
		out.Faults = append(out.Faults, posp.Fault{Kind: posp.FaultKind(f.Kind), Subject: f.Subject, BatchID: f.BatchId, Ref: f.Ref})
	}
	return out
}

// FaultEvent is a charge as recorded on chain.
type FaultEvent struct {
	ID           posp.Hash
	Epoch        uint64
	Kind         posp.FaultKind
	Subject      posp.Address
	BatchID      posp.Hash
	Ref          posp.Hash
	ExecutableAt uint64 // block
}

// Faults are all charges that were recorded, in order.
func (p *Protocol) Faults(ctx context.Context) ([]FaultEvent, error) {
	logs, err := p.events(ctx, topic(faultManager.GetABI(), contracts.FaultManagerFaultRecordedEventName))
	if err != nil {
		return nil, fmt.Errorf("recorded faults: %w", err)
	}
	var all []FaultEvent
	for i := range logs {
		e, err := faultManager.UnpackFaultRecordedEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("recorded faults: %w", err)
		}
		all = append(all, FaultEvent{ID: e.FaultId, Epoch: e.Epoch, Kind: posp.FaultKind(e.Kind), Subject: e.Subject,
			BatchID: e.BatchId, Ref: e.Ref, ExecutableAt: e.ExecutableAt.Uint64()})
	}
	return all, nil
}

// events are all logs of one kind since the deployment's first epoch. What was read once is not asked for again, unless the
// chain was reorganised there.
func (p *Protocol) events(ctx context.Context, kind posp.Hash) ([]types.Log, error) {
	params, err := p.Parameters(ctx)
	if err != nil {
		return nil, err
	}
	p.once.Lock()
	if p.follow == nil {
		p.follow = NewFollower(p.client, ethereum.FilterQuery{Addresses: []posp.Address{p.at.AttestationRegistry, p.at.FaultManager},
			Topics: [][]posp.Hash{{topic(attestation.GetABI(), contracts.AttestationRegistryStandingChangedEventName),
				topic(faultManager.GetABI(), contracts.FaultManagerFaultRecordedEventName)}}}, params.Schedule.Genesis, p.depth, &p.seen)
	}
	p.once.Unlock()
	if err := p.follow.Sync(ctx); err != nil {
		return nil, err
	}
	return p.seen.of(kind), nil
}

// FaultStatus is how far a charge is; the numbers are the contract's.
type FaultStatus uint8

const (
	FaultNone     FaultStatus = 0
	FaultOpen     FaultStatus = 1 // may be answered; executable after its window
	FaultCleared  FaultStatus = 2 // answered
	FaultExecuted FaultStatus = 3 // slashed
)

func (s FaultStatus) String() string {
	return [...]string{"none", "open", "cleared", "executed", "unknown"}[min(s, 4)]
}

// FaultState is a charge as it stands.
type FaultState struct {
	Status       FaultStatus
	ExecutableAt uint64   // block
	Excess       uint64   // Q16 nats: of a statistical one, by how much the standing is over the line, less what disputes took off it
	SlashID      *big.Int // EigenLayer's, once executed
}

// Fault is how a charge stands.
func (p *Protocol) Fault(ctx context.Context, id posp.Hash) (FaultState, error) {
	data, err := faultManager.TryPackFault(id)
	v, err := view(ctx, p, p.at.FaultManager, "fault", data, err, faultManager.UnpackFault)
	if err != nil {
		return FaultState{}, err
	}
	return FaultState{Status: FaultStatus(v.Status), ExecutableAt: v.ExecutableAt, Excess: v.Excess, SlashID: v.SlashId}, nil
}

// ExecuteFault slashes for a charge whose window is over, if nobody did.
func (p *Protocol) ExecuteFault(ctx context.Context, id posp.Hash) error {
	data, err := faultManager.TryPackExecute(id)
	_, err = p.send(ctx, p.at.FaultManager, "execute fault", data, err)
	if refusedAs(err, "FaultNotOpen") {
		s, readErr := p.Fault(ctx, id)
		if readErr == nil && s.Status == FaultExecuted {
			return nil
		}
	}
	return err
}

// Pot is what was slashed for a provider's fault, for the buyers of its batch.
type Pot struct {
	Opened    bool
	BatchID   posp.Hash // zero: of a fault of receipts
	Collected bool
	SlashID   *big.Int
	Receipts  uint64   // that share it
	Amount    *big.Int // of the staked token, once collected
}

// Share is what each receipt gets.
func (p Pot) Share() *big.Int {
	if p.Receipts == 0 {
		return new(big.Int)
	}
	return new(big.Int).Quo(p.Amount, new(big.Int).SetUint64(p.Receipts))
}

// Pot is the refund pool's pot of a fault.
func (p *Protocol) Pot(ctx context.Context, faultID posp.Hash) (Pot, error) {
	data, err := refundPool.TryPackPot(faultID)
	v, err := view(ctx, p, p.at.RefundPool, "refund pot", data, err, refundPool.UnpackPot)
	return Pot{Opened: err == nil && v.Shares.Sign() != 0, BatchID: v.BatchId, Collected: v.Collected, SlashID: v.SlashId, Receipts: v.LeafCount, Amount: v.Amount}, err
}

// CollectPot brings what EigenLayer released for a fault into the pool. It
// reverts until EigenLayer's own delay is over.
func (p *Protocol) CollectPot(ctx context.Context, faultID posp.Hash) error {
	data, err := refundPool.TryPackCollect(faultID)
	_, err = p.send(ctx, p.at.RefundPool, "collect refund pot", data, err)
	if refusedAs(err, "AlreadyCollected") { // another one did
		return nil
	}
	return err
}

// Certified is the transaction that certified an epoch, whoever sent it.
func (p *Protocol) Certified(ctx context.Context, epoch uint64) (transaction posp.Hash, ok bool, err error) {
	s, at, err := p.EpochStatus(ctx, epoch)
	if err != nil || s == StatusNone || s == StatusVoid {
		return posp.Hash{}, false, err
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.AttestationRegistry},
		Topics: [][]posp.Hash{{topic(attestation.GetABI(), contracts.AttestationRegistryEpochCertifiedEventName)}, {epochTopic(epoch)}}}, at, at)
	if err != nil {
		return posp.Hash{}, false, fmt.Errorf("certificate of epoch %d: %w", epoch, err)
	}
	if len(logs) != 1 {
		return posp.Hash{}, false, fmt.Errorf("certificate of epoch %d: the node has %d events of it in block %d", epoch, len(logs), at)
	}
	return logs[0].TxHash, true, nil
}

// Submit submits a result with its certificate, and returns the transaction that certified the epoch: this one, or that of
// somebody who was faster.
func (p *Protocol) Submit(ctx context.Context, r posp.Result, c contracts.Certificate) (transaction posp.Hash, err error) {
	data, err := attestation.TryPackSubmit(resultABI(r), c)
	receipt, err := p.send(ctx, p.at.AttestationRegistry, "submit certificate", data, err)
	if refusedAs(err, "AlreadyCertified") {
		if tx, ok, readErr := p.Settled(0).Certified(ctx, r.Epoch); readErr == nil && ok {
			return tx, nil
		}
	}
	if err != nil {
		return posp.Hash{}, err
	}
	return receipt.TxHash, nil
}

// G2ABI is a point as the contracts take it: imaginary parts first.
func G2ABI(g keys.G2) contracts.G2Point {
	b := g.Bytes()
	word := func(i int) *big.Int { return new(big.Int).SetBytes(b[32*i : 32*i+32]) }
	return contracts.G2Point{X: [2]*big.Int{word(0), word(1)}, Y: [2]*big.Int{word(2), word(3)}}
}

func resultABI(r posp.Result) contracts.Result {
	out := contracts.Result{Epoch: r.Epoch, TableRoot: r.TableRoot, SampleRoot: r.SampleRoot, SampleCount: r.SampleCount,
		Batches: []contracts.BatchResult{}, Standings: []contracts.Standing{}, Faults: []contracts.Fault{}}
	for _, b := range r.Batches {
		out.Batches = append(out.Batches, contracts.BatchResult{BatchId: b.BatchID, Provider: b.Provider, Samples: b.Samples, Passed: b.Passed,
			Failed: b.Failed, Inconclusive: b.Inconclusive, Unavailable: b.Unavailable})
	}
	for _, s := range r.Standings {
		out.Standings = append(out.Standings, contracts.Standing{Subject: s.Subject, SpecId: s.SpecID, Value: s.Value})
	}
	for _, f := range r.Faults {
		out.Faults = append(out.Faults, contracts.Fault{Kind: uint8(f.Kind), Subject: f.Subject, BatchId: f.BatchID, Ref: f.Ref})
	}
	return out
}
