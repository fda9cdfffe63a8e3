// One format of each kind of scale: a power of two over elements of 4 and of 8 bits, a ratio, bits below the
// scale. What else there is, is in the other files named *_blocks_test.cpp, which the full tests build as
// well.
#include "block_suite.hpp"

namespace kernels {
namespace {

using named_types = testing::Types<mxfp4, mxfp8_e4m3, nvfp4, hif4>;
INSTANTIATE_TYPED_TEST_SUITE_P(Named, KernelBlocks, named_types, support::type_names);

TEST(KernelMemoryOfManyElements, IsThatOfTheScalarPathForNibbles) { expect_many_values<mxfp4>(); }

}  // namespace
}  // namespace kernels
