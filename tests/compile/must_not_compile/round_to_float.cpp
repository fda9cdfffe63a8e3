// Expect: round_to
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return static_cast<int>(narrowfp::round_to<float>(1.0));
#else
  return narrowfp::round_to<narrowfp::hif8>(1.0).bits();
#endif
}
