package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/transport"
)

// ReplayOptions says what `posp audit replay` replays: a sample by its id, or
// by epoch, provider and index.
type ReplayOptions struct {
	RPC        string // overrides the network file's
	Aggregator string // overrides the network file's
	Sample     string // id; empty if it is named by the three below
	Epoch      int64  // -1: not given, and then searched for
	Provider   string
	Index      uint64 // number of the sample in the provider's batch
	Key        Key    // of an operator or provider, to be shown texts of private specs; no path: as anybody
	JSON       bool
}

// AuditReplay replays a sample and prints the report. A report that does not
// agree with what is certified is an error too, after it is printed.
func AuditReplay(ctx context.Context, n Network, o ReplayOptions, out io.Writer) error {
	which, err := o.sample()
	if err != nil {
		return err
	}
	site, err := Open(ctx, n, o.RPC, zap.NewNop())
	if err != nil {
		return err
	}
	defer site.Client.Close()
	client, err := site.AggregatorClient(o.Aggregator)
	if o.Key.Path != "" {
		key, bad := o.Key.load()
		if bad != nil {
			return bad
		}
		client, err = site.AggregatorReader(o.Aggregator, key)
	}
	if err != nil {
		return err
	}
	cfg := audit.Config{Domain: n.Domain(), Authority: n.Authority(), Specs: site.specs(), Scorer: func(specID posp.Hash) (inference.Scorer, error) {
		for _, m := range n.Models {
			if m.Spec.ID() == specID {
				return scorer(m)
			}
		}
		return nil, fmt.Errorf("the network file has no model of spec %s", specID)
	}}
	world := auditChain{site.Reader()}
	if o.Epoch < 0 {
		if which.Epoch, err = site.epochOf(ctx, cfg, world, which.ID); err != nil {
			return err
		}
	} else if err := site.certified(ctx, world.Protocol, which.Epoch); err != nil {
		return err
	}
	where := o.Aggregator
	if where == "" {
		where = n.Aggregator
	}
	report, err := audit.Replay(ctx, cfg, world, archive{client, where}, which)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if o.JSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(report)
	} else {
		err = report.Print(out)
	}
	switch bad := report.Mismatches(); {
	case err != nil:
		return fmt.Errorf("print report: %w", err)
	case report.Agrees:
		return nil
	case len(bad) > 0:
		return fmt.Errorf("the replay of sample %s disagrees with what is certified: %s", report.SampleID, strings.Join(bad, ", "))
	default:
		return fmt.Errorf("too little of sample %s could be checked to agree with what is certified: see \"not checked\" in the report", report.SampleID)
	}
}

func (o ReplayOptions) sample() (s audit.Sample, err error) {
	var bad problems
	if o.Sample != "" {
		id, err := hexutil.Decode(o.Sample)
		bad.when(err != nil || len(id) != 32, "--sample %q is not a sample id: 0x and 64 hexadecimal digits", o.Sample)
		bad.when(o.Provider != "", "--sample and --provider name a sample twice: leave one out")
		s.ID = common.BytesToHash(id)
		bad.when(s.ID == posp.Hash{} && err == nil && len(id) == 32, "--sample is zero, which no sample's id is")
	} else {
		bad.when(o.Epoch < 0 || o.Provider == "", "name a sample: with --sample, or with --epoch, --provider and --index")
		bad.when(o.Provider != "" && !common.IsHexAddress(o.Provider), "--provider %q is not an address: 0x and 40 hexadecimal digits", o.Provider)
		s.Provider, s.J = common.HexToAddress(o.Provider), o.Index
	}
	s.Epoch = uint64(max(o.Epoch, 0))
	return s, bad.join()
}

// certified says why an epoch cannot be replayed, if it cannot.
func (s *Site) certified(ctx context.Context, p *chain.Protocol, epoch uint64) error {
	head, err := p.Block(ctx)
	if err != nil {
		return err
	}
	if now := s.Parameters.Schedule.EpochAt(head); epoch > now {
		return fmt.Errorf("epoch %d is still to come: now is epoch %d", epoch, now)
	}
	status, _, err := p.EpochStatus(ctx, epoch)
	switch {
	case err != nil:
		return err
	case status == chain.StatusVoid:
		return fmt.Errorf("epoch %d is void: no certificate was accepted in time, so there is nothing to replay", epoch)
	case status == chain.StatusNone:
		return fmt.Errorf("epoch %d is not certified yet (%s; now is block %d, certificates are accepted up to block %d): try later",
			epoch, phase(s.Parameters.Schedule, epoch, head), head, s.Parameters.Schedule.CertifyDeadline(epoch))
	}
	return nil
}

// epochOf searches the certified epochs for a sample, newest first.
func (s *Site) epochOf(ctx context.Context, cfg audit.Config, world auditChain, id posp.Hash) (uint64, error) {
	head, err := world.Block(ctx)
	if err != nil {
		return 0, err
	}
	newest, certified := s.Parameters.Schedule.EpochAt(head), 0
	for back := range newest + 1 {
		epoch := newest - back
		status, _, err := world.EpochStatus(ctx, epoch)
		if err != nil {
			return 0, err
		}
		if status != chain.StatusPending && status != chain.StatusFinal {
			continue
		}
		certified++
		found, err := audit.Holds(ctx, cfg, world, epoch, id)
		if err != nil {
			return 0, fmt.Errorf("search epoch %d: %w", epoch, err)
		}
		if found {
			return epoch, nil
		}
	}
	return 0, fmt.Errorf("%s is a sample of none of the %d certified epochs among 0 to %d: is it of another network, or a batch or fault (posp query)?", id, certified, newest)
}

// auditChain is the chain as package audit asks for it.
type auditChain struct{ *chain.Protocol }

func (c auditChain) Certificate(ctx context.Context, epoch uint64) (audit.Certificate, bool, error) {
	v, ok, err := c.Protocol.Certificate(ctx, epoch)
	return audit.Certificate{Result: v.Result, Digest: v.Digest, Signature: v.Signature, SignersKey: v.SignersKey, NonSigners: v.NonSigners}, ok, err
}

// archive is an aggregator as package audit asks it; its errors say which.
type archive struct {
	client *transport.Client
	url    string
}

func (a archive) Commitments(ctx context.Context, epoch uint64) ([]posp.Commitments, bool, error) {
	v, ok, err := a.client.Commitments(ctx, epoch)
	return v, ok, a.wrap(err)
}

func (a archive) Reveals(ctx context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	v, ok, err := a.client.Reveals(ctx, epoch)
	return v, ok, a.wrap(err)
}

func (a archive) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("aggregator %s: %w (another one that has the epoch can be named with --aggregator)", a.url, err)
}
