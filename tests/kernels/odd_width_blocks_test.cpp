#include "block_suite.hpp"

namespace kernels {
namespace {

// Elements of widths other than 4, 6 and 8 bits.
using odd_width_types =
    testing::Types<msfp13, msfp15, bfp<4, 32>,
                   block_format<sign_magnitude<6>, shared_scale<e8m0, 64, scale_rules::shared_exponent>>,
                   block_format<sign_magnitude<2>, shared_scale<e8m0, 32, scale_rules::shared_exponent>>,
                   block_format<sign_magnitude<1>, shared_scale<e8m0, 64, scale_rules::shared_exponent>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(OddWidth, KernelBlocks, odd_width_types, support::type_names);

}  // namespace
}  // namespace kernels
