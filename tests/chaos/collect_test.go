//go:build linux && amd64

package chaos

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/provider"
)

// end settles every job, ends the processes, and completes the history by what
// they served last, what is on their disks, and what is on chain.
func (w *world) end() history {
	w.Helper()
	w.settle()
	w.readArchive()
	w.stop()
	for i, p := range w.operators {
		w.readGuard(w.addresses[i], w.file(p.name)+"/operator.db")
	}
	store, driver := "file:"+w.file("aggregator")+"/aggregator.db", "sqlite"
	if w.store != "" {
		store, driver = w.store, "pgx"
	}
	w.readMessages(driver, store)
	w.readLedger(w.file("provider") + "/provider.db")
	for _, p := range append([]*process{w.provider}, w.aggregators...) {
		w.readJournal(p.name, w.file(p.name)+"/transactions.db")
	}
	w.readChain()
	for _, p := range w.processes() {
		w.h.lives = append(w.h.lives, p.life())
	}
	return w.h
}

// settlement is the call by which the market pays for a job, whose receipt stands in
// the batch of that epoch.
func (w *world) settlement(j job, epoch uint64, proof []posp.Hash) []byte {
	w.Helper()
	siblings := make([][32]byte, len(proof))
	for i, h := range proof {
		siblings[i] = h
	}
	r, buyer := j.receipt, w.buyer.Address()
	id := crypto.Keccak256Hash(common.LeftPadBytes(buyer[:], 32), common.LeftPadBytes(r.Provider[:], 32), j.nonce[:])
	data, err := contracts.NewExampleMarket().TryPackSettle(id, contracts.Receipt{Provider: r.Provider, Epoch: r.Epoch, Sequence: r.Sequence, SpecId: r.SpecID, RequestHash: r.RequestHash,
		OutputHash: r.OutputHash, EvidenceHash: r.EvidenceHash, PromptTokens: r.PromptTokens, OutputTokens: r.OutputTokens, ClientNonce: r.ClientNonce, Time: r.Time}, epoch, siblings)
	w.must(err)
	return data
}

// settle asks the market for every job what is due, twice: the second time it must
// not pay.
func (w *world) settle() {
	w.Helper()
	market, at := contracts.NewExampleMarket(), w.site.Network.Contracts.ExampleMarket
	var last uint64
	for _, o := range w.h.epochs {
		last = max(last, o.certified)
	}
	w.reach(last + w.schedule.ContestBlocks + 2)
	paid := new(big.Int)
	for _, j := range w.jobs {
		r := j.receipt.Receipt
		var proof provider.Proof
		w.until("proof of a receipt", 0, func() (bool, error) {
			res, err := http.Get(fmt.Sprintf("%s/posp/v1/proof/%d/%d", w.openings.server.URL, r.Epoch, r.Sequence))
			if err != nil {
				return false, err
			}
			defer res.Body.Close()
			return res.StatusCode == http.StatusOK, json.NewDecoder(res.Body).Decode(&proof)
		})
		data := w.settlement(j, r.Epoch, proof.Proof)
		_, err := w.buyer.Send(w.ctx, chain.Call{To: &at, Data: data})
		if err != nil {
			w.Errorf("settle the job of receipt %d: %v", r.Sequence, err)
		}
		if _, err = w.buyer.Send(w.ctx, chain.Call{To: &at, Data: data}); err == nil {
			w.Errorf("the job of receipt %d was settled twice", r.Sequence)
		}
		paid.Add(paid, payment)
	}
	there := new(big.Int)
	for _, of := range []posp.Address{address("provider"), w.buyer.Address()} {
		out, err := w.c.Read(w.ctx, nil, chain.Contract{Address: at, ABI: market.GetABI()}, "balanceOf", of)
		w.must(err)
		there.Add(there, out[0].(*big.Int))
	}
	w.h.money = [2]string{paid.String(), there.String()}
}

// readArchive reads what the aggregator serves of each epoch: digests are of the
// contents that it serves, so what was kept is what was sent.
func (w *world) readArchive() {
	w.Helper()
	api, err := w.site.AggregatorClient("")
	w.must(err)
	authority := w.site.Network.Authority()
	for _, o := range w.h.epochs {
		var commitments []posp.Commitments
		var reveals []posp.Reveals
		w.until(fmt.Sprintf("archive of epoch %d", o.epoch), 0, func() (ok bool, err error) {
			if o.certified == 0 {
				return true, nil // its phases may not have ended; rules have the rest
			}
			if commitments, ok, err = api.Commitments(w.ctx, o.epoch); err != nil || !ok {
				return false, err
			}
			reveals, ok, err = api.Reveals(w.ctx, o.epoch)
			return ok, err
		})
		for _, c := range commitments {
			w.h.archived = append(w.h.archived, message{c.Operator, c.Epoch, "commitments", c.Digest(authority), false})
		}
		for _, r := range reveals {
			w.h.archived = append(w.h.archived, message{r.Operator, r.Epoch, "reveals", r.Digest(authority), false})
		}
	}
}

