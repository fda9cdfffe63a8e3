// Products of two types by every instruction set, against exact sums that share no code with the library;
// small, so that a mutant is judged quickly. FIRST and SECOND name the types.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "products/product_inputs.hpp"
#include "products/typed_arrays.hpp"

namespace {

#define NAME_OF(type) #type
#define TEXT_OF(type) NAME_OF(type)

using namespace narrowfp;
using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;
using fp6_per_64 = block_format<fp6_e3m2, shared_scale<bfloat16, 64>>;
using a_type = FIRST;
using b_type = SECOND;

using products::array_of;
using products::below;
using products::bits_of;
using products::editor;
using products::inputs;
using products::make_array;
using bytes = std::vector<std::uint8_t>;

int failures = 0;

void expect(bool holds, const std::string& what, isa use) {
  if (!holds && failures++ < 3) {
    std::printf("%s by %s\n", what.c_str(), isa_name(use));
  }
}

constexpr isa all_isas[] = {isa::scalar, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon};

const oracle::packed_type& facts_a = oracle::find_packed_type(TEXT_OF(FIRST));
const oracle::packed_type& facts_b = oracle::find_packed_type(TEXT_OF(SECOND));

oracle::number number_of(float x) {
  return oracle::find_packed_type("float").value(
      std::bit_cast<std::array<std::uint8_t, 4>>(std::bit_cast<std::uint32_t>(x)), 0);
}

/// One dot product. Scales are bits of floats.
template <class Out>
void check(const bytes& a, const bytes& b, std::size_t n, const oracle::source_layout& layout,
           const std::string& what, std::uint32_t scale_a = 0x3F800000, std::uint32_t scale_b = 0x3F800000) {
  oracle::exact_dot sum = sum_of_products(facts_a, a, facts_b, b, n);
  const float tensor_a = std::bit_cast<float>(scale_a);
  const float tensor_b = std::bit_cast<float>(scale_b);
  sum.multiply(number_of(tensor_a));
  sum.multiply(number_of(tensor_b));
  const std::uint64_t want = sum.rounded(layout);
  const array_of<a_type> x(a, n % 3);
  const array_of<b_type> y(b, n % 5);
  for (const isa use : all_isas) {
    if (isa_available(use)) {
      const dot_options options = {.tensor_scale_a = tensor_a, .tensor_scale_b = tensor_b, .use = use};
      expect(bits_of(dot<Out>(x.view(), y.view(), n, options)) == want, what + ", n " + std::to_string(n),
             use);
    }
  }
}

void check(const bytes& a, const bytes& b, std::size_t n, const std::string& what) {
  check<double>(a, b, n, oracle::binary64, what);
}

/// The first n elements, again and again to make `count`.
bytes repeated(const oracle::packed_type& type, const bytes& array, std::size_t count) {
  bytes result(type.bytes_of(count));
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = array[i % array.size()];
  }
  return result;
}

void check_lengths(products::generator& random) {
  for (const inputs kind : products::all_inputs) {
    for (const std::size_t n :
         {0U, 1U, 2U, 15U, 33U, 64U, 100U, 129U, 200U, 256U, 383U, 512U, 700U, 2048U, 2500U}) {
      const bytes a = make_array(facts_a, kind, n, random);
      const bytes b = make_array(facts_b, kind, n, random);
      const bytes near = make_array(facts_b, inputs::near, n, random);
      check(a, b, n, name_of(kind));
      check(a, near, n, std::string("b near, a ") + name_of(kind));
      check(make_array(facts_a, inputs::near, n, random), b, n, std::string("a near, b ") + name_of(kind));
    }
  }
}

