package keys

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/proof-of-sampling/posp"
)

// signTimeout is how long a signing service may take for one signature.
const signTimeout = 10 * time.Second

// Web3Signer is an account whose key Consensys Web3Signer holds (in eth1 mode), or anything else that speaks its
// JSON-RPC: eth_accounts, eth_sign and eth_signTransaction. Web3Signer signs messages with EIP-191's prefix and no
// bare digests; signatures say so by v (see posp.RecoverSigner).
type Web3Signer struct {
	client  *rpc.Client
	where   string // without what could be secret
	address common.Address
}

// web3SignerScheme begins the URL of a key at a Web3Signer: web3signer+https://HOST:PORT/0xADDRESS.
const web3SignerScheme = "web3signer+"

// IsWeb3Signer says whether a key is named by the URL of a Web3Signer rather than a file.
func IsWeb3Signer(key string) bool { return strings.HasPrefix(key, web3SignerScheme) }

// DialWeb3Signer connects to web3signer+http[s]://HOST:PORT/0xADDRESS and asks whether it has that key. Without
// TLS only a host of this machine is taken: whoever can speak to a signer can sign.
func DialWeb3Signer(ctx context.Context, rawURL string) (*Web3Signer, error) {
	u, err := url.Parse(strings.TrimPrefix(rawURL, web3SignerScheme))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("a key at a Web3Signer is named web3signer+https://HOST:PORT/0xADDRESS") // the URL may hold a password
	}
	dir, last := path.Split(u.Path)
	if !common.IsHexAddress(last) {
		return nil, fmt.Errorf("Web3Signer at %s: its URL must end with the account: /0x and 40 hexadecimal digits", u.Host)
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("Web3Signer at %s is on another machine: use https, since whoever can speak to a signer can sign", u.Host)
	}
	w := &Web3Signer{where: u.Scheme + "://" + u.Host, address: common.HexToAddress(last)}
	u.Path = dir
	w.client, err = rpc.DialOptions(ctx, u.String(), rpc.WithHTTPClient(&http.Client{Timeout: signTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}))
	if err != nil {
		return nil, fmt.Errorf("Web3Signer at %s: %w", w.where, withoutURL(err))
	}
	var accounts []common.Address
	if err := w.call(ctx, &accounts, "eth_accounts"); err != nil {
		return nil, err
	}
	if !slices.Contains(accounts, w.address) {
		return nil, fmt.Errorf("Web3Signer at %s does not hold the key of %s: it has %d others", w.where, w.address, len(accounts))
	}
	return w, nil
}

// isLoopback says whether a host is this machine by its name alone.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// withoutURL drops a URL from an error of the connection: it may hold a password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (w *Web3Signer) call(ctx context.Context, result any, method string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, signTimeout)
	defer cancel()
	if err := w.client.CallContext(ctx, result, method, args...); err != nil {
		return fmt.Errorf("Web3Signer at %s: %s: %w", w.where, method, withoutURL(err))
	}
	return nil
}

// Address is the account's.
func (w *Web3Signer) Address() common.Address { return w.address }

// Sign has a digest signed as an Ethereum message of 32 bytes.
func (w *Web3Signer) Sign(ctx context.Context, digest common.Hash) ([]byte, error) {
	var sig hexutil.Bytes
	if err := w.call(ctx, &sig, "eth_sign", w.address, hexutil.Bytes(digest[:])); err != nil {
		return nil, err
	}
	if len(sig) != 65 {
		return nil, fmt.Errorf("Web3Signer at %s: eth_sign gave %d bytes, not 65", w.where, len(sig))
	}
	if sig[64] < 27 {
		sig[64] += 27
	}
	sig[64] += 4 // of the prefixed message
	if signer, err := posp.RecoverSigner(digest, sig); err != nil || signer != w.address {
		return nil, fmt.Errorf("Web3Signer at %s: eth_sign gave a signature that is not one of %s", w.where, w.address)
	}
	return sig, nil
}

// SignTransaction has a transaction signed, and checks that it is the one that was asked for.
func (w *Web3Signer) SignTransaction(ctx context.Context, tx *types.Transaction) (*types.Transaction, error) {
	if tx.Type() != types.DynamicFeeTxType {
		return nil, fmt.Errorf("sign transaction: type %d, where %d was expected", tx.Type(), types.DynamicFeeTxType)
	}
	// The chain is Web3Signer's own --chain-id.
	q := struct {
		From   common.Address  `json:"from"`
		To     *common.Address `json:"to,omitempty"`
		Gas    hexutil.Uint64  `json:"gas"`
		TipCap *hexutil.Big    `json:"maxPriorityFeePerGas"`
		FeeCap *hexutil.Big    `json:"maxFeePerGas"`
		Value  *hexutil.Big    `json:"value"`
		Data   hexutil.Bytes   `json:"data"`
		Nonce  hexutil.Uint64  `json:"nonce"`
	}{From: w.address, To: tx.To(), Gas: hexutil.Uint64(tx.Gas()), TipCap: (*hexutil.Big)(tx.GasTipCap()), FeeCap: (*hexutil.Big)(tx.GasFeeCap()),
		Value: (*hexutil.Big)(tx.Value()), Data: tx.Data(), Nonce: hexutil.Uint64(tx.Nonce())}
	var raw hexutil.Bytes
	if err := w.call(ctx, &raw, "eth_signTransaction", q); err != nil {
		return nil, err
	}
	signed := new(types.Transaction)
	if err := signed.UnmarshalBinary(raw); err != nil {
		return nil, fmt.Errorf("Web3Signer at %s: eth_signTransaction: %w", w.where, err)
	}
	signer := signerOf(tx.ChainId())
	if signed.ChainId().Cmp(tx.ChainId()) != 0 {
		return nil, fmt.Errorf("Web3Signer at %s signs for chain %s, not %s: start it with --chain-id %s", w.where, signed.ChainId(), tx.ChainId(), tx.ChainId())
	}
	if from, err := types.Sender(signer, signed); err != nil || from != w.address || signer.Hash(signed) != signer.Hash(tx) {
		return nil, fmt.Errorf("Web3Signer at %s signed another transaction than was asked for: it is not sent", w.where)
	}
	return signed, nil
}
