// Collects mismatches and fails once, with the first few in full: format, mode, input in hex float and bits,
// got, want, and the random bits.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <iomanip>
#include <sstream>
#include <string>

#include "count.hpp"
#include "names.hpp"
#include "oracle.hpp"
#include "probe.hpp"

namespace support {

inline std::string hex(std::uint64_t x, int digits) {
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(digits) << x;
  return text.str();
}

inline std::string show(const oracle::source_layout& source, std::uint64_t bits) {
  std::ostringstream text;
  text << source.name << ' ' << std::hexfloat << oracle::to_double(source.decode(bits)) << " (bits "
       << hex(bits, source.width() / 4) << ')';
  return text.str();
}

/// One test's mismatches; the destructor fails the test if there are any.
class mismatches {
 public:
  explicit mismatches(std::string subject) : subject_(std::move(subject)) {}
  mismatches(const mismatches&) = delete;
  mismatches& operator=(const mismatches&) = delete;
  ~mismatches() {
    count_compared(checks_);
    if (count_ != 0) {
      ADD_FAILURE() << subject_ << ": " << count_ << " of " << checks_ << " checks fail\n" << text_.str();
    } else if (checks_ == 0) {
      ADD_FAILURE() << subject_ << ": nothing was checked";
    }
  }

  /// Compares codes; `context` is called for the text of a mismatch.
  template <class Got, class Want, class Context>
  void expect_equal(Got got, Want want, Context context) {
    ++checks_;
    if (static_cast<std::uint64_t>(got) != static_cast<std::uint64_t>(want) && ++count_ <= shown) {
      text_ << "  " << context() << ": got " << hex(static_cast<std::uint64_t>(got), 2) << ", want "
            << hex(static_cast<std::uint64_t>(want), 2) << '\n';
    }
  }
  template <class Context>
  void expect(bool holds, Context context) {
    ++checks_;
    if (!holds && ++count_ <= shown) {
      text_ << "  " << context() << '\n';
    }
  }

 private:
  static constexpr int shown = 8;
  std::string subject_;
  std::ostringstream text_;
  std::uint64_t count_ = 0;
  std::uint64_t checks_ = 0;
};

/// "fp8_e4m3, toward_zero, saturate, float 0x1p+3 (bits 41000000)", and the random bits where they matter.
inline std::string describe(const std::string& format, narrowfp::rounding mode, narrowfp::overflow policy,
                            const oracle::source_layout& source, std::uint64_t bits,
                            std::uint32_t random_bits = 0) {
  std::string text = format + ", " + name_of(mode) + ", " + name_of(policy) + ", " + show(source, bits);
  return mode == narrowfp::rounding::stochastic ? text + ", random bits " + hex(random_bits, 8) : text;
}

/// The oracle's word for a mode; native is the format's own.
inline oracle::mode oracle_mode(narrowfp::rounding mode, const oracle::format& f) {
  using narrowfp::rounding;
  switch (mode) {
    case rounding::nearest_even:
      return oracle::mode::nearest_even;
    case rounding::nearest_away:
      return oracle::mode::nearest_away;
    case rounding::toward_zero:
      return oracle::mode::toward_zero;
    case rounding::toward_positive:
      return oracle::mode::toward_positive;
    case rounding::toward_negative:
      return oracle::mode::toward_negative;
    case rounding::to_odd:
      return oracle::mode::to_odd;
    case rounding::stochastic:
      return oracle::mode::stochastic;
    default:
      return f.native;
  }
}
inline oracle::policy oracle_policy(narrowfp::overflow policy) {
  return policy == narrowfp::overflow::native ? oracle::policy::native : oracle::policy::saturate;
}

/// Adds n to the comparisons of one way to convert, which count_compared counts as well.
inline void count_way(narrowfp::rounding mode, narrowfp::overflow policy, const oracle::source_layout& source,
                      std::uint64_t n) {
  const char* over = policy == narrowfp::overflow::native ? "native" : "saturate";
  count(std::string("way ") + name_of(mode) + ' ' + over + ' ' + source.name, n);
}

/// Counts the ways from one source, and reports them at its end.
class way_counts {
 public:
  explicit way_counts(const oracle::source_layout& source) : source_(source) {}
  way_counts(const way_counts&) = delete;
  way_counts& operator=(const way_counts&) = delete;
  ~way_counts() {
    for (std::size_t policy = 0; policy < 2; ++policy) {
      for (std::size_t mode = 0; mode < 9; ++mode) {
        if (counts_[policy][mode] != 0) {
          count_way(static_cast<narrowfp::rounding>(mode), static_cast<narrowfp::overflow>(policy), source_,
                    counts_[policy][mode]);
        }
      }
    }
  }
  void add(narrowfp::rounding mode, narrowfp::overflow policy) {
    ++counts_[static_cast<std::size_t>(policy)][static_cast<std::size_t>(mode)];
  }

 private:
  const oracle::source_layout& source_;
  std::uint64_t counts_[2][9] = {};
};

inline constexpr narrowfp::rounding deterministic_modes[] = {
    narrowfp::rounding::native,      narrowfp::rounding::nearest_even,    narrowfp::rounding::nearest_away,
    narrowfp::rounding::toward_zero, narrowfp::rounding::toward_positive, narrowfp::rounding::toward_negative,
    narrowfp::rounding::to_odd,
};
inline constexpr narrowfp::overflow both_policies[] = {narrowfp::overflow::native,
                                                       narrowfp::overflow::saturate};

}  // namespace support
