#!/usr/bin/env bash
# Compares the throughput of two commits on this machine: conversion_bench of both, run in turn, so that a busy machine
# slows both alike. A row falls short when the median of its runs stays below 0.97 of the first commit's (0.93 in memory)
# in two further repeats of the rows that did.
#
#   bench/compare_commits.sh BASE NEW [OPTION...]
#
# BASE and NEW are commits, built in build/compare/<commit>, or folders that hold bench/conversion_bench already; `.` is
# the working tree. Options are conversion_bench's, as --memory_mi=0 --benchmark_filter=hif8. RUNS=9 runs of each, in turn;
# PIN='taskset -c 1' stands before each command.
set -euo pipefail

(($# >= 2)) || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${RUNS:-9}
read -ra pin <<<"${PIN:-}"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# built <commit or folder>: prints the folder that holds bench/conversion_bench, which it builds for a commit.
built() {
  if [[ -x $1/bench/conversion_bench ]]; then
    (cd "$1" && pwd)
    return
  fi
  local source=$root folder=$root/build/compare/here
  if [[ $1 != . ]]; then
    local commit
    commit=$(git -C "$root" rev-parse --short "$1^{commit}")
    source=$root/build/compare/$commit/source folder=$root/build/compare/$commit
    [[ -d $source ]] || git -C "$root" worktree add --quiet --detach "$source" "$commit" >&2
  fi
  cmake -S "$source" -B "$folder" -DCMAKE_BUILD_TYPE=Release -DNARROWFP_BUILD_BENCH=ON -DNARROWFP_BUILD_TESTS=OFF \
    -DNARROWFP_BUILD_EXAMPLES=OFF >"$results/log" && cmake --build "$folder" --target conversion_bench >>"$results/log" ||
    { cat "$results/log" >&2; exit 1; }
  echo "$folder"
}

# measure <name> <filter>: the runs of both, in turn; one line a row and run: which, row, elements a second.
measure() {
  local run which
  for ((run = 0; run < runs; ++run)); do
    for which in base new; do
      "${pin[@]}" "${!which}/bench/conversion_bench" "${options[@]}" ${2:+"--benchmark_filter=$2"} 2>"$results/log" |
        awk -v which=$which '$1 ~ /\/(cache|memory)$/ && $2 + 0 > 0 { print which, $1, $2 }' >>"$results/$1"
    done
  done
}

# ratios <name>: row, median of new by that of base, and whether it is low.
ratios() {
  sort -k1,1 -k2,2 -k3,3g "$results/$1" | awk '
    { key = $1 " " $2; value[key, ++count[key]] = $3; rows[$2] }
    function median(key) { n = count[key]; return (value[key, int((n + 1) / 2)] + value[key, int(n / 2) + 1]) / 2 }
    END {
      for (row in rows) {
        if (!count["base " row] || !count["new " row]) continue
        ratio = median("new " row) / median("base " row)
        printf "%s %.3f %s\n", row, ratio, ratio < (row ~ /memory$/ ? 0.93 : 0.97) ? "low" : "-"
      }
    }' | sort -k2,2g
}

# One filter for whole rows; the names that are filtered go on behind what is printed.
filter_of() { awk '{ printf "%s^%s/", (NR > 1 ? "|" : ""), $1 }'; }

base=$(built "$1")
new=$(built "$2")
options=("${@:3}")
measure first ''
ratios first >"$results/low"
awk '{ print $2 }' "$results/low" | sort -g | awk '
  { ratio[NR] = $1 }
  END { printf "%d rows; new / base: lowest %s, median %s, highest %s\n", NR, ratio[1], ratio[int((NR + 1) / 2)], ratio[NR] }'
for repeat in second third; do
  grep ' low$' "$results/low" >"$results/asked" || break
  echo "$(wc -l <"$results/asked") rows are low; their $repeat run"
  measure "$repeat" "$(filter_of <"$results/asked")"
  ratios "$repeat" >"$results/low"
  (($(wc -l <"$results/low") == $(wc -l <"$results/asked"))) || { echo "not all of these rows ran again" >&2; exit 1; }
done
if grep ' low$' "$results/low"; then
  echo "these rows fall short" >&2
  exit 1
fi
echo "no row falls short"
