// Where libraries differ, what this one does; quoted by docs/coming_from.md.
#include <array>
#include <cstdint>
#include <limits>

#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

}  // namespace

// [differences]
// Infinity under saturation: the largest value.
static_assert(saturate_cast<fp8_e4m3>(infinity).bits() == 0x7E);
static_assert(saturate_cast<fp8_e5m2>(infinity).bits() == 0x7B);
static_assert(saturate_cast<fp8_e4m3fnuz>(-infinity).bits() == 0xFF);

// NaN keeps its sign where the format has two; E5M2's is 7E.
static_assert(fp8_e4m3(-not_a_number).bits() == 0xFF);
static_assert(fp8_e5m2(not_a_number).bits() == 0x7E);

// NaN to FP6 and FP4: the largest value, positive.
static_assert(fp4_e2m1(-not_a_number).bits() == 0x7);
static_assert(fp6_e3m2(not_a_number).bits() == 0x1F);

// E8M0: nearest, ties up; zero is 00; a negative value is NaN.
static_assert(e8m0(1.5F).bits() == 0x80);
static_assert(e8m0(0.0F).bits() == 0x00);
static_assert(e8m0(-1.0F).bits() == 0xFF);
static_assert(round_to<e8m0>(1.99F, rounding::toward_zero).bits() == 0x7F);      // CUDA: cudaRoundZero
static_assert(round_to<e8m0>(1.01F, rounding::toward_positive).bits() == 0x80);  // CUDA: cudaRoundPosInf

// HiF8: 40960 is the first value that overflows; float subnormals are zero.
static_assert(hif8(40959.0F).bits() == 0x6E);
static_assert(hif8(40960.0F).bits() == 0x6F);
static_assert(hif8(std::numeric_limits<float>::denorm_min()).bits() == 0x00);
// [end differences]

constexpr std::array<float, 32> values = {4.0F, 1.75F, -0.1F};  // under scale 1, as the largest is 4

// [blocks]
constexpr mxfp4 exact = quantize_block<mxfp4>(values);  // values: 4, 1.75, -0.1, 0 ...
constexpr mxfp4 ggml = quantize_block<mxfp4>(values, {.as = recipe::ggml});
static_assert(exact.scale_code(0, 0) == 127 && ggml.scale_code(0, 0) == 127);  // 2^0 in both
static_assert(exact[1] == 2.0F && ggml[1] == 1.5F);          // 1.75, a tie: even; toward zero
static_assert(exact.code(2) == 0x8 && ggml.code(2) == 0x0);  // -0.1: -0; 0
// OCP's rule clips 7 to 6; the rule that never clips takes the next scale, and rounds it to 8.
constexpr std::array<float, 32> seven = {7.0F};
static_assert(quantize_block<mxfp4>(seven)[0] == 6.0F);
static_assert(quantize_block<mxfp4>(seven, {.scale = scale_rule::rceil})[0] == 8.0F);
// cuDNN rounds NVFP4's scale up, so that 7 needs 1.25; to nearest it is 1.125, and 7 clips to 6 * 1.125.
constexpr std::array<float, 16> seven_of_16 = {7.0F};
static_assert(quantize_block<nvfp4>(seven_of_16, {.scale = scale_rule::rceil}).scale_code(0, 0) == 0x3A);
static_assert(quantize_block<nvfp4>(seven_of_16)[0] == 6.75F);
// torchao multiplies by a rounded reciprocal: here the quotient is 5, a tie, and the product lies above it.
constexpr std::array<float, 16> tie = {5.625F, 4.6875F};  // under scale 0.9375
static_assert(quantize_block<nvfp4>(tie).code(1) == 0x6);
static_assert(quantize_block<nvfp4>(tie, {.as = recipe::torchao}).code(1) == 0x7);
// [end blocks]

int main() {}
