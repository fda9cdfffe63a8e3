// Layer: kernels/avx512. Encoding by what is known of a format.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/pack.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#include "../vector/draws.hpp"
#include "pack.hpp"
#include "encode_scales.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Modes that AVX2 has as well and that are too rare for loops of their own here.
template <scalar_format F, rounding Mode, overflow Policy, int Bits>
inline constexpr bool is_left_to_avx2 = [] {
  constexpr bool is_rare =
      Policy == overflow::saturate && Mode != F::native_rounding && Mode != rounding::stochastic && Bits == 8;
  if constexpr (is_rare) {
    return linear_of<F, Mode, Policy>.exists;
  }
  return false;
}();

/// Encodes by 32-bit lanes or, scales, by words; false if the format or the scale is no work for either.
template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_by_facts([[maybe_unused]] const S* in, [[maybe_unused]] std::uint8_t* out,
                     [[maybe_unused]] std::size_t n, [[maybe_unused]] const encode_job& job) noexcept {
  constexpr auto& facts = magic_rows_of<F, Mode, Policy>;
  if constexpr (facts.exists) {
    if (is_one(job.scale)) {
      pack_elements<facts.flags, Bits>(in, out, n, job, facts.data);
      return true;
    }
    // A negative number that is flushed to zero would no longer be NaN in an unsigned format.
    if constexpr ((facts.flags & flag_unsigned) == 0) {
      if (scales_before_rounding(job.scale)) {
        if constexpr (Mode == F::native_rounding) {
          pack_elements<facts.flags | flag_scaled, Bits>(in, out, n, job, facts.data);
        } else {
          pack_products<Bits>(in, out, n, job, facts.data, &pack_elements<facts.flags, Bits, float>);
        }
        return true;
      }
    }
  } else if constexpr (has_scale_words<F, Mode, Policy> && Bits == 8) {
    if (is_one(job.scale)) {
      pack_scales<F, Mode, Policy>(in, out, n);
      return true;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
