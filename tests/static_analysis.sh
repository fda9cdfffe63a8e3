#!/usr/bin/env bash
# Static analysis of the headers, with the contract tests as their users; nothing may be found.
#
#   tests/static_analysis.sh [warnings] [tidy] [cppcheck]      all three by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
clang=$(command -v clang++-14 || command -v clang++)
tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)

# clang's every warning but these.
without=(
  c++98-compat c++98-compat-pedantic c++20-compat  # C++20 it is
  padded                                 # says where padding is, not that it is wrong; abi.cpp pins layouts
  unused-template                        # internal linkage in headers: docs/architecture.md
  unneeded-member-function unused-member-function
  switch-enum                            # default stands for the enumerators that need no case
  zero-as-null-pointer-constant          # comparisons of <=> with 0
  double-promotion                       # written out, as double{x}
  float-equal                            # zero and equal sums are meant exactly
)

# each <command...> -- <contract test...>: runs the command on each of these tests, on all cores.
each() {
  local command=()
  while [[ $1 != -- ]]; do command+=("$1") && shift; done
  printf 'tests/compile/contract/%s.cpp\0' "${@:2}" | xargs -0 -P "$(nproc)" -I SOURCE "${command[@]}"
}

warnings() {
  echo "-Weverything"
  each "$clang" -std=c++20 -Iinclude -fsyntax-only -Weverything "${without[@]/#/-Wno-}" -Werror SOURCE \
    -- arrays blocks values io abi
}

tidy() {
  echo "clang-tidy: the checks of .clang-tidy"
  [[ $tidy ]] || { echo "clang-tidy is not installed" >&2; return 1; }
  each bash -c '"$0" --quiet "$1" -- -std=c++20 -Iinclude 2>/dev/null' "$tidy" SOURCE -- arrays blocks
}

# cppcheck 2.10 cannot read some constraints and takes branches of if constexpr that a format does not have.
cppcheck_of() {
  echo "cppcheck"
  cppcheck --std=c++20 --language=c++ --enable=warning,performance,portability --inline-suppr -q \
    --error-exitcode=1 --suppress=syntaxError:include/narrowfp/kernels/facts/{ranks,dense}.hpp \
    --suppress=internalAstError:include/narrowfp/{aliases,kernels/neon/quantize_hif4}.hpp \
    --suppress={shiftNegative,shiftTooManyBits,signConversion}:include/narrowfp/formats/binary_layout.hpp \
    $(find include -name '*.hpp' -not -path "*/kernels/avx*" -not -path "*/kernels/vector/*")
}

for name in "${@:-warnings}" $([[ $# -gt 0 ]] || echo tidy cppcheck); do
  case $name in
    warnings) warnings ;;
    tidy) tidy ;;
    cppcheck) cppcheck_of ;;
    *) echo "usage: $0 [warnings] [tidy] [cppcheck]" >&2; exit 2 ;;
  esac
done