/// One block, or some values, of other magnitudes.
void check_far(products::generator& random) {
  constexpr std::size_t n = 1024;
  const bytes near_a = make_array(facts_a, inputs::near, n, random);
  const bytes near_b = make_array(facts_b, inputs::near, n, random);
  for (const inputs kind : {inputs::low, inputs::high, inputs::any, inputs::nan, inputs::infinity}) {
    for (int repeat = 0; repeat < 6; ++repeat) {
      const auto put = [&](const oracle::packed_type& type, bytes array) {
        const bytes other = make_array(type, kind, type.elements, random);
        const std::size_t at = repeat == 0 ? 0 : below(n / type.elements, random) * type.bytes();
        std::copy(other.begin(), other.end(), array.begin() + static_cast<std::ptrdiff_t>(at));
        return array;
      };
      check(put(facts_a, near_a), near_b, n, std::string("in a ") + name_of(kind));
      check(near_a, put(facts_b, near_b), n, std::string("in b ") + name_of(kind));
    }
  }
  // Zeros under a far scale, as padding is, and what meets them.
  for (const inputs kind : {inputs::near, inputs::any, inputs::nan, inputs::infinity}) {
    for (int repeat = 0; repeat < 6; ++repeat) {
      const std::size_t i = below(n / 128, random) * 128;
      bytes zeros = near_a;
      bytes b = near_b;
      std::fill(zeros.begin() + static_cast<std::ptrdiff_t>(facts_a.bytes_of(i)),
                zeros.begin() + static_cast<std::ptrdiff_t>(facts_a.bytes_of(i + 128)), std::uint8_t{0});
      const bytes other = make_array(facts_b, kind, 128, random);
      std::copy(other.begin(), other.end(), b.begin() + static_cast<std::ptrdiff_t>(facts_b.bytes_of(i)));
      check(zeros, b, n, std::string("zeros in a, in b ") + name_of(kind));
    }
  }
  // Scales that move away step by step: what is near at first is not later.
  bytes moving = make_array(facts_a, inputs::near, 6 * n, random);
  if (facts_a.is_block() && facts_a.scale_width == 8) {
    editor edit(facts_a, moving);
    for (std::size_t i = 0; i < 6 * n; i += facts_a.elements) {
      edit.set_scale(i, static_cast<std::uint32_t>(100 + i / 512));
    }
    check(moving, make_array(facts_b, inputs::near, 6 * n, random), 6 * n, "scales that rise");
  }
}

/// All products of one sign, of the largest codes and of any code with any.
void check_most(products::generator& random) {
  constexpr std::size_t n = 6000;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const bytes a = make_array(facts_a, inputs::most, facts_a.elements, random);
    const bytes b = make_array(facts_b, inputs::most, facts_b.elements, random);
    bytes all_a = repeated(facts_a, a, n);
    bytes all_b = repeated(facts_b, b, n);
    check(all_a, all_b, n, "one block of the largest again and again");
    if (facts_a.is_block() && facts_a.scale_width == 8) {
      editor edit(facts_a, all_a);
      editor edit_b(facts_b, all_b);
      for (std::size_t i = 1; i < n; ++i) {
        edit.set_code(i, edit.code(0));
        edit_b.set_code(i, edit_b.code(0));
      }
      for (const std::uint32_t rise : {3U, 8U, 12U, 14U, 15U, 16U}) {
        for (std::size_t i = 0; i < n; i += facts_a.elements) {
          edit.set_scale(i, i < 128 ? 100 : 100 + rise);
        }
        check(all_a, all_b, n, "the largest under two scales");
      }
    }
  }
  if (facts_a.width < 16 && facts_b.width < 16) {
    const std::uint32_t codes_a = 1U << facts_a.width;
    const std::uint32_t codes_b = 1U << facts_b.width;
    const std::size_t pairs = 2048;
    bytes a = make_array(facts_a, inputs::near, pairs, random);
    bytes b = make_array(facts_b, inputs::near, pairs, random);
    for (const std::uint32_t code : {codes_a - 1, codes_a / 2, codes_a / 2 - 1, 1U, 0U}) {
      editor edit_a(facts_a, a);
      editor edit_b(facts_b, b);
      for (std::size_t i = 0; i < pairs; ++i) {
        edit_a.set_code(i, code);
        edit_b.set_code(i, static_cast<std::uint32_t>(i) % codes_b);
      }
      check(a, b, pairs, "one code with all");
      for (std::size_t i = 0; i < pairs; ++i) {
        edit_a.set_code(i, static_cast<std::uint32_t>(i) % codes_a);
        edit_b.set_code(i, i % 700 < 690 ? code % codes_b : codes_b / 2);
      }
      check(a, b, pairs, "all codes with one");
    }
  }
}

