// Expect: 2 to 16 bits
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  using own = narrowfp::narrow_float<narrowfp::minifloat<5, 11, 15, narrowfp::specials::ieee>>;
  return own(1).bits() == 0 ? 1 : 0;
#else
  using own = narrowfp::narrow_float<narrowfp::minifloat<5, 10, 15, narrowfp::specials::ieee>>;
  return own(1).bits() == 0 ? 1 : 0;
#endif
}
