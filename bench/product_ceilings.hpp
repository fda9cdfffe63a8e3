// What products are compared with: reading the operands, and the sum that a program would write without them.
#pragma once

#include <cstddef>

namespace bench {

/// Reads all bytes; the result keeps a compiler from leaving that out.
std::size_t read_bytes(const std::byte* bytes, std::size_t size);

/// The sum of products in float: fused multiply-add with four accumulators, each a vector. Inexact. n is a
/// multiple of 64.
float fused_dot(const float* a, const float* b, std::size_t n);

/// Whether this machine runs both: on x86-64 they are compiled for AVX2.
bool has_product_ceilings();

}  // namespace bench
