// How far converted values lie from the originals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "block/float_bits.hpp"
#include "core/arithmetic.hpp"
#include "core/bits.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "pack.hpp"
#include "quantize.hpp"

namespace narrowfp::inline v0 {

/// The difference of an array and its restored form; sums are accumulated in double.
///
/// Elements that are NaN or infinite on either side are counted, and left out of the sums.
struct error_report {
  std::size_t count = 0;       ///< elements
  double mse = 0;              ///< mean of (restored - original)^2
  double sqnr_db = 0;          ///< 10 log10(sum original^2 / sum error^2); +-infinity where one is 0
  double max_abs_error = 0;    ///< largest |restored - original|
  double mean_error = 0;       ///< mean of restored - original: the bias
  double cosine = 0;           ///< of the angle between the two vectors; 1 if both are zero
  std::size_t overflowed = 0;  ///< finite, restored as infinity or NaN
  std::size_t flushed = 0;     ///< not zero, restored as zero
  std::size_t nan = 0;         ///< NaN in the original
  std::size_t saturated = 0;   ///< beyond the largest value and restored as it; see compare<T>
};

namespace detail {
namespace {

// -ffast-math lets a compiler take for granted that no float operation, argument or result is a NaN or
// infinite; clang 17 and later do. Hence what may be one is a bit pattern here, and only finite numbers are
// computed with.

constexpr std::uint64_t double_infinity = std::uint64_t{0x7FF} << 52;

constexpr std::uint32_t magnitude_of(std::uint32_t float_bits) noexcept {
  return float_bits & blocks::float_magnitude;
}
constexpr bool is_nan(std::uint32_t float_bits) noexcept {
  return magnitude_of(float_bits) > blocks::float_infinity;
}
constexpr bool is_finite(std::uint32_t float_bits) noexcept {
  return magnitude_of(float_bits) < blocks::float_infinity;
}

/// A finite float as a double. Subnormals by their fractions: a conversion might take them for zero.
inline double finite_double(std::uint32_t float_bits) noexcept {
  const std::uint64_t magnitude = magnitude_of(float_bits);
  const std::uint64_t sign = std::uint64_t{float_bits >> 31} << 63;
  if (magnitude >= 0x00800000) {
    constexpr std::uint64_t bias = std::uint64_t{1023 - 127} << 52;
    return core::bit_cast<double>(sign | (bias + (magnitude << 29)));
  }
  const double value = static_cast<double>(magnitude) * 0x1p-149;
  return sign != 0 ? -value : value;
}

/// Accumulates one error_report.
class error_sums {
 public:
  /// An element and its restored form, both as patterns of floats.
  void add(std::uint32_t original, std::uint32_t restored) noexcept {
    ++report_.count;
    if (is_nan(original)) {
      ++report_.nan;
      return;
    }
    if (!is_finite(original)) {
      return;
    }
    if (!is_finite(restored)) {
      ++report_.overflowed;
      return;
    }
    if (magnitude_of(original) != 0 && magnitude_of(restored) == 0) {
      ++report_.flushed;
    }
    const double x = finite_double(original);
    const double y = finite_double(restored);
    const double error = y - x;
    ++summed_;
    error_sum_ += error;
    squared_error_ += error * error;
    squared_original_ += x * x;
    squared_restored_ += y * y;
    product_ += x * y;
    const double magnitude = error < 0 ? -error : error;
    report_.max_abs_error = magnitude > report_.max_abs_error ? magnitude : report_.max_abs_error;
  }
  void add_saturated() noexcept { ++report_.saturated; }

  [[nodiscard]] error_report report() const noexcept {
    error_report r = report_;
    if (summed_ > 0) {
      r.mse = squared_error_ / static_cast<double>(summed_);
      r.mean_error = error_sum_ / static_cast<double>(summed_);
    }
    // Compilers' own functions: including <cmath> would cost a tenth of what all of narrowfp.hpp does.
    std::uint64_t sqnr_bits = double_infinity;  // without error
    if (squared_error_ > 0 && squared_original_ > 0) {
      sqnr_bits = core::bit_cast<std::uint64_t>(10 * __builtin_log10(squared_original_ / squared_error_));
    } else if (squared_error_ > 0) {
      sqnr_bits |= std::uint64_t{1} << 63;  // nothing but error
    }
    __builtin_memcpy(&r.sqnr_db, &sqnr_bits, sizeof r.sqnr_db);
    const double lengths = __builtin_sqrt(squared_original_) * __builtin_sqrt(squared_restored_);
    r.cosine = lengths > 0 ? product_ / lengths : (squared_original_ == squared_restored_ ? 1 : 0);
    return r;
  }

