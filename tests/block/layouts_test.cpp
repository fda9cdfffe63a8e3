// Layouts of other stacks: where each byte lies, and that conversions invert each other on random bytes.
#include <cstring>
#include <random>

#include <narrowfp/layouts.hpp>
#include <narrowfp/packed.hpp>

#include "block_probe.hpp"
#include "block_support.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;

std::vector<std::byte> random_bytes(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(n);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(random());
  }
  return bytes;
}
template <class B>
std::vector<B> random_blocks(std::size_t n, std::uint64_t seed) {
  const auto bytes = random_bytes(n * sizeof(B), seed);
  std::vector<B> blocks(n);
  std::memcpy(blocks.data(), bytes.data(), bytes.size());
  return blocks;
}

template <class Call>
void expect_error(Call call, const char* part) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

/// What ggml itself writes for two ramps.
TEST(Layouts, ggml_blocks_as_ggml_writes_them) {
  std::vector<float> x(64);
  for (std::size_t i = 0; i < 32; ++i) {
    x[i] = (static_cast<float>(i) - 16) / 4;
  }
  const auto m = to_ggml(quantize_both_ways<mxfp4>({x.begin(), x.begin() + 32}, {.as = recipe::ggml}));
  const std::uint8_t want_m[16] = {0x0E, 0x0E, 0x1D, 0x1D, 0x2D, 0x2D, 0x3C, 0x3C,
                                   0x4C, 0x4B, 0x4B, 0x5A, 0x5A, 0x59, 0x59, 0x60};
  EXPECT_EQ(m.e, 0x7F);
  EXPECT_EQ(std::memcmp(m.qs, want_m, 16), 0);

  for (std::size_t i = 0; i < 64; ++i) {
    x[i] = (static_cast<float>(i) - 32) / 8;
  }
  std::array<nvfp4, 4> blocks{};
  quantize(x, blocks, {.as = recipe::ggml});
  const auto n = to_ggml(std::span<const nvfp4, 4>(blocks));
  const std::uint8_t want_d[4] = {0x33, 0x2B, 0x2A, 0x32};
  const std::uint8_t want_n[32] = {0xEF, 0xEF, 0xEF, 0xEF, 0xEF, 0xDE, 0xDE, 0xDE, 0xDF, 0xDF, 0xCF,
                                   0xCE, 0xBE, 0xAE, 0x9E, 0x9D, 0x50, 0x61, 0x62, 0x62, 0x63, 0x74,
                                   0x74, 0x75, 0x65, 0x65, 0x76, 0x76, 0x76, 0x76, 0x76, 0x76};
  EXPECT_EQ(std::memcmp(n.d, want_d, 4), 0);
  EXPECT_EQ(std::memcmp(n.qs, want_n, 32), 0);
}

TEST(Layouts, ggml_inverts) {
  const auto m = random_blocks<mxfp4>(100, 1);
  std::vector<ggml_block_mxfp4> gm(100);
  std::vector<mxfp4> back_m(100);
  to_ggml(std::span<const mxfp4>(m), gm);
  from_ggml(std::span<const ggml_block_mxfp4>(gm), back_m);
  EXPECT_EQ(back_m, m);
  EXPECT_EQ(gm[7].qs[3] & 15U, m[7].code(3));
  EXPECT_EQ(gm[7].qs[3] >> 4, static_cast<int>(m[7].code(19)));

  const auto n = random_blocks<nvfp4>(100, 2);
  std::vector<ggml_block_nvfp4> gn(25);
  std::vector<nvfp4> back_n(100);
  to_ggml(std::span<const nvfp4>(n), gn);
  from_ggml(std::span<const ggml_block_nvfp4>(gn), back_n);
  EXPECT_EQ(back_n, n);
  expect_error([&] { to_ggml(std::span<const nvfp4>(n).first(99), gn); }, "multiple of 4");
  back_n.resize(99);
  expect_error([&] { from_ggml(std::span<const ggml_block_nvfp4>(gn), back_n); }, "multiple of 4");
  expect_error([&] { to_ggml(std::span<const mxfp4>(m).first(99), gm); }, "narrowfp::to_ggml: out");

  const auto q = random_blocks<q8_0>(100, 7);
  std::vector<ggml_block_q8_0> gq(100);
  std::vector<q8_0> back_q(100);
  to_ggml(std::span<const q8_0>(q), gq);
  from_ggml(std::span<const ggml_block_q8_0>(gq), back_q);
  EXPECT_EQ(back_q, q);
  EXPECT_EQ(gq[7].d, q[7].bytes[0] | q[7].bytes[1] << 8);
  EXPECT_EQ(static_cast<std::uint8_t>(gq[7].qs[31]), q[7].bytes[33]);
  expect_error([&] { to_ggml(std::span<const q8_0>(q).first(99), gq); }, "narrowfp::to_ggml: out");
  expect_error([&] { from_ggml(std::span<const ggml_block_q8_0>(gq).first(99), back_q); },
               "narrowfp::from_ggml: out");
}

