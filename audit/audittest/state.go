package audittest

import (
	"bytes"
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
)

// chain is the block that certified a world's epoch, its parent and the beacon
// block, with the states and receipts that they commit to.
type chain struct {
	block, parent, beacon head
	before, after         state // of the parent and of the block
	receipts              *trie.Trie
	index                 uint32
}

type head struct {
	number uint64
	hash   posp.Hash
	rlp    []byte
}

// state is a state trie and the storage tries of some contracts in it.
type state struct {
	accounts *trie.Trie
	storage  map[posp.Address]*trie.Trie
}

// newState makes a state of slots by contract, among others.
func newState(w *World, contracts map[posp.Address]map[posp.Hash]posp.Hash) (state, error) {
	s := state{trie.NewEmpty(nil), map[posp.Address]*trie.Trie{}}
	put := func(a posp.Address, root posp.Hash) error {
		b, err := rlp.EncodeToBytes(&types.StateAccount{Nonce: 1, Balance: uint256.NewInt(7), Root: root, CodeHash: w.hash("code", a).Bytes()})
		if err != nil {
			return err
		}
		return s.accounts.Update(crypto.Keccak256(a[:]), b)
	}
	for a, slots := range contracts {
		t := trie.NewEmpty(nil)
		for slot, value := range slots {
			if value == (posp.Hash{}) {
				continue
			}
			b, err := rlp.EncodeToBytes(common.TrimLeftZeroes(value[:]))
			if err != nil {
				return s, err
			}
			if err := t.Update(crypto.Keccak256(slot[:]), b); err != nil {
				return s, err
			}
		}
		s.storage[a] = t
		if err := put(a, t.Hash()); err != nil {
			return s, err
		}
	}
	for i := range 20 {
		h := w.hash("stranger", i)
		if err := put(posp.Address(h[:20]), types.EmptyRootHash); err != nil {
			return s, err
		}
	}
	return s, nil
}

func mapping(place, key posp.Hash) posp.Hash { return crypto.Keccak256Hash(key[:], place[:]) }

func after(slot posp.Hash, i uint64) posp.Hash {
	return posp.Hash(new(uint256.Int).AddUint64(new(uint256.Int).SetBytes32(slot[:]), i).Bytes32())
}

// join packs fields of so many bytes, the first lowest.
func join(fields ...[]byte) (w posp.Hash) {
	at := 32
	for _, f := range fields {
		at -= len(f)
		copy(w[at:], f)
	}
	return w
}

func be(x uint64, size int) []byte { h := word(x); return h[32-size:] }

// eip2935 holds the hashes of blocks.
var eip2935 = common.HexToAddress("0x0000F90827F1C53a10cb7A02335B175320002935")

