package audit

import (
	"encoding/binary"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
)

// header is what proofs need of a block's header.
type header struct {
	hash     posp.Hash
	parent   posp.Hash
	state    posp.Hash
	receipts posp.Hash
	mix      posp.Hash
	number   uint64
}

// parseHeader reads an RLP header of since the merge.
func parseHeader(b []byte) (h header, err error) {
	list, rest, err := rlp.SplitList(b)
	if err != nil || len(rest) > 0 {
		return h, posp.Invalidf("it is not one RLP list")
	}
	var fields [][]byte
	for len(list) > 0 {
		var field []byte
		if field, list, err = rlp.SplitString(list); err != nil {
			return h, posp.Invalidf("field %d is no RLP string", len(fields))
		}
		fields = append(fields, field)
	}
	if len(fields) < 16 {
		return h, posp.Invalidf("it has %d fields, a header has at least 16", len(fields))
	}
	for i, to := range map[int]*posp.Hash{0: &h.parent, 3: &h.state, 5: &h.receipts, 13: &h.mix} {
		if len(fields[i]) != 32 {
			return h, posp.Invalidf("field %d has %d bytes, want 32", i, len(fields[i]))
		}
		*to = posp.Hash(fields[i])
	}
	if len(fields[7]) != 0 {
		return h, posp.Invalidf("it has a difficulty: it is from before the merge")
	}
	n := fields[8]
	if len(n) == 0 || len(n) > 8 || n[0] == 0 {
		return h, posp.Invalidf("field 8 is no block number")
	}
	var word [8]byte
	copy(word[8-len(n):], n)
	h.number, h.hash = binary.BigEndian.Uint64(word[:]), crypto.Keccak256Hash(b)
	return h, nil
}

// nodes are a bundle's trie nodes by hash, and which of them a proof went
// through.
type nodes struct {
	byHash map[posp.Hash][]byte
	used   map[posp.Hash]bool
	sorted bool // ascending by hash, each once
}

func newNodes(list []hexutil.Bytes) *nodes {
	n := &nodes{byHash: map[posp.Hash][]byte{}, used: map[posp.Hash]bool{}, sorted: true}
	var last posp.Hash
	for i, b := range list {
		hash := crypto.Keccak256Hash(b)
		n.sorted = n.sorted && (i == 0 || last.Cmp(hash) < 0)
		n.byHash[hash], last = b, hash
	}
	return n
}

// Get is of trie.VerifyProof's reader.
func (n *nodes) Get(key []byte) ([]byte, error) {
	hash := posp.Hash(key)
	b, ok := n.byHash[hash]
	if ok {
		n.used[hash] = true
	}
	return b, nil
}

// Has is of trie.VerifyProof's reader.
func (n *nodes) Has(key []byte) (bool, error) { _, ok := n.byHash[posp.Hash(key)]; return ok, nil }

// walk is one lookup. It sees no more nodes than a key of 32 bytes has nibbles, and
// a leaf: extensions of no nibbles would make it as long as the file.
type walk struct {
	*nodes
	seen int
}

// Get is of trie.VerifyProof's reader.
func (w *walk) Get(key []byte) ([]byte, error) {
	if w.seen++; w.seen > 65 {
		return nil, posp.Invalidf("the proof goes through more nodes than a key has nibbles")
	}
	return w.nodes.Get(key)
}

// find is the value of a key in a trie, nil if it is proved to have none.
func (n *nodes) find(root posp.Hash, key []byte) ([]byte, error) {
	if root == types.EmptyRootHash {
		return nil, nil
	}
	v, err := trie.VerifyProof(root, key, &walk{nodes: n})
	if err != nil {
		return nil, posp.Invalidf("no proof under root %s: %v", root, err)
	}
	return v, nil
}

