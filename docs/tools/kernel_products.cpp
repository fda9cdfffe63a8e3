// The worked examples of docs/kernels about exact products.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include <narrowfp/block/hif4.hpp>
#include <narrowfp/block/mx.hpp>
#include <narrowfp/block/nvfp4.hpp>
#include <narrowfp/core/exact_sum.hpp>
#include <narrowfp/kernels/facts/prepared_plan.hpp>
#include <narrowfp/kernels/facts/product_plan.hpp>
#include <narrowfp/kernels/facts/product_significands.hpp>
#include <narrowfp/kernels/facts/product_span.hpp>
#include <narrowfp/kernels/facts/product_tables.hpp>
#include <narrowfp/types.hpp>

#include "kernel_steps.hpp"

namespace docs {

namespace {

namespace core = narrowfp::core;
namespace formats = narrowfp::formats;
namespace kernels = narrowfp::kernels;
using narrowfp::scalar_format;

constexpr std::size_t vector_bytes = 32;  // AVX2's

std::string number(std::int64_t x) { return std::to_string(x); }
double as_double(const core::real& x) { return core::to_floating<double>(x); }
std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

template <scalar_format F>
core::real decoded(std::uint32_t code) {
  return core::decode<F>(static_cast<typename F::code_type>(code));
}

/// "a, b, c"
template <std::size_t N, class Text>
std::string list(const std::array<Text, N>& items) {
  std::string all;
  for (const Text& item : items) {
    all += (all.empty() ? "" : ", ") + item;
  }
  return all;
}

// Bytes. Two groups of four elements: codes, and the scale of each group.

template <scalar_format F, scalar_format S>
struct operand {
  std::array<std::uint32_t, 2> scale;
  std::array<std::array<std::uint32_t, 4>, 2> codes;

