#include <cmath>

#include "block_suite.hpp"

namespace kernels {
namespace {

using hif4_scale = shared_scale<e6m2, 64, scale_rules::bfloat16_reciprocal<7>>;
template <class... Levels>
using hif4_bits = block_format<fp4_e1m2, Levels...>;
template <class Element, class Bits>
using microexponents = block_format<Element, shared_scale<e8m0, 16, scale_rules::shared_exponent>, Bits>;

// Bits below the scale: the named formats (but hif4, which is in named_blocks_test.cpp), and what differs
// from them in one respect each.
using shared_bit_types =
    testing::Types<hif5, mx9, mx6, mx4, hif4_bits<shared_scale<e6m2, 64>, shared_bit<8>, shared_bit<4>>,
                   hif4_bits<hif4_scale, shared_bit<8, 3>, shared_bit<4>>,
                   hif4_bits<hif4_scale, shared_bit<8>, shared_bit<4, 0>>,
                   hif4_bits<shared_scale<fp8_e4m3, 64>, shared_bit<8>, shared_bit<4>>,
                   hifx<sign_magnitude<7, rounding::nearest_away>>,
                   block_format<fp6_e2m3, shared_scale<e6m2, 32>, shared_bit<16>, shared_bit<8>>,
                   microexponents<sign_magnitude<1, rounding::nearest_away>, shared_bit<2>>,
                   microexponents<sign_magnitude<5, rounding::nearest_away>, shared_bit<2, 0>>,
                   microexponents<sign_magnitude<3, rounding::nearest_away>, shared_bit<2>>,
                   microexponents<sign_magnitude<7, rounding::nearest_away>, shared_bit<2, 2>>,
                   microexponents<sign_magnitude<4, rounding::nearest_away>, shared_bit<4>>,
                   microexponents<fp6_e2m3, shared_bit<2>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(SharedBit, KernelBlocks, shared_bit_types, support::type_names);

// Elements whose products with the rounded reciprocal of the scale lie on a boundary between codes or bits,
// or so close to it that a float product rounded to nearest would be on it.
template <class B>
void expect_products_on_their_sides() {
  constexpr int per_one = 1 << (B::element_format::width - 1);  // multiples of half a unit
  std::vector<float> x;
  for (int quarters = 4; quarters < 8; ++quarters) {  // E6M2's significands
    for (const float power : {0x1p-20F, 1.0F, 0x1p9F}) {
      const float scale = static_cast<float>(quarters) / 4 * power;
      const auto reciprocal = static_cast<double>(static_cast<float>(static_cast<bfloat16>(1 / scale)));
      for (int boundary = 1; boundary < 7 * per_one; ++boundary) {
        const auto at = static_cast<float>(boundary / (per_one * reciprocal));
        for (const float sign : {1.0F, -1.0F}) {
          if (x.size() % B::elements == 0) {
            x.push_back(7 * scale);
          }
          for (const float near : {std::nextafter(at, 0.0F), at, std::nextafter(at, 1e30F)}) {
            x.push_back(sign * near);
          }
        }
      }
      x.resize((x.size() + B::elements - 1) / B::elements * B::elements);
    }
  }
  std::vector<B> want(block_count<B>(x.size()));
  quantize(x, want, {.use = isa::scalar});
  for (const isa use : support::available_vector_isas()) {
    std::vector<B> got(want.size());
    quantize(x, got, {.use = use});
    EXPECT_TRUE(want == got) << isa_name(use);
  }
}

TEST(KernelBlocksWithBits, PutProductsNextToABoundaryOnTheirSide) {
  expect_products_on_their_sides<hif4>();
  expect_products_on_their_sides<hif5>();
}

}  // namespace
}  // namespace kernels
