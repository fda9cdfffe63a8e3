// One call of dequantize: what a translation unit with it costs. See ../include_cost.cmake.
#include <narrowfp/quantize.hpp>

void dequantize_one(std::span<const narrowfp::nvfp4> in, std::span<float> out) {
  narrowfp::dequantize(in, out);
}
