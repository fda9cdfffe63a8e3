// The README's table of scalar formats.
#include <cmath>

#include "scalar_view.hpp"
#include "sections.hpp"
#include "text.hpp"

namespace docs {

namespace {

std::string specials_of(const scalar_view& f) {
  std::string text;
  const auto append = [&](bool condition, const char* word) {
    if (condition) {
      text += (text.empty() ? "" : ", ") + std::string(word);
    }
  };
  append(f.has_infinity, "inf");
  append(f.has_nan, "NaN");
  append(f.has_negative_zero, "-0");
  append(!f.has_zero, "no zero");
  return text.empty() ? "none" : text;
}

}  // namespace

std::string scalar_summary() {
  markdown_table table({"Type", "Bits", "Largest", "Smallest", "Specials", "Ties"});
  for (const scalar_view& f : all_scalars()) {
    table.add({f.name, std::to_string(f.width), value_text(f.max_finite), value_text(f.min_positive),
               specials_of(f), f.native_rounding == narrowfp::rounding::nearest_even ? "even" : "away"});
  }
  return table.text();
}

}  // namespace docs
