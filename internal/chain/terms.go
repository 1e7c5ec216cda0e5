package chain

import (
	"context"

	"github.com/proof-of-sampling/posp"
)

// Rates are how much of batches a deployment samples.
type Rates struct {
	posp.Rate
	NewProviderBatches uint32 `json:"newProviderBatches"` // a provider's first so many batches are sampled whole
}

// Rates reads how much of batches is sampled, unless the provider is new or jailed.
func (p *Protocol) Rates(ctx context.Context) (Rates, error) {
	data, err := batchRegistry.TryPackSamplingRate()
	r, err := view(ctx, p, p.at.BatchRegistry, "sampling rate", data, err, batchRegistry.UnpackSamplingRate)
	return Rates{posp.Rate{RatePpm: r.RatePpm, KMin: r.KMin}, r.NewProviderBatches}, err
}

// Penalties are what each kind of fault costs, in Wad parts of the subject's slashable stake.
type Penalties struct {
	StatisticalWad    uint64 `json:"statisticalWad"`
	WithholdingWad    uint64 `json:"withholdingWad"` // doubles with each one executed
	WithholdingCapWad uint64 `json:"withholdingCapWad"`
	OperatorWad       uint64 `json:"operatorWad"`
}

// Penalties reads what faults cost.
func (p *Protocol) Penalties(ctx context.Context) (Penalties, error) {
	data, err := faultManager.TryPackPenalties()
	v, err := view(ctx, p, p.at.FaultManager, "penalties", data, err, faultManager.UnpackPenalties)
	return Penalties(v), err
}
