// Where libraries differ, what this one does; quoted by docs/coming_from.md.
#include <cstdint>
#include <limits>

#include <narrowfp/types.hpp>

using namespace narrowfp;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

// [differences]
// Infinity under saturation: the largest value.
static_assert(saturate_cast<fp8_e4m3>(infinity).bits() == 0x7E);
static_assert(saturate_cast<fp8_e5m2>(infinity).bits() == 0x7B);
static_assert(saturate_cast<fp8_e4m3fnuz>(-infinity).bits() == 0xFF);

// NaN keeps its sign where the format has two; E5M2's is 7E.
static_assert(fp8_e4m3(-nan).bits() == 0xFF);
static_assert(fp8_e5m2(nan).bits() == 0x7E);

// NaN to FP6 and FP4: the largest value, positive.
static_assert(fp4_e2m1(-nan).bits() == 0x7);
static_assert(fp6_e3m2(nan).bits() == 0x1F);

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

int main() {}
