package explorer

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is where Chromium is on this machine, or empty: POSP_CHROMIUM names
// one that is nowhere on PATH.
func chromium() string {
	for _, name := range []string{os.Getenv("POSP_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// tab is a page in a headless browser of its own, of which every complaint and
// every request is kept.
type tab struct {
	*testing.T
	ctx    context.Context
	origin string

	mu       sync.Mutex
	problems []string // errors on its console, exceptions, requests that failed
	foreign  []string // requests that left the origin
	asked    int
}

// openTab starts a browser; the test's end closes it. A browser is many processes,
// and the profile's folder can be removed when the last of them has ended, not the
// one that was started.
func openTab(t *testing.T, path, origin string) *tab {
	t.Helper()
	var browser *exec.Cmd
	o := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { browser, cmd.SysProcAttr = cmd, &apart }), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(time.Minute))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), o...)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {})) // of the protocol itself: newer browsers send events that the client does not know
	t.Cleanup(func() {
		end()
		stop()
		if browser == nil || browser.Process == nil {
			return
		}
		group := browser.Process.Pid
		_ = syscall.Kill(-group, syscall.SIGKILL) // else there is none left
		for late := time.Now().Add(time.Minute); running(group); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(late) {
				t.Fatalf("processes of the browser, group %d, do not end", group)
			}
		}
	})
	b := &tab{T: t, ctx: ctx, origin: origin}
	chromedp.ListenTarget(ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				b.problems = append(b.problems, fmt.Sprintf("console.%s: %s", e.Type, e.Args[0].Value))
			}
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
				b.problems = append(b.problems, "log: "+e.Entry.Text+" "+e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			b.asked++
			if !strings.HasPrefix(e.Request.URL, origin+"/") && !strings.HasPrefix(e.Request.URL, "data:") {
				b.foreign = append(b.foreign, e.Request.URL)
			}
		}
	})
	b.do("start", network.Enable(), log.Enable(), runtime.Enable())
	return b
}

func (b *tab) do(what string, actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	// A browser lives as long as the context of its first run.
	run := ctx
	if chromedp.FromContext(b.ctx).Target == nil {
		run = b.ctx
	}
	if err := chromedp.Run(run, actions...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// show opens a view of the page and waits until it is drawn.
func (b *tab) show(view string) {
	b.Helper()
	url := b.origin + "/" + view
	var here string
	b.do("read address", chromedp.Location(&here))
	switch {
	case here == url:
		b.do("reload "+url, chromedp.Reload())
	case strings.HasPrefix(here, b.origin+"/") && strings.HasPrefix(view, "#"):
		b.run(fmt.Sprintf("document.querySelector('main').replaceChildren(); location.hash = %q; true", view))
	default:
		b.do("open "+url, chromedp.Navigate(url))
	}
	b.until(view+" is drawn", "document.querySelector('main h1') !== null && !document.querySelector('main').hasAttribute('aria-busy')")
}

// run evaluates a script for what it does.
func (b *tab) run(script string) {
	b.Helper()
	b.do(script, chromedp.Evaluate(script, nil))
}

// read evaluates a script to a value.
func read[T any](b *tab, script string) (v T) {
	b.Helper()
	b.do(script, chromedp.Evaluate(script, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return v
}

// until waits for a condition.
func (b *tab) until(what, script string) {
	b.Helper()
	b.within(20*time.Second, what, script)
}

func (b *tab) within(limit time.Duration, what, script string) {
	b.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		if read[bool](b, "Boolean("+script+")") {
			return
		}
		if time.Now().After(end) {
			b.Fatalf("after %s it is not so that %s; the page says:\n%.2000s", limit, what, read[string](b, "document.body.innerText"))
		}
	}
}

// scheme sets what the user prefers: light or dark.
func (b *tab) scheme(name string) {
	b.Helper()
	b.do("prefer "+name, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}))
}

// size sets the window's.
func (b *tab) size(width, height int64) {
	b.Helper()
	b.do("set size", emulation.SetDeviceMetricsOverride(width, height, 1, false))
}

// forget drops complaints about answers with an expected status: browsers write
// every one of them to the console.
func (b *tab) forget(status string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = slices.DeleteFunc(b.problems, func(p string) bool {
		return strings.Contains(p, "status of "+status) && strings.Contains(p, "/api/v1/")
	})
}

// clean fails if the page complained or asked anybody else.
func (b *tab) clean() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.Errorf("the page complained: %s", p)
	}
	for _, u := range b.foreign {
		b.Errorf("a request left the origin: %s", u)
	}
	if b.asked == 0 {
		b.Error("no request was seen: the test does not watch")
	}
}
