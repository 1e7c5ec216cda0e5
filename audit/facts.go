// What the chain holds, by proofs from the headers: block, certification, beacon,
// batches, keys, table, standings.

package audit

import (
	"cmp"
	"fmt"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/sampler"
)

func (v *verifier) network() outcome {
	id, err := v.Network.ID()
	v.Report.Network = id
	switch {
	case err != nil:
		return failed("%v", err)
	case v.trust.Network == nil:
		return unchecked("network %s: compare it with one you trust (--trust-network, --rpc)", id)
	}
	return same(id == *v.trust.Network, "network %s of the contracts at %s and %s on chain %d; trusted is %s", id, v.domain.Registry, v.authority.Attestation, v.domain.ChainID, *v.trust.Network)
}

func (v *verifier) headers() outcome {
	var err error
	if v.head, err = parseHeader(v.Chain.Block); err != nil {
		return failed("header of the certifying block: %v", err)
	}
	if v.parent, err = parseHeader(v.Chain.Parent); err != nil {
		return failed("header of its parent: %v", err)
	}
	v.Report.Block, v.Report.BlockNumber = v.head.hash, v.head.number
	return same(v.head.parent == v.parent.hash && v.head.number == v.parent.number+1, "block %d has parent %s; the header of block %d hashes to %s", v.head.number, v.head.parent, v.parent.number, v.parent.hash)
}

func (v *verifier) block() outcome {
	if v.trust.Block == nil {
		return unchecked("everything about the chain follows from block %d, %s: compare it with a node or explorer you trust (--trust-block, --rpc)", v.head.number, v.head.hash)
	}
	return same(v.head.hash == *v.trust.Block, "block %d is %s; trusted is %s", v.head.number, v.head.hash, *v.trust.Block)
}

func (v *verifier) certification() outcome {
	r, err := v.nodes.receipt(v.head.receipts, v.Chain.Receipt)
	if err == nil {
		v.event, err = certifiedLog(r, v.authority.Attestation, v.epoch)
	}
	if err != nil {
		return failed("block %d: %v", v.head.number, err)
	}
	root := v.stated.Root()
	switch {
	case v.event.result != root:
		return failed("the contract took a result with root %s, the one here has %s", v.event.result, root)
	case v.event.sample != v.stated.SampleRoot || v.event.samples != v.stated.SampleCount:
		return failed("the contract took %d samples under %s, the result here has %d under %s", v.event.samples, v.event.sample, v.stated.SampleCount, v.stated.SampleRoot)
	case v.event.table != v.stated.TableRoot:
		return failed("the contract took table %s, the result here counts by %s", v.event.table, v.stated.TableRoot)
	}
	return ok("transaction %d of block %d certified epoch %d with result %s", v.Chain.Receipt, v.head.number, v.epoch, root)
}

func (v *verifier) beacon() outcome {
	storage, err := v.nodes.storage(v.head.state, v.domain.Registry)
	if err != nil {
		return failed("%v", err)
	}
	value, err := v.nodes.word(storage, slotBeacon(v.epoch))
	switch {
	case err != nil:
		return failed("%v", err)
	case value != v.Chain.Beacon || value == posp.Hash{}:
		return failed("the contract holds %s for epoch %d, the bundle says %s", value, v.epoch, v.Chain.Beacon)
	case len(v.Chain.BeaconBlock) == 0:
		return ok("the contract holds %s for epoch %d; the block that it is from is too long ago to be proved", value, v.epoch)
	}
	want := v.parameters.Schedule.BeaconBlock(v.epoch)
	h, err := parseHeader(v.Chain.BeaconBlock)
	if err != nil {
		return failed("header of the beacon block: %v", err)
	}
	if h.number != want {
		return failed("the header is of block %d, the schedule names %d", h.number, want)
	}
	old, err := v.nodes.storage(v.head.state, history)
	if err != nil {
		return failed("%v", err)
	}
	hash, err := v.nodes.word(old, slotHistory(want))
	switch {
	case err != nil:
		return failed("%v", err)
	case want >= v.head.number || v.head.number-want > historyBlocks:
		return failed("block %d is not among the %d before block %d", want, historyBlocks, v.head.number)
	case hash != h.hash:
		return failed("block %d is %s, the header is of %s", want, hash, h.hash)
	}
	return same(h.mix == value, "prevrandao of block %d is %s, the contract holds %s", want, h.mix, value)
}

