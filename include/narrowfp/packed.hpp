// Dense storage of values narrower than a byte: packed_span views bytes, packed_vector owns them.
//
// Element i lies at bits i * width and up of the little-endian bit stream, so that 4-bit element 0 is the
// low nibble (torch, CUDA, DLPack, OCP); pad bits of the last byte are 0.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "core/bit_packing.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "types.hpp"
#include "types/packed_iterator.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

/// Bytes that n densely stored values of T fill. Error: a count whose bits overflow std::size_t.
template <narrow_value T>
[[nodiscard]] constexpr std::size_t packed_size_bytes(std::size_t n) {
  constexpr std::size_t width = T::format::width;
  if (n / 8 >= ~std::size_t{0} / width) {
    detail::report("narrowfp::packed_size_bytes", "n", "elements fill more bytes than std::size_t can count");
  }
  return core::dense_size_bytes(n, static_cast<int>(width));
}

/// A view of n densely stored values; T is a value type or a const one. As of std::span, copies share the
/// elements, and iterators outlive the span.
template <class T>
class packed_span {
  static_assert(narrow_value<std::remove_const_t<T>>, "narrowfp: packed_span needs a narrowfp value type");

 public:
  /// @{
  /// As of std::span; byte_type is the type of the viewed bytes.
  using element_type = T;
  using value_type = std::remove_const_t<T>;
  using byte_type = std::conditional_t<std::is_const_v<T>, const std::byte, std::byte>;
  using iterator = packed_iterator<T>;
  using reference = typename iterator::reference;
  /// @}

  /// No values.
  constexpr packed_span() noexcept = default;
  /// Views the first packed_size_bytes<T>(n) bytes. Error: fewer bytes than that.
  constexpr packed_span(std::span<byte_type> bytes, std::size_t n) : bytes_(bytes.data()), size_(n) {
    const std::size_t wanted = packed_size_bytes<value_type>(n);
    if (bytes.size() < wanted) {
      detail::report_size("narrowfp::packed_span", "bytes", bytes.size(), wanted,
                          "n values fill that many bytes");
    }
  }
  /// The same of bytes that are kept as std::byte, unsigned char or std::uint8_t, in any contiguous range.
  template <detail::bytes_of<T> R>
  constexpr packed_span(R&& bytes, std::size_t n)
      : packed_span(std::span<byte_type>(detail::as_byte_span(bytes)), n) {}
  /// To read only.
  template <std::same_as<T> Self = T>
  requires(!std::is_const_v<Self>) constexpr operator packed_span<const Self>() const noexcept {
    return packed_span<const T>(std::span<const std::byte>(bytes()), size_);
  }

  /// @{
  /// As of std::span; bytes() are those that hold the values.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr std::span<byte_type> bytes() const noexcept {
    return {bytes_, core::dense_size_bytes(size_, value_type::format::width)};
  }
  [[nodiscard]] constexpr reference operator[](std::size_t i) const noexcept { return *iterator(bytes_, i); }
  [[nodiscard]] constexpr reference front() const noexcept { return (*this)[0]; }
  [[nodiscard]] constexpr reference back() const noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] constexpr iterator begin() const noexcept { return {bytes_, 0}; }
  [[nodiscard]] constexpr iterator end() const noexcept { return {bytes_, size_}; }
  /// @}

 private:
  byte_type* bytes_ = nullptr;
  std::size_t size_ = 0;
};

/// Owns densely stored values; grows like std::vector.
template <narrow_value T>
class packed_vector {
 public:
  /// @{
  /// As of std::vector.
  using value_type = T;
  using iterator = packed_iterator<T>;
  using const_iterator = packed_iterator<const T>;
  using reference = packed_reference<T>;
  using const_reference = T;
  /// @}

