#include "block_suite.hpp"

namespace kernels {
namespace {

// Scales that are ratios.
using ratio_types = testing::Types<nvfp4, block_format<fp8_e4m3, shared_scale<ue5m3, 16>>,
                                   block_format<fp4_e2m1, shared_scale<ue5m3, 16>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Ratio, KernelBlocks, ratio_types);

}  // namespace
}  // namespace kernels
