// Layer: kernels/vector. All that the dispatcher sees of a set: its kernels, and for blocks whether it has
// one.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "half.hpp"
#include "any_scale.hpp"
#include "quantize_by_draws.hpp"
#include "dequantize.hpp"
#include "last_blocks.hpp"
#include "tiles.hpp"
#include "hadamard.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

struct face {
  /// Encodes n elements as codes of Bits bits each; false if this is no work for the set.
  template <scalar_format F, int Bits, class S>
  static bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
    return NARROWFP_SET::encode<F, Bits>(in, out, n, job);
  }
  /// Decodes n codes of Bits bits each, each times `scale`; false if this is no work for the set.
  template <scalar_format F, int Bits, class S>
  static bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
    return NARROWFP_SET::decode<F, Bits>(in, out, n, scale);
  }

  /// bfloat16 and float16; false if it is no work for the set.
  template <scalar_format F>
  static bool encode_half(const float* in, std::uint16_t* out, std::size_t n,
                          const encode_job& job) noexcept {
    return NARROWFP_SET::encode_half<F>(in, out, n, job);
  }
  template <scalar_format F>
  static bool decode_half(const std::uint16_t* in, float* out, std::size_t n) noexcept {
    unpack_halves<F>(in, out, n);
    return true;
  }

  /// n elements divided by a number, rounded to float; false if it is no work for the set.
  template <class S>
  static bool divide(const S* in, float* out, std::size_t n, float divisor) noexcept {
    divide_floats(in, out, n, divisor);
    return true;
  }

  /// Hadamard transforms of n elements, block by block.
  template <class S>
  static bool hadamard(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
    transform_blocks(in, out, n, job);
    return true;
  }

  /// Quantizes the first blocks of n elements, up to one that is left to the scalar path; how many elements.
  template <block_type B, rounding Mode, class S>
  static constexpr bool quantizes() noexcept {
    return quantizes_blocks<B, Mode> || (Mode == rounding::stochastic && quantizes_by_draws<B>);
  }
  template <block_type B, rounding Mode, class S>
  static std::size_t quantize(const S* in, std::size_t n, const block_target& out, scale_rule rule,
                              const block_draws& draws) noexcept {
    return quantize_first<B, Mode>(in, n, out, rule, draws);
  }

  /// Dequantizes the first blocks of n elements, likewise.
  template <block_type B>
  static constexpr bool dequantizes() noexcept {
    return dequantizes_blocks<B>;
  }
  template <block_type B, class S>
  static std::size_t dequantize(const block_source& in, S* out, std::size_t n, float tensor_scale) noexcept {
    return dequantize_first<B>(in, out, n, tensor_scale);
  }

  /// Blocks one below the other, under one scale.
  template <block_type B>
  static constexpr bool encodes_columns() noexcept {
    return NARROWFP_SET::encodes_columns<B>;
  }
  template <block_type B, class S>
  static std::uint32_t largest_of_column(const block_column<S>& column) noexcept {
    return NARROWFP_SET::largest_of_column<B>(column);
  }
  template <block_type B, class S>
  static void encode_column(const block_column<S>& column, const block_target& out, float scale) noexcept {
    NARROWFP_SET::encode_column<B, B::element_format::native_rounding>(column, out, scale);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