func newChain(w *World) (*chain, error) {
	c := &chain{}
	number := w.certificate.Block
	schedule := w.parameters.Schedule
	header := func(n uint64, parent posp.Hash, edit func(*types.Header)) (head, error) {
		h := &types.Header{ParentHash: parent, UncleHash: types.EmptyUncleHash, Root: w.hash("root", n), TxHash: types.EmptyTxsHash, ReceiptHash: types.EmptyReceiptsHash,
			Difficulty: new(big.Int), Number: new(big.Int).SetUint64(n), GasLimit: 30_000_000, Time: 1_790_000_000 + 12*n, MixDigest: w.hash("mix", n), BaseFee: big.NewInt(7)}
		edit(h)
		b, err := rlp.EncodeToBytes(h)
		return head{n, h.Hash(), b}, err
	}
	var err error
	if c.beacon, err = header(schedule.BeaconBlock(w.Epoch), w.hash("before"), func(h *types.Header) { h.MixDigest = w.beacon }); err != nil {
		return nil, err
	}

	// What the contracts hold, as Solidity lays it out.
	registry, attestation := w.Source.Domain.Registry, w.Source.Authority.Attestation
	slots := map[posp.Hash]posp.Hash{
		mapping(word(4), word(w.Epoch)): w.beacon,
		mapping(word(3), word(w.Epoch)): word(uint64(len(w.batches))),
	}
	for i := range 30 {
		slots[w.hash("slot", i)] = w.hash("value", i)
	}
	put := func(b posp.BatchRecord) {
		slot := mapping(word(1), b.ID)
		slots[slot] = join(b.Provider[:], be(b.Epoch, 8))
		slots[after(slot, 1)] = join(be(b.FirstSequence, 8), be(b.LeafCount, 8), be(uint64(b.RatePpm), 4), be(uint64(b.KMin), 4))
		slots[after(slot, 2)] = b.Root
	}
	for _, b := range w.batches {
		put(b)
	}
	asked := map[posp.Hash]posp.Hash{w.hash("more"): w.hash("of it")}
	list := mapping(word(1), word(w.Epoch))
	asked[list] = word(uint64(len(w.demands)))
	for i, d := range w.demands {
		// The last that was asked has the first id, say.
		asked[after(crypto.Keccak256Hash(list[:]), uint64(len(w.demands)-1-i))] = d.ID
		slot := mapping(word(0), d.ID)
		buyer := w.hash("buyer", i)
		asked[slot] = join(buyer[:20], be(w.Epoch, 8), []byte{1})
		asked[after(slot, 1)] = join(be(d.Leaf, 8), be(12345, 16))
		asked[after(slot, 2)], asked[after(slot, 3)] = d.Batch.ID, d.ReceiptHash
		put(d.Batch)
	}
	keys := map[posp.Hash]posp.Hash{}
	if p := w.earlier; p != nil {
		list := mapping(mapping(word(0), common.BytesToHash(p.Provider[:])), word(0))
		keys[list], keys[crypto.Keccak256Hash(list[:])] = word(1), join(be(0, 12), p.ReceiptKey[:])
	}
	history := func(account posp.Address, purpose uint64, now posp.Address) {
		list := mapping(mapping(word(0), common.BytesToHash(account[:])), word(purpose))
		h := w.hash("keys", account)
		var from []uint64 // of keys before, of the one that counts, and of keys after
		for i := range uint64(h[0] % 3) {
			if i < w.Epoch {
				from = append(from, i)
			}
		}
		counts := len(from)
		from = append(from, w.Epoch-uint64(h[1])%(w.Epoch+1-uint64(len(from))))
		for i := range uint64(h[2] % 3) {
			from = append(from, w.Epoch+1+i)
		}
		keys[list] = word(uint64(len(from)))
		for i, e := range from {
			key := now
			if i != counts {
				other := w.hash("another key", account, i)
				key = posp.Address(other[:20])
			}
			keys[after(crypto.Keccak256Hash(list[:]), uint64(i))] = join(be(e, 12), key[:])
		}
	}
	for _, p := range w.providers {
		history(p.Provider, 0, p.ReceiptKey)
	}
	for _, op := range w.operators {
		if op.hot != nil {
			history(op.address(), 1, w.table.MessageKey(op.address()))
		}
	}
	standings := map[posp.Hash]posp.Hash{}
	for _, s := range w.before {
		standings[mapping(mapping(word(2), common.BytesToHash(s.Subject[:])), s.SpecID)] = word(s.Value)
	}
	if c.before, err = newState(w, map[posp.Address]map[posp.Hash]posp.Hash{registry: slots, attestation: standings}); err != nil {
		return nil, err
	}
	hashes := map[posp.Hash]posp.Hash{word(c.beacon.number % 8191): c.beacon.hash}
	for i := range uint64(9) {
		hashes[word((number-1-i)%8191)] = w.hash("block", i)
	}
	hashes[word(c.beacon.number%8191)] = c.beacon.hash
	contracts := map[posp.Address]map[posp.Hash]posp.Hash{registry: slots, w.Source.Keys: keys, attestation: {w.hash("x"): w.hash("y")}, eip2935: hashes}
	if w.Source.OnDemand != (posp.Address{}) {
		contracts[w.Source.OnDemand] = asked
	}
	if c.after, err = newState(w, contracts); err != nil {
		return nil, err
	}
	if err := c.transact(w); err != nil {
		return nil, err
	}
	if c.parent, err = header(number-1, w.hash("grandparent"), func(h *types.Header) { h.Root = c.before.accounts.Hash() }); err != nil {
		return nil, err
	}
	c.block, err = header(number, c.parent.hash, func(h *types.Header) { h.Root, h.ReceiptHash = c.after.accounts.Hash(), c.receipts.Hash() })
	return c, err
}

