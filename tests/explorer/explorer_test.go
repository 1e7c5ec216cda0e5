// Package explorer is the explorer's page in a real browser, against a devnet
// that is played as a user plays it.
package explorer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/verdict"
)

var shots = flag.String("shots", "", "write screenshots into this `directory`: go test ./tests/explorer -shots ../../docs/explorer")

// played is a running devnet.
type played struct {
	*testing.T
	url   string        // of its explorer
	data  string        // its directory
	limit time.Duration // for what it is to say next
	lines <-chan string
	said  []string
}

// play starts a devnet, which stays up until the test ends.
func play(t *testing.T, args ...string) *played {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "posp")
	if out, err := exec.Command("go", "build", "-o", bin, "github.com/proof-of-sampling/posp/cmd/posp").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	p := &played{T: t, data: filepath.Join(t.TempDir(), "data"), limit: 30 * time.Minute}
	cmd := exec.Command(bin, append([]string{"devnet", "--keep", "--data", p.data}, args...)...)
	cmd.Env = []string{"TMPDIR=" + t.TempDir()}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	p.lines = lines
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		for range lines {
		}
		_ = cmd.Wait() // interrupted
		if t.Failed() {
			said := strings.Split(strings.TrimSpace(complaints.String()), "\n")
			t.Logf("the devnet's last words: %s", strings.Join(said[max(0, len(said)-3):], "\n"))
		}
	})
	p.url = regexp.MustCompile(`http://\S+`).FindString(p.reach("to look: "))
	return p
}

// reach reads what the devnet says until a line has the words.
func (p *played) reach(words string) string {
	p.Helper()
	late := time.After(p.limit) // a machine may be busy: what is tested is not how long it takes
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.Fatalf("the devnet ended before %q:\n%s", words, strings.Join(p.said, "\n"))
			}
			if p.said = append(p.said, line); strings.Contains(line, words) {
				return line
			}
		case <-late:
			p.Fatalf("no %q in time:\n%s", words, strings.Join(p.said, "\n"))
		}
	}
}

// api asks the explorer's API, and checks the answer by its own document.
func (p *played) api(path string) (v object) {
	p.Helper()
	b := p.fetch("/api/v1/" + path)
	doc, err := openapi3.NewLoader().LoadFromData(p.fetch("/api/v1/openapi.json"))
	if err != nil {
		p.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		p.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/api/v1/"+path, nil)
	route, params, err := router.FindRoute(r)
	if err != nil {
		p.Fatalf("%s: %v", path, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}, Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}}, Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateResponse(p.Context(), out.SetBodyBytes(b)); err != nil {
		p.Errorf("%s is not as the document says: %v", path, err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		p.Fatal(err)
	}
	return v
}

func (p *played) fetch(path string) []byte {
	p.Helper()
	res, err := http.Get(p.url + path)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.Fatalf("%s: status %d, %v: %.300s", path, res.StatusCode, err, b)
	}
	return b
}

// object is JSON.
type object map[string]any

func (o object) list(name string) (all []object) {
	for _, v := range o[name].([]any) {
		all = append(all, v.(map[string]any))
	}
	return all
}
func (o object) in(name string) object      { return o[name].(map[string]any) }
func (o object) text(name string) string    { s, _ := o[name].(string); return s }
func (o object) count(name string) int      { return int(o[name].(float64)) }
func (o object) hash(name string) posp.Hash { return common.HexToHash(o.text(name)) }

// rows are a table's cells as they are read, by its caption.
func (b *tab) rows(caption string) [][]string {
	b.Helper()
	return read[[][]string](b, fmt.Sprintf(`(() => { const t = [...document.querySelectorAll('main table')].find(t => t.caption.textContent === %q); return t ? [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText)) : null })()`, caption))
}