/// x * y - x * y + a small one, and sums half way between two results.
void check_cancellation(products::generator& random) {
  const auto& exponents = products::powers(facts_a);
  const auto& exponents_b = products::powers(facts_b);
  if (exponents.empty() || exponents_b.empty()) {
    return;
  }
  for (int repeat = 0; repeat < 60; ++repeat) {
    const std::size_t each = 128;  // elements of a block at most
    const std::size_t n = 3 * each;
    const int one = exponents_b[below(exponents_b.size(), random)];
    const int high = exponents[below(exponents.size(), random)];
    const int low = exponents[below(exponents.size(), random)];
    bytes a(facts_a.bytes_of(n));
    bytes b(facts_b.bytes_of(n));
    bool is_set = true;
    for (std::size_t i = 0; i < 3; ++i) {
      is_set =
          is_set && products::set_power(facts_a, a, i * each, i == 2 ? low : high, i == 1 && repeat % 2 == 0);
      is_set = is_set && products::set_power(facts_b, b, i * each, one, false);
    }
    if (is_set) {
      check(a, b, n, "cancellation or a tie");
      check<float>(a, b, n, oracle::binary32, "a tie as float");
      a.resize(facts_a.bytes_of(2 * each));
      b.resize(facts_b.bytes_of(2 * each));
      check(a, b, 2 * each, "one less itself");
    }
  }
}

/// 2^high + half a unit of the result's last place, more or less something far smaller.
void check_ties() {
  const auto& exponents = products::powers(facts_a);
  if (exponents.empty()) {
    return;
  }
  constexpr std::size_t each = 128;
  for (const int precision : {24, 53}) {
    for (const int far : {1, 8, 12, 20, 40, 60, 90, 120}) {
      for (const bool negative : {false, true}) {
        const int high = exponents.back() - 5;
        bytes a(facts_a.bytes_of(3 * each));
        bytes b(facts_b.bytes_of(3 * each));
        bool is_set = products::set_power(facts_a, a, 0, high, false) &&
                      products::set_power(facts_a, a, each, high - precision, false) &&
                      products::set_power(facts_a, a, 2 * each, high - precision - far, negative);
        for (std::size_t i = 0; i < 3; ++i) {
          is_set = is_set && products::set_power(facts_b, b, i * each, 0, false);
        }
        if (is_set) {
          check(a, b, 3 * each, "a tie, but for the last bit");
          check<float>(a, b, 3 * each, oracle::binary32, "a tie, but for the last bit, as float");
        }
      }
    }
  }
}

