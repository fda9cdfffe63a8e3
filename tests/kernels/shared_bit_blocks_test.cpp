#include "block_suite.hpp"

namespace kernels {
namespace {

using hif4_scale = shared_scale<e6m2, 64, scale_rules::bfloat16_reciprocal<7>>;
template <class... Levels>
using hif4_bits = block_format<fp4_e1m2, Levels...>;
template <class Element, class Bits>
using microexponents = block_format<Element, shared_scale<e8m0, 16, scale_rules::shared_exponent>, Bits>;

// Bits below the scale: the named formats, and what differs from them in one respect each.
using shared_bit_types =
    testing::Types<hif4, hif5, mx9, mx6, mx4, hif4_bits<shared_scale<e6m2, 64>, shared_bit<8>, shared_bit<4>>,
                   hif4_bits<hif4_scale, shared_bit<8, 3>, shared_bit<4>>,
                   hif4_bits<hif4_scale, shared_bit<8>, shared_bit<4, 0>>,
                   microexponents<sign_magnitude<3, rounding::nearest_away>, shared_bit<2>>,
                   microexponents<sign_magnitude<7, rounding::nearest_away>, shared_bit<2, 2>>,
                   microexponents<sign_magnitude<4, rounding::nearest_away>, shared_bit<4>>,
                   microexponents<fp6_e2m3, shared_bit<2>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(SharedBit, KernelBlocks, shared_bit_types);

}  // namespace
}  // namespace kernels