// rows reads a database that nobody has open any more.
func (w *world) rows(driver, where, query string, each func(scan func(...any))) {
	w.Helper()
	db, err := sql.Open(driver, where)
	w.must(err)
	defer db.Close()
	rows, err := db.QueryContext(w.ctx, query)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		each(func(to ...any) { w.Helper(); w.must(rows.Scan(to...)) })
	}
	w.must(rows.Err())
}

func (w *world) readGuard(operator posp.Address, path string) {
	w.rows("sqlite", "file:"+path, "SELECT epoch, duty, digest FROM signed", func(scan func(...any)) {
		m := message{operator: operator}
		var digest []byte
		scan(&m.epoch, &m.duty, &digest)
		m.digest = posp.Hash(digest)
		w.h.signed = append(w.h.signed, m)
	})
}

// readMessages reads shares, which the API only serves summed up, and whatever an
// operator signed besides.
func (w *world) readMessages(driver, where string) {
	w.rows(driver, where, "SELECT epoch, duty, operator, standing, digest FROM messages", func(scan func(...any)) {
		var m message
		var operator, digest []byte
		var standing int
		scan(&m.epoch, &m.duty, &operator, &standing, &digest)
		m.operator, m.digest = posp.Address(operator), posp.Hash(digest)
		if m.duty == "share" {
			m.duty = "certificate"
		} else if standing == 0 {
			return // served, with its contents
		}
		w.h.archived = append(w.h.archived, m)
	})
}

// readLedger reads the provider's receipts, and which of them its batches on chain
// hold: those that give their roots.
func (w *world) readLedger(path string) {
	w.Helper()
	w.rows("sqlite", "file:"+path, "SELECT sequence, hash FROM receipts", func(scan func(...any)) {
		var sequence uint64
		var hash []byte
		scan(&sequence, &hash)
		w.h.recorded[sequence] = posp.Hash(hash)
	})
	for _, o := range w.h.epochs {
		batches, err := w.reader.Batches(w.ctx, o.epoch)
		w.must(err)
		for _, b := range batches {
			var leaves []posp.Hash
			for s := b.FirstSequence; s < b.FirstSequence+b.LeafCount; s++ {
				leaves = append(leaves, w.h.recorded[s])
			}
			if merkle.Root(leaves) != b.Root {
				w.Errorf("the batch of epoch %d is not of the receipts in the provider's ledger", o.epoch)
				continue
			}
			for i, h := range leaves {
				w.h.committed[b.FirstSequence+uint64(i)] = h
			}
		}
	}
}

func (w *world) readJournal(role, path string) {
	intents := map[int64]*intent{}
	w.rows("sqlite", "file:"+path, "SELECT i.id, i.name, a.hash FROM intents i JOIN attempts a ON a.intent = i.id WHERE a.cancel = 0 ORDER BY a.id", func(scan func(...any)) {
		var id int64
		var name string
		var hash []byte
		scan(&id, &name, &hash)
		if intents[id] == nil {
			intents[id] = &intent{account: role, id: id, name: name}
		}
		intents[id].attempts = append(intents[id].attempts, posp.Hash(hash))
	})
	for _, i := range intents {
		w.h.intents = append(w.h.intents, *i)
	}
	slices.SortFunc(w.h.intents, func(a, b intent) int { return int(a.id - b.id) })
}

// readChain reads what the roles' accounts paid for, and what became of everybody.
func (w *world) readChain() {
	w.Helper()
	accounts := map[posp.Address]string{address("provider"): "provider"}
	for _, p := range w.aggregators {
		accounts[address("gas/"+p.name)] = p.name
	}
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(w.c.ID()))
	for n, head := w.schedule.Genesis, w.head(); n <= head; n++ {
		block, err := w.c.BlockByNumber(w.ctx, new(big.Int).SetUint64(n))
		w.must(err)
		for _, tx := range block.Transactions() {
			from, err := types.Sender(signer, tx)
			w.must(err)
			if role := accounts[from]; role != "" && tx.To() != nil {
				w.h.mined = append(w.h.mined, minedBy(role, from, tx))
			}
		}
	}
	faults, err := w.reader.Faults(w.ctx)
	w.must(err)
	for _, f := range faults {
		w.h.charges = append(w.h.charges, f.Kind)
	}
	for _, o := range w.h.epochs {
		if o.certified == 0 {
			continue
		}
		c, ok, err := w.reader.Certificate(w.ctx, o.epoch)
		if err != nil || !ok {
			w.Fatalf("certificate of epoch %d (%v): %v", o.epoch, ok, err)
		}
		for _, b := range c.Result.Batches {
			w.h.verdicts[posp.Pass] += int(b.Passed)
			w.h.verdicts[posp.Fail] += int(b.Failed)
			w.h.verdicts[posp.Inconclusive] += int(b.Inconclusive)
			w.h.verdicts[posp.Unavailable] += int(b.Unavailable)
		}
	}
	for label, before := range w.before {
		w.h.stake[label] = [2]string{before, w.shares(label)}
		jailed, err := w.reader.Jailed(w.ctx, address(label))
		w.must(err)
		if jailed {
			w.h.jailed = append(w.h.jailed, label)
		}
	}
}
