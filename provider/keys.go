package provider

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/proof-of-sampling/posp"
)

// ErrNoReceiptKey says that an epoch's receipts could not be anybody's.
var ErrNoReceiptKey = errors.New("the provider has no receipt key in this epoch: posp provider rotate-key sets one; wait until that has settled")

// receiptKeys remembers whose signature makes a receipt in each epoch.
type receiptKeys struct {
	mu sync.Mutex
	of map[uint64]posp.Address
}

// keptKeys is how many epochs' keys are remembered: those of which anything is
// signed are the newest.
const keptKeys = 16

// receiptKey is the provider's receipt key of an epoch that has begun.
func (p *Provider) receiptKey(ctx context.Context, epoch uint64) (posp.Address, error) {
	p.keys.mu.Lock()
	defer p.keys.mu.Unlock()
	if key, ok := p.keys.of[epoch]; ok {
		return key, nil
	}
	info, ok, err := p.chain.Provider(ctx, p.cfg.Provider, epoch)
	if err != nil {
		return posp.Address{}, fmt.Errorf("read receipt key of epoch %d: %w", epoch, err)
	}
	if !ok {
		return posp.Address{}, fmt.Errorf("epoch %d: %w", epoch, ErrNoReceiptKey)
	}
	if p.keys.of == nil || len(p.keys.of) >= keptKeys {
		p.keys.of = map[uint64]posp.Address{}
	}
	p.keys.of[epoch] = info.ReceiptKey
	return info.ReceiptKey, nil
}
