// Expect: float
#include <narrowfp/types.hpp>
using wide = narrowfp::narrow_float<narrowfp::minifloat<9, 3, 255, narrowfp::specials::ieee>>;

int main() {
#if defined(NARROWFP_TEST_FAULT)
  const float x = wide(1);
  return x > 0 ? 0 : 1;
#else
  const float x = static_cast<float>(wide(1));
  return x > 0 ? 0 : 1;
#endif
}
