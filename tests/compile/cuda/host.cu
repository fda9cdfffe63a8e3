// A .cu file that includes everything, and whose host code uses it. The kernel only shows that this is CUDA.
#include <narrowfp/aliases.hpp>
#include <narrowfp/io.hpp>
#include <narrowfp/layouts.hpp>
#include <narrowfp/narrowfp.hpp>

#include <cstdio>
#include <vector>

using namespace narrowfp;

__global__ void touch(float* x) { *x = 1; }

namespace {

int failures = 0;

void expect(bool right, const char* what) {
  if (!right) {
    std::printf("wrong: %s\n", what);
    ++failures;
  }
}

void values() {
  fp8_e4m3 x(1.0F);
  x += 2;
  x *= fp8_e4m3(2.0F);
  expect(x == 6.0F && to_string(-x) == "-6", "arithmetic");
  expect(nextafter(x, fp8_e4m3(7.0F)) == 6.5F && std::numeric_limits<hif8>::max() == 32768.0F, "functions");
}

template <class T>
void arrays(unsigned largest) {
  const std::vector<float> x = {0.11F, -0.72F, 1.5F, 1e30F};
  std::vector<float> restored(x.size());
  std::vector<T> codes(x.size());
  pack(x, codes, {.over = overflow::saturate});
  unpack(codes, restored);
  expect(codes[3].bits() == largest && restored[2] == 1.5F, "pack");
  packed_vector<T> dense(x.size());
  pack(x, dense, {.over = overflow::saturate});
  const packed_vector<T>& view = dense;
  expect(view[3] == codes[3] && packed_span<const T>(dense).size() == 4, "packed");
  expect(compare<T>(x, {.over = overflow::saturate}).saturated == 1, "compare");
}

template <class B>
void over_blocks(float expected) {
  const std::vector<float> x(100, 0.7F);
  std::vector<B> quantized(block_count<B>(x.size()));
  quantize(x, quantized);
  std::vector<float> restored(x.size());
  dequantize(quantized, restored);
  expect(restored[99] == expected && restored[0] == expected, "blocks");
}

}  // namespace

int main() {
  values();
  arrays<fp8_e4m3>(0x7E);
  arrays<fp6_e2m3>(0x1F);
  arrays<hif8>(0x6E);
  over_blocks<mxfp4>(0.75F);
  over_blocks<nvfp4>(0.703125F);
  over_blocks<mxint8>(0.703125F);
  over_blocks<hif4>(0.65625F);
  return failures;
}
