// Dense storage of values narrower than a byte: packed_span views bytes, packed_vector owns them.
//
// Element i lies at bits i * width and up of the little-endian bit stream, so that 4-bit element 0 is the
// low nibble (torch, CUDA, DLPack, OCP); pad bits of the last byte are 0.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <type_traits>
#include <vector>

#include "core/bit_packing.hpp"
#include "detail/error.hpp"
#include "detail/wrong_use.hpp"
#include "detail/ranges.hpp"
#include "types.hpp"

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

template <class T>
class packed_span;

/// Stands for one densely stored value: converts to it, and assigning keeps the neighbours.
template <narrow_value T>
class packed_reference {
 public:
  /// Element `index` of the bytes.
  constexpr packed_reference(std::byte* bytes, std::size_t index) noexcept : bytes_(bytes), index_(index) {}
  /// Stands for the same element.
  constexpr packed_reference(const packed_reference&) noexcept = default;

  /// @{
  /// The element's value.
  [[nodiscard]] constexpr T value() const noexcept {
    return T::from_bits(
        static_cast<typename T::code_type>(core::load_dense<T::format::width>(bytes_, index_)));
  }
  constexpr operator T() const noexcept { return value(); }
  /// @}
  /// The value as a float, as T converts.
  constexpr explicit(!exact_in_float<typename T::format>) operator float() const noexcept {
    return static_cast<float>(value());
  }
  /// @{
  /// Writes the element; its neighbours stay.
  constexpr const packed_reference& operator=(T value) const noexcept {
    core::store_dense<T::format::width>(bytes_, index_, value.bits());
    return *this;
  }
  constexpr const packed_reference& operator=(const packed_reference& other) const noexcept {
    return *this = other.value();
  }
  constexpr packed_reference& operator=(const packed_reference& other) noexcept {
    static_cast<const packed_reference&>(*this) = other.value();
    return *this;
  }
  /// @}
  /// Not without a conversion, as of T.
  template <detail::not_assignable_to<T> X>
  NARROWFP_REFUSAL("narrowfp: an assignment does not round (T * 2 is a float): write x = T(...)")
  operator=(X x) const NARROWFP_REFUSED;

  /// @{
  /// t op= u of the value; the element's neighbours stay.
  template <class U>
  constexpr const packed_reference& operator+=(U u) const noexcept requires requires(T t) {
    t += u;
  }
  { return *this = T(value() += u); }
  template <class U>
  constexpr const packed_reference& operator-=(U u) const noexcept requires requires(T t) {
    t -= u;
  }
  { return *this = T(value() -= u); }
  template <class U>
  constexpr const packed_reference& operator*=(U u) const noexcept requires requires(T t) {
    t *= u;
  }
  { return *this = T(value() *= u); }
  template <class U>
  constexpr const packed_reference& operator/=(U u) const noexcept requires requires(T t) {
    t /= u;
  }
  { return *this = T(value() /= u); }
  /// @}

  // The conversions to T and to float would be equally good for an operator on references alone.
  /// @{
  /// As of the values.
  friend constexpr T operator+(packed_reference a) noexcept { return a.value(); }
  friend constexpr T operator-(packed_reference a) noexcept requires(T::format::is_signed) {
    return -a.value();
  }
  friend constexpr T operator-(packed_reference) noexcept requires(!T::format::is_signed) = delete;
  friend constexpr T operator+(packed_reference a, packed_reference b) noexcept {
    return a.value() + b.value();
  }
  friend constexpr T operator-(packed_reference a, packed_reference b) noexcept {
    return a.value() - b.value();
  }
  friend constexpr T operator*(packed_reference a, packed_reference b) noexcept {
    return a.value() * b.value();
  }
  friend constexpr T operator/(packed_reference a, packed_reference b) noexcept {
    return a.value() / b.value();
  }
  friend constexpr bool operator==(packed_reference a, packed_reference b) noexcept {
    return a.value() == b.value();
  }
  friend constexpr std::partial_ordering operator<=>(packed_reference a, packed_reference b) noexcept {
    return a.value() <=> b.value();
  }
  /// @}
  /// Exchanges the values of two elements.
  friend constexpr void swap(packed_reference a, packed_reference b) noexcept {
    const T old = a.value();
    a = b.value();
    b = old;
  }
  /// The element's code.
  [[nodiscard]] constexpr typename T::code_type bits() const noexcept { return value().bits(); }

 private:
  std::byte* bytes_;
  std::size_t index_;
};

/// For GoogleTest, which finds it by its name: as the value.
template <narrow_value T>
void PrintTo(const packed_reference<T>& x, std::ostream* out) {
  PrintTo(x.value(), out);
}

/// Random access over densely stored values; T may be const.
template <class T>
class packed_iterator {
  using byte_type = std::conditional_t<std::is_const_v<T>, const std::byte, std::byte>;

 public:
  /// @{
  /// What a random-access iterator has; the reference stands for a value (packed_reference) or is one.
  using value_type = std::remove_const_t<T>;
  using difference_type = std::ptrdiff_t;
  using reference = std::conditional_t<std::is_const_v<T>, value_type, packed_reference<value_type>>;
  using pointer = void;
  using iterator_category = std::random_access_iterator_tag;

  constexpr packed_iterator() noexcept = default;
  constexpr packed_iterator(byte_type* bytes, std::size_t index) noexcept : bytes_(bytes), index_(index) {}
  /// To read only. (A template, as nvcc takes a conversion to the class itself for a mistake.)
  template <std::same_as<T> Self = T>
  requires(!std::is_const_v<Self>) constexpr operator packed_iterator<const Self>() const noexcept {
    return {bytes_, index_};
  }

  constexpr reference operator*() const noexcept {
    if constexpr (std::is_const_v<T>) {
      return value_type::from_bits(static_cast<typename value_type::code_type>(
          core::load_dense<value_type::format::width>(bytes_, index_)));
    } else {
      return {bytes_, index_};
    }
  }
  constexpr reference operator[](difference_type n) const noexcept { return *(*this + n); }

  constexpr packed_iterator& operator+=(difference_type n) noexcept {
    index_ += static_cast<std::size_t>(n);
    return *this;
  }
  constexpr packed_iterator& operator-=(difference_type n) noexcept { return *this += -n; }
  constexpr packed_iterator& operator++() noexcept { return *this += 1; }
  constexpr packed_iterator& operator--() noexcept { return *this += -1; }
  constexpr packed_iterator operator++(int) noexcept {
    const packed_iterator before = *this;
    ++*this;
    return before;
  }
  constexpr packed_iterator operator--(int) noexcept {
    const packed_iterator before = *this;
    --*this;
    return before;
  }
  friend constexpr packed_iterator operator+(packed_iterator it, difference_type n) noexcept {
    return it += n;
  }
  friend constexpr packed_iterator operator+(difference_type n, packed_iterator it) noexcept {
    return it += n;
  }
  friend constexpr packed_iterator operator-(packed_iterator it, difference_type n) noexcept {
    return it -= n;
  }
  friend constexpr difference_type operator-(packed_iterator a, packed_iterator b) noexcept {
    return static_cast<difference_type>(a.index_ - b.index_);
  }
  friend constexpr bool operator==(packed_iterator a, packed_iterator b) noexcept {
    return a.index_ == b.index_;
  }
  friend constexpr auto operator<=>(packed_iterator a, packed_iterator b) noexcept {
    return a.index_ <=> b.index_;
  }
  /// @}

 private:
  byte_type* bytes_ = nullptr;
  std::size_t index_ = 0;
};

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
