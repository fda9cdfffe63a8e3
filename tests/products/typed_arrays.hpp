// Arrays of types from the bytes that the oracle has, and bits of results.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include <narrowfp/block/block_format.hpp>
#include <narrowfp/types.hpp>

namespace products {

inline std::uint64_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
inline std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }
inline std::uint64_t bits_of(narrowfp::bfloat16 x) { return x.bits(); }
inline std::uint64_t bits_of(narrowfp::float16 x) { return x.bits(); }

/// A number of its little-endian bytes, as vectors and the oracle have them.
template <class T>
T from_little_endian(const std::uint8_t* bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bits |= std::uint64_t{bytes[i]} << 8 * i;
  }
  if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(bits);
  } else {
    return T::from_bits(static_cast<typename T::code_type>(bits));
  }
}

/// An array of T that begins `shift` objects after what the allocator gives.
template <class T>
class array_of {
 public:
  array_of(std::span<const std::uint8_t> bytes, std::size_t shift)
      : shift_(shift), objects_(shift + bytes.size() / sizeof(T)) {
    for (std::size_t i = shift; i < objects_.size(); ++i) {
      const std::uint8_t* from = bytes.data() + (i - shift) * sizeof(T);
      if constexpr (narrowfp::block_type<T>) {
        std::memcpy(&objects_[i], from, sizeof(T));
      } else {
        objects_[i] = from_little_endian<T>(from);
      }
    }
  }
  [[nodiscard]] std::span<const T> view() const { return std::span(objects_).subspan(shift_); }

 private:
  std::size_t shift_;
  std::vector<T> objects_;
};

}  // namespace products
