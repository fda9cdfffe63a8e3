// Expect: narrowfp::dot multiplies blocks, value types and float: view raw bytes by as_blocks
#include <narrowfp/products.hpp>

#include <cstddef>
#include <vector>

int main() {
  const std::vector<std::byte> bytes(17);
  const std::vector<narrowfp::mxint8> b(1);
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot(bytes, b, 32) > 0;
#else
  return narrowfp::dot(narrowfp::as_blocks<narrowfp::mxfp4>(bytes), b, 32) > 0;
#endif
}
