// The array functions of one value type behind function pointers; see probe.hpp. Tests hand sources, targets
// and codes over as raw memory, to choose addresses and lengths, or as bits.
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

inline std::size_t size_of(scalar s) { return s == scalar::f32 ? 4 : s == scalar::f64 ? 8 : 2; }

using bit_vector = std::vector<std::uint64_t>;
using byte_vector = std::vector<std::uint8_t>;

struct array_probe {
  std::string name;
  std::size_t width;
  /// n elements from `in` to `out`; codes in dense storage where `dense` is set.
  void (*pack_memory)(scalar source, const void* in, void* out, std::size_t n, bool dense,
                      narrowfp::pack_options);
  void (*unpack_memory)(scalar target, const void* in, void* out, std::size_t n, bool dense,
                        narrowfp::unpack_options);

  [[nodiscard]] std::size_t code_bytes(std::size_t n, bool dense) const {
    return dense ? (n * width + 7) / 8 : width <= 8 ? n : 2 * n;
  }

  /// Pack into one code an element.
  [[nodiscard]] bit_vector pack(scalar source, const bit_vector& in, narrowfp::pack_options) const;
  /// Pack into dense storage; the bytes.
  [[nodiscard]] byte_vector pack_dense(scalar source, const bit_vector& in, narrowfp::pack_options) const;
  [[nodiscard]] bit_vector unpack(scalar target, const bit_vector& codes, narrowfp::unpack_options) const;
  /// Unpack n values from dense storage.
  [[nodiscard]] bit_vector unpack_dense(scalar target, const byte_vector& bytes, std::size_t n,
                                        narrowfp::unpack_options) const;
};

/// The bits as numbers of `size` bytes lie in memory, and back.
byte_vector to_memory(const bit_vector& bits, std::size_t size);
bit_vector from_memory(const byte_vector& bytes, std::size_t size);

/// Every value type of the library and some user formats.
const std::vector<array_probe>& array_probes();
const array_probe& find_array_probe(const std::string& name);

/// Their names, for parameterised suites.
const std::vector<std::string>& array_types();

}  // namespace support
