package tests

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// theBinary is built once for all tests that run it; TestMain takes it away.
var theBinary struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if theBinary.dir != "" {
		os.RemoveAll(theBinary.dir)
	}
	os.Exit(code)
}

// built is the program, as a user has it.
func built(t *testing.T) program {
	t.Helper()
	b := &theBinary
	b.once.Do(func() {
		if b.dir, b.err = os.MkdirTemp("", "posp-tests-"); b.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", filepath.Join(b.dir, "posp"), module+"/cmd/posp").CombinedOutput(); err != nil {
			b.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return program(filepath.Join(b.dir, "posp"))
}

// TestProgram runs the built binary as a user does.
func TestProgram(t *testing.T) {
	p := built(t)
	t.Run("help", p.testHelp)
	t.Run("version", p.testVersion)
	t.Run("wrong use", p.testWrongUse)
	t.Run("wrong files", p.testWrongFiles)
	t.Run("vectors", p.testVectors)
	t.Run("interrupt", p.testInterrupt)
	t.Run("nobody reads", p.testNobodyReads)
	t.Run("devnet", p.testDevnet)
}

// program is the path of the binary.
type program string

// command runs in an empty directory, with no variables of its own but TMPDIR:
// what it leaves there it has left behind.
func (p program) command(t *testing.T, limit time.Duration, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, string(p), args...)
	cmd.Dir, cmd.Env = t.TempDir(), []string{"TMPDIR=" + t.TempDir()}
	return cmd
}

func leftIn(t *testing.T, cmd *exec.Cmd) (names []string) {
	t.Helper()
	for _, dir := range []string{cmd.Dir, strings.TrimPrefix(cmd.Env[0], "TMPDIR=")} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	return names
}

// run returns what the program wrote and its exit status.
func (p program) run(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	sends := slices.Contains(args, "--yes") || slices.Contains(args, "--key") && (args[0] == "claim" || args[0] == "verify")
	if sends && !slices.Contains(args, "--data") { // where it notes what it sends
		args = append(slices.Clone(args), "--data", t.TempDir())
	}
	cmd := p.command(t, time.Minute, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if left := leftIn(t, cmd); len(left) > 0 {
		t.Errorf("it left %q behind", left)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// refuses fails unless the program exits with the code, prints nothing to
// standard output, and explains itself on standard error in as many lines as
// there are problems, each of which has the words wanted of it.
func (p program) refuses(t *testing.T, code int, problems []string, stdin string, args ...string) {
	t.Helper()
	stdout, stderr, got := p.run(t, stdin, args...)
	checkRefusal(t, code, problems, stdout, stderr, got)
}

func checkRefusal(t *testing.T, code int, problems []string, stdout, stderr string, got int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
	if got != code || len(lines) != len(problems) || stdout != "" {
		t.Fatalf("exit %d with %d lines, want %d with %d\n%s%s", got, len(lines), code, len(problems), stderr, stdout)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, "posp: ") || len(line) > 400 {
			t.Errorf("not a clear line: %.500q", line)
		}
		for _, words := range strings.Split(problems[i], "|") {
			if !strings.Contains(line, words) {
				t.Errorf("the line does not say %q: %s", words, line)
			}
		}
		for _, bad := range []string{"panic", "goroutine ", "runtime error", "%!", "<nil>"} {
			if strings.Contains(line, bad) {
				t.Errorf("the line says %q: %s", bad, line)
			}
		}
	}
}

// commands are all that the binary has, as its help lists them.
func (p program) commands(t *testing.T, prefix ...string) (all [][]string) {
	t.Helper()
	out, _, _ := p.run(t, "", append(slices.Clone(prefix), "--help")...)
	_, list, has := strings.Cut(out, "COMMANDS:\n")
	if !has {
		return [][]string{prefix}
	}
	for line := range strings.Lines(list) {
		name := regexp.MustCompile(`^ {3}([a-z-]+)`).FindStringSubmatch(line)
		if name == nil {
			break
		}
		if name[1] != "help" {
			all = append(all, p.commands(t, append(slices.Clone(prefix), name[1])...)...)
		}
	}
	return all
}

// Every command says what it does, shows an example, and says of every flag
// what it is for; and examples use only flags that there are.
func (p program) testHelp(t *testing.T) {
	commands := p.commands(t)
	if len(commands) < 8 {
		t.Fatalf("help lists %d commands: %v", len(commands), commands)
	}
	flag := regexp.MustCompile(`^\s+(--[a-z-]+)`)
	for _, c := range commands {
		t.Run(strings.Join(c, " "), func(t *testing.T) {
			out, stderr, code := p.run(t, "", append(slices.Clone(c), "--help")...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			body, options, _ := strings.Cut(out, "OPTIONS:")
			_, examples, has := strings.Cut(body, "Example")
			if !has || !strings.Contains(examples, "posp "+strings.Join(c, " ")) {
				t.Errorf("no example:\n%s", body)
			}
			var flags []string
			usage := map[string]string{}
			for line := range strings.Lines(options) {
				if m := flag.FindStringSubmatch(line); m != nil {
					flags = append(flags, m[1])
				}
				if len(flags) > 0 {
					usage[flags[len(flags)-1]] += " " + strings.TrimSpace(line)
				}
			}
			for _, f := range flags {
				text := regexp.MustCompile(`--[a-z-]+|, -[a-z]\b|\([^)]*\)|\[\$[^\]]*\]|\bvalue\b`).ReplaceAllString(usage[f], " ")
				if len(strings.Fields(text)) < 2 || strings.Contains(usage[f], "`") {
					t.Errorf("%s is not explained: %q", f, usage[f])
				}
			}
			for _, f := range regexp.MustCompile(`--[a-z-]+`).FindAllString(examples, -1) {
				if !slices.Contains(flags, f) && !strings.Contains(body, "over "+f) {
					t.Errorf("the example uses %s, which is no flag of it", f)
				}
			}
		})
	}
}

// Whoever reports a fault can say what he runs.
func (p program) testVersion(t *testing.T) {
	out, stderr, code := p.run(t, "", "--version")
	want := regexp.MustCompile(`^posp \S+ \(revision (unknown|[0-9a-f]{40}), ` + regexp.QuoteMeta(runtime.Version()) + `\)\n$`)
	if code != 0 || stderr != "" || !want.MatchString(out) {
		t.Errorf("exit %d: %q %q", code, out, stderr)
	}
}

func (p program) testWrongUse(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "old.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() }) // after the parallel tests below, which a defer would not be
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello</html>") }))
	t.Cleanup(page.Close)
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"frobnicate", 2, "frobnicate"},
		{"--frobnicate", 2, "frobnicate"},
		{"vectors frobnicate", 2, "frobnicate"},
		{"audit frobnicate", 2, "frobnicate"},
		{"devnet --frobnicate", 2, "frobnicate"},
		{"devnet frobnicate", 2, "frobnicate"},
		{"devnet --epochs many", 2, "epochs|many"},
		{"devnet --epochs", 2, "epochs"},
		{"devnet --epochs 0", 2, "--epochs|0|1..100"},
		{"devnet --epochs 1000000", 2, "--epochs|1..100"},
		{"devnet --requests 3", 2, "--requests|4..1000"},
		{"devnet --requests -1", 2, "--requests|4..1000"},
		{"devnet --keep=maybe", 2, "keep|maybe"},
		{"devnet --port 99999", 1, "99999|65535"},
		{"devnet --port -1", 1, "-1|65535"},
		{"devnet --port " + port, 1, port + "|in use"},
		{"devnet --data " + full, 1, full + "|not empty|--data"},
		{"devnet --data " + full + "/old.db", 1, "old.db|not a directory"},
		{"devnet --data " + full + "/old.db/below", 1, "old.db|not a directory"},
		{"devnet --chain nonsense", 1, "URL|http"},
		{"devnet --chain ftp://127.0.0.1:1", 1, "ftp|http"},
		{"devnet --chain http://127.0.0.1:1", 1, "127.0.0.1:1|refused"},
		{"devnet --chain " + page.URL, 1, strings.TrimPrefix(page.URL, "http://")},
		{"query", 1, "network.json|--network"},
		{"operator run --network", 2, "network"},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			p.refuses(t, c.code, []string{c.want}, "", strings.Fields(c.args)...)
		})
	}
}

