// Layer: core. The exact sum of any numbers: no order of the terms can change it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arithmetic.hpp"
#include "bits.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::core {
namespace {

/// A positive integer of up to Limbs * 32 bits, times 2^exponent: exact products.
template <int Limbs>
struct wide_integer {
  std::uint32_t limb[std::size_t{Limbs}] = {};  ///< the lowest first
  int exponent = 0;

  /// Times a number that leaves room.
  constexpr void multiply(const real& x) noexcept {
    const std::uint64_t factor[2] = {x.significand & low_mask(32), x.significand >> 32};
    std::uint32_t product[std::size_t{Limbs}] = {};
    for (int half = 0; half < 2; ++half) {
      std::uint64_t carry = 0;
      for (int i = 0; i + half < Limbs; ++i) {
        carry += limb[i] * factor[half] + product[i + half];
        product[i + half] = static_cast<std::uint32_t>(carry & low_mask(32));
        carry >>= 32;
      }
    }
    for (int i = 0; i < Limbs; ++i) {
      limb[i] = product[i];
    }
    exponent += x.exponent;
  }
};

template <int Limbs>
constexpr wide_integer<Limbs> wide_one() noexcept {
  wide_integer<Limbs> one;
  one.limb[0] = 1;
  return one;
}

/// A sum of finite numbers, infinities and NaN, exact: an integer of 64 bits while the terms fit, then signed
/// digits of weights 2^(lowest + 32 k), each with room for the carries of many terms (Kulisch's accumulator).
///
/// Digits   as many that the sum fits: (its highest bit - lowest) / 32 + 3. No term has a bit below 2^lowest.
template <int Digits>
class exact_sum {
 public:
  constexpr explicit exact_sum(int lowest) noexcept : lowest_(lowest) {}

  /// Adds a number without a sticky bit.
  NARROWFP_INLINE constexpr void add(const real& x) noexcept {
    if (x.kind != real_kind::finite) {
      add_special(x);
    } else if (x.significand != 0) {
      add_magnitude(x.significand, x.exponent, x.negative);
    }
  }

  /// Adds k * 2^exponent.
  NARROWFP_INLINE constexpr void add(std::int64_t k, int exponent) noexcept {
    if (k != 0) {
      const auto bits = static_cast<std::uint64_t>(k);
      add_magnitude(k < 0 ? ~bits + 1 : bits, exponent, k < 0);
    }
  }

  /// Adds, or subtracts, a wide integer.
  template <int Limbs>
  constexpr void add(const wide_integer<Limbs>& x, bool negative) noexcept {
    for (int i = 0; i < Limbs; ++i) {
      if (x.limb[i] != 0) {
        add_magnitude(x.limb[i], x.exponent + 32 * i, negative);
      }
    }
  }

  /// The sum times two finite positive factors, exact up to the sticky bit. Specials: a NaN or infinities of
  /// both signs are NaN, else an infinity stays. An exact zero is +0.
  [[nodiscard]] constexpr real total(const real& factor, const real& second_factor) noexcept {
    if (is_special()) {
      return special();
    }
    if (!has_digits_) {
      const real sum = integer();
      if (bit_width(magnitude_) + bit_width(factor.significand) <= 64 || is_one(second_factor)) {
        const real product = multiply(sum, factor);
        return is_one(second_factor) ? product : multiply(product, second_factor);
      }
    }
    const wide_integer<Digits + factor_limbs> product = times(factor, second_factor);  // finds the sign
    return leading_bits(product, negative_);
  }
  [[nodiscard]] constexpr real total() noexcept { return total(finite(1, 0), finite(1, 0)); }

