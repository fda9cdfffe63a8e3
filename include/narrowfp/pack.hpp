// Arrays of values: pack floats into codes, unpack codes into floats.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "detail/error.hpp"
#include "dispatch/kernel_elements.hpp"
#include "detail/ranges.hpp"
#include "dispatch/convert.hpp"
#include "dispatch/isa.hpp"
#include "packed.hpp"
#include "types.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

/// What unpack converts to: float, double, the compiler's own 16-bit types and every value type. pack
/// converts from these and from integers (conversion_source); to integers nothing is unpacked, for they have
/// no NaN.
template <class S>
concept array_scalar = floating_source<S> || narrow_value<S>;

/// What pack may be told.
struct pack_options {
  rounding round = rounding::native;  ///< any mode; hybrid for hif8 alone
  overflow over = overflow::native;   ///< of finite values beyond the range, and of infinity
  /// 1 packs the source value itself, rounded once; by any other scale, value * scale rounded once to
  /// float is what is packed.
  float scale = 1;
  /// Stochastic rounding: element i draws by seed and first_index + i, whatever the chunking.
  std::uint64_t seed = 0;
  std::uint64_t first_index = 0;  ///< of the first element
  isa use = isa::automatic;       ///< an instruction set that is not available is an error
};

/// What unpack may be told.
struct unpack_options {
  float scale = 1;           ///< multiplies after decoding; the product is rounded once
  isa use = isa::automatic;  ///< an instruction set that is not available is an error
};

namespace detail {

template <class R>
concept pack_source = ordinary_range<R> && conversion_source<std::remove_const_t<element_of<R>>>;

template <class R>
concept unpack_target = ordinary_range<R> && array_scalar<element_of<R>> && !std::is_const_v<element_of<R>>;

template <class R>
concept values_source = contiguous_sized<R> && narrow_value<std::remove_const_t<element_of<R>>>;

template <class R>
concept values_target = contiguous_sized<R> && narrow_value<element_of<R>> && !std::is_const_v<element_of<R>>;

/// One whose elements can be written.
template <class R>
concept packed_target = packed_range<R> && std::convertible_to<R&, packed_span<packed_value<R>>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

template <narrow_value T>
kernels::encode_job make_job(const pack_options& options, const char* function = "narrowfp::pack") {
  using F = typename T::format;
  if (options.round > rounding::hybrid) {
    fail(function, "round", "is none of the rounding modes");
  }
  if (options.over > overflow::saturate) {
    fail(function, "over", "is none of the overflow policies");
  }
  if (options.round == rounding::hybrid && !core::hybrid_format<F>) {
    fail(function, "round", "is rounding::hybrid, which is a rule of hif8 alone");
  }
  const rounding mode = options.round == rounding::native ? F::native_rounding : options.round;
  return {mode, options.over, options.scale, options.seed, options.first_index};
}

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// Packs values into codes, one code an element.
///
/// Shape     in: n values of float, double, the compiler's own 16-bit types, standard integers or any value
///           type. out: n values of T. in and out must not overlap.
/// Rounding  options.round, from the exact source value (scale 1), once. Overflow by options.over.
/// Errors    out.size() != in.size(), rounding::hybrid for a type other than hif8, an instruction set that
///           is not available: std::invalid_argument before anything is written. Does not allocate.
/// Cost      one pass.
template <class S, class T>
requires conversion_source<S> && narrow_value<T> NARROWFP_INLINE void pack(std::span<const S> in,
                                                                           std::span<T> out,
                                                                           pack_options options = {}) {
  const isa set = dispatch::resolve("narrowfp::pack", options.use);
  detail::require_size("narrowfp::pack", "out", out.size(), in.size(), "one code for each element of in");
  using F = typename T::format;
  const detail::kernel_elements<const S> source(in.data());
  dispatch::encode<F>(set, source.data(), reinterpret_cast<typename F::code_type*>(out.data()), in.size(),
                      detail::make_job<T>(options));
}

/// Packs any contiguous sized range into any other.
template <detail::pack_source In, detail::values_target Out>
NARROWFP_INLINE void pack(In&& in, Out&& out, pack_options options = {}) {
  using S = std::remove_cv_t<detail::element_of<In>>;
  pack<S, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), options);
}

