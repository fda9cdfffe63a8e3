// pack_rows and unpack_rows: a scale for each row, rows that follow bit on bit.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/philox.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::fp4_e2m1;
using narrowfp::fp6_e3m2;
using narrowfp::fp8_e4m3;
using narrowfp::hif8;
using narrowfp::isa;
using narrowfp::packed_span;
using narrowfp::rounding;

/// Around every border between short rows, long rows and vectors.
constexpr std::size_t column_counts[] = {1,  2,  3,  5,  7,  8,  9,  15,  16,  17,  31,  32, 33,
                                         62, 63, 64, 65, 66, 71, 72, 127, 128, 129, 200, 257};

std::vector<float> values_of(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> x(n);
  for (float& v : x) {
    v = normal(random);
  }
  return x;
}

std::vector<float> scales_of(std::size_t rows) {
  constexpr float some[] = {1.0F, 0.3F, 2.0F, 7.7F, 0x1.8p-3F, 1.0000001F, 0.01F, 100.0F};
  std::vector<float> scales(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    scales[r] = some[r * 5 % 8];
  }
  return scales;
}

/// The product of two floats is an exact double, which the conversion rounds once.
float product(float a, float b) { return static_cast<float>(double{a} * double{b}); }

oracle::mode oracle_mode(rounding mode) {
  return mode == rounding::stochastic    ? oracle::mode::stochastic
         : mode == rounding::toward_zero ? oracle::mode::toward_zero
                                         : oracle::mode::nearest_even;
}

/// The codes that the oracle gives; native is nearest even in the formats of this file but hif8.
std::vector<std::uint32_t> wanted_codes(const oracle::format& f, const std::vector<float>& x,
                                        std::size_t columns, const std::vector<float>& scales,
                                        const narrowfp::pack_options& options) {
  std::vector<std::uint32_t> codes(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float scaled = product(x[i], scales[i / columns]);
    const auto mode = options.round == rounding::native ? f.native : oracle_mode(options.round);
    codes[i] = oracle::encode(
        f, oracle::binary32.decode(std::bit_cast<std::uint32_t>(scaled)), mode, oracle::policy::native,
        mode == oracle::mode::stochastic ? oracle::draw(options.seed, options.first_index + i) : 0);
  }
  return codes;
}

/// Codes bit on bit, one bit at a time.
std::vector<std::byte> dense_bytes(const std::vector<std::uint32_t>& codes, std::size_t width) {
  std::vector<std::byte> bytes((codes.size() * width + 7) / 8);
  for (std::size_t bit = 0; bit < codes.size() * width; ++bit) {
    if ((codes[bit / width] >> bit % width & 1U) != 0) {
      bytes[bit / 8] |= static_cast<std::byte>(1U << bit % 8);
    }
  }
  return bytes;
}

constexpr std::byte guard{0xA5};

template <class T>
void check_pack_rows(const std::string& name, std::size_t rows) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  for (const std::size_t columns : column_counts) {
    const std::vector<float> x = values_of(rows * columns, static_cast<unsigned>(columns));
    const std::vector<float> scales = scales_of(rows);
    for (const rounding round : {rounding::native, rounding::toward_zero, rounding::stochastic}) {
      narrowfp::pack_options options{.round = round, .seed = 77, .first_index = 1001};
      const auto want = wanted_codes(f, x, columns, scales, options);
      const auto want_bytes = dense_bytes(want, T::format::width);
      for (const isa use : support::available_isas()) {
        options.use = use;
        const auto context = [&] {
          return std::string(narrowfp::isa_name(use)) + ", " + support::name_of(round) + ", " +
                 std::to_string(rows) + " x " + std::to_string(columns);
        };
        std::vector<T> out(x.size() + 2, T::from_bits(0x5));
        narrowfp::pack_rows(x, std::span(out).subspan(1, x.size()), columns, scales, options);
        for (std::size_t i = 0; i < x.size(); ++i) {
          found.expect_equal(out[i + 1].bits(), want[i], context);
        }
        found.expect(out.front().bits() == 0x5 && out.back().bits() == 0x5, context);

        std::vector<std::byte> bytes(want_bytes.size() + 2, guard);
        const packed_span<T> dense{std::span(bytes).subspan(1), x.size()};
        narrowfp::pack_rows(x, dense, columns, scales, options);
        for (std::size_t i = 0; i < want_bytes.size(); ++i) {
          found.expect_equal(bytes[i + 1], want_bytes[i], context);
        }
        found.expect(bytes.front() == guard && bytes.back() == guard, context);
      }
    }
  }
}

TEST(PackRows, AsTheOracleHasIt) {
  for (const std::size_t rows : {1U, 3U, 8U, 11U}) {
    check_pack_rows<fp8_e4m3>("fp8_e4m3", rows);
    check_pack_rows<hif8>("hif8", rows);
    check_pack_rows<fp6_e3m2>("fp6_e3m2", rows);
    check_pack_rows<fp4_e2m1>("fp4_e2m1", rows);
    check_pack_rows<narrowfp::ue4m3>("ue4m3", rows);
    check_pack_rows<narrowfp::bfloat16>("bfloat16", rows);
  }
}

