// Layer: kernels/avx512. Encoding in one mode.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "words_of_16_bits.hpp"
#include "sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/pack.hpp"
#include "../vector/leading_bytes.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#include "../vector/draws.hpp"
#include "pack.hpp"
#include "encode_scales.hpp"
#include "encode_by_facts.hpp"
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
    return encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
