#!/usr/bin/env bash
# check_instructions.sh PROGRAM: fails where the program holds the instruction that Bochs 2.7 computes wrongly, the masked
# vpmultishiftqb; what else there is of it is counted.
set -euo pipefail
program=$1
command -v objdump >/dev/null || { echo "objdump is not installed; it is in the package binutils"; exit 1; }
found=$(objdump --disassemble --no-show-raw-insn "$program" | { grep -E '\bvpmultishiftqb\b' || true; })
all=$(grep -c . <<<"$found" || true)
masked=$(grep -c '{%k' <<<"$found" || true)
if ((masked)); then
  echo "$(basename "$program"): $masked of $all vpmultishiftqb are masked, which Bochs 2.7 computes wrongly"
  exit 1
fi
echo "$(basename "$program"): $all vpmultishiftqb, none of them masked"
