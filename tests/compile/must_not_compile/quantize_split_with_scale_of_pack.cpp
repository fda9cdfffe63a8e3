// Expect: narrowfp::quantize: .scale is a scale_rule here; a factor for all of in is .tensor_scale, which
// divides
#include <cstddef>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<std::byte> codes(16);
  std::vector<std::byte> scales(1);
  const narrowfp::split_blocks split = {codes, scales};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize<narrowfp::mxfp4>(x, split, {.over = narrowfp::overflow::saturate, .scale = 4.0F});
#else
  narrowfp::quantize<narrowfp::mxfp4>(x, split, {.over = narrowfp::overflow::saturate});
#endif
}
