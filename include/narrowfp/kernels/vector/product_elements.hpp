// Layer: kernels/vector. The elements of rows as floats, for exact products.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether a row's elements are wider than codes that tables decode: floats, bfloat16 and float16.
template <class Row>
concept row_of_wide_elements = (Row::element_format::width > 8);
/// Whether its elements have bits below their scale.
template <class Row>
concept row_with_bits = (row_traits<Row>::bit_levels != 0);

/// Four vectors of elements as floats at a time, times 2^exponent: decoded.
template <class Row>
struct float_reader {
  using F = typename Row::element_format;
  static constexpr int exponent = float_decoder<F>::exponent;
  code_cursor<Row, vector_bytes> from;
  float_decoder<F> decoder;

  NARROWFP_TARGET NARROWFP_INLINE float_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}

  /// A byte of `specials` becomes 0 where a code is special, if a comparison tells that.
  NARROWFP_TARGET NARROWFP_INLINE quad next(byte_vector& specials) noexcept {
    const byte_vector codes = load_row_codes(from);
    from.advance();
    if constexpr (specials_of<F>.are_told && span_of<F>.has_specials) {
      const byte_vector compared = low_bits_of_bytes(codes, specials_of<F>.mask);
      specials = least_unsigned_bytes(specials, either_not_both(compared, bytes_of(specials_of<F>.value)));
    }
    return decoder.decode(codes);
  }
};

/// Floats, or 16-bit elements widened.
template <row_of_wide_elements Row>
struct float_reader<Row> {
  using F = typename Row::element_format;
  using element = std::conditional_t<F::width == 32, float, narrow_float<F>>;
  static constexpr int exponent = 0;
  code_cursor<Row, vector_bytes> from;

  NARROWFP_TARGET NARROWFP_INLINE float_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}

  NARROWFP_TARGET NARROWFP_INLINE quad next(byte_vector&) noexcept {
    const auto* const elements = reinterpret_cast<const element*>(from.at);
    from.advance();
    return load_elements(elements, quad_elements);
  }
};

/// Where each element's bit of a level lies: the byte among those of a block's metadata, and the bit.
template <block_type B, std::size_t Level>
struct byte_bits {
  static constexpr std::size_t size = larger_size(vector_bytes, B::elements);
  std::uint8_t byte[size];
  std::uint8_t bit[size];
};
template <block_type B, std::size_t Level>
inline constexpr byte_bits<B, Level> byte_bits_of = [] {
  byte_bits<B, Level> table{};
  for (std::size_t at = 0; at < table.size; ++at) {
    place_bit<B>(table, at, at, Level);
  }
  return table;
}();

/// Elements that are integers of bytes, a vector at a time.
template <class Row>
struct integer_reader {
  code_cursor<Row, vector_bytes> from;

  NARROWFP_TARGET NARROWFP_INLINE integer_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}

  NARROWFP_TARGET NARROWFP_INLINE byte_vector next() noexcept {
    const byte_vector codes = load_row_codes(from);
    from.advance();
    return integers_of_codes<typename Row::element_format>(codes);
  }
};

/// Those with bits below their scale, which double them.
template <row_with_bits Row>
struct integer_reader<Row> {
  using B = typename Row::block;
  using F = typename Row::element_format;
  const Row& row;
  std::size_t at;
  code_cursor<Row, vector_bytes> from;

  NARROWFP_TARGET NARROWFP_INLINE integer_reader(const Row& r, std::size_t first) noexcept
      : row(r), at(first), from(r, first) {}

  NARROWFP_TARGET NARROWFP_INLINE byte_vector next() noexcept {
    const dwords metadata = load_metadata_lanes<vector_bytes>(row, at);
    const std::size_t in_block = at % B::elements;
    const byte_vector k = integers_of_codes<F>(load_row_codes(from));
    at += vector_bytes;
    from.advance();
    return doubled<1>(k, metadata, in_block);
  }

 private:
  template <std::size_t Level>
  NARROWFP_TARGET NARROWFP_INLINE static byte_vector doubled(byte_vector k, dwords metadata,
                                                             std::size_t in_block) noexcept {
    const auto& table = byte_bits_of<B, Level>;
    const byte_vector once =
        doubled_where(k, found_bits(metadata, table.byte + in_block, table.bit + in_block));
    if constexpr (Level + 1 < B::levels) {
      return doubled<Level + 1>(once, metadata, in_block);
    } else {
      return once;
    }
  }
};

/// Elements with bits below their scale: integers, doubled as bytes, and converted.
template <row_with_bits Row>
struct float_reader<Row> {
  static constexpr int exponent = -span_of<typename Row::element_format>.unit;
  integer_reader<Row> integers;

  NARROWFP_TARGET NARROWFP_INLINE float_reader(const Row& row, std::size_t first) noexcept
      : integers(row, first) {}

  NARROWFP_TARGET NARROWFP_INLINE quad next(byte_vector&) noexcept {
    return floats_of_bytes(integers.next());
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