template <class T>
void check_unpack_rows(const std::string& name, std::size_t rows) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  for (const std::size_t columns : column_counts) {
    std::vector<std::uint32_t> codes(rows * columns);
    std::mt19937 random(static_cast<unsigned>(columns));
    for (std::uint32_t& code : codes) {
      do {
        code = static_cast<std::uint32_t>(random()) & ((1U << T::format::width) - 1);
      } while (f.values[code].kind != oracle::kind::finite);
    }
    const std::vector<float> scales = scales_of(rows);
    std::vector<T> values;
    for (const std::uint32_t code : codes) {
      values.push_back(T::from_bits(static_cast<typename T::code_type>(code)));
    }
    const std::vector<std::byte> bytes = dense_bytes(codes, T::format::width);
    for (const isa use : support::available_isas()) {
      const auto context = [&] {
        return std::string(narrowfp::isa_name(use)) + ", " + std::to_string(rows) + " x " +
               std::to_string(columns);
      };
      std::vector<float> floats(codes.size() + 2, 77.0F);
      std::vector<float> from_dense(codes.size() + 2, 77.0F);
      std::vector<narrowfp::bfloat16> halves(codes.size());
      narrowfp::unpack_rows(values, std::span(floats).subspan(1, codes.size()), columns, scales,
                            {.use = use});
      narrowfp::unpack_rows(packed_span<const T>(bytes, codes.size()),
                            std::span(from_dense).subspan(1, codes.size()), columns, scales, {.use = use});
      narrowfp::unpack_rows(values, halves, columns, scales, {.use = use});
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const double exact = oracle::to_double(f.values[codes[i]]) * double{scales[i / columns]};
        const auto want = std::bit_cast<std::uint32_t>(static_cast<float>(exact));
        found.expect_equal(std::bit_cast<std::uint32_t>(floats[i + 1]), want, context);
        found.expect_equal(std::bit_cast<std::uint32_t>(from_dense[i + 1]), want, context);
        const auto half = oracle::encode(oracle::find_format("bfloat16"),
                                         oracle::binary64.decode(std::bit_cast<std::uint64_t>(exact)),
                                         oracle::mode::nearest_even, oracle::policy::native);
        found.expect_equal(halves[i].bits(), half, context);
      }
      found.expect(floats.front() == 77.0F && floats.back() == 77.0F, context);
      found.expect(from_dense.front() == 77.0F && from_dense.back() == 77.0F, context);
    }
  }
}

TEST(UnpackRows, AsTheOracleHasIt) {
  for (const std::size_t rows : {1U, 3U, 8U, 11U}) {
    check_unpack_rows<fp8_e4m3>("fp8_e4m3", rows);
    check_unpack_rows<hif8>("hif8", rows);
    check_unpack_rows<fp6_e3m2>("fp6_e3m2", rows);
    check_unpack_rows<fp4_e2m1>("fp4_e2m1", rows);
    check_unpack_rows<narrowfp::ue4m3>("ue4m3", rows);
  }
}

TEST(PackRows, WorkedByHand) {
  const float x[] = {1, 2, 3, 1, 2, 3};
  narrowfp::packed_vector<fp4_e2m1> dense(6);
  narrowfp::pack_rows(x, dense, 3, std::vector<float>{1, 2});
  // 1, 2, 3 are codes 2, 4, 5; 2, 4, 6 are 4, 6, 7; the second row begins in the high nibble of byte 1.
  EXPECT_EQ(std::to_integer<int>(dense.bytes()[0]), 0x42);
  EXPECT_EQ(std::to_integer<int>(dense.bytes()[1]), 0x45);
  EXPECT_EQ(std::to_integer<int>(dense.bytes()[2]), 0x76);
  std::vector<double> back(6);
  narrowfp::unpack_rows(dense, back, 3, std::vector<float>{0.5F, 0.25F});
  EXPECT_EQ(back, (std::vector<double>{0.5, 1, 1.5, 0.5, 1, 1.5}));
}

TEST(PackRows, ScaleOneTakesTheSourceItself) {
  // Just above the middle of 1 and 1.125; as a float it is the middle.
  const double x = 1.0625 + 0x1p-40;
  const std::vector<double> in(2, x);
  std::vector<fp8_e4m3> out(2);
  narrowfp::pack_rows(in, out, 1, std::vector<float>{1, 2});
  EXPECT_EQ(out[0].bits(), 0x39);
  EXPECT_EQ(out[1].bits(), 0x40);
}

