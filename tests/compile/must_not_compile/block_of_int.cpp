// Expect: narrowfp: a block's element is a narrowfp value type
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  using namespace narrowfp;
#if defined(NARROWFP_TEST_FAULT)
  using block = block_format<int, shared_scale<e8m0, 32>>;
  return sizeof(block) == 17 ? 0 : 1;
#else
  using block = block_format<fp4_e2m1, shared_scale<e8m0, 32>>;
  return sizeof(block) == 17 ? 0 : 1;
#endif
}
