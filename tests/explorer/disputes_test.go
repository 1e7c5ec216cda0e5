package explorer

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp/internal/chain"
)

// A bought quorum certifies what is false, and is contested: games are played
// down to one multiplication while the page is open.
func TestDisputes(t *testing.T) {
	net, b, w := disputed(t, 20*time.Minute)
	each(t, net, b, w, []part{{"chain", chainSays}, {"moves", movesAreTheChains}, {"views", disputesSay}, {"fate", fatesAreTold}, {"keyboard", historyByKeyboard}, {"colours", coloursDiffer}, {"contrast", disputesAreLegible}, {"pictures", disputePictures}})
}

// The same under a private spec: rows are hidden, and the last move of each game
// that goes so far is a PLONK proof, which takes minutes of two cores.
func TestPrivateDisputes(t *testing.T) {
	if os.Getenv("POSP_PRIVATE_PROOFS") == "" {
		t.Skip("proves steps in zero knowledge, for minutes: POSP_PRIVATE_PROOFS=1 go test ./tests/explorer -run TestPrivateDisputes -timeout 3h")
	}
	net, b, w := disputed(t, 2*time.Hour, "--private")
	each(t, net, b, w, []part{{"chain", chainSays}, {"moves", movesAreTheChains}, {"views", disputesSay}, {"hidden", nothingIsShown}, {"contrast", disputesAreLegible}, {"pictures", privatePictures}})
}

// disputed plays disputes to their end while the page is open; limit is for each
// of what is waited for.
func disputed(t *testing.T, limit time.Duration, args ...string) (*played, *tab, *world) {
	t.Helper()
	path := browser(t)
	net := play(t, append([]string{"--play", "dispute"}, args...)...)
	net.limit = limit
	b := openTab(t, path, net.url)

	// The first contest, its game and its end arrive on pages that are never loaded again.
	b.show("#/disputes")
	b.run("window.opened = 'disputes'")
	b.within(limit, "a contest appears on the page that was open before", "window.opened === 'disputes' && document.querySelectorAll('main table tbody tr').length > 0")
	id := ""
	for end := time.Now().Add(limit); id == ""; time.Sleep(100 * time.Millisecond) {
		for _, d := range net.api("disputes").list("items") {
			if d.count("games") > 0 {
				id = d.text("id")
			}
		}
		if time.Now().After(end) {
			t.Fatal("nobody challenged anything")
		}
	}
	b.show("#/dispute/" + id)
	b.run("window.opened = 'dispute'")
	b.within(limit, "the game has gone a few moves further, and says whose turn it is", "window.opened === 'dispute' && document.querySelectorAll('.moves > li').length >= 5 && document.querySelector('.moves > li:last-child').innerText.includes('Next due') && document.querySelector('.turn.open') !== null")
	if *shots != "" && len(args) == 0 {
		b.size(1240, 900)
		b.capture("dispute-pending", true)
		b.size(1280, 900)
	}
	b.within(limit, "the assertion was concluded", "window.opened === 'dispute' && document.querySelector('.moves > li:last-child')?.dataset.move === 'conclude' && document.querySelector('.turn.open') === null")
	net.reach("Everything stays up")
	return net, b, connect(t, net)
}

// Of what a private spec hides the page has nothing to show, and says so: no text,
// no row; its proofs are seen by who sent them, when and at what cost.
func nothingIsShown(t *testing.T, p *played, b *tab, _ *world) {
	for _, certified := range []string{"FAIL", "PASS"} {
		v := contested(p, certified)
		if v["private"] != true || v.in("model")["private"] != true {
			t.Errorf("dispute %s is not told to be private: %v", v.text("id"), v["model"])
		}
		b.show("#/dispute/" + v.text("id"))
		if got := b.text("main"); !strings.Contains(got, "hidden") || strings.Contains(got, "public on chain") || read[int](b, "document.querySelectorAll('header.page .chip').length") != 1 {
			t.Errorf("the page does not say what is hidden: %.600q", got)
		}
		// A proof costs several times what any other move does.
		most, proof := 0, 0
		for _, m := range v.list("moveList") {
			if m.text("move") == "prove" {
				proof = m.count("gasUsed")
			} else if m.text("move") != "contest" {
				most = max(most, m.count("gasUsed"))
			}
		}
		if certified == "FAIL" && proof <= most {
			t.Errorf("the last move took %d gas, another one %d: it proves nothing in zero knowledge", proof, most)
		}
		s := p.api("samples/" + v.text("sampleId"))
		if s.in("model")["private"] != true {
			t.Errorf("its sample's model is %v", s["model"])
		}
		b.show("#/sample/" + v.text("sampleId"))
		if got := b.text("main"); !strings.Contains(got, "texts are not shown here") {
			t.Errorf("the sample's page: %.400q", got)
		}
	}
	b.show("#/")
	if rows := b.rows("Models"); len(rows) == 0 || !slices.ContainsFunc(rows, func(r []string) bool { return strings.Contains(r[2], "hidden") }) {
		t.Errorf("the models are %q", rows)
	}
}

