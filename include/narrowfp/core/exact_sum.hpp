// Layer: core. The exact sum of any numbers: no order of the terms can change it.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

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

/// A sum of finite numbers, infinities and NaN, exact: signed digits of weights 2^(lowest + 32 k), each with
/// room for the carries of many terms (Kulisch's accumulator).
///
/// Digits   as many that the sum fits: (its highest bit - lowest) / 32 + 3. No term has a bit below 2^lowest.
template <int Digits>
class exact_sum {
 public:
  constexpr explicit exact_sum(int lowest) noexcept : lowest_(lowest) {}

  /// Adds a number without a sticky bit.
  NARROWFP_INLINE constexpr void add(const real& x) noexcept {
    if (x.kind == real_kind::finite) {
      add_magnitude(x.significand, x.exponent, x.negative);
    } else {
      add_special(x);
    }
  }

  /// Adds k * 2^exponent.
  NARROWFP_INLINE constexpr void add(std::int64_t k, int exponent) noexcept {
    const auto bits = static_cast<std::uint64_t>(k);
    add_magnitude(k < 0 ? ~bits + 1 : bits, exponent, k < 0);
  }

  /// Adds, or subtracts, a wide integer.
  template <int Limbs>
  constexpr void add(const wide_integer<Limbs>& x, bool negative) noexcept {
    for (int i = 0; i < Limbs; ++i) {
      add_magnitude(x.limb[i], x.exponent + 32 * i, negative);
    }
  }

  constexpr void add_nan() noexcept { has_nan_ = true; }

  /// The sum times a factor, exact up to the sticky bit. Specials: a NaN or infinities of both signs are NaN,
  /// else an infinity stays. An exact zero is +0.
  template <int Limbs>
  [[nodiscard]] constexpr real total(const wide_integer<Limbs>& factor) noexcept {
    if (is_special()) {
      return special();
    }
    const wide_integer<Digits + Limbs> product = times(factor);  // finds the sign
    return leading_bits(product, negative_);
  }
  [[nodiscard]] constexpr real total() noexcept { return total(wide_one<1>()); }

  /// The same, and `addend`, which is no term of the factor's, added.
  template <int Limbs>
  [[nodiscard]] constexpr real total(const wide_integer<Limbs>& factor, const real& addend) noexcept {
    add_special(addend);
    if (is_special()) {
      return special();
    }
    // A sum of its own, from the lowest bit of both on: a double's lie from 2^-1074 to 2^1024.
    const wide_integer<Digits + Limbs> product = times(factor);
    exact_sum<Digits + Limbs + 2200 / 32> both(smaller(product.exponent, addend.exponent));
    both.add(product, negative_);
    both.add(addend);
    return both.total();
  }

 private:
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

  NARROWFP_INLINE constexpr void add_magnitude(std::uint64_t magnitude, int exponent,
                                               bool negative) noexcept {
    if (magnitude == 0) {
      return;
    }
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

  /// Brings all digits but the last to 0 .. 2^32 - 1.
  constexpr void carry() noexcept {
    for (int k = 0; k + 1 < Digits; ++k) {
      digit_[k + 1] += digit_[k] >> 32;
      digit_[k] &= 0xFFFFFFFF;
    }
    terms_ = 0;
  }

  /// The magnitude of the sum times a factor; its sign is in negative_.
  template <int Limbs>
  constexpr wide_integer<Digits + Limbs> times(const wide_integer<Limbs>& factor) noexcept {
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
    wide_integer<Digits + Limbs> product;
    product.exponent = lowest_ + 32 * first + factor.exponent;
    for (int f = 0; f < Limbs; ++f) {
      std::uint64_t rest = 0;
      for (int i = 0; i < last - first; ++i) {
        rest += static_cast<std::uint64_t>(digit_[first + i]) * factor.limb[f] + product.limb[i + f];
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

  static constexpr std::uint32_t most_terms = 1U << 28;

  std::int64_t digit_[std::size_t{Digits}] = {};
  int lowest_;
  std::uint32_t terms_ = 0;  ///< since the last carry
  bool has_nan_ = false;
  bool has_plus_infinity_ = false;
  bool has_minus_infinity_ = false;
  bool negative_ = false;
};

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
