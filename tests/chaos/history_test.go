package chaos

import (
	"bytes"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// history is what was seen of a run, from outside the processes and, once they
// have ended, in what they left on disk and on chain. The rules judge it, and
// nothing else.
type history struct {
	sent      []message                 // by operators to the aggregator, seen on the way
	archived  []message                 // what the aggregator has, read back through its API and from its store
	signed    []message                 // in the operators' signing guards
	held      []held                    // receipts that buyers got
	recorded  map[uint64]posp.Hash      // receipts in the provider's ledger, by sequence
	committed map[uint64]posp.Hash      // receipts in batches on chain, by sequence
	intents   []intent                  // of the senders' journals
	mined     []transaction             // on the canonical chain, of the roles' accounts
	charges   []posp.FaultKind          // recorded on chain
	verdicts  map[posp.Verdict]int      // of certified samples
	jailed    []string                  // who is
	stake     map[string][2]string      // by member, before and after
	money     [2]string                 // paid into the market, and what it and its payees have
	epochs    []epochOutcome            // in order
	lives     []life                    // of the processes
	excused   map[posp.FaultKind]string // charges that are right, and why
}

// message is what an operator signs for a duty.
type message struct {
	operator posp.Address
	epoch    uint64
	duty     string // commitments, reveals, certificate
	digest   posp.Hash
	accepted bool // the aggregator said so
}

// held is a receipt in a buyer's hands.
type held struct {
	sequence, epoch uint64
	digest          posp.Hash
}

// intent is a call that was to be executed once.
type intent struct {
	account  string
	id       int64
	name     string
	attempts []posp.Hash // transactions that execute it, of whatever nonce
}

// transaction is one that was mined.
type transaction struct {
	hash    posp.Hash
	from    string
	call    string // recipient and data
	repeats bool   // may be sent any number of times
}

// minedBy is a mined transaction of an account. A table may be snapshotted any number
// of times; and what pays nobody nothing, from an account to itself, takes the nonce
// of a call that became impossible.
func minedBy(role string, from posp.Address, tx *types.Transaction) transaction {
	to, data := *tx.To(), tx.Data()
	snapshot := bytes.Equal(data, contracts.NewOperatorTable().PackSnapshot())
	cancels := to == from && len(data) == 0 && tx.Value().Sign() == 0
	return transaction{tx.Hash(), role, fmt.Sprintf("%s %x", to, data), snapshot || cancels}
}

// epochOutcome is what became of an epoch.
type epochOutcome struct {
	epoch     uint64
	fault     string // that was injected
	possible  uint64 // block from which nothing stood in the way of a quorum
	certified uint64 // block; 0: it was not
	bound     uint64 // blocks within which it must be

	certifiedAfter time.Duration // from possible on; for the report
}
