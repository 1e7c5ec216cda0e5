package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/mattn/go-isatty"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// send shows each transaction, asks, sends it and waits for it.
func (l *lifecycle) send(ctx context.Context, steps []step) error {
	for i, s := range steps {
		if err := l.show(ctx, i, s, len(steps)); err != nil {
			return err
		}
		if err := l.consent(ctx); err != nil {
			return err
		}
		call, err := s.tx.Call()
		if err == nil {
			err = l.open(ctx)
		}
		if err != nil {
			return err
		}
		receipt, err := l.sender.Send(ctx, call)
		if err != nil {
			return fmt.Errorf("%s: %w", s.tx.Method, err)
		}
		fmt.Fprintf(l.Out, "  done     transaction %s, block %d, %d gas\n\n", receipt.TxHash, receipt.BlockNumber, receipt.GasUsed)
	}
	return nil
}

// ErrNoConsent says that the user did not agree.
var ErrNoConsent = errors.New("not sent: you did not agree")

// consent asks on a terminal. Where nobody can answer it is refused: what is
// sent without being asked for is sent with --yes alone.
func (l *lifecycle) consent(ctx context.Context) error {
	if l.Yes {
		return nil
	}
	if !isatty.IsTerminal(l.In.Fd()) {
		return errors.New("not sent: there is no terminal to ask on: add --yes, or --dry-run, or --calldata")
	}
	fmt.Fprint(l.Out, "  send it? [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(l.In).ReadString('\n') // at its end: no
		answer <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(l.Out)
		return ErrNoConsent
	case line := <-answer:
		if a := strings.ToLower(strings.TrimSpace(line)); a != "y" && a != "yes" {
			return ErrNoConsent
		}
	}
	return nil
}

// show prints a transaction: contract, function, decoded arguments, value and
// what gas it is estimated to take.
func (l *lifecycle) show(ctx context.Context, i int, s step, n int) error {
	call, err := s.tx.Call()
	if err != nil {
		return err
	}
	fmt.Fprintf(l.Out, "%d of %d: %s\n", i+1, n, s.why)
	fmt.Fprintf(l.Out, "  to       %s (%s)\n  function %s\n", call.To, l.site.Network.nameOf(*call.To), s.tx.Signature())
	for j, in := range s.tx.Inputs() {
		for k, line := range argument(s.tx.Args[j]) {
			name := in.Name
			if k > 0 {
				name = ""
			}
			fmt.Fprintf(l.Out, "    %-22s %s\n", name, line)
		}
	}
	fmt.Fprintf(l.Out, "  value    0\n")
	from := l.operator
	if l.account != nil {
		from = l.account.Address()
	}
	gas, err := l.site.Client.EstimateGas(ctx, ethereum.CallMsg{From: from, To: call.To, Data: call.Data})
	switch {
	case err == nil:
		fmt.Fprintf(l.Out, "  gas      about %d\n", gas)
	case i > 0 && l.DryRun:
		fmt.Fprintf(l.Out, "  gas      known once the steps before it are done\n")
	default:
		return fmt.Errorf("%s would fail: %w", s.tx.Method, chain.ProtocolErrors().Decode(err))
	}
	return nil
}

// argument shows a value as a user writes it, a line for each part of it.
func argument(v any) []string {
	switch x := v.(type) {
	case []byte:
		return []string{hexutil.Encode(x)}
	case fmt.Stringer: // addresses, hashes, big numbers
		return []string{x.String()}
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Struct:
		var lines []string
		for i := range r.NumField() {
			name := r.Type().Field(i).Tag.Get("json")
			for _, part := range argument(r.Field(i).Interface()) {
				lines = append(lines, name+": "+part)
			}
		}
		return lines
	case reflect.Slice, reflect.Array:
		if r.Len() == 0 {
			return []string{"[]"}
		}
		var lines []string
		for i := range r.Len() {
			lines = append(lines, argument(r.Index(i).Interface())...)
		}
		return lines
	case reflect.String:
		return []string{fmt.Sprintf("%q", v)}
	}
	return []string{fmt.Sprint(v)}
}

// nameOf is what a contract of the deployment is called.
func (n Network) nameOf(a posp.Address) string {
	for name, at := range map[string]posp.Address{
		"EigenLayer's AllocationManager": n.EigenLayer.AllocationManager, "EigenLayer's DelegationManager": n.EigenLayer.DelegationManager,
		"EigenLayer's StrategyManager": n.EigenLayer.StrategyManager, "EigenLayer's KeyRegistrar": n.EigenLayer.KeyRegistrar,
		"the KeyRegistry": n.Contracts.KeyRegistry, "the BatchRegistry": n.Contracts.BatchRegistry, "the staked token": n.EigenLayer.Token, "the strategy": n.EigenLayer.Strategy,
		"the FaultManager": n.Contracts.FaultManager, "the RefundPool": n.Contracts.RefundPool, "ReceiptFaults": n.Contracts.ReceiptFaults, "OnDemand": n.Contracts.OnDemand,
		"the DisputeGame": n.Contracts.DisputeGame, "the private DisputeGame": n.Contracts.PrivateDisputeGame, "SignerFaults": n.Contracts.SignerFaults,
	} {
		if a == at {
			return name
		}
	}
	return "unknown contract"
}

// safeBatch is the file that Safe's transaction builder reads and writes.
type safeBatch struct {
	Version      string            `json:"version"`
	ChainID      string            `json:"chainId"`
	Meta         safeMeta          `json:"meta"`
	Transactions []safeTransaction `json:"transactions"`
}

type safeMeta struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// safeTransaction is one call. Those who send from something else than a Safe
// need To, Value and Data.
type safeTransaction struct {
	To     posp.Address  `json:"to"`
	Value  string        `json:"value"` // wei
	Data   hexutil.Bytes `json:"data"`
	Method *string       `json:"contractMethod"` // null: Data says it
	Inputs *string       `json:"contractInputsValues"`
	// For readers; tools pass over it.
	Comment  string `json:"comment"`
	Function string `json:"function"`
}

func (l *lifecycle) writeBatch(steps []step) error {
	b := safeBatch{Version: "1.0", ChainID: fmt.Sprint(l.Network.ChainID),
		Meta: safeMeta{Name: l.Side.command + " " + l.operator.Hex(), Description: "to be sent by " + l.operator.Hex() + ", in this order"}}
	for _, s := range steps {
		call, err := s.tx.Call()
		if err != nil {
			return err
		}
		b.Transactions = append(b.Transactions, safeTransaction{To: *call.To, Value: "0", Data: call.Data, Comment: s.why, Function: s.tx.Signature()})
	}
	return writeJSON(l.Out, b)
}
