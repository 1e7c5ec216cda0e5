package keys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
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

	"github.com/proof-of-sampling/posp"
)

// web3signer speaks the part of Web3Signer's JSON-RPC that its documentation describes: eth_accounts, eth_sign with the
// prefix of EIP-191, eth_signTransaction of EIP-1559 transactions for its own chain.
type web3signer struct {
	t       *testing.T
	keys    map[common.Address]func([]byte) []byte
	chainID int64
	change  func(*types.DynamicFeeTx) // what a false signer signs instead
	fail    atomic.Bool
}

func newWeb3Signer(t *testing.T) (s *web3signer, account common.Address, url string) {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	account = crypto.PubkeyToAddress(key.PublicKey)
	s = &web3signer{t: t, chainID: 31337, keys: map[common.Address]func([]byte) []byte{account: func(digest []byte) []byte {
		sig, err := crypto.Sign(digest, key)
		if err != nil {
			t.Error(err)
		}
		return sig
	}}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, account, "web3signer+" + server.URL + "/" + account.Hex()
}

func (s *web3signer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		ID     json.RawMessage   `json:"id"`
		Method string            `json:"method"`
		Params []json.RawMessage `json:"params"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || s.fail.Load() {
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

func (s *web3signer) answer(method string, params []json.RawMessage) (any, error) {
	signerOf := func(raw []byte) (func([]byte) []byte, error) {
		var a common.Address
		if err := json.Unmarshal(raw, &a); err != nil || s.keys[a] == nil {
			return nil, errors.New("Signing from is not an unlocked account")
		}
		return s.keys[a], nil
	}
	switch method {
	case "eth_accounts":
		list := []common.Address{}
		for a := range s.keys {
			list = append(list, a)
		}
		return list, nil
	case "eth_sign":
		sign, err := signerOf(params[0])
		if err != nil {
			return nil, err
		}
		var data hexutil.Bytes
		if err := json.Unmarshal(params[1], &data); err != nil {
			return nil, err
		}
		sig := sign(accounts.TextHash(data))
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
		if err := json.Unmarshal(params[0], &q); err != nil {
			return nil, err
		}
		sign, err := signerOf(q.From)
		if err != nil {
			return nil, err
		}
		inner := &types.DynamicFeeTx{ChainID: big.NewInt(s.chainID), Nonce: uint64(q.Nonce), To: q.To, Gas: uint64(q.Gas), Data: q.Data, Value: q.Value.ToInt(),
			GasTipCap: q.MaxPriorityFeePerGas.ToInt(), GasFeeCap: q.MaxFeePerGas.ToInt()}
		if s.change != nil {
			s.change(inner)
		}
		signer := types.LatestSignerForChainID(big.NewInt(s.chainID))
		tx := types.NewTx(inner)
		h := signer.Hash(tx)
		if tx, err = tx.WithSignature(signer, sign(h[:])); err != nil {
			return nil, err
		}
		raw, err := tx.MarshalBinary()
		return hexutil.Bytes(raw), err
	}
	return nil, errors.New("method not found")
}

func TestWeb3SignerSigns(t *testing.T) {
	s, address, url := newWeb3Signer(t)
	ctx := context.Background()
	w, err := DialWeb3Signer(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	if w.Address() != address {
		t.Fatalf("account %s", w.Address())
	}
	digest := common.Hash{1, 2, 3}
	sig, err := w.Sign(ctx, digest)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := posp.RecoverSigner(digest, sig); err != nil || got != address {
		t.Errorf("the message is signed by %s, %v", got, err)
	}

	to := common.Address{9}
	ask := func() (*types.Transaction, *types.Transaction, error) {
		tx := types.NewTx(&types.DynamicFeeTx{ChainID: big.NewInt(31337), Nonce: 7, To: &to, Gas: 21000, Data: []byte{1, 2}, Value: big.NewInt(5),
			GasTipCap: big.NewInt(2), GasFeeCap: big.NewInt(100)})
		signed, err := w.SignTransaction(ctx, tx)
		return tx, signed, err
	}
	tx, signed, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	signer := types.LatestSignerForChainID(big.NewInt(31337))
	if from, err := types.Sender(signer, signed); err != nil || from != address || signer.Hash(signed) != signer.Hash(tx) {
		t.Errorf("signed by %s, %v", from, err)
	}

	// A signer that signs something else is not believed.
	for name, change := range map[string]func(*types.DynamicFeeTx){
		"value":     func(tx *types.DynamicFeeTx) { tx.Value = big.NewInt(6) },
		"recipient": func(tx *types.DynamicFeeTx) { tx.To = &common.Address{8} },
		"data":      func(tx *types.DynamicFeeTx) { tx.Data = nil },
		"nonce":     func(tx *types.DynamicFeeTx) { tx.Nonce++ },
		"fee":       func(tx *types.DynamicFeeTx) { tx.GasFeeCap = big.NewInt(101) },
	} {
		s.change = change
		if _, _, err := ask(); err == nil || !strings.Contains(err.Error(), "another transaction") {
			t.Errorf("other %s: %v", name, err)
		}
	}
	s.change = nil
	s.chainID = 1
	if _, _, err := ask(); err == nil || !strings.Contains(err.Error(), "--chain-id 31337") {
		t.Errorf("other chain: %v", err)
	}
	for a := range s.keys {
		other, _ := crypto.GenerateKey()
		s.keys[a] = func(digest []byte) []byte { sig, _ := crypto.Sign(digest, other); return sig }
	}
	if _, err := w.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "not one of") {
		t.Errorf("another key's signature: %v", err)
	}
	s.fail.Store(true)
	if _, err := w.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("out of order: %v", err)
	}
}

func TestWeb3SignerURLs(t *testing.T) {
	_, address, url := newWeb3Signer(t)
	for _, c := range []struct{ url, want string }{
		{strings.Replace(url, address.Hex(), common.Address{1}.Hex(), 1), "does not hold the key"},
		{strings.TrimSuffix(url, address.Hex()), "must end with the account"},
		{"web3signer+http://signer.example/" + address.Hex(), "use https"},
		{"web3signer+ftp://127.0.0.1/" + address.Hex(), "is named"},
		{"web3signer+http://127.0.0.1:1/" + address.Hex(), "refused"},
		{"web3signer+http://user:secret@127.0.0.1:1/" + address.Hex(), "refused"},
	} {
		if _, err := DialWeb3Signer(context.Background(), c.url); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want %q", c.url, err, c.want)
		}
	}
}

// cerberusServer is a signer of the published API, which signs with eigensdk-go as Cerberus does.
type cerberusServer struct {
	cerberus.UnimplementedSignerServer
	cerberus.UnimplementedKeyManagerServer
	key      *eigenbls.KeyPair
	name     string
	g2       string
	password string
	tokenSum [32]byte
	lie      bool
}

func (s *cerberusServer) SignGeneric(ctx context.Context, r *cerberus.SignGenericRequest) (*cerberus.SignGenericResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if auth := md.Get("authorization"); len(auth) != 1 || sha256.Sum256([]byte(auth[0])) != s.tokenSum {
		return nil, status.Error(codes.Unauthenticated, "invalid token")
	}
	if r.PublicKeyG1 != s.name || r.Password != s.password {
		return nil, status.Error(codes.Internal, "could not decrypt key with given password")
	}
	if len(r.Data) > 32 {
		return nil, status.Error(codes.InvalidArgument, "data is too long, must be 32 bytes")
	}
	var d [32]byte
	copy(d[:], r.Data)
	if s.lie {
		d[0]++
	}
	return &cerberus.SignGenericResponse{Signature: s.key.SignMessage(d).Serialize()}, nil
}

func (s *cerberusServer) GetKeyMetadata(_ context.Context, r *cerberus.GetKeyMetadataRequest) (*cerberus.GetKeyMetadataResponse, error) {
	if r.PublicKeyG1 != s.name {
		return nil, status.Error(codes.Internal, "key not found")
	}
	return &cerberus.GetKeyMetadataResponse{PublicKeyG1: s.name, PublicKeyG2: s.g2}, nil
}

func newCerberus(t *testing.T) (s *cerberusServer, url string, pw Password) {
	t.Helper()
	key, err := eigenbls.GenRandomBlsKeys()
	if err != nil {
		t.Fatal(err)
	}
	g1, g2 := key.GetPubKeyG1().G1Affine.Bytes(), key.GetPubKeyG2().G2Affine.Bytes()
	s = &cerberusServer{key: key, name: hex.EncodeToString(g1[:]), g2: hex.EncodeToString(g2[:]), password: "pass word 1", tokenSum: sha256.Sum256([]byte("token"))}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	cerberus.RegisterSignerServer(server, s)
	cerberus.RegisterKeyManagerServer(server, s)
	go server.Serve(l) //nolint:errcheck // it ends with Stop
	t.Cleanup(server.Stop)
	return s, "cerberus://" + l.Addr().String() + "/" + s.name, Password{File: write(t, s.password)}
}

func TestCerberusSigns(t *testing.T) {
	s, url, pw := newCerberus(t)
	ctx := context.Background()
	c, err := DialCerberus(ctx, url+"?api-key-file="+write(t, "token\n"), pw)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	secret := s.key.PrivKey.Bytes()
	ours, err := BLSFromBytes(secret[:])
	if err != nil {
		t.Fatal(err)
	}
	if c.PublicKey() != ours.PublicKey() {
		t.Error("another public key")
	}
	digest := [32]byte{5, 6}
	sig, err := c.Sign(ctx, digest)
	if err != nil || sig != ours.Sign(digest) {
		t.Errorf("signature %v, %v", sig, err)
	}
	s.lie = true
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "not one of key") {
		t.Errorf("a signature of another digest: %v", err)
	}
	s.lie, s.password = false, "changed"
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "could not decrypt") || strings.Contains(err.Error(), "pass word 1") {
		t.Errorf("wrong password: %v", err)
	}
	c.apiKey = "other"
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "invalid token") {
		t.Errorf("wrong API key: %v", err)
	}

	s.g2 = hex.EncodeToString(func() []byte { b := BLSFromSeed(nil).public.G2.p.Bytes(); return b[:] }())
	for _, bad := range []struct{ url, want string }{
		{url, "halves differ"},
		{url[:len(url)-2] + "00", ""},
		{url[:len(url)-10], "64 hexadecimal digits"},
		{"cerberus://signer.example:50051/" + s.name, "use cerberus+tls"},
		{"cerberus://127.0.0.1:1/" + s.name, "refused"},
		{url + "?api-key-file=/nonexistent", "API key"},
	} {
		if _, err := DialCerberus(ctx, bad.url, pw); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v; want %q", bad.url, err, bad.want)
		}
	}
}
