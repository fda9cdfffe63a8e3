// Values read from other stacks' own blocks: ggml's and bitsandbytes', against what those packages gave
// (tests/golden/layouts), and every way to read them against each other.
#include <array>
#include <cctype>
#include <concepts>
#include <random>

#include <narrowfp/layouts.hpp>

#include "block_support.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;
using support::mismatches;

constexpr std::uint32_t any_nan = 0x7FC0'0000;

/// Bits of a float; every NaN alike. By reference: under -ffast-math the newest clang takes a float that is
/// passed for a number.
std::uint32_t bits_of(const float& x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return (bits & 0x7FFF'FFFF) > 0x7F80'0000 ? any_nan : bits;
}

std::uint32_t without_zero_sign(std::uint32_t bits) { return (bits & 0x7FFF'FFFF) == 0 ? 0 : bits; }

std::vector<std::uint8_t> hex_bytes(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t byte : hex_groups(text, 2)) {
    bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  return bytes;
}

/// A block from the bytes of a file, by the definition of its order.
template <class G>
G block_of(const std::vector<std::uint8_t>& bytes) {
  return detail::ggml_block_at<G>(reinterpret_cast<const std::byte*>(bytes.data()));
}

template <class Call>
void expect_error(Call call, const std::string& words) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown; wanted " << words;
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(error.what(), words);
  }
}

/// Calls visit.operator()<G>(name) for each type of block.
template <class Visit>
void for_ggml_types(Visit visit) {
  visit.template operator()<ggml_block_q4_0>("Q4_0");
  visit.template operator()<ggml_block_q4_1>("Q4_1");
  visit.template operator()<ggml_block_q5_0>("Q5_0");
  visit.template operator()<ggml_block_q5_1>("Q5_1");
  visit.template operator()<ggml_block_q8_0>("Q8_0");
  visit.template operator()<ggml_block_iq4_nl>("IQ4_NL");
  visit.template operator()<ggml_block_iq4_xs>("IQ4_XS");
  visit.template operator()<ggml_block_mxfp4>("MXFP4");
  visit.template operator()<ggml_block_nvfp4>("NVFP4");
  visit.template operator()<ggml_block_q2_k>("Q2_K");
  visit.template operator()<ggml_block_q3_k>("Q3_K");
  visit.template operator()<ggml_block_q4_k>("Q4_K");
  visit.template operator()<ggml_block_q5_k>("Q5_K");
  visit.template operator()<ggml_block_q6_k>("Q6_K");
}

/// One block's bytes and values, by all ways.
template <class G>
void expect_values(mismatches& report, const std::vector<std::uint8_t>& bytes, const std::vector<float>& want,
                   const std::string& where) {
  ASSERT_EQ(bytes.size(), sizeof(G)) << where;
  ASSERT_EQ(want.size(), ggml_block_elements<G>) << where;
  const auto one = dequantize_ggml(block_of<G>(bytes));
  std::vector<float> from_blocks(want.size()), from_bytes(want.size());
  dequantize_ggml(std::array<G, 1>{block_of<G>(bytes)}, from_blocks);
  dequantize_ggml<G>(bytes, from_bytes);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto at = [&] { return where + ", element " + std::to_string(i); };
    report.expect_equal(bits_of(one[i]), bits_of(want[i]), [&] { return at() + ", one block"; });
    report.expect_equal(bits_of(from_blocks[i]), bits_of(want[i]), [&] { return at() + ", blocks"; });
    report.expect_equal(bits_of(from_bytes[i]), bits_of(want[i]), [&] { return at() + ", bytes"; });
  }
}

/// Every row of a table whose type has this name in the given column. Returns how many.
template <class G>
std::size_t expect_rows(const support::golden_table& table, const char* column, const std::string& name) {
  mismatches report(name);
  std::size_t rows = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, column) == name) {
      const std::string kind = table.has("kind") ? " (" + table.text(row, "kind") + ")" : "";
      expect_values<G>(report, hex_bytes(table.text(row, "block")), hex_floats(table.text(row, "y_f32")),
                       name + " row " + std::to_string(row) + kind);
      ++rows;
    }
  }
  return rows;
}

