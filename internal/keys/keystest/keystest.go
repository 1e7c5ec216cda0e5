// Package keystest gives tests the services that hold keys for operators: servers
// that speak the protocols of Web3Signer and of EigenLayer's Cerberus.
package keystest

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	cerberus "github.com/Layr-Labs/cerberus-api/pkg/api/v1"
	eigenbls "github.com/Layr-Labs/eigensdk-go/crypto/bls"
	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Web3Signer speaks the part of Web3Signer's JSON-RPC that its documentation describes: eth_accounts, eth_sign with the
// prefix of EIP-191, eth_signTransaction of EIP-1559 transactions for its own chain.
// It ends with the test.
type Web3Signer struct {
	Account common.Address
	URL     string // as posp is told it

	Key     *ecdsa.PrivateKey         // that signs for the account: another one than the account's, for a false signer
	ChainID int64                     // that it signs transactions for
	Change  func(*types.DynamicFeeTx) // what a false signer signs instead
	Fail    atomic.Bool               // it answers 503
}

// NewWeb3Signer starts one that holds a key.
func NewWeb3Signer(t testing.TB, key *ecdsa.PrivateKey) *Web3Signer {
	s := &Web3Signer{Account: crypto.PubkeyToAddress(key.PublicKey), Key: key, ChainID: 31337}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = "web3signer+" + server.URL + "/" + s.Account.Hex()
	return s
}

func (s *Web3Signer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		ID     json.RawMessage   `json:"id"`
		Method string            `json:"method"`
		Params []json.RawMessage `json:"params"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || s.Fail.Load() {
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return
	}
	result, err := s.answer(q.Method, q.Params)
	body := map[string]any{"jsonrpc": "2.0", "id": q.ID, "result": result}
	if err != nil {
		body = map[string]any{"jsonrpc": "2.0", "id": q.ID, "error": map[string]any{"code": -32000, "message": err.Error()}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // who has gone has gone
}

func (s *Web3Signer) answer(method string, params []json.RawMessage) (any, error) {
	held := func(raw []byte) error {
		var a common.Address
		if err := json.Unmarshal(raw, &a); err != nil || a != s.Account {
			return errors.New("Signing from is not an unlocked account")
		}
		return nil
	}
	switch method {
	case "eth_accounts":
		return []common.Address{s.Account}, nil
	case "eth_sign":
		if len(params) != 2 {
			return nil, errors.New("invalid params")
		}
		if err := held(params[0]); err != nil {
			return nil, err
		}
		var data hexutil.Bytes
		if err := json.Unmarshal(params[1], &data); err != nil {
			return nil, err
		}
		sig, err := crypto.Sign(accounts.TextHash(data), s.Key)
		if err != nil {
			return nil, err
		}
		sig[64] += 27
		return hexutil.Bytes(sig), nil
	case "eth_signTransaction":
		var q struct {
			From                 json.RawMessage `json:"from"`
			To                   *common.Address `json:"to"`
			Gas, Nonce           hexutil.Uint64
			MaxPriorityFeePerGas hexutil.Big
			MaxFeePerGas         hexutil.Big
			Value                hexutil.Big
			Data                 hexutil.Bytes
		}
		if len(params) != 1 {
			return nil, errors.New("invalid params")
		}
		if err := json.Unmarshal(params[0], &q); err != nil {
			return nil, err
		}
		if err := held(q.From); err != nil {
			return nil, err
		}
		inner := &types.DynamicFeeTx{ChainID: big.NewInt(s.ChainID), Nonce: uint64(q.Nonce), To: q.To, Gas: uint64(q.Gas), Data: q.Data, Value: q.Value.ToInt(),
			GasTipCap: q.MaxPriorityFeePerGas.ToInt(), GasFeeCap: q.MaxFeePerGas.ToInt()}
		if s.Change != nil {
			s.Change(inner)
		}
		tx, err := types.SignNewTx(s.Key, types.LatestSignerForChainID(big.NewInt(s.ChainID)), inner)
		if err != nil {
			return nil, err
		}
		raw, err := tx.MarshalBinary()
		return hexutil.Bytes(raw), err
	}
	return nil, errors.New("method not found")
}

// Cerberus is a signer of the published API, which signs with eigensdk-go as Cerberus does.
type Cerberus struct {
	cerberus.UnimplementedSignerServer
	cerberus.UnimplementedKeyManagerServer
	Name   string      // the key's G1 half, compressed, in hex
	URL    string      // as posp is told it, without the file of the API key
	G2     string      // that it says the key has
	Lie    bool        // it signs another digest
	Secret string      // that unlocks the key
	Fail   atomic.Bool // it answers that it is unavailable

	key *eigenbls.KeyPair
}

// Token is the API key that signing takes.
const Token = "token"

func (s *Cerberus) SignGeneric(ctx context.Context, r *cerberus.SignGenericRequest) (*cerberus.SignGenericResponse, error) {
	if s.Fail.Load() {
		return nil, status.Error(codes.Unavailable, "out of order")
	}
	md, _ := metadata.FromIncomingContext(ctx)
	if auth := md.Get("authorization"); len(auth) != 1 || auth[0] != Token {
		return nil, status.Error(codes.Unauthenticated, "invalid token")
	}
	if r.PublicKeyG1 != s.Name || r.Password != s.Secret {
		return nil, status.Error(codes.Internal, "could not decrypt key with given password")
	}
	if len(r.Data) > 32 {
		return nil, status.Error(codes.InvalidArgument, "data is too long, must be 32 bytes")
	}
	var d [32]byte
	copy(d[:], r.Data)
	if s.Lie {
		d[0]++
	}
	return &cerberus.SignGenericResponse{Signature: s.key.SignMessage(d).Serialize()}, nil
}

func (s *Cerberus) GetKeyMetadata(_ context.Context, r *cerberus.GetKeyMetadataRequest) (*cerberus.GetKeyMetadataResponse, error) {
	if r.PublicKeyG1 != s.Name {
		return nil, status.Error(codes.Internal, "key not found")
	}
	return &cerberus.GetKeyMetadataResponse{PublicKeyG1: s.Name, PublicKeyG2: s.G2}, nil
}

// NewCerberus starts one that holds a key, which a password unlocks.
func NewCerberus(t testing.TB, secret [32]byte, password string) *Cerberus {
	key, err := eigenbls.NewKeyPairFromString("0x" + hex.EncodeToString(secret[:]))
	if err != nil {
		t.Fatal(err)
	}
	g1, g2 := key.GetPubKeyG1().G1Affine.Bytes(), key.GetPubKeyG2().G2Affine.Bytes()
	s := &Cerberus{key: key, Name: hex.EncodeToString(g1[:]), G2: hex.EncodeToString(g2[:]), Secret: password}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	cerberus.RegisterSignerServer(server, s)
	cerberus.RegisterKeyManagerServer(server, s)
	go server.Serve(l) //nolint:errcheck // it ends with Stop
	t.Cleanup(server.Stop)
	s.URL = "cerberus://" + l.Addr().String() + "/" + s.Name
	return s
}
