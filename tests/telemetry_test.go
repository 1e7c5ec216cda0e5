package tests

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v2"

	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/internal/telemetry"
)

// metricNames are the series that a metric has.
func metricNames() map[string]telemetry.Metric {
	names := map[string]telemetry.Metric{}
	for _, m := range telemetry.Metrics() {
		if m.Kind != "histogram" {
			names[m.Name] = *m
			continue
		}
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			names[m.Name+suffix] = *m
		}
	}
	return names
}

var (
	queried = regexp.MustCompile(`\b(?:posp|eigen)_[a-z0-9_]+\b`)
	labels  = regexp.MustCompile(`\b((?:posp|eigen)_[a-z0-9_]+)\{([^}]*)\}`)
	label   = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*"`)
)

// checkQuery says what a query asks for that nothing shows.
func checkQuery(t *testing.T, where, query string) {
	t.Helper()
	known := metricNames()
	found := queried.FindAllString(query, -1)
	if len(found) == 0 && !strings.HasPrefix(query, "up{") {
		t.Errorf("%s: %q asks for no metric of ours", where, query)
	}
	for _, name := range found {
		if _, ok := known[name]; !ok {
			t.Errorf("%s: there is no metric %s", where, name)
		}
	}
	for _, m := range labels.FindAllStringSubmatch(query, -1) {
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if name := l[1]; name != "instance" && name != "job" && !slices.Contains(known[m[1]].Labels, name) {
				t.Errorf("%s: %s has no label %s", where, m[1], name)
			}
		}
	}
}

