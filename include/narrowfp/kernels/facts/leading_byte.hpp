// Layer: kernels/facts. Formats of 8 bits whose codes are the leading bytes of 16-bit numbers, since both
// have the same exponent field and bias: E5M2 and float16, and users' formats.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../formats/fp16.hpp"
#include "../../types/narrow_float.hpp"
#include "decode_line.hpp"
#include "half_rows.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// Whether the values of F as 16-bit numbers S are its codes, each before a byte of zeros, but for those of
/// the last 16 magnitudes that have other leading bytes.
template <scalar_format F, class S>
inline constexpr bool is_leading_byte = [] {
  constexpr auto& line = decode_line_of<F, S>;
  if constexpr (F::width == 8 && F::is_signed && sizeof(S) == 2) {
    bool is = line.exists && line.step == 8 && line.offset == 0 &&
              value_decoder<F, S>::shape == decode_shape::signed_8;
    for (std::size_t i = 0; i < 16; ++i) {
      is = is && line.first_high[i] == 0 && line.first_low[i] == 0 && line.last_low[i] == 0;
    }
    return is;
  } else {
    return false;
  }
}();

/// Whether the values of F as float16 are that and, converted to float, its values as floats. The conversion
/// is exact and keeps what NaN's first bits tell.
template <scalar_format F>
inline constexpr bool is_leading_byte_of_float16 = [] {
  using half = narrow_float<formats::float16>;
  bool is = is_leading_byte<F, half>;
  if constexpr (is_leading_byte<F, half>) {
    for (std::size_t code = 0; code < 128; ++code) {
      const unsigned word = value_decoder<F, half>::data.words[code];
      const unsigned in_float = value_decoder<F, float>::data.words[code];
      is = is &&
           (word < 0x7C00 ? word == code << 8
                          : (word == 0x7C00 && in_float == 0x7F80) || (word == 0x7E00 && in_float == 0x7FC0));
    }
  }
  return is;
}();

/// Whether numbers of Source are rounded to F by rounding their magnitudes to the leading byte: half_rows
/// have the codes of what is not a number, and the last rank, which is the code.
template <scalar_format F, rounding Mode, overflow Policy, class S>
inline constexpr bool rounds_to_leading_byte = [] {
  if constexpr (std::same_as<S, narrow_float<formats::float16>> ||
                std::same_as<S, narrow_float<formats::bfloat16>>) {
    if constexpr (is_leading_byte<F, S> &&
                  (Mode == rounding::nearest_even || Mode == rounding::nearest_away ||
                   Mode == rounding::toward_zero)) {
      constexpr auto& rows = half_rows_of<F, Mode, Policy, typename S::format>;
      constexpr std::uint32_t largest = F::to_code(F::max_finite);
      return rows.exists && (rows.flags & (word_mapped | word_narrow | word_unsigned_zero)) == 0 &&
             value_decoder<F, S>::data.words[largest] == largest << 8 &&
             (rows.data.last == largest || rows.data.last == largest + 1);
    }
  }
  return false;
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
