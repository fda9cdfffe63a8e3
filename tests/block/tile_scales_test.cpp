// FP8 codes beside one scale for each tile: DeepSeek's checkpoints and their like, read, written, and there
// and back. Expected values are other packages' (tests/golden/tiles).
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <narrowfp/layouts.hpp>
#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/golden.hpp"
#include "support/report.hpp"

namespace {

using namespace narrowfp;

using fp8_under_float = block_format<fp8_e4m3, shared_scale<float, 128>>;
using fp8_under_short_float = block_format<fp8_e4m3, shared_scale<float, 32>>;
using fp8_under_bfloat16 = block_format<fp8_e4m3, shared_scale<bfloat16, 64>>;
using fp8_under_power = block_format<fp8_e4m3, shared_scale<e8m0, 128>>;

/// One file of tests/golden/tiles.
struct checkpoint {
  std::size_t rows, cols;
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
  std::size_t first_row;  ///< of the values
  std::vector<std::uint32_t> floats;
  std::vector<std::uint16_t> bfloat16s;

  checkpoint(const std::string& scale, std::size_t scale_bytes, std::size_t r, std::size_t c)
      : rows(r), cols(c), first_row(r == 200 ? 126 : 0) {
    const auto file =
        support::golden_bytes("tiles/" + scale + "_" + std::to_string(r) + "x" + std::to_string(c) + ".bin");
    const std::size_t tiles = ((r + 127) / 128) * ((c + 127) / 128);
    const std::size_t values = (r == 200 ? 4 : r) * c;
    EXPECT_EQ(file.size(), r * c + tiles * scale_bytes + 6 * values);
    const std::uint8_t* p = file.data();
    codes.assign(p, p + r * c);
    p += r * c;
    scales.assign(p, p + tiles * scale_bytes);
    p += tiles * scale_bytes;
    for (std::size_t i = 0; i < values; ++i, p += 4) {
      floats.push_back(support::word_at(file, static_cast<std::size_t>(p - file.data())));
    }
    for (std::size_t i = 0; i < values; ++i, p += 2) {
      bfloat16s.push_back(static_cast<std::uint16_t>(p[0] | p[1] << 8));
    }
  }

