// Layer: kernels/facts. Formats of 7 or 8 bits whose values, as words, lie on a line over the codes but for
// the first and the last 16: exponent and fraction, shifted and moved by a difference of biases, are those of
// the target. Subnormals and specials are the exceptions. The built-in formats but HiF8, and users'
// minifloats.
#pragma once

#include <cstddef>
#include <cstdint>

#include "value_tables.hpp"

namespace narrowfp::inline v0::kernels {

/// The word of magnitude code m is (m << step) + offset, exclusive or an exception if m is among the first or
/// the last 16. Negative codes add the sign.
struct decode_line {
  int step;
  std::uint16_t offset;
  std::uint8_t first_high[16], first_low[16];  ///< exceptions, by m
  std::uint8_t last_high[16], last_low[16];    ///< by m - (number of magnitudes - 16)
  bool has_last;                               ///< any of them is not 0
  bool exists;
};

namespace {

template <scalar_format F, class S>
inline constexpr decode_line decode_line_of = [] {
  decode_line line{};
  using decoder = value_decoder<F, S>;
  constexpr std::size_t magnitudes = F::is_signed ? 128 : std::size_t{1} << F::width;
  if constexpr ((F::width == 8 || (F::width == 7 && !F::is_signed)) && decoder::shape != decode_shape::none &&
                !(F::is_signed && decoder::shape == decode_shape::eight_bits)) {
    const auto& words = decoder::data.words;
    const auto on_line = [&line](std::size_t m) {
      return static_cast<std::uint16_t>((m << line.step) + line.offset);
    };
    const int slope = words[17] - words[16];
    while (1 << line.step < slope) {
      ++line.step;
    }
    line.offset = static_cast<std::uint16_t>(words[16] - (16 << line.step));
    line.exists = true;
    for (std::size_t m = 0; m < magnitudes; ++m) {
      const int exception = words[m] ^ on_line(m);
      const auto high = static_cast<std::uint8_t>(exception >> 8);
      const auto low = static_cast<std::uint8_t>(exception & 0xFF);
      if (m < 16) {
        line.first_high[m] = high;
        line.first_low[m] = low;
      } else if (m >= magnitudes - 16) {
        line.last_high[m % 16] = high;
        line.last_low[m % 16] = low;
        line.has_last = line.has_last || exception != 0;
      } else {
        line.exists = line.exists && exception == 0;
      }
    }
  }
  return line;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