// codesOfManual are the codes of docs/failures.md.
func codesOfManual(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("../docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	_, alerts, ok := strings.Cut(string(raw), "\n## Alerts\n")
	if !ok {
		t.Fatal("docs/failures.md has no section Alerts")
	}
	alerts, _, _ = strings.Cut(alerts, "\n## ")
	codes := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z][A-Z0-9-]+)` \\| [^|]+ \\| [^|]+ \\|$").FindAllStringSubmatch(alerts, -1) {
		if codes[m[1]] {
			t.Errorf("docs/failures.md has %s twice", m[1])
		}
		codes[m[1]] = true
	}
	if len(codes) < 20 {
		t.Fatalf("docs/failures.md#alerts has %d codes", len(codes))
	}
	return codes
}

// Each alert asks for what is shown, and names an entry of the manual; each
// entry has an alert.
func TestAlerts(t *testing.T) {
	raw, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.UnmarshalStrict(raw, &file); err != nil {
		t.Fatal(err)
	}
	codes, used := codesOfManual(t), map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			checkQuery(t, r.Alert, r.Expr)
			code := r.Annotations["code"]
			if !codes[code] {
				t.Errorf("%s: docs/failures.md has no %q", r.Alert, code)
			}
			if used[code] {
				t.Errorf("%s: %s is another alert's", r.Alert, code)
			}
			used[code] = true
			if r.Annotations["summary"] == "" || r.Labels["severity"] != "warning" && r.Labels["severity"] != "critical" {
				t.Errorf("%s: summary %q, severity %q", r.Alert, r.Annotations["summary"], r.Labels["severity"])
			}
			if strings.Count(r.Expr, "(") != strings.Count(r.Expr, ")") {
				t.Errorf("%s: %s", r.Alert, r.Expr)
			}
		}
	}
	for code := range codes {
		if !used[code] {
			t.Errorf("no alert names %s", code)
		}
	}
}

// Each dashboard asks for what its role shows.
func TestDashboards(t *testing.T) {
	for _, role := range []string{"operator", "aggregator", "provider", "auditor"} {
		raw, err := os.ReadFile("../deploy/grafana/" + role + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			UID, Title string
			Panels     []struct {
				Title   string
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal(raw, &d); err != nil || d.UID != "posp-"+role || len(d.Panels) < 10 {
			t.Fatalf("%s: %v, %q with %d panels", role, err, d.UID, len(d.Panels))
		}
		asked := map[string]bool{}
		for _, p := range d.Panels {
			if len(p.Targets) == 0 {
				t.Errorf("%s, %s: it shows nothing", role, p.Title)
			}
			for _, target := range p.Targets {
				checkQuery(t, role+", "+p.Title, target.Expr)
				for _, name := range queried.FindAllString(target.Expr, -1) {
					m := metricNames()[name]
					if asked[m.Name] = true; m.Roles != "all" && !strings.Contains(m.Roles, role) {
						t.Errorf("%s, %s: %s is not shown by it", role, p.Title, name)
					}
				}
			}
		}
		for _, m := range telemetry.Metrics() { // the role's own are all there
			if m.Roles == role && !asked[m.Name] && m.Name != "posp_operator_backend_bound" && m.Name != "posp_operator_backend_tokens_total" {
				t.Errorf("%s: nothing shows %s", role, m.Name)
			}
		}
	}
}

// The manual's table is what there is. POSP_UPDATE=1 writes it anew.
func TestTableOfMetrics(t *testing.T) {
	const path, begin, end = "../docs/telemetry.md", "<!-- metrics -->\n", "<!-- /metrics -->\n"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(raw), begin)
	have, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q ... %q", path, begin, end)
	}
	var want strings.Builder
	want.WriteString("| metric | kind | labels | shown by | says |\n|---|---|---|---|---|\n")
	for _, m := range telemetry.Metrics() {
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s | %s |\n", m.Name, m.Kind, strings.Join(m.Labels, ", "), m.Roles, m.Help)
	}
	if have == want.String() {
		return
	}
	if os.Getenv("POSP_UPDATE") == "" {
		t.Fatalf("%s is not what there is: POSP_UPDATE=1 go test ./tests -run TestTableOfMetrics", path)
	}
	if err := os.WriteFile(path, []byte(head+begin+want.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// logging finds the calls of a source file that log, and the keys that they use.
func logging(t *testing.T, path string, field func(pos token.Position, key string, value ast.Expr), message func(pos token.Position, level string, args []ast.Expr)) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		at := set.Position(call.Pos())
		if on, ok := sel.X.(*ast.Ident); ok && on.Name == "zap" && len(call.Args) == 2 {
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				key, _ := strconv.Unquote(lit.Value)
				field(at, key, call.Args[1])
			}
		}
		name := ""
		switch x := sel.X.(type) {
		case *ast.Ident:
			name = x.Name
		case *ast.SelectorExpr:
			name = x.Sel.Name
		}
		if slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, sel.Sel.Name) && (name == "log" || name == "Log") && len(call.Args) > 0 {
			message(at, sel.Sel.Name, call.Args)
		}
		return true
	})
}

// byMetricAlone are the codes that no log line can name: nobody is there to write it, or it is a matter of how long.
var byMetricAlone = []string{"DAEMON-DOWN", "DUTIES-MISSED", "CHAIN-STALE", "EPOCH-UNCERTIFIED", "TX-STUCK", "COMMIT-MARGIN", "INTAKE-EXHAUSTED", "STORE-SLOW", "AUDIT-STALLED"}

// uncoded are folders and files of what no alert watches: the devnet, and what a person looks at.
var uncoded = []string{"tools/", "tests/", "inference/server/", "internal/explorer/api.go", "internal/devnet/chain/node.go"}

// alarmed is where auditors' alarms are logged, and the one place where a code is not a constant: it is any of watch.Codes.
const alarmed = "../internal/app/watch.go"

// isAlarm says whether a code is an alarm's own: string(a.Code).
func isAlarm(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	to, ok1 := call.Fun.(*ast.Ident)
	of, ok2 := call.Args[0].(*ast.SelectorExpr)
	return ok1 && ok2 && to.Name == "string" && of.Sel.Name == "Code"
}

// codeOf is what a log line's field code says; empty without one. Of an alarm it is any of many.
func codeOf(args []ast.Expr) string {
	for _, a := range args[1:] {
		call, ok := a.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			continue
		}
		key, ok1 := call.Args[0].(*ast.BasicLit)
		value, ok2 := call.Args[1].(*ast.BasicLit)
		if ok1 && key.Value == `"code"` && isAlarm(call.Args[1]) {
			return "alarm"
		}
		if ok1 && ok2 && key.Value == `"code"` {
			code, _ := strconv.Unquote(value.Value)
			return code
		}
	}
	return ""
}

// What the manual says that a line has as its code, it has.
func TestCodesOfMessages(t *testing.T) {
	raw, err := os.ReadFile("../docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "| message | code | means | do |\n")
	if !ok {
		t.Fatal("docs/failures.md has no table of messages with codes")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	logged := map[string]string{} // message to code; "none" without
	for _, dir := range []string{"operator", "inference/backends", "internal/app"} {
		files, err := filepath.Glob("../" + dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			logging(t, path, func(token.Position, string, ast.Expr) {}, func(_ token.Position, _ string, args []ast.Expr) {
				text := args[0]
				if sum, ok := text.(*ast.BinaryExpr); ok {
					text = sum.X
				}
				lit, ok := text.(*ast.BasicLit)
				if !ok {
					return
				}
				message, _ := strconv.Unquote(lit.Value)
				logged[message] = cmp.Or(codeOf(args), "none")
			})
		}
	}
	rows := 0
	for row := range strings.Lines(table) {
		cells := strings.Split(row, " | ")
		if !strings.HasPrefix(row, "| `") {
			continue
		}
		want := strings.Trim(cells[1], "`")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[0], -1) {
			text, _, _ := strings.Cut(strings.TrimSuffix(m[1], ": …"), ": refuse")
			text, _, _ = strings.Cut(text, ": the aggregator does")
			rows++
			found := false
			for message, code := range logged {
				if strings.HasPrefix(message, text) {
					found = true
					if code != want && message != "backend is well again" {
						t.Errorf("%q is logged with the code %s, and the manual says %s", message, code, want)
					}
				}
			}
			if !found {
				t.Errorf("nothing logs %q", text)
			}
		}
	}
	if rows < 12 {
		t.Errorf("%d messages in the table", rows)
	}
}