/// Packs values densely: packed_span or packed_vector; the pad bits of the last byte become 0.
template <detail::pack_source In, detail::packed_target Out>
NARROWFP_INLINE void pack(In&& in, Out&& out, pack_options options = {}) {
  using T = detail::packed_value<Out>;
  const isa set = dispatch::resolve("narrowfp::pack", options.use);
  const auto source = detail::as_const_span(in);
  const packed_span<T> target = out;
  detail::require_size("narrowfp::pack", "out", target.size(), source.size(),
                       "one code for each element of in");
  const detail::kernel_elements elements(source.data());
  dispatch::encode_dense<typename T::format>(set, elements.data(), target.bytes().data(), source.size(),
                                             detail::make_job<T>(options));
}

/// Unpacks codes into values.
///
/// Shape     in: n values of T. out: n of float, double, the compiler's own 16-bit types or any value type.
///           in and out must not overlap.
/// Rounding  value * options.scale is rounded once to S, nearest even, native overflow; to float exact
///           where scale is 1. NaN becomes one quiet NaN per sign.
/// Errors    out.size() != in.size(), an instruction set that is not available: std::invalid_argument
///           before anything is written. Does not allocate.
/// Cost      one pass.
template <class T, class S>
requires narrow_value<T> && array_scalar<S> NARROWFP_INLINE void unpack(std::span<const T> in,
                                                                        std::span<S> out,
                                                                        unpack_options options = {}) {
  const isa set = dispatch::resolve("narrowfp::unpack", options.use);
  detail::require_size("narrowfp::unpack", "out", out.size(), in.size(), "one element for each code of in");
  using F = typename T::format;
  const detail::kernel_elements<S> target(out.data());
  dispatch::decode<F>(set, reinterpret_cast<const typename F::code_type*>(in.data()), target.data(),
                      in.size(), options.scale);
}

/// Unpacks any contiguous sized range into any other.
template <detail::values_source In, detail::unpack_target Out>
NARROWFP_INLINE void unpack(In&& in, Out&& out, unpack_options options = {}) {
  using T = std::remove_cv_t<detail::element_of<In>>;
  unpack<T, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), options);
}

/// Unpacks densely stored values: packed_span or packed_vector.
template <detail::packed_range In, detail::unpack_target Out>
NARROWFP_INLINE void unpack(In&& in, Out&& out, unpack_options options = {}) {
  using T = std::remove_const_t<detail::packed_value<In>>;
  const isa set = dispatch::resolve("narrowfp::unpack", options.use);
  const packed_span<const T> source = in;
  const auto target = detail::as_span(out);
  detail::require_size("narrowfp::unpack", "out", target.size(), source.size(),
                       "one element for each code of in");
  const detail::kernel_elements elements(target.data());
  dispatch::decode_dense<typename T::format>(set, source.bytes().data(), elements.data(), target.size(),
                                             options.scale);
}

}  // namespace

/// Views raw bytes, kept as std::byte, unsigned char or std::uint8_t, as values, without copying.
///
/// Errors    a size that is not a multiple of sizeof(T), or a misaligned address for 16-bit types:
///           std::invalid_argument.
template <narrow_value T, detail::byte_range R>
[[nodiscard]] auto as_values(R&& bytes) {
  using view = std::conditional_t<std::is_const_v<detail::element_of<R>>, const T, T>;
  const auto raw = detail::as_span(bytes);
  detail::require_viewable("narrowfp::as_values", raw.data(), raw.size(), sizeof(T), alignof(T));
  return std::span<view>(reinterpret_cast<view*>(raw.data()), raw.size() / sizeof(T));
}

}  // namespace narrowfp::inline v0

#include "detail/undef.hpp"

#include "refusals/pack.hpp"  // needs what stands above
