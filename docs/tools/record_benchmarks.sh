#!/usr/bin/env bash
# Measures throughput and keeps the figures, with what they were measured on, in docs/benchmarks.txt; the
# target `docs` then writes the tables and pictures anew. Needs the packages of the test preset and a quiet machine.
# Usage: docs/tools/record_benchmarks.sh [options of conversion_bench]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cmake --workflow --preset bench >/dev/null
cache_value() { sed -n "s/^$1:[A-Z]*=//p" build/bench/CMakeCache.txt; }
compiler=$(cache_value CMAKE_CXX_COMPILER)

result=docs/benchmarks.txt
{
  echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
  echo "compiler: $("$compiler" --version | head -n 1), $(cache_value CMAKE_CXX_FLAGS_RELEASE)"
  echo "commit: $(git describe --always --dirty)"
  echo "date: $(date -u +%Y-%m-%d)"
  echo "command: docs/tools/record_benchmarks.sh${*:+ $*}"
  echo
  taskset -c 1 build/bench/bench/conversion_bench "$@" 2>/dev/null
} >"$result.new"
mv "$result.new" "$result"