// network is a file that describes a deployment well, on a chain at the URL.
func network(t *testing.T, rpc string) app.Network {
	t.Helper()
	m, err := app.DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	at := func(b byte) posp.Address { return posp.Address{19: b} }
	return app.Network{ChainID: 31337, RPC: rpc, Aggregator: "http://127.0.0.1:1", Models: []app.Model{m},
		Contracts: chain.Addresses{ServiceManager: at(1), BatchRegistry: at(2), OperatorTable: at(3), AttestationRegistry: at(4),
			FaultManager: at(5), RefundPool: at(6), ExampleMarket: at(7), KeyRegistry: at(8)}}
}

// node is an RPC that knows its chain id and no contracts.
func node(t *testing.T, chainID string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			ID     json.RawMessage
			Method string
		}
		_ = json.NewDecoder(r.Body).Decode(&q) // what is no request gets no sensible answer
		result := map[string]string{"eth_chainId": chainID, "eth_blockNumber": "0x10"}[q.Method]
		if result == "" {
			result = "0x"
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%q}`, q.ID, result)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func (p program) testWrongFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	saved := func(name string, change func(*app.Network)) string {
		n := network(t, "http://127.0.0.1:1")
		change(&n)
		path := filepath.Join(dir, name)
		if err := n.Save(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := saved("good.json", func(*app.Network) {})
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	key := file("key", strings.Repeat("11", 32))
	for _, c := range []struct {
		name string
		args string
		want []string
	}{
		{"no network file", "query --network " + dir + "/none.json", []string{"none.json|no such file|--network"}},
		{"network file is a directory", "query --network " + dir, []string{dir + "|directory"}},
		{"network file is empty", "query --network " + file("empty.json", ""), []string{"empty.json|EOF"}},
		{"network file is not JSON", "query --network " + file("binary.json", "\x00\x01\x02"), []string{"binary.json|invalid character"}},
		{"network file is cut off", "query --network " + file("cut.json", string(whole[:len(whole)/2])), []string{"cut.json|unexpected EOF"}},
		{"network file has unknown fields", "query --network " + file("field.json", `{"colour":"red"}`), []string{"field.json|colour"}},
		{"network file has a wrong type", "query --network " + file("type.json", `{"chainId":"one"}`), []string{"type.json|chainId"}},
		{"network file has a bad address", "query --network " + file("address.json", `{"contracts":{"batchRegistry":"0x12"}}`), []string{"address.json|hex string"}},
		{"network file has a bad URL", "query --network " + saved("url.json", func(n *app.Network) { n.RPC = "nowhere" }), []string{"url.json|rpc|nowhere"}},
		{"network file has no models", "query --network " + saved("models.json", func(n *app.Network) { n.Models = nil }), []string{"models.json|models"}},
		{"network file has another policy", "query --network " + saved("policy.json", func(n *app.Network) { n.Models[0].Policy.FailAt++ }), []string{"policy.json|posp-demo|policy"}},
		{"network file has two faults", "query --network " + saved("two.json", func(n *app.Network) { n.ChainID, n.Contracts.RefundPool = 0, posp.Address{} }),
			[]string{"two.json|chainId", "contracts.refundPool"}},

		{"RPC is down", "query --network " + good, []string{"127.0.0.1:1|refused"}},
		{"RPC in the flag is down", "query --network " + good + " --rpc http://127.0.0.1:2", []string{"127.0.0.1:2|refused"}},
		{"RPC in the flag is no URL", "query --network " + good + " --rpc nonsense", []string{"URL|http"}},
		{"RPC is of another chain", "query --network " + good + " --rpc " + node(t, "0x5"), []string{"chain 5|31337"}},
		{"RPC has no contracts", "query --network " + good + " --rpc " + node(t, "0x7a69"), []string{"contract"}},
		{"query for nothing there is", "query --network " + good + " 0x12", []string{"0x12|20|32"}},
		{"query for no name", "query --network " + good + " everything", []string{"everything|address|epoch"}},
		{"query for two things", "query --network " + good + " 1 2", []string{"one argument"}},

		{"replay of nothing", "audit replay --network " + good, []string{"--sample|--epoch|--provider|--index"}},
		{"replay of no sample", "audit replay --network " + good + " --sample 0x12", []string{"--sample|0x12"}},
		{"replay of no provider", "audit replay --network " + good + " --epoch 0 --provider me", []string{"--provider|me"}},
		{"replay without RPC", "audit replay --network " + good + " --sample 0x" + strings.Repeat("ab", 32), []string{"127.0.0.1:1|refused"}},

		{"operator without keys", "operator run --network " + good, []string{"--key", "--bls-key"}},
		{"operator without its key file", "operator run --network " + good + " --key none --bls-key none", []string{"none|no such file"}},
		{"operator with a bad key", "operator run --network " + good + " --key " + file("bad.key", "xyz") + " --bls-key " + key, []string{"bad.key"}},
		{"operator with a key of zero", "operator run --network " + good + " --key " + file("zero.key", strings.Repeat("00", 32)) + " --bls-key " + key, []string{"zero.key"}},
		{"operator with a bad BLS key", "operator run --network " + good + " --key " + key + " --bls-key " + file("bad.bls", strings.Repeat("ff", 32)), []string{"bad.bls"}},
		{"operator without RPC", "operator run --network " + good + " --key " + key + " --bls-key " + key, []string{"127.0.0.1:1|refused"}},
		{"operator with weights that are not there", "operator run --key " + key + " --bls-key " + key + " --network " +
			saved("weights.json", func(n *app.Network) { n.Models[0].Weights = "none.safetensors" }), []string{"posp-demo|none.safetensors"}},
		{"operator with other weights", "operator run --key " + key + " --bls-key " + key + " --network " +
			saved("small.json", func(n *app.Network) { n.Models[0].Weights = "embedded:small" }), []string{"posp-demo|embedded:small|root"}},
		{"aggregator without a key", "aggregator --network " + good, []string{"--key"}},
		{"aggregator without RPC", "aggregator --network " + good + " --key " + key, []string{"127.0.0.1:1|refused"}},
		{"provider without anything", "provider run --network " + good, []string{"--key", "--receipt-key", "--upstream", "--model"}},
		{"provider of another model", "provider run --network " + good + " --key " + key + " --receipt-key " + key + " --upstream http://127.0.0.1:1 --model gpt", []string{"gpt|posp-demo"}},
		{"provider without RPC", "provider run --network " + good + " --key " + key + " --receipt-key " + key + " --upstream http://127.0.0.1:1 --model posp-demo", []string{"127.0.0.1:1|refused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p.refuses(t, 1, c.want, "", strings.Fields(c.args)...)
		})
	}
}

func (p program) testVectors(t *testing.T) {
	draw := func(change func(map[string]any)) string {
		d := map[string]any{"chainId": 31337, "registry": posp.Address{1}, "provider": posp.Address{2}, "epoch": 3, "firstSequence": 0, "root": posp.Hash{4},
			"leafCount": 1000, "beacon": posp.Hash{5}, "ratePpm": 10_000, "kMin": 4, "m": 2, "excluded": []posp.Address{{9}},
			"operators": []map[string]any{{"address": posp.Address{7}, "weight": "100"}, {"address": posp.Address{8}, "weight": 50}, {"address": posp.Address{9}, "weight": 1}}}
		change(d)
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	set := func(name string, v any) string { return draw(func(d map[string]any) { d[name] = v }) }
	without := func(name string) string { return draw(func(d map[string]any) { delete(d, name) }) }

	stdout, stderr, code := p.run(t, draw(func(map[string]any) {}), "vectors", "draw")
	var drawn struct {
		K       int
		Samples []struct {
			J, Leaf   uint64
			Committee []posp.Address
		}
	}
	if err := json.Unmarshal([]byte(stdout), &drawn); err != nil || code != 0 || stderr != "" {
		t.Fatalf("exit %d, %v: %s", code, err, stderr)
	}
	if drawn.K != 10 || len(drawn.Samples) != 10 || len(drawn.Samples[0].Committee) != 2 || slices.Contains(drawn.Samples[0].Committee, posp.Address{9}) {
		t.Errorf("drawn: %s", stdout)
	}
	stdout, stderr, code = p.run(t, `{"leaves":["`+posp.Hash{1}.Hex()+`","`+posp.Hash{2}.Hex()+`"],"index":1}`, "vectors", "tree")
	var tree struct {
		Root, Leaf common.Hash
		Proof      []common.Hash
	}
	if err := json.Unmarshal([]byte(stdout), &tree); err != nil || code != 0 || stderr != "" || len(tree.Proof) != 1 || tree.Root == (common.Hash{}) {
		t.Errorf("exit %d, %v: %s%s", code, err, stderr, stdout)
	}

	for _, c := range []struct {
		command, stdin, want string
	}{
		{"draw", "", "standard input"},
		{"draw", "hello", "invalid character"},
		{"draw", "{}", "chainId|missing"},
		{"draw", "[]", "array|document"},
		{"draw", draw(func(map[string]any) {})[:100], "unexpected EOF"},
		{"draw", draw(func(map[string]any) {}) + "{}", "more follows"},
		{"draw", set("colour", "red"), "colour"},
		{"draw", without("beacon"), "beacon|missing"},
		{"draw", without("m"), `"m"|missing`},
		{"draw", set("leafCount", -1), "-1|unsigned"},
		{"draw", set("leafCount", 1.5), "1.5|unsigned"},
		{"draw", set("ratePpm", 1e12), "ratePpm|4294967295"},
		{"draw", set("root", "0x12"), "hex string"},
		{"draw", set("j", []int{10}), "10"},
		{"draw", set("operators", []map[string]any{{"address": posp.Address{7}}}), "operators[0].weight|missing"},
		{"draw", set("operators", []map[string]any{{"address": posp.Address{7}, "weight": 1}, {"address": posp.Address{7}, "weight": 2}}), "ascend"},
		{"tree", "", "standard input"},
		{"tree", "{}", "leaves|missing"},
		{"tree", `{"leaves":["0x12"],"index":0}`, "hex string"},
		{"tree", `{"leaves":[],"index":0}`, "0"},
		{"tree", `{"leaves":["` + posp.Hash{1}.Hex() + `"],"index":1}`, "1"},
		{"tree", `{"leaves":["` + posp.Hash{1}.Hex() + `"],"index":"many"}`, "many|unsigned"},
	} {
		t.Run(c.command+" "+c.want, func(t *testing.T) {
			t.Parallel()
			p.refuses(t, 1, []string{c.want}, c.stdin, "vectors", c.command)
		})
	}
}

// lines sends what a program prints, line by line.
func lines(t *testing.T, cmd *exec.Cmd) <-chan string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended, unless the test failed
	ch := make(chan string, 1000)
	go func() {
		defer close(ch)
		for s := bufio.NewScanner(out); s.Scan(); {
			ch <- s.Text()
		}
	}()
	return ch
}

// reach reads lines until one contains the words.
func reach(t *testing.T, ch <-chan string, words string) (seen []string) {
	t.Helper()
	late := time.After(4 * time.Minute)
	for {
		select {
		case line, ok := <-ch:
			if !ok {
				t.Fatalf("it ended before %q:\n%s", words, strings.Join(seen, "\n"))
			}
			seen = append(seen, line)
			if strings.Contains(line, words) {
				return seen
			}
		case <-late:
			t.Fatalf("no %q in time:\n%s", words, strings.Join(seen, "\n"))
		}
	}
}

// interrupt sends what a terminal or a service manager sends, and fails unless the program is gone within the two
// seconds that a user has patience for, with nothing left behind.
func interrupt(t *testing.T, cmd *exec.Cmd, by syscall.Signal, ch <-chan string, seen []string) {
	t.Helper()
	begin := time.Now()
	if err := cmd.Process.Signal(by); err != nil {
		t.Fatal(err)
	}
	for range ch {
	}
	_ = cmd.Wait() // the caller looks at the status
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %.1f s to end", took.Seconds())
	} else {
		t.Logf("ended after %.2f s", took.Seconds())
	}
	for _, url := range regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindAllStringSubmatch(strings.Join(seen, "\n"), -1) {
		l, err := net.Listen("tcp", url[1])
		if err != nil {
			t.Errorf("%s is still taken: %v", url[1], err)
			continue
		}
		l.Close()
	}
	if left := leftIn(t, cmd); len(left) > 0 {
		t.Errorf("it left %q behind", left)
	}
}

func (p program) testInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("brings up five devnets")
	}
	for i, moment := range []string{"chain ", "EigenLayer ", "staked and registered", "ready:", "epoch 0:"} {
		by := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3] // Ctrl-C, a service manager, a terminal that closes
		if by == syscall.SIGHUP && signal.Ignored(by) {
			by = syscall.SIGTERM // these tests run under nohup, and so does the program
		}
		t.Run(moment, func(t *testing.T) {
			cmd := p.command(t, 8*time.Minute, "devnet")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			ch := lines(t, cmd)
			seen := reach(t, ch, moment)
			if moment == "ready:" {
				time.Sleep(500 * time.Millisecond) // into the first epoch's answers
			}
			interrupt(t, cmd, by, ch, seen)
			checkRefusal(t, 1, []string{"interrupted"}, "", last(stderr.String()), cmd.ProcessState.ExitCode())
			if s := stderr.String(); strings.Contains(s, "panic") || strings.Contains(s, "goroutine ") {
				t.Errorf("it panicked:\n%s", s)
			}
		})
	}
}

// Who reads a play's output may end first, as head does: the play ends too, in order.
func (p program) testNobodyReads(t *testing.T) {
	if testing.Short() {
		t.Skip("brings up a devnet")
	}
	cmd := p.command(t, 8*time.Minute, "devnet")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	_ = cmd.Wait() // the status is looked at below
	checkRefusal(t, 1, []string{"interrupted"}, "", last(stderr.String()), cmd.ProcessState.ExitCode())
	if left := leftIn(t, cmd); len(left) > 0 {
		t.Errorf("it left %q behind", left)
	}
}

// last is the last line: those before it are the log.
func last(s string) string {
	list := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	return list[len(list)-1] + "\n"
}

// testDevnet plays two epochs whole, and then tries on what stays up
// everything that needs a live chain.
func (p program) testDevnet(t *testing.T) {
	if testing.Short() {
		t.Skip("plays two epochs")
	}
	data := filepath.Join(t.TempDir(), "data")
	// With 16 requests each, that no sample of the honest provider falls to the
	// lazy operator happens once in thousands of plays.
	cmd := p.command(t, 8*time.Minute, "devnet", "--epochs", "2", "--requests", "16", "--keep", "--data", data)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	ch := lines(t, cmd)
	seen := reach(t, ch, "aggregator   http")
	text := strings.Join(seen, "\n")
	for _, want := range []string{"ready: 2 epochs", "epoch 0: certified by", "epoch 1: certified by", "slashed lazy-operator for operator-evidence",
		"small-model was caught as wrong-model", "int4 was caught as wrong-precision", "forger was caught as forged-choice", "withholder was caught as withheld",
		"on demand: PASS of honest, FAIL of small-model; operators were paid", "refunds reached the buyers", "replay agrees", "checks hold", "Everything stays up"} {
		if !strings.Contains(text, want) {
			t.Errorf("the play does not say %q", want)
		}
	}
	if strings.Contains(text, "FAILED") {
		t.Errorf("checks failed:\n%s", text)
	}
	file := filepath.Join(data, "network.json")
	n, err := app.LoadNetwork(file)
	if err != nil {
		t.Fatal(err)
	}
	party := func(name string) string {
		m := regexp.MustCompile(`(?m)^  ` + name + ` +(0x[0-9a-fA-F]{40})  http://(\S+)/v1`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("the invitation does not name %s", name)
		}
		return m[1]
	}
	replay := regexp.MustCompile(`\$ posp (audit replay .*)`).FindStringSubmatch(text)
	if replay == nil {
		t.Fatal("no replay was shown")
	}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"query --network " + file, nil},
		{"query --network " + file + " 0", nil},
		{"query --network " + file + " " + party("small-model"), []string{"jailed"}},
		{"query --network " + file + " " + party("honest"), nil},
		{replay[1], []string{"replay agrees"}},
	} {
		stdout, errs, code := p.run(t, "", strings.Fields(c.args)...)
		if code != 0 || errs != "" || stdout == "" {
			t.Errorf("posp %s: exit %d: %s", c.args, code, errs)
		}
		for _, words := range c.want {
			if !strings.Contains(stdout, words) {
				t.Errorf("posp %s does not say %q:\n%s", c.args, words, stdout)
			}
		}
		args := append(strings.Fields(c.args), "")
		at := slices.Index(args, "--network")
		args = slices.Insert(args, at, "--json")
		stdout, errs, code = p.run(t, "", args[:len(args)-1]...)
		if !json.Valid([]byte(stdout)) || code != 0 {
			t.Errorf("posp %s --json: exit %d: %s%s", c.args, code, errs, stdout)
		}
	}

	checkBundles(t, p, file)
	checkWatch(t, p, data)
	checkOnDemand(t, p, data, n)

	// What only a live chain can refuse.
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("11", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	listening := strings.TrimPrefix(n.Aggregator, "http://")
	for _, c := range []struct{ args, want string }{
		{"aggregator --network " + file + " --key " + key + " --listen " + listening, listening + "|in use"},
		{"operator run --network " + file + " --key " + key + " --bls-key " + key, "register"},
		{"provider run --network " + file + " --key " + key + " --receipt-key " + key + " --upstream http://127.0.0.1:1 --model posp-demo", "PROVIDERS"},
		{"query --network " + file + " 0x" + strings.Repeat("ab", 32), "0xabab"},
		{"query --network " + file + " 99999", "99999"},
		{"audit replay --network " + file + " --sample 0x" + strings.Repeat("ab", 32), "0xabab"},
		{"audit replay --network " + file + " --epoch 99 --provider " + party("honest"), "99"},
		{"audit replay --network " + file + " --epoch 0 --provider " + party("honest") + " --index 99", "99"},
		{"devnet --data " + data, "not empty"},
	} {
		t.Run(strings.Fields(c.args)[0]+" "+c.want, func(t *testing.T) {
			p.refuses(t, 1, []string{c.want}, "", strings.Fields(c.args)...)
		})
	}

	interrupt(t, cmd, syscall.SIGINT, ch, seen)
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("a devnet that played well and was kept ends with status %d: %s", code, last(stderr.String()))
	}
	if s := stderr.String(); strings.Contains(s, "panic") || strings.Contains(s, "goroutine ") {
		t.Errorf("it panicked:\n%s", s)
	}
}
