// One call of pack: what a translation unit with it costs. See ../include_cost.cmake.
#include <narrowfp/pack.hpp>

void pack_one(std::span<const float> in, std::span<narrowfp::fp8_e4m3> out) { narrowfp::pack(in, out); }
