#!/usr/bin/env bash
# Lets libFuzzer look for inputs: tests/fuzz/run.sh FOLDER TARGET SECONDS, FOLDER being where the programs lie
# (build/fuzz/tests/fuzz). Starts from the corpus and from what earlier runs found there; a bad input is kept in
# FOLDER/TARGET-crash-*. The last lines give executions and the edges (cov) reached.
set -euo pipefail
folder=$(realpath "$1")
target=$2
seconds=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"$folder/fuzz_$target" "$here/corpus/$target.txt" --expand="$folder/found-$target"
"$folder/libfuzzer_$target" "$folder/found-$target" -max_total_time="$seconds" -max_len=4096 -timeout=300 \
  -artifact_prefix="$folder/$target-" -print_final_stats=1 2>&1 | tee "$folder/$target.log" |
  grep -E 'DONE|ERROR|SUMMARY|stat::|terminate|what\(\)' 
