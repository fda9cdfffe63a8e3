// How far converted values lie from the originals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

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
  double sqnr_db = 0;          ///< 10 log10(sum original^2 / sum error^2); infinity without error
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

// Compilers' own functions: including <cmath> would cost a tenth of what all of narrowfp.hpp does. What is no
// number is told by its bits, as -ffast-math takes for granted that there is none.

constexpr std::uint64_t double_infinity = std::uint64_t{0x7FF} << 52;

constexpr std::uint64_t magnitude_bits(double x) noexcept {
  return core::bit_cast<std::uint64_t>(x) & core::low_mask(63);
}
constexpr bool is_nan(double x) noexcept { return magnitude_bits(x) > double_infinity; }
constexpr bool is_finite(double x) noexcept { return magnitude_bits(x) < double_infinity; }

/// Accumulates one error_report.
class error_sums {
 public:
  void add(double original, double restored) noexcept {
    ++report_.count;
    const bool in_range = is_finite(original);
    if (is_nan(original)) {
      ++report_.nan;
    } else if (in_range && !is_finite(restored)) {
      ++report_.overflowed;
    }
    if (!in_range || !is_finite(restored)) {
      return;
    }
    if (original != 0 && restored == 0) {
      ++report_.flushed;
    }
    const double error = restored - original;
    ++summed_;
    error_sum_ += error;
    squared_error_ += error * error;
    squared_original_ += original * original;
    squared_restored_ += restored * restored;
    product_ += original * restored;
    report_.max_abs_error = __builtin_fmax(report_.max_abs_error, __builtin_fabs(error));
  }
  void add_saturated() noexcept { ++report_.saturated; }

  [[nodiscard]] error_report report() const noexcept {
    error_report r = report_;
    if (summed_ > 0) {
      r.mse = squared_error_ / static_cast<double>(summed_);
      r.mean_error = error_sum_ / static_cast<double>(summed_);
    }
    r.sqnr_db = squared_error_ > 0 ? 10 * __builtin_log10(squared_original_ / squared_error_)
                                   : std::numeric_limits<double>::infinity();
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
    sums.add(double{original[i]}, double{restored[i]});
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
  const double scale = double{options.scale};
  const double largest = static_cast<double>(std::numeric_limits<T>::max());
  std::vector<T> codes(original.size() < chunk ? original.size() : chunk);
  detail::error_sums sums;
  for (std::size_t done = 0; done < original.size(); done += chunk) {
    const auto part = original.subspan(done, original.size() - done < chunk ? original.size() - done : chunk);
    const std::span<T> stored(codes.data(), part.size());
    pack(part, stored, options);
    options.first_index += part.size();
    for (std::size_t i = 0; i < part.size(); ++i) {
      const double value = static_cast<double>(stored[i]);
      sums.add(double{part[i]}, static_cast<double>(static_cast<float>(value / scale)));
      if (__builtin_fabs(double{part[i]} * scale) > largest && __builtin_fabs(value) == largest) {
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
      sums.add(double{part[i]}, double{values[i]});
      const B& block = stored[i / B::elements];
      if (__builtin_fabsf(part[i]) > __builtin_fabsf(values[i]) &&
          detail::is_largest(block, i % B::elements)) {
        sums.add_saturated();
      }
    }
  }
  return sums.report();
}

}  // namespace

}  // namespace narrowfp::inline v0
