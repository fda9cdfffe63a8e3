// Expect: narrowfp::dot of split blocks needs a block type: write matrix_view<mxfp4>.split, 1, n.
#include <narrowfp/products.hpp>

#include <cstddef>
#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<std::byte> codes(16), scales(1);
  const std::vector<float> b(32);
  const const_split_blocks a(codes, scales);
#if defined(NARROWFP_TEST_FAULT)
  return dot(a, b) > 0;
#else
  return dot(matrix_view<mxfp4>(a, 1, 32), b) > 0;
#endif
}
