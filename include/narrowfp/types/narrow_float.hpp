// Layer: types. The value type template.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/format.hpp"
#include "../detail/wrong_use.hpp"
#include "float_codes.hpp"
#include "source.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// Whether every value of the format is a float; then conversion to float is exact and implicit.
template <scalar_format F>
inline constexpr bool exact_in_float =
    core::binade_of(F::max_finite) <= 127 &&
    F::ulp_exponent(core::binade_of(core::min_positive<F>)) >= -149 && F::width <= 24;

namespace detail {

/// A number of another type: built in, or of a narrow format.
template <class X, class T>
concept number_other_than = !std::same_as<X, T> && (std::is_arithmetic_v<X> || conversion_source<X>);

/// A number that T can be made from, but only explicitly.
template <class X, class T>
concept not_assignable_to = number_other_than<X, T> && !std::convertible_to<X, T>;

}  // namespace detail

/// A number of a narrow format: one code, and the arithmetic that the format's values allow.
///
/// Shape     one byte (two above 8 bits), trivially copyable, standard layout; bits above the format's
///           width are ignored by every observer.
/// Rounding  conversion and arithmetic round the exact result once, by the format's native rule.
/// Errors    none: every input has a defined result. Nothing reads or writes the floating-point
///           environment.
/// Std       numeric_limits, hash and (narrowfp/io.hpp) formatter are specialized: every member follows from
///           the format, and what the format lacks is absent.
template <scalar_format F>
class narrow_float {
 public:
  using format = F;                         ///< the descriptor
  using code_type = typename F::code_type;  ///< holds a code

  /// Code 00.
  constexpr narrow_float() noexcept = default;

  /// x rounded once from its exact value, native rounding and overflow. Cost: some 15 instructions from
  /// float, 20 to 40 from others; for arrays use pack.
  template <conversion_source X>
  constexpr explicit narrow_float(X x) noexcept : code_(core::convert_natively<F>(x, overflow::native)) {}

  /// Not without a conversion: T op a built-in number is a float, which only T(...) rounds.
  template <detail::not_assignable_to<narrow_float> X>
  NARROWFP_REFUSAL("narrowfp: an assignment does not round (T * 2 is a float): write x = T(...)")
  operator=(X x) NARROWFP_REFUSED;

  /// The value with this code; bits above the width are dropped.
  [[nodiscard]] NARROWFP_INLINE static constexpr narrow_float from_bits(code_type code) noexcept {
    return core::bit_cast<narrow_float>(static_cast<code_type>(code & mask));
  }

  /// The code, right-aligned.
  [[nodiscard]] NARROWFP_INLINE constexpr code_type bits() const noexcept {
    return static_cast<code_type>(code_ & mask);
  }

  /// Exact, and implicit, where every value of the format is a float; else explicit and rounded once,
  /// nearest even. NaN becomes 7fc00000 with the code's sign.
  constexpr explicit(!exact_in_float<F>) operator float() const noexcept {
    if constexpr (core::has_short_way<F>) {
      return core::bit_cast<float>(core::pattern_of_code<F>(code_));
    } else {
      return core::to_floating_plain_nan<float>(exact());
    }
  }

  /// Exact: every format's values are doubles. (Formats within float convert to double through float.)
  constexpr explicit operator double() const noexcept requires(!exact_in_float<F>) {
    return core::to_floating_plain_nan<double>(exact());
  }

  // A template, so that it is considered for just these types and static_cast<int>(x) goes through float.
  /// To _Float16, __bf16 and their like: rounded once, nearest even.
  template <compiler_half X>
  constexpr explicit operator X() const noexcept {
    return core::to_floating_plain_nan<X>(exact());
  }

  /// @{
  /// The exact result rounded once, native rounding and overflow; the NaN of an invalid operation is
  /// positive.
  friend constexpr narrow_float operator+(narrow_float a, narrow_float b) noexcept {
    return rounded(core::add(a.exact(), b.exact()));
  }
  friend constexpr narrow_float operator-(narrow_float a, narrow_float b) noexcept {
    return rounded(core::subtract(a.exact(), b.exact()));
  }
  friend constexpr narrow_float operator*(narrow_float a, narrow_float b) noexcept {
    return rounded(core::multiply(a.exact(), b.exact()));
  }
  friend constexpr narrow_float operator/(narrow_float a, narrow_float b) noexcept {
    return rounded(core::divide(a.exact(), b.exact()));
  }
  /// @}