// names are the whole hashes and addresses that a part of the page shortens.
func (b *tab) names(selector string) []string {
	b.Helper()
	return read[[]string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.title)`, selector))
}

func (b *tab) text(selector string) string {
	b.Helper()
	return read[string](b, fmt.Sprintf("document.querySelector(%q)?.innerText ?? 'none'", selector))
}

// hostile is what a provider may register as its URL.
const hostile = `javascript:alert(1)//"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`

// browser skips a test where there is none.
func browser(t *testing.T) (path string) {
	t.Helper()
	if path = chromium(); path == "" {
		t.Skip("no Chromium on this machine (apt-get install chromium, or name it with POSP_CHROMIUM): the explorer's page is not tested")
	}
	if testing.Short() {
		t.Skip("plays whole epochs")
	}
	return path
}

// part is one of the tests of a play.
type part struct {
	name string
	run  func(*testing.T, *played, *tab, *world)
}

func each(t *testing.T, net *played, b *tab, w *world, parts []part) {
	for _, test := range parts {
		t.Run(test.name, func(t *testing.T) {
			net.T, b.T = t, t
			test.run(t, net, b, w)
		})
		net.T, b.T = t, t
	}
	b.clean()
}

func TestExplorer(t *testing.T) {
	path := browser(t)
	net := play(t, "--epochs", "2")
	b := openTab(t, path, net.url)

	// The page is open from before the first batch on, and is never loaded again.
	b.show("#/")
	b.run("window.opened = true")
	b.within(20*time.Minute, "epoch 0 is certified on the page that was open before",
		`window.opened === true && [...document.querySelectorAll('main table tr')].some(r => r.cells[0].textContent === '0' && /contestable|final/.test(r.textContent))`)
	// So is the page of what is asked on demand, in epoch 1.
	b.show("#/demands")
	b.run("window.opened = 'demands'")
	b.within(20*time.Minute, "what was asked on demand is settled on the page that was open before",
		`window.opened === 'demands' && document.querySelectorAll('main tbody tr').length === 2 && document.querySelectorAll('main tbody .state[data-state="settled"]').length === 2`)
	net.reach("Everything stays up")
	w := connect(t, net)

	each(t, net, b, w, []part{{"chain", chainSays}, {"views", viewsSay}, {"demands", demandsSay}, {"receipts", receiptsAreFound}, {"verify", verifies}, {"live", livesOn}, {"polls", pollsWhereRefused}, {"addresses", addressesAreRead},
		{"keyboard", byKeyboard}, {"marks", marksDiffer}, {"contrast", isLegible}, {"narrow", isNarrow}, {"paint", paints}, {"pictures", pictures}})
}

// world is the deployment as the chain has it.
type world struct {
	network app.Network
	*chain.Protocol
	client *chain.Client
}

func connect(t *testing.T, p *played) *world {
	t.Helper()
	n, err := app.LoadNetwork(filepath.Join(p.data, "network.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := chain.Dial(t.Context(), n.RPC, n.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &world{n, chain.NewProtocol(c, n.Contracts, nil), c}
}

func addressOf(label string) posp.Address {
	return crypto.PubkeyToAddress(devchain.Account(label).PublicKey)
}

// What the API says is what the contracts say.
func chainSays(t *testing.T, p *played, _ *tab, w *world) {
	ctx := t.Context()
	for _, row := range p.api("epochs").list("items") {
		if row["certifiedAt"] == nil {
			continue
		}
		e := uint64(row.count("epoch"))
		v := p.api(fmt.Sprintf("epochs/%d", e))
		c, ok, err := w.Certificate(ctx, e)
		if err != nil || !ok {
			t.Fatalf("epoch %d: %v", e, err)
		}
		beacon, _, err := w.Beacon(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		if v.in("certificate").hash("digest") != c.Digest || v.in("beacon").hash("value") != beacon || len(v.in("certificate")["nonSigners"].([]any)) != len(c.NonSigners) {
			t.Errorf("epoch %d: the API says %v, the chain %v", e, v["certificate"], c)
		}
		batches, err := w.Batches(ctx, e)
		if err != nil || len(batches) != len(v.list("batchList")) || len(batches) == 0 {
			t.Fatalf("epoch %d: %d batches, the API lists %d (%v)", e, len(batches), len(v.list("batchList")), err)
		}
		for _, b := range v.list("batchList") {
			_, r, faulted, err := w.BatchVerdict(ctx, b.hash("id"))
			if err != nil {
				t.Fatal(err)
			}
			if b.count("passed") != int(r.Passed) || b.count("failed") != int(r.Failed) || b.count("unavailable") != int(r.Unavailable) || b.count("inconclusive") != int(r.Inconclusive) || b["faulted"] != faulted {
				t.Errorf("batch %s: the API says %v, the chain %+v, faulted %v", b.text("id"), b, r, faulted)
			}
		}
	}
	for _, x := range slices.Concat(p.api("providers").list("items"), p.api("operators").list("operators")) {
		a := common.HexToAddress(x.text("address"))
		jailed, err := w.Jailed(ctx, a)
		if err != nil || x["jailed"] != jailed {
			t.Errorf("%s: jailed %v, the chain says %v (%v)", a, x["jailed"], jailed, err)
		}
		if x["standings"] == nil {
			continue // an operator
		}
		for _, s := range x.list("standings") {
			v, err := w.Standing(ctx, a, s.in("model").hash("specId"))
			if err != nil || s["nats"] != float64(v)/verdict.Nat {
				t.Errorf("provider %s: standing %v, the chain says %v (%v)", a, s["nats"], float64(v)/verdict.Nat, err)
			}
		}
	}
	executed := 0
	for _, f := range p.api("faults").list("items") {
		s, err := w.Fault(ctx, f.hash("id"))
		if err != nil || f.text("status") != s.Status.String() {
			t.Errorf("charge %s: %v, the chain says %v (%v)", f.text("id"), f["status"], s.Status, err)
		}
		if s.Status == chain.FaultExecuted {
			executed++
		}
	}
	if executed == 0 {
		t.Error("nobody was slashed: there is nothing to see")
	}
}

// Every view says what the API says.
func viewsSay(t *testing.T, p *played, b *tab, _ *world) {
	contains := func(what, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(got, "\u202f", " "), w) {
				t.Errorf("%s does not say %q: %.400q", what, w, got)
			}
		}
	}
	b.show("#/")
	o := p.api("overview").in("totals")
	for name, want := range map[string]any{"Receipts": o["receipts"], "Providers": o["providers"], "Samples judged": o["samples"], "Operators": o["operators"]} {
		if got := read[string](b, fmt.Sprintf("[...document.querySelectorAll('.tile')].find(t => t.querySelector('.name').textContent === %q).querySelector('strong').textContent", name)); got != fmt.Sprint(want) || want == 0. {
			t.Errorf("%s is %q on the page, %v in the API", name, got, want)
		}
	}

	b.show("#/providers")
	providers := p.api("providers").list("items")
	rows := b.rows("Providers")
	if len(rows) != len(providers) || len(rows) != 5 {
		t.Fatalf("%d providers on the page, %d in the API", len(rows), len(providers))
	}
	for i, x := range providers {
		contains("row of "+x.text("address"), strings.Join(rows[i], "\n"), x.text("address")[:8], fmt.Sprint(x["receipts"]), x.text("url"))
		for range x.list("standings") {
			contains("row of "+x.text("address"), rows[i][2], "posp-demo", "of 20.72")
		}
		if x["jailed"] == true {
			contains("row of "+x.text("address"), rows[i][1], "jailed")
		}
	}

	cheat := strings.ToLower(addressOf("small-model").Hex())
	x := p.api("providers/" + cheat)
	b.show("#/provider/" + cheat)
	contains("the provider's page", b.text("main"), cheat, "jailed", "over the line", "fault line 20.72")
	if got := b.rows("Charges"); len(got) != len(x.list("charges")) || len(got) == 0 {
		t.Errorf("%d charges on the page, %d in the API", len(got), len(x.list("charges")))
	}
	if n := read[int](b, "document.querySelectorAll('figure svg circle').length"); n != len(x.list("standings")[0].list("trend")) {
		t.Errorf("%d points are drawn", n)
	}

	b.show("#/operators")
	operators := p.api("operators").list("operators")
	rows = b.rows("Operators")
	if len(rows) != len(operators) || len(rows) != 5 { // the lazy one too, whom nobody counts any more
		t.Fatalf("%d operators on the page, %d in the API", len(rows), len(operators))
	}
	for i, x := range operators {
		contains("row of "+x.text("address"), strings.Join(rows[i], "\n"), x.text("address")[:8], fmt.Sprint(x["signed"]))
	}

	b.show("#/epochs")
	for i, x := range p.api("epochs").list("items") {
		contains("epoch", strings.Join(b.rows("Epochs")[i], "\n"), fmt.Sprint(x["epoch"]), x.text("phase"), fmt.Sprint(x["receipts"]))
	}
	e := p.api("epochs/0")
	b.show("#/epoch/0")
	contains("epoch 0", b.text("main"), e.text("phase"), "Certificate", "contest")
	if got := b.names("main section .hash > [title]"); !slices.Contains(got, e.in("certificate").text("digest")) {
		t.Errorf("the digest %s is not on the page: %q", e.in("certificate").text("digest"), got)
	}
	if n := read[int](b, "document.querySelectorAll('svg.time g').length"); n != 7 {
		t.Errorf("the timeline has %d steps", n)
	}

	for _, batch := range e.list("batchList") {
		v := p.api("batches/" + batch.text("id"))
		b.show("#/batch/" + batch.text("id"))
		rows := b.rows("Samples")
		samples := v.in("sampleList").list("items")
		if len(rows) != len(samples) || len(rows) == 0 {
			t.Fatalf("%d samples on the page, %d in the API", len(rows), len(samples))
		}
		for i, s := range samples {
			contains("sample", rows[i][3], s.text("verdict"))
			if c := s.text("class"); c != "none" {
				contains("sample", rows[i][3], c)
			}
		}
		one := samples[0]
		s := p.api("samples/" + one.text("id"))
		b.show("#/sample/" + one.text("id"))
		contains("the sample's verdict", b.text("p.verdict"), s.text("verdict"), s.text("reason"))
		if got := b.rows("Committee"); len(got) != len(s.list("members")) || len(got) != 3 {
			t.Errorf("%d members on the page, %d in the API", len(got), len(s.list("members")))
		}
		if claimed, ok := s["claimed"].([]any); ok && len(claimed) > 0 {
			if got := b.rows("Log-probabilities"); len(got) != len(claimed) {
				t.Errorf("%d positions on the page, %d in the API", len(got), len(claimed))
			}
		}
	}

	b.show("#/disputes")
	contains("disputes", b.text("main"), "No verdict was ever contested")

	b.show("#/faults")
	if n, want := read[int](b, "document.querySelectorAll('.log > li').length"), p.api("faults").count("total"); n != want || n == 0 {
		t.Errorf("%d charges on the page, %d in the API", n, want)
	}
	contains("the slashing log", b.text("main"), "statistical", "withholding", "operator-evidence", "over the line of 20.72", "Slashed 50 %", "Refund pot")

	b.show("#/parameters")
	for _, i := range p.api("parameters").in("economics").list("inequalities") {
		contains("parameters", b.text("main"), i.text("name"), "holds, by more than a tenth")
	}
	contains("parameters", b.text("main"), "20.72 nats", "50 %", w0(p))
	// The numbers of section 8 are what follows from the terms that stand below them.
	e8 := p.api("parameters").in("economics").in("terms")
	term := func(name string) float64 { return e8[name].(float64) }
	caught := term("rate") * term("detection") * (1 - math.Pow(term("collusion"), term("validators")))
	for i, want := range [][2]float64{
		{caught * (term("reward") + term("slash")), term("saved") * term("cost")},
		{term("stake"), term("saved") * term("cost") * (1/caught + term("jobRate")*term("latency"))},
		{term("reward") - term("cost"), term("rate") * term("falsePositive") * (term("reward") + term("slash"))},
	} {
		numbers := read[[]string](b, fmt.Sprintf("[...document.querySelectorAll('.inequality')[%d].querySelectorAll('.numbers strong')].map(e => e.textContent)", i))
		for k, text := range numbers {
			got, err := strconv.ParseFloat(strings.ReplaceAll(text, "\u202f", ""), 64)
			if err != nil || math.Abs(got-want[k]) > .01*math.Abs(want[k]) {
				t.Errorf("inequality %d shows %q, want %g (%v)", i+1, text, want[k], err)
			}
		}
		if len(numbers) != 2 {
			t.Errorf("inequality %d shows %q", i+1, numbers)
		}
	}

	// What is not there is said, with what to do.
	b.show("#/epoch/999")
	contains("an epoch to come", b.text("main"), "still to come")
	b.show("#/nothing")
	contains("no page", b.text("main"), "No such page")
	b.forget("404")
}

// What was asked on demand is told as the contract has it, wherever it is met: in
// its list and its provider's, on its own page, of its receipt, of its batch and of
// the epoch that answers; and its bundle is checked in the page.
func demandsSay(t *testing.T, p *played, b *tab, w *world) {
	ctx := t.Context()
	list := p.api("demands").list("items")
	b.show("#/demands")
	rows := b.rows("On demand")
	if len(rows) != len(list) || len(rows) != 2 {
		t.Fatalf("%d demands on the page, %d in the API", len(rows), len(list))
	}
	verdicts := map[string]int{}
	for i, d := range list {
		id := d.text("id")
		s, ok, err := w.DemandState(ctx, d.hash("id"))
		if err != nil || !ok {
			t.Fatalf("demand %s (%v): %v", id, ok, err)
		}
		deadline, err := w.DemandDeadline(ctx, d.hash("id"))
		if err != nil {
			t.Fatal(err)
		}
		if d.text("state") != "settled" || s.Status != chain.DemandAnswered || d.text("verdict") != s.Verdict.String() || d.text("fee") != s.Fee.String() || uint64(d.count("epoch")) != s.Epoch || d.hash("receiptHash") != s.ReceiptHash ||
			!strings.EqualFold(d.text("buyer"), s.Buyer.Hex()) || d.hash("batchId") != s.BatchID || uint64(d.count("deadline")) != deadline {
			t.Errorf("demand %s: the API says %v, the chain %+v until %d", id, d, s, deadline)
		}
		verdicts[d.text("verdict")]++
		row := strings.Join(rows[i], "\n")
		v := p.api("demands/" + id)
		b.show("#/demand/" + id)
		page := b.text("main")
		for _, want := range []string{"settled", d.text("verdict"), d.text("buyer")[:8], d.text("receiptHash")[:8], fmt.Sprintf("block %d", d.in("requested").count("block"))} {
			if !strings.Contains(plain(row), want) || !strings.Contains(plain(page), want) {
				t.Errorf("%q is not told of demand %s: %q; %.800q", want, id, row, page)
			}
		}
		// The whole fee went somewhere, and who got it says so.
		sum := new(big.Int)
		credits := b.rows("Where the fee went")
		for k, c := range v.list("credits") {
			n, ok := new(big.Int).SetString(c.text("amount"), 10)
			if !ok || k >= len(credits) || !strings.Contains(strings.Join(credits[k], "\n"), c.text("account")[:8]) || !strings.Contains(strings.Join(credits[k], "\n"), c.text("role")) {
				t.Errorf("credit %d is %v, and on the page %q", k, c, credits)
			}
			sum.Add(sum, n)
			if r, err := w.client.TransactionReceipt(ctx, v.in("settled").hash("transaction")); err != nil || r.Status != 1 {
				t.Errorf("it was settled by %v (%v)", v["settled"], err)
			}
			if c.text("role") == "operator" && c["withdrawn"] == nil {
				t.Errorf("credit %d was paid out, and that is not told: %v", k, c)
			}
		}
		if sum.Cmp(s.Fee) != 0 {
			t.Errorf("of a fee of %s wei went %s", s.Fee, sum)
		}
		if n := read[int](b, "document.querySelectorAll('svg.time g').length"); n != 7 || v.list("timeline")[0].text("step") != "request" || v.list("timeline")[6]["at"] == nil {
			t.Errorf("its timeline has %d steps: %v", n, v["timeline"])
		}
		if s := v.in("sample"); s.text("reason") == "" || !strings.Contains(page, s.text("reason")) || len(s.list("members")) != 3 {
			t.Errorf("why it is so is not told: %v", s["reason"])
		}
		b.do("verify", chromedp.Click("button.verify", chromedp.ByQuery))
		b.within(3*time.Minute, "all checks are made", "document.querySelector('.checks')?.dataset.done === 'yes'")
		if failed := read[int](b, "document.querySelectorAll('.checks [data-outcome=failed]').length"); failed != 0 || read[string](b, "document.querySelector('.checks [data-name=verdicts]').dataset.outcome") != "ok" {
			t.Errorf("%d checks of its bundle failed:\n%s", failed, b.text(".checks"))
		}
		b.show("#/sample/" + v.text("sampleId"))
		if got := b.text("main"); !strings.Contains(got, "on demand") || !strings.Contains(got, "which move no standing") {
			t.Errorf("its sample's page does not say that it was asked for: %.600q", got)
		}
		// By the receipt's hash and by all of it.
		receipt, err := json.Marshal(v.in("sample")["receipt"])
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{d.text("receiptHash"), string(receipt)} {
			b.show("#/receipt")
			b.run(fmt.Sprintf("document.getElementById('paste').value = %q", text))
			b.do("look up", chromedp.Click(".paste button", chromedp.ByQuery))
			b.until("the receipt's verdict is told", fmt.Sprintf("document.querySelector('#result p.verdict b')?.textContent === %q", d.text("verdict")))
			if got := b.text("#result"); !strings.Contains(got, "on demand") || !strings.Contains(got, id[:8]) || !strings.Contains(got, "checked against the root on chain") {
				t.Errorf("%.20s: %.600q", text, got)
			}
		}
		for view, want := range map[string]int{"#/batch/" + d.text("batchId"): 1, "#/epoch/1": 2, "#/provider/" + d.text("provider"): 1} {
			b.show(view)
			if n := len(b.rows("On demand")); n != want {
				t.Errorf("%s tells of %d demands, want %d", view, n, want)
			}
			if view[2] != 'p' && !slices.Contains(read[[]string](b, "[...document.querySelectorAll('svg.time g text')].map(e => e.textContent)"), "on demand") {
				t.Errorf("the timeline of %s does not mark it", view)
			}
		}
		b.show("#/demands?provider=" + d.text("provider"))
		if n := len(b.rows("On demand")); n != 1 || !strings.Contains(b.text("main .lead"), d.text("provider")[:8]) {
			t.Errorf("%d demands of one provider: %q", n, b.text("main .lead"))
		}
		b.run(fmt.Sprintf("document.getElementById('q').value = %q; document.getElementById('search').requestSubmit()", id))
		b.until("the search finds it", fmt.Sprintf("document.querySelector('h1').textContent.includes(%q)", id))
	}
	if verdicts["PASS"] != 1 || verdicts["FAIL"] != 1 {
		t.Errorf("verdicts on demand are %v", verdicts)
	}
}

// w0 is an address of the parameters.
func w0(p *played) string { return p.api("parameters").in("contracts").text("batchRegistry")[:8] }

// A receipt is found by its hash, as JSON and as a header's value; one that was
// not judged has not passed.
func receiptsAreFound(t *testing.T, p *played, b *tab, w *world) {
	look := func(text, verdict, says string) {
		t.Helper()
		b.show("#/receipt")
		b.run(fmt.Sprintf("document.getElementById('paste').value = %q", text))
		b.do("look up", chromedp.Click(".paste button", chromedp.ByQuery))
		b.until("the receipt is "+verdict, fmt.Sprintf("document.querySelector('#result p.verdict b')?.textContent === %q", verdict))
		if got := b.text("#result"); !strings.Contains(got, says) {
			t.Errorf("%.60s: the page does not say %q:\n%s", text, says, got)
		}
	}
	for _, batch := range p.api("epochs/0").list("batchList") {
		s := p.api("batches/" + batch.text("id")).in("sampleList").list("items")[0]
		v := p.api("samples/" + s.text("id"))
		if v["receipt"] == nil {
			continue // withheld
		}
		look(v.text("receiptHash"), v.text("verdict"), "checked against the root on chain")
		receipt, err := json.Marshal(v["receipt"])
		if err != nil {
			t.Fatal(err)
		}
		look(string(receipt), v.text("verdict"), "\u2713 of the provider\u2019s receipt key")
		look(strings.Replace(string(receipt), `"promptTokens":`, `"promptTokens":1`, 1), "UNSAMPLED", "another receipt stands at its place")
	}
	// One of now, by the header that came with the answer.
	info, _, err := w.Provider(t.Context(), addressOf("honest"), 0)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(info.URL+"/v1/completions", "application/json", strings.NewReader(`{"model":"posp-demo","prompt":"func","max_tokens":4}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	header := res.Header.Get("Posp-Receipt")
	if header == "" {
		t.Fatalf("no receipt came with the answer: %s", res.Status)
	}
	look("Posp-Receipt: "+header, "UNSAMPLED", "not committed")
	// And one that is none.
	b.show("#/receipt")
	b.run("document.getElementById('paste').value = 'my receipt'")
	b.do("look up", chromedp.Click(".paste button", chromedp.ByQuery))
	b.until("it is refused", "document.querySelector('#result .error')?.textContent.includes('neither JSON nor')")
	b.forget("400")
}

// verifies runs the TypeScript verifier in the page, on bundles of the
// aggregator: of a sample, a batch and a whole epoch.
func verifies(t *testing.T, p *played, b *tab, w *world) {
	batch := p.api("epochs/0").list("batchList")[0]
	s := p.api("batches/" + batch.text("id")).in("sampleList").list("items")[0]
	for _, view := range []string{"#/epoch/0", "#/batch/" + batch.text("id"), "#/sample/" + s.text("id")} {
		b.show(view)
		b.do("verify", chromedp.Click("button.verify", chromedp.ByQuery))
		b.within(3*time.Minute, "all checks are made", "document.querySelector('.checks')?.dataset.done === 'yes'")
		outcomes := read[map[string]string](b, "Object.fromEntries([...document.querySelectorAll('.checks li')].map(l => [l.dataset.name, l.dataset.outcome]))")
		for _, name := range []string{"encoding", "certification", "draw", "receipts", "verdicts", "sample tree", "signature", "quorum", "log entries"} {
			if outcomes[name] != "ok" {
				t.Errorf("%s: check %q is %q: %v", view, name, outcomes[name], outcomes)
			}
		}
		for name, o := range outcomes {
			if o == "failed" {
				t.Errorf("%s: check %q failed:\n%s", view, name, b.text(".checks"))
			}
		}
		if got := b.text("main [role=status]"); !strings.HasPrefix(got, "None of ") {
			t.Errorf("%s: the page concludes: %s", view, got)
		}
		// What is downloaded is what was checked, and holds what it is of.
		url := read[string](b, "document.querySelector('.trust a[download]').getAttribute('href')")
		held, err := bundle.Read(p.fetch(url))
		if err != nil {
			t.Fatal(err)
		}
		if want := map[byte]int{'e': p.api("epochs/0").in("certificate").count("sampleCount"), 'b': batch.count("drawn"), 's': 1}[view[2]]; len(held.Samples) != want || held.Epoch() != 0 {
			t.Errorf("%s: its bundle holds %d samples of epoch %d, want %d", view, len(held.Samples), held.Epoch(), want)
		}
	}
	// A block that was not the one in which it was certified is found out.
	b.run("document.getElementById('trust-block').value = '0x' + '12'.repeat(32)")
	b.do("verify", chromedp.Click("button.verify", chromedp.ByQuery))
	b.within(3*time.Minute, "all checks are made", "document.querySelector('.checks')?.dataset.done === 'yes'")
	if got := read[string](b, "document.querySelector('.checks [data-name=block]').dataset.outcome"); got != "failed" {
		t.Errorf("a block hash that is wrong is %q", got)
	}
	// The log's head is checked by the policy that is named, and not without one.
	if got := read[string](b, "document.querySelector('.checks [data-name=\"log head\"]').dataset.outcome"); got != "not checked" {
		t.Errorf("a head of the log, without a policy, is %q", got)
	}
	b.run(fmt.Sprintf("document.getElementById('trust-log').value = %q", w.network.Log))
	b.do("verify", chromedp.Click("button.verify", chromedp.ByQuery))
	b.within(3*time.Minute, "all checks are made", "document.querySelector('.checks')?.dataset.done === 'yes'")
	if got := read[string](b, "document.querySelector('.checks [data-name=\"log head\"]').dataset.outcome"); got != "ok" {
		t.Errorf("a head of the log, by its policy, is %q:\n%s", got, b.text(".checks"))
	}
}

// livesOn changes something on chain while a page is open: it arrives, and
// whatever others write stays text.
func livesOn(t *testing.T, p *played, b *tab, w *world) {
	b.show("#/providers")
	b.run("window.opened = 'providers'")
	b.do("open a table", chromedp.Focus("main a", chromedp.ByQuery))
	before := read[string](b, "document.activeElement.textContent")
	writer := chain.NewProtocol(w.client, w.network.Contracts, chain.NewSender(w.client, devchain.Account("withholder"), chain.ProtocolErrors()))
	if err := writer.RegisterProvider(t.Context(), addressOf("withholder"), hostile); err != nil {
		t.Fatal(err)
	}
	b.until("the new URL is shown as it is, without a reload", fmt.Sprintf("window.opened === 'providers' && [...document.querySelectorAll('.url')].some(e => e.textContent === %q)", hostile))
	if n := read[int](b, "document.querySelectorAll('main img, main script, main iframe').length"); n != 0 {
		t.Errorf("what a provider registered became %d elements", n)
	}
	if hrefs := read[[]string](b, "[...document.querySelectorAll('a')].map(a => a.getAttribute('href')).filter(h => !/^#|^\\/api\\//.test(h))"); len(hrefs) != 0 {
		t.Errorf("links lead elsewhere: %q", hrefs)
	}
	if after := read[string](b, "document.activeElement.textContent"); after != before {
		t.Errorf("the focus was on %q and is on %q", before, after)
	}
	b.show("#/provider/" + strings.ToLower(addressOf("withholder").Hex()))
	if title := read[string](b, "document.title"); strings.Contains(title, "owned") {
		t.Error("a provider's URL was run")
	}
	// The clock goes on by itself.
	block := b.text("#now")
	b.until("another block is told", fmt.Sprintf("document.getElementById('now').innerText !== %q", block))
	if got := b.text("#live"); got != "live" {
		t.Errorf("the page says that it is %q", got)
	}
}

// pollsWhereRefused: where the explorer has no room for one more stream the page
// says so, and goes on by asking now and then.
func pollsWhereRefused(t *testing.T, p *played, b *tab, w *world) {
	var streams []*http.Response
	free := func() {
		for _, s := range streams {
			s.Body.Close()
		}
	}
	defer free()
	b.do("leave", chromedp.Navigate("about:blank"))
	client := &http.Client{Transport: &http.Transport{}}
	for range 100 {
		res, err := client.Get(p.url + "/api/v1/events")
		if err != nil {
			t.Fatal(err)
		}
		if streams = append(streams, res); res.StatusCode == http.StatusServiceUnavailable {
			break
		}
	}
	if got := streams[len(streams)-1].StatusCode; got != http.StatusServiceUnavailable {
		t.Fatalf("stream %d of one address: status %d", len(streams), got)
	}
	b.show("#/providers")
	b.run("window.opened = 'polled'")
	b.until("the page says that it asks now and then", "document.getElementById('live').dataset.state === 'slow' && /every 10 s/.test(document.getElementById('live').innerText)")
	block := b.text("#now")
	const again = "http://again.example"
	writer := chain.NewProtocol(w.client, w.network.Contracts, chain.NewSender(w.client, devchain.Account("withholder"), chain.ProtocolErrors()))
	if err := writer.RegisterProvider(t.Context(), addressOf("withholder"), again); err != nil {
		t.Fatal(err)
	}
	b.within(time.Minute, "what happened arrives all the same, without a reload", fmt.Sprintf("window.opened === 'polled' && document.getElementById('now').innerText !== %q && [...document.querySelectorAll('.url')].some(e => e.textContent === %q)", block, again))
	free()
	b.forget("503")
	// It tries the stream again each minute, and when somebody looks at it again.
	b.until("it is live again", `(document.getElementById('live').dataset.state === 'live') || (document.dispatchEvent(new Event('visibilitychange')), false)`)
	b.forget("503")
}

// addressesAreRead: an address that means nothing is said to, whatever it is.
func addressesAreRead(t *testing.T, p *played, b *tab, _ *world) {
	for address, says := range map[string]string{"#/%": "no section", "#/epoch/%": "malformed", "#/epoch/%E0%A4%A": "malformed", "#/sample/..%2foverview": "malformed", "#/epoch/0/1": "malformed", "#/dispute": "does not say which dispute", "#/demand": "does not say which demand",
		"#/__proto__": "no section", "#/constructor/0": "no section", "#/<img src=x onerror=alert(1)>": "no section"} {
		b.show(address)
		if title, text := b.text("main h1"), b.text("main [role=alert]"); title != "No such page" || !strings.Contains(text, says) {
			t.Errorf("%s: %q, %q, want %q", address, title, text, says)
		}
	}
	if n := read[int](b, "document.querySelectorAll('main img').length"); n != 0 {
		t.Errorf("an address became %d elements", n)
	}
	b.show("#/epoch/0")
}

// byKeyboard goes everywhere without a mouse.
func byKeyboard(t *testing.T, p *played, b *tab, _ *world) {
	press := func(keys string) { t.Helper(); b.do("press", chromedp.KeyEvent(keys)) }
	focused := func() string {
		return read[string](b, "(() => { const e = document.activeElement; return e.tagName + (e.className ? '.' + e.className : '') + '#' + e.id + ' ' + e.textContent.slice(0, 20) })()")
	}
	b.do("open", chromedp.Navigate("about:blank"))
	b.show("#/")
	press(kb.Tab)
	if got := focused(); !strings.HasPrefix(got, "A.skip") {
		t.Errorf("the first that Tab reaches is %s", got)
	}
	press(kb.Enter)
	if got := focused(); !strings.HasPrefix(got, "MAIN") {
		t.Errorf("the skip link leads to %s", got)
	}
	// A key as a keyboard sends it: what is typed follows from it, unless the page takes it.
	slash := func() {
		t.Helper()
		b.do("press /", input.DispatchKeyEvent(input.KeyDown).WithKey("/").WithCode("Slash").WithText("/"), input.DispatchKeyEvent(input.KeyUp).WithKey("/").WithCode("Slash"))
	}
	slash()
	if got := focused(); !strings.HasPrefix(got, "INPUT#q") || read[string](b, "document.activeElement.value") != "" {
		t.Fatalf("/ leads to %s", got)
	}
	press("0" + kb.Enter)
	b.until("epoch 0 is shown, and its heading has the focus", "document.querySelector('h1')?.textContent === 'Epoch 0' && document.activeElement === document.querySelector('h1')")
	slash()
	press(strings.ToLower(addressOf("honest").Hex()) + kb.Enter)
	b.until("the provider is shown", "document.querySelector('h1')?.textContent.startsWith('Provider 0x')")

	for _, view := range []string{"#/", "#/providers", "#/receipt", "#/faults"} {
		b.show(view)
		b.run("document.activeElement.blur(); window.scrollTo(0, 0)")
		want := read[int](b, "[...document.querySelectorAll('a[href],button,input,textarea,summary,[tabindex=\"0\"]')].filter(e => e.checkVisibility()).length")
		b.run("window.seen = new Set(); document.querySelector('.skip').focus()")
		for range want + 3 {
			if bad := read[string](b, `(() => { const e = document.activeElement; if (e === document.body || window.seen.has(e)) return ''; window.seen.add(e)
				const s = getComputedStyle(e), r = e.getBoundingClientRect(); return s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1 || r.width === 0 ? e.outerHTML.slice(0, 200) : '' })()`); bad != "" {
				t.Errorf("%s: the focus is not seen on %s", view, bad)
			}
			press(kb.Tab)
		}
		if got := read[int](b, "window.seen.size"); got < want {
			t.Errorf("%s: Tab reaches %d of %d", view, got, want)
		}
	}
}

// marksDiffer: verdicts are told apart without colour, by word and by shape.
func marksDiffer(t *testing.T, p *played, b *tab, _ *world) {
	b.show("#/")
	marks := read[map[string][]string](b, `import('/assets/explorer.js').then(({ verdict }) => Object.fromEntries(['PASS', 'FAIL', 'INCONCLUSIVE', 'UNAVAILABLE', 'UNSAMPLED'].map(v => [v, [verdict(v).textContent, verdict(v).querySelector('.shape').getAttribute('d')]])))`)
	shapes := map[string]bool{}
	for v, m := range marks {
		if m[0] != v {
			t.Errorf("the mark of %s says %q", v, m[0])
		}
		shapes[m[1]] = true
	}
	if len(marks) != 5 || len(shapes) != 5 {
		t.Errorf("%d verdicts have %d shapes", len(marks), len(shapes))
	}
	// Parts of bars have patterns, each its own.
	if n := read[int](b, "new Set([...document.querySelectorAll('.split rect[fill^=\"url(#\"]')].map(r => r.getAttribute('fill').replace(/.*-|\\)/g, ''))).size"); n < 3 {
		t.Errorf("%d patterns are in the bars of PASS, FAIL and UNAVAILABLE", n)
	}
}

// contrast finds text whose contrast with what is behind it is below 4.5 (large
// text: 3), as WCAG 2 computes it.
const contrast = `(() => {
	const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length === 3 ? [...m, 1] : m }
	const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1)
	const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b }
	const back = e => { const layers = []; for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor)); return layers.reverse().reduce((a, c) => over(c, a), parse(getComputedStyle(document.documentElement).backgroundColor)) }
	const bad = []
	let seen = 0
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement
		if (!n.textContent.trim() || !e.checkVisibility() || e.closest('.hidden, .skip, title, defs, noscript, script')) continue
		const s = getComputedStyle(e), b = back(e.closest('svg') ? e.closest('svg').parentElement : e)
		const c = over(parse(e instanceof SVGElement ? s.fill : s.color), b)
		const [x, y] = [light(c.slice(0, 3)), light(b.slice(0, 3))].sort((p, q) => q - p)
		const ratio = (x + .05) / (y + .05), size = parseFloat(s.fontSize), large = size >= 24 || size >= 18.66 && s.fontWeight >= 700
		seen++
		if (ratio < (large ? 3 : 4.5)) bad.push(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.getAttribute('class') + ' ' + n.textContent.trim().slice(0, 30))
	}
	return { bad: [...new Set(bad)], seen }
})()`

func isLegible(t *testing.T, p *played, b *tab, _ *world) { legible(t, b, viewsOf(p)) }

func legible(t *testing.T, b *tab, views []string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		for _, view := range views {
			b.show(view)
			r := read[struct {
				Bad  []string
				Seen int
			}](b, contrast)
			if r.Seen < 20 {
				t.Errorf("%s, %s: only %d texts were looked at", view, scheme, r.Seen)
			}
			for _, s := range r.Bad {
				t.Errorf("%s, %s: contrast %s", view, scheme, s)
			}
		}
	}
	b.scheme("light")
}

// viewsOf are one of each kind of page.
func viewsOf(p *played) []string {
	batch := p.api("epochs/0").list("batchList")[0].text("id")
	sample := p.api("batches/" + batch).in("sampleList").list("items")[0].text("id")
	return []string{"#/", "#/providers", "#/provider/" + strings.ToLower(addressOf("honest").Hex()), "#/operators", "#/epochs", "#/epoch/0", "#/batch/" + batch, "#/sample/" + sample,
		"#/receipt/" + p.api("samples/"+sample).text("receiptHash"), "#/disputes", "#/faults", "#/parameters", "#/demands", "#/demand/" + p.api("demands").list("items")[0].text("id")}
}

// On a telephone nothing is wider than the window; tables scroll for themselves.
func isNarrow(t *testing.T, p *played, b *tab, _ *world) { narrow(t, b, viewsOf(p)) }

func narrow(t *testing.T, b *tab, views []string) {
	t.Helper()
	b.size(360, 740)
	defer b.size(1280, 900)
	for _, view := range views {
		b.show(view)
		if wide := read[int](b, "document.documentElement.scrollWidth"); wide > 360 {
			t.Errorf("%s is %d pixels wide: %s", view, wide, read[string](b, "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 361 && !e.closest('.scroll')).map(e => e.tagName + '.' + e.getAttribute('class')).slice(0, 5).join(' ')"))
		}
	}
}

// paints measures what a reader waits for, and what it is sent.
func paints(t *testing.T, p *played, b *tab, _ *world) {
	type paint struct{ First, Drawn, Bytes float64 }
	b.do("keep nothing", network.SetCacheDisabled(true))
	defer b.do("keep what was loaded", network.SetCacheDisabled(false))
	var firsts []float64
	var m paint
	for range 5 {
		b.do("leave", chromedp.Navigate("about:blank"))
		b.show("#/")
		b.until("it was painted", "performance.getEntriesByName('first-contentful-paint').length === 1")
		m = read[paint](b, `({ First: performance.getEntriesByName('first-contentful-paint')[0].startTime, Drawn: performance.now(),
			Bytes: [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].filter(e => !e.name.includes('/api/')).reduce((n, e) => n + e.decodedBodySize, 0) })`)
		firsts = append(firsts, math.Round(m.First))
	}
	slices.Sort(firsts)
	load, _ := os.ReadFile("/proc/loadavg")
	t.Logf("first paint after %.0f ms (median of %v), overview drawn within %.0f ms, %.0f bytes without data; load %s", firsts[2], firsts, m.Drawn, m.Bytes, bytes.TrimSpace(load))
	if firsts[2] > 1000 || m.Bytes == 0 || m.Bytes >= 200_000 {
		t.Errorf("first paint after %.0f ms, %.0f bytes", firsts[2], m.Bytes)
	}
}

// pictures are for docs, if they are asked for.
func pictures(t *testing.T, p *played, b *tab, _ *world) {
	if *shots == "" {
		t.Skip("screenshots are written with -shots")
	}
	views := viewsOf(p)
	b.picture("overview", views[0], "light", 1240, 1050)
	b.picture("provider", "#/provider/"+strings.ToLower(addressOf("int4").Hex()), "light", 1240, 1150)
	b.picture("batch-dark", views[6], "dark", 1240, 950)
	b.picture("sample", views[7], "light", 1240, 1300)
	b.picture("demand", views[13], "light", 1240, 0)
	b.picture("parameters-dark", views[11], "dark", 1240, 900)
}

// picture writes one of a view, if they are asked for; height 0: as high as it is.
func (b *tab) picture(name, view, scheme string, width, height int64) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.scheme(scheme)
	b.size(width, max(height, 700))
	b.show(view)
	b.capture(name, height == 0)
	b.scheme("light")
	b.size(1280, 900)
}

// capture writes a picture of what is shown.
func (b *tab) capture(name string, whole bool) {
	b.Helper()
	time.Sleep(300 * time.Millisecond) // transitions
	var raw []byte
	if whole {
		b.do("take a picture", chromedp.FullScreenshot(&raw, 100))
	} else {
		b.do("take a picture", chromedp.CaptureScreenshot(&raw))
	}
	small, err := shrink(raw)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), small, 0o644); err != nil {
		b.Fatal(err)
	}
	b.Logf("%s: %d bytes", name, len(small))
}

// shrink writes a picture with 255 colours: those that it has most of, of which
// no two are alike while there are others, so that few pixels of a hue keep it.
func shrink(raw []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	seen := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA) }
	r := img.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			seen[at(x, y)]++
		}
	}
	var list []color.RGBA
	for c := range seen {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b color.RGBA) int { return seen[b] - seen[a] })
	var palette color.Palette
	far := func(a, b uint8) int { return (int(a) - int(b)) * (int(a) - int(b)) }
	for _, least := range []int{600, 100, 0} {
		for _, c := range list {
			if len(palette) == 255 {
				break
			}
			if !slices.ContainsFunc(palette, func(p color.Color) bool {
				o := p.(color.RGBA)
				return far(o.R, c.R)+far(o.G, c.G)+far(o.B, c.B) <= least
			}) {
				palette = append(palette, c)
			}
		}
	}
	out := image.NewPaletted(r, palette)
	nearest := map[color.RGBA]uint8{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := at(x, y)
			i, ok := nearest[c]
			if !ok {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out)
	return b.Bytes(), err
}
