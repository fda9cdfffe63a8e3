// Formats of your own: one line for sign, exponent and fraction; a few facts for anything else.
#include <cstdint>
#include <iostream>
#include <limits>
#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>
#include <vector>

using namespace narrowfp;
namespace {
// One line each: exponent bits, fraction bits, bias, special values.
using fp7_e3m3 = narrow_float<minifloat<3, 3, 3, specials::fn>>;
using ternary = narrow_float<minifloat<1, 0, 1, specials::none>>;  // -1, 0, 1

// Six bits, most precise around 1: eight values in [1/2, 1) and in [1, 2), half as many in each binade
// further out. The descriptor states facts; rounding, overflow, limits and packing follow.
struct taper6 {
  using code_type = std::uint8_t;
  static constexpr int width = 6;
  static constexpr bool is_signed = true, has_zero = true, has_negative_zero = true, has_infinity = false;
  static constexpr bool has_nan = false;
  static constexpr rounding native_rounding = rounding::nearest_even;
  static constexpr overflow_result native_overflow = overflow_result::largest;
  static constexpr core::real max_finite = core::finite(1, 3);  // 1 * 2^3
  static constexpr int min_normal_binade = -5;

  static constexpr int values_in(int binade) noexcept {
    const int distance = binade < 0 ? -1 - binade : binade;
    return distance < 3 ? 8 >> distance : 1;
  }
  static constexpr int ulp_exponent(int binade) noexcept {
    const int inside = binade < min_normal_binade ? min_normal_binade : binade;
    return inside - core::bit_width(static_cast<unsigned>(values_in(inside))) + 1;
  }
  // Below the sign a code is the rank of its value: 0 is zero, then the binades from the lowest.
  static constexpr code_type to_code(const core::real& x) noexcept {
    int rank = 0;
    if (x.significand != 0) {
      const int binade = core::binade_of(x);
      const int shift = x.exponent - ulp_exponent(binade);
      rank = 1 - values_in(binade) +
             static_cast<int>(shift < 0 ? x.significand >> -shift : x.significand << shift);
      for (int below = min_normal_binade; below < binade; ++below) {
        rank += values_in(below);
      }
    }
    return static_cast<code_type>((x.negative ? 32 : 0) + rank);
  }
  static constexpr core::real from_code(code_type code) noexcept {
    int rank = code % 32 - 1, binade = min_normal_binade;
    for (; rank >= values_in(binade); ++binade) {
      rank -= values_in(binade);
    }
    const int significand = rank < 0 ? 0 : values_in(binade) + rank;
    return core::finite(static_cast<unsigned>(significand), ulp_exponent(binade), code >= 32);
  }
};

const std::vector<float> values = {0.03F, -0.61F, 1.19F, 100.0F};
template <class T>
void show(const char* name) {
  packed_vector<T> dense(values.size());
  pack(values, dense, {.over = overflow::saturate});
  std::cout << name << ": largest " << std::numeric_limits<T>::max() << ", " << dense.bytes().size()
            << " bytes hold " << dense[0] << ' ' << dense[1] << ' ' << dense[2] << ' ' << dense[3] << '\n';
}

}  // namespace

int main() {
  show<fp7_e3m3>("fp7_e3m3");
  show<ternary>("ternary");
  show<narrow_float<taper6>>("taper6");

  using block = block_format<fp7_e3m3, shared_scale<e8m0, 32>>;  // 32 of them share a power of two
  std::vector<block> blocks(block_count<block>(values.size()));
  quantize(values, blocks);
  std::cout << "block: " << sizeof(block) << " bytes, up to 32 values: ... " << blocks[0][3] << '\n';
}
