package keys

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys/keystest"
)

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestWeb3SignerSigns(t *testing.T) {
	s := keystest.NewWeb3Signer(t, newKey(t))
	address, url := s.Account, s.URL
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
		s.Change = change
		if _, _, err := ask(); err == nil || !strings.Contains(err.Error(), "another transaction") {
			t.Errorf("other %s: %v", name, err)
		}
	}
	s.Change = nil
	s.ChainID = 1
	if _, _, err := ask(); err == nil || !strings.Contains(err.Error(), "--chain-id 31337") {
		t.Errorf("other chain: %v", err)
	}
	s.Key = newKey(t)
	if _, err := w.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "not one of") {
		t.Errorf("another key's signature: %v", err)
	}
	s.Fail.Store(true)
	if _, err := w.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("out of order: %v", err)
	}
}

func TestWeb3SignerURLs(t *testing.T) {
	s := keystest.NewWeb3Signer(t, newKey(t))
	address, url := s.Account, s.URL
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

func TestCerberusSigns(t *testing.T) {
	ours, err := NewBLS()
	if err != nil {
		t.Fatal(err)
	}
	s := keystest.NewCerberus(t, ours.Bytes(), "pass word 1")
	url, pw := s.URL, Password{File: write(t, s.Secret)}
	ctx := context.Background()
	c, err := DialCerberus(ctx, url+"?api-key-file="+write(t, keystest.Token+"\n"), pw)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.PublicKey() != ours.PublicKey() {
		t.Error("another public key")
	}
	digest := [32]byte{5, 6}
	sig, err := c.Sign(ctx, digest)
	if err != nil || sig != ours.Sign(digest) {
		t.Errorf("signature %v, %v", sig, err)
	}
	s.Lie = true
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "not one of key") {
		t.Errorf("a signature of another digest: %v", err)
	}
	s.Lie, s.Secret = false, "changed"
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "could not decrypt") || strings.Contains(err.Error(), "pass word 1") {
		t.Errorf("wrong password: %v", err)
	}
	c.apiKey = "other"
	if _, err := c.Sign(ctx, digest); err == nil || !strings.Contains(err.Error(), "invalid token") {
		t.Errorf("wrong API key: %v", err)
	}

	s.G2 = hex.EncodeToString(func() []byte { b := BLSFromSeed(nil).public.G2.p.Bytes(); return b[:] }())
	for _, bad := range []struct{ url, want string }{
		{url, "halves differ"},
		{url[:len(url)-2] + "00", ""},
		{url[:len(url)-10], "64 hexadecimal digits"},
		{"cerberus://signer.example:50051/" + s.Name, "use cerberus+tls"},
		{"cerberus://127.0.0.1:1/" + s.Name, "refused"},
		{url + "?api-key-file=/nonexistent", "API key"},
	} {
		if _, err := DialCerberus(ctx, bad.url, pw); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v; want %q", bad.url, err, bad.want)
		}
	}
}