TEST(LayoutValues, ggml_blocks_as_ggml_reads_them) {
  const support::golden_table table("layouts/ggml.csv");
  const support::golden_table recipes("recipes/ggml_values.csv");
  for_ggml_types([&]<class G>(const std::string& name) {
    std::string format = name;
    for (char& c : format) {
      c = static_cast<char>(std::tolower(c));
    }
    std::size_t rows = expect_rows<G>(table, "type", name);
    if (name == "MXFP4" || name == "NVFP4") {
      rows += expect_rows<G>(recipes, "format", format);
    }
    EXPECT_GE(rows, 11U) << name;
  });
}

/// Random bytes under float16 numbers from all their range, for one type all of them, or every exponent:
/// arrays give what the definition gives.
TEST(LayoutValues, ggml_arrays_are_the_definition) {
  for_ggml_types([]<class G>(const std::string& name) {
    mismatches report(name);
    std::mt19937_64 random(91);
    constexpr std::size_t elements = ggml_block_elements<G>;
    constexpr std::uint32_t step = std::same_as<G, ggml_block_q4_1> ? 1 : elements == 256 ? 29 : 5;
    for (std::uint32_t round = 0; round < 0x10000; round += step) {
      std::vector<std::uint8_t> bytes(sizeof(G));
      for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
      }
      G block = block_of<G>(bytes);
      if constexpr (std::same_as<G, ggml_block_mxfp4>) {
        block.e = static_cast<std::uint8_t>(round);
      } else if constexpr (std::same_as<G, ggml_block_nvfp4>) {
        block.d[round % 4] = static_cast<std::uint8_t>(round / 4);
      } else {
        block.d = static_cast<std::uint16_t>(round);
      }
      std::array<float, elements> values{};
      dequantize_ggml(std::span<const G>(&block, 1), values);
      const auto want = dequantize_ggml(block);
      for (std::size_t i = 0; i < elements; ++i) {
        report.expect_equal(bits_of(values[i]), bits_of(want[i]), [&] {
          return name + ", scale " + support::hex(round, 4) + ", element " + std::to_string(i);
        });
      }
    }
  });
}

/// From and to any element, at any address, and nothing beyond.
TEST(LayoutValues, ggml_blocks_in_parts) {
  for_ggml_types([]<class G>(const std::string& name) {
    constexpr std::size_t elements = ggml_block_elements<G>;
    std::mt19937_64 random(92);
    std::vector<std::uint8_t> file(5 * sizeof(G) + 1);
    for (std::uint8_t& byte : file) {
      byte = static_cast<std::uint8_t>(random());
    }
    const auto bytes = std::span<const std::uint8_t>(file).subspan(1);
    std::vector<float> whole(5 * elements);
    dequantize_ggml<G>(bytes, whole);
    for (int i = 0; i < 300; ++i) {
      const std::size_t begin = random() % (whole.size() + 1);
      const std::size_t end = begin + random() % (whole.size() - begin + 1);
      const std::size_t block = begin == whole.size() ? 0 : begin / elements;
      const std::size_t first = begin == whole.size() ? 0 : begin % elements;
      const std::size_t blocks = begin == end ? 0 : (end - 1) / elements + 1 - block;
      std::vector<float> part(end - begin + 2, 77);
      const auto in = bytes.subspan(block * sizeof(G), blocks * sizeof(G));
      dequantize_ggml<G>(in, std::span(part).subspan(1, end - begin), first);
      EXPECT_TRUE(part.front() == 77 && part.back() == 77) << name;
      for (std::size_t j = 0; j < end - begin; ++j) {
        ASSERT_EQ(bits_of(part[j + 1]), bits_of(whole[begin + j])) << name << ' ' << begin << ' ' << end;
      }
    }
  });
}

