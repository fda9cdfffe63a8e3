// Rounding by name, quoted by docs/rounding.md.
#include <array>
#include <span>
#include <vector>

#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

// [modes]
static_assert(fp8_e4m3(1.0625F) == 1.0F);  // native: the tie goes to the even code
static_assert(round_to<fp8_e4m3>(1.0625F, rounding::nearest_away) == 1.125F);
static_assert(round_to<fp8_e4m3>(1.0625F, rounding::toward_zero) == 1.0F);
static_assert(round_to<fp8_e4m3>(-1.0625F, rounding::toward_negative) == -1.125F);
static_assert(round_to<fp8_e4m3>(1.0001F, rounding::to_odd) == 1.125F);
// [end modes]

// [once]
// 1 + 2^-4 + 2^-40 lies above the tie between 1 and 1.125. As a float it would be the tie itself.
static_assert(fp8_e4m3(1 + 0x1p-4 + 0x1p-40) == 1.125F);
static_assert(fp8_e4m3(static_cast<float>(1 + 0x1p-4 + 0x1p-40)) == 1.0F);
// [end once]

// [overflow]
static_assert(isnan(fp8_e4m3(500.0F)));                    // native: no infinity, so NaN
static_assert(isinf(fp8_e5m2(1e9F)));                      // native: infinity
static_assert(fp4_e2m1(100.0F) == 6.0F);                   // native: neither, so the largest value
static_assert(saturate_cast<fp8_e5m2>(1e9F) == 57344.0F);  // saturate
static_assert(round_to<fp8_e4m3>(500.0F, rounding::toward_zero) == 448.0F);  // must not round outward
// [end overflow]

// [stochastic]
// 1.03125 is a quarter of the way from 1 to 1.125: the fraction is 2^30 in units of 2^-32 of the spacing,
// and it rounds up iff 2^30 + random_bits >= 2^32, for a quarter of all draws.
static_assert(round_to<fp8_e4m3>(1.03125F, rounding::stochastic, overflow::native, 0xBFFFFFFF) == 1.0F);
static_assert(round_to<fp8_e4m3>(1.03125F, rounding::stochastic, overflow::native, 0xC0000000) == 1.125F);
// [end stochastic]

// [hybrid]
static_assert(round_to<hif8>(2.0F, rounding::hybrid) == 2.0F);    // |binade| < 4: nearest away
static_assert(round_to<hif8>(16.0F, rounding::hybrid) == 20.0F);  // float: 14 low bits 0 always draw up
static_assert(round_to<hif8>(float16(16.0F), rounding::hybrid) == 16.0F);  // float16: exact values stay
// [end hybrid]

namespace {

/// Whether two chunks give the same codes as one call.
bool chunking_does_not_matter() {
  const std::vector<float> x(1000, 1.03125F);
  std::vector<fp8_e4m3> whole(x.size());
  std::vector<fp8_e4m3> parts(x.size());
  // [chunks]
  pack(x, whole, {.round = rounding::stochastic, .seed = 42});

  const std::span<const float> in(x);
  const std::span<fp8_e4m3> out(parts);
  pack(in.first(317), out.first(317), {.round = rounding::stochastic, .seed = 42});
  pack(in.subspan(317), out.subspan(317), {.round = rounding::stochastic, .seed = 42, .first_index = 317});
  // [end chunks]
  return whole == parts;
}

}  // namespace

int main() { return chunking_does_not_matter() ? 0 : 1; }