  /// The same, and `addend`, which is no term of the factors', added.
  [[nodiscard]] constexpr real total(const real& factor, const real& second_factor,
                                     const real& addend) noexcept {
    add_special(addend);
    if (is_special()) {
      return special();
    }
    constexpr int most_bits = 62;  // of each number that add takes
    if (!has_digits_ && is_one(second_factor) &&
        bit_width(magnitude_) + bit_width(factor.significand) <= most_bits) {
      return core::add(multiply(integer(), factor), addend);
    }
    // A sum of its own, from the lowest bit of both on: a double's lie from 2^-1074 to 2^1024.
    const wide_integer<Digits + factor_limbs> product = times(factor, second_factor);
    exact_sum<Digits + factor_limbs + 2200 / 32> both(smaller(product.exponent, addend.exponent));
    both.add(product, negative_);
    both.add(addend);
    return both.total();
  }

 private:
  /// Of both factors.
  static constexpr int factor_limbs = 4;
  static constexpr std::uint32_t most_terms = 1U << 28;

  static constexpr bool is_one(const real& x) noexcept { return x.significand == 1 && x.exponent == 0; }

  /// The sum while it has no digits.
  [[nodiscard]] constexpr real integer() const noexcept {
    return finite(magnitude_, exponent_, negative_ && magnitude_ != 0);
  }

  constexpr void add_special(const real& x) noexcept {
    has_nan_ = has_nan_ || x.kind == real_kind::nan;
    has_plus_infinity_ = has_plus_infinity_ || (x.kind == real_kind::infinity && !x.negative);
    has_minus_infinity_ = has_minus_infinity_ || (x.kind == real_kind::infinity && x.negative);
  }
  [[nodiscard]] constexpr bool is_special() const noexcept {
    return has_nan_ || has_plus_infinity_ || has_minus_infinity_;
  }
  [[nodiscard]] constexpr real special() const noexcept {
    return has_nan_ || (has_plus_infinity_ && has_minus_infinity_) ? nan() : infinity(has_minus_infinity_);
  }

  /// Adds a number that is not zero.
  NARROWFP_INLINE constexpr void add_magnitude(std::uint64_t magnitude, int exponent,
                                               bool negative) noexcept {
    if (!has_digits_ && add_to_integer(magnitude, exponent, negative)) {
      return;
    }
    add_to_digits(magnitude, exponent, negative);
  }

  /// Whether the sum is an integer of 63 bits still.
  NARROWFP_INLINE constexpr bool add_to_integer(std::uint64_t magnitude, int exponent,
                                                bool negative) noexcept {
    if (magnitude_ == 0) {
      magnitude_ = magnitude;
      exponent_ = exponent;
      negative_ = negative;
      return true;
    }
    const int distance = exponent - exponent_;
    std::uint64_t own = magnitude_;
    if (distance >= 0) {
      if (distance + bit_width(magnitude) > 62) {
        return false;
      }
      magnitude <<= distance;
    } else {
      if (bit_width(own) - distance > 62) {
        return false;
      }
      own <<= -distance;
      exponent_ = exponent;
    }
    if (bit_width(own) > 62) {
      return false;
    }
    if (negative == negative_) {
      magnitude_ = own + magnitude;
    } else {
      negative_ = own >= magnitude ? negative_ : negative;
      magnitude_ = own >= magnitude ? own - magnitude : magnitude - own;
    }
    return true;
  }

  constexpr void add_to_digits(std::uint64_t magnitude, int exponent, bool negative) noexcept {
    open_digits();
    int position = exponent - lowest_;
    if (position < 0) {  // these bits are zeros
      magnitude >>= -position;
      position = 0;
    }
    const int digit = position / 32;
    const int shift = position % 32;
    const auto low = static_cast<std::int64_t>((magnitude & low_mask(32)) << shift);
    const auto high = static_cast<std::int64_t>((magnitude >> 32) << shift);
    // Each part has up to 63 bits, of which the low 32 belong to one digit and the others to the next.
    add_to_digit(digit, low & 0xFFFFFFFF, negative);
    add_to_digit(digit + 1, (low >> 32) + (high & 0xFFFFFFFF), negative);
    add_to_digit(digit + 2, high >> 32, negative);
    if (++terms_ == most_terms) {
      carry();
    }
  }
  NARROWFP_INLINE constexpr void add_to_digit(int digit, std::int64_t x, bool negative) noexcept {
    digit_[digit] += negative ? -x : x;
  }

