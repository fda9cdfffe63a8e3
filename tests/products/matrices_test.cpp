// Products of matrices by every set against the scalar path: pairs that take different ways.
#include "matrix_checks.hpp"

namespace products {
namespace {

TEST(Matrices, AreWhatTheScalarPathSays) {
  check_matrices<narrowfp::hif4, narrowfp::nvfp4>(31);
  check_matrices<narrowfp::mxint8, narrowfp::mxint8>(32);
  check_matrices<narrowfp::fp4_e2m1, narrowfp::mxfp4>(33);
}

}  // namespace
}  // namespace products