// What is logged can be searched: keys are snake_case, messages constant, and a
// code is one of the manual.
func TestLogs(t *testing.T) {
	codes, keys, messages, coded := codesOfManual(t), 0, 0, map[string]bool{}
	snake := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"node_modules", ".git", "bin", "out", "cache"}, d.Name()) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		logging(t, path, func(at token.Position, key string, value ast.Expr) {
			keys++
			if !snake.MatchString(key) {
				t.Errorf("%s: key %q is not snake_case", at, key)
			}
			if key != "code" {
				return
			}
			if path == filepath.FromSlash(alarmed) && isAlarm(value) {
				for code := range watch.Codes() {
					if coded[string(code)] = true; !codes[string(code)] {
						t.Errorf("%s: docs/failures.md has no code %q", at, code)
					}
				}
				return
			}
			lit, ok := value.(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: the code is not a constant", at)
				return
			}
			code, _ := strconv.Unquote(lit.Value)
			if coded[code] = true; !codes[code] {
				t.Errorf("%s: docs/failures.md has no code %q", at, code)
			}
		}, func(at token.Position, level string, args []ast.Expr) {
			messages++
			watched := !slices.ContainsFunc(uncoded, func(place string) bool { return strings.HasPrefix(path, filepath.FromSlash("../"+place)) })
			if level == "Error" && watched && codeOf(args) == "" {
				t.Errorf("%s: a failing state names no code", at)
			}
			ast.Inspect(args[0], func(n ast.Node) bool {
				if _, made := n.(*ast.CallExpr); made {
					t.Errorf("%s: the message is not a constant", at)
				}
				return true
			})
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for code := range codes {
		if alone := slices.Contains(byMetricAlone, code); alone == coded[code] {
			t.Errorf("%s: a log line names it: %v; that only metrics can tell: %v", code, coded[code], alone)
		}
	}
	if keys < 200 || messages < 100 || len(coded) < 10 {
		t.Errorf("found %d keys, %d messages and the codes %v: is this the whole source?", keys, messages, slices.Sorted(maps.Keys(coded)))
	}
}
