// Layer: kernels/vector. Columns of blocks under one scale: the blocks of a tile, one below the other.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "any_scale.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The largest magnitude of a column of blocks, as a float pattern.
template <block_type B, class S>
NARROWFP_TARGET std::uint32_t largest_of_column(const block_column<S>& column) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t line = 0; line < column.lines; ++line) {
    const std::uint32_t own = largest_of<B::elements>(column.in + line * column.stride);
    largest = own > largest ? own : largest;
  }
  return largest;
}

template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] void encode_lines(const block_column<S>& column, const block_target& out,
                                                    float scale) noexcept {
  const element_encoder<typename B::element_format, Mode> encoder;
  for (std::size_t line = 0; line < column.lines; ++line) {
    encode_quotients<B>(column.in + line * column.stride,
                        reinterpret_cast<std::uint8_t*>(out.codes + line * out.code_stride), scale, encoder);
  }
}

/// Encodes a column of blocks under one usual scale that is not zero.
template <block_type B, rounding Mode, class S>
void encode_column(const block_column<S>& column, const block_target& out, float scale) noexcept {
  const default_environment guard(rounding::nearest_even);
  encode_lines<B, Mode>(column, out, scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