  // clang++ has no built-in operators for a class and one of these types.
  /// @{
  /// With the compiler's own 16-bit types, as with the other built-in ones: what float in t's place gives.
  template <compiler_half X>
  friend constexpr float operator+(narrow_float t, X x) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(t) + static_cast<float>(x);
  }
  template <compiler_half X>
  friend constexpr float operator+(X x, narrow_float t) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(x) + static_cast<float>(t);
  }
  template <compiler_half X>
  friend constexpr float operator-(narrow_float t, X x) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(t) - static_cast<float>(x);
  }
  template <compiler_half X>
  friend constexpr float operator-(X x, narrow_float t) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(x) - static_cast<float>(t);
  }
  template <compiler_half X>
  friend constexpr float operator*(narrow_float t, X x) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(t) * static_cast<float>(x);
  }
  template <compiler_half X>
  friend constexpr float operator*(X x, narrow_float t) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(x) * static_cast<float>(t);
  }
  template <compiler_half X>
  friend constexpr float operator/(narrow_float t, X x) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(t) / static_cast<float>(x);
  }
  template <compiler_half X>
  friend constexpr float operator/(X x, narrow_float t) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(x) / static_cast<float>(t);
  }
  template <compiler_half X>
  friend constexpr bool operator==(narrow_float t, X x) noexcept requires(exact_in_float<F>) {
    return static_cast<float>(t) == static_cast<float>(x);
  }
  template <compiler_half X>
  friend constexpr std::partial_ordering operator<=>(narrow_float t, X x) noexcept
      requires(exact_in_float<F>) {
    return static_cast<float>(t) <=> static_cast<float>(x);
  }
  /// @}

  /// x itself.
  friend constexpr narrow_float operator+(narrow_float x) noexcept { return x; }

  /// Flips the sign; where zero and NaN have no sign they stay.
  friend constexpr narrow_float operator-(detail::operand_if<F::is_signed, narrow_float> x) noexcept {
    if constexpr (!core::sign_is_a_bit<F>) {
      return rounded(core::negated(x.exact()));
    } else {
      return x.has_sign() ? from_bits(static_cast<code_type>(x.bits() ^ sign_mask)) : x;
    }
  }
  friend constexpr narrow_float operator-(detail::operand_if<!F::is_signed, narrow_float>) noexcept = delete;

  /// @{
  /// t op= u is t = T(t op u), so that with a built-in type or another narrow_float on the right the
  /// operation is that of float in t's place. (Self: nvcc takes the class itself for incomplete here.)
  template <class U, class Self = narrow_float>
  constexpr narrow_float& operator+=(U u) noexcept requires requires(Self t) {
    Self(t + u);
  }
  { return *this = narrow_float(*this + as_operand(u)); }
  template <class U, class Self = narrow_float>
  constexpr narrow_float& operator-=(U u) noexcept requires requires(Self t) {
    Self(t - u);
  }
  { return *this = narrow_float(*this - as_operand(u)); }
  template <class U, class Self = narrow_float>
  constexpr narrow_float& operator*=(U u) noexcept requires requires(Self t) {
    Self(t * u);
  }
  { return *this = narrow_float(*this * as_operand(u)); }
  template <class U, class Self = narrow_float>
  constexpr narrow_float& operator/=(U u) noexcept requires requires(Self t) {
    Self(t / u);
  }
  { return *this = narrow_float(*this / as_operand(u)); }
  /// @}

  /// @{
  /// IEEE comparison: -0 equals +0, NaN is unordered.
  friend constexpr bool operator==(narrow_float a, narrow_float b) noexcept {
    return core::compare(a.exact(), b.exact()) == 0;
  }
  friend constexpr std::partial_ordering operator<=>(narrow_float a, narrow_float b) noexcept {
    return core::compare(a.exact(), b.exact());
  }
  /// @}

 private:
  template <scalar_format G>
  friend constexpr bool signbit(narrow_float<G> x) noexcept;

  static constexpr std::uint64_t mask = core::low_mask(F::width);
  static constexpr std::uint64_t sign_mask = F::is_signed ? std::uint64_t{1} << (F::width - 1) : 0;

  /// Whether flipping the top bit negates: not for the zero and the NaN of formats without -0, which
  /// share the magnitude bits 0.
  [[nodiscard]] constexpr bool has_sign() const noexcept {
    return F::is_signed &&
           (F::has_negative_zero || !core::sign_is_a_bit<F> || (code_ & mask & ~sign_mask) != 0);
  }

  /// Integers join in as floats, which is what float op integer makes of them.
  template <class U>
  static constexpr auto as_operand(U u) noexcept {
    if constexpr (std::integral<U>) {
      return static_cast<float>(u);
    } else {
      return u;
    }
  }

  [[nodiscard]] constexpr core::real exact() const noexcept { return core::decode<F>(code_); }

  static constexpr narrow_float rounded(const core::real& x) noexcept {
    return from_bits(core::encode<F>(x, F::native_rounding, overflow::native));
  }

  code_type code_ = 0;
};

namespace core {

template <class F>
NARROWFP_INLINE constexpr real read(narrow_float<F> x) noexcept {
  return decode<F>(x.bits());
}

/// out = x, rounded once, nearest even, native overflow: what unpacking does. Nothing here returns a float
/// that may be NaN or infinite: under -ffast-math clang 17 and later take for granted that no function does.
template <class S>
NARROWFP_INLINE constexpr void store(S& out, const real& x) noexcept {
  if constexpr (narrow_value<S>) {
    out = S::from_bits(encode<typename S::format>(x, rounding::nearest_even, overflow::native));
  } else {
    out = __builtin_bit_cast(S, floating_bits_plain_nan<S>(x));
  }
}

/// The same as a result.
template <class S>
NARROWFP_INLINE constexpr S from_real(const real& x) noexcept {
  if constexpr (narrow_value<S>) {
    return S::from_bits(encode<typename S::format>(x, rounding::nearest_even, overflow::native));
  } else {
    return to_floating_plain_nan<S>(x);
  }
}

}  // namespace core

/// Converts x to T, rounded once from its exact value.
///
/// Rounding  `mode`; hybrid means native for targets other than hif8. `random_bits` serves stochastic.
/// Overflow  native: infinity if T has one, else NaN, else the largest value; saturate: the largest
///           finite value, for infinities too.
/// Errors    none.
template <narrow_value T, conversion_source From>
[[nodiscard]] constexpr T round_to(From x, rounding mode = rounding::native,
                                   overflow policy = overflow::native,
                                   std::uint32_t random_bits = 0) noexcept {
  using F = typename T::format;
  return T::from_bits(mode == rounding::native ? core::convert_natively<F>(x, policy)
                                               : core::convert<F>(x, mode, policy, random_bits));
}

/// Converts x to T, native rounding; what is beyond the largest finite value becomes that value.
template <narrow_value T, conversion_source From>
[[nodiscard]] constexpr T saturate_cast(From x) noexcept {
  return T::from_bits(core::convert_natively<typename T::format>(x, overflow::saturate));
}

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
