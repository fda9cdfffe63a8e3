#!/usr/bin/env bash
# Mutation testing: makes the changes of mutants.txt one at a time in a copy of include/, builds small programs
# with it and says which of them noticed. Writes a table to build/mutation/results.md; exits with 1 where a
# mutant survives that mutants.txt does not explain.
#
#   tests/mutation/run.sh [FIRST [LAST]]       mutants by number, all by default
#
# NICE is the niceness of the compilers, 10 by default. mutants.txt has one paragraph a mutant:
#   @ FILE CHECK...     the file under include/narrowfp, and what is to notice, in this order
#   - TEXT              which occurs in the file; its first occurrence
#   + TEXT              in its place
#   = TEXT              only where the mutant survives: why that is no defect
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
work=$root/build/mutation${SLOT:-}  # SLOT tells several runs at a time apart
export CCACHE_DISABLE=1
flags=(-std=c++20 -O0 -w "-I$work/include" "-I$root/tests")
compile=(nice -n "${NICE:-10}" "${CXX:-g++}" "${flags[@]}")

# What holds no code of the library, once.
prepare() {
  mkdir -p "$work/objects" && cd "$work/objects"
  local source object
  rm -rf "$work/include" && cp -r "$root/include" "$work/include"
  for source in support/{dyadic,oracle,oracle_formats,oracle_hybrid,probes,inputs} fuzz/{values_fuzz,driver} \
    block/{block_oracle,block_oracle_formats,block_inputs} products/{exact_dot,product_inputs}; do
    object=$(basename $source).o
    [[ $object -nt $root/tests/$source.cpp ]] ||
      "${compile[@]}" -O1 -ffp-contract=off -c "$root/tests/$source.cpp" -o "$object"
  done
  cd "$root"
}

objects() { printf "$work/objects/%s.o " "$@"; }

# The check must hold for what is not changed, or its failures would mean nothing.
declare -A holds
require_unchanged() {
  [[ ${holds[$1]:-} ]] && return
  rm -rf "$work/include" && cp -r include "$work/include"
  check "$1" >"$work/log" 2>&1 </dev/null || { cat "$work/log"; echo "$1 fails without a mutant" >&2; exit 2; }
  holds[$1]=yes
}

# Builds and runs one check against the copy; fails where it does not compile, or says that something is wrong.
check() {
  local program=$work/program tests=$root/tests argument=${1#*:}
  local oracle; oracle=$(objects dyadic oracle oracle_formats oracle_hybrid)
  case $1 in
    contract) "${compile[@]}" -fsyntax-only "$tests"/compile/contract/{values,arrays,blocks,hadamard,abi}.cpp ;;
    values)
      "${compile[@]}" "$tests/mutation/few_values.cpp" \
        $(objects probes inputs values_fuzz driver) $oracle -o "$program" &&
        "$program" "$tests/fuzz/corpus/values.txt" --inputs=2000 ;;
    arrays:*:*) "${compile[@]}" "-DFORMAT=${argument%:*}" "-DSOURCE=${argument#*:}" "$tests/mutation/arrays_check.cpp" -o "$program" && "$program" ;;
    arrays:*) "${compile[@]}" "-DFORMAT=$argument" "$tests/mutation/arrays_check.cpp" -o "$program" && "$program" ;;
    blocks:*)
      "${compile[@]}" "-DFORMAT=$argument" "$tests/mutation/blocks_check.cpp" $oracle \
        $(objects block_oracle block_oracle_formats block_inputs) -o "$program" && "$program" ;;
    hadamard) "${compile[@]}" "$tests"/mutation/hadamard_check.cpp "$tests"/hadamard/reference.cpp -o "$program" && "$program" ;;
    products:*)
      "${compile[@]}" "-DFIRST=${argument%:*}" "-DSECOND=${argument#*:}" "$tests/mutation/products_check.cpp" $oracle \
        $(objects exact_dot product_inputs) -o "$program" && "$program" ;;
    packed | layouts)
      "${compile[@]}" "$tests/fuzz/$1_fuzz.cpp" "$tests/fuzz/driver.cpp" -o "$program" &&
        "$program" "$tests/fuzz/corpus/$1.txt" --inputs=500 ;;
    gtest:*)
      "${compile[@]}" "$tests/$argument" "$tests/mutation/few_values.cpp" $(objects probes inputs) $oracle \
        -lgtest -lgtest_main -pthread -o "$program" && "$program" --gtest_brief=1 ;;
    isa)
      "${compile[@]}" "$tests/kernels/isa_test.cpp" -lgtest -lgtest_main -pthread -o "$program" &&
        "$program" --gtest_brief=1 ;;
    calls)
      "${compile[@]}" "$tests/concurrency/first_calls.cpp" -pthread -o "$program" && "$program" &&
        NARROWFP_ISA=scalar "$program" ;;
    *) echo "no such check: $1" >&2; exit 2 ;;
  esac
}

mutate() {
  local path=$work/include/narrowfp/$file text
  rm -rf "$work/include" && cp -r include "$work/include"
  text=$(<"$path")
  [[ $text == *"$old"* ]] || { echo "mutant $number: $file has no '$old'" >&2; exit 2; }
  printf '%s\n' "${text/"$old"/"$new"}" >"$path"
}

judge() {
  ((++number))
  if ((number < first || number > last)); then return; fi
  local noticed=survived
  for name in "${checks[@]}"; do require_unchanged "$name"; done
  mutate
  for name in "${checks[@]}"; do
    if ! check "$name" >"$work/log" 2>&1 </dev/null; then
      noticed=$name
      # The compiler noticed where no program of this mutant was reached.
      if grep -q 'static assertion failed\|static_assert failed' "$work/log"; then noticed="$name (static_assert)"; fi
      break
    fi
  done
  if [[ $noticed == survived && -z $reason ]]; then failed=yes; fi
  if [[ $noticed == survived ]]; then noticed="survives: ${reason:-not explained}"; fi
  printf '| %d | `%s` | `%s` | `%s` | %s |\n' "$number" "$file" "${old//|/\\|}" "${new//|/\\|}" "$noticed" | tee -a "$work/results.md"
}

first=${1:-1}
last=${2:-${1:-9999}}
number=0 failed= file=
prepare
((first > 1)) || printf '| | File | Text | Changed to | Noticed by |\n|---|---|---|---|---|\n' >"$work/results.md"
while IFS= read -r line || [[ $line ]]; do
  case $line in
    '@ '*) read -r file checks <<<"${line#@ }"; read -ra checks <<<"$checks"; old='' new='' reason='' ;;
    '- '*) old=${line#- } ;;
    '+ '*) new=${line#+ } ;;
    '= '*) reason=${line#= } ;;
    '') if [[ $file ]]; then judge; file=; fi ;;
  esac
done < <(grep -v '^#' tests/mutation/mutants.txt; echo)
if [[ $failed ]]; then exit 1; fi
