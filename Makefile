# The README's commands, and what maintainers run. `make help` lists them.
.PHONY: help build demo demo-dispute test test-go test-contracts test-verifier test-package contracts contracts-deps verifier verifier-deps proto bench bench-verdict bench-dispute bench-daemons bench-audit chaos fuzz check-verifiers clean
.DEFAULT_GOAL := help

GOFLAGS_BUILD := -trimpath -ldflags "-s -w"

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/posp, one static binary
	CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/posp ./cmd/posp

demo: build ## five epochs of the whole protocol on this machine, from a buyer's request to money moved on chain
	bin/posp devnet

demo-dispute: build ## one honest party against a bought quorum, by the reference program (PRIVATE=1: under a private spec; minutes)
	bin/posp devnet --play dispute $(if $(PRIVATE),--private)

test: test-go test-contracts test-verifier ## every test, Go, Solidity and TypeScript

test-go:
	go test -timeout 30m ./...

test-contracts: contracts-deps
	cd contracts && ./forge test

test-verifier: verifier-deps
	cd verifier && npm test --silent

verifier: verifier-deps ## the explorer's page, as it is served: its assets in one module, verifier/ in another
	cd verifier && npm run --silent page
test-package: contracts-deps ## the npm package, in Foundry, Hardhat and viem projects of an integrator; downloads them
	POSP_NPM=1 go test ./contracts -run TestPackage -count=1 -timeout 60m

verifier-deps: verifier/node_modules/.package-lock.json
verifier/node_modules/.package-lock.json: verifier/package-lock.json
	cd verifier && npm install --no-save --no-audit --no-fund --loglevel=error

contracts-deps: contracts/node_modules/.package-lock.json
contracts/node_modules/.package-lock.json: contracts/package-lock.json
	cd contracts && npm install --no-save --no-audit --no-fund --loglevel=error

contracts: contracts-deps ## compile the contracts and regenerate what Go embeds of them
	cd contracts && ./build.sh

check-verifiers: ## derive the verifiers of private steps from circuits and powers of tau, and compare; minutes the first time
	go run ./tools/verifiers --check

proto: ## regenerate the aggregator's API from its .proto (npm's @bufbuild/buf 1.75.0 on PATH)
	go generate ./internal/transport

bench: ## tables into docs/bench
	go run ./tools/bench

bench-verdict: ## what verdicts are worth, into docs/bench; an hour or more (QUICK=1: minutes), continued by a rerun
	go run ./tools/bench/verdict $(if $(QUICK),-quick)

bench-dispute: ## what disputes cost, into docs/bench; twenty minutes (QUICK=1: fewer)
	go run ./tools/bench/dispute $(if $(QUICK),-quick)

bench-daemons: ## what the aggregator takes and costs, into docs/bench; twenty minutes (QUICK=1: minutes, printed only)
	CGO_ENABLED=0 go run ./tools/bench/daemons $(if $(QUICK),-quick)

bench-audit: ## what verifying a bundle takes, into docs/bench; minutes (RUNS=5; with node and `npm run build` in verifier/, its TypeScript too)
	CGO_ENABLED=0 go run ./tools/bench/audit $(if $(RUNS),-runs $(RUNS))

chaos: ## kill, starve, cut off and mislead the binary's processes, into docs/bench; half an hour (SEED=7,8 TIME=5m ONLY='RPC': printed only, unless REPORT=file; FROM=file: kill at writes that it has not, and add to it; SHARE=1/2: at half of them)
	go test ./tests/chaos -run TestChaos -v -count=1 -timeout 5h -seed $(or $(SEED),1$(comma)2) -time $(or $(TIME),30m) -only '$(ONLY)' $(if $(FROM),-covered $(abspath $(FROM))) $(if $(SHARE),-share $(SHARE)) $(if $(REPORT),-report $(abspath $(REPORT)),$(if $(SEED)$(TIME)$(ONLY),,-report $(CURDIR)/docs/bench/chaos.md))

fuzz: ## each fuzz target for TIME (10m), one after the other: hours (ONLY=Reveals)
	@grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do \
	  for target in $$(sed -nE 's/^func (Fuzz[A-Za-z]*)\(.*/\1/p' "$$file" | grep '$(ONLY)'); do \
	    echo "$$(dirname "$$file") $$target"; \
	    go test "$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(or $(TIME),10m) -fuzzminimizetime 1x || exit 1; \
	  done; \
	done

comma := ,

clean: ## remove what was built
	rm -rf bin contracts/out contracts/cache verifier/dist
