package posp

import "github.com/holiman/uint256"

// Rate is how much of a provider's batch is sampled, fixed by the contract
// when the batch is committed.
type Rate struct {
	RatePpm uint32 `json:"ratePpm"` // millionths of the leaves
	KMin    uint32 `json:"kMin"`    // at least so many
}

// BatchRecord is a batch as the BatchRegistry holds it.
type BatchRecord struct {
	ID Hash `json:"id"`
	Batch
	Rate
}

// ProviderInfo is what a provider registered: the address whose signature (or
// ERC-1271 approval) makes a receipt of the epoch that was asked about, and
// where its openings are served.
type ProviderInfo struct {
	Provider   Address `json:"provider"`
	ReceiptKey Address `json:"receiptKey"` // in that epoch
	URL        string  `json:"url"`
}

// Table is the operator table by which an epoch counts: a snapshot of the
// verifiers' slashable stake, taken on chain no later than the epoch's close.
type Table struct {
	Root    Hash         `json:"root"`
	Block   uint64       `json:"block"`   // of the snapshot
	Members []Member     `json:"members"` // ascending by address, weights above 0
	Total   *uint256.Int `json:"total"`   // sum of the weights

	// MessageKeys are the members' whose messages of the epoch another key
	// signs than their account's. They are the KeyRegistry's, not of the root.
	MessageKeys map[Address]Address `json:"messageKeys,omitempty"`
}

// MessageKey is the address whose ECDSA signature makes an operator's messages
// of the epoch that the table is for.
func (t Table) MessageKey(operator Address) Address {
	if key, ok := t.MessageKeys[operator]; ok {
		return key
	}
	return operator
}

// Parameters are the protocol parameters that a deployment fixes.
type Parameters struct {
	Schedule  Schedule `json:"schedule"`
	Committee uint32   `json:"committee"` // operators for each sample
	FaultLine uint64   `json:"faultLine"` // ln(1/alpha) in Q16 nats: a standing at or over it is a fault
	QuorumPpm uint32   `json:"quorumPpm"` // of the table's weight, to certify
}
