#!/bin/sh
# Regenerates what is committed of the contracts: snapshots/ and the Go
# bindings. The same sources give the same bytes. Needs Node and Go.
set -eu
cd "$(dirname "$0")"

contracts="DevToken ERC1967Proxy"
harnesses=""

[ -d node_modules ] || npm ci
./forge build --skip test

combined=$(mktemp)
trap 'rm -f "$combined"' EXIT
# shellcheck disable=SC2086
node script/snapshots.mjs $contracts $harnesses > "$combined"
go run github.com/ethereum/go-ethereum/cmd/abigen@v1.17.10 --v2 --combined-json "$combined" --pkg contracts --out bindings_gen.go
chmod 644 bindings_gen.go # abigen writes for its user alone
