// Included by the compiler before every file of the emulation program: replaces the one intrinsic that
// Bochs 2.7 computes wrongly, the masked vpmultishiftqb, by the unmasked one and a move under the mask. The
// asm statement keeps the compiler from making one instruction of the two again; check_instructions.sh looks
// for it.
#pragma once

#include <immintrin.h>

[[gnu::always_inline, gnu::target("avx512f,avx512bw,avx512vbmi")]] inline __m512i
emulation_mask_multishift_epi64_epi8(__m512i otherwise, __mmask64 mask, __m512i offsets, __m512i x) {
  __m512i all = _mm512_multishift_epi64_epi8(offsets, x);
  __asm__("" : "+v"(all));
  return _mm512_mask_mov_epi8(otherwise, mask, all);
}
#define _mm512_mask_multishift_epi64_epi8 emulation_mask_multishift_epi64_epi8