static_assert(dequantize_ggml(ggml_block_q4_0{0x3C00, {0x81}})[0] == -7);
static_assert(dequantize_ggml(ggml_block_iq4_nl{0x3800, {0xF0}})[16] == 56.5F);
static_assert(dequantize_ggml(ggml_block_mxfp4{0xFF, {0x21}})[0] == 0x1p127F);

TEST(LayoutValues, ggml_sizes_that_do_not_fit) {
  std::vector<float> out(70, 5);
  std::vector<ggml_block_q4_1> blocks(2);
  expect_error(
      [&] { dequantize_ggml(blocks, out); },
      "narrowfp::dequantize_ggml: in has 2 elements, but 3 are needed: the blocks that out's elements lie "
      "in");
  expect_error([&] { dequantize_ggml(blocks, out, 32); },
               "narrowfp::dequantize_ggml: first is 32, but must lie in the first block, of 32 elements");
  std::vector<unsigned char> bytes(3 * 34 - 1);
  expect_error(
      [&] { dequantize_ggml<ggml_block_q8_0>(bytes, out); },
      "narrowfp::dequantize_ggml: in has 101 elements, but 102 are needed: the bytes of the blocks that "
      "out's elements lie in");
  expect_error(
      [&] { dequantize_ggml<ggml_block_nvfp4>(bytes, std::span(out).first(0)); },
      "narrowfp::dequantize_ggml: in has 101 elements, but 0 are needed: the bytes of the blocks that "
      "out's elements lie in");
  for (const float x : out) {
    EXPECT_EQ(x, 5) << "something was written";
  }
}

struct four_bit_tensor {
  std::size_t block, count;
  std::vector<std::uint8_t> codes;
  std::vector<float> absmax, table, want;
};

std::vector<four_bit_tensor> four_bit_tensors() {
  const support::golden_table file("layouts/bitsandbytes.csv");
  std::vector<four_bit_tensor> tensors;
  for (std::size_t row = 0; row < file.rows(); ++row) {
    tensors.push_back({static_cast<std::size_t>(file.hex(row, "blocksize")),
                       static_cast<std::size_t>(file.hex(row, "count")), hex_bytes(file.text(row, "codes")),
                       hex_floats(file.text(row, "absmax_f32")), hex_floats(file.text(row, "table_f32")),
                       hex_floats(file.text(row, "y_f32"))});
  }
  return tensors;
}

/// The sign of a zero is not compared: for FP4's code 8, which its table has as 0, the package gives one zero
/// or the other, depending on the tensor's size.
TEST(LayoutValues, bitsandbytes_as_it_dequantizes) {
  mismatches report("bitsandbytes.csv");
  std::size_t row = 0;
  for (const four_bit_tensor& t : four_bit_tensors()) {
    std::vector<float> out(t.count);
    dequantize_bitsandbytes(t.codes, t.table, t.absmax, out, t.block);
    ASSERT_EQ(t.want.size(), t.count);
    for (std::size_t i = 0; i < out.size(); ++i) {
      report.expect_equal(without_zero_sign(bits_of(out[i])), without_zero_sign(bits_of(t.want[i])),
                          [&] { return "row " + std::to_string(row) + ", element " + std::to_string(i); });
    }
    ++row;
  }
  EXPECT_EQ(row, 16U);
}

