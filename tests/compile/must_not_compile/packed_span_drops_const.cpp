// Expect: packed_span
#include <cstddef>
#include <narrowfp/narrowfp.hpp>

int main() {
  std::byte bytes[2] = {};
  const narrowfp::packed_span<narrowfp::fp4_e2m1> view(bytes, 4);
  const narrowfp::packed_span<const narrowfp::fp4_e2m1> constant = view;
#if defined(NARROWFP_TEST_FAULT)
  const narrowfp::packed_span<narrowfp::fp4_e2m1> copy = constant;
#else
  const narrowfp::packed_span<const narrowfp::fp4_e2m1> copy = constant;
#endif
  return copy.size() == 4 ? 0 : 1;
}
