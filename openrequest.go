package posp

import (
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
)

// OpenRequest is what a sampled operator sends to a provider for the opening
// of a leaf and, later, for its evidence part.
type OpenRequest struct {
	BatchID   Hash          `json:"batchId"`
	Leaf      uint64        `json:"leaf"`
	Operator  Address       `json:"operator"`
	Signature hexutil.Bytes `json:"signature"` // by the operator's message key in the batch's epoch, of OpenDigest
}

// Digest is what the operator signs.
func (r OpenRequest) Digest(d Domain) Hash { return OpenDigest(d, r.BatchID, r.Leaf, r.Operator) }

// Check verifies that the operator's message key signed.
func (r OpenRequest) Check(d Domain, key Address) error {
	signer, err := RecoverSigner(r.Digest(d), r.Signature)
	if err != nil {
		return err
	}
	if signer != key {
		return Invalidf("request for an opening is signed by %s, not by %s, the message key of operator %s in this epoch", signer, key, r.Operator)
	}
	return nil
}

// ReadRequest says who asks an aggregator for an epoch's reveals: what private
// specs hide is for the epoch's operators and for the provider whose it is. The
// reader is whose key signs: an account, or the key that its messages or
// receipts of that epoch are signed with.
type ReadRequest struct {
	Epoch     uint64        `json:"epoch"`
	Reader    Address       `json:"reader"`
	Expires   uint64        `json:"expires"` // Unix seconds
	Signature hexutil.Bytes `json:"signature"`
}

// ReadTime is how far ahead a ReadRequest may expire at most; a reader's and
// an aggregator's clock may differ by the half that it does not use itself.
const ReadTime = 10 * time.Minute

// Digest is what the reader's ECDSA key signs.
func (r ReadRequest) Digest(a Authority) Hash {
	return words{}.hash(tagRead).uint(a.ChainID).addr(a.Attestation).uint(r.Epoch).addr(r.Reader).uint(r.Expires).sum()
}

// Check verifies that the reader signed, for now.
func (r ReadRequest) Check(a Authority, now time.Time) error {
	signer, err := RecoverSigner(r.Digest(a), r.Signature)
	switch {
	case err != nil:
		return err
	case signer != r.Reader:
		return Invalidf("request for reveals is signed by %s, not by reader %s", signer, r.Reader)
	case r.Expires <= uint64(now.Unix()):
		return Invalidf("request for reveals is over since %d, now is %d: is the clock right?", r.Expires, now.Unix())
	case r.Expires > uint64(now.Add(ReadTime).Unix()):
		return Invalidf("request for reveals would hold until %d, now is %d, and it may hold for %v: is the clock right?", r.Expires, now.Unix(), ReadTime)
	}
	return nil
}
