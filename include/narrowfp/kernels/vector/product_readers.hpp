// Layer: kernels/vector. The elements of rows as significands and exponents, for exact products.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_elements.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of elements: m with its sign, or a magnitude whose sign is a bit of the codes.
struct element_bytes {
  byte_vector m;
  byte_vector exponents;  ///< e, shifted as its format does
  byte_vector codes;
};

/// Integers of bytes: their exponents are 0.
template <class Row>
struct significand_reader {
  static constexpr bool has_exponents = false;
  static constexpr int least = integers_of<typename Row::element_format>.least;
  integer_reader<Row> integers;

  NARROWFP_TARGET NARROWFP_INLINE significand_reader(const Row& row, std::size_t first) noexcept
      : integers(row, first) {}
  NARROWFP_TARGET NARROWFP_INLINE element_bytes next() noexcept {
    const byte_vector k = integers.next();
    return {k, k, k};
  }
  [[nodiscard]] NARROWFP_TARGET NARROWFP_INLINE bool are_numbers() const noexcept { return true; }
};

/// Exponents above fractions.
template <class Row>
requires(fields_of<typename Row::element_format>.exist &&
         !counts_in_bytes<typename Row::element_format>) struct significand_reader<Row> {
  static constexpr bool has_exponents = true;
  static constexpr code_fields fields = fields_of<typename Row::element_format>;
  code_cursor<Row, vector_bytes> from;
  byte_vector largest = bytes_of(0);

  NARROWFP_TARGET NARROWFP_INLINE significand_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}
  NARROWFP_TARGET NARROWFP_INLINE element_bytes next() noexcept {
    const byte_vector codes = load_row_codes(from);
    from.advance();
    if constexpr (fields.limit != 0xFF) {
      const byte_vector compared = low_bits_of_bytes(codes, fields.special_mask);
      largest = most_unsigned_bytes(largest, fields.special_flip == 0
                                                 ? compared
                                                 : either_not_both(compared, bytes_of(fields.special_flip)));
    }
    const byte_vector field = low_bits_of_bytes(codes, fields.exponent_mask);
    const byte_vector e = difference_or_0(field, bytes_of(1 << fields.fraction_bits));
    return {difference_of_bytes(low_bits_of_bytes(codes, fields.magnitude_mask), e), e, codes};
  }
  [[nodiscard]] NARROWFP_TARGET NARROWFP_INLINE bool are_numbers() const noexcept {
    return !any_byte_is_above(largest, fields.limit);
  }
};

/// Classes of exponents.
template <class Row>
requires(classes_of<typename Row::element_format>.exist && !fields_of<typename Row::element_format>.exist &&
         !counts_in_bytes<typename Row::element_format>) struct significand_reader<Row> {
  static constexpr bool has_exponents = true;
  static constexpr auto& classes = classes_of<typename Row::element_format>;
  code_cursor<Row, vector_bytes> from;
  byte_vector least = bytes_of(0xFF);  ///< 0 where a code was special

  NARROWFP_TARGET NARROWFP_INLINE significand_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}
  NARROWFP_TARGET NARROWFP_INLINE element_bytes next() noexcept {
    const byte_vector codes = load_row_codes(from);
    from.advance();
#pragma GCC unroll 2
    for (int i = 0; i < classes.specials; ++i) {
      const byte_vector compared = low_bits_of_bytes(codes, classes.special_mask[i]);
      least = least_unsigned_bytes(least, either_not_both(compared, bytes_of(classes.special_value[i])));
    }
    const byte_vector own = low_bits_of_bytes(shifted_fields<3>(codes), 0x0F);
    // Kinds are multiples of 8, and so no bit meets another.
    const byte_vector at = sum_of_bytes(look_up_bytes<1>(classes.kind, own), low_bits_of_bytes(codes, 7));
    const byte_vector distance =
        negated_by_bit<7>(look_up_bytes<2>(classes.distance, at), look_up_bytes<1>(classes.sign, own));
    return {look_up_bytes<2>(classes.significand, at),
            sum_of_bytes(look_up_bytes<1>(classes.exponent, own), distance), codes};
  }
  [[nodiscard]] NARROWFP_TARGET NARROWFP_INLINE bool are_numbers() const noexcept {
    return !any_byte_is_0(least);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