func privatePictures(t *testing.T, p *played, b *tab, _ *world) {
	b.picture("dispute-private", "#/dispute/"+contested(p, "FAIL").text("id"), "light", 1240, 0)
}

// Every move that the API tells is a transaction that succeeded, of whom and at
// the cost that the chain says; and every dispute is as the contract has it.
func movesAreTheChains(t *testing.T, p *played, _ *tab, w *world) {
	ctx := t.Context()
	d, err := chain.NewDisputes(w.Protocol)
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Assertions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	listed := p.api("disputes").list("items")
	if len(all) != len(listed) || len(all) == 0 {
		t.Fatalf("%d disputes on chain, %d in the API", len(all), len(listed))
	}
	stakes, err := d.DisputeStakes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	moves := map[string]int{}
	for _, a := range all {
		v := p.api("disputes/" + strings.ToLower(a.ID.Hex()))
		if v.text("status") != a.Status.String() || v.hash("sampleId") != a.SampleID || v.hash("traceRoot") != a.TraceRoot || uint64(v.count("closesAt")) != a.ClosesAt || v.text("certified") != a.Certified.String() || v.text("asserted") != a.Verdict.String() {
			t.Errorf("dispute %s: the API says %v, the chain %+v", a.ID, v, a)
		}
		games, err := d.Games(ctx, a.ID)
		if err != nil || len(games) != len(v.list("gameList")) {
			t.Errorf("dispute %s: %d games on chain, %d in the API (%v)", a.ID, len(games), len(v.list("gameList")), err)
		}
		waits := ""
		for i, m := range v.list("moveList") {
			moves[m.text("move")]++
			id := m.in("at").hash("transaction")
			r, err := w.client.TransactionReceipt(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			tx, _, err := w.client.TransactionByHash(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			from, err := types.Sender(types.LatestSignerForChainID(tx.ChainId()), tx)
			if err != nil {
				t.Fatal(err)
			}
			if m["gasUsed"] == nil || uint64(m.count("gasUsed")) != r.GasUsed || !strings.EqualFold(m.text("sender"), from.Hex()) || uint64(m.in("at").count("block")) != r.BlockNumber.Uint64() || r.Status != types.ReceiptStatusSuccessful {
				t.Errorf("dispute %s, move %d: the API says %v, the chain %s in block %s for %d gas", a.ID, i+1, m, from, r.BlockNumber, r.GasUsed)
			}
			// Whoever the move is said to be of sent it, and in time; then it is the other's turn.
			who := map[string]string{"asserter": v.text("asserter"), "challenger": m.text("challenger")}[m.text("by")]
			if m.text("by") != "contract" && !strings.EqualFold(who, m.text("sender")) {
				t.Errorf("dispute %s, move %d of the %s %s was sent by %s", a.ID, i+1, m.text("by"), who, m.text("sender"))
			}
			if due := m.count("due"); due != 0 && m.in("at").count("block") > due {
				t.Errorf("dispute %s, move %d came too late", a.ID, i+1)
			}
			if m["challenger"] != nil && m.text("by") == waits {
				t.Errorf("dispute %s, move %d: the %s moves twice", a.ID, i+1, waits)
			}
			if waits = ""; m["challenger"] != nil {
				waits = m.text("by")
			}
		}
		// What is in question never grows, and comes down to one element.
		if len(games) > 0 {
			last := uint64(v.count("rows"))
			for i, m := range v.list("moveList") {
				if m.text("move") == "conclude" {
					break
				}
				q := m.in("question")
				n := uint64(q.count("last")-q.count("first")) + 1
				if n > last || n == 0 {
					t.Errorf("dispute %s: move %d leaves %d rows of %d", a.ID, i+1, n, last)
				}
				last = n
			}
			if q := v.list("gameList")[0].in("question"); last != 1 || q["element"] == nil || q["blocks"] == nil || q.text("firstIs") == "" || q.text("firstIs") == "padding" {
				t.Errorf("dispute %s came down to %v", a.ID, q)
			}
		}
		// Bonds: what the contract paid out is what they come to.
		back := new(big.Int)
		for _, o := range v.list("bonds") {
			n, ok := new(big.Int).SetString(o.text("back"), 10)
			if !ok || o.text("paid") != stakes.Bond.Dec() || n.Sign() > 0 && o["withdrawn"] == nil {
				t.Errorf("dispute %s: bond %v", a.ID, o)
				continue
			}
			back.Add(back, n)
		}
		if want := new(big.Int).Mul(stakes.Bond.ToBig(), big.NewInt(int64(len(v.list("bonds"))))); back.Cmp(want) != 0 || len(v.list("bonds")) != 1+len(games) {
			t.Errorf("dispute %s: %s of %s wei come back", a.ID, back, want)
		}
	}
	for _, kind := range []string{"contest", "challenge", "reveal", "pick", "show", "name", "prove", "conclude"} {
		if moves[kind] == 0 {
			t.Errorf("there is no %s: the play does not show it", kind)
		}
	}
}

// contested is the dispute that a game was played about and whose verdict was so.
func contested(p *played, certified string) object {
	p.Helper()
	for _, d := range p.api("disputes").list("items") {
		if d.count("games") > 0 && d.text("certified") == certified {
			return p.api("disputes/" + d.text("id"))
		}
	}
	p.Fatalf("nobody played about a %s", certified)
	return nil
}

// plain is a text with numbers as the API writes them, not as the page groups
// their digits.
func plain(s string) string { return strings.NewReplacer("\u202f", "", "\u00a0", " ").Replace(s) }

// Every view of a dispute says what the API says.
func disputesSay(t *testing.T, p *played, b *tab, _ *world) {
	contains := func(what, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(plain(got), plain(w)) {
				t.Errorf("%s does not say %q: %.600q", what, w, plain(got))
			}
		}
	}
	b.show("#/disputes")
	list := p.api("disputes").list("items")
	rows := b.rows("Disputes")
	if len(rows) != len(list) {
		t.Fatalf("%d disputes on the page, %d in the API", len(rows), len(list))
	}
	for i, d := range list {
		contains("row of "+d.text("id"), strings.Join(rows[i], "\n"), d.text("id")[:8], d.text("status"), d.text("certified"), d.text("asserted"), fmt.Sprint(d.count("games")), fmt.Sprint(d.count("moves")), "over")
	}
	for _, certified := range []string{"FAIL", "PASS"} {
		v := contested(p, certified)
		b.show("#/dispute/" + v.text("id"))
		contains("heading", b.text("header.page"), v.text("id"), "stood", certified, v.text("asserted"))
		if got := b.text("header.page .says"); !strings.EqualFold(plain(got), v.text("effect")+".") {
			t.Errorf("it says %q of what became of the verdict, want %q", got, v.text("effect"))
		}
		moves := v.list("moveList")
		items := read[[]string](b, "[...document.querySelectorAll('.moves > li')].map(l => l.innerText)")
		if len(items) != len(moves) {
			t.Fatalf("%d moves on the page, %d in the API", len(items), len(moves))
		}
		for i, m := range moves {
			what := fmt.Sprintf("move %d", i+1)
			contains(what, strings.ToLower(items[i]), strings.ToLower(m.text("says")), m.text("move"), fmt.Sprintf("block %d", m.in("at").count("block")), m.in("at").text("transaction")[:8], m.text("sender")[:8], fmt.Sprintf("%d gas", m.count("gasUsed")))
			if due := m.count("due"); due > 0 {
				contains(what, items[i], fmt.Sprintf("due by block %d, %d block", due, due-m.in("at").count("block")))
			}
			if q, ok := m["question"].(map[string]any); ok && !slices.Contains([]string{"prove", "conclude"}, m.text("move")) {
				q := object(q)
				switch first, last := q.count("first"), q.count("last"); {
				case first == last:
					contains(what, items[i], fmt.Sprintf("row %d: %s", first, q.text("firstIs")))
				case last-first+1 == v.count("rows"):
					contains(what, items[i], fmt.Sprintf("all %d rows", v.count("rows")))
				default:
					contains(what, items[i], fmt.Sprintf("rows %d to %d: from %s to %s", first, last, q.text("firstIs"), q.text("lastIs")))
				}
				if q["element"] != nil {
					contains(what, items[i], fmt.Sprintf("element %d", q.count("element")))
				}
			}
		}
		turns := 0
		for _, m := range moves {
			if m.count("deadline") > 0 && m["challenger"] != nil {
				turns++
			}
		}
		if n := read[int](b, "document.querySelectorAll('figure svg.time .turn:not(.window)').length"); n != turns || n == 0 {
			t.Errorf("the clock shows %d turns, want %d", n, turns)
		}
		bonds := b.rows("Bonds")
		for i, o := range v.list("bonds") {
			contains("bond", strings.Join(bonds[i], "\n"), o.text("account")[:8], o.text("role"), "0.1 ETH", map[string]string{"won": "won the other", "lost": "lost", "returned": "returned"}[o.text("state")])
		}
		charges := b.rows("Charges")
		if len(charges) != len(v.list("charges")) || len(charges) == 0 {
			t.Fatalf("%d charges on the page, %d in the API", len(charges), len(v.list("charges")))
		}
		for i, f := range v.list("charges") {
			contains("charge", strings.Join(charges[i], "\n"), f.text("kind"), f.text("status"), f.text("reason"))
		}
		for _, name := range []string{moves[0].in("at").text("transaction"), v.text("traceRoot"), v.text("asserter")} {
			if !slices.Contains(b.names("main .hash > [title]"), name) {
				t.Errorf("%s is not on the page", name)
			}
		}
	}
}

// What became of a verdict is told wherever the verdict is: of its sample, its
// receipt, its batch, its epoch, and in the slashing log.
func fatesAreTold(t *testing.T, p *played, b *tab, w *world) {
	for _, certified := range []string{"FAIL", "PASS"} {
		v := contested(p, certified)
		sample := p.api("samples/" + v.text("sampleId"))
		if o := sample.in("overturn"); sample.text("verdict") != certified || o.text("verdict") != v.text("asserted") || o.text("dispute") != v.text("id") {
			t.Errorf("sample %s: %v became %v", v.text("sampleId"), sample["verdict"], sample["overturn"])
		}
		b.show("#/sample/" + v.text("sampleId"))
		if got := read[[]string](b, "[...document.querySelectorAll('p.verdict [data-verdict]')].map(e => e.dataset.verdict)"); !slices.Equal(got, []string{certified, v.text("asserted")}) || !strings.Contains(b.text("main"), "a dispute stood") {
			t.Errorf("the sample's page shows %q", got)
		}
		b.show("#/batch/" + v.text("batchId"))
		batch := p.api("batches/" + v.text("batchId"))
		_, r, _, err := w.BatchVerdict(t.Context(), v.hash("batchId"))
		if err != nil || batch.count("passed") != int(r.Passed) || batch.count("failed") != int(r.Failed) || batch.count("contests") != 0 {
			t.Errorf("batch: the API counts %v passed and %v failed, the chain %+v (%v)", batch["passed"], batch["failed"], r, err)
		}
		if n, want := read[int](b, "document.querySelectorAll('.became').length"), overturned(batch); n != want || n == 0 {
			t.Errorf("%d overturned samples on the batch's page, %d in the API", n, want)
		}
		if n := len(b.rows("Disputes")); n != len(batch.list("disputes")) || n == 0 {
			t.Errorf("%d disputes on the batch's page, %d in the API", n, len(batch.list("disputes")))
		}
		if s := batch.list("timeline")[6]; s.text("step") != "contest" || s["at"] == nil || !strings.Contains(b.text("main"), "stood") {
			t.Errorf("the contest in the batch's timeline: %v", s)
		}
	}
	b.show("#/epoch/0")
	if n, want := len(b.rows("Disputes")), p.api("disputes").count("total"); n != want {
		t.Errorf("%d disputes on the epoch's page, %d in all", n, want)
	}

	b.show("#/faults")
	faults := p.api("faults?limit=200").list("items")
	items := read[[]string](b, "[...document.querySelectorAll('.log > li')].map(l => l.textContent)")
	if len(items) != len(faults) {
		t.Fatalf("%d charges on the page, %d in the API", len(items), len(faults))
	}
	kinds, pots := map[string]int{}, 0
	for i, f := range faults {
		kinds[f.text("kind")+" "+f.text("status")]++
		want := []string{f.text("kind"), f.text("status"), f.text("reason")}
		for _, d := range f["disputes"].([]any) {
			want = append(want, d.(string)[:8])
		}
		for _, h := range f.list("history") {
			want = append(want, h.text("what"), h.text("transaction")[:8])
		}
		if pot, ok := f["pot"].(map[string]any); ok {
			pots++
			want = append(want, "Refund pot", fmt.Sprintf("paid in %d refund", object(pot).count("refunds")))
		}
		if f["slash"] != nil {
			want = append(want, "Slashed")
		}
		for _, s := range want {
			if !strings.Contains(plain(items[i]), plain(s)) {
				t.Errorf("charge %s does not say %q: %.800q", f.text("id"), s, items[i])
			}
		}
	}
	for _, k := range []string{"statistical cleared", "fail-confirmed executed", "signed-falsehood executed", "signed-falsehood cleared"} {
		if kinds[k] == 0 {
			t.Errorf("no charge is %s: %v", k, kinds)
		}
	}
	if pots == 0 {
		t.Error("no refund pot was filled: there is nothing to see")
	}
}

func overturned(batch object) (n int) {
	for _, s := range batch.in("sampleList").list("items") {
		if s["overturn"] != nil {
			n++
		}
	}
	return n
}

// The history of a charge is opened, and a dispute reached, without a mouse.
func historyByKeyboard(t *testing.T, p *played, b *tab, _ *world) {
	b.show("#/faults")
	b.run("document.querySelector('.log summary').focus()")
	b.do("open", chromedp.KeyEvent(kb.Enter))
	b.until("the history is open", "document.querySelector('.log details').open && document.querySelector('.log details li').checkVisibility()")
	b.show("#/disputes")
	b.run("document.querySelector('main tbody a').focus()")
	if got := read[string](b, "getComputedStyle(document.activeElement).outlineStyle"); got == "none" {
		t.Error("the focus is not seen")
	}
	b.do("open", chromedp.KeyEvent(kb.Enter))
	b.until("the dispute is shown, and its heading has the focus", "document.activeElement === document.querySelector('h1') && document.querySelector('h1').textContent.startsWith('Dispute 0x')")
}

// swatches are the marks of verdicts and turns, then nothing, in a row of squares.
// The clock stays in the page: a turn is drawn with a pattern that is the clock's,
// and what is drawn with a pattern of no page is drawn empty.
const swatches = `Promise.all([import('/assets/explorer.js'), fetch('/api/v1/disputes/' + %q).then(r => r.json())]).then(([{ h, s, verdict, clock }, v]) => {
	const figure = clock(v)
	const row = h('p', { id: 'swatches' }, ['PASS', 'FAIL', 'INCONCLUSIVE', 'UNAVAILABLE', 'UNSAMPLED'].map(n => { const m = verdict(n); m.querySelectorAll('b').forEach(b => b.remove()); return m }),
		[...figure.querySelectorAll('.legend svg')].slice(0, 2).map(m => m.cloneNode(true)), s('svg'))
	row.style.cssText = 'position:fixed;inset:0 auto auto 0;z-index:3;display:flex;margin:0;max-width:none;width:256px;height:32px;background:var(--back)'
	row.querySelectorAll('svg').forEach(m => { m.style.cssText = 'width:32px;height:32px;flex:none' })
	document.body.append(row)
	document.querySelector('main').append(figure)
	return row.querySelectorAll('svg').length
})`

// Whoever sees no colours, or not all, tells verdicts and turns apart, and from
// nothing: as they are rendered for each, any two differ in what is light and dark.
func coloursDiffer(t *testing.T, p *played, b *tab, _ *world) {
	names := []string{"PASS", "FAIL", "INCONCLUSIVE", "UNAVAILABLE", "UNSAMPLED", "the asserter's turn", "the challenger's turn", "nothing"}
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		b.show("#/receipt") // a page that nothing draws again
		if n := read[int](b, fmt.Sprintf(swatches, contested(p, "FAIL").text("id"))); n != len(names) {
			t.Fatalf("%d marks are drawn", n)
		}
		for _, kind := range []emulation.SetEmulatedVisionDeficiencyType{emulation.SetEmulatedVisionDeficiencyTypeNone, emulation.SetEmulatedVisionDeficiencyTypeAchromatopsia, emulation.SetEmulatedVisionDeficiencyTypeDeuteranopia,
			emulation.SetEmulatedVisionDeficiencyTypeProtanopia, emulation.SetEmulatedVisionDeficiencyTypeTritanopia} {
			var raw []byte
			b.do("see as with "+string(kind), emulation.SetEmulatedVisionDeficiency(kind), chromedp.Screenshot("#swatches", &raw, chromedp.ByQuery))
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := img.Bounds(), image.Rect(0, 0, square*len(names), square); got != want {
				t.Fatalf("the picture is of %v, want %v", got, want)
			}
			if sees := kind != emulation.SetEmulatedVisionDeficiencyTypeAchromatopsia; hued(img) != sees {
				t.Fatalf("%s, %s: colours are seen: %t", scheme, kind, !sees)
			}
			for i := range names {
				for k := range i {
					if i < 7 && (i < 5) != (k < 5) {
						continue // verdicts and turns do not stand side by side
					}
					if d := differ(img, i, k); d < .04 {
						t.Errorf("%s, %s: %s and %s differ in %.1f %% of what is seen", scheme, kind, names[i], names[k], 100*d)
					}
				}
			}
		}
		b.do("see all", emulation.SetEmulatedVisionDeficiency(emulation.SetEmulatedVisionDeficiencyTypeNone))
		b.run("document.getElementById('swatches').remove()")
	}
	b.scheme("light")
}

