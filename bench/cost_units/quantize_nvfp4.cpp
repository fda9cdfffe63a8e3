// One call of quantize: what a translation unit with it costs. See ../include_cost.cmake.
#include <narrowfp/quantize.hpp>

void quantize_one(std::span<const float> in, std::span<narrowfp::nvfp4> out) { narrowfp::quantize(in, out); }
