#!/usr/bin/env bash
# Builds and runs tests under hostile flags, one build folder each (build/hostile-NAME).
#
#   tests/hostile/run.sh                 lists the names
#   tests/hostile/run.sh NAME...         small programs that reach every layer: quick_checks, tests/mutation/CMakeLists.txt
#   ALL=1 tests/hostile/run.sh NAME...   every default test
#
# JOBS sets the number of compilers at a time; INPUTS the random inputs of a fuzz target.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# CLANG names the newest clang; by default the newest of those installed.
newest=${CLANG:-$(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -t- -k2nr | head -n 1 || true)}

warnings_off=-w  # what sanitizers and -O levels make compilers suspect is not this script's matter
ignored=-fsanitize-ignorelist=$PWD/tests/hostile/sanitizer_ignore.txt

# name | compiler | flags | what it looks for
configurations=(
  "asan|clang++|-O1 -fsanitize=address,undefined,implicit-conversion,float-divide-by-zero,local-bounds -fno-sanitize-recover=all $ignored|memory errors, undefined behaviour, conversions that lose a value"
  "asan-gcc|g++|-O2 -fsanitize=address,undefined -fno-sanitize-recover=all|the same by the other compiler"
  "tsan|g++|-O1 -fsanitize=thread|data races"
  "O0|g++|-O0|what only optimization hides"
  "O1|g++|-O1|"
  "O3|g++|-O3|"
  "Os|g++|-Os|"
  "O0-clang|clang++|-O0|"
  "O3-clang|clang++|-O3|"
  "fast-math|g++|-O2 -ffast-math|arithmetic that the compiler may rearrange; subnormals flushed from the start"
  "fast-math-clang|clang++|-O2 -ffast-math|the same by the other compiler"
  "fast-math-newest|${newest:-clang++}|-O2 -ffast-math|the newest clang: no function returns a NaN or infinity there"
  "lto|g++|-O2 -flto=auto|one copy of each function in the program"
  "native|g++|-O3 -march=native|vector code in the scalar path"
  "v2|g++|-O2 -march=x86-64-v2|"
  "v3|g++|-O2 -march=x86-64-v3|fused multiply-add in the scalar path"
  "v4|g++|-O2 -march=x86-64-v4|"
  "v3-clang|clang++|-O3 -march=x86-64-v3 -ffp-contract=fast|"
  "assertions|g++|-O1 -D_GLIBCXX_ASSERTIONS|preconditions of the standard library"
  "hardened|g++|-O2 -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE -pie -Wl,-z,relro,-z,now|the flags of distributions"
  "trapv|g++|-O1 -ftrapv -fno-strict-aliasing|signed overflow"
  "unsigned-char|g++|-O2 -funsigned-char|the signedness of char"
  "valgrind|g++|-O1|uninitialised and outside reads of the scalar and AVX2 paths, in machine code"
  "no-exceptions|g++|-O2 -fno-exceptions -fno-rtti|"
)


list() {
  echo "usage: tests/hostile/run.sh NAME...   (ALL=1: every default test)"
  local entry name compiler flags purpose
  for entry in "${configurations[@]}"; do
    IFS='|' read -r name compiler flags purpose <<<"$entry"
    printf '  %-16s %-8s %s%s\n' "$name" "$compiler" "${flags//"$ignored"/}" "${purpose:+  ($purpose)}"
  done
}

build() {
  cmake -S . -B "$folder" -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_CXX_FLAGS="$flags $warnings_off" -DNARROWFP_BUILD_FULL_TESTS=ON \
    -DNARROWFP_BUILD_BENCH=OFF -DNARROWFP_BUILD_EXAMPLES="${1:-OFF}" >"$folder.log"
  cmake --build "$folder" -j "${JOBS:-$(nproc)}" "${@:2}" >>"$folder.log" 2>&1 || { tail -n 40 "$folder.log"; return 1; }
}

run_programs() {
  local path name arguments
  for path in "$folder"/tests/{mutation/quick_*,fuzz/fuzz_packed,fuzz/fuzz_layouts,concurrency/first_calls,concurrency/before_main}; do
    name=$(basename "$path")
    arguments=()
    case $name in
      quick_values | fuzz_*) arguments=("tests/fuzz/corpus/${name#*_}.txt" "--inputs=${INPUTS:-1000}") ;;
    esac
    "$@" "$path" "${arguments[@]}" >>"$folder.log" 2>&1 || { tail -n 20 "$folder.log"; echo "$name failed"; return 1; }
  done
}

# Memory errors fail, and wrong results, but for AVX2's: valgrind adds vectors of floats to nearest, whatever
# MXCSR says, and kernels that truncate differ.
under_valgrind() {
  local status=0
  valgrind -q --error-exitcode=99 "$@" || status=$?
  [[ $status == 0 || ($status == 1 && $NARROWFP_ISA == avx2) ]]
}

run_one() {
  folder=build/hostile-$name
  mkdir -p build
  if [[ $name == no-exceptions ]]; then
    build OFF --target headers_alone contract linked_units && "$folder/tests/compile/linked_units"
  elif [[ $name == valgrind ]]; then
    build OFF --target quick_checks || return 1
    local cap
    for cap in scalar avx2; do  # valgrind knows no AVX-512
      NARROWFP_ISA=$cap INPUTS=${INPUTS:-50} run_programs under_valgrind || return 1
    done
  elif [[ -n ${ALL:-} ]]; then
    build ON && ctest --test-dir "$folder" -LE exhaustive -j "${JOBS:-$(nproc)}" --output-on-failure
  else
    build OFF --target quick_checks && run_programs
  fi
}

(($#)) || { list; exit; }
failed=()
for wanted in "$@"; do
  found=
  for entry in "${configurations[@]}"; do
    IFS='|' read -r name compiler flags purpose <<<"$entry"
    if [[ $name == "$wanted" ]]; then
      found=yes
      started=$SECONDS
      echo "=== $name: $compiler $flags"
      if run_one; then echo "=== $name holds, $((SECONDS - started)) s"; else failed+=("$name"); fi
    fi
  done
  [[ $found ]] || { list; echo "no such name: $wanted" >&2; exit 2; }
done
if ((${#failed[@]})); then
  echo "*** failed: ${failed[*]}" >&2
  exit 1
fi