  void expect_floats(const std::vector<float>& got, const char* how) const {
    support::mismatches found(how);
    for (std::size_t i = 0; i < floats.size(); ++i) {
      found.expect_equal(std::bit_cast<std::uint32_t>(got[first_row * cols + i]), floats[i],
                         [&] { return std::to_string(i); });
    }
  }
  void expect_bfloat16s(const std::vector<bfloat16>& got, const char* how) const {
    support::mismatches found(how);
    for (std::size_t i = 0; i < bfloat16s.size(); ++i) {
      found.expect_equal(got[first_row * cols + i].bits(), bfloat16s[i], [&] { return std::to_string(i); });
    }
  }
};

/// The scales as numbers, whatever the machine's byte order.
template <class Scale>
std::vector<Scale> scales_of(const checkpoint& file) {
  std::vector<Scale> scales;
  for (std::size_t i = 0; i < file.scales.size(); i += sizeof(Scale)) {
    if constexpr (std::same_as<Scale, float>) {
      scales.push_back(std::bit_cast<float>(support::word_at(file.scales, i)));
    } else if constexpr (sizeof(Scale) == 2) {
      scales.push_back(
          Scale::from_bits(static_cast<std::uint16_t>(file.scales[i] | file.scales[i + 1] << 8)));
    } else {
      scales.push_back(Scale::from_bits(file.scales[i]));
    }
  }
  return scales;
}

template <class B>
void check_file(const std::string& name, std::size_t rows, std::size_t cols) {
  using Scale = typename B::scale_type;
  const checkpoint file(name, sizeof(Scale), rows, cols);
  const std::vector<Scale> scales = scales_of<Scale>(file);
  std::vector<float> floats(rows * cols);
  std::vector<bfloat16> bfloat16s(rows * cols);
  for (const isa use : support::available_isas()) {
    unpack_tiles(as_values<fp8_e4m3>(file.codes), floats, cols, scales, 128, {.use = use});
    file.expect_floats(floats, "unpack_tiles to float");
    unpack_tiles(as_values<fp8_e4m3>(file.codes), bfloat16s, cols, scales, 128, {.use = use});
    file.expect_bfloat16s(bfloat16s, "unpack_tiles to bfloat16");
    for (const block_axis axis : {block_axis::row, block_axis::column}) {
      block_matrix<B> matrix(rows, cols, axis);
      join_tiles(as_values<fp8_e4m3>(file.codes), scales, matrix);
      block_matrix<B> from_bytes(rows, cols, axis);
      join_tiles(file.codes, file.scales, from_bytes);
      EXPECT_EQ(from_bytes, matrix);
      matrix.dequantize(floats, {.use = use});
      file.expect_floats(floats, "join_tiles, dequantize to float");
      matrix.dequantize(bfloat16s, {.use = use});
      file.expect_bfloat16s(bfloat16s, "join_tiles, dequantize to bfloat16");

      std::vector<std::uint8_t> codes(file.codes.size() + 2, 0xA5);
      std::vector<std::uint8_t> bytes(file.scales.size() + 2, 0xA5);
      split_tiles(matrix, std::span(codes).subspan(1, file.codes.size()),
                  std::span(bytes).subspan(1, file.scales.size()));
      EXPECT_EQ(std::memcmp(codes.data() + 1, file.codes.data(), file.codes.size()), 0);
      EXPECT_EQ(std::memcmp(bytes.data() + 1, file.scales.data(), file.scales.size()), 0);
      EXPECT_TRUE(codes.front() == 0xA5 && codes.back() == 0xA5 && bytes.front() == 0xA5 &&
                  bytes.back() == 0xA5);
      std::vector<fp8_e4m3> values(rows * cols);
      std::vector<Scale> numbers(scales.size());
      split_tiles(matrix, values, numbers);
      EXPECT_EQ(std::memcmp(values.data(), file.codes.data(), file.codes.size()), 0);
      EXPECT_EQ(numbers, scales);
    }
  }
}

TEST(TileScales, CheckpointsAsOthersReadThem) {
  for (const auto& [rows, cols] : {std::pair{16, 24}, {5, 140}, {130, 8}, {200, 300}}) {
    const auto r = static_cast<std::size_t>(rows), c = static_cast<std::size_t>(cols);
    check_file<fp8_under_float>("float", r, c);
    check_file<fp8_under_short_float>("float", r, c);
    if (rows != 200) {
      check_file<fp8_under_bfloat16>("bfloat16", r, c);
    }
    if (rows == 5 || rows == 130) {
      check_file<mxfp8_e4m3>("e8m0", r, c);
      check_file<fp8_under_power>("e8m0", r, c);
    }
  }
}

/// Which byte goes where, by the formula of the layout, for codes and scales that are all different.
TEST(TileScales, EveryByteHasItsPlace) {
  constexpr std::size_t rows = 70, cols = 100, edge = 32;
  std::vector<fp8_e4m3> codes(rows * cols);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = fp8_e4m3::from_bits(static_cast<std::uint8_t>(i * 7 + i / 256));
  }
  std::vector<e8m0> scales(3 * 4);
  for (std::size_t i = 0; i < scales.size(); ++i) {
    scales[i] = e8m0::from_bits(static_cast<std::uint8_t>(100 + i));
  }
  static_assert(tile_scale_count(rows, cols, edge) == 12 && tile_scale_count(128, 129) == 2 &&
                tile_scale_count(0, 5) == 0);
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    block_matrix<mxfp8_e4m3> matrix(rows, cols, axis);
    for (mxfp8_e4m3& block : matrix.blocks()) {
      block.bytes.fill(0xEE);  // what was there before is of no matter
    }
    join_tiles(codes, scales, matrix, edge);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < cols; ++c) {
        const bool by_rows = axis == block_axis::row;
        const mxfp8_e4m3& block = by_rows ? matrix.row(r)[c / 32] : matrix.row(c)[r / 32];
        ASSERT_EQ(block.code(by_rows ? c % 32 : r % 32), codes[r * cols + c].bits());
        ASSERT_EQ(block.scale_code(0, 0), 100 + r / 32 * 4 + c / 32);
      }
    }
    // The last block of a line is completed with zeros.
    const mxfp8_e4m3& last = matrix.row(0).back();
    for (std::size_t i = matrix.line_elements() % 32; i < 32; ++i) {
      EXPECT_EQ(last.code(i), 0U);
    }
  }
}

TEST(TileScales, QuantizedTilesThereAndBack) {
  constexpr std::size_t rows = 200, cols = 300;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> x(rows * cols);
  for (float& v : x) {
    v = normal(random);
  }
  block_matrix<fp8_under_float> tiles(rows, cols);
  tiles.quantize_tiles(x, 128);
  std::vector<std::uint8_t> codes(rows * cols);
  std::vector<float> scales(tile_scale_count(rows, cols));
  split_tiles(tiles, codes, scales);
  // The scale of a tile is amax / 448, rounded once: here of the lower right one, 72 x 44.
  float amax = 0;
  for (std::size_t r = 128; r < rows; ++r) {
    for (std::size_t c = 256; c < cols; ++c) {
      amax = std::max(amax, std::fabs(x[r * cols + c]));
    }
  }
  EXPECT_EQ(scales[5], amax / 448);
  block_matrix<fp8_under_float> back(rows, cols);
  join_tiles(codes, scales, back);
  EXPECT_EQ(back, tiles);
  std::vector<float> by_blocks(x.size()), by_tiles(x.size());
  tiles.dequantize(by_blocks);
  unpack_tiles(as_values<fp8_e4m3>(codes), by_tiles, cols, scales);
  EXPECT_EQ(by_tiles, by_blocks);
}

