// HiF8's hybrid rounding (HR) from the bits of the source: nearest away for |E| < 4, elsewhere simplified
// stochastic rounding, where the source's own low bits play the random ones. Formula: arXiv 2409.16626,
// equation 3; the 2-bit form for binary16 as the HiF8 codec of ascriptor has it.
#include <cstdlib>
#include <stdexcept>

#include "oracle.hpp"

namespace oracle {
namespace {

int kept_fraction_bits(int exponent) {
  const int size = std::abs(exponent);
  return exponent < -15 ? 0 : size <= 3 ? 3 : size <= 7 ? 2 : 1;
}

std::uint32_t code_of(const format& hif8, const dyadic& magnitude, bool negative, policy p) {
  for (const grid_point& point : hif8.grid) {
    if (point.magnitude == magnitude) {
      return negative ? point.negative_code : point.code;
    }
  }
  if (magnitude == hif8.beyond) {  // a carry out of the largest value
    return p == policy::native ? hif8.infinity_code[negative ? 1 : 0]
           : negative          ? hif8.largest().negative_code
                               : hif8.largest().code;
  }
  throw std::logic_error("oracle: hybrid rounding left the grid");
}

struct source_fields {
  number value;
  int exponent;            ///< E of the value, subnormals normalised
  std::uint32_t fraction;  ///< below the leading one
  int fraction_bits;
};

source_fields split(const source_layout& source, std::uint64_t bits) {
  const number value = source.decode(bits);
  if (value.kind != kind::finite || is_zero(value)) {
    return {value, 0, 0, source.fraction_bits};
  }
  const int exponent = binade_of(value.numerator);
  const dyadic fraction = value.numerator - dyadic{1, exponent};
  const int shift = fraction.exponent - (exponent - source.fraction_bits);
  const u128 field = shift >= 0 ? fraction.significand << shift : fraction.significand >> -shift;
  return {value, exponent, static_cast<std::uint32_t>(field), source.fraction_bits};
}

bool uses_nearest_away(const source_fields& s) {
  const dyadic overflow{5, 13};  // 40960, the middle of the largest value and the one beyond
  return s.value.kind != kind::finite || is_zero(s.value) || std::abs(s.exponent) < 4 || s.exponent < -23 ||
         s.value.numerator >= overflow;
}

/// `random_bits` leading discarded bits are compared with the threshold.
std::uint32_t encode_by_source_bits(const format& hif8, const source_fields& s, std::uint32_t threshold,
                                    int random_bits, policy p) {
  if (s.exponent == -23) {
    const std::uint32_t discarded =
        (1U << (random_bits - 1)) + (s.fraction >> (s.fraction_bits - random_bits + 1));
    return code_of(hif8, discarded >= threshold ? dyadic{1, -22} : dyadic{}, s.value.negative, p);
  }
  const int kept_bits = kept_fraction_bits(s.exponent);
  const int cut = s.fraction_bits - kept_bits;
  const std::uint32_t kept = s.fraction >> cut;
  const std::uint32_t discarded = (s.fraction & ((1U << cut) - 1)) >> (cut - random_bits);
  const std::uint32_t units = (1U << kept_bits) + kept + (discarded >= threshold ? 1 : 0);
  return code_of(hif8, {units, s.exponent - kept_bits}, s.value.negative, p);
}

std::uint32_t encode_hybrid_16(const format& hif8, const source_layout& source, std::uint16_t bits,
                               policy p) {
  const source_fields s = split(source, bits);
  if (uses_nearest_away(s)) {
    return encode(hif8, s.value, mode::nearest_away, p);
  }
  return encode_by_source_bits(hif8, s, 2 * (bits & 1U) + 1, 2, p);
}

}  // namespace

std::uint32_t encode_hybrid_f32(const format& hif8, std::uint32_t bits, policy p) {
  const source_fields s = split(binary32, bits);
  if (uses_nearest_away(s)) {
    return encode(hif8, s.value, mode::nearest_away, p);
  }
  return encode_by_source_bits(hif8, s, s.fraction & 0x3FFF, 14, p);
}

std::uint32_t encode_hybrid_f16(const format& hif8, std::uint16_t bits, policy p) {
  return encode_hybrid_16(hif8, binary16, bits, p);
}

std::uint32_t encode_hybrid_bf16(const format& hif8, std::uint16_t bits, policy p) {
  return encode_hybrid_16(hif8, brain16, bits, p);
}

}  // namespace oracle