  /// No values.
  packed_vector() = default;
  /// n values of code 00.
  explicit packed_vector(std::size_t n) : bytes_(packed_size_bytes<T>(n)), size_(n) {}
  /// n equal values.
  packed_vector(std::size_t n, T value) : packed_vector(n) {
    for (std::size_t i = 0; i < n; ++i) {
      (*this)[i] = value;
    }
  }
  /// These values.
  packed_vector(std::initializer_list<T> values) : packed_vector(values.size()) {
    std::size_t i = 0;
    for (const T value : values) {
      (*this)[i++] = value;
    }
  }

  /// @{
  /// As of std::vector; bytes() are those that hold the values.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return bytes_; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

  [[nodiscard]] reference operator[](std::size_t i) noexcept { return {bytes_.data(), i}; }
  [[nodiscard]] T operator[](std::size_t i) const noexcept { return *const_iterator(bytes_.data(), i); }
  [[nodiscard]] reference front() noexcept { return (*this)[0]; }
  [[nodiscard]] T front() const noexcept { return (*this)[0]; }
  [[nodiscard]] reference back() noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] T back() const noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] iterator begin() noexcept { return {bytes_.data(), 0}; }
  [[nodiscard]] iterator end() noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] const_iterator begin() const noexcept { return {bytes_.data(), 0}; }
  [[nodiscard]] const_iterator end() const noexcept { return {bytes_.data(), size_}; }
  /// @}

  /// @{
  /// Views all values.
  operator packed_span<T>() noexcept { return {std::span<std::byte>(bytes_), size_}; }
  operator packed_span<const T>() const noexcept { return {std::span<const std::byte>(bytes_), size_}; }
  /// @}

  /// Appends a value.
  void push_back(T value) {
    resize(size_ + 1);
    (*this)[size_ - 1] = value;
  }
  /// New values have code 00; pad bits stay 0.
  void resize(std::size_t n) {
    bytes_.resize(packed_size_bytes<T>(n));
    const std::size_t cleared_to = bytes_.size() * 8 / T::format::width;
    for (std::size_t i = n < size_ ? n : size_; i < cleared_to; ++i) {
      (*this)[i] = T{};
    }
    clear_padding(n);
    size_ = n;
  }
  /// Leaves no values.
  void clear() noexcept {
    bytes_.clear();
    size_ = 0;
  }
  /// Whether sizes and values are equal; NaN equals nothing.
  friend bool operator==(const packed_vector& a, const packed_vector& b) noexcept {
    if (a.size_ != b.size_) {
      return false;
    }
    for (std::size_t i = 0; i < a.size_; ++i) {
      if (!(a[i] == b[i])) {
        return false;
      }
    }
    return true;
  }

 private:
  void clear_padding(std::size_t n) noexcept {
    const std::size_t used = n * T::format::width % 8;
    if (used != 0) {
      bytes_.back() &= static_cast<std::byte>(core::low_mask(static_cast<int>(used)));
    }
  }

  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
};

namespace detail {

template <class T>
inline constexpr bool is_packed = false;
template <class T>
inline constexpr bool is_packed<packed_span<T>> = true;
template <class T>
inline constexpr bool is_packed<packed_vector<T>> = true;

/// packed_span or packed_vector.
template <class R>
concept packed_range = is_packed<std::remove_cvref_t<R>>;

template <packed_range R>
using packed_value = typename std::remove_cvref_t<R>::value_type;

}  // namespace detail

/// @cond what a compiler deduces
template <class T>
packed_span(packed_vector<T>&) -> packed_span<T>;
template <class T>
packed_span(const packed_vector<T>&) -> packed_span<const T>;
/// @endcond

}  // namespace narrowfp::inline v0

/// @cond described at packed_span
// As of std::span: copies share the elements, and iterators outlive the span.
template <class T>
inline constexpr bool std::ranges::enable_view<narrowfp::packed_span<T>> = true;
template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<narrowfp::packed_span<T>> = true;
/// @endcond

#include "detail/undef.hpp"
