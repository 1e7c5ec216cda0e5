package keys

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// Account is an ECDSA key: in this process, or in a signing service that never shows it. It is safe for
// concurrent use.
type Account interface {
	Address() common.Address
	// Sign signs a digest, so that posp.RecoverSigner finds the address: 65 bytes.
	Sign(ctx context.Context, digest common.Hash) ([]byte, error)
	// SignTransaction signs for the chain that tx names; tx is not changed.
	SignTransaction(ctx context.Context, tx *types.Transaction) (*types.Transaction, error)
}

// Ring is several ECDSA keys: the one that signs now and the one that will, while they are exchanged. It does not
// change once it is in use.
type Ring map[common.Address]Account

// ErrNoSuchKey says that a ring does not hold the key that has to sign.
var ErrNoSuchKey = errors.New("the key that has to sign is not among those given")

// NewRing holds accounts.
func NewRing(accounts ...Account) Ring {
	r := Ring{}
	for _, a := range accounts {
		r[a.Address()] = a
	}
	return r
}

// Sign signs as Account.Sign does, with the key of that address.
func (r Ring) Sign(ctx context.Context, key common.Address, digest common.Hash) ([]byte, error) {
	a, ok := r[key]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoSuchKey, key)
	}
	return a.Sign(ctx, digest)
}

// CoSigner is a BN254 key: in this process, or in a signing service. It is safe for concurrent use.
type CoSigner interface {
	PublicKey() PublicKey
	// Sign signs a digest as BLS.Sign does. It keeps no record.
	Sign(ctx context.Context, digest [32]byte) (G1, error)
}

// NewAccount is the account of a key in this process.
func NewAccount(key *ecdsa.PrivateKey) Account { return account{key} }

type account struct{ key *ecdsa.PrivateKey }

func (a account) Address() common.Address { return crypto.PubkeyToAddress(a.key.PublicKey) }

func (a account) Sign(_ context.Context, digest common.Hash) ([]byte, error) {
	sig, err := crypto.Sign(digest[:], a.key)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sig[64] += 27
	return sig, nil
}

func (a account) SignTransaction(_ context.Context, tx *types.Transaction) (*types.Transaction, error) {
	signed, err := types.SignTx(tx, signerOf(tx.ChainId()), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	return signed, nil
}

func signerOf(chainID *big.Int) types.Signer { return types.LatestSignerForChainID(chainID) }

// NewCoSigner is the co-signer of a key in this process.
func NewCoSigner(key *BLS) CoSigner { return cosigner{key} }

type cosigner struct{ key *BLS }

func (k cosigner) PublicKey() PublicKey { return k.key.PublicKey() }

func (k cosigner) Sign(_ context.Context, digest [32]byte) (G1, error) {
	return k.key.Sign(digest), nil
}
