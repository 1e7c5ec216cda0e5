package chain

import (
	"strings"
)

// refused is what a node said about a transaction that it was offered.
type refused int

const (
	accepted     refused = iota
	unanswered           // or an answer that says nothing about the transaction
	refusedKnown         // the node has it already: an earlier try arrived although its answer did not
	refusedNonce         // the nonce is used
	refusedLow           // it does not pay enough, or not a tenth more than the one it would replace
	refusedFunds         // the account cannot pay
	refusedNever         // no node takes it, at any time
)

// final says that the transaction will not be mined unless it is offered again.
func (r refused) final() bool { return r == refusedFunds || r == refusedNever }

// refusals are nodes' words, in lower case: go-ethereum's first, then Nethermind's, Besu's, Erigon's.
var refusals = []struct {
	class refused
	words []string
}{
	{refusedKnown, []string{"already known", "alreadyknown", "known transaction", "already imported"}},
	{refusedNonce, []string{"nonce too low", "nonce is too low", "oldnonce", "nonce too old"}},
	{refusedLow, []string{"underpriced", "less than block base fee", "fee too low", "feetoolow", "replacementnotallowed", "gas price below"}},
	{refusedFunds, []string{"insufficient funds", "insufficientfunds", "exceeds account balance", "upfront cost"}},
	{refusedNever, []string{"intrinsic gas too low", "exceeds block gas limit", "gas limit too high", "exceeds maximum gas", "oversized data", "max initcode size", "transaction type not supported", "invalid sender"}},
}

// refusal sorts what came of offering a transaction.
func refusal(err error) refused {
	if err == nil {
		return accepted
	}
	text := strings.ToLower(err.Error())
	for _, r := range refusals {
		for _, w := range r.words {
			if strings.Contains(text, w) {
				return r.class
			}
		}
	}
	return unanswered
}