func (v *verifier) batches() outcome {
	storage, err := v.nodes.storage(v.head.state, v.domain.Registry)
	if err != nil {
		return failed("%v", err)
	}
	count, err := v.nodes.word(storage, slotBatchCount(v.epoch))
	if err != nil {
		return failed("%v", err)
	}
	if count != wordOf(uint64(len(v.records))) {
		return failed("the contract counts %s batches in epoch %d, the bundle has %d", count.Big(), v.epoch, len(v.records))
	}
	for i, b := range v.records {
		if i > 0 && v.records[i-1].ID.Cmp(b.ID) >= 0 {
			return failed("batch %s does not ascend", b.ID)
		}
		for k, want := range batchWords(b) {
			got, err := v.nodes.word(storage, after(slotBatch(b.ID), uint64(k)))
			if err != nil {
				return failed("batch %s: %v", b.ID, err)
			}
			if got != want {
				return failed("batch %s of provider %s is not what the contract holds: word %d is %s, not %s", b.ID, b.Provider, k, got, want)
			}
		}
	}
	if len(v.stated.Batches) != len(v.records) {
		return failed("the result has %d batches, the epoch %d", len(v.stated.Batches), len(v.records))
	}
	for i, r := range v.stated.Batches {
		if r.BatchID != v.records[i].ID || r.Provider != v.records[i].Provider {
			return failed("the result's batch %d is %s of %s, the epoch's is %s of %s", i, r.BatchID, r.Provider, v.records[i].ID, v.records[i].Provider)
		}
	}
	if err := v.demanded(storage); err != nil {
		return failed("%v", err)
	}
	if len(v.demands) > 0 {
		return ok("the contracts hold all %d of them, and all %d demands, as they are here", len(v.records), len(v.demands))
	}
	return ok("the contract holds all %d of them, as they are here", len(v.records))
}

// demanded compares the demands with those that the contract holds for the
// epoch, and their batches with those that the registry does.
func (v *verifier) demanded(registry posp.Hash) error {
	if v.Network.OnDemand == nil {
		if len(v.demands) > 0 {
			return posp.Invalidf("there are %d demands, and the network verifies nothing on demand", len(v.demands))
		}
		return nil
	}
	storage, err := v.nodes.storage(v.head.state, *v.Network.OnDemand)
	if err != nil {
		return fmt.Errorf("demands: %w", err)
	}
	list := slotDemands(v.epoch)
	count, err := v.nodes.word(storage, list)
	if err != nil {
		return fmt.Errorf("demands: %w", err)
	}
	if count != wordOf(uint64(len(v.demands))) {
		return posp.Invalidf("the contract counts %s demands of epoch %d, the bundle has %d", count.Big(), v.epoch, len(v.demands))
	}
	listed := map[posp.Hash]bool{}
	for i := range v.demands {
		id, err := v.nodes.word(storage, after(crypto.Keccak256Hash(list[:]), uint64(i)))
		if err != nil {
			return fmt.Errorf("demand %d: %w", i, err)
		}
		listed[id] = true
	}
	for i, d := range v.demands {
		if i > 0 && v.demands[i-1].ID.Cmp(d.ID) >= 0 {
			return posp.Invalidf("demand %s does not ascend", d.ID)
		}
		if !listed[d.ID] {
			return posp.Invalidf("the contract holds no demand %s of epoch %d", d.ID, v.epoch)
		}
		var words [3]posp.Hash // leaf and fee, batch, receipt
		for k := range words {
			if words[k], err = v.nodes.word(storage, after(slotDemand(d.ID), 1+uint64(k))); err != nil {
				return fmt.Errorf("demand %s: %w", d.ID, err)
			}
		}
		if bits(words[0], 0, 64) != d.Leaf || words[1] != d.Batch.ID || words[2] != d.ReceiptHash {
			return posp.Invalidf("demand %s is of leaf %d of batch %s, the bundle says leaf %d of batch %s", d.ID, bits(words[0], 0, 64), words[1], d.Leaf, d.Batch.ID)
		}
		for k, want := range batchWords(d.Batch) {
			got, err := v.nodes.word(registry, after(slotBatch(d.Batch.ID), uint64(k)))
			if err != nil {
				return fmt.Errorf("batch %s: %w", d.Batch.ID, err)
			}
			if got != want {
				return posp.Invalidf("batch %s of demand %s is not what the contract holds: word %d is %s, not %s", d.Batch.ID, d.ID, k, got, want)
			}
		}
	}
	return nil
}

// group is what a sample is drawn of: a batch, or a demand, which stands where
// the batch would. Its key signs the batch's receipts.
type group struct {
	id    posp.Hash
	batch posp.Batch
	key   posp.Address
}

// group is the i-th of the epoch: batches, then demands.
func (v *verifier) group(i int) group {
	if i < len(v.records) {
		return group{v.records[i].ID, v.records[i].Batch, v.infos[i].ReceiptKey}
	}
	d := v.demands[i-len(v.records)]
	return group{d.ID, d.Batch.Batch, d.ReceiptKey}
}

