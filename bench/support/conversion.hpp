// What a benchmark row is made of: a conversion of n elements from one byte buffer to another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// How elements lie in memory on one side of a conversion: `elements` of them fill `bytes`.
struct side {
  std::size_t elements = 1;
  std::size_t bytes = 1;

  [[nodiscard]] std::size_t size_bytes(std::size_t n) const { return n / elements * bytes; }
};

/// What the input buffer holds.
enum class content { floats, bfloat16s, codes_8, codes_16 };

/// Converts n elements.
using convert_function = std::function<void(const std::byte* in, std::byte* out, std::size_t n)>;

struct conversion {
  std::string name;
  content input = content::floats;
  /// Turns such an input into what this conversion is for; none if it is that already.
  std::function<void(std::byte* in, std::size_t n)> prepare;
  side in;
  side out;
  /// The ways to do it; the fastest one counts. Conversions of the library have one, ceilings several.
  std::vector<convert_function> variants;
  /// The definition of the result, element by element. Elements are numbered from `first`, which matters
  /// to seeded stochastic rounding alone.
  std::function<void(const std::byte* in, std::byte* out, std::size_t n, std::uint64_t first)> reference;
  bool numbered = false;  ///< the result depends on an element's number
  /// The trivial conversion of the same traffic, null for the ceilings themselves.
  const conversion* ceiling = nullptr;
};

}  // namespace bench
