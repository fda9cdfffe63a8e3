// Layer: kernels/avx512_vbmi. All that the dispatcher sees of the set: what VBMI does better than AVX-512,
// whose kernels the rest are.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "../avx512/words.hpp"
#include "bytes.hpp"
#include "../avx512/dense.hpp"
#include "../avx512/sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/pack.hpp"
#include "../vector/unpack.hpp"
#include "../avx512/encode_magic.hpp"
#include "../avx512/draws.hpp"
#include "../vector/draws.hpp"
#include "../avx512/pack.hpp"
#include "encode_words.hpp"
#include "../avx512/encode_scales.hpp"
#include "../avx512/encode_by_facts.hpp"
#include "encode_mode.hpp"
#include "../avx512/encode.hpp"
#include "../avx512/unpack.hpp"
#include "../avx512/half.hpp"
#include "../avx512/block_values.hpp"
#include "../avx512/half_values.hpp"
#include "../avx512/dequantize.hpp"
#include "../avx512/survey.hpp"
#include "../avx512/quantize_bits.hpp"
#include "../avx512/quotients.hpp"
#include "../avx512/block_scales.hpp"
#include "../avx512/quantize.hpp"
#include "../avx512/any_scale.hpp"
#include "quantize_words.hpp"
#include "../vector/any_scale.hpp"
#include "../vector/last_blocks.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

struct face : avx512::face {
  template <scalar_format F, int Bits, class S>
  static bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
    return NARROWFP_SET::encode<F, Bits>(in, out, n, job);
  }
  template <scalar_format F, int Bits, class S>
  static bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
    return NARROWFP_SET::decode<F, Bits>(in, out, n, scale);
  }

  template <block_type B, rounding Mode, class S>
  static constexpr bool quantizes() noexcept {
    return takes_words<B, Mode, S> || avx512::face::quantizes<B, Mode, S>();
  }
  template <block_type B, rounding Mode, class S>
  static std::size_t quantize(const S* in, std::size_t n, const block_target& out, scale_rule rule,
                              const block_draws& draws) noexcept {
    if constexpr (takes_words<B, Mode, S>) {
      return quantize_first<B, Mode>(in, n, out, rule, draws);
    } else {
      return avx512::face::quantize<B, Mode>(in, n, out, rule, draws);
    }
  }

  template <block_type B, class S>
  static std::size_t dequantize(const block_source& in, S* out, std::size_t n, float tensor_scale) noexcept {
    return dequantize_first<B>(in, out, n, tensor_scale);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