TEST(Layouts, separate_tensors_invert) {
  const auto m = random_blocks<mxfp4>(24, 3);
  std::vector<std::byte> codes(24 * 16), scales(24);
  std::vector<mxfp4> back(24);
  to_torch_fp4<mxfp4>(m, {codes, scales});
  EXPECT_EQ(static_cast<std::uint8_t>(codes[16 * 5 + 2]), m[5].code(4) | m[5].code(5) << 4);
  EXPECT_EQ(static_cast<std::uint8_t>(scales[5]), m[5].scale_code(0, 0));
  from_torch_fp4<mxfp4>({codes, scales}, back);
  EXPECT_EQ(back, m);
  to_gpt_oss(m, {codes, scales});
  back.assign(24, {});
  from_gpt_oss({codes, scales}, back);
  EXPECT_EQ(back, m);
  expect_error([&] { to_gpt_oss(m, {scales, scales}); }, "narrowfp::to_gpt_oss: split.codes");

  const auto n = random_blocks<nvfp4>(24, 4);
  std::vector<std::byte> weight(24 * 8), weight_scale(24);
  std::vector<nvfp4> back_n(24);
  model_optimizer_weight w{weight, weight_scale, 0};
  to_model_optimizer(n, 0.125F, w);
  EXPECT_EQ(w.weight_scale_2, 0.125F);
  EXPECT_EQ(from_model_optimizer(w, back_n), 0.125F);
  EXPECT_EQ(back_n, n);
  to_torch_fp4<nvfp4>(n, {weight, weight_scale});
  from_torch_fp4<nvfp4>({weight, weight_scale}, back_n);
  EXPECT_EQ(back_n, n);

  const auto h = random_blocks<hif4>(10, 5);
  std::vector<std::byte> h_codes(320), h_scales(40);
  std::vector<hif4> back_h(10);
  split<hif4>(h, {h_codes, h_scales});
  join<hif4>({h_codes, h_scales}, back_h);
  EXPECT_EQ(back_h, h);
}

TEST(Layouts, swizzled_scales_lie_where_gpus_look) {
  struct place {
    std::size_t row, col, offset;
  };
  constexpr scale_matrix_shape shape = {256, 8};
  for (const place p : {place{0, 0, 0},
                        {0, 3, 3},
                        {1, 0, 16},
                        {31, 0, 496},
                        {32, 0, 4},
                        {33, 1, 21},
                        {64, 0, 8},
                        {96, 2, 14},
                        {127, 3, 511},
                        {0, 4, 512},
                        {5, 6, 594},
                        {127, 7, 1023},
                        {128, 0, 1024},
                        {130, 5, 1569}}) {
    EXPECT_EQ(swizzled_scale_offset(shape, p.row, p.col), p.offset);
  }
}

