// Expect: narrowfp::quantize: .scale is a scale_rule here; a factor for all of in is .tensor_scale, which
// divides
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(x, b, {.scale = 4.0F});
#else
  narrowfp::quantize(x, b, {.scale = narrowfp::scale_rule::ceil, .tensor_scale = 0.25F});
#endif
}
