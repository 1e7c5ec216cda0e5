package tests

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// newcomer is an account that wants to be a provider: with ether, a hundred
// tokens and key files.
type newcomer struct {
	t       *testing.T
	p       program
	r       *restaking
	address common.Address
	dir     string
	network []string // and account, as flags
	keys    []string
}

func newNewcomer(t *testing.T, p program, r *restaking, label string) *newcomer {
	t.Helper()
	key := devchain.Account(label)
	n := &newcomer{t: t, p: p, r: r, address: crypto.PubkeyToAddress(key.PublicKey), dir: t.TempDir()}
	write := func(name, label string) string {
		path := filepath.Join(n.dir, name)
		r.must(os.WriteFile(path, []byte(hexutil.Encode(crypto.FromECDSA(devchain.Account(label)))[2:]), 0o600))
		return path
	}
	n.network = []string{"--network", r.file, "--key", write("op.hex", label)}
	n.keys = []string{"--receipt-key", write("hot.hex", label+"/receipts")}
	n.do("10 ether and 1000 tokens", "devnet fund --network", r.file, n.address.Hex())
	return n
}

// args are words, and lists of words.
func (n *newcomer) args(parts ...any) (list []string) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			list = append(list, strings.Fields(p)...)
		case []string:
			list = append(list, p...)
		}
	}
	return list
}

