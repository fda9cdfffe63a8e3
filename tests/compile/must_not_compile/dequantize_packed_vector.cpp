// Expect: narrowfp::dequantize reads blocks such as mxfp4: for values call narrowfp::unpack.in, out.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  narrowfp::packed_vector<narrowfp::fp4_e2m1> nibbles(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(nibbles, x);
#else
  narrowfp::unpack(nibbles, x);
#endif
}