/// Results of all types, tensor scales, and scales of rows with what the results held.
void check_scales(products::generator& random) {
  constexpr std::size_t rows = 6;  // enough for preparing others for them, and for a last tile
  constexpr std::size_t columns = 5;
  for (int repeat = 0; repeat < 40; ++repeat) {
    const std::size_t n = below(300, random) + (repeat % 10 == 9 ? 2048 : 0);
    const inputs kind = products::all_inputs[below(std::size(products::all_inputs), random)];
    bytes a;
    bytes b;
    std::vector<bytes> lines_a;
    std::vector<bytes> lines_b;
    for (std::size_t i = 0; i < rows; ++i) {
      lines_a.push_back(make_array(facts_a, kind, n, random));
      a.insert(a.end(), lines_a[i].begin(), lines_a[i].end());
    }
    for (std::size_t j = 0; j < columns; ++j) {
      lines_b.push_back(make_array(facts_b, repeat % 4 == 3 ? kind : inputs::near, n, random));
      b.insert(b.end(), lines_b[j].begin(), lines_b[j].end());
    }
    const auto factor = [&] {
      return repeat % 3 == 0   ? products::usual_factor(random)
             : repeat % 3 == 1 ? products::any_factor(random)
                               : products::extreme_factor(random);
    };
    check<float>(lines_a[0], lines_b[0], n, oracle::binary32, "to float", factor(), factor());
    check<bfloat16>(lines_a[0], lines_b[0], n, oracle::brain16, "to bfloat16", factor(), factor());
    check<float16>(lines_a[0], lines_b[0], n, oracle::binary16, "to float16", factor(), factor());
    std::vector<float> scales_a(rows);
    std::vector<float> scales_b(columns);
    std::vector<float> before(rows * columns);
    for (float& scale : scales_a) {
      scale = std::bit_cast<float>(factor());
    }
    for (float& scale : scales_b) {
      scale = std::bit_cast<float>(factor());
    }
    for (float& each : before) {
      each =
          std::bit_cast<float>(static_cast<std::uint32_t>(random() | (random() % 8 == 0 ? 0x7F800000 : 0)));
    }
    const float tensor = std::bit_cast<float>(factor());
    const array_of<a_type> x(a, 0);
    const array_of<b_type> y(b, 0);
    for (const isa use : all_isas) {
      if (!isa_available(use)) {
        continue;
      }
      std::vector<float> got = before;
      matrix_product(matrix_view<a_type>(x.view(), rows, n), matrix_view<b_type>(y.view(), columns, n), got,
                     {.tensor_scale_a = tensor,
                      .row_scales_a = scales_a,
                      .row_scales_b = scales_b,
                      .accumulate = repeat % 4 != 0,
                      .use = use});
      for (std::size_t i = 0; i < rows * columns; ++i) {
        oracle::exact_dot sum =
            sum_of_products(facts_a, lines_a[i / columns], facts_b, lines_b[i % columns], n);
        sum.multiply(number_of(tensor));
        sum.multiply(number_of(scales_a[i / columns]));
        sum.multiply(number_of(scales_b[i % columns]));
        if (repeat % 4 != 0) {
          sum.add(number_of(before[i]));
        }
        expect(bits_of(got[i]) == sum.rounded(oracle::binary32), "matrix product", use);
      }
    }
  }
}

/// Rows of other rows, and of a dense stream, where they begin inside a byte.
template <class T>
void check_views(products::generator& random) {
  constexpr std::size_t rows = 4;
  for (const std::size_t n : {3U, 8U, 67U, 129U, 300U}) {
    std::vector<bytes> lines;
    bytes a;
    for (std::size_t i = 0; i < rows; ++i) {
      lines.push_back(make_array(facts_a, i % 2 == 0 ? inputs::near : inputs::any, n, random));
      a.insert(a.end(), lines[i].begin(), lines[i].end());
    }
    const bytes b = make_array(facts_b, inputs::near, n, random);
    const array_of<T> x(a, 0);
    const array_of<b_type> y(b, 0);
    const auto check_rows = [&](const matrix_view<T>& view, const char* what) {
      for (const isa use : all_isas) {
        if (isa_available(use)) {
          std::array<double, rows> all{};
          matrix_vector_product(view, y.view(), all, {.use = use});
          std::array<double, rows> tiled{};
          matrix_product(view, matrix_view<b_type>(y.view(), 1, n), tiled, {.use = use});
          for (std::size_t i = 0; i < rows; ++i) {
            std::array<double, 1> got{};
            matrix_vector_product(view.rows(i, 1), y.view(), got, {.use = use});
            const oracle::exact_dot sum = sum_of_products(facts_a, lines[i], facts_b, b, n);
            const std::uint64_t want = sum.rounded(oracle::binary64);
            expect(bits_of(got[0]) == want, what, use);
            expect(bits_of(all[i]) == want && bits_of(tiled[i]) == want, what, use);
          }
        }
      }
    };
    check_rows(matrix_view<T>(x.view(), rows, n), "rows of a matrix");
    if constexpr (narrow_value<T>) {
      packed_vector<T> dense(rows * n);
      for (std::size_t i = 0; i < rows * n; ++i) {
        dense[i] = x.view()[i];
      }
      check_rows(matrix_view<T>(dense, rows, n), "rows of a dense matrix");
    }
  }
}

}  // namespace

int main() {
  products::generator random(1);
  check_lengths(random);
  check_far(random);
  check_most(random);
  check_cancellation(random);
  check_ties();
  check_scales(random);
  check_views<a_type>(random);
  return failures == 0 ? 0 : 1;
}
