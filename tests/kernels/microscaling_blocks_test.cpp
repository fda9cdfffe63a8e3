#include "block_suite.hpp"

namespace kernels {
namespace {

// One scale, a power of two: elements of 4, 6 and 8 bits, floats and integers; but for mxfp4 and mxfp8_e4m3,
// which are in named_blocks_test.cpp.
using microscaling_types = testing::Types<mxfp6_e2m3, mxfp6_e3m2, mxfp8_e5m2, mxint8, msfp12, msfp16,
                                          block_format<fp4_e2m1, shared_scale<e8m0, 64>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Microscaling, KernelBlocks, microscaling_types, support::type_names);

TEST(KernelMemoryOfManyElements, IsThatOfTheScalarPathForBytes) {
  expect_many_values<mxfp8_e5m2>();
  expect_many_values<mxint8>();
}

}  // namespace
}  // namespace kernels
