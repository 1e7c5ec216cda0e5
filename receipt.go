package posp

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// Receipt is a provider's signed promise about one answer. It must stand at
// index Sequence-FirstSequence of the provider's batch of its epoch.
type Receipt struct {
	Provider     Address `json:"provider"`
	Epoch        uint64  `json:"epoch"`
	Sequence     uint64  `json:"sequence"`
	SpecID       Hash    `json:"specId"`
	RequestHash  Hash    `json:"requestHash"`
	OutputHash   Hash    `json:"outputHash"`
	EvidenceHash Hash    `json:"evidenceHash"`
	PromptTokens uint32  `json:"promptTokens"`
	OutputTokens uint32  `json:"outputTokens"`
	ClientNonce  Hash    `json:"clientNonce"` // chosen by the buyer; see BuyerNonce
	Time         uint64  `json:"time"`        // Unix seconds
}

var (
	domainType  = crypto.Keccak256Hash([]byte("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"))
	domainName  = crypto.Keccak256Hash([]byte("posp"))
	domainVer   = crypto.Keccak256Hash([]byte("1"))
	receiptType = crypto.Keccak256Hash([]byte("Receipt(address provider,uint64 epoch,uint64 sequence,bytes32 specId,bytes32 requestHash,bytes32 outputHash,bytes32 evidenceHash,uint32 promptTokens,uint32 outputTokens,bytes32 clientNonce,uint64 time)"))
)

// Separator is the EIP-712 domain separator of the deployment.
func (d Domain) Separator() Hash {
	return words{}.hash(domainType).hash(domainName).hash(domainVer).uint(d.ChainID).addr(d.Registry).sum()
}

// Digest is the EIP-712 digest: what the receipt key signs, and the
// receiptHash under a batch's leaf.
func (r Receipt) Digest(d Domain) Hash {
	s := words{}.hash(receiptType).addr(r.Provider).uint(r.Epoch).uint(r.Sequence).hash(r.SpecID).
		hash(r.RequestHash).hash(r.OutputHash).hash(r.EvidenceHash).uint(uint64(r.PromptTokens)).
		uint(uint64(r.OutputTokens)).hash(r.ClientNonce).uint(r.Time).sum()
	sep := d.Separator()
	return crypto.Keccak256Hash([]byte{0x19, 0x01}, sep[:], s[:])
}

// SignedReceipt is a receipt with its 65-byte signature (r, s, v in {27, 28}).
type SignedReceipt struct {
	Receipt
	Signature hexutil.Bytes `json:"signature"`
}

// Signer recovers who signed the receipt. Contracts must be able to as well,
// so the signature is of the digest itself.
func (r SignedReceipt) Signer(d Domain) (Address, error) {
	return recoverSigner(r.Digest(d), r.Signature)
}

// RecoverSigner recovers the address behind a 65-byte signature (r, s, v) of an
// operator's message; s must be in the lower half of the order. v in {0, 1} or
// {27, 28}: of the digest. v in {31, 32}: of the digest as an Ethereum message
// (EIP-191), the only thing that signing services sign; Safe marks it so too.
func RecoverSigner(digest Hash, sig []byte) (Address, error) {
	if len(sig) == 65 && (sig[64] == 31 || sig[64] == 32) {
		sig = append([]byte(nil), sig...)
		sig[64] -= 4
		digest = crypto.Keccak256Hash([]byte("\x19Ethereum Signed Message:\n32"), digest[:])
	}
	return recoverSigner(digest, sig)
}

func recoverSigner(digest Hash, sig []byte) (Address, error) {
	if len(sig) != 65 {
		return Address{}, Invalidf("signature has %d bytes, want 65", len(sig))
	}
	rsv := append([]byte(nil), sig...)
	if rsv[64] >= 27 {
		rsv[64] -= 27
	}
	r, s := new(big.Int).SetBytes(rsv[:32]), new(big.Int).SetBytes(rsv[32:64])
	if !crypto.ValidateSignatureValues(rsv[64], r, s, true) {
		return Address{}, Invalidf("signature is not canonical")
	}
	pub, err := crypto.SigToPub(digest[:], rsv)
	if err != nil {
		return Address{}, Invalidf("signature does not recover: %v", err)
	}
	return crypto.PubkeyToAddress(*pub), nil
}

// BuyerNonce is the client nonce by which a buyer can later claim a refund:
// it commits to the buyer's address without showing it.
func BuyerNonce(buyer Address, secret Hash) Hash {
	return words{}.hash(tagBuyer).addr(buyer).hash(secret).sum()
}

// Batch is a provider's commitment to an epoch's receipts.
type Batch struct {
	Provider      Address `json:"provider"`
	Epoch         uint64  `json:"epoch"`
	FirstSequence uint64  `json:"firstSequence"`
	Root          Hash    `json:"root"`
	LeafCount     uint64  `json:"leafCount"`
}

// ID is keccak(abi(tag, chainId, registry, provider, epoch, firstSequence,
// root, leafCount)).
func (b Batch) ID(d Domain) Hash {
	return words{}.hash(tagBatch).uint(d.ChainID).addr(d.Registry).addr(b.Provider).uint(b.Epoch).
		uint(b.FirstSequence).hash(b.Root).uint(b.LeafCount).sum()
}
