// Layer: kernels/avx512_vbmi. Encoding in one mode: by words, by lookups of bytes, or as AVX-512 does.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "../avx512/words.hpp"
#include "bytes.hpp"
#include "../avx512/dense.hpp"
#include "../avx512/words_of_16_bits.hpp"
#include "../avx512/sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/pack.hpp"
#include "../vector/leading_bytes.hpp"
#include "../avx512/encode_magic.hpp"
#include "../avx512/draws.hpp"
#include "../vector/draws.hpp"
#include "../avx512/pack.hpp"
#include "encode_words.hpp"
#include "../avx512/encode_scales.hpp"
#include "../avx512/encode_by_facts.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode([[maybe_unused]] const S* in, [[maybe_unused]] std::uint8_t* out,
                 [[maybe_unused]] std::size_t n, [[maybe_unused]] const encode_job& job) noexcept {
  if constexpr (is_left_to_avx2<F, Mode, Policy, Bits>) {
    return false;
  } else {
    if constexpr (Bits == 8 && rounds_to_leading_byte<F, Mode, Policy, S>) {
      if (is_one(job.scale)) {
        pack_leading_bytes<F, Mode, Policy>(in, out, n);
        return true;
      }
    }
    if constexpr (Mode != rounding::stochastic) {
      if (is_one(job.scale) && encode_by_words<F, Mode, Policy, Bits>(in, out, n)) {
        return true;
      }
    }
    // Lookups of bytes and dense codes are what VBMI does better; the rest is there once, for both sets.
    constexpr auto& facts = magic_rows_of<F, Mode, Policy>;
    if constexpr (Bits == 8 && (!facts.exists || (facts.flags & flag_mapped) == 0)) {
      return avx512::encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
    } else {
      return encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
    }
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
