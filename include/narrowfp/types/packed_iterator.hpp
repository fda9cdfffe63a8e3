// Layer: types. One of densely stored values, as a reference that reads and writes its bits, and the iterator
// over them.
#pragma once

#include <compare>
#include <cstddef>
#include <iosfwd>
#include <span>  // the iterator tags; <iterator> costs more to include
#include <type_traits>

#include "../core/bit_packing.hpp"
#include "../detail/wrong_use.hpp"
#include "../types.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

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

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
