// Layer: block. How GoogleTest prints a block: its scales and codes in hexadecimal.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "../types/text.hpp"
#include "block_format.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

/// "scale 7f bits 01 0003 codes 2 a 0 7": the first scale's code, the bits of each level below as one
/// number (group 0 in its lowest bit), then the codes of the elements.
template <block_type B, class Stream>
void print_block(const B& block, Stream& out) {
  char code[core::max_text_size];
  out.write("scale ", 6);
  out.write(code, write_code(code, block.scale_code(0, 0), B::scale_format::width) - code);
  for (std::size_t level = 1; level < B::levels; ++level) {
    const std::size_t groups = B::elements / B::layout::group_elements[level];
    out.write(level == 1 ? " bits " : " ", level == 1 ? 6 : 1);
    for (std::size_t digit = (groups + 3) / 4; digit-- > 0;) {
      std::uint32_t bits = 0;
      for (std::size_t i = 0; i < 4 && 4 * digit + i < groups; ++i) {
        bits |= block.scale_code(level, 4 * digit + i) << i;
      }
      out.write(code, write_code(code, bits, 4) - code);
    }
  }
  out.write(" codes", 6);
  for (std::size_t i = 0; i < B::elements; ++i) {
    code[0] = ' ';
    out.write(code, write_code(code + 1, block.code(i), B::element_format::width) - code);
  }
}

}  // namespace detail

/// For GoogleTest, which finds it by its name.
template <class Element, class First, class... Bits>
void PrintTo(const block_format<Element, First, Bits...>& block, std::ostream* out) {
  detail::print_block(block, *out);
}

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