// storage is the root of a contract's storage in a state.
func (n *nodes) storage(state posp.Hash, contract posp.Address) (posp.Hash, error) {
	v, err := n.find(state, crypto.Keccak256(contract[:]))
	if err != nil {
		return posp.Hash{}, err
	}
	if v == nil {
		return posp.Hash{}, posp.Invalidf("there is no account %s", contract)
	}
	var account types.StateAccount
	if err := rlp.DecodeBytes(v, &account); err != nil {
		return posp.Hash{}, posp.Invalidf("account %s: %v", contract, err)
	}
	return account.Root, nil
}

// word is what a slot holds; what is not there is zero.
func (n *nodes) word(storage, slot posp.Hash) (w posp.Hash, err error) {
	v, err := n.find(storage, crypto.Keccak256(slot[:]))
	if err != nil || v == nil {
		return w, err
	}
	content, rest, err := rlp.SplitString(v)
	if err != nil || len(rest) > 0 || len(content) == 0 || len(content) > 32 || content[0] == 0 {
		return w, posp.Invalidf("slot %s holds no word", slot)
	}
	return common.BytesToHash(content), nil
}

// receipt is what a transaction came to, as the receipts trie has it.
type receipt struct {
	Status []byte
	Gas    uint64
	Bloom  types.Bloom
	Logs   []*types.Log
}

// receipt looks a transaction's receipt up in its block.
func (n *nodes) receipt(root posp.Hash, index uint32) (r receipt, err error) {
	v, err := n.find(root, rlp.AppendUint64(nil, uint64(index)))
	if err != nil {
		return r, err
	}
	if len(v) == 0 {
		return r, posp.Invalidf("the block has no transaction %d", index)
	}
	if v[0] > 0 && v[0] < 0x80 {
		v = v[1:] // EIP-2718: the transaction's type
	}
	if err := rlp.DecodeBytes(v, &r); err != nil {
		return r, posp.Invalidf("receipt %d: %v", index, err)
	}
	return r, nil
}

// Where the contracts keep what a bundle proves: contracts/snapshots/storage.
// A proof is made by asking a node for these slots, and checked by reading
// them.
const (
	placeBatches    = 1 // BatchRegistry
	placeBatchCount = 3
	placeBeacon     = 4
	placeStanding   = 2 // AttestationRegistry
	placeKeys       = 0 // KeyRegistry
	placeDemand     = 0 // OnDemand
	placeDemands    = 1
)

// What keys are for, as the KeyRegistry numbers it.
const (
	ofReceipts = 0
	ofMessages = 1
)

// history is the contract of EIP-2935, which holds the hashes of the last
// historyBlocks blocks.
var history = common.HexToAddress("0x0000F90827F1C53a10cb7A02335B175320002935")

const historyBlocks = 8191

func wordOf(x uint64) posp.Hash { return uint256.NewInt(x).Bytes32() }

func addressWord(a posp.Address) posp.Hash { return common.BytesToHash(a[:]) }

// mapping is the slot of a mapping's value.
func mapping(place, key posp.Hash) posp.Hash { return crypto.Keccak256Hash(key[:], place[:]) }

// after is the i-th slot after one.
func after(slot posp.Hash, i uint64) posp.Hash {
	x := new(uint256.Int).SetBytes32(slot[:])
	return x.AddUint64(x, i).Bytes32()
}

func slotBatch(id posp.Hash) posp.Hash      { return mapping(wordOf(placeBatches), id) }
func slotBatchCount(epoch uint64) posp.Hash { return mapping(wordOf(placeBatchCount), wordOf(epoch)) }
func slotBeacon(epoch uint64) posp.Hash     { return mapping(wordOf(placeBeacon), wordOf(epoch)) }
func slotDemand(id posp.Hash) posp.Hash     { return mapping(wordOf(placeDemand), id) }
func slotDemands(epoch uint64) posp.Hash    { return mapping(wordOf(placeDemands), wordOf(epoch)) }
func slotHistory(number uint64) posp.Hash   { return wordOf(number % historyBlocks) }
func slotStanding(s posp.Standing) posp.Hash {
	return mapping(mapping(wordOf(placeStanding), addressWord(s.Subject)), s.SpecID)
}

