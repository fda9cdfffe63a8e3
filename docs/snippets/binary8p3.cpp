// A descriptor written out in full, quoted by docs/adding_a_format.md: binary8p3 of the IEEE P3109 interim
// report, an 8-bit format with precision 3 whose specials fit none of the policies of minifloat.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <narrowfp/narrowfp.hpp>

// [descriptor]
/// Sign, 5 exponent bits, 2 fraction bits, bias 16. NaN is 80, where -0 would be; the infinities are 7F
/// and FF, so that the top binade ends at 1.5 * 2^15.
struct binary8p3_format {
  using real = narrowfp::core::real;

  static constexpr int width = 8;
  using code_type = std::uint8_t;
  static constexpr bool is_signed = true;
  static constexpr bool has_zero = true;
  static constexpr bool has_negative_zero = false;
  static constexpr bool has_infinity = true;
  static constexpr bool has_nan = true;
  static constexpr auto native_rounding = narrowfp::rounding::nearest_even;
  static constexpr auto native_overflow = narrowfp::overflow_result::infinity;
  static constexpr real max_finite = narrowfp::core::finite(3, 14);  // 3 * 2^14
  static constexpr int min_normal_binade = 1 - 16;

  // Two fraction bits in every normal binade; the subnormals keep the spacing of the lowest one.
  static constexpr int ulp_exponent(int binade) {
    return (binade > min_normal_binade ? binade : min_normal_binade) - 2;
  }

  static constexpr code_type to_code(const real& r) {
    if (r.kind == narrowfp::core::real_kind::nan) {
      return 0x80;
    }
    const int sign = r.negative ? 0x80 : 0;
    if (r.kind == narrowfp::core::real_kind::infinity) {
      return static_cast<code_type>(sign | 0x7F);
    }
    if (r.significand == 0) {
      return 0;
    }
    const int binade = narrowfp::core::binade_of(r);
    const int shift = r.exponent - ulp_exponent(binade);
    const auto units = static_cast<int>(shift >= 0 ? r.significand << shift : r.significand >> -shift);
    // Each binade begins one step of 4 codes above the last; the leading one of `units` is the first step.
    const int binades_up = binade > min_normal_binade ? binade - min_normal_binade : 0;
    return static_cast<code_type>(sign | (4 * binades_up + units));
  }

  static constexpr real from_code(code_type code) {
    const bool negative = (code & 0x80) != 0;
    const int magnitude = code & 0x7F;
    if (code == 0x80) {
      return narrowfp::core::nan();
    }
    if (magnitude == 0x7F) {
      return narrowfp::core::infinity(negative);
    }
    const int field = magnitude >> 2;
    const auto fraction = static_cast<std::uint64_t>(magnitude & 3);
    return field == 0 ? narrowfp::core::finite(fraction, min_normal_binade - 2, negative)
                      : narrowfp::core::finite(4 + fraction, field - 16 - 2, negative);
  }
};
using binary8p3 = narrowfp::narrow_float<binary8p3_format>;
// [end descriptor]

// [facts]
static_assert(narrowfp::scalar_format<binary8p3_format>);
static_assert(std::numeric_limits<binary8p3>::max() == 49152);
static_assert(std::numeric_limits<binary8p3>::denorm_min() == 0x1p-17F);
static_assert(binary8p3(1.0F).bits() == 0x40);
static_assert(binary8p3(3.14159274F).bits() == 0x46);
static_assert(binary8p3(0.1F).bits() == 0x32);
static_assert(binary8p3(53248.0F).bits() == 0x7E);  // a tie, to even
static_assert(binary8p3(57344.0F).bits() == 0x7F);  // infinity
static_assert(narrowfp::saturate_cast<binary8p3>(57344.0F).bits() == 0x7E);
static_assert(binary8p3(-0x1p-19F).bits() == 0x00);  // there is no -0
// [end facts]

int main() {
  int failures = 0;
  // [law]
  for (int code = 0; code < 256; ++code) {
    const auto x = binary8p3::from_bits(static_cast<std::uint8_t>(code));
    failures += binary8p3(static_cast<float>(x)).bits() != code;
  }
  // [end law]
  // [arrays]
  const std::vector<float> weights = {0.1F, -2.5F, 1e6F};
  std::vector<binary8p3> codes(weights.size());
  narrowfp::pack(weights, codes);
  // [end arrays]
  failures += codes[0].bits() != 0x32 || !isinf(codes[2]);
  return failures == 0 ? 0 : 1;
}
