// Layer: types. What can be converted to a narrow value, and how it is read exactly.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/hybrid.hpp"
#include "../core/real.hpp"
#include "../formats/fp16.hpp"
#include "float_codes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

template <scalar_format F>
class narrow_float;

namespace detail {

/// T as the type of an operand if the condition holds, else a type that nothing is. (A constraint would say
/// it too, but nvcc does not read those of friends.)
template <class T>
struct no_operand;
template <bool Condition, class T>
using operand_if = std::conditional_t<Condition, T, no_operand<T>>;

template <class T>
inline constexpr bool is_narrow_float = false;
template <class F>
inline constexpr bool is_narrow_float<narrow_float<F>> = true;

}  // namespace detail

/// A value type of this library: some `narrow_float<Format>`.
template <class T>
concept narrow_value = detail::is_narrow_float<T>;

namespace detail {

// The compiler's own 16-bit types; std::float16_t and std::bfloat16_t are these. Before C++23 the standard
// library does not call them floating-point types. No macro says where __bf16 can be used: clang++ has it on
// these targets since 17, g++ since 13. (nvcc's front end knows neither.)
#if !defined(__CUDACC__) && (!defined(__i386__) && !defined(__x86_64__) || defined(__SSE2__))
#if defined(__FLT16_MANT_DIG__) && \
    (defined(__clang__) || __GNUC__ >= 13 || defined(__i386__) || defined(__x86_64__))
#define NARROWFP_FLOAT16 _Float16
#endif
#if (defined(__i386__) || defined(__x86_64__) || defined(__aarch64__)) && \
    (defined(__clang__) ? __clang_major__ >= 17 : __GNUC__ >= 13)
#define NARROWFP_BFLOAT16 __bf16
#endif
#endif

/// The format of a 16-bit floating-point type of the compiler.
template <class X>
struct compiler_half_format {};
#if defined(NARROWFP_FLOAT16)
__extension__ template <>
struct compiler_half_format<NARROWFP_FLOAT16> {
  using type = formats::float16;
};
#undef NARROWFP_FLOAT16
#endif
#if defined(NARROWFP_BFLOAT16)
__extension__ template <>
struct compiler_half_format<NARROWFP_BFLOAT16> {
  using type = formats::bfloat16;
};
#undef NARROWFP_BFLOAT16
#endif

/// A floating-point type of 64 bits or fewer, as IEEE 754 lays them out.
template <class X>
concept wide_floating = std::floating_point<X> && requires {
  requires std::numeric_limits<X>::is_iec559;
  requires sizeof(X) <= sizeof(std::uint64_t);
};

}  // namespace detail

/// The compiler's own 16-bit types where it has them: _Float16, __bf16, std::float16_t, std::bfloat16_t.
template <class X>
concept compiler_half = requires {
  typename detail::compiler_half_format<X>::type;
};

/// float, double, C++23's std::float32_t and float64_t, and the compiler's own 16-bit types.
template <class X>
concept floating_source = compiler_half<X> || detail::wide_floating<X>;

/// A standard or extended integer; not bool and not a character.
template <class X>
concept integer_source =
    std::integral<X> && !std::same_as<X, bool> && !std::same_as<X, char> && !std::same_as<X, wchar_t> &&
    !std::same_as<X, char8_t> && !std::same_as<X, char16_t> && !std::same_as<X, char32_t> &&
    sizeof(X) <= sizeof(std::uint64_t);

