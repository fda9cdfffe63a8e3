// Formats of single values. They have no scales of their own, so each matrix gets a power of two.
//
// A value at a time; pack and unpack convert whole arrays to the same bytes, sooner, but take longer to
// compile than they save here.
#include <cmath>
#include <limits>
#include <narrowfp/packed.hpp>
#include <narrowfp/types.hpp>
#include <utility>

#include "formats.hpp"

namespace demo {
namespace {

/// Exponent of the largest power of two that keeps the matrix's largest magnitude in range.
///
/// Kept to -126..126, so that the scale and its inverse are both normal floats.
int range_filling_exponent(std::span<const float> values, double largest) {
  double amax = 0;
  for (const float x : values) {
    amax = std::fmax(amax, std::fabs(double{x}));
  }
  if (amax == 0) {
    return 0;
  }
  int exponent = std::ilogb(largest / amax);
  while (std::ldexp(amax, exponent) > largest) {  // the quotient was rounded up to a power of two
    --exponent;
  }
  return exponent < -126 ? -126 : exponent > 126 ? 126 : exponent;
}

int no_scale(std::span<const float>, double) { return 0; }

template <class T>
number_format value_format(const char* name, int (*scale_exponent)(std::span<const float>, double)) {
  using limits = std::numeric_limits<T>;
  number_format format;
  format.name = name;
  format.smallest = double{float{limits::denorm_min()}};
  format.largest = double{float{limits::max()}};
  format.convert = [scale_exponent, largest = format.largest](std::span<const tensor> matrices) {
    conversion result;
    for (const tensor& matrix : matrices) {
      const int exponent = scale_exponent(matrix.values, largest);
      const float there = std::ldexp(1.0F, exponent);
      const float back = std::ldexp(1.0F, -exponent);

      std::vector<float> restored;
      for (const float x : matrix.values) {
        const T stored(x * there);
        restored.push_back(float{stored} * back);
        const bool is_largest = narrowfp::abs(stored) == limits::max();
        result.saturated += is_largest && std::fabs(double{x} * double{there}) > largest ? 1 : 0;
      }
      result.stored_bytes += narrowfp::packed_size_bytes<T>(restored.size());
      result.scales += result.scales.empty() ? "" : " ";
      result.scales += std::to_string(exponent);
      result.restored.push_back(std::move(restored));
    }
    return result;
  };
  return format;
}

}  // namespace

std::vector<number_format> value_formats() {
  return {value_format<narrowfp::float16>("float16", range_filling_exponent),
          value_format<narrowfp::bfloat16>("bfloat16", range_filling_exponent),
          value_format<narrowfp::fp8_e3m4>("fp8_e3m4", range_filling_exponent),
          value_format<narrowfp::fp8_e4m3>("fp8_e4m3", range_filling_exponent),
          value_format<narrowfp::fp8_e4m3_ieee>("fp8_e4m3_ieee", range_filling_exponent),
          value_format<narrowfp::fp8_e4m3fnuz>("fp8_e4m3fnuz", range_filling_exponent),
          value_format<narrowfp::fp8_e4m3b11fnuz>("fp8_e4m3b11fnuz", range_filling_exponent),
          value_format<narrowfp::fp8_e5m2>("fp8_e5m2", range_filling_exponent),
          value_format<narrowfp::fp8_e5m2fnuz>("fp8_e5m2fnuz", range_filling_exponent),
          value_format<narrowfp::hif8>("hif8", range_filling_exponent),
          value_format<narrowfp::hif8>("hif8 unscaled", no_scale),
          value_format<narrowfp::fp6_e2m3>("fp6_e2m3", range_filling_exponent),
          value_format<narrowfp::fp6_e3m2>("fp6_e3m2", range_filling_exponent),
          value_format<narrowfp::fp4_e2m1>("fp4_e2m1", range_filling_exponent),
          value_format<narrowfp::fp4_e1m2>("fp4_e1m2", range_filling_exponent)};
}

}  // namespace demo