TEST(LayoutValues, bitsandbytes_in_parts) {
  std::mt19937_64 random(93);
  for (const four_bit_tensor& t : four_bit_tensors()) {
    std::vector<float> whole(t.count);
    dequantize_bitsandbytes(t.codes, t.table, t.absmax, whole, t.block);
    for (int i = 0; i < 200; ++i) {
      const std::size_t begin = random() % t.count;
      const std::size_t end = begin + random() % (t.count - begin + 1);
      const std::size_t last = begin == end ? begin : end - 1;
      const auto codes = std::span<const std::uint8_t>(t.codes).subspan(
          begin / 2, begin == end ? 0 : last / 2 - begin / 2 + 1);
      const auto absmax = std::span<const float>(t.absmax).subspan(
          begin / t.block, begin == end ? 0 : last / t.block - begin / t.block + 1);
      std::vector<float> part(end - begin + 2, 77);
      dequantize_bitsandbytes(codes, t.table, absmax, std::span(part).subspan(1, end - begin), t.block,
                              begin % t.block);
      EXPECT_TRUE(part.front() == 77 && part.back() == 77);
      for (std::size_t j = 0; j < end - begin; ++j) {
        ASSERT_EQ(bits_of(part[j + 1]), bits_of(whole[begin + j])) << begin << ' ' << end;
      }
    }
  }
}

/// A block as long as a number allows.
TEST(LayoutValues, bitsandbytes_in_a_part_of_a_huge_block) {
  const std::vector<unsigned char> codes(33, 0x77);
  const std::vector<float> table(16, 2), absmax = {1, 3};
  std::vector<float> out(65);
  constexpr std::size_t block = ~std::size_t{1};
  dequantize_bitsandbytes(codes, table, absmax, out, block, block - 1);
  EXPECT_EQ(out[0], 2);
  EXPECT_EQ(out[1], 6);
  EXPECT_EQ(out[64], 6);
}

TEST(LayoutValues, bitsandbytes_nested_scales) {
  const support::golden_table file("layouts/bitsandbytes_absmax.csv");
  mismatches report("bitsandbytes_absmax.csv");
  std::mt19937_64 random(94);
  for (std::size_t row = 0; row < file.rows(); ++row) {
    const auto block = static_cast<std::size_t>(file.hex(row, "blocksize"));
    const auto codes = hex_bytes(file.text(row, "codes"));
    const auto table = hex_floats(file.text(row, "table_f32"));
    const auto nested = hex_floats(file.text(row, "nested_absmax_f32"));
    const float offset = hex_floats(file.text(row, "offset_f32")).front();
    const auto want = hex_floats(file.text(row, "absmax_f32"));
    for (int i = 0; i < 100; ++i) {
      const std::size_t begin = i == 0 ? 0 : random() % codes.size();
      const std::size_t end = i == 0 ? codes.size() : begin + 1 + random() % (codes.size() - begin);
      std::vector<float> out(end - begin);
      bitsandbytes_absmax(std::span(codes).subspan(begin, out.size()), table,
                          std::span(nested).subspan(begin / block, (end - 1) / block - begin / block + 1),
                          offset, out, block, begin % block);
      for (std::size_t j = 0; j < out.size(); ++j) {
        report.expect_equal(bits_of(out[j]), bits_of(want[begin + j]), [&] {
          return "row " + std::to_string(row) + ", scale " + std::to_string(begin + j);
        });
      }
    }
  }
  EXPECT_EQ(file.rows(), 2U);
}

