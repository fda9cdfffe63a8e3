// The worked examples of docs/kernels about blocks.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/block/block_format.hpp>
#include <narrowfp/block/codec.hpp>
#include <narrowfp/block/hif4.hpp>
#include <narrowfp/block/mx.hpp>
#include <narrowfp/block/nvfp4.hpp>
#include <narrowfp/kernels/facts/any_scale.hpp>
#include <narrowfp/kernels/facts/counted_blocks.hpp>
#include <narrowfp/kernels/facts/magic_rows.hpp>
#include <narrowfp/kernels/facts/scale_choice.hpp>
#include <narrowfp/kernels/facts/thresholds.hpp>
#include <narrowfp/kernels/facts/vector_blocks.hpp>
#include <narrowfp/kernels/scalar/block_scale.hpp>
#include <narrowfp/kernels/scalar/quantize_rows.hpp>
#include <narrowfp/types.hpp>

#include "kernel_steps.hpp"

namespace docs {

namespace {

namespace core = narrowfp::core;
namespace kernels = narrowfp::kernels;
namespace formats = narrowfp::formats;
using narrowfp::overflow;
using narrowfp::rounding;
using narrowfp::scalar_format;
using narrowfp::scale_rule;

using fp8_per_128 = narrowfp::block_format<narrowfp::fp8_e4m3, narrowfp::shared_scale<float, 128>>;

pattern bits_of(float x) { return std::bit_cast<pattern>(x); }

template <scalar_format F>
core::real decoded(std::uint32_t code) {
  return core::decode<F>(static_cast<typename F::code_type>(code));
}

/// The code of a pattern by one float addition: docs/kernels/magic_addition.md. It saturates, as elements and
/// scales of blocks do.
template <scalar_format F>
std::uint32_t by_magic_addition(pattern x) {
  constexpr auto& facts = kernels::magic_rows_of<F, rounding::nearest_even, overflow::saturate>;
  static_assert(facts.exists && (facts.flags & kernels::flag_mapped) == 0);
  const pattern m = x < facts.data.high ? x : facts.data.high;
  const pattern row = (m > facts.data.low ? m : facts.data.low) >> 23;
  return float_sum(m, facts.data.magic[row % kernels::magic_row_count]) & 0xFF;
}

/// What the core makes of an exact number as an element or a scale.
template <scalar_format F>
std::uint32_t code_by_core(const core::real& x, rounding mode = rounding::nearest_even) {
  return core::encode<F>(x, mode, overflow::saturate);
}

// Dequantize.

example element_times_scale(std::uint32_t code, std::uint32_t scale_code) {
  using B = narrowfp::mxfp4;
  using F = B::element_format;
  constexpr auto& scales = kernels::block_scales<B>;
  const std::string input = "scale `" + code_text(scale_code, 8) + "`, element `" + code_text(code, 4) + "`";
  const pattern factor = bits_of(scales.value[scale_code]);
  const bool lifts = scales.use[scale_code] == kernels::scale_use::lift;
  constexpr pattern lift = pattern{kernels::lift_exponent} << 23;
  steps way;
  way.add("scale", value_text(value_of(pattern_of(decoded<B::scale_format>(scale_code)))));
  way.add("use", lifts ? "lift by 2^64" : "multiply");
  way.add("element", value_text(value_of(pattern_of(decoded<F>(code)))));
  const pattern product = float_product(pattern_of(decoded<F>(code)), factor);
  way.add("element * factor", hex(product));
  pattern result = product;
  std::string sum_text = "-";
  if (lifts) {
    constexpr pattern least_normal = float_hidden + lift;
    const pattern sum = float_sum(product, least_normal);
    sum_text = hex(sum);
    result = product >= least_normal ? product - lift : sum - least_normal;
  }
  way.add("+ 2^-62", sum_text);
  way.add("float", hex(result));
  require_core(input, result,
               pattern_of(core::multiply(decoded<F>(code), decoded<B::scale_format>(scale_code))));
  way.add("value", value_text(value_of(result)));
  return {input, way};
}

std::string dequantize() {
  return step_table({element_times_scale(5, 0x7D), element_times_scale(7, 0), element_times_scale(1, 0)});
}

// Products rounded to odd on their way to 16 bits.

pattern product_to_odd(pattern a, pattern b) {
  const pattern cut = float_product(a, b, rounding::toward_zero);
  const bool is_exact = core::compare_magnitudes(core::multiply(real_of(a), real_of(b)), real_of(cut)) == 0;
  return cut | (is_exact ? 0U : 1U);
}

std::uint32_t to_bfloat16(const core::real& x) {
  return core::encode<formats::bfloat16>(x, rounding::nearest_even, overflow::native);
}

example two_roundings(const std::string& input, pattern product, pattern tensor_scale) {
  steps way;
  way.add("element * scale", hex(product));
  way.add("tensor scale", hex(tensor_scale));
  const core::real exact = core::multiply(real_of(product), real_of(tensor_scale));
  const pattern nearest = pattern_of(exact);
  way.add("product to nearest", hex(nearest));
  way.add("that to bfloat16", hex(to_bfloat16(real_of(nearest)), 16));
  way.add("product toward zero", hex(pattern_of(exact, rounding::toward_zero)));
  const pattern odd = product_to_odd(product, tensor_scale);
  way.add("product to odd", hex(odd));
  const std::uint32_t code = to_bfloat16(real_of(odd));
  require_core("product to odd", code, to_bfloat16(exact));
  way.add("that to bfloat16, right", hex(code, 16));
  return {input, way};
}

std::string tensor_scale() {
  // The first tensor scale from 1/3 on under which two roundings to nearest go wrong, for 3 * 1.125.
  const pattern product = bits_of(3.375F);
  pattern scale = bits_of(1.0F / 3.0F);
  const auto goes_wrong = [&](pattern s) {
    const core::real exact = core::multiply(real_of(product), real_of(s));
    return to_bfloat16(real_of(pattern_of(exact))) != to_bfloat16(exact);
  };
  while (!goes_wrong(scale)) {
    ++scale;
  }
  return step_table({two_roundings("where two roundings to nearest go wrong", product, scale),
                     two_roundings("1/3 as tensor scale", product, bits_of(1.0F / 3.0F)),
                     two_roundings("exact", product, bits_of(0.5F))});
}

// Powers of two.

example under_power_of_two(scale_rule rule, const char* name) {
  using B = narrowfp::mxfp4;
  using F = B::element_format;
  const pattern amax = bits_of(7.2F);
  const pattern x = bits_of(1.3F);
  const std::string input = std::string("rule `") + name + "`";
  steps way;
  way.add("amax", hex(amax) + " = 7.2");
  const std::uint32_t carry = kernels::scale_carry<B>(rule);
  way.add("carry of the rule", hex(carry));
  way.add("amax + carry", hex(amax + carry));
  const std::uint32_t scale_code = ((amax + carry) >> 23) - core::binade_of(F::max_finite);
  require_core(input, scale_code, narrowfp::blocks::candidate_scales<B>(amax, rule).code[0]);
  way.add("scale: exponent field - 2", code_and_value<B::scale_format>(scale_code));
  way.add("element", hex(x) + " = 1.3");
  const pattern divided = x - ((scale_code - 127) << 23);
  way.add("exponent less the scale's", hex(divided));
  const std::uint32_t code = by_magic_addition<F>(divided);
  require_core(input, code, code_by_core<F>(core::divide(real_of(x), decoded<B::scale_format>(scale_code))));
  way.add("element's code, in units of the scale", code_and_value<F>(code));
  return {input, way};
}

std::string powers_of_two() {
  return step_table(
      {under_power_of_two(scale_rule::native, "native"), under_power_of_two(scale_rule::ceil, "ceil"),
       under_power_of_two(scale_rule::rceil, "rceil"), under_power_of_two(scale_rule::even, "even")});
}

// Ratios.

constexpr std::uint32_t example_ratio_code = 0x2D;  // 0.40625, of E4M3

example under_ratio(const std::string& input, int ulps_beside) {
  using B = narrowfp::nvfp4;
  using F = B::element_format;
  using SF = B::scale_format;
  constexpr auto& reciprocals = kernels::reciprocals<SF>;
  static_assert(reciprocals.exist);
  steps way;
  const pattern scale = pattern_of(decoded<SF>(example_ratio_code));
  way.add("scale s", hex(scale) + " = " + value_text(value_of(scale)));
  const pattern boundary = bits_of(2.5F);
  const pattern at_boundary = float_product(boundary, scale);
  const pattern x = at_boundary + static_cast<pattern>(ulps_beside);
  way.add("element x", hex(x));
  const pattern r = reciprocals.of_fraction[scale >> 19 & 0xF] - (scale & 0x7F800000);
  way.add("r: 1 / s, rounded", hex(r));
  const pattern e = float_product(fused_difference(bits_of(1.0F), r, scale), r);
  way.add("e: what r lacks", hex(e));
  const pattern q = fused(x, r, float_product(x, e));
  way.add("x r + x e", hex(q));
  way.add("boundary 2.5", hex(boundary));
  const std::uint32_t code = by_magic_addition<F>(q);
  require_core(input, code, code_by_core<F>(core::divide(real_of(x), real_of(scale))));
  way.add("code", code_and_value<F>(code));
  return {input, way};
}

std::string ratios() {
  return step_table({under_ratio("x = 2.5 s, a tie", 0), under_ratio("the float below", -1),
                     under_ratio("the float above", 1)});
}

// Thresholds.

std::string thresholds() {
  using B = narrowfp::nvfp4;
  using F = B::element_format;
  using SF = B::scale_format;
  const core::real scale = decoded<SF>(example_ratio_code);
  const int binade = core::binade_of(scale);
  constexpr int bits = kernels::scale_class_bits<B>;
  const std::uint64_t scale_class =
      scale.significand << (64 - core::bit_width(scale.significand)) << 1 >> 1 >> (63 - bits);
  const auto& row =
      kernels::threshold_table<B, rounding::nearest_even>[static_cast<std::size_t>(scale_class)];
  const std::array<pattern, 3> inputs = {bits_of(0.3F), float_product(bits_of(2.5F), pattern_of(scale)),
                                         float_product(bits_of(2.5F), pattern_of(scale)) + 1};
  markdown_table table({"Rank", "Boundary / scale", "Last pattern below", "Last word below",
                        "0.3 = " + hex(inputs[0]), "2.5 s = " + hex(inputs[1]),
                        "next float = " + hex(inputs[2])});
  std::array<std::uint32_t, 3> rank{};
  for (std::size_t i = 0; i < row.count; ++i) {
    const auto below = static_cast<pattern>(row.below_rank[i] + binade * (1 << 23));
    const kernels::word_threshold word = kernels::word_of(static_cast<std::int32_t>(below));
    require_core("whether a word decides", word.exact ? 1 : 0, 1);
    core::real boundary =
        core::add(F::from_code(kernels::ranks<F>.codes[i]), F::from_code(kernels::ranks<F>.codes[i + 1]));
    boundary.exponent -= 1;
    std::vector<std::string> cells = {std::to_string(i + 1), value_text(value_of(pattern_of(boundary))),
                                      hex(below), hex(static_cast<std::uint32_t>(word.below) & 0xFFFF, 16)};
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const bool above = inputs[k] > below;
      const std::uint32_t as_word = inputs[k] >> 16 | ((inputs[k] & 0xFFFF) != 0 ? 1U : 0U);
      require_core("a word's comparison", as_word > static_cast<std::uint32_t>(word.below) ? 1 : 0,
                   above ? 1 : 0);
      rank[k] += above ? 1 : 0;
      cells.push_back(above ? "above" : "-");
    }
    table.add(cells);
  }
  std::vector<std::string> last = {"", "", "", "code"};
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    require_core("thresholds", rank[k], code_by_core<F>(core::divide(real_of(inputs[k]), scale)));
    last.push_back(code_and_value<F>(rank[k]));
  }
  table.add(last);
  return table.text();
}

