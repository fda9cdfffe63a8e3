// Layer: kernels/vector. The rows of exact products in vectors: where codes lie, and the last ones.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Where a row's codes lie, Step elements after the other.
template <class Row, std::size_t Step>
struct code_cursor {
  using F = typename Row::element_format;
  static constexpr std::size_t stride = 0;  ///< of pieces
  static constexpr std::size_t pieces = 1;
  const std::uint8_t* at;

  NARROWFP_INLINE code_cursor(const Row& row, std::size_t first) noexcept
      : at(reinterpret_cast<const std::uint8_t*>(row.codes) +
           first / 8 * std::size_t{row_traits<Row>::bits}) {}
  NARROWFP_INLINE void advance() noexcept { at += Step / 8 * std::size_t{row_traits<Row>::bits}; }
};

template <block_type B, std::size_t Step>
struct code_cursor<block_row<B>, Step> {
  static constexpr std::size_t bytes = Step / 8 * std::size_t{B::element_format::width};
  static constexpr std::size_t pieces = B::elements >= Step ? 1 : Step / B::elements;
  static constexpr std::size_t rounds = B::elements >= Step ? B::elements / Step : 1;  ///< of a block
  const std::uint8_t* at;
  std::size_t stride;
  std::size_t round;

  NARROWFP_INLINE code_cursor(const block_row<B>& row, std::size_t first) noexcept
      : at(reinterpret_cast<const std::uint8_t*>(row.places.codes) +
           first / B::elements * row.places.code_stride + first % B::elements / Step * bytes),
        stride(row.places.code_stride),
        round(first % B::elements / Step) {}
  NARROWFP_INLINE void advance() noexcept {
    if constexpr (rounds == 1) {
      at += pieces * stride;
    } else if (++round == rounds) {
      round = 0;
      at += stride - (rounds - 1) * bytes;
    } else {
      at += bytes;
    }
  }
};

/// A vector of codes of up to 8 bits, one a byte.
template <class Row>
NARROWFP_TARGET NARROWFP_INLINE byte_vector
load_row_codes(const code_cursor<Row, vector_bytes>& from) noexcept {
  using F = typename Row::element_format;
  constexpr int bits = row_traits<Row>::bits;
  constexpr std::size_t pieces = code_cursor<Row, vector_bytes>::pieces;
  const byte_vector codes = load_code_bytes<bits, pieces>(from.at, from.stride);
  return F::width < bits ? low_bits_of_bytes(codes, (1 << F::width) - 1) : codes;
}

/// The last elements, fewer than `Whole`, copied and completed with zeros. The scales of blocks that are not
/// there are those of the last one.
template <class Row, std::size_t Whole>
struct padded_row;
template <block_type B, std::size_t Whole>
struct padded_row<block_row<B>, Whole> {
  static constexpr std::size_t blocks = Whole / B::elements;
  std::byte metadata[blocks * B::metadata_bytes];
  std::byte codes[blocks * B::code_bytes] = {};

  padded_row(const block_row<B>& row, std::size_t first, std::size_t n) noexcept {
    const std::size_t here = (n + B::elements - 1) / B::elements;
    for (std::size_t b = 0; b < blocks; ++b) {
      const block_source from = from_block(row.places, first / B::elements + (b < here ? b : here - 1));
      __builtin_memcpy(metadata + b * B::metadata_bytes, from.metadata, B::metadata_bytes);
      if (b < here) {
        __builtin_memcpy(codes + b * B::code_bytes, from.codes, B::code_bytes);
      }
    }
    for (std::size_t i = n; i < here * B::elements; ++i) {
      core::store_dense<B::element_format::width>(codes + i / B::elements * B::code_bytes, i % B::elements,
                                                  0);
    }
  }
  [[nodiscard]] block_row<B> row() const noexcept {
    return {{metadata, codes, B::metadata_bytes, B::code_bytes}};
  }
};
template <scalar_format F, std::size_t Whole>
struct padded_row<code_row<F>, Whole> {
  std::byte codes[Whole * sizeof(typename F::code_type)] = {};

  padded_row(const code_row<F>& row, std::size_t first, std::size_t n) noexcept {
    constexpr std::size_t size = sizeof(typename F::code_type);
    __builtin_memcpy(codes, row.codes + first * size, n * size);
  }
  [[nodiscard]] code_row<F> row() const noexcept { return {codes}; }
};
template <scalar_format F, std::size_t Whole>
struct padded_row<dense_row<F>, Whole> {
  std::byte codes[Whole / 8 * F::width] = {};

  padded_row(const dense_row<F>& row, std::size_t first, std::size_t n) noexcept {
    __builtin_memcpy(codes, row.codes + first / 8 * F::width, core::dense_size_bytes(n, F::width));
    for (std::size_t i = n; i < Whole && i % 8 != 0; ++i) {
      core::store_dense<F::width>(codes, i, 0);
    }
  }
  [[nodiscard]] dense_row<F> row() const noexcept { return {codes, 0}; }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
