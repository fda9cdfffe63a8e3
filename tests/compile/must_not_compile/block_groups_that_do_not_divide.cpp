// Expect: narrowfp: the groups of a level must divide those of the level above
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  using namespace narrowfp;
#if defined(NARROWFP_TEST_FAULT)
  using block = block_format<fp4_e2m1, shared_scale<e8m0, 32>, shared_bit<5>>;
  return block::elements == 32 ? 0 : 1;
#else
  using block = block_format<fp4_e2m1, shared_scale<e8m0, 32>, shared_bit<8>>;
  return block::elements == 32 ? 0 : 1;
#endif
}
