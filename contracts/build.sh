#!/bin/sh
# Regenerates what is committed of the contracts: snapshots/ and the Go
# bindings. The same sources give the same bytes. Needs Node and Go.
set -eu
cd "$(dirname "$0")"

product="AttestationRegistry BatchRegistry DisputeGame ExampleMarket FaultManager KeyRegistry OnDemand OperatorTable PlainStepVerifier ReceiptFaults RefundPool ServiceManager SignerFaults VerdictCallbacks VerdictReader VerdictRule"
private="PrivateDisputeGame PrivateStepVerifier HiddenRows DotVerifier LargestVerifier MapVerifier PartVerifier ProjectVerifier SumVerifier TokenVerifier TotalVerifier"
support="DevToken ERC1967Proxy Libraries MockVerdictReader ReferenceLibraries Verdicts" # of development chains and tests

[ -d node_modules ] || npm install --no-save
# From nothing: what the compiler makes of a file can depend on what it compiled it with.
FOUNDRY_PROFILE=deploy ./forge build --force --skip test --quiet

combined=$(mktemp)
trap 'rm -f "$combined"' EXIT
# shellcheck disable=SC2086
node script/snapshots.mjs $product $private $support > "$combined"
go run github.com/ethereum/go-ethereum/cmd/abigen@v1.17.10 --v2 --combined-json "$combined" --pkg contracts --out bindings_gen.go
chmod 644 bindings_gen.go # abigen writes for its user alone
