package devnet

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// moves are the transactions of disputes: each is printed once, and what they
// cost is added up.
type moves struct {
	w       *world
	next    uint64 // the block from which nothing is read yet
	number  map[posp.Hash]int
	bonds   map[posp.Address]*big.Int // paid, in wei
	returns map[posp.Address]*big.Int // withdrawn
	fees    map[posp.Address]*big.Int // for gas
}

func newMoves(w *world, from uint64) *moves {
	return &moves{w: w, next: from, number: map[posp.Hash]int{}, bonds: map[posp.Address]*big.Int{}, returns: map[posp.Address]*big.Int{},
		fees: map[posp.Address]*big.Int{}}
}

func add(m map[posp.Address]*big.Int, who posp.Address, x *big.Int) {
	if m[who] == nil {
		m[who] = new(big.Int)
	}
	m[who].Add(m[who], x)
}

func of(m map[posp.Address]*big.Int, who posp.Address) *big.Int {
	if m[who] == nil {
		return new(big.Int)
	}
	return m[who]
}

// print reads the blocks that are new.
func (m *moves) print(ctx context.Context) error {
	head, err := m.w.client.BlockNumber(ctx)
	if err != nil {
		return err
	}
	for ; m.next <= head; m.next++ {
		if err := m.block(ctx, m.next); err != nil {
			return fmt.Errorf("read moves of block %d: %w", m.next, err)
		}
	}
	return nil
}

func (m *moves) block(ctx context.Context, n uint64) error {
	b, err := m.w.client.BlockByNumber(ctx, new(big.Int).SetUint64(n))
	if err != nil || len(b.Transactions()) == 0 {
		return err
	}
	receipts, err := m.w.client.BlockReceipts(ctx, rpc.BlockNumberOrHashWithNumber(rpc.BlockNumber(n)))
	if err != nil {
		return err
	}
	at := m.w.site.Network.Contracts
	named := map[posp.Address]abi.ABI{at.DisputeGame: contracts.NewDisputeGame().GetABI(), at.PrivateDisputeGame: contracts.NewPrivateDisputeGame().GetABI(), at.SignerFaults: contracts.NewSignerFaults().GetABI(),
		at.VerdictRule: contracts.NewVerdictRule().GetABI()}
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(m.w.client.ID()))
	for i, tx := range b.Transactions() {
		if tx.To() == nil || len(tx.Data()) < 4 {
			continue
		}
		c, ok := named[*tx.To()]
		if !ok {
			continue
		}
		who, err := types.Sender(signer, tx)
		if err != nil {
			return err
		}
		r := receipts[i]
		add(m.fees, who, new(big.Int).Mul(r.EffectiveGasPrice, new(big.Int).SetUint64(r.GasUsed)))
		method, err := c.MethodById(tx.Data()[:4])
		if err != nil {
			return err
		}
		if r.Status != types.ReceiptStatusSuccessful {
			m.w.steps.note("%-15s %-9s %9d gas  refused", m.w.name(who), method.Name, r.GasUsed)
			continue
		}
		add(m.bonds, who, tx.Value())
		var what []string
		for _, l := range r.Logs {
			if s := m.event(who, l); s != "" {
				what = append(what, s)
			}
		}
		m.w.steps.note("%-15s %-9s %9d gas  %s", m.w.name(who), method.Name, r.GasUsed, strings.Join(what, "; "))
	}
	return nil
}

func (m *moves) contested(id posp.Hash, s contracts.Subject) string {
	m.number[id] = len(m.number) + 1
	return fmt.Sprintf("assertion %d: sample %s of %s, %s is to become %s", m.number[id], posp.Hash(s.SampleId).TerminalString(),
		m.w.name(s.Provider), posp.Verdict(s.Certified), posp.Verdict(s.Verdict))
}

// event is what a log says, or nothing.
func (m *moves) event(who posp.Address, l *types.Log) string {
	// Moves have the same events in both games.
	game, private, faults := contracts.NewDisputeGame(), contracts.NewPrivateDisputeGame(), contracts.NewFaultManager()
	ids := func(a abi.ABI, name string) bool { return l.Topics[0] == a.Events[name].ID }
	g, f := game.GetABI(), faults.GetABI()
	switch {
	case ids(g, contracts.DisputeGameContestedEventName):
		if e, err := game.UnpackContestedEvent(l); err == nil {
			return m.contested(e.Id, e.Subject)
		}
	case ids(private.GetABI(), contracts.PrivateDisputeGamePrivatelyContestedEventName):
		if e, err := private.UnpackPrivatelyContestedEvent(l); err == nil {
			return m.contested(e.Id, e.Subject)
		}
	case ids(g, contracts.DisputeGameChallengedEventName):
		if e, err := game.UnpackChallengedEvent(l); err == nil {
			return fmt.Sprintf("assertion %d: a trace of up to 2^%d rows", m.number[e.Id], e.Level)
		}
	case ids(g, contracts.DisputeGameRevealedEventName):
		if e, err := game.UnpackRevealedEvent(l); err == nil {
			return fmt.Sprintf("%d nodes", len(e.Nodes))
		}
	case ids(g, contracts.DisputeGamePickedEventName):
		if e, err := game.UnpackPickedEvent(l); err == nil {
			if e.Blocks > 0 {
				return fmt.Sprintf("row %d, block %d of %d", e.Row, e.BlockIndex<<e.Level, e.Blocks)
			}
			return fmt.Sprintf("rows %d to %d", e.Row<<e.Level, (e.Row+1)<<e.Level-1)
		}
	case ids(g, contracts.DisputeGameShownEventName):
		if e, err := game.UnpackShownEvent(l); err == nil {
			return fmt.Sprintf("the block, %d bytes", len(e.Data))
		}
	case ids(g, contracts.DisputeGameNamedEventName):
		if e, err := game.UnpackNamedEvent(l); err == nil {
			return fmt.Sprintf("element %d is said to be wrong", e.Element)
		}
	case ids(g, contracts.DisputeGameGameOverEventName):
		if e, err := game.UnpackGameOverEvent(l); err == nil {
			if e.Refuted {
				return m.w.name(e.Challenger) + " wins"
			}
			return m.w.name(e.Challenger) + " loses"
		}
	case ids(g, contracts.DisputeGameConcludedEventName):
		if e, err := game.UnpackConcludedEvent(l); err == nil {
			return fmt.Sprintf("assertion %d %s", m.number[e.Id], posp.AssertionStatus(e.Status))
		}
	case ids(g, contracts.DisputeGameWithdrawnEventName):
		if e, err := game.UnpackWithdrawnEvent(l); err == nil {
			add(m.returns, who, e.Amount)
			return tokens(e.Amount) + " ETH"
		}
	case ids(f, contracts.FaultManagerFaultRecordedEventName):
		if e, err := faults.UnpackFaultRecordedEvent(l); err == nil {
			return fmt.Sprintf("%s is charged: %s", m.w.name(e.Subject), posp.FaultKind(e.Kind))
		}
	case ids(f, contracts.FaultManagerFaultClearedEventName):
		if e, err := faults.UnpackFaultClearedEvent(l); err == nil {
			return m.w.name(e.Subject) + " is cleared"
		}
	}
	return ""
}
