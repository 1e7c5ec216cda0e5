// Package explorer is the explorer's page in a real browser, against a devnet
// that is played as a user plays it.
package explorer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// played is a running devnet.
type played struct {
	*testing.T
	url   string // of its explorer
	data  string // its directory
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
	p := &played{T: t, data: filepath.Join(t.TempDir(), "data")}
	cmd := exec.Command(bin, append([]string{"devnet", "--keep", "--data", p.data}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
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
	})
	p.url = regexp.MustCompile(`http://\S+`).FindString(p.reach("to look: "))
	return p
}

// reach reads what the devnet says until a line has the words.
func (p *played) reach(words string) string {
	p.Helper()
	late := time.After(8 * time.Minute)
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

// api asks the explorer's API.
func (p *played) api(path string) map[string]any {
	p.Helper()
	res, err := http.Get(p.url + "/api/v1/" + path)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != http.StatusOK {
		p.Fatalf("%s: status %d, %v", path, res.StatusCode, err)
	}
	return v
}

func TestExplorer(t *testing.T) {
	path := chromium()
	if path == "" {
		t.Skip("no Chromium on this machine (apt-get install chromium, or name it with POSP_CHROMIUM): the explorer's page is not tested")
	}
	if testing.Short() {
		t.Skip("plays two epochs")
	}
	net := play(t, "--epochs", "2")
	b := openTab(t, path, net.url)

	// The page is open from before the first batch on, and is never loaded again.
	b.show("#/")
	b.run("window.opened = true")
	b.within(5*time.Minute, "epoch 0 is certified on the page that was open before", `window.opened === true && [...document.querySelectorAll('table[aria-label], table')].some(t =>
		[...t.rows].some(r => r.cells[0].textContent === '0' && /contestable|final/.test(r.textContent)))`)
	net.reach("explorer")

	t.Run("overview", func(t *testing.T) {
		b.T = t
		b.show("#/")
		o := net.api("overview")
		for name, want := range map[string]any{"Receipts": o["totals"].(map[string]any)["receipts"], "Providers": o["totals"].(map[string]any)["providers"], "Samples judged": o["totals"].(map[string]any)["samples"]} {
			if got := read[string](b, fmt.Sprintf("[...document.querySelectorAll('.tile')].find(t => t.querySelector('.name').textContent === %q).querySelector('strong').textContent", name)); got != fmt.Sprint(want) || want == 0. {
				t.Errorf("%s is %q on the page, %v in the API", name, got, want)
			}
		}
	})
	b.T = t
	b.clean()
}
