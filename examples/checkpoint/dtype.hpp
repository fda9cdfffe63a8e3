// The element types that files hold, by the names that safetensors gives them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace checkpoint {

struct dtype {
  /// Decodes the elements from `skip` on, as many as `out` has. Returns how many finite numbers are beyond
  /// the range of float; they become infinities.
  using decoder = std::uint64_t (*)(std::span<const std::byte> raw, std::size_t skip, std::span<float> out);

  std::string_view name;
  int width_bits;
  decoder decode;                ///< null: not a floating-point type
  std::string_view stored_name;  ///< the safetensors dtype that can hold these bytes

  [[nodiscard]] bool is_floating() const noexcept { return decode != nullptr; }
};

/// Null if safetensors has no dtype of that name.
const dtype* find_safetensors_dtype(std::string_view name) noexcept;

/// The types that ml_dtypes adds to numpy, one element a byte (or two). Null if there is none of that name.
const dtype* find_ml_dtype(std::string_view name) noexcept;

}  // namespace checkpoint
