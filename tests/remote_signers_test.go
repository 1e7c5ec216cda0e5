package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/keys/keystest"
)

// An operator whose keys are at a Web3Signer and a Cerberus, and nowhere else:
// registered, staked, and through an epoch to the certificate, by the built
// binary.
func TestOperatorWithRemoteKeys(t *testing.T) {
	p, r := built(t), newRestaking(t)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		r.must(os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	bls, err := keys.NewBLS()
	r.must(err)
	account := keystest.NewWeb3Signer(t, devchain.Account("remote operator"))
	cosigner := keystest.NewCerberus(t, bls.Bytes(), "pass word 1")
	common := []string{"--network", r.file, "--key", account.URL}
	both := append(slices.Clone(common), "--bls-key", cosigner.URL+"?api-key-file="+file("api-key", keystest.Token), "--password-file", file("password", cosigner.Secret))
	do := func(want string, args ...string) {
		t.Helper()
		out, stderr, code := p.run(t, "", args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Fatalf("%v: exit %d, want %q in\n%s%s", args, code, want, out, stderr)
		}
	}
	r.must(devchain.Fund(r.ctx, r.c.Client, ethers(1), account.Account))
	do("posp operator allocate", append([]string{"operator", "register", "--yes"}, both...)...)
	mint, err := contracts.NewDevToken().TryPackMint(account.Account, ethers(100))
	r.must(err)
	_, err = chain.NewSender(r.c, devchain.Account("provider"), nil).Send(r.ctx, chain.Call{To: &r.site.Network.EigenLayer.Token, Data: mint})
	r.must(err)
	do("posp operator run", append([]string{"operator", "allocate", "--percent", "100", "--deposit", "60", "--yes"}, common...)...)

	d := p.daemon(t, append([]string{"operator", "run", "--data", filepath.Join(dir, "data")}, both...)...)
	d.until("operator is up")
	e := r.epoch(nil)
	d.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
	digest, signed, ok, err := r.site.Reader().CoSigned(r.ctx, e, account.Account)
	if err != nil || !ok || !signed {
		t.Errorf("certificate %s: signed %v, %v, %v", digest, signed, ok, err)
	}

	// While the services are away nothing is signed, and nothing is lost: what was
	// due is signed when they are back.
	account.Fail.Store(true)
	cosigner.Fail.Store(true)
	head, err := r.c.BlockNumber(r.ctx)
	r.must(err)
	next := r.schedule.EpochAt(head) + 1 // as r.epoch takes it
	interrupted := `epoch interrupted, trying again	{"epoch": ` + fmt.Sprint(next) + `, "error": "sign certificate: `
	waited := make(chan bool)
	e = r.epoch(func(e uint64) {
		time.Sleep(time.Second) // it cannot even ask for openings
		if d.said(fmt.Sprintf(`committed	{"epoch": %d`, e)) {
			t.Error("it committed without a key")
		}
		account.Fail.Store(false)
		go func() {
			defer close(waited)
			for end := time.Now().Add(time.Minute); !d.said(interrupted) && time.Now().Before(end); {
				time.Sleep(50 * time.Millisecond)
			}
			cosigner.Fail.Store(false)
		}()
	})
	<-waited
	if !d.said(interrupted) {
		t.Error("it does not say that it cannot sign")
	}
	d.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
	d.end(syscall.SIGINT)
}