TEST(Layouts, swizzled_scales_invert_and_pad_with_zeros) {
  for (const scale_matrix_shape shape : {scale_matrix_shape{256, 8}, {130, 5}, {1, 1}, {127, 4}, {0, 3}}) {
    const auto in = random_bytes(shape.rows * shape.cols, 6);
    std::vector<std::byte> tiles(swizzled_scale_bytes(shape), std::byte{0xAA}), back(in.size());
    swizzle_scales(in, shape, tiles);
    unswizzle_scales(tiles, shape, back);
    EXPECT_EQ(back, in);
    EXPECT_EQ(tiles.size() % 512, 0U);
    std::size_t zeros = 0, zeros_in = 0;
    for (const std::byte b : tiles) {
      zeros += b == std::byte{0} ? 1 : 0;
    }
    for (const std::byte b : in) {
      zeros_in += b == std::byte{0} ? 1 : 0;
    }
    EXPECT_EQ(zeros, zeros_in + tiles.size() - in.size());
    std::vector<std::byte> wrong(tiles.size() + 1);
    expect_error([&] { swizzle_scales(in, shape, wrong); }, "narrowfp::swizzle_scales: out");
  }
}

TEST(Layouts, ascend_patches) {
  constexpr hif4_matrix_shape shape = {37, 3};
  const auto units = random_blocks<hif4>(shape.rows * shape.groups, 7);
  std::vector<std::byte> elements(units.size() * 32), scales(ascend_patch_bytes(shape), std::byte{0xAA});
  EXPECT_EQ(scales.size(), 3U * 3 * 64);
  to_ascend_patches(units, shape, {elements, scales});
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(scales[i]); };
  for (const std::size_t row : {std::size_t{0}, std::size_t{15}, std::size_t{16}, std::size_t{36}}) {
    const hif4& unit = units[row * 3 + 2];
    const std::size_t patch = (row / 16 * 3 + 2) * 64;
    EXPECT_EQ(byte_at(patch + row % 16 * 2), unit.bytes[0]);
    EXPECT_EQ(byte_at(patch + row % 16 * 2 + 1), unit.bytes[1]);
    EXPECT_EQ(byte_at(patch + 32 + row % 16 * 2), unit.bytes[2]);
    EXPECT_EQ(byte_at(patch + 32 + row % 16 * 2 + 1), unit.bytes[3]);
  }
  EXPECT_EQ(byte_at(scales.size() - 1), 0) << "row 47 does not exist";
  std::vector<hif4> back(units.size());
  from_ascend_patches({elements, scales}, shape, back);
  EXPECT_EQ(back, units);
  expect_error(
      [&] {
        to_ascend_patches(units, {37, 4}, {elements, scales});
      },
      "narrowfp::to_ascend_patches: in");
}

TEST(Layouts, ascend_contiguous_order) {
  const auto units = random_blocks<hif4>(20, 8);
  std::vector<std::byte> elements(20 * 32), scales(ascend_contiguous_bytes(20));
  to_ascend_contiguous(units, {elements, scales});
  EXPECT_EQ(scales.size(), 128U);
  EXPECT_EQ(static_cast<std::uint8_t>(scales[6]), units[3].bytes[0]);
  EXPECT_EQ(static_cast<std::uint8_t>(scales[7]), units[3].bytes[1]);
  EXPECT_EQ(static_cast<std::uint8_t>(scales[32 + 6]), units[3].bytes[2]);
  EXPECT_EQ(static_cast<std::uint8_t>(scales[64]), units[16].bytes[0]);
  std::vector<hif4> back(20);
  from_ascend_contiguous({elements, scales}, back);
  EXPECT_EQ(back, units);
}

template <class B>
void expect_tenstorrent_tiles() {
  constexpr tile_matrix_shape shape = {64, 96};
  const auto blocks = random_blocks<B>(64 * 6, 9);
  std::vector<std::byte> tiles(6 * tenstorrent_tile_bytes<B>);
  to_tenstorrent_tiles<B>(blocks, shape, tiles);
  // Tile 4 is the second of the second row; its third face, row 5: matrix row 32 + 16 + 5, columns 32 to 47.
  const B& block = blocks[(32 + 16 + 5) * 6 + 2];
  const std::byte* tile = tiles.data() + 4 * tenstorrent_tile_bytes<B>;
  EXPECT_EQ(static_cast<std::uint8_t>(tile[2 * 16 + 5]), block.bytes[0]);
  EXPECT_EQ(std::memcmp(tile + 64 + (2 * 16 + 5) * B::code_bytes, block.bytes.data() + 1, B::code_bytes), 0);
  std::vector<B> back(blocks.size());
  from_tenstorrent_tiles<B>(tiles, shape, back);
  EXPECT_EQ(back, blocks);
  expect_error([&] { to_tenstorrent_tiles<B>(blocks, {64, 95}, tiles); }, "a tile does not fit");
}
TEST(Layouts, tenstorrent_tiles) {
  static_assert(tenstorrent_tile_bytes<bfp8_b> == 1088 && tenstorrent_tile_bytes<bfp4_b> == 576 &&
                tenstorrent_tile_bytes<bfp2_b> == 320);
  expect_tenstorrent_tiles<bfp8_b>();
  expect_tenstorrent_tiles<bfp4_b>();
  expect_tenstorrent_tiles<bfp2_b>();
}

