package posp

import (
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// Authority is what operators' messages to an aggregator are bound to: the
// contract that will take the certificate.
type Authority struct {
	ChainID     uint64  `json:"chainId"`
	Attestation Address `json:"attestation"` // the AttestationRegistry
	AVS         Address `json:"avs"`         // the ServiceManager
}

// Commitment binds an operator to evidence that it has not shown:
// keccak(abi.encode(operator, sampleId, evidence, salt)).
func Commitment(operator Address, sampleID Hash, evidence []byte, salt Hash) Hash {
	return words{}.addr(operator).hash(sampleID).uint(4 * 32).hash(salt).bytes(evidence).sum()
}

// SampleCommitment is one line of a Commitments message.
type SampleCommitment struct {
	SampleID   Hash `json:"sampleId"`
	Commitment Hash `json:"commitment"`
}

// Commitments is everything an operator commits to for an epoch, in one
// message. There is one for each operator and epoch.
type Commitments struct {
	Operator  Address            `json:"operator"`
	Epoch     uint64             `json:"epoch"`
	Items     []SampleCommitment `json:"items"` // ascending by SampleID
	Signature hexutil.Bytes      `json:"signature"`
}

// Digest is what the operator's message key signs.
func (c Commitments) Digest(a Authority) Hash {
	var list words
	for _, it := range c.Items {
		list = list.hash(it.SampleID).hash(it.Commitment)
	}
	return words{}.hash(tagCommit).uint(a.ChainID).addr(a.Attestation).uint(c.Epoch).addr(c.Operator).
		uint(uint64(len(c.Items))).hash(list.sum()).sum()
}

// Reveal opens a commitment. Opening and Provider carry what the operator
// holds of the provider's side, so that everybody can re-derive the verdict;
// they are checked against the receipt, so it does not matter who sent them.
type Reveal struct {
	SampleID Hash          `json:"sampleId"`
	Evidence hexutil.Bytes `json:"evidence"`
	Salt     Hash          `json:"salt"`
	Opening  *Opening      `json:"opening,omitempty"`
	Provider *EvidencePart `json:"provider,omitempty"`
}

// Reveals is everything an operator reveals for an epoch, in one message.
type Reveals struct {
	Operator  Address       `json:"operator"`
	Epoch     uint64        `json:"epoch"`
	Items     []Reveal      `json:"items"` // ascending by SampleID
	Signature hexutil.Bytes `json:"signature"`
}

// Revealed is one line of what a Reveals message signs.
type Revealed struct {
	SampleID Hash
	Evidence Hash // keccak of the evidence
	Salt     Hash
}

// Digest is what the operator's message key signs: the evidence and salts. What
// is carried for the provider authenticates itself.
func (r Reveals) Digest(a Authority) Hash {
	lines := make([]Revealed, len(r.Items))
	for i, it := range r.Items {
		lines[i] = Revealed{it.SampleID, crypto.Keccak256Hash(it.Evidence), it.Salt}
	}
	return RevealsDigest(a, r.Epoch, r.Operator, lines)
}

// RevealsDigest is the digest of a Reveals message of which only the lines are
// known.
func RevealsDigest(a Authority, epoch uint64, operator Address, lines []Revealed) Hash {
	var list words
	for _, l := range lines {
		list = list.hash(l.SampleID).hash(l.Evidence).hash(l.Salt)
	}
	return words{}.hash(tagReveal).uint(a.ChainID).addr(a.Attestation).uint(epoch).addr(operator).
		uint(uint64(len(lines))).hash(list.sum()).sum()
}

// CertificateShare is one operator's BN254 signature of a certificate digest.
type CertificateShare struct {
	Operator  Address       `json:"operator"`
	Epoch     uint64        `json:"epoch"`
	Digest    Hash          `json:"digest"`
	Signature hexutil.Bytes `json:"signature"` // 64 bytes, affine G1 (x, y)
}

// Equivocation is two messages of one kind that an operator signed for one duty
// of one epoch, which differ in what is signed: the first that was seen stands.
// One of the lists holds two, the others nothing. Two Commitments or Reveals
// convict by themselves. A share names its epoch, but signs only a digest: two
// shares convict together with the results that have those digests.
type Equivocation struct {
	Commitments []Commitments      `json:"commitments,omitempty"`
	Reveals     []Reveals          `json:"reveals,omitempty"` // without what they carried
	Shares      []CertificateShare `json:"shares,omitempty"`
}
