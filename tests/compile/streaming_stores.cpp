// Calls whose kernels store past the caches, in each of the loops that do. Compiled by
// check_streaming_stores.cmake.
#include <narrowfp/pack.hpp>
#include <narrowfp/quantize.hpp>

#include <span>

using namespace narrowfp;

void encode(std::span<const float> in, std::span<fp8_e4m3> out) { pack(in, out); }
void encode(std::span<const float> in, std::span<bfloat16> out) { pack(in, out); }
void encode(std::span<const bfloat16> in, std::span<fp8_e4m3> out) { pack(in, out); }
void decode(std::span<const fp8_e4m3> in, std::span<float> out) { unpack(in, out); }
void decode(std::span<const bfloat16> in, std::span<float> out) { unpack(in, out); }
void decode(std::span<const mxfp4> in, std::span<bfloat16> out) { dequantize(in, out); }
void decode(std::span<const nvfp4> in, std::span<bfloat16> out) { dequantize(in, out); }
void decode(std::span<const hif4> in, std::span<bfloat16> out) { dequantize(in, out); }
