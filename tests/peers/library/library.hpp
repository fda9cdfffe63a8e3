// What the comparison with other packages calls: the library's array functions and operators, by the name of
// the format, over plain pointers. library.cpp gives them C linkage for Python's ctypes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "narrowfp/narrowfp.hpp"

namespace peers {

/// What an array holds on the other side of a format.
enum class scalar : std::int32_t { float32, float64, bfloat16, float16, int32, int64 };

/// Options of every call; the Python side has the same structure.
struct options {
  std::int32_t round, over, rule, recipe, use;
  float scale;  ///< of pack and unpack, or the tensor scale of blocks
  std::uint64_t seed, first_index;
};

/// One value format. Each function answers false where it does not take that scalar.
struct value_calls {
  const char* name;
  bool (*pack)(scalar from, const void* in, void* codes, std::size_t n, const options&);
  bool (*unpack)(const void* codes, scalar to, void* out, std::size_t n, const options&);
  /// One value at a time by round_to, element i with the random bits random[i].
  bool (*round)(scalar from, const void* in, const std::uint32_t* random, void* codes, std::size_t n,
                const options&);
  /// a + b, a - b, a * b or a / b by the types' operators.
  void (*arithmetic)(int operation, const void* a, const void* b, void* codes, std::size_t n);
};

/// One block format.
struct block_calls {
  const char* name;
  std::size_t elements, bytes;
  bool (*quantize)(scalar from, const void* in, std::size_t n, void* blocks, const options&);
  bool (*dequantize)(const void* blocks, scalar to, void* out, std::size_t n, const options&);
  /// ggml's layout of `count` blocks; null where ggml has no such block.
  void (*to_ggml)(const void* blocks, std::size_t count, void* out);
};

std::span<const value_calls> fp8_values();
std::span<const value_calls> fnuz_values();
std::span<const value_calls> small_values();
std::span<const value_calls> scale_and_wide_values();
std::span<const block_calls> mx_blocks();
std::span<const block_calls> other_blocks();

}  // namespace peers
