// What array calls accept in place of a span: any contiguous range with a size, without <ranges>. std::data,
// std::size and their like come with <span> as well as with <iterator>, which costs three times as much.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace narrowfp::inline v0::detail {

/// std::span, std::vector, std::array, C arrays and their like.
template <class R>
concept contiguous_sized = requires(R& r) {
  { std::data(r) } -> std::convertible_to<const volatile void*>;
  { std::size(r) } -> std::convertible_to<std::size_t>;
  requires std::is_pointer_v<decltype(std::data(r))>;
};

/// The element type of such a range, with const where the elements cannot be written.
template <contiguous_sized R>
using element_of = std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>;

/// One in ordinary memory, which vector instructions may read and write.
template <class R>
concept ordinary_range = contiguous_sized<R> && !std::is_volatile_v<element_of<R>>;

/// std::byte and the types in which buffers of raw bytes are kept besides.
template <class T>
concept byte_like = std::same_as<T, std::byte> || std::same_as<T, unsigned char> || std::same_as<T, char>;

/// A contiguous range of bytes, const or not.
template <class R>
concept byte_range = contiguous_sized<R> && byte_like<std::remove_const_t<element_of<R>>>;

/// An lvalue, or a view that may die before what it views.
template <class R>
concept outlived_range =
    std::is_lvalue_reference_v<R> || std::ranges::enable_borrowed_range<std::remove_cvref_t<R>>;

/// Bytes that a view of T, const or not, can be made of.
template <class R, class T>
concept bytes_of = byte_range<R> &&
    (std::is_const_v<T> || (!std::is_const_v<element_of<R>> && outlived_range<R>));

/// std::byte, const where T is.
template <class T>
using byte_as = std::conditional_t<std::is_const_v<T>, const std::byte, std::byte>;

/// The bytes of the range, whatever type they are kept in. A constant expression for std::byte alone.
template <byte_range R>
constexpr std::span<byte_as<element_of<R>>> as_byte_span(R& r) noexcept {
  if constexpr (std::same_as<std::remove_const_t<element_of<R>>, std::byte>) {
    return {std::data(r), static_cast<std::size_t>(std::size(r))};
  } else {
    return {reinterpret_cast<byte_as<element_of<R>>*>(std::data(r)), static_cast<std::size_t>(std::size(r))};
  }
}

template <contiguous_sized R>
constexpr std::span<element_of<R>> as_span(R& r) noexcept {
  return {std::data(r), static_cast<std::size_t>(std::size(r))};
}

template <contiguous_sized R>
constexpr std::span<const element_of<R>> as_const_span(R& r) noexcept {
  return {std::data(r), static_cast<std::size_t>(std::size(r))};
}

}  // namespace narrowfp::inline v0::detail