/// Checkpoints hold such scales: the formula writes 0 for a tile of zeros, and NaN codes.
TEST(TileScales, ScalesOfAnyValueAreRead) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<fp8_e4m3> codes(3 * 4, fp8_e4m3(2));
  const std::vector<float> scales{0.0F, -1.0F, infinity, std::numeric_limits<float>::quiet_NaN()};
  for (const isa use : support::available_isas()) {
    std::vector<float> out(12);
    unpack_tiles(codes, out, 4, scales, 2, {.use = use});  // 2 x 2, the lower ones 1 x 2
    EXPECT_EQ(out[0], 0.0F);
    EXPECT_EQ(out[2], -2.0F);
    EXPECT_EQ(out[7], -2.0F);
    EXPECT_EQ(out[9], infinity);
    EXPECT_TRUE(std::isnan(out[10]));
  }
}

template <class Call>
void expect_error(Call call, std::initializer_list<const char*> parts) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    for (const char* part : parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }
}

TEST(TileScales, ErrorsComeBeforeAnythingIsWritten) {
  block_matrix<mxfp8_e4m3> matrix(40, 70);
  std::vector<std::uint8_t> codes(40 * 70, 0xA5);
  std::vector<std::uint8_t> scales(tile_scale_count(40, 70, 32), 0xA5);
  const std::vector<std::uint8_t> short_codes(40 * 70 - 1);
  const std::vector<std::uint8_t> short_scales(scales.size() - 1);
  expect_error([&] { join_tiles(short_codes, scales, matrix, 32); },
               {"narrowfp::join_tiles", "codes", "2799"});
  expect_error([&] { join_tiles(codes, short_scales, matrix, 32); }, {"narrowfp::join_tiles", "scales", "5"});
  expect_error([&] { join_tiles(codes, scales, matrix, 0); }, {"edge"});
  expect_error([&] { join_tiles(codes, scales, matrix, 48); }, {"edge", "48", "32"});
  EXPECT_EQ(matrix, block_matrix<mxfp8_e4m3>(40, 70));
  matrix.row(33)[1].set_scale_code(9);
  expect_error([&] { split_tiles(matrix, codes, scales, 32); }, {"narrowfp::split_tiles", "quantize_tiles"});
  expect_error([&] { split_tiles(matrix, codes, scales, 64); }, {"narrowfp::split_tiles", "scales"});
  for (const auto& bytes : {codes, scales}) {
    for (const std::uint8_t byte : bytes) {
      EXPECT_EQ(byte, 0xA5);
    }
  }

  const auto values = as_values<fp8_e4m3>(short_codes);
  const std::vector<float> factors(2, 1.0F);
  std::vector<float> out(2800, 77.0F);
  const auto full = as_values<fp8_e4m3>(codes);
  expect_error([&] { unpack_tiles(values, out, 70, factors); }, {"narrowfp::unpack_tiles", "in", "2799"});
  expect_error([&] { unpack_tiles(full, std::span(out).first(70), 70, factors); }, {"out", "70"});
  expect_error([&] { unpack_tiles(full, out, 70, factors); }, {"scales", "2", "1"});
  expect_error([&] { unpack_tiles(full, out, 0, factors); }, {"in", "columns"});
  expect_error([&] { unpack_tiles(full, out, 70, factors, 0); }, {"edge"});
  expect_error([&] { unpack_tiles(full, out, 70, std::vector<float>(1), 128, {.scale = 2}); },
               {"options.scale", "2"});
  for (const float v : out) {
    EXPECT_EQ(v, 77.0F);
  }
}

TEST(TileScales, EmptyMatrices) {
  std::vector<std::uint8_t> none;
  std::vector<float> no_scales;
  for (const auto& [rows, cols] : {std::pair{0, 0}, {0, 5}, {5, 0}}) {
    block_matrix<fp8_under_float> matrix(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols));
    EXPECT_NO_THROW(split_tiles(matrix, none, no_scales));
    EXPECT_NO_THROW(join_tiles(none, no_scales, matrix));
  }
  EXPECT_NO_THROW(unpack_tiles(as_values<fp8_e4m3>(none), no_scales, 7, no_scales));
}

}  // namespace