TEST(PackRows, EveryKindOfSourceAndRange) {
  const std::vector<float> scales{2, 3};
  std::vector<fp8_e4m3> out(4);
  const auto expect = [&] {
    EXPECT_EQ(out, (std::vector<fp8_e4m3>{fp8_e4m3(2), fp8_e4m3(4), fp8_e4m3(9), fp8_e4m3(12)}));
    std::fill(out.begin(), out.end(), fp8_e4m3{});
  };
  narrowfp::pack_rows(std::vector<int>{1, 2, 3, 4}, out, 2, scales);
  expect();
  narrowfp::pack_rows(std::array<std::uint8_t, 4>{1, 2, 3, 4}, std::span(out), 2, std::span(scales));
  expect();
  narrowfp::pack_rows(std::vector<double>{1, 2, 3, 4}, out, 2, scales, {});
  expect();
  const hif8 c_array[] = {hif8(1), hif8(2), hif8(3), hif8(4)};
  narrowfp::pack_rows(c_array, out, 2, scales, {.over = narrowfp::overflow::saturate});
  expect();
}

TEST(PackRows, NothingToDo) {
  std::vector<float> none;
  std::vector<fp8_e4m3> codes;
  narrowfp::packed_vector<fp4_e2m1> dense;
  EXPECT_NO_THROW(narrowfp::pack_rows(none, codes, 0, std::vector<float>{1, 2}));
  EXPECT_NO_THROW(narrowfp::pack_rows(none, dense, 0, std::vector<float>{1, 2}));
  EXPECT_NO_THROW(narrowfp::pack_rows(none, codes, 7, {}));
  EXPECT_NO_THROW(narrowfp::unpack_rows(codes, none, 7, {}));
  EXPECT_NO_THROW(narrowfp::unpack_rows(dense, none, 0, std::vector<float>{1}));
}

/// The words of the error that call must throw.
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(PackRows, ErrorsComeBeforeAnythingIsWritten) {
  const std::vector<float> x(12, 1.0F);
  const std::vector<float> good(3, 2.0F);
  std::vector<fp8_e4m3> codes(12, fp8_e4m3::from_bits(0x5A));
  narrowfp::packed_vector<fp4_e2m1> dense(12, fp4_e2m1::from_bits(0x3));
  std::vector<float> floats(12, 77.0F);
  const auto expect = [&](std::size_t columns, const std::vector<float>& scales, float common,
                          std::initializer_list<const char*> words) {
    const narrowfp::pack_options packing{.scale = common};
    const narrowfp::unpack_options unpacking{.scale = common};
    const std::string pack_errors[] = {
        error_of([&] { narrowfp::pack_rows(x, codes, columns, scales, packing); }),
        error_of([&] { narrowfp::pack_rows(x, dense, columns, scales, packing); })};
    const std::string unpack_errors[] = {
        error_of([&] { narrowfp::unpack_rows(codes, floats, columns, scales, unpacking); }),
        error_of([&] { narrowfp::unpack_rows(dense, floats, columns, scales, unpacking); })};
    for (const char* word : words) {
      for (const std::string& text : pack_errors) {
        EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
        EXPECT_NE(text.find("narrowfp::pack_rows"), std::string::npos) << text;
      }
      for (const std::string& text : unpack_errors) {
        EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
        EXPECT_NE(text.find("narrowfp::unpack_rows"), std::string::npos) << text;
      }
    }
  };
  expect(5, good, 1, {"in", "12", "5 * 3"});
  expect(0, good, 1, {"in", "12", "0 * 3"});
  expect(4, {1, 2}, 1, {"in", "12", "4 * 2"});
  expect(~std::size_t{0} / 2 + 3, good, 1, {"in", "12"});  // the product wraps round
  expect(4, good, 2, {"options.scale", "2", "must be 1"});
  expect(4, good, 0, {"options.scale", "must be 1"});
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float bad : {0.0F, -0.0F, -1.0F, infinity, -infinity, nan}) {
    expect(4, {1, 2, bad}, 1, {"scales", "[2]", "positive and finite"});
  }
  EXPECT_NE(error_of([&] { narrowfp::pack_rows(x, std::span(codes).first(11), 4, good); }).find("out"),
            std::string::npos);
  EXPECT_NE(error_of([&] { narrowfp::unpack_rows(codes, std::span(floats).first(11), 4, good); }).find("out"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              narrowfp::pack_rows(x, codes, 4, good, {.round = rounding::hybrid});
            }).find("narrowfp::pack_rows: round"),
            std::string::npos);
  for (const fp8_e4m3 c : codes) {
    EXPECT_EQ(c.bits(), 0x5A);
  }
  for (const fp4_e2m1 c : dense) {
    EXPECT_EQ(c.bits(), 0x3);
  }
  for (const float v : floats) {
    EXPECT_EQ(v, 77.0F);
  }
}

TEST(PackRows, SmallestAndLargestScales) {
  const std::vector<float> x{0x1p100F, 0x1p-100F};
  std::vector<narrowfp::bfloat16> out(2);
  narrowfp::pack_rows(x, out, 1, std::vector<float>{0x1p-149F, 3.4028235e38F});
  EXPECT_EQ(static_cast<float>(out[0]), 0x1p-49F);
  EXPECT_EQ(static_cast<float>(out[1]), 0x1p28F);
}

}  // namespace
