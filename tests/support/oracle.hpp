// A brute-force oracle for every scalar format. It shares no code with the library: a format is the list of
// the values of its codes, rounding searches that list and decides by exact comparisons.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dyadic.hpp"

namespace oracle {

enum class kind { finite, infinity, nan };

/// An exact number, or a special. A finite magnitude is numerator / denominator, so that quotients fit.
struct number {
  oracle::kind kind = oracle::kind::finite;
  bool negative = false;
  dyadic numerator{};
  dyadic denominator{1, 0};
  std::uint64_t payload = 0;  ///< of a NaN, left-aligned: the top bit is the quiet bit
};

number finite(dyadic magnitude, bool negative = false);
number infinity(bool negative = false);
number nan(bool negative = false, std::uint64_t payload = 0);

/// Finite with magnitude zero.
bool is_zero(const number& x);

/// The value as a double; NaN for NaN. Exact for the values of formats.
double to_double(const number& x);

enum class mode {
  nearest_even,
  nearest_away,
  toward_zero,
  toward_positive,
  toward_negative,
  to_odd,
  stochastic
};
enum class policy { native, saturate };

/// Where native overflow goes.
enum class overflow_target { infinity, nan, largest };

/// One value of a format's non-negative side, and the codes of it and of its negative.
struct grid_point {
  dyadic magnitude;
  std::uint32_t code = 0;
  std::uint32_t negative_code = 0;
};

/// Everything known about a format. `values` is the definition; the rest are facts that no value table
/// can tell, or that are derived from it by search.
struct format {
  std::string name;
  int width = 0;
  bool is_signed = true;
  mode native = mode::nearest_even;
  overflow_target on_overflow = overflow_target::largest;
  /// The value that would follow the largest one if its spacing went on.
  dyadic beyond;
  /// The code of a NaN with this sign and payload; formats without NaN leave it empty.
  std::uint32_t (*nan_code)(const format&, bool negative, std::uint64_t payload) = nullptr;
  int fraction_bits = 0;       ///< of an IEEE-style NaN
  std::vector<number> values;  ///< by code

  // Derived by index_values.
  std::vector<grid_point> grid;  ///< ascending
  bool has_negative_zero = false;
  bool has_infinity = false;
  std::array<std::uint32_t, 2> infinity_code{};  ///< positive, negative
  bool has_nan = false;

  void index_values();
  [[nodiscard]] const grid_point& largest() const { return grid.back(); }
  [[nodiscard]] bool has_zero() const { return grid.front().magnitude.significand == 0; }
};

/// The code of x in f, by search. `random_bits` serves mode::stochastic.
std::uint32_t encode(const format& f, const number& x, mode m, policy p, std::uint32_t random_bits = 0);

/// HiF8's hybrid rounding, literally as published: from the bits of a binary32 or of a 16-bit source.
std::uint32_t encode_hybrid_f32(const format& hif8, std::uint32_t bits, policy p);
std::uint32_t encode_hybrid_f16(const format& hif8, std::uint16_t bits, policy p);
std::uint32_t encode_hybrid_bf16(const format& hif8, std::uint16_t bits, policy p);

enum class operation { add, subtract, multiply, divide };

/// The exact result of a op b, or IEEE 754's special.
number exact(operation op, const number& a, const number& b);

/// An IEEE-style layout used as the source of a conversion: its fields decoded by formula, not by table.
struct source_layout {
  const char* name;
  int exponent_bits;
  int fraction_bits;
  [[nodiscard]] int width() const { return 1 + exponent_bits + fraction_bits; }
  [[nodiscard]] std::uint64_t sign_bit() const { return std::uint64_t{1} << (width() - 1); }
  [[nodiscard]] std::uint64_t infinity() const {
    return ((std::uint64_t{1} << exponent_bits) - 1) << fraction_bits;
  }
  [[nodiscard]] number decode(std::uint64_t bits) const;
  /// The bits of the largest source value that is <= x.
  [[nodiscard]] std::uint64_t at_or_below(const dyadic& x) const;
};

inline constexpr source_layout binary32{"float", 8, 23};
inline constexpr source_layout binary64{"double", 11, 52};
inline constexpr source_layout binary16{"float16", 5, 10};
inline constexpr source_layout brain16{"bfloat16", 8, 7};

/// The format of that name, made at its first use; throws if there is none. Not for several threads at once.
const format& find_format(const std::string& name);

}  // namespace oracle
