package posp

import "github.com/ethereum/go-ethereum/common/hexutil"

// OpenRequest is what a sampled operator sends to a provider for the opening
// of a leaf and, later, for its evidence part.
type OpenRequest struct {
	BatchID   Hash          `json:"batchId"`
	Leaf      uint64        `json:"leaf"`
	Operator  Address       `json:"operator"`
	Signature hexutil.Bytes `json:"signature"` // by the operator's ECDSA key, of OpenDigest
}

// Digest is what the operator signs.
func (r OpenRequest) Digest(d Domain) Hash { return OpenDigest(d, r.BatchID, r.Leaf, r.Operator) }

// Check verifies that the operator signed.
func (r OpenRequest) Check(d Domain) error {
	signer, err := RecoverSigner(r.Digest(d), r.Signature)
	if err != nil {
		return err
	}
	if signer != r.Operator {
		return Invalidf("request for an opening is signed by %s, not by operator %s", signer, r.Operator)
	}
	return nil
}
