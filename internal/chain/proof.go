package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"
)

// StorageProof is the RLP nodes of the Merkle-Patricia proofs of a contract's
// account and slots in the state after a block. Nodes keep states for about 128
// blocks, unless they are archive nodes.
func (c *Client) StorageProof(ctx context.Context, block uint64, contract common.Address, slots []common.Hash) ([][]byte, error) {
	var all [][]byte
	// Public nodes bound how many slots may be asked for at once.
	const atOnce = 256
	for first := 0; first == 0 || first < len(slots); first += atOnce {
		var proof struct {
			AccountProof []hexutil.Bytes `json:"accountProof"`
			StorageProof []struct {
				Proof []hexutil.Bytes `json:"proof"`
			} `json:"storageProof"`
		}
		some := slots[first:min(len(slots), first+atOnce)]
		if err := c.Client.Client().CallContext(ctx, &proof, "eth_getProof", contract, some, hexutil.Uint64(block)); err != nil {
			return nil, fmt.Errorf("proof of %s in block %d: %w (ask an archive node, with --rpc, if this one has forgotten that state)", contract, block, err)
		}
		if len(proof.StorageProof) != len(some) {
			return nil, fmt.Errorf("proof of %s in block %d: the node proved %d slots of %d", contract, block, len(proof.StorageProof), len(some))
		}
		for _, n := range proof.AccountProof {
			all = append(all, n)
		}
		for _, p := range proof.StorageProof {
			for _, n := range p.Proof {
				all = append(all, n)
			}
		}
	}
	return all, nil
}

// ReceiptProof is the index of a transaction in its block, and the RLP nodes of
// the Merkle-Patricia proof of its receipt.
func (c *Client) ReceiptProof(ctx context.Context, block uint64, transaction common.Hash) (index uint32, nodes [][]byte, err error) {
	fail := func(err error) (uint32, [][]byte, error) {
		return 0, nil, fmt.Errorf("receipt of %s in block %d: %w", transaction, block, err)
	}
	var raw json.RawMessage
	if err := c.Client.Client().CallContext(ctx, &raw, "eth_getBlockReceipts", hexutil.Uint64(block)); err != nil {
		return fail(err)
	}
	var receipts types.Receipts
	if err := json.Unmarshal(raw, &receipts); err != nil {
		return fail(err)
	}
	tree := trie.NewEmpty(nil)
	found := false
	for i, r := range receipts {
		var b bytes.Buffer
		receipts.EncodeIndex(i, &b)
		if err := tree.Update(rlp.AppendUint64(nil, uint64(i)), b.Bytes()); err != nil {
			return fail(err)
		}
		if r.TxHash == transaction {
			index, found = uint32(i), true
		}
	}
	if !found {
		return fail(ethereum.NotFound)
	}
	path := pathWriter{}
	if err := tree.Prove(rlp.AppendUint64(nil, uint64(index)), &path); err != nil {
		return fail(err)
	}
	// A receipt of a kind that this build does not know would give another root.
	head, err := c.HeaderByNumber(ctx, new(big.Int).SetUint64(block))
	if err != nil {
		return fail(err)
	}
	if len(path) == 0 || crypto.Keccak256Hash(path[0]) != head.ReceiptHash {
		return fail(errors.New("the block's receipts do not hash to its header's root: the chain has receipts of a newer format"))
	}
	return index, path, nil
}

// pathWriter collects a proof's nodes, from the root.
type pathWriter [][]byte

// Put is of ethdb.KeyValueWriter.
func (w *pathWriter) Put(_, value []byte) error { *w = append(*w, bytes.Clone(value)); return nil }

// Delete is of ethdb.KeyValueWriter; proofs delete nothing.
func (w *pathWriter) Delete([]byte) error { return errors.New("a proof is only written to") }
