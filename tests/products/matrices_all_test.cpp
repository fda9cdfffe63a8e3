// The same of many pairs.
#include "matrix_checks.hpp"

namespace products {
namespace {

using namespace narrowfp;

template <class A, class B>
struct pair_of {
  using a = A;
  using b = B;
};
template <class Pair>
class AllMatrices : public testing::Test {};
using pairs_of_matrices =
    testing::Types<pair_of<mxfp4, mxfp4>, pair_of<mxfp4, mxint8>, pair_of<mxint8, hif4>,
                   pair_of<nvfp4, nvfp4>, pair_of<hif4, hif4>, pair_of<mxfp6_e2m3, mxfp6_e2m3>,
                   pair_of<nvfp4, mxint8>, pair_of<mx9, mxfp4>, pair_of<mx6, mx9>, pair_of<hif5, mxfp4>,
                   pair_of<q8_0, mxfp4>, pair_of<fp6_e2m3, fp4_e2m1>, pair_of<fp4_e2m1, fp4_e2m1>,
                   pair_of<bfp_3_16, bfp_7_16>, pair_of<fp4_bits, mxfp4>, pair_of<fp8_e4m3, mxfp4>>;
TYPED_TEST_SUITE(AllMatrices, pairs_of_matrices);

TYPED_TEST(AllMatrices, AreWhatTheScalarPathSays) {
  check_matrices<typename TypeParam::a, typename TypeParam::b>(34);
}

}  // namespace
}  // namespace products
