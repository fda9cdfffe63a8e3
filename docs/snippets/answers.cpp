// Answers to frequent questions, quoted by docs/faq.md; each holds at compile time or in main.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

// [overflow]
static_assert(isnan(fp8_e4m3(1000.0F)));  // no infinity in the format: NaN
static_assert(isinf(fp8_e5m2(1e6F)));
static_assert(saturate_cast<fp8_e4m3>(1000.0F) == 448.0F);
static_assert(round_to<fp8_e4m3>(1000.0F, rounding::native, overflow::saturate) == 448.0F);
// [end overflow]

// [threshold]
static_assert(fp8_e4m3(464.0F) == 448.0F);  // halfway to 480, which is not a value: ties go to the even code
static_assert(isnan(fp8_e4m3(464.1F)));
// [end threshold]

// [twice]
// 1.00390625 + 2^-30 lies above the middle of two bfloat16 values; as a float it would be that middle.
static_assert(bfloat16(1.00390625 + 0x1p-30) == 1.0078125F);
static_assert(bfloat16(static_cast<float>(1.00390625 + 0x1p-30)) == 1.0F);
static_assert(bfloat16(16842753).bits() == 0x4B81);  // an integer that is not a float
// [end twice]

// [fnuz]
// Not this: the same code stands for another value.
static_assert(fp8_e4m3::from_bits(0x38) == 1.0F && fp8_e4m3fnuz::from_bits(0x38) == 0.5F);
// This: rounded once; and what the format cannot hold becomes NaN, or the largest value on request.
static_assert(fp8_e4m3fnuz(fp8_e4m3(1.0F)) == 1.0F);
static_assert(saturate_cast<fp8_e4m3fnuz>(fp8_e4m3(448.0F)) == 240.0F);
// [end fnuz]

// [scale]
static_assert(e8m0(3.0F) == 4.0F);                                       // nearest, ties up
static_assert(round_to<e8m0>(3.0F, rounding::toward_zero) == 2.0F);      // floor
static_assert(round_to<e8m0>(2.1F, rounding::toward_positive) == 4.0F);  // ceil: never clips
static_assert(e8m0(0.0F).bits() == 0x00);                                // 2^-127: there is no zero
// [end scale]

int main() {
  bool right = true;
  {
    // [own_arithmetic]
    const fp8_e4m3 a(1.25F), b(0.3F);
    const fp8_e4m3 one_type = a * b + b;  // two roundings, each to E4M3
    const float in_float = a * 1.0F + b;  // with a float: float arithmetic, and a float result
    // [end own_arithmetic]
    right = right && one_type == 0.6875F && in_float == 1.5625F;
  }
  {
    // [nibbles]
    packed_vector<fp4_e2m1> two = {fp4_e2m1(1.0F), fp4_e2m1(6.0F)};
    const bool low_first = two.bytes()[0] == std::byte{0x72};  // 1 is code 2, 6 is code 7
    // [end nibbles]
    right = right && low_first;
  }
  {
    const std::vector<float> weights(64, 3.0F);
    std::vector<std::byte> scales(4), codes(32);
    float amax = 0;
    for (const float x : weights) {
      amax = std::max(amax, std::fabs(x));
    }
    // [checkpoint]
    const float weight_scale_2 = nvfp4_tensor_scale(weights);  // amax / 2688: Model-Optimizer
    const float weight_global_scale = 2688 / amax;             // compressed-tensors, which divides by it
    quantize<nvfp4>(weights, split_blocks{codes, scales}, {.tensor_scale = weight_scale_2});
    std::vector<float> restored(weights.size());
    dequantize<nvfp4>(const_split_blocks{codes, scales}, restored, {.tensor_scale = weight_scale_2});
    // [end checkpoint]
    right = right && restored[63] > 2.99F && restored[63] < 3.01F && weight_global_scale > 895;
    // Powers of two change nothing here, so that one binade stands for all amax.
    std::uint32_t different = 0;
    for (float x = 1; x < 2; x = std::nextafter(x, 2.0F)) {
      different += 2688 / x != 1 / (x / 2688) ? 1 : 0;
    }
    right = right && different > 0x1p23 * 0.276 && different < 0x1p23 * 0.277;  // "27.6 percent"
  }
  {
    // [mixed]
    std::vector<fp8_e4m3> c = {fp8_e4m3(1.5F)};
    c[0] *= 2;                     // c[0] = fp8_e4m3(c[0] * 2)
    c[0] = fp8_e4m3(c[0] * 2);     // c[0] * 2 is a float; only you know that it may be rounded
    c[0] = c[0] * fp8_e4m3(2.0F);  // one type throughout: rounded to it
    // [end mixed]
    right = right && c[0] == 12.0F;
  }
  {
    const std::vector<float> x(4, 0.5F);
    std::vector<fp8_e4m3> codes(4);
    // [options]
    pack(x, codes, {.over = overflow::saturate, .scale = 4});  // as declared: round, over, scale, seed, ...
    // [end options]
    // [options_apart]
    pack_options o;  // or in any order
    o.scale = 4;
    o.over = overflow::saturate;
    pack(x, codes, o);
    // [end options_apart]
    right = right && codes[3] == 2.0F;
  }
  {
    // [text]
    const char text[] = "0.3, 0x1.8p-2, nan";
    fp8_e4m3 x;
    const auto result = from_chars(text, text + std::strlen(text), x);  // 0.3125; result.ptr is at the comma
    const std::string shortest = to_string(x);                          // "0.3125"
    char buffer[32];                                                    // always enough
    const auto written = to_chars(buffer, buffer + sizeof buffer, x);
    std::istringstream stream("448 -inf");
    fp8_e5m2 largest, infinity;
    stream >> largest >> infinity;
    // [end text]
    right = right && result.ptr == text + 3 && shortest == "0.3125" &&
            std::string(buffer, written.ptr) == shortest && largest == 448.0F && isinf(infinity);
  }
  return right ? 0 : 1;
}
