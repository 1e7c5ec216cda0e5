package chain

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ethereum/go-ethereum/rpc"
)

// fault is what is wrong with an endpoint that was asked.
type fault int

const (
	faultNone    fault = iota // nothing: it answered, if only that the question is wrong
	faultLacking              // it is well, and does not have what was asked for
	faultBusy                 // it asks to be left alone
	faultDown                 // it cannot be reached, does not answer in time, or is no node
)

// errLacking is inside the pool's own faultLacking.
var errLacking = errors.New("the endpoint is behind")

// lackingWords are in answers of a node that lacks a block, a state, an index or a method: another may have it.
var lackingWords = []string{"header not found", "unknown block", "block not found", "missing trie node", "state is not available", "state not available", "state unavailable",
	"historical state", "pruned", "indexing is in progress", "beyond current head", "archive", "method not found", "not supported", "not available", "timed out", "timeout"}

// busyWords are in answers of servers that count requests.
var busyWords = []string{"rate limit", "rate-limit", "ratelimit", "too many requests", "request count", "requests per", "compute units", "capacity", "quota", "throttl", "limit exceeded"}

// faultOf sorts what an endpoint answered.
func faultOf(err error) fault {
	if err == nil {
		return faultNone
	}
	if errors.Is(err, errLacking) {
		return faultLacking
	}
	if h, ok := errors.AsType[rpc.HTTPError](err); ok {
		if h.StatusCode == http.StatusTooManyRequests {
			return faultBusy
		}
		return faultDown
	}
	e, ok := errors.AsType[rpc.Error](err)
	if !ok {
		return faultDown
	}
	text := strings.ToLower(e.Error())
	has := func(words []string) bool {
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.Contains(text, "revert"): // a contract's words can be any
		return faultNone
	case e.ErrorCode() == http.StatusTooManyRequests || has(busyWords) && !strings.Contains(text, "range") && !strings.Contains(text, "results"):
		return faultBusy
	case e.ErrorCode() == -32601 || has(lackingWords):
		return faultLacking
	}
	return faultNone
}

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
	if strings.Contains(err.Error(), outcomeUnknown) {
		return unanswered
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