// Any scale.

/// The steps of vector/any_scale.hpp.
struct odd_quotient {
  pattern reciprocal, lacking, nearest, rest, odd;
};
odd_quotient quotient_to_odd(pattern x, pattern scale) {
  odd_quotient q{};
  q.reciprocal = float_quotient(bits_of(1.0F), scale);
  q.lacking = float_product(fused_difference(bits_of(1.0F), q.reciprocal, scale), q.reciprocal);
  q.nearest = fused(x, q.reciprocal, float_product(x, q.lacking));
  q.rest = fused_difference(x, q.nearest, scale);
  const bool is_negative = (q.rest >> 31) != 0;
  q.odd = (q.nearest - (is_negative ? 1 : 0)) | (q.rest != 0 ? 1U : 0U);
  return q;
}

example under_any_scale(const std::string& input, pattern x, pattern scale) {
  using F = formats::fp8_e4m3;
  const odd_quotient q = quotient_to_odd(x, scale);
  steps way;
  way.add("element x", hex(x));
  way.add("scale s", hex(scale));
  way.add("r: 1 / s, rounded", hex(q.reciprocal));
  way.add("e: what r lacks", hex(q.lacking));
  way.add("q = x r + x e", hex(q.nearest));
  way.add("rest = x - q s, exact", hex(q.rest) + " = " + value_text(value_of(q.rest)));
  way.add("q rounded to odd", hex(q.odd));
  const std::uint32_t wrong = by_magic_addition<F>(q.nearest);
  way.add("code of q, to nearest twice", code_and_value<F>(wrong));
  const std::uint32_t code = by_magic_addition<F>(q.odd);
  require_core(input, code, code_by_core<F>(core::divide(real_of(x), real_of(scale))));
  way.add("code of q to odd", code_and_value<F>(code));
  return {input, way};
}