// bits are width bits of a word, from the lowest at from.
func bits(w posp.Hash, from, width int) uint64 {
	b := w[32-(from+width)/8 : 32-from/8]
	var word [8]byte
	copy(word[8-len(b):], b)
	return binary.BigEndian.Uint64(word[:])
}

// slotKeys is where the length of a list of keys stands.
func slotKeys(account posp.Address, purpose uint64) posp.Hash {
	return mapping(mapping(wordOf(placeKeys), addressWord(account)), wordOf(purpose))
}

// keyAt searches a list of keys, ascending by the epoch from which each counts,
// for the last that counts in an epoch: zero if none does. Keys that were set
// for later epochs stand behind it.
func keyAt(word func(slot posp.Hash) (posp.Hash, error), account posp.Address, purpose, epoch uint64) (key posp.Address, err error) {
	list := slotKeys(account, purpose)
	length, err := word(list)
	if err != nil {
		return key, err
	}
	n := new(uint256.Int).SetBytes32(length[:])
	if !n.IsUint64() {
		return key, posp.Invalidf("there are %s keys of %s", n, account)
	}
	first := crypto.Keccak256Hash(list[:])
	for i := n.Uint64(); i > 0; i-- {
		w, err := word(after(first, i-1))
		if err != nil {
			return key, err
		}
		// The key, and in the low 96 bits its epoch.
		if from := new(uint256.Int).SetBytes(w[20:]); from.CmpUint64(epoch) <= 0 {
			return posp.Address(w[:20]), nil
		}
	}
	return key, nil
}

// batchWords are a batch as its registry stores it.
func batchWords(b posp.BatchRecord) [3]posp.Hash {
	var w [3]posp.Hash
	binary.BigEndian.PutUint64(w[0][4:], b.Epoch)
	copy(w[0][12:], b.Provider[:])
	binary.BigEndian.PutUint32(w[1][8:], b.KMin)
	binary.BigEndian.PutUint32(w[1][12:], b.RatePpm)
	binary.BigEndian.PutUint64(w[1][16:], b.LeafCount)
	binary.BigEndian.PutUint64(w[1][24:], b.FirstSequence)
	w[2] = b.Root
	return w
}

// certified is the log EpochCertified.
type certified struct {
	digest, result, sample, table posp.Hash
	samples                       uint64
	signed, total                 *uint256.Int
}

var topicCertified = crypto.Keccak256Hash([]byte("EpochCertified(uint64,bytes32,bytes32,bytes32,bytes32,uint64,uint256,uint256)"))

// certifiedLog is the one log EpochCertified of an epoch in a receipt.
func certifiedLog(r receipt, registry posp.Address, epoch uint64) (c certified, err error) {
	if len(r.Status) != 1 || r.Status[0] != 1 {
		return c, posp.Invalidf("the transaction failed")
	}
	found := slices.DeleteFunc(slices.Clone(r.Logs), func(l *types.Log) bool {
		return l.Address != registry || len(l.Topics) != 3 || l.Topics[0] != topicCertified || l.Topics[1] != wordOf(epoch)
	})
	if len(found) != 1 || len(found[0].Data) != 6*32 {
		return c, posp.Invalidf("the transaction has %d events EpochCertified of epoch %d from %s", len(found), epoch, registry)
	}
	word := func(i int) posp.Hash { return posp.Hash(found[0].Data[32*i : 32*i+32]) }
	number := func(i int) *uint256.Int { w := word(i); return new(uint256.Int).SetBytes32(w[:]) }
	if !number(3).IsUint64() {
		return c, posp.Invalidf("the event has no sample count")
	}
	return certified{found[0].Topics[2], word(0), word(1), word(2), number(3).Uint64(), number(4), number(5)}, nil
}
