#!/usr/bin/env bash
# Writes docs/verification.md: runs the test programs of a build folder and counts what they compare.
#   tests/verification/run.sh BUILD [--exhaustive] [FOLDER OF FUZZ LOGS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=${1:?a build folder, such as build/test}
shift
programs=(core_tests format_tests type_tests array_tests block_tests kernel_tests)
if [[ ${1:-} == --exhaustive ]]; then
  programs+=(exhaustive_tests kernel_exhaustive_tests block_oracle_tests)
  shift
fi
results=$build/verification
rm -rf "$results" && mkdir -p "$results"
git describe --always --dirty >"$results/commit.txt"
for program in "${programs[@]}"; do
  if [[ $program == block_oracle_tests ]]; then  # block_tests once more, on a million blocks of each format
    NARROWFP_TEST_BLOCKS=1000000 "$(find "$build/tests" -type f -name block_tests)" --gtest_brief=1 \
      --gtest_filter='*BlockOracle*' --gtest_output="xml:$results/$program.xml" || true
    continue
  fi
  path=$(find "$build/tests" -type f -name "$program")
  if [[ $path ]]; then "$path" --gtest_brief=1 --gtest_output="xml:$results/$program.xml" || true; fi
done
if [[ ${1:-} ]]; then
  cp "$1"/*.log "$results"
  if [[ -e $1/commit.txt ]]; then cp "$1/commit.txt" "$results/fuzz_commit.txt"; fi  # where it is another one
fi
cmake -D ROOT="$PWD" -D RESULTS="$results" -P tests/verification/report.cmake
