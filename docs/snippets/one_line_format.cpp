// A format of one's own in one line, quoted by docs/adding_a_format.md and docs/formats/minifloat.md.
#include <limits>
#include <vector>

#include <narrowfp/narrowfp.hpp>

// [declaration]
// 7 bits: sign, 3 exponent bits, 3 fraction bits, bias 3; NaN where all bits below the sign are ones.
using my_float7 = narrowfp::narrow_float<narrowfp::minifloat<3, 3, 3, narrowfp::specials::fn>>;
// [end declaration]

// [facts]
static_assert(std::numeric_limits<my_float7>::max() == 28);  // 1.75 * 2^4: the top fraction is NaN's
static_assert(std::numeric_limits<my_float7>::denorm_min() == 0.03125F);
static_assert(!std::numeric_limits<my_float7>::has_infinity);
static_assert(my_float7(29.0F).bits() == 0b0'111'110);  // 29 goes to 28
static_assert(isnan(my_float7(31.0F)));
// [end facts]

int main() {
  // [arrays]
  const std::vector<float> weights = {0.3F, -1.1F, 20.0F};
  narrowfp::packed_vector<my_float7> codes(weights.size());  // 7 bits each, 3 bytes in all
  narrowfp::pack(weights, codes);
  std::vector<float> restored(weights.size());
  narrowfp::unpack(codes, restored);
  // [end arrays]
  const bool right =
      codes.bytes().size() == 3 && restored[0] == 0.3125F && restored[1] == -1.125F && restored[2] == 20.0F;
  return right ? 0 : 1;
}