std::string any_scale() {
  using F = formats::fp8_e4m3;
  static_assert(kernels::has_any_scale_quantizer<fp8_per_128>);
  // Elements beside t s, for t the boundary between two codes, whose quotients as floats are t itself. Below
  // t = 1.1875, whose tie goes up, and above t = 1.0625, whose tie goes down, that is wrong.
  const auto beside = [](float t, bool below, pattern& x, pattern& scale) {
    for (scale = bits_of(1.1F);; ++scale) {
      x = pattern_of(core::multiply(real_of(bits_of(t)), real_of(scale)),
                     below ? rounding::toward_zero : rounding::toward_positive);
      const odd_quotient q = quotient_to_odd(x, scale);
      if (q.rest != 0 && q.nearest == bits_of(t) &&
          by_magic_addition<F>(q.nearest) != by_magic_addition<F>(q.odd)) {
        return;
      }
    }
  };
  pattern below = 0;
  pattern below_scale = 0;
  pattern above = 0;
  pattern above_scale = 0;
  beside(1.1875F, true, below, below_scale);
  beside(1.0625F, false, above, above_scale);
  return step_table({under_any_scale("just below 1.1875 s", below, below_scale),
                     under_any_scale("just above 1.0625 s", above, above_scale),
                     under_any_scale("0.3 under 1.5", bits_of(0.3F), bits_of(1.5F))});
}