/// Scales and entries that are no usual numbers, against IEEE arithmetic.
TEST(LayoutValues, bitsandbytes_of_any_floats) {
  constexpr std::uint32_t infinity = 0x7F80'0000, minus = 0x8000'0000;
  std::vector<std::uint32_t> entries = {0,       0xBFC0'0000, infinity,
                                        any_nan, 0x0D80'0000, minus};  // -1.5, 2^-100
  entries.resize(16);
  const std::vector<float> table = floats(entries);
  const std::vector<unsigned char> codes = {0x01, 0x23, 0x45};
  using patterns = std::vector<std::uint32_t>;
  const auto read = [&](std::uint32_t absmax) {
    std::vector<float> out(6);
    dequantize_bitsandbytes(codes, table, floats({absmax}), out);
    patterns bits;
    for (const float& x : out) {
      bits.push_back(bits_of(x));
    }
    return bits;
  };
  EXPECT_EQ(read(0), (patterns{0, minus, any_nan, any_nan, 0, minus}));
  EXPECT_EQ(read(infinity), (patterns{any_nan, minus | infinity, infinity, any_nan, infinity, any_nan}));
  // -2^-40: the last product but one is subnormal. 1.5 * 2^127: -1.5 times that is too large.
  EXPECT_EQ(read(0xAB80'0000), (patterns{minus, 0x2BC0'0000, minus | infinity, any_nan, 0x8000'0200, 0}));
  EXPECT_EQ(read(0x7F40'0000), (patterns{0, minus | infinity, infinity, any_nan, 0x4D40'0000, minus}));
}

/// The quick product of two floats is the exact one, rounded: significands with many and few bits, ties among
/// them, and exponents from all the range.
TEST(LayoutValues, bitsandbytes_products) {
  mismatches report("products");
  std::mt19937_64 random(95);
  for (int i = 0; i < 2'000'000; ++i) {
    auto x = static_cast<std::uint32_t>(random());
    auto y = static_cast<std::uint32_t>(random());
    if (i % 2 != 0) {  // a product in the range of float
      x = (x & 0x807F'FFFF) | static_cast<std::uint32_t>(100 + random() % 60) << 23;
      y = (y & 0x807F'FFFF) | static_cast<std::uint32_t>(60 + random() % 60) << 23;
    }
    x &= i % 5 == 0 ? 0xFFFF'E000 : 0xFFFF'FFFF;
    y &= i % 3 == 0 ? 0xFFF0'0000 : 0xFFFF'FFFF;
    x |= i % 7 == 0 ? 0x007F'F000U : 0;
    report.expect_equal(detail::rounded_product(x, y), detail::exact_product(x, y),
                        [&] { return support::hex(x, 8) + " * " + support::hex(y, 8); });
  }
}

TEST(LayoutValues, bitsandbytes_sizes_that_do_not_fit) {
  std::vector<unsigned char> codes(33);
  std::vector<float> table(16), absmax(2), out(65, 5);
  const auto expect = [&](std::size_t block, std::size_t first, const std::string& words) {
    expect_error([&] { dequantize_bitsandbytes(codes, table, absmax, out, block, first); },
                 "narrowfp::dequantize_bitsandbytes: " + words);
  };
  expect(63, 0, "block is 63, but must be even and positive");
  expect(0, 0, "block is 0, but must be even and positive");
  expect(64, 64, "first is 64, but must lie in the first block, of 64 elements");
  expect(32, 0, "absmax has 2 elements, but 3 are needed: one for each block that out lies in");
  table.resize(15);
  expect(64, 0, "table has 15 elements, but 16 are needed: a value for each code");
  out.resize(67, 5);
  expect(64, 0, "codes has 33 elements, but 34 are needed: a byte for the two elements that it holds");

  std::vector<unsigned char> nested_codes(300);
  std::vector<float> nested_table(256), nested(2), scales(300, 5);
  const auto expect_nested = [&](std::size_t block, std::size_t first, const std::string& words) {
    expect_error([&] { bitsandbytes_absmax(nested_codes, nested_table, nested, 1, scales, block, first); },
                 "narrowfp::bitsandbytes_absmax: " + words);
  };
  expect_nested(0, 0, "block is 0, but must be positive");
  expect_nested(256, 256, "first is 256, but must lie in the first block, of 256 elements");
  expect_nested(100, 0,
                "nested_absmax has 2 elements, but 3 are needed: one for each block that out lies in");
  nested_table.resize(16);
  expect_nested(256, 0, "table has 16 elements, but 256 are needed: a value for each code");
  nested_codes.resize(299);
  expect_nested(256, 0, "codes has 299 elements, but 300 are needed: one for each element of out");
  for (const std::vector<float>* values : {&out, &scales}) {
    for (const float x : *values) {
      EXPECT_EQ(x, 5) << "something was written";
    }
  }
}

}  // namespace
