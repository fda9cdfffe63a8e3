#!/usr/bin/env bash
# Line and branch coverage of include/ by the default tests, and the lines that none of them runs; writes
# build/coverage/coverage.html. Lines run only by the compiler, in constant expressions, do not count as run.
# PROGRAMS names other test programs than these.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
read -ra programs <<<"${PROGRAMS:-core_tests format_tests type_tests array_tests block_tests kernel_tests fuzz_values fuzz_arrays fuzz_blocks fuzz_packed fuzz_layouts}"
cmake -S . -B build/coverage -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS="-O0 --coverage" \
  -DNARROWFP_BUILD_FULL_TESTS=ON -DNARROWFP_BUILD_BENCH=OFF -DNARROWFP_BUILD_EXAMPLES=OFF >/dev/null
cmake --build build/coverage -j "${JOBS:-$(nproc)}" --target "${programs[@]}"
find build/coverage -name '*.gcda' -delete
for program in "${programs[@]}"; do
  arguments=(--gtest_brief=1)
  if [[ $program == fuzz_* ]]; then arguments=("tests/fuzz/corpus/${program#fuzz_}.txt" --inputs=2000); fi
  "$(find build/coverage/tests -type f -name "$program")" "${arguments[@]}"
done
gcovr --root . --filter include/ --object-directory build/coverage --gcov-ignore-parse-errors \
  --exclude-unreachable-branches --exclude-throw-branches --json build/coverage/coverage.json
gcovr --root . --add-tracefile build/coverage/coverage.json --html-details build/coverage/coverage.html \
  --print-summary --txt -
