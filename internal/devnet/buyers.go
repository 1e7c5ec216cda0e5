package devnet

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/provider"
)

// declarations are what the market's buyers ask: beginnings of Go
// declarations, which is what the model was trained on.
var declarations = []string{
	"// Contains reports whether v is present in s.\nfunc Contains(s []int, v int) bool {\n",
	"// String returns the name of the kind.\nfunc (k Kind) String() string {\n",
	"// A Reader reads records from an io.Reader.\ntype Reader struct {\n",
	"// Write writes len(p) bytes from p to the buffer.\nfunc (b *Buffer) Write(p []byte) (n int, err error) {\n",
	"// Close closes the connection.\nfunc (c *conn) Close() error {\n",
	"func max(a, b int) int {\n",
	"// Read reads data into p.\nfunc (r *Reader) Read(p []byte) (n int, err error) {\n\tif ",
	"// parseInt parses an integer from the string.\nfunc parseInt(s string) (int, error) {\n\tfor i := 0; ",
}

// pages are what the buyers of the other play ask: beginnings after which the
// model writes on and on.
var pages = []string{
	"package strings\n\nimport (\n\t\"unicode\"\n)\n\n// ",
	"switch op {\ncase OADD:\n\treturn x + y\ncase OSUB:\n",
	"// Copyright 2009 The Go Authors. All rights reserved.\n// Use of this source code is governed by a BSD-style\n",
	"const (\n\tStatusContinue = 100\n\tStatusOK = 200\n",
	"TEXT main(SB),0,$0\n\tMOVL AX, BX\n\tMOVL ",
	"type Config struct {\n\t// Name is the name of the configuration.\n\tName string\n\n",
	"\t0x00, 0x01, 0x02, 0x03, 0x04, 0x05,",
	"var opnames = []string{\n\tOADD: \"+\",\n\tOSUB: \"-\",\n",
}

// job is one request of a buyer, with what it needs to settle and to claim.
type job struct {
	buyer    posp.Address
	provider int // index in the devnet's providers
	secret   posp.Hash
	nonce    posp.Hash
	escrowed bool // paid into the market, which refuses jailed providers

	receipt posp.SignedReceipt
	text    string
}

// ask sends one completion request to a provider, as any OpenAI client would,
// and checks the receipt that comes back.
func (w *world) ask(ctx context.Context, c *http.Client, m *member, j *job, n int) error {
	request := map[string]any{"model": w.site.Network.Models[0].Name, "prompt": w.cast.prompts[n%len(w.cast.prompts)], "max_tokens": w.cast.tokens, "temperature": 0}
	if n%2 == 1 {
		request["temperature"], request["top_p"], request["seed"] = 0.8, 0.95, 1000+n
	}
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+m.listener.Addr().String()+"/v1/completions", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Posp-Nonce", j.nonce.Hex())
	res, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask provider: %s: %.200s", res.Status, answer)
	}
	var parsed struct {
		Choices []struct {
			Text string `json:"text"`
		} `json:"choices"`
		Posp provider.Attachment `json:"posp"`
	}
	if err := json.Unmarshal(answer, &parsed); err != nil || len(parsed.Choices) != 1 {
		return fmt.Errorf("ask provider: answer is not a completion: %.200s", answer)
	}
	if err := parsed.Posp.Check(w.site.Network.Domain(), crypto.PubkeyToAddress(m.receiptKey.PublicKey), j.nonce); err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	j.text, j.receipt = parsed.Choices[0].Text, *parsed.Posp.Receipt
	// Who keeps an answer can dispute about it, though its spec be private.
	if err := os.WriteFile(filepath.Join(w.answers(), j.nonce.Hex()+".json"), answer, 0o600); err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	return nil
}

// answers is the directory in which the buyers keep what they got.
func (w *world) answers() string { return filepath.Join(w.data, "answers") }

// newJob draws the buyer's secret; the nonce commits to buyer and secret, so
// that a refund can be claimed without having shown who buys.
func newJob(buyer *ecdsa.PrivateKey, provider, n int) *job {
	j := &job{buyer: crypto.PubkeyToAddress(buyer.PublicKey), provider: provider}
	j.secret = crypto.Keccak256Hash([]byte("posp.devnet.secret"), j.buyer[:], []byte{byte(provider)}, []byte{byte(n >> 8), byte(n)})
	j.nonce = posp.BuyerNonce(j.buyer, j.secret)
	return j
}

// buyers is how many buyers there are; they take turns.
const buyers = 3

func buyerLabel(i int) string { return fmt.Sprintf("buyer-%d", i+1) }

func buyerLabels() (labels []string) {
	for i := range buyers {
		labels = append(labels, buyerLabel(i))
	}
	return labels
}

// id is the market's name for the job.
func (j *job) id() posp.Hash {
	return crypto.Keccak256Hash(common.LeftPadBytes(j.buyer[:], 32), common.LeftPadBytes(j.receipt.Provider[:], 32), j.nonce[:])
}

// fetchProof asks a provider where a receipt stands in its batch.
func fetchProof(ctx context.Context, baseURL string, r posp.Receipt) ([][32]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/posp/v1/proof/%d/%d", baseURL, r.Epoch, r.Sequence), nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch proof: %w", err)
	}
	defer res.Body.Close()
	var p provider.Proof
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch proof: provider answers %s", res.Status)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&p); err != nil {
		return nil, fmt.Errorf("fetch proof: %w", err)
	}
	siblings := make([][32]byte, len(p.Proof))
	for i, h := range p.Proof {
		siblings[i] = h
	}
	return siblings, nil
}

func receiptABI(r posp.Receipt) contracts.Receipt {
	return contracts.Receipt{Provider: r.Provider, Epoch: r.Epoch, Sequence: r.Sequence, SpecId: r.SpecID, RequestHash: r.RequestHash,
		OutputHash: r.OutputHash, EvidenceHash: r.EvidenceHash, PromptTokens: r.PromptTokens, OutputTokens: r.OutputTokens,
		ClientNonce: r.ClientNonce, Time: r.Time}
}