// keys reads from the KeyRegistry the keys that count in an epoch.
func (v *verifier) keys(purpose uint64) (func(account posp.Address, epoch uint64) (posp.Address, error), error) {
	storage, err := v.nodes.storage(v.head.state, v.Network.KeyRegistry)
	if err != nil {
		return nil, err
	}
	return func(account posp.Address, epoch uint64) (posp.Address, error) {
		return keyAt(func(slot posp.Hash) (posp.Hash, error) { return v.nodes.word(storage, slot) }, account, purpose, epoch)
	}, nil
}

func (v *verifier) receiptKeys() outcome {
	keyOf, err := v.keys(ofReceipts)
	if err != nil {
		return failed("%v", err)
	}
	for _, p := range v.infos {
		switch key, err := keyOf(p.Provider, v.epoch); {
		case err != nil:
			return failed("provider %s: %v", p.Provider, err)
		case key != p.ReceiptKey || key == (posp.Address{}):
			return failed("the contract holds receipt key %s of provider %s, the bundle says %s", key, p.Provider, p.ReceiptKey)
		}
	}
	for _, d := range v.demands {
		switch key, err := keyOf(d.Batch.Provider, d.Batch.Epoch); {
		case err != nil:
			return failed("provider %s: %v", d.Batch.Provider, err)
		case key != d.ReceiptKey || key == (posp.Address{}):
			return failed("the contract holds receipt key %s of provider %s in epoch %d, the bundle says %s", key, d.Batch.Provider, d.Batch.Epoch, d.ReceiptKey)
		}
	}
	return ok("the contract holds those of all %d providers", len(v.infos))
}

func (v *verifier) messageKeys() outcome {
	keyOf, err := v.keys(ofMessages)
	if err != nil {
		return failed("%v", err)
	}
	v.messageKey = map[posp.Address]posp.Address{}
	for _, m := range v.Table {
		key, err := keyOf(m.Operator, v.epoch)
		if err != nil {
			return failed("operator %s: %v", m.Operator, err)
		}
		if key == (posp.Address{}) {
			key = m.Operator
		}
		if key != m.MessageKey {
			return failed("messages of operator %s are signed by %s, the bundle says %s", m.Operator, key, m.MessageKey)
		}
		v.messageKey[m.Operator] = key
	}
	return ok("the contract holds those of all %d operators", len(v.Table))
}

func (v *verifier) table() outcome {
	root, err := sampler.TableRoot(v.rows)
	if err != nil {
		return failed("%v", err)
	}
	for _, m := range v.rows {
		key, err := keys.G1FromXY(m.KeyX, m.KeyY)
		if err != nil || key.IsInfinity() {
			return failed("the key of operator %s is no key: %v", m.Operator, err)
		}
		if m.Weight.IsZero() {
			return failed("operator %s weighs nothing", m.Operator)
		}
	}
	return same(root == v.stated.TableRoot, "%d operators have root %s; the certificate counts by %s", len(v.rows), root, v.stated.TableRoot)
}

func (v *verifier) standings() outcome {
	before := v.Standings
	if len(before) != len(v.stated.Standings) {
		return failed("%d standings before the epoch, %d after it", len(before), len(v.stated.Standings))
	}
	storage, err := v.nodes.storage(v.parent.state, v.authority.Attestation)
	if err != nil {
		return failed("%v", err)
	}
	for i, s := range v.stated.Standings {
		if before[i].Subject != s.Subject || before[i].SpecID != s.SpecID {
			return failed("standing %d is of %s, the result's of %s", i, before[i].Subject, s.Subject)
		}
		if i > 0 && cmp.Or(before[i-1].Subject.Cmp(s.Subject), before[i-1].SpecID.Cmp(s.SpecID)) >= 0 {
			return failed("standing %d, of %s, does not ascend", i, s.Subject)
		}
		w, err := v.nodes.word(storage, slotStanding(s))
		if err != nil {
			return failed("standing of %s: %v", s.Subject, err)
		}
		if w != wordOf(uint64(before[i].Value)) {
			return failed("%s stood at %s under spec %s in block %d, the bundle says %d", s.Subject, w.Big(), s.SpecID, v.parent.number, uint64(before[i].Value))
		}
	}
	return ok("the contract held all %d in block %d, before the certificate", len(before), v.parent.number)
}

func (v *verifier) allNodes() outcome {
	switch {
	case !v.nodes.sorted:
		return failed("they do not ascend by hash")
	case len(v.nodes.used) != len(v.nodes.byHash):
		return failed("%d of %d prove nothing", len(v.nodes.byHash)-len(v.nodes.used), len(v.nodes.byHash))
	}
	return ok("%d, each part of a proof", len(v.nodes.byHash))
}