/// What a narrow value can be made from.
template <class X>
concept conversion_source = floating_source<X> || integer_source<X> || narrow_value<X>;

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::core {

/// The format of a built-in floating-point type, from its numeric_limits where it must have them.
template <floating_source X>
struct layout_of_type {
  using type = formats::binary_layout<static_cast<int>(8 * sizeof(X)) - std::numeric_limits<X>::digits,
                                      std::numeric_limits<X>::digits - 1,
                                      std::numeric_limits<X>::max_exponent - 1, specials::ieee>;
};
template <compiler_half X>
struct layout_of_type<X> {
  using type = typename detail::compiler_half_format<X>::type;
};
template <floating_source X>
using layout_of = typename layout_of_type<X>::type;

template <class F>
NARROWFP_INLINE constexpr real read(narrow_float<F> x) noexcept;  // defined with the class

template <floating_source X>
NARROWFP_INLINE constexpr real read(X x) noexcept {
  using layout = layout_of<X>;
  return layout::from_code(core::bit_cast<typename layout::code_type>(x));
}

template <integer_source X>
NARROWFP_INLINE constexpr real read(X x) noexcept {
  const bool negative = x < X{0};
  const auto bits = static_cast<std::uint64_t>(x);
  return finite(negative ? ~bits + 1 : bits, 0, negative);
}

/// x rounded to a built-in floating-point type, nearest even: the bit pattern.
template <floating_source X>
NARROWFP_INLINE constexpr typename layout_of<X>::code_type floating_bits(const real& x) noexcept {
  return encode<layout_of<X>>(x, rounding::nearest_even, overflow::native);
}

/// The same, with NaN reduced to its sign: decoding gives one quiet NaN per sign.
template <floating_source X>
NARROWFP_INLINE constexpr typename layout_of<X>::code_type floating_bits_plain_nan(const real& x) noexcept {
  return floating_bits<X>(x.kind == real_kind::nan ? nan(x.negative) : x);
}

/// @{
/// The same as a number.
template <floating_source X>
NARROWFP_INLINE constexpr X to_floating(const real& x) noexcept {
  return core::bit_cast<X>(floating_bits<X>(x));
}
template <floating_source X>
NARROWFP_INLINE constexpr X to_floating_plain_nan(const real& x) noexcept {
  return core::bit_cast<X>(floating_bits_plain_nan<X>(x));
}
/// @}

// What a source's low bits add to the discarded fraction under hybrid rounding, in units of 2^-32.
// The rule rounds up where the fraction's leading n bits reach a threshold T, which is to say where
// adding 2^n - T carries.

/// float: n = 14, T = the low 14 bits of the fraction field.
NARROWFP_INLINE constexpr std::uint64_t hybrid_addend(float x) noexcept {
  const std::uint32_t threshold = core::bit_cast<std::uint32_t>(x) & 0x3FFF;
  return std::uint64_t{0x4000 - threshold} << (32 - 14);
}

/// A 16-bit source: n = 2, T = 1 or 3 by the lowest bit of the code.
NARROWFP_INLINE constexpr std::uint64_t hybrid_addend(std::uint16_t code) noexcept {
  const std::uint32_t threshold = 2 * (code & 1U) + 1;
  return std::uint64_t{4 - threshold} << (32 - 2);
}

/// Encodes by hybrid rounding; a source that has no rule of its own is first rounded to float.
template <hybrid_format F, conversion_source X>
NARROWFP_INLINE constexpr typename F::code_type convert_hybrid(X x, overflow policy) noexcept {
  if constexpr (std::same_as<X, float>) {
    return encode_hybrid<F>(read(x), policy, hybrid_addend(x));
  } else if constexpr (std::same_as<X, narrow_float<formats::float16>> ||
                       std::same_as<X, narrow_float<formats::bfloat16>>) {
    return encode_hybrid<F>(read(x), policy, hybrid_addend(x.bits()));
  } else if constexpr (compiler_half<X>) {
    return encode_hybrid<F>(read(x), policy, hybrid_addend(core::bit_cast<std::uint16_t>(x)));
  } else {
    return convert_hybrid<F>(to_floating<float>(read(x)), policy);
  }
}

/// The code of x in F, rounded once from its exact value.
template <scalar_format F, conversion_source X>
NARROWFP_INLINE constexpr typename F::code_type convert(X x, rounding mode, overflow policy,
                                                        std::uint32_t random_bits = 0) noexcept {
  if constexpr (hybrid_format<F>) {
    if (mode == rounding::hybrid) {
      return convert_hybrid<F>(x, policy);
    }
  }
  const bool native = mode == rounding::native || mode == rounding::hybrid;
  return encode<F>(read(x), native ? F::native_rounding : mode, policy, random_bits);
}

/// The same by the format's own rounding: from float the short way, where there is one.
template <scalar_format F, conversion_source X>
NARROWFP_INLINE constexpr typename F::code_type convert_natively(X x, overflow policy) noexcept {
  if constexpr (std::same_as<X, float> && has_short_way<F>) {
    return encode_pattern<F>(core::bit_cast<std::uint32_t>(x), policy);
  } else {
    return encode<F>(read(x), F::native_rounding, policy);
  }
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
