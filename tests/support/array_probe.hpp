// The array functions of one value type behind function pointers; see probe.hpp. Sources, targets and codes
// are handed over as bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "instruction_sets.hpp"
#include "oracle.hpp"

namespace support {

/// The element types that pack takes and unpack gives, besides the value types themselves.
enum class scalar { f32, f64, f16, bf16 };
inline constexpr scalar all_scalars[] = {scalar::f32, scalar::f64, scalar::f16, scalar::bf16};

inline const oracle::source_layout& layout_of(scalar s) {
  return s == scalar::f32   ? oracle::binary32
         : s == scalar::f64 ? oracle::binary64
         : s == scalar::f16 ? oracle::binary16
                            : oracle::brain16;
}

using bit_vector = std::vector<std::uint64_t>;

struct array_probe {
  std::string name;
  int width = 0;
  /// pack into one code an element.
  bit_vector (*pack)(scalar source, const bit_vector& in, narrowfp::pack_options) = nullptr;
  /// pack into dense storage; the bytes.
  std::vector<std::uint8_t> (*pack_dense)(scalar source, const bit_vector& in,
                                          narrowfp::pack_options) = nullptr;
  bit_vector (*unpack)(scalar target, const bit_vector& codes, narrowfp::unpack_options) = nullptr;
  /// unpack n values from dense storage.
  bit_vector (*unpack_dense)(scalar target, const std::vector<std::uint8_t>& bytes, std::size_t n,
                             narrowfp::unpack_options) = nullptr;
};

const array_probe& find_array_probe(const std::string& name);

/// For parameterised suites: every value type of the library and some user formats.
const std::vector<std::string>& array_types();

}  // namespace support
