// The README's table of block formats.
#include <string>

#include <narrowfp/quantize.hpp>

#include "sections.hpp"
#include "text.hpp"

namespace docs {

namespace {

/// The levels of a block format: "e6m2 per 64, bit per 8, bit per 4".
template <class B>
std::string levels_of() {
  std::string text = B::scale_format::name;
  for (std::size_t level = 0; level < B::levels; ++level) {
    text += (level > 0 ? ", bit per " : " per ") + std::to_string(B::layout::group_elements[level]);
  }
  return text;
}

template <class B>
void add_row(markdown_table& table, const char* name, const char* element) {
  table.add({name, value_text(B::bits_per_element), value_text(B::max_finite()),
             value_text(B::min_positive()), element, levels_of<B>(), std::to_string(B::elements),
             std::to_string(sizeof(B))});
}

}  // namespace

std::string block_summary() {
  using namespace narrowfp;
  markdown_table table({"Type", "Bits", "Largest", "Smallest", "Element", "Scale", "Block", "Bytes"});
  add_row<mxfp8_e4m3>(table, "mxfp8_e4m3", "fp8_e4m3");
  add_row<mxfp8_e5m2>(table, "mxfp8_e5m2", "fp8_e5m2");
  add_row<mxint8>(table, "mxint8", "8-bit integer");
  add_row<mxfp6_e3m2>(table, "mxfp6_e3m2", "fp6_e3m2");
  add_row<mxfp6_e2m3>(table, "mxfp6_e2m3", "fp6_e2m3");
  add_row<mxfp4>(table, "mxfp4", "fp4_e2m1");
  add_row<nvfp4>(table, "nvfp4", "fp4_e2m1");
  add_row<q8_0>(table, "q8_0", "8-bit integer");
  add_row<hif4>(table, "hif4", "fp4_e1m2");
  add_row<hif5>(table, "hif5", "sign, 4 bits");
  add_row<mx9>(table, "mx9", "sign, 7 bits");
  add_row<mx6>(table, "mx6", "sign, 4 bits");
  add_row<mx4>(table, "mx4", "sign, 2 bits");
  add_row<msfp16>(table, "msfp16", "sign, 7 bits");
  add_row<msfp12>(table, "msfp12", "sign, 3 bits");
  return table.text();
}

}  // namespace docs