// square is the side of a mark's square in pixels, rim that of the border which
// does not count: a bar is told by what fills it.
const square, rim = 32, 2

// differ is the share of the pixels inside of two squares that differ in lightness
// by a tenth at least.
func differ(img image.Image, i, k int) float64 {
	light := func(x, y int) float64 {
		r, g, b, _ := img.At(x, y).RGBA()
		return (.2126*float64(r) + .7152*float64(g) + .0722*float64(b)) / 65535
	}
	n := 0
	for y := rim; y < square-rim; y++ {
		for x := rim; x < square-rim; x++ {
			if math.Abs(light(square*i+x, y)-light(square*k+x, y)) >= .1 {
				n++
			}
		}
	}
	return float64(n) / ((square - 2*rim) * (square - 2*rim))
}

// hued: there is a pixel that is not grey, but for rounding.
func hued(img image.Image) bool {
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); max(r, g, b)-min(r, g, b) > 3*257 {
				return true
			}
		}
	}
	return false
}

func disputeViews(p *played) []string {
	v := contested(p, "FAIL")
	return []string{"#/disputes", "#/dispute/" + v.text("id"), "#/sample/" + v.text("sampleId"), "#/batch/" + v.text("batchId"), "#/epoch/0", "#/faults", "#/operators"}
}

func disputesAreLegible(t *testing.T, p *played, b *tab, w *world) {
	legible(t, b, disputeViews(p))
	narrow(t, b, disputeViews(p))
}

// disputePictures are for docs, if they are asked for.
func disputePictures(t *testing.T, p *played, b *tab, _ *world) {
	v := contested(p, "FAIL")
	b.picture("disputes", "#/disputes", "light", 1240, 640)
	b.picture("dispute", "#/dispute/"+v.text("id"), "light", 1240, 0)
	b.picture("dispute-dark", "#/dispute/"+contested(p, "PASS").text("id"), "dark", 1240, 1300)
	b.picture("dispute-narrow", "#/dispute/"+v.text("id"), "light", 380, 1500)
	b.picture("slashing", "#/faults", "light", 1240, 1300)
	b.picture("overturned", "#/batch/"+v.text("batchId"), "light", 1240, 0)
}