func (n *newcomer) do(want string, parts ...any) string {
	n.t.Helper()
	args := n.args(parts...)
	out, errs, code := n.p.run(n.t, "", args...)
	if code != 0 || !strings.Contains(out, want) {
		n.t.Fatalf("posp %s: exit %d, want %q\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
	return out
}

// refuse wants one line, with the words.
func (n *newcomer) refuse(want string, parts ...any) {
	n.t.Helper()
	args := n.args(parts...)
	out, errs, code := n.p.run(n.t, "", args...)
	if code != 1 || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
		n.t.Fatalf("posp %s: exit %d, want %q in one line\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
}

func (n *newcomer) status() (v app.ProviderStatus) {
	n.t.Helper()
	n.r.must(json.Unmarshal([]byte(n.do("{", "provider status --json", n.network)), &v))
	return v
}

// doctor wants an exit status, and lines that begin so.
func (n *newcomer) doctor(code int, lines []string, parts ...any) {
	n.t.Helper()
	out, errs, got := n.p.run(n.t, "", n.args(append([]any{"provider doctor"}, parts...)...)...)
	if got != code {
		n.t.Errorf("doctor ends with %d, want %d\n%s%s", got, code, out, errs)
	}
	for _, want := range lines {
		found := false
		for line := range strings.Lines(out) {
			fields := strings.Fields(want)
			found = found || strings.HasPrefix(strings.Join(strings.Fields(line), " "), strings.Join(fields, " "))
		}
		if !found {
			n.t.Errorf("the doctor does not say %q\n%s", want, out)
		}
	}
}

// A provider's life by the built binary, from nothing to a committed batch, and
// out again without a receipt that is in none.
func TestProvidersLife(t *testing.T) {
	p, r := built(t), newRestaking(t)
	n := newNewcomer(t, p, r, "newcomer")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	listen := l.Addr().String()
	r.must(l.Close())
	url, data := "http://"+listen, filepath.Join(n.dir, "data")
	at := []string{"--public-url", url}
	daemon := n.args("--listen", listen, at, "--upstream http://"+r.upstream, "--model posp-demo --data", data, n.network, n.keys)
	run := append([]string{"provider", "run"}, daemon...)
	writes := n.args(n.network, "--data", data, "--yes")

	// What is missing is said, and nothing is sent without being asked for.
	n.refuse("--receipt-key is missing", "provider register", writes, at)
	n.refuse("--public-url is missing", "provider register", writes, n.keys)
	n.refuse("no terminal", "provider register", n.network, n.keys, at, "--data", data)
	n.do("dry run: nothing was sent", "provider register --dry-run", n.network, n.keys, at)
	n.refuse("posp provider register", "provider allocate --percent 100", writes)
	n.refuse("no member of PROVIDERS", run)
	n.doctor(1, []string{"fail registration", "fail receipts", "fail public url", "ok server posp serves posp-demo", "ok reachable " + url + " leads to", "ok database"}, daemon)
	if v := n.status(); v.Registered || v.Member || v.URL != "" || v.Receipts.Key != (posp.Address{}) {
		t.Errorf("nothing was sent: %+v", v)
	}
	var batch struct{ Transactions []struct{ To common.Address } }
	r.must(json.Unmarshal([]byte(n.do("{", "provider register --calldata", n.network, n.keys, at)), &batch))
	if want := r.site.Network; len(batch.Transactions) != 2 || batch.Transactions[0].To != want.EigenLayer.DelegationManager || batch.Transactions[1].To != want.Contracts.KeyRegistry {
		t.Errorf("calldata: %+v", batch)
	}

	// In.
	n.do("posp provider allocate", "provider register", writes, n.keys, at)
	r.must(r.node.Mine(r.ctx, 1))
	n.do("join PROVIDERS", "provider allocate --percent 100 --deposit 60", writes)
	n.do("has deposited 60", "provider allocate --percent 100 --deposit 60", writes)
	n.do("say where openings are served", "provider register", writes, at)
	n.do("nothing to send now", "provider register", writes, n.keys, at)
	if v := n.status(); !v.Member || v.URL != url || v.Slashable.Cmp(ethers(60)) != 0 || v.Receipts.Key != crypto.PubkeyToAddress(devchain.Account("newcomer/receipts").PublicKey) {
		t.Errorf("registered: %+v", v)
	}
	n.doctor(0, []string{"ok registration member of PROVIDERS, 60", "ok receipts", "ok public url", "ok server", "ok reachable", "ok disk", "ok gas money"}, daemon)
	n.doctor(1, []string{"fail reachable", "warn public url"}, daemon, "--public-url http://127.0.0.1:1")
	n.doctor(1, []string{"fail reachable what answers"}, daemon, "--public-url http://"+r.upstream)
	n.doctor(1, []string{"fail reachable a provider answers at " + r.provider + ", and not here"}, daemon, "--public-url", r.provider)
	n.doctor(1, []string{"fail server"}, daemon, "--upstream http://127.0.0.1:1")
	n.doctor(1, []string{"fail server"}, daemon, "--model no-such")

	// A receipt.
	head, err := r.c.BlockNumber(r.ctx)
	r.must(err)
	e := uint64(0)
	if head >= r.schedule.Genesis {
		e = r.schedule.EpochAt(head) + 1
	}
	r.reach(r.schedule.Start(e) + 1)
	ask := func() (receipt *posp.SignedReceipt, problem string) {
		t.Helper()
		res, err := http.Post(url+"/v1/completions", "application/json", strings.NewReader(`{"model":"posp-demo","prompt":"func main() {","max_tokens":4,"temperature":0}`))
		r.must(err)
		defer res.Body.Close()
		var answer struct {
			Choices []struct{ Text string } `json:"choices"`
			Posp    struct {
				Receipt *posp.SignedReceipt `json:"receipt"`
			} `json:"posp"`
		}
		r.must(json.NewDecoder(res.Body).Decode(&answer))
		if len(answer.Choices) != 1 {
			t.Errorf("no answer: %s", res.Status)
		}
		return answer.Posp.Receipt, res.Header.Get("Posp-Error")
	}
	d := p.daemon(t, run...)
	d.until("provider is up")
	n.doctor(0, []string{"ok database " + data + "/provider.db is in use: the daemon runs", "ok reachable a provider answers"}, daemon)
	if receipt, problem := ask(); receipt == nil || receipt.Provider != n.address || receipt.Epoch != e {
		t.Fatalf("receipt %+v, %s", receipt, problem)
	}

	// It cannot leave with that: not while it serves, and not before the batch.
	for _, way := range []string{"provider deregister", "provider exit", "provider deregister --dry-run"} {
		n.refuse("the provider still runs", way, n.network, "--data", data)
	}
	d.end(syscall.SIGINT)
	n.doctor(0, []string{"warn database 1 receipts are in no batch yet"}, daemon)
	n.refuse(fmt.Sprintf("1 receipts are in no batch yet, the newest of epoch %d", e), "provider deregister", writes)
	n.refuse(fmt.Sprintf("between blocks %d and %d", r.schedule.Start(e+1), r.schedule.Close(e)-1), "provider exit", writes)
	n.refuse("there is no provider's database", "provider deregister --yes", n.network, "--data", t.TempDir())
	n.do("can be charged as omitted", "provider deregister --dry-run --force", n.network, "--data", data)

	// It gives no more receipts, and commits what it gave.
	d = p.daemon(t, append(run, "--drain")...)
	d.until("provider is up")
	if receipt, problem := ask(); receipt != nil || problem != "provider_leaving" {
		t.Errorf("a receipt of one that leaves: %+v, %q", receipt, problem)
	}
	r.reach(r.schedule.Start(e + 1))
	r.until("batch", func() (bool, error) {
		_, ok, err := r.site.Reader().BatchOf(r.ctx, n.address, e)
		return ok, err
	})
	d.end(syscall.SIGINT)
	out := n.do("leave PROVIDERS", "provider deregister", writes)
	for _, want := range []string{"--drain going until block", "60 DEV can be slashed until block"} {
		if !strings.Contains(out, want) {
			t.Errorf("leaving does not say %q\n%s", want, out)
		}
	}
	if v := n.status(); v.Member || !v.IsSlashable || v.NextSequence != 1 {
		t.Errorf("left: %+v", v)
	}
	n.do("nothing to send now", "provider deregister", writes)
	n.refuse("no member of PROVIDERS", run)
	d = p.daemon(t, append(run, "--drain")...)
	d.until("provider is up")
	res, err := http.Get(fmt.Sprintf("%s/posp/v1/proof/%d/0", url, e))
	r.must(err)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("who left does not prove what it committed: %s", res.Status)
	}
	d.end(syscall.SIGINT)

	// And out.
	n.do("take the allocation", "provider exit", writes)
	v := n.status()
	n.do("nothing can be done about it but to wait", "provider exit", writes)
	r.reach(v.SlashableUntil)
	n.do("the provider is out", "provider exit", writes)
	if v := n.status(); v.Slashable.Sign() != 0 || v.IsSlashable {
		t.Errorf("out: %+v", v)
	}
}
