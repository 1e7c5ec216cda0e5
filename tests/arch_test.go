// Package tests holds what spans packages: the architecture's rules, shared
// vectors, scenarios and whole runs.
package tests

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/proof-of-sampling/posp"

// layers is the architecture: which packages there are, and which of ours
// each may import. "posp" is the module root. A package that is not listed
// fails the test, so that nobody adds a drawer for odds and ends.
var layers = map[string][]string{
	// 0: vocabulary
	"posp":            {},
	"contracts":       {"posp"},
	"internal/merkle": {"posp"},

	// 1: pure or computing
	"sampler":                   {"posp", "internal/merkle"},
	"verdict":                   {"posp", "internal/merkle", "sampler"},
	"econ":                      {"posp", "verdict"},
	"audit/bundle":              {"posp", "internal/merkle", "sampler", "verdict"},
	"inference":                 {"posp"},
	"inference/model":           {"posp", "inference", "internal/merkle"},
	"inference/float":           {"posp", "inference", "inference/model"},
	"inference/reference":       {"posp", "inference", "inference/model"},
	"inference/exact":           {"inference", "inference/model"},
	"inference/openai":          {"posp", "inference"},
	"inference/backends":        {"posp", "inference"},
	"inference/server":          {"posp", "inference", "inference/model"},
	"challenge":                 {"posp", "inference/reference", "challenge/circuit"},
	"challenge/circuit":         {"posp", "inference/reference", "internal/srs"},
	"internal/keys":             {"posp"},
	"internal/keys/keystest":    {},
	"internal/beacon":           {"posp"},
	"internal/srs":              {},
	"internal/chart":            {},
	"internal/measure":          {"posp", "verdict", "inference", "inference/model", "inference/float", "inference/reference"},
	"internal/gather":           {},
	"internal/store":            {"internal/gather"},
	"internal/store/storetest":  {},
	"internal/chain":            {"posp", "contracts", "internal/keys", "internal/beacon", "sampler", "internal/merkle"},
	"internal/transport":        {"posp", "internal/transport/pospv1"},
	"internal/transport/pospv1": {},
	"internal/tlog":             {"posp"},
	"internal/telemetry":        {},
	"internal/explorer":         {"posp", "contracts", "econ", "verdict", "sampler", "inference/reference", "internal/merkle", "internal/chain", "internal/transport"},

	// 2: roles; they never import each other, and what does I/O reaches them
	// through the interfaces that they declare
	"provider":   {"posp", "internal/merkle", "sampler", "inference", "internal/store"},
	"operator":   {"posp", "internal/merkle", "sampler", "verdict", "inference", "inference/backends", "internal/store", "internal/keys"},
	"aggregator": {"posp", "internal/merkle", "sampler", "verdict", "internal/store", "internal/gather", "internal/keys"},
	"audit":      {"posp", "audit/bundle", "internal/merkle", "sampler", "verdict", "inference", "internal/keys"},

	// what an auditor that never stops remembers and decides
	"audit/watch": {"posp", "internal/merkle"},

	// makes certified epochs for tests, vectors and measurements
	"audit/audittest": {"posp", "audit", "audit/bundle", "internal/merkle", "sampler", "verdict", "inference", "internal/keys"},

	// 3: what joins them
	"internal/app":               {"*"},
	"internal/devnet":            {"*"},
	"internal/devnet/chain":      {},
	"internal/devnet/eigenlayer": {"posp", "contracts", "internal/chain", "internal/keys"},

	// 4: what a user runs
	"cmd/posp":            {"internal/app", "internal/devnet"},
	"tests":               {"*"},
	"tests/adversary":     {"*"},
	"tests/chaos":         {"*"},
	"tests/explorer":      {"*"},
	"tools/bench":         {"*"},
	"tools/bench/audit":   {"*"},
	"tools/bench/daemons": {"*"},
	"tools/bench/dispute": {"*"},
	"tools/bench/page":    {},
	"tools/bench/verdict": {"*"},
	"tools/bundles":       {"posp", "audit", "audit/audittest"},
	"tools/verifiers":     {"challenge/circuit"},
	"tools/vectors":       {"posp", "verdict", "inference/model", "inference/reference", "sampler", "internal/merkle", "contracts", "internal/app", "internal/keys"},
}

// eigenlayerBindings may be imported by the devnet and tests alone: its licence is not
// free for production.
const eigenlayerBindings = "github.com/Layr-Labs/eigenlayer-contracts"

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func short(path string) string {
	if path == module {
		return "posp"
	}
	return strings.TrimPrefix(path, module+"/")
}

func TestArchitecture(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := short(p.ImportPath)
		seen[name] = true
		allowed, known := layers[name]
		if !known {
			t.Errorf("package %s is not in the architecture: find it a place among the packages there are, or add it to the table with a reason", name)
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, eigenlayerBindings) && name != "internal/devnet/eigenlayer" {
				t.Errorf("%s imports %s: only internal/devnet/eigenlayer may, for its licence", name, imp)
			}
			if imp != module && !strings.HasPrefix(imp, module+"/") || slices.Contains(allowed, "*") {
				continue
			}
			if !slices.Contains(allowed, short(imp)) {
				t.Errorf("%s imports %s, which its layer does not allow", name, short(imp))
			}
		}
		for _, imp := range p.Imports {
			if name != "tests" && strings.HasPrefix(imp, module+"/tests") {
				t.Errorf("%s imports the tests", name)
			}
		}
	}
	for name := range layers {
		if !seen[name] {
			t.Errorf("the architecture lists %s, which does not exist: delete the line", name)
		}
	}
}
