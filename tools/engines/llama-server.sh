#!/usr/bin/env bash
# Builds llama.cpp's server for the tests that need a real inference server; about 10 CPU-minutes and 600 MB.
#
#   tools/engines/llama-server.sh [DIRECTORY]      default: ~/.cache/posp/llama.cpp
#
# Needs npm, git, a C++ compiler, cmake and ninja (Debian: apt install cmake ninja-build g++). The source is llama.cpp's as
# the MIT-licensed npm package node-llama-cpp carries it, a git bundle; nothing of it becomes part of this repository.
# CI does not run this.
set -euo pipefail

version=3.22.1
directory=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/posp/llama.cpp}

for tool in npm git cmake ninja c++; do
	command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: apt install cmake ninja-build g++ git npm)" >&2; exit 1; }
done
server=$directory/source/build/bin/llama-server
if [ ! -x "$server" ]; then
	mkdir -p "$directory"
	cd "$directory"
	[ -f "node-llama-cpp-$version.tgz" ] || npm pack --silent "node-llama-cpp@$version" >/dev/null
	tar -xzf "node-llama-cpp-$version.tgz" package/llama/gitRelease.bundle
	rm -rf source
	git clone --quiet package/llama/gitRelease.bundle source
	rm -r package
	# A server for one machine: no network libraries, no page, no OpenMP, so that threads are its own.
	cmake -S source -B source/build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
		-DLLAMA_CURL=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
		-DLLAMA_BUILD_UI=OFF -DLLAMA_BUILD_WEBUI=OFF -DGGML_OPENMP=OFF
	ninja -C source/build llama-server llama-quantize
fi
echo "export POSP_LLAMA_SERVER=$server"
