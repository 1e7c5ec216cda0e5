package chain

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// The hot keys of accounts, by epoch, in the KeyRegistry.

// Purpose is what a hot key signs.
type Purpose uint8

// As the contract numbers them.
const (
	Receipts Purpose = 0 // of a provider
	Messages Purpose = 1 // of an operator
)

func (p Purpose) String() string {
	if p == Receipts {
		return "receipts"
	}
	return "messages"
}

// KeyAt is whose signature counts for an account in an epoch; zero for a provider without a key. It is final from
// KeyNotice blocks before the epoch's start on.
func (p *Protocol) KeyAt(ctx context.Context, account posp.Address, purpose Purpose, epoch uint64) (posp.Address, error) {
	data, err := keyRegistry.TryPackKeyAt(account, uint8(purpose), epoch)
	return fact(ctx, p, p.at.KeyRegistry, "key of "+purpose.String(), data, err, keyRegistry.UnpackKeyAt)
}

// messageKeys are those of a table's members that are not their accounts.
func (p *Protocol) messageKeys(ctx context.Context, members []posp.Member, epoch uint64) (map[posp.Address]posp.Address, error) {
	operators := make([]common.Address, len(members))
	for i, m := range members {
		operators[i] = m.Operator
	}
	data, err := keyRegistry.TryPackKeysAt(operators, uint8(Messages), epoch)
	list, err := fact(ctx, p, p.at.KeyRegistry, "message keys", data, err, keyRegistry.UnpackKeysAt)
	if err != nil {
		return nil, err
	}
	if len(list) != len(operators) {
		return nil, fmt.Errorf("read message keys: %d for %d operators", len(list), len(operators))
	}
	var other map[posp.Address]posp.Address
	for i, key := range list {
		if key == operators[i] {
			continue
		}
		if other == nil {
			other = map[posp.Address]posp.Address{}
		}
		other[operators[i]] = key
	}
	return other, nil
}

// KeyFrom is the epoch from which on a key counts that is set in a block, as the KeyRegistry reckons. A provider's first
// key counts from the block's own epoch.
func KeyFrom(s posp.Schedule, block, notice uint64) uint64 {
	if block+notice < s.Genesis {
		return 0
	}
	return s.EpochAt(block+notice) + 1
}

// KeyNotice is how many blocks before an epoch starts its keys are final.
func (p *Protocol) KeyNotice(ctx context.Context) (uint64, error) {
	data, err := keyRegistry.TryPackNotice()
	return view(ctx, p, p.at.KeyRegistry, "notice of keys", data, err, keyRegistry.UnpackNotice)
}

// KeyChange is an entry of an account's history.
type KeyChange struct {
	Purpose   Purpose
	FromEpoch uint64
	Key       posp.Address
	Block     uint64 // in which it was set
}

// KeyHistory is what was set for an account, oldest first, since a block. Of two entries from one epoch the later one
// counts.
func (p *Protocol) KeyHistory(ctx context.Context, account posp.Address, purpose Purpose, since uint64) ([]KeyChange, error) {
	head, err := p.Block(ctx)
	if err != nil {
		return nil, err
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.KeyRegistry},
		Topics: [][]posp.Hash{{topic(keyRegistry.GetABI(), contracts.KeyRegistryKeySetEventName)}, {common.BytesToHash(account[:])}, {epochTopic(uint64(purpose))}}}, min(since, head), head)
	if err != nil {
		return nil, fmt.Errorf("keys of %s: %w", account, err)
	}
	all := make([]KeyChange, len(logs))
	for i := range logs {
		e, err := keyRegistry.UnpackKeySetEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("keys of %s: %w", account, err)
		}
		all[i] = KeyChange{Purpose: purpose, FromEpoch: e.FromEpoch, Key: e.Key, Block: logs[i].BlockNumber}
	}
	return all, nil
}

// SettingKey sets an account's key; the sender is the account, or may set keys for it.
func SettingKey(registry, account posp.Address, purpose Purpose, key posp.Address) Transaction {
	return Transaction{Contract: Contract{Address: registry, ABI: keyRegistry.GetABI()}, Method: "setKey", Args: []any{account, uint8(purpose), key}}
}

// SetKey is SettingKey, sent.
func (p *Protocol) SetKey(ctx context.Context, account posp.Address, purpose Purpose, key posp.Address) error {
	data, err := keyRegistry.TryPackSetKey(account, uint8(purpose), key)
	_, err = p.send(ctx, p.at.KeyRegistry, "set key of "+purpose.String(), data, err)
	return err
}