  /// From here on the sum is in the digits.
  constexpr void open_digits() noexcept {
    if (!has_digits_) {
      has_digits_ = true;
      for (std::int64_t& digit : digit_) {
        digit = 0;
      }
      add_to_digits(magnitude_, magnitude_ == 0 ? lowest_ : exponent_, negative_);
    }
  }

  /// Brings all digits but the last to 0 .. 2^32 - 1.
  constexpr void carry() noexcept {
    for (int k = 0; k + 1 < Digits; ++k) {
      digit_[k + 1] += digit_[k] >> 32;
      digit_[k] &= 0xFFFFFFFF;
    }
    terms_ = 0;
  }

  /// The magnitude of the sum times both factors; its sign is in negative_.
  constexpr wide_integer<Digits + factor_limbs> times(const real& factor, const real& second) noexcept {
    wide_integer<factor_limbs> factors = wide_one<factor_limbs>();
    factors.multiply(factor);
    factors.multiply(second);
    open_digits();
    carry();
    negative_ = digit_[Digits - 1] < 0;
    if (negative_) {
      for (std::int64_t& digit : digit_) {
        digit = -digit;
      }
      carry();
    }
    int first = 0;  // digits that are not zero
    int last = Digits;
    while (first < last && digit_[first] == 0) {
      ++first;
    }
    while (first < last && digit_[last - 1] == 0) {
      --last;
    }
    wide_integer<Digits + factor_limbs> product;
    product.exponent = lowest_ + 32 * first + factors.exponent;
    for (int f = 0; f < factor_limbs; ++f) {
      std::uint64_t rest = 0;
      for (int i = 0; i < last - first; ++i) {
        rest += static_cast<std::uint64_t>(digit_[first + i]) * factors.limb[f] + product.limb[i + f];
        product.limb[i + f] = static_cast<std::uint32_t>(rest & low_mask(32));
        rest >>= 32;
      }
      product.limb[last - first + f] = static_cast<std::uint32_t>(rest);
    }
    return product;
  }

  /// The leading 64 bits or fewer, and whether any bit below them is set.
  template <int Limbs>
  static constexpr real leading_bits(const wide_integer<Limbs>& x, bool negative) noexcept {
    int top = Limbs - 1;
    while (top > 0 && x.limb[top] == 0) {
      --top;
    }
    if (x.limb[top] == 0) {
      return finite(0, 0);
    }
    if (top == 0) {
      return finite(x.limb[0], x.exponent, negative);
    }
    // Three limbs, of which the first has a bit.
    const std::uint64_t first_two = std::uint64_t{x.limb[top]} << 32 | x.limb[top - 1];
    const std::uint32_t third = top >= 2 ? x.limb[top - 2] : 0;
    const int shift = 64 - bit_width(first_two);
    const std::uint64_t below = std::uint64_t{third} << shift;  // 32 bits of which are in the significand
    real result = finite(first_two << shift | below >> 32, x.exponent + 32 * (top - 1) - shift, negative);
    result.sticky = (below & low_mask(32)) != 0;
    for (int i = 0; i < top - 2; ++i) {
      result.sticky = result.sticky || x.limb[i] != 0;
    }
    return result;
  }

  std::uint64_t magnitude_ = 0;  ///< with exponent_ and negative_ the sum, until digits are needed
  int exponent_ = 0;
  int lowest_;
  std::uint32_t terms_ = 0;  ///< in the digits, since the last carry
  bool negative_ = false;
  bool has_digits_ = false;
  bool has_nan_ = false;
  bool has_plus_infinity_ = false;
  bool has_minus_infinity_ = false;
  std::int64_t digit_[std::size_t{Digits}];  // NOLINT: set when they are needed
};

}  // namespace
}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
