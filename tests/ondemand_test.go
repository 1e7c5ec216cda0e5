package tests

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// checkOnDemand has a buyer ask about answers of a devnet that has played and
// stays up: one that was answered in the play, one that was drawn, and one that
// nobody answers, since nobody serves any more; that fee comes back.
func checkOnDemand(t *testing.T, p program, data string, n app.Network) {
	file := filepath.Join(data, "network.json")
	client, err := ethclient.Dial(n.RPC)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	miner := devchain.NewMiner(client)
	command := func(want int, words string, args ...string) string {
		t.Helper()
		stdout, stderr, code := p.run(t, "", append([]string{"verify", args[0], "--network", file}, args[1:]...)...)
		if code != want || !strings.Contains(stdout+stderr, words) || want != 0 && strings.Count(stderr, "\n") != 1 {
			t.Errorf("posp verify %s: exit %d, and not %q: %s%s", strings.Join(args, " "), code, words, stdout, stderr)
		}
		return stdout
	}

	// The honest provider is the first of the play's, and buyers take turns.
	answered, drawn, fresh := 0, 0, 0
	for i := range 32 {
		label := fmt.Sprintf("buyer-%d", i%16%3+1)
		key := devchain.Account(label)
		buyer := crypto.PubkeyToAddress(key.PublicKey)
		secret := crypto.Keccak256Hash([]byte("posp.devnet.secret"), buyer[:], []byte{0}, []byte{0, byte(i)})
		answer := filepath.Join(data, "answers", posp.BuyerNonce(buyer, secret).Hex()+".json")
		if _, err := os.Stat(answer); err != nil {
			t.Fatalf("answer %d of the honest provider: %v", i, err)
		}
		status, _, _ := p.run(t, "", "verify", "status", "--network", file, "--receipt", answer)
		dry, why, code := p.run(t, "", "verify", "request", "--network", file, "--receipt", answer, "--secret", secret.Hex(), "--buyer", buyer.Hex(), "--dry-run")
		switch {
		case strings.Contains(status, "answered"):
			if answered++; !strings.Contains(status, "PASS, final") || !strings.Contains(why, "AlreadyAsked") {
				t.Errorf("what was answered is %s%s", status, why)
			}
			command(1, "answered already", "refund", "--receipt", answer, "--dry-run")
		case strings.Contains(why, "AlreadyDrawn"):
			drawn++
		case code != 0:
			t.Errorf("asking about answer %d: %s", i, why)
		case fresh == 0:
			fresh++
			if !strings.Contains(dry, "would be accepted") || !strings.Contains(dry, "value") {
				t.Errorf("the dry run says %q", dry)
			}
			command(0, "wei: ", "quote", "--receipt", answer)
			command(1, "nobody asked", "status", "--receipt", answer)
			command(1, "only who bought it", "request", "--receipt", answer, "--secret", secret.Hex(), "--buyer", common.Address{1}.Hex(), "--dry-run")
			path := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(path, []byte(hex.EncodeToString(crypto.FromECDSA(key))), 0o600); err != nil {
				t.Fatal(err)
			}
			balance := func() *big.Int {
				b, err := client.BalanceAt(context.Background(), buyer, nil)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			before := balance()
			command(0, "asked, for", "request", "--receipt", answer, "--secret", secret.Hex(), "--key", path)
			if spent := new(big.Int).Sub(before, balance()); spent.Cmp(big.NewInt(1e15)) < 0 {
				t.Errorf("asking cost %s wei", spent)
			}
			command(0, "not answered yet", "status", "--receipt", answer)
			command(1, "is not certified", "settle", "--receipt", answer, "--key", path)
			command(1, "TooEarly", "refund", "--receipt", answer, "--key", path)
			// Nobody serves in the epoch that should answer, so nobody recomputes.
			if err := miner.Mine(context.Background(), 1_000); err != nil {
				t.Fatal(err)
			}
			command(0, "never certified", "status", "--receipt", answer)
			command(0, "refunded", "refund", "--receipt", answer, "--key", path)
			command(0, "paid ", "withdraw", "--key", path)
			command(1, "is owed nothing", "withdraw", "--key", path)
			if gas := new(big.Int).Sub(before, balance()); gas.Cmp(big.NewInt(1e15)) >= 0 {
				t.Errorf("the buyer is %s wei short: the fee did not come back", gas)
			}
		}
	}
	if answered != 1 || drawn == 0 || fresh != 1 {
		t.Errorf("%d answers were verified on demand, %d drawn, %d left to ask about", answered, drawn, fresh)
	}
}