  [[nodiscard]] std::string integers() const {
    std::array<std::string, 2> groups;
    for (std::size_t g = 0; g < 2; ++g) {
      std::array<std::string, 4> items;
      for (std::size_t i = 0; i < 4; ++i) {
        items[i] = number(kernels::integer_of<F>(codes[g][i]));
      }
      groups[g] = list(items);
    }
    return groups[0] + "; " + groups[1];
  }
};

template <class A, class B>
example bytes_of(const std::string& input,
                 const operand<typename A::element_format, typename A::scale_format>& a,
                 const operand<typename B::element_format, typename B::scale_format>& b) {
  using F = typename A::element_format;
  using G = typename B::element_format;
  using plan = kernels::byte_plan<kernels::block_row<A>, kernels::block_row<B>, vector_bytes>;
  static_assert(plan::exists);
  constexpr int unit = kernels::span_of<F>.unit + kernels::span_of<G>.unit;
  kernels::product_sum<kernels::block_row<A>, kernels::block_row<B>> exact(
      kernels::lowest_product<kernels::block_row<A>, kernels::block_row<B>>);
  std::array<std::int64_t, 2> sums = {};
  std::array<core::real, 2> scales = {};
  int base = 1 << 20;
  for (std::size_t g = 0; g < 2; ++g) {
    scales[g] = core::without_trailing_zeros(core::multiply(decoded<typename A::scale_format>(a.scale[g]),
                                                            decoded<typename B::scale_format>(b.scale[g])));
    base = core::smaller(base, scales[g].exponent);
    for (std::size_t i = 0; i < 4; ++i) {
      sums[g] += std::int64_t{kernels::integer_of<F>(a.codes[g][i])} * kernels::integer_of<G>(b.codes[g][i]);
      exact.add(
          core::multiply(scales[g], core::multiply(decoded<F>(a.codes[g][i]), decoded<G>(b.codes[g][i]))));
    }
  }
  std::int64_t total = 0;
  std::array<std::string, 2> factors;
  for (std::size_t g = 0; g < 2; ++g) {
    const auto factor = static_cast<std::int64_t>(scales[g].significand << (scales[g].exponent - base));
    total += sums[g] * factor;
    factors[g] = plan::weighs ? number(factor) : value_text(as_double(scales[g]));
  }
  steps way;
  way.add("integers of a", a.integers());
  way.add("integers of b", b.integers());
  way.add("sums of products", number(sums[0]) + "; " + number(sums[1]));
  way.add("scales of a times b", value_text(as_double(scales[0])) + "; " + value_text(as_double(scales[1])));
  way.add("way", plan::weighs ? "weights, up to 2^" + number(plan::most_weight) : "factors");
  way.add("weights, or factors", factors[0] + "; " + factors[1]);
  way.add("sum", number(total) + " * 2^" + number(base + unit));
  const double result =
      as_double(core::finite(static_cast<std::uint64_t>(total < 0 ? -total : total), base + unit, total < 0));
  require_core(input, bits_of(result), bits_of(as_double(exact.total())));
  way.add("value", value_text(result));
  return {input, way};
}

std::string product_bytes() {
  using narrowfp::mxfp4;
  using narrowfp::mxint8;
  using narrowfp::nvfp4;
  return step_table({bytes_of<mxfp4, mxfp4>("mxfp4, mxfp4", {{0x7F, 0x7D}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                            {{0x80, 0x7E}, {{{2, 3, 1, 14}, {6, 1, 1, 7}}}}),
                     bytes_of<mxfp4, mxint8>("mxfp4, mxint8", {{0x7F, 0x7D}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                             {{0x80, 0x7E}, {{{0x40, 0x7F, 0x81, 3}, {0x80, 1, 0xFF, 5}}}}),
                     bytes_of<nvfp4, nvfp4>("nvfp4, nvfp4", {{0x38, 0x2B}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                            {{0x3C, 0x35}, {{{2, 3, 1, 14}, {6, 1, 1, 7}}}})});
}

// Matrices: rows that are prepared.

/// Two scales as integers in units of a power of two that both share.
struct shared_weights {
  std::array<std::int64_t, 2> weight;
  int exponent;

  [[nodiscard]] std::int64_t most() const { return weight[0] > weight[1] ? weight[0] : weight[1]; }
};
template <scalar_format S>
shared_weights weights_of(const std::array<std::uint32_t, 2>& scale) {
  const auto exponent = [](std::uint32_t key) { return static_cast<int>(key >> 8) - 1; };
  const std::array<std::uint32_t, 2> key = {kernels::scale_keys_of<S>.at[scale[0]],
                                            kernels::scale_keys_of<S>.at[scale[1]]};
  shared_weights result = {{}, core::smaller(exponent(key[0]), exponent(key[1]))};
  for (std::size_t g = 0; g < 2; ++g) {
    result.weight[g] = static_cast<std::int64_t>(key[g] & 0xFF) << (exponent(key[g]) - result.exponent);
  }
  return result;
}

template <class A, class B>
example prepared_of(const std::string& input,
                    const operand<typename A::element_format, typename A::scale_format>& a,
                    const operand<typename B::element_format, typename B::scale_format>& b) {
  using F = typename A::element_format;
  using G = typename B::element_format;
  using plan = kernels::prepared_plan<kernels::block_row<A>, kernels::block_row<B>, vector_bytes>;
  static_assert(plan::exists && plan::offset_fits);
  kernels::product_sum<kernels::block_row<A>, kernels::block_row<B>> exact(
      kernels::lowest_product<kernels::block_row<A>, kernels::block_row<B>>);
  std::array<std::string, 2> shifted;
  std::array<std::int64_t, 2> sums = {};
  std::array<std::int64_t, 2> corrections = {};
  for (std::size_t g = 0; g < 2; ++g) {
    std::array<std::string, 4> items;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::int64_t x = kernels::integer_of<F>(a.codes[g][i]) + plan::offset;
      const std::int64_t y = kernels::integer_of<G>(b.codes[g][i]);
      items[i] = number(x);
      sums[g] += x * y;
      corrections[g] += plan::offset * y;
      exact.add(core::multiply(core::multiply(decoded<typename A::scale_format>(a.scale[g]),
                                              decoded<typename B::scale_format>(b.scale[g])),
                               core::multiply(decoded<F>(a.codes[g][i]), decoded<G>(b.codes[g][i]))));
    }
    shifted[g] = list(items);
  }
  const shared_weights weights_a = weights_of<typename A::scale_format>(a.scale);
  const shared_weights weights_b = weights_of<typename B::scale_format>(b.scale);
  std::int64_t total = 0;
  for (std::size_t g = 0; g < 2; ++g) {
    total += (sums[g] - corrections[g]) * weights_a.weight[g] * weights_b.weight[g];
  }
  const int exponent = plan::unit + weights_a.exponent + weights_b.exponent;
  const auto two = [](const std::array<std::int64_t, 2>& x) { return number(x[0]) + "; " + number(x[1]); };
  steps way;
  way.add("planes", number(std::int64_t{plan::planes}));
  way.add("integers of a, with an offset", shifted[0] + "; " + shifted[1]);
  way.add("integers of b", b.integers());
  way.add("sums of products", two(sums));
  way.add("too large by", two(corrections));
  way.add("weights of a", two(weights_a.weight));
  way.add("weights of b", two(weights_b.weight));
  way.add("the largest of both",
          number(weights_a.most() * weights_b.most()) + " of " + number(plan::most_weight));
  way.add("sum", number(total) + " * 2^" + number(exponent));
  const double result =
      as_double(core::finite(static_cast<std::uint64_t>(total < 0 ? -total : total), exponent, total < 0));
  require_core(input, bits_of(result), bits_of(as_double(exact.total())));
  way.add("value", value_text(result));
  return {input, way};
}

std::string product_matrices() {
  using narrowfp::mxfp4;
  using narrowfp::mxint8;
  using narrowfp::nvfp4;
  return step_table(
      {prepared_of<mxfp4, mxfp4>("mxfp4, mxfp4", {{0x7F, 0x7D}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                 {{0x80, 0x7E}, {{{2, 3, 1, 14}, {6, 1, 1, 7}}}}),
       prepared_of<mxfp4, mxint8>("mxfp4, mxint8", {{0x7F, 0x7D}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                  {{0x80, 0x7E}, {{{0x40, 0x7F, 0x81, 3}, {0x80, 1, 0xFF, 5}}}}),
       prepared_of<nvfp4, nvfp4>("nvfp4, nvfp4", {{0x38, 0x2B}, {{{1, 9, 7, 4}, {5, 0, 2, 15}}}},
                                 {{0x3C, 0x35}, {{{2, 3, 1, 14}, {6, 1, 1, 7}}}})});
}

// Floats as doubles.

/// The four elements of a row, as exact numbers.
template <class Row>
using four_codes = std::array<std::uint32_t, 4>;

template <class Row>
std::string values_of(const four_codes<Row>& codes) {
  std::array<std::string, 4> items;
  for (std::size_t i = 0; i < 4; ++i) {
    items[i] = value_text(as_double(decoded<typename Row::element_format>(codes[i])));
  }
  return list(items);
}

/// What a survey sees: the binades of the largest and of the least element.
struct survey {
  int top = -1 << 20, low = 1 << 20;
};
template <class Row>
survey survey_of(const four_codes<Row>& codes) {
  survey all;
  for (const std::uint32_t code : codes) {
    const int binade = core::binade_of(decoded<typename Row::element_format>(code));
    all.top = core::larger(all.top, binade);
    all.low = core::smaller(all.low, binade);
  }
  return all;
}

/// What the leading bits of a float are, where it is cut in two.
core::real leading_bits(std::uint32_t code) { return real_of(code & 0xFFFFF000); }

/// The products of a and b, added in double one by one.
template <class Left, class Right>
double sum_in_double(const Left& left, const Right& right) {
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    sum = as_double(core::add(core::read(sum), core::multiply(left(i), right(i))));
  }
  return sum;
}

template <class A, class B>
example floats_of(const std::string& input, const four_codes<A>& a, const four_codes<B>& b) {
  using plan = kernels::float_plan<A, B, vector_bytes>;
  static_assert(plan::exists && !plan::cuts_a);
  constexpr int kept_bits = 12;
  const auto element_a = [&](std::size_t i) { return decoded<typename A::element_format>(a[i]); };
  const auto element_b = [&](std::size_t i) { return decoded<typename B::element_format>(b[i]); };
  steps way;
  way.add("a", values_of<A>(a));
  way.add("b", values_of<B>(b));
  way.add("a product is exact in", plan::products_are_floats ? "float" : "double");
  way.add("cut in two", plan::cuts_b ? "b" : "-");
  int bits = plan::sum_bits;
  std::string surveyed;
  if constexpr (plan::surveys) {
    bits = plan::a.bits() + plan::b.bits() + kernels::bits_of_count(4);
    const auto include = [&](const survey& all, const kernels::value_span& widest, int significand_bits) {
      bits += all.top - all.low + significand_bits - widest.bits();
      surveyed += (surveyed.empty() ? "" : "; ") + number(all.low) + " to " + number(all.top);
    };
    if constexpr (plan::surveys_a) {
      include(survey_of<A>(a), plan::a, plan::a.significand_bits);
    }
    if constexpr (plan::surveys_b) {
      include(survey_of<B>(b), plan::b, plan::cuts_b ? kept_bits : plan::b.significand_bits);
    }
  }
  way.add("binades, surveyed", surveyed.empty() ? "-" : surveyed);
  way.add("bits of a sum, at most", number(bits) + (plan::surveys ? " of 4 elements" : " of 2048 elements"));
  const bool fits = bits <= 53;
  way.add("added", fits ? "as doubles" : "by the scalar path");
  kernels::product_sum<A, B> exact(kernels::lowest_product<A, B>);
  for (std::size_t i = 0; i < 4; ++i) {
    exact.add(core::multiply(element_a(i), element_b(i)));
  }
  const double right = as_double(exact.total());
  if (fits) {
    kernels::product_sum<A, B> sums(kernels::lowest_product<A, B>);
    if constexpr (plan::cuts_b) {
      const auto kept = [&](std::size_t i) { return leading_bits(b[i]); };
      const auto rest = [&](std::size_t i) { return core::subtract(element_b(i), leading_bits(b[i])); };
      sums.add(core::read(sum_in_double(element_a, kept)));
      sums.add(core::read(sum_in_double(element_a, rest)));
    } else {
      sums.add(core::read(sum_in_double(element_a, element_b)));
    }
    require_core(input, bits_of(as_double(sums.total())), bits_of(right));
  }
  way.add("a loop in double", value_text(sum_in_double(element_a, element_b)));
  way.add("the sum", value_text(right));
  return {input, way};
}

std::string product_floats() {
  using e4m3 = kernels::code_row<formats::fp8_e4m3>;
  using bf16 = kernels::code_row<formats::bfloat16>;
  using fp4 = kernels::code_row<formats::fp4_e2m1>;
  using f32 = kernels::code_row<formats::binary32>;
  const auto pattern = [](float x) { return std::bit_cast<std::uint32_t>(x); };
  return step_table(
      {floats_of<e4m3, bf16>("fp8_e4m3, bfloat16", {0x38, 0x7E, 0x01, 0xB9},
                             {0x3F8D, 0x3E9A, 0xC02D, 0x42C8}),
       floats_of<bf16, bf16>("bfloat16, bfloat16", {0x3F80, 0x3E80, 0xC040, 0x42C0},
                             {0x3FC0, 0x3D80, 0x3F80, 0xC100}),
       floats_of<fp4, f32>("fp4_e2m1, float, near", {2, 3, 10, 7},
                           {pattern(1.1F), pattern(0.3F), pattern(-2.7F), pattern(100)}),
       floats_of<fp4, f32>("fp4_e2m1, float, far", {2, 3, 10, 7},
                           {pattern(0x1p60F), pattern(0x1p-20F), pattern(0x1p60F), pattern(0x1p-20F)})});
}

// Significands with exponents.

/// m and e of a code, as kernels find them.
struct significand {
  int m = 0, e = 0;
};
template <scalar_format F>
significand significand_of(std::uint32_t code) {
  if constexpr (kernels::counts_in_bytes<F>) {
    return {kernels::integer_of<F>(code), 0};
  } else {
    significand result;
    const std::uint32_t sign = std::uint32_t{1} << (F::width - 1);
    const std::uint32_t magnitude = code & (sign - 1);
    if constexpr (kernels::fields_of<F>.exist) {
      constexpr int bits = kernels::fields_of<F>.fraction_bits;
      result.e = static_cast<int>(kernels::exponent_of_fields(magnitude, bits));
      result.m = static_cast<int>(magnitude) - (result.e << bits);
    } else {
      const kernels::code_classes& classes = kernels::classes_of<F>;
      const std::uint32_t own = magnitude / 8;
      const std::uint32_t at = classes.kind[own] + magnitude % 8;
      result.e = static_cast<std::int8_t>(classes.exponent[own]) +
                 (classes.sign[own] != 0 ? -classes.distance[at] : classes.distance[at]);
      result.m = classes.significand[at];
    }
    result.m = (code & sign) != 0 ? -result.m : result.m;
    return result;
  }
}

template <class Row>
std::string significands_of(const four_codes<Row>& codes) {
  std::array<std::string, 4> items;
  for (std::size_t i = 0; i < 4; ++i) {
    const significand x = significand_of<typename Row::element_format>(codes[i]);
    items[i] = number(x.m) + " * 2^" + number(x.e);
  }
  return list(items);
}

template <class A, class B>
example products_of_significands(const std::string& input, const four_codes<A>& a, const four_codes<B>& b) {
  using plan = kernels::significand_plan<A, B, vector_bytes>;
  static_assert(plan::exists);
  steps way;
  way.add("a", values_of<A>(a));
  way.add("m * 2^e of a", significands_of<A>(a));
  way.add("b", values_of<B>(b));
  way.add("m * 2^e of b", significands_of<B>(b));
  std::array<std::string, 4> products;
  std::array<std::int64_t, plan::windows> sums = {};
  kernels::product_sum<A, B> exact(kernels::lowest_product<A, B>);
  kernels::product_sum<A, B> windows(kernels::lowest_product<A, B>);
  for (std::size_t i = 0; i < 4; ++i) {
    const significand x = significand_of<typename A::element_format>(a[i]);
    const significand y = significand_of<typename B::element_format>(b[i]);
    products[i] = number(x.m * y.m) + " * 2^" + number(x.e + y.e);
    sums[static_cast<std::size_t>(x.e + y.e) / 16] += std::int64_t{x.m * y.m} * (1 << (x.e + y.e) % 16);
    exact.add(
        core::multiply(decoded<typename A::element_format>(a[i]), decoded<typename B::element_format>(b[i])));
  }
  way.add("units", "2^" + number(plan::a.unit) + ", 2^" + number(plan::b.unit));
  way.add("products", list(products));
  way.add("exponents there are", "0 to " + number(plan::most_exponent));
  std::string all;
  for (std::size_t w = 0; w < plan::windows; ++w) {
    all += (w == 0 ? "" : "; ") + number(sums[w]) + " * 2^" + number(static_cast<int>(16 * w));
    windows.add(sums[w], plan::unit + static_cast<int>(16 * w));
  }
  way.add("sums by 16 exponents", all);
  require_core(input, bits_of(as_double(windows.total())), bits_of(as_double(exact.total())));
  way.add("value", value_text(as_double(exact.total())));
  return {input, way};
}

std::string product_significands() {
  using e4m3 = kernels::code_row<formats::fp8_e4m3>;
  using hif8 = kernels::code_row<narrowfp::hif8::format>;
  using fp4 = kernels::code_row<formats::fp4_e2m1>;
  const auto code = [](double x) { return std::uint32_t{narrowfp::hif8(x).bits()}; };
  return step_table(
      {products_of_significands<fp4, e4m3>("fp4_e2m1, fp8_e4m3", {2, 3, 10, 7}, {0x38, 0x7E, 0x01, 0xB9}),
       products_of_significands<e4m3, e4m3>("fp8_e4m3, fp8_e4m3", {0x38, 0x7E, 0x01, 0xB9},
                                            {0x40, 0x7E, 0x01, 0x3A}),
       products_of_significands<hif8, hif8>("hif8, hif8", {code(1), code(0.25), code(-3), code(96)},
                                            {code(1.5), code(0.0625), code(1), code(-8)})});
}

// Exact sums.

template <class A, class B>
example sum_of(const std::string& input) {
  constexpr int lowest = kernels::lowest_product<A, B>;
  constexpr int top = kernels::span_of_row<A>.top + kernels::span_of_row<B>.top;
  steps way;
  way.add("every product is a multiple of", "2^" + number(lowest));
  way.add("and is below", "2^" + number(top + 2));
  way.add("bits of a sum of 2^64", number(top + 2 + 64 - lowest));
  way.add("digits", number(kernels::product_digits<A, B>));
  way.add("1 is in digit, at bit", number(-lowest / 32) + ", " + number(-lowest % 32));
  // The largest power, 1, and the largest power again with the other sign: 1 is left.
  kernels::product_sum<A, B> sum(lowest);
  sum.add(1, top);
  sum.add(1, 0);
  sum.add(-1, top);
  const double left = as_double(sum.total());
  require_core(input, bits_of(left), bits_of(1.0));
  way.add("2^top + 1 - 2^top", value_text(left));
  return {input, way};
}

std::string exact_sums() {
  using kernels::block_row;
  using kernels::code_row;
  return step_table({sum_of<block_row<narrowfp::nvfp4>, block_row<narrowfp::nvfp4>>("nvfp4, nvfp4"),
                     sum_of<block_row<narrowfp::hif4>, block_row<narrowfp::hif4>>("hif4, hif4"),
                     sum_of<block_row<narrowfp::mxfp4>, block_row<narrowfp::mxint8>>("mxfp4, mxint8"),
                     sum_of<block_row<narrowfp::mxfp4>, code_row<formats::binary32>>("mxfp4, float")});
}

}  // namespace

std::string kernel_of_products(const std::string& page) {
  if (page == "product_bytes") {
    return product_bytes();
  }
  if (page == "product_matrices") {
    return product_matrices();
  }
  if (page == "product_floats") {
    return product_floats();
  }
  if (page == "product_significands") {
    return product_significands();
  }
  if (page == "exact_sums") {
    return exact_sums();
  }
  return "";
}

}  // namespace docs
