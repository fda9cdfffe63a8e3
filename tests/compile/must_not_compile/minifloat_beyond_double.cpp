// Expect: exact in double
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  using own = narrowfp::narrow_float<narrowfp::minifloat<11, 4, 2000, narrowfp::specials::ieee>>;
  return own(1).bits() == 0 ? 1 : 0;
#else
  using own = narrowfp::narrow_float<narrowfp::minifloat<11, 4, 1023, narrowfp::specials::ieee>>;
  return own(1).bits() == 0 ? 1 : 0;
#endif
}