/// Exponents and codes of the host encoder's rule, which on this block agrees with one exact rounding.
template <class B>
void expect_tenstorrent_row(support::mismatches& report, const support::golden_table& table,
                            std::size_t row) {
  const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")));
  const auto codes = hex_groups(table.text(row, "elements"), 2);
  report.expect_equal(block.bytes[0], table.hex(row, "exponent"), [&] { return table.text(row, "format"); });
  for (std::size_t i = 0; i < B::elements; ++i) {
    report.expect_equal(without_zero_sign<B>(block.code(i)), codes[i], [&] {
      return table.text(row, "format") + " row " + std::to_string(row) + " element " + std::to_string(i);
    });
  }
}
TEST(Layouts, tenstorrent_codes_of_a_worked_block) {
  const support::golden_table table("block/worked_tenstorrent.csv");
  support::mismatches report("worked_tenstorrent.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string format = table.text(row, "format");
    if (format == "bfp8_b") {
      expect_tenstorrent_row<bfp8_b>(report, table, row);
    } else if (format == "bfp4_b") {
      expect_tenstorrent_row<bfp4_b>(report, table, row);
    } else {
      expect_tenstorrent_row<bfp2_b>(report, table, row);
    }
  }
}

/// Every nibble by itself, for all lengths around the eight bytes that move at a time.
TEST(Layouts, high_nibble_first) {
  for (std::size_t n = 0; n < 40; ++n) {
    const auto in = random_bytes(n, 10 + n);
    std::vector<std::uint8_t> out(n + 2, 0xA5);
    to_high_nibble_first(in, std::span(out).subspan(1, n));
    EXPECT_TRUE(out.front() == 0xA5 && out.back() == 0xA5);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(out[1 + i] >> 4, std::to_integer<int>(in[i]) & 15);
      EXPECT_EQ(out[1 + i] & 15, std::to_integer<int>(in[i]) >> 4);
    }
    std::vector<std::byte> back(n);
    from_high_nibble_first(std::span(out).subspan(1, n), back);
    EXPECT_EQ(back, in);
    to_high_nibble_first(back, back);  // in place
    EXPECT_EQ(std::memcmp(back.data(), out.data() + 1, n), 0);
    expect_error([&] { to_high_nibble_first(in, out); }, "narrowfp::to_high_nibble_first: out");
  }

  // 0.5, 1 and -6 are codes 1, 2 and F.
  const packed_vector<fp4_e2m1> three = {fp4_e2m1(0.5F), fp4_e2m1(1), fp4_e2m1(-6)};
  std::array<unsigned char, 2> bytes{};
  to_high_nibble_first(three, bytes);
  EXPECT_EQ(bytes[0], 0x12);
  EXPECT_EQ(bytes[1], 0xF0);
  packed_vector<fp4_e2m1> back(3);
  bytes[1] |= 0x03;  // whatever the unused nibble holds, pad bits are 0
  from_high_nibble_first(bytes, back);
  EXPECT_EQ(back, three);
  EXPECT_EQ(std::to_integer<int>(back.bytes()[1]), 0x0F);
  expect_error([&] { from_high_nibble_first(std::span(bytes).first(1), back); },
               "narrowfp::from_high_nibble_first: out");

  const auto blocks = random_blocks<nvfp4>(9, 77);
  std::vector<unsigned char> codes(9 * 8), scales(9);
  to_high_nibble_first(blocks, split_blocks{codes, scales});
  for (std::size_t b = 0; b < 9; ++b) {
    EXPECT_EQ(scales[b], blocks[b].bytes[0]);
    for (std::size_t i = 0; i < 16; ++i) {
      EXPECT_EQ(static_cast<unsigned>(codes[b * 8 + i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15U, blocks[b].code(i));
    }
  }
  std::vector<nvfp4> same(9);
  from_high_nibble_first(const_split_blocks{codes, scales}, same);
  EXPECT_EQ(same, blocks);
  expect_error(
      [&] {
        to_high_nibble_first(blocks, {scales, scales});
      },
      "narrowfp::to_high_nibble_first: split.codes");
}

/// The same calls with bytes of another type than std::byte, and block types that are not named.
TEST(Layouts, bytes_of_every_type) {
  const auto m = random_blocks<mxfp4>(24, 30);
  std::vector<unsigned char> codes(24 * 16), scales(24);
  std::vector<mxfp4> back(24);
  to_torch_fp4(m, {codes, scales});
  EXPECT_EQ(codes[16 * 5 + 2], m[5].code(4) | m[5].code(5) << 4);
  const std::vector<std::uint8_t> constant_codes = codes, constant_scales = scales;
  from_torch_fp4({constant_codes, constant_scales}, back);
  EXPECT_EQ(back, m);
  back.assign(24, {});
  split(m, {codes, scales});
  join({codes, scales}, std::span(back));
  EXPECT_EQ(back, m);

  std::vector<std::uint8_t> swizzled(swizzled_scale_bytes({6, 4}));
  swizzle_scales(constant_scales, {6, 4}, swizzled);
  EXPECT_EQ(swizzled[16 + 3], scales[7]);
  std::vector<unsigned char> row_major(24);
  unswizzle_scales(swizzled, {6, 4}, row_major);
  EXPECT_EQ(row_major, scales);

  const auto n = random_blocks<nvfp4>(6, 31);
  std::vector<std::uint8_t> weight(48), weight_scale(6);
  model_optimizer_weight w{weight, weight_scale};
  to_model_optimizer(n, 0.5F, w);
  const std::vector<std::uint8_t> constant_weight = weight;
  std::vector<nvfp4> n_back(6);
  EXPECT_EQ(from_model_optimizer({constant_weight, weight_scale, 0.25F}, n_back), 0.25F);
  EXPECT_EQ(n_back, n);

  const auto units = random_blocks<hif4>(20, 32);
  std::vector<unsigned char> elements(20 * 32), unit_scales(ascend_contiguous_bytes(20));
  to_ascend_contiguous(units, {elements, unit_scales});
  const std::vector<unsigned char> constant_elements = elements;
  std::vector<hif4> units_back(20);
  from_ascend_contiguous({constant_elements, unit_scales}, units_back);
  EXPECT_EQ(units_back, units);

  const auto tenstorrent = random_blocks<bfp4_b>(64, 33);
  std::vector<unsigned char> tile(tenstorrent_tile_bytes<bfp4_b>);
  to_tenstorrent_tiles(tenstorrent, {32, 32}, tile);
  std::vector<bfp4_b> tile_back(64);
  from_tenstorrent_tiles(tile, {32, 32}, tile_back);
  EXPECT_EQ(tile_back, tenstorrent);
}

TEST(Layouts, amd_records_are_blocks) {
  std::array<float, 8> x = {1, -1, 0.5F, 1.5F, -0.25F, 0, 1.984375F, 0.015625F};
  std::array<bfp16_ebs8, 1> record{};
  quantize(x, record);
  EXPECT_EQ(record[0].bytes[0], 127);
  EXPECT_EQ(record[0].bytes[1], 64);
  EXPECT_EQ(record[0].bytes[2], 0xC0);
  EXPECT_EQ(record[0].bytes[8], 1);
  std::array<float, 8> y{};
  dequantize(record, y);
  EXPECT_EQ(y, x);
  bfp16_ebs16 most_negative{};
  most_negative.bytes[0] = 127;
  most_negative.bytes[1] = 0x80;
  EXPECT_EQ(most_negative[0], -2.0F);
}

}  // namespace
