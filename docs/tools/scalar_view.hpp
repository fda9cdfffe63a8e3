// One scalar format as the tables see it: its facts and its conversions, without its type.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <narrowfp/types.hpp>

namespace docs {

/// The fields of a format with fixed fields.
struct fixed_fields {
  int exponent_bits = 0;
  int fraction_bits = 0;
  int bias = 0;
};

struct scalar_view {
  std::string name;
  int width = 0;
  bool is_signed = false;
  bool has_zero = false;
  bool has_negative_zero = false;
  bool has_infinity = false;
  bool has_nan = false;
  bool exact_in_float = false;
  int digits = 0;  ///< significand bits at 1
  narrowfp::rounding native_rounding = {};
  narrowfp::overflow_result native_overflow = {};
  double max_finite = 0;
  double min_normal = 0;
  double min_positive = 0;
  std::optional<fixed_fields> fields;  ///< none for hif8
  double (*decode)(std::uint32_t code) = nullptr;
  std::uint32_t (*encode)(double value, narrowfp::rounding, narrowfp::overflow) = nullptr;
  int (*ulp_exponent)(int binade) = nullptr;
};

template <class T>
scalar_view view_of(std::optional<fixed_fields> fields = {}) {
  using F = typename T::format;
  using limits = std::numeric_limits<T>;
  scalar_view v;
  v.name = F::name;
  v.width = F::width;
  v.is_signed = F::is_signed;
  v.has_zero = F::has_zero;
  v.has_negative_zero = F::has_negative_zero;
  v.has_infinity = F::has_infinity;
  v.has_nan = F::has_nan;
  v.exact_in_float = narrowfp::exact_in_float<F>;
  v.digits = limits::digits;
  v.native_rounding = F::native_rounding;
  v.native_overflow = F::native_overflow;
  v.max_finite = static_cast<double>(limits::max());
  v.min_normal = static_cast<double>(limits::min());
  v.min_positive = static_cast<double>(limits::denorm_min());
  v.fields = fields;
  v.decode = [](std::uint32_t code) {
    return static_cast<double>(T::from_bits(static_cast<typename T::code_type>(code)));
  };
  v.encode = [](double value, narrowfp::rounding mode, narrowfp::overflow policy) {
    return static_cast<std::uint32_t>(narrowfp::round_to<T>(value, mode, policy).bits());
  };
  v.ulp_exponent = [](int binade) { return F::ulp_exponent(binade); };
  return v;
}

/// The format of that name; an error if there is none.
const scalar_view& scalar_named(const std::string& name);

/// Every format, in the order of the README.
const std::vector<scalar_view>& all_scalars();

}  // namespace docs
