// The Hadamard transform by the compiler's own float arithmetic, one operation after the other: a witness
// that shares no code with the library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hadamard_reference {

struct transform {
  std::size_t block;
  bool random;
  bool inverse;
  std::uint64_t seed;
};

/// The blocks of x, which are bit patterns of floats. Computed in the default floating-point environment,
/// whatever the caller's is; NaN is 7FC00000.
std::vector<std::uint32_t> transformed(const std::vector<std::uint32_t>& x, const transform& t);

}  // namespace hadamard_reference