 private:
  error_report report_;
  std::size_t summed_ = 0;
  double error_sum_ = 0;
  double squared_error_ = 0;
  double squared_original_ = 0;
  double squared_restored_ = 0;
  double product_ = 0;
};

/// value / scale, rounded to double, then to float: the bit pattern. The value is given as the pattern of a
/// float or, where T has values that are none, exactly.
template <narrow_value T>
std::uint32_t unscaled_bits(T stored, std::uint32_t value_bits, float scale) noexcept {
  const std::uint32_t scale_bits = core::bit_cast<std::uint32_t>(scale);
  if constexpr (exact_in_float<typename T::format>) {
    if (scale_bits == blocks::float_one || !is_finite(value_bits)) {
      return value_bits;  // what is no number stays none
    }
  }
  const core::real value = core::read(stored);
  const core::real divisor = blocks::real_of(scale_bits);
  const bool is_plain = value.kind == core::real_kind::finite && !core::is_zero(value) &&
                        divisor.kind == core::real_kind::finite && !core::is_zero(divisor);
  return blocks::float_bits_of(
      blocks::in_double(is_plain ? core::divide_fully(value, divisor) : core::divide(value, divisor)));
}

/// Whether x * scale, exactly, is beyond the largest value of T.
template <narrow_value T>
bool exceeds_largest(std::uint32_t x, float scale) noexcept {
  const core::real product = core::multiply(blocks::real_of(x), core::read(scale));
  return product.kind == core::real_kind::infinity ||
         (product.kind == core::real_kind::finite &&
          core::compare_magnitudes(product, T::format::max_finite) > 0);
}

/// Whether the code is the largest finite one, or that with a sign.
template <narrow_value T>
bool is_largest(T x) noexcept {
  const core::real value = core::read(x);
  return value.kind == core::real_kind::finite && core::compare_magnitudes(value, T::format::max_finite) == 0;
}

/// Whether element i has the largest magnitude that its format has.
template <block_type B>
bool is_largest(const B& block, std::size_t i) noexcept {
  using F = typename B::element_format;
  const core::real element = core::decode<F>(static_cast<typename F::code_type>(block.code(i)));
  return element.kind == core::real_kind::finite && core::compare_magnitudes(element, F::max_finite) == 0;
}

}  // namespace
}  // namespace detail

namespace {

/// Compares an array with its restored form.
///
/// Errors    different sizes: std::invalid_argument. Does not allocate.
[[nodiscard]] inline error_report compare(std::span<const float> original, std::span<const float> restored) {
  detail::require_size("narrowfp::compare", "restored", restored.size(), original.size(),
                       "one element for each element of original");
  detail::error_sums sums;
  for (std::size_t i = 0; i < original.size(); ++i) {
    sums.add(core::bit_cast<std::uint32_t>(original[i]), core::bit_cast<std::uint32_t>(restored[i]));
  }
  return sums.report();
}

/// Packs by T and compares with what is unpacked, the scale taken back out.
///
/// `saturated` counts the elements, infinities included, whose magnitude after scaling exceeds T's
/// largest finite value and which were stored as that value.
template <narrow_value T>
[[nodiscard]] error_report compare(std::span<const float> original, pack_options options = {}) {
  constexpr std::size_t chunk = 4096;
  std::vector<T> codes(original.size() < chunk ? original.size() : chunk);
  std::vector<float> restored(codes.size());
  detail::error_sums sums;
  for (std::size_t done = 0; done < original.size(); done += chunk) {
    const auto part = original.subspan(done, original.size() - done < chunk ? original.size() - done : chunk);
    const std::span<T> stored(codes.data(), part.size());
    pack(part, stored, options);
    options.first_index += part.size();
    const std::span<float> values(restored.data(), part.size());
    unpack(stored, values, {.scale = 1, .use = options.use});
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto x = core::bit_cast<std::uint32_t>(part[i]);
      const auto value = core::bit_cast<std::uint32_t>(values[i]);
      sums.add(x, detail::unscaled_bits<T>(stored[i], value, options.scale));
      if (detail::is_largest<T>(stored[i]) && detail::exceeds_largest<T>(x, options.scale)) {
        sums.add_saturated();
      }
    }
  }
  return sums.report();
}

/// Quantizes into blocks of B and compares with what is dequantized by the same recipe and tensor scale.
///
/// `saturated` counts the elements, infinities included, whose magnitude exceeds what the element's
/// largest code stands for under its block's scale, and which were stored as that code.
template <block_type B>
[[nodiscard]] error_report compare(std::span<const float> original, quantize_options options = {}) {
  constexpr std::size_t chunk = B::elements * (4096 / B::elements + 1);
  const std::size_t buffered = original.size() < chunk ? original.size() : chunk;
  std::vector<B> blocks(block_count<B>(buffered));
  std::vector<float> restored(buffered);
  detail::error_sums sums;
  for (std::size_t done = 0; done < original.size(); done += chunk) {
    const auto part = original.subspan(done, original.size() - done < chunk ? original.size() - done : chunk);
    const std::span<B> stored(blocks.data(), block_count<B>(part.size()));
    const std::span<float> values(restored.data(), part.size());
    quantize(part, stored, options);
    dequantize<B, float>(stored, values, {options.as, options.tensor_scale, options.use});
    options.first_index += part.size();
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto x = core::bit_cast<std::uint32_t>(part[i]);
      const auto value = core::bit_cast<std::uint32_t>(values[i]);
      sums.add(x, value);
      const B& block = stored[i / B::elements];
      const bool is_smaller = !detail::is_nan(x) && detail::magnitude_of(x) > detail::magnitude_of(value);
      if (is_smaller && detail::is_largest(block, i % B::elements)) {
        sums.add_saturated();
      }
    }
  }
  return sums.report();
}

}  // namespace

}  // namespace narrowfp::inline v0