// Bits below the scale.

std::string bits_below_the_scale() {
  using B = narrowfp::hif4;
  using F = B::element_format;
  constexpr int half_unit = core::binade_of(core::min_positive<F>) - 1;
  const std::array<float, 8> first_eight = {0.9F, -0.4F, 0.15F, 0.7F, 4.9F, -20.5F, 9.42F, 6.0F};
  narrowfp::blocks::inputs<B> x{};
  for (std::size_t i = 0; i < first_eight.size(); ++i) {
    x[i] = bits_of(first_eight[i]);
  }
  const B by_core = narrowfp::blocks::encode_block<B>(x, narrowfp::blocks::quantize_job{});
  const pattern amax = bits_of(20.5F);
  const std::uint32_t scale_code = kernels::stepped_scale_code<B>(amax);
  require_core("HiF4's scale", scale_code, by_core.scale_code(0, 0));
  const pattern factor = bits_of(kernels::element_factors<B>[scale_code]);
  const pattern counts_per_one = factor - (static_cast<pattern>(half_unit) << 23);

  std::array<std::uint32_t, 8> halves{};
  std::array<std::uint32_t, 2> of_four{};
  for (std::size_t i = 0; i < 8; ++i) {
    const pattern product = float_product(x[i] & float_magnitude_bits, counts_per_one, rounding::toward_zero);
    halves[i] = static_cast<std::uint32_t>(value_of(product));
    of_four[i / 4] = halves[i] > of_four[i / 4] ? halves[i] : of_four[i / 4];
  }
  const std::uint32_t of_eight = of_four[0] > of_four[1] ? of_four[0] : of_four[1];
  const auto half_units_of = [](int exponent) { return std::uint32_t{1} << (exponent - half_unit); };
  const std::uint32_t eight_bit = of_eight >= half_units_of(B::threshold[1]) ? 1 : 0;
  require_core("HiF4's bit of 8 elements", eight_bit, by_core.scale_code(1, 0));

  markdown_table table({"Element", "Half units, rounded down", "Bit of 8", "Bit of 4", "Units", "Code"});
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t four_bit = of_four[i / 4] >> eight_bit >= half_units_of(B::threshold[2]) ? 1 : 0;
    require_core("HiF4's bit of 4 elements", four_bit, by_core.scale_code(2, i / 4));
    const std::uint32_t half_bits = eight_bit + four_bit;
    const std::uint32_t units = (halves[i] + (1U << half_bits)) >> (half_bits + 1);
    constexpr std::uint32_t most = static_cast<std::uint32_t>(kernels::ranks<F>.count) - 1;
    const std::uint32_t code = (units < most ? units : most) | x[i] >> 31 << (F::width - 1);
    require_core("HiF4's element " + std::to_string(i), code, by_core.code(i));
    table.add({decimal_text(first_eight[i]), std::to_string(halves[i]), std::to_string(eight_bit),
               std::to_string(four_bit), std::to_string(units), hex(code, F::width)});
  }
  markdown_table scale({"Step", "Result"});
  scale.add({"amax", hex(amax) + " = 20.5"});
  scale.add({"scale: code of the binade and steps within it", code_and_value<B::scale_format>(scale_code)});
  scale.add({"factor to elements, 1 / scale in bfloat16", hex(factor)});
  scale.add({"half units of the element for each 1", hex(counts_per_one)});
  scale.add({"bit of 8 elements: half units from", std::to_string(half_units_of(B::threshold[1]))});
  scale.add({"bit of 4 elements: half units from",
             std::to_string(half_units_of(B::threshold[2])) + ", twice that under a bit of 8"});
  return scale.text() + "\n" + table.text();
}

