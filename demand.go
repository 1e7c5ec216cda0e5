package posp

// Demand is a buyer's request that one receipt be verified, as the contract
// OnDemand holds it. The epoch that answers it is not the receipt's: it is the
// first that closes after the request was made, so that nobody knew its beacon.
//
// A demand is to its one sample what a batch is to those that are drawn of it:
// in Seed, SampleID and OpenRequest its id stands where the batch's does, and j
// is 0.
type Demand struct {
	ID          Hash        `json:"id"`
	Epoch       uint64      `json:"epoch"`       // that answers it
	ReceiptHash Hash        `json:"receiptHash"` // Receipt.Digest
	Leaf        uint64      `json:"leaf"`        // of the receipt
	Batch       BatchRecord `json:"batch"`       // in which it stands: of the epoch that answers, or an earlier one
	ReceiptKey  Address     `json:"receiptKey"`  // of the batch's provider, in the batch's epoch
}

// DemandID names a request: keccak(abi(tag, chainId, onDemand, epoch,
// receiptHash)), with the epoch that answers it.
func DemandID(chainID uint64, onDemand Address, epoch uint64, receiptHash Hash) Hash {
	return words{}.hash(tagDemand).uint(chainID).addr(onDemand).uint(epoch).hash(receiptHash).sum()
}

// SampleID names the demand's sample.
func (d Demand) SampleID() Hash { return SampleID(d.ID, 0, d.Leaf) }
