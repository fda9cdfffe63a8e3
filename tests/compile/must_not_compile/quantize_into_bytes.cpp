// Expect: narrowfp::quantize fills blocks such as mxfp4: view raw bytes by as_blocks<B>.bytes.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<std::byte> bytes(17);
  std::vector<float> floats(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(floats, bytes);
#else
  narrowfp::quantize(floats, narrowfp::as_blocks<narrowfp::mxfp4>(bytes));
#endif
}
