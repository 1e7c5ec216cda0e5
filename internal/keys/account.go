package keys

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// Account is an ECDSA key: in this process, or in a signing service that
// never shows it. It is safe for concurrent use.
type Account interface {
	Address() common.Address
	// Sign signs keccak256(message): 65 bytes (r, s, v), v in {27, 28}. Services sign messages and not digests, so
	// that they can see what they sign.
	Sign(ctx context.Context, message []byte) ([]byte, error)
	// SignTransaction signs for the chain; tx is not changed.
	SignTransaction(ctx context.Context, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error)
}

// CoSigner is a BN254 key: in this process, or in a signing service. It is
// safe for concurrent use.
type CoSigner interface {
	PublicKey() PublicKey
	// Sign signs a digest as BLS.Sign does. It keeps no record.
	Sign(ctx context.Context, digest [32]byte) (G1, error)
}

// NewAccount is the account of a key in this process.
func NewAccount(key *ecdsa.PrivateKey) Account { return local{key} }

type local struct{ key *ecdsa.PrivateKey }

func (a local) Address() common.Address { return crypto.PubkeyToAddress(a.key.PublicKey) }

func (a local) Sign(_ context.Context, message []byte) ([]byte, error) {
	sig, err := crypto.Sign(crypto.Keccak256(message), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sig[64] += 27
	return sig, nil
}

func (a local) SignTransaction(_ context.Context, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error) {
	signed, err := types.SignTx(tx, types.LatestSignerForChainID(chainID), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	return signed, nil
}

// NewCoSigner is the co-signer of a key in this process.
func NewCoSigner(key *BLS) CoSigner { return localBLS{key} }

type localBLS struct{ key *BLS }

func (k localBLS) PublicKey() PublicKey { return k.key.PublicKey() }

func (k localBLS) Sign(_ context.Context, digest [32]byte) (G1, error) {
	return k.key.Sign(digest), nil
}

// PrivateKey is the key of an account in this process; ok is false for one in
// a signing service.
func PrivateKey(a Account) (key *ecdsa.PrivateKey, ok bool) {
	l, ok := a.(local)
	return l.key, ok
}
