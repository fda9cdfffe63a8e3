// One call of unpack: what a translation unit with it costs. See ../include_cost.cmake.
#include <narrowfp/pack.hpp>

void unpack_one(std::span<const narrowfp::fp8_e4m3> in, std::span<float> out) { narrowfp::unpack(in, out); }