// transact fills the block: one of its transactions is the certificate's.
func (c *chain) transact(w *World) error {
	r := w.certificate.Result
	signed, total := w.weights()
	var data []byte
	for _, h := range []posp.Hash{r.Root(), r.SampleRoot, r.TableRoot, word(r.SampleCount), word(signed), word(total)} {
		data = append(data, h[:]...)
	}
	topic := crypto.Keccak256Hash([]byte("EpochCertified(uint64,bytes32,bytes32,bytes32,bytes32,uint64,uint256,uint256)"))
	list := make(types.Receipts, 1+w.rand.IntN(20))
	c.index = uint32(w.rand.IntN(len(list)))
	for i := range list {
		list[i] = &types.Receipt{Type: uint8(i % 3), Status: types.ReceiptStatusSuccessful, CumulativeGasUsed: uint64(21000 * (i + 1))}
		if uint32(i) == c.index {
			list[i].Logs = []*types.Log{
				{Address: w.Source.Authority.Attestation, Topics: []posp.Hash{topic, word(w.Epoch), r.Digest(w.Source.Authority)}, Data: data},
				{Address: w.Source.Authority.Attestation, Topics: []posp.Hash{w.hash("another event")}, Data: []byte{1, 2, 3}},
			}
		}
		list[i].Bloom = types.CreateBloom(list[i])
	}
	c.receipts = trie.NewEmpty(nil)
	for i := range list {
		var b bytes.Buffer
		list.EncodeIndex(i, &b)
		if err := c.receipts.Update(rlp.AppendUint64(nil, uint64(i)), b.Bytes()); err != nil {
			return err
		}
	}
	c.receipts.Hash()
	return nil
}

// path collects a proof's nodes.
type path [][]byte

func (p *path) Put(_, value []byte) error { *p = append(*p, bytes.Clone(value)); return nil }
func (p *path) Delete([]byte) error       { return nil }

// HeaderRLP is of audit.Prover.
func (c *chain) HeaderRLP(_ context.Context, number uint64) ([]byte, posp.Hash, error) {
	for _, h := range []head{c.block, c.parent, c.beacon} {
		if h.number == number {
			return h.rlp, h.hash, nil
		}
	}
	return nil, posp.Hash{}, fmt.Errorf("there is no block %d", number)
}

// StorageProof is of audit.Prover.
func (c *chain) StorageProof(_ context.Context, block uint64, contract posp.Address, slots []posp.Hash) ([][]byte, error) {
	s := c.after
	if block == c.parent.number {
		s = c.before
	}
	var nodes path
	if err := s.accounts.Prove(crypto.Keccak256(contract[:]), &nodes); err != nil {
		return nil, err
	}
	for _, slot := range slots {
		if t := s.storage[contract]; t != nil {
			if err := t.Prove(crypto.Keccak256(slot[:]), &nodes); err != nil {
				return nil, err
			}
		}
	}
	return nodes, nil
}

// ReceiptProof is of audit.Prover.
func (c *chain) ReceiptProof(_ context.Context, _ uint64, _ posp.Hash) (uint32, [][]byte, error) {
	var nodes path
	err := c.receipts.Prove(rlp.AppendUint64(nil, uint64(c.index)), &nodes)
	return c.index, nodes, err
}