// The scalar path of blocks.

template <class B, kernels::scalar::scale_kind Kind>
example by_patterns(const std::string& input, pattern x, const core::real& scale) {
  using F = typename B::element_format;
  steps way;
  way.add("element x", hex(x));
  way.add("scale", hex(pattern_of(scale)));
  kernels::scalar::pattern_scale divisor{core::binade_of(scale) * (1 << 23), 0, 0};
  if constexpr (Kind == kernels::scalar::scale_kind::quotient) {
    divisor.exponent_bits += 1 << 23;
    divisor.significand =
        static_cast<std::uint32_t>(scale.significand << (64 - core::bit_width(scale.significand)) >> 40);
    divisor.reciprocal = ~std::uint64_t{0} / divisor.significand;
  }
  const auto scaled = static_cast<pattern>(kernels::scalar::rescaled<Kind>(x, divisor));
  way.add("x / scale, rounded to odd", hex(scaled));
  way.add("row: exponent field", hex(scaled >> 23, 8));
  const std::uint64_t rank = kernels::scalar::rounded_rank<rounding::nearest_even>(
      kernels::float_rows<F>[scaled >> 23], scaled, false, 0);
  way.add("rank, rounded", std::to_string(rank));
  const std::uint32_t code = kernels::scalar::code_of_rank<F>(rank, 0);
  require_core(input, code, code_by_core<F>(core::divide(real_of(x), scale)));
  way.add("code", code_and_value<F>(code));
  return {input, way};
}

std::string scalar_blocks() {
  using kernels::scalar::scale_kind;
  return step_table(
      {by_patterns<narrowfp::mxfp8_e4m3, scale_kind::exponent>("0.3 under 2^-3", bits_of(0.3F),
                                                               core::finite(1, -3)),
       by_patterns<fp8_per_128, scale_kind::quotient>("0.3 under 0.1", bits_of(0.3F), real_of(bits_of(0.1F))),
       by_patterns<fp8_per_128, scale_kind::quotient>("2.125 under 0.5, a tie", bits_of(2.125F),
                                                      core::finite(1, -1))});
}

}  // namespace

std::string kernel_of_blocks(const std::string& page) {
  if (page == "dequantize") {
    return dequantize();
  }
  if (page == "tensor_scale") {
    return tensor_scale();
  }
  if (page == "powers_of_two") {
    return powers_of_two();
  }
  if (page == "ratios") {
    return ratios();
  }
  if (page == "thresholds") {
    return thresholds();
  }
  if (page == "any_scale") {
    return any_scale();
  }
  if (page == "bits_below_the_scale") {
    return bits_below_the_scale();
  }
  if (page == "scalar_blocks") {
    return scalar_blocks();
  }
  return "";
}

}  // namespace docs
