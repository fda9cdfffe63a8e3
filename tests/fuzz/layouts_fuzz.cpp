// Layouts of other stacks on any blocks and shapes: there and back is the identity, sizes that do not fit are
// refused, and nothing outside the arrays is touched (each array is an allocation of its own). Values that
// are read are the same in parts, and of ggml's blocks those of the definition.
#include <cstring>

#include <narrowfp/layouts.hpp>

#include "fuzz.hpp"

namespace {

using namespace narrowfp;
using byte_vector = std::vector<std::byte>;

template <class B>
std::vector<B> take_blocks(fuzz::bytes& in, std::size_t n) {
  std::vector<B> blocks(n);
  std::uint8_t previous = 0;
  for (B& block : blocks) {
    for (std::uint8_t& byte : block.bytes) {
      previous = byte = static_cast<std::uint8_t>(in.take<std::uint8_t>() + 167 * previous + 13);
    }
  }
  return blocks;
}

template <class Call>
void require_refused(Call call) {
  try {
    call();
  } catch (const std::invalid_argument&) {
    return;
  }
  throw fuzz::wrong("a wrong size was accepted");
}

/// A number that differs from n by a little.
std::size_t near(std::size_t n, fuzz::bytes& in) {
  const std::size_t step = 1 + in.below(40);
  return in.flag() || step > n ? n + step : n - step;
}

/// to(blocks, bytes...) and from back, with a codes and a scales array.
template <class B, class To, class From>
void two_arrays(fuzz::bytes& in, To to, From from) {
  const auto blocks = take_blocks<B>(in, in.below(40));
  byte_vector codes(blocks.size() * B::code_bytes);
  byte_vector scales(blocks.size() * B::metadata_bytes);
  to(std::span<const B>(blocks), split_blocks{codes, scales});
  std::vector<B> back(blocks.size());
  from(const_split_blocks{codes, scales}, std::span<B>(back));
  fuzz::require(back == blocks, "codes and scales apart");
  byte_vector wrong(near(codes.size(), in));
  require_refused([&] { to(std::span<const B>(blocks), split_blocks{wrong, scales}); });
  require_refused([&] { from(const_split_blocks{wrong, scales}, std::span<B>(back)); });
}

void ggml(fuzz::bytes& in) {
  const auto m = take_blocks<mxfp4>(in, in.below(40));
  std::vector<ggml_block_mxfp4> gm(m.size());
  std::vector<mxfp4> back_m(m.size());
  to_ggml(std::span<const mxfp4>(m), gm);
  from_ggml(std::span<const ggml_block_mxfp4>(gm), back_m);
  fuzz::require(back_m == m, "ggml mxfp4");
  gm.resize(near(gm.size(), in));
  require_refused([&] { to_ggml(std::span<const mxfp4>(m), gm); });

  const auto n = take_blocks<nvfp4>(in, in.below(40));
  std::vector<ggml_block_nvfp4> gn(n.size() / 4);
  if (n.size() % 4 != 0) {
    require_refused([&] { to_ggml(std::span<const nvfp4>(n), gn); });
    return;
  }
  std::vector<nvfp4> back_n(n.size());
  to_ggml(std::span<const nvfp4>(n), gn);
  from_ggml(std::span<const ggml_block_nvfp4>(gn), back_n);
  fuzz::require(back_n == n, "ggml nvfp4");
}

void swizzled(fuzz::bytes& in) {
  const scale_matrix_shape shape{in.below(300), in.below(20)};
  byte_vector scales(shape.rows * shape.cols);
  for (std::byte& scale : scales) {
    scale = static_cast<std::byte>(in.take<std::uint8_t>() + 1);
  }
  byte_vector tiles(swizzled_scale_bytes(shape));
  swizzle_scales(scales, shape, tiles);
  byte_vector back(scales.size());
  unswizzle_scales(tiles, shape, back);
  fuzz::require(back == scales, "swizzled scales");
  byte_vector wrong(near(tiles.size(), in));
  require_refused([&] { swizzle_scales(scales, shape, wrong); });
  require_refused([&] { unswizzle_scales(wrong, shape, back); });
}

template <class B>
void tiles(fuzz::bytes& in) {
  const tile_matrix_shape shape{in.below(4) * 32, in.below(4) * 32};
  const auto blocks = take_blocks<B>(in, shape.rows * shape.cols / 16);
  byte_vector bytes(shape.rows * shape.cols / 1024 * tenstorrent_tile_bytes<B>);
  to_tenstorrent_tiles<B>(blocks, shape, bytes);
  std::vector<B> back(blocks.size());
  from_tenstorrent_tiles<B>(bytes, shape, back);
  fuzz::require(back == blocks, "tiles");
  const tile_matrix_shape odd{shape.rows + 1 + in.below(31), shape.cols};
  require_refused([&] { to_tenstorrent_tiles<B>(blocks, odd, bytes); });
}

void ascend(fuzz::bytes& in) {
  const hif4_matrix_shape shape{in.below(40), in.below(6)};
  const auto blocks = take_blocks<hif4>(in, shape.rows * shape.groups);
  byte_vector elements(blocks.size() * hif4::code_bytes);
  byte_vector patches(ascend_patch_bytes(shape));
  std::vector<hif4> back(blocks.size());
  to_ascend_patches(blocks, shape, {elements, patches});
  from_ascend_patches({elements, patches}, shape, back);
  fuzz::require(back == blocks, "patches");
  byte_vector contiguous(ascend_contiguous_bytes(blocks.size()));
  to_ascend_contiguous(blocks, {elements, contiguous});
  from_ascend_contiguous({elements, contiguous}, back);
  fuzz::require(back == blocks, "contiguous");
  byte_vector wrong(near(patches.size(), in));
  require_refused([&] { to_ascend_patches(blocks, shape, {elements, wrong}); });
  require_refused([&] { from_ascend_patches({elements, wrong}, shape, back); });
}

void nibbles(fuzz::bytes& in) {
  byte_vector bytes(in.below(100));
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(in.take<std::uint8_t>() + 1);
  }
  byte_vector swapped(bytes.size());
  to_high_nibble_first(bytes, swapped);
  byte_vector back(bytes.size());
  from_high_nibble_first(swapped, back);
  fuzz::require(back == bytes, "nibbles");
  to_high_nibble_first(back, back);
  fuzz::require(back == swapped, "nibbles in place");
  byte_vector wrong(near(bytes.size(), in));
  require_refused([&] { to_high_nibble_first(bytes, wrong); });
}

template <class B>
void scales_of_tiles(fuzz::bytes& in) {
  const std::size_t rows = in.below(150), cols = in.below(150);
  const std::size_t edge = B::elements * (1 + in.below(3));
  byte_vector codes(rows * cols);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = static_cast<std::byte>(i * 31 + i / 256);
  }
  byte_vector scales(tile_scale_count(rows, cols, edge) * sizeof(typename B::scale_type));
  for (std::byte& scale : scales) {
    scale = static_cast<std::byte>(in.take<std::uint8_t>() + 1);
  }
  block_matrix<B> matrix(rows, cols, in.flag() ? block_axis::row : block_axis::column);
  join_tiles(codes, scales, matrix, edge);
  byte_vector codes_back(codes.size());
  byte_vector scales_back(scales.size());
  split_tiles(matrix, codes_back, scales_back, edge);
  fuzz::require(codes_back == codes && scales_back == scales, "scales of tiles");
  byte_vector wrong(near(codes.size(), in));
  require_refused([&] { split_tiles(matrix, wrong, scales, edge); });
  require_refused([&] { join_tiles(wrong, scales, matrix, edge); });
}

/// Bits of floats, every NaN alike; read as memory, since -ffast-math takes a float for a number.
std::vector<std::uint32_t> bits_of(std::span<const float> values) {
  std::vector<std::uint32_t> bits(values.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    std::memcpy(&bits[i], &values[i], 4);
    bits[i] = (bits[i] & 0x7FFF'FFFF) > 0x7F80'0000 ? 0x7FC0'0000 : bits[i];
  }
  return bits;
}

/// Where a part of n elements in blocks lies; drawn before the bytes, which may take all that is left.
struct part {
  std::size_t begin, end, first_block, blocks;

  part(fuzz::bytes& in, std::size_t n, std::size_t block)
      : begin(in.below(n)),
        end(begin + in.below(n - begin + 1)),
        first_block(begin / block),
        blocks(begin == end ? 0 : (end - 1) / block + 1 - first_block) {}
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

byte_vector any_bytes(fuzz::bytes& in, std::size_t n) {
  byte_vector bytes(n);
  std::uint8_t previous = 0;
  for (std::byte& byte : bytes) {
    previous = static_cast<std::uint8_t>(in.take<std::uint8_t>() + 167 * previous + 13);
    byte = static_cast<std::byte>(previous);
  }
  return bytes;
}

/// All blocks, a part of them, and one at a time.
template <class G>
void ggml_values(fuzz::bytes& in) {
  constexpr std::size_t elements = ggml_block_elements<G>;
  const std::size_t blocks = 1 + in.below(4);
  const part p(in, blocks * elements, elements);
  const byte_vector bytes = any_bytes(in, blocks * sizeof(G));
  std::vector<float> whole(blocks * elements);
  dequantize_ggml<G>(bytes, whole);
  const auto want = bits_of(whole);
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto values = dequantize_ggml(detail::ggml_block_at<G>(bytes.data() + b * sizeof(G)));
    fuzz::require(bits_of(values) == bits_of(std::span(whole).subspan(b * elements, elements)),
                  "one block of ggml");
  }
  std::vector<float> some(p.size());
  dequantize_ggml<G>(std::span(bytes).subspan(p.first_block * sizeof(G), p.blocks * sizeof(G)), some,
                     p.begin % elements);
  fuzz::require(bits_of(some) == bits_of(std::span(whole).subspan(p.begin, p.size())),
                "a part of ggml's blocks");
  const byte_vector wrong(near(bytes.size(), in));
  require_refused([&] { dequantize_ggml<G>(wrong, whole); });
}

std::vector<float> any_floats(fuzz::bytes& in, std::size_t n) {
  const byte_vector bytes = any_bytes(in, 4 * n);
  std::vector<float> floats(n);
  if (n != 0) {
    std::memcpy(floats.data(), bytes.data(), bytes.size());
  }
  return floats;
}

void bitsandbytes(fuzz::bytes& in) {
  const std::size_t n = 1 + in.below(300), block = 2 * (1 + in.below(40)), blocks = (n - 1) / block + 1;
  const part p(in, n, block);
  const byte_vector codes = any_bytes(in, (n + 1) / 2), nested_codes = any_bytes(in, blocks);
  const std::vector<float> table = any_floats(in, 16), nested_table = any_floats(in, 256);
  const std::vector<float> nested = any_floats(in, (blocks - 1) / 3 + 1);
  std::vector<float> absmax(blocks), whole(n);
  bitsandbytes_absmax(nested_codes, nested_table, nested, 0.25F, absmax, 3);
  dequantize_bitsandbytes(codes, table, absmax, whole, block);
  std::vector<float> some(p.size()), scales(p.blocks);
  const std::size_t bytes = p.size() == 0 ? 0 : (p.end - 1) / 2 - p.begin / 2 + 1;
  const std::size_t outer = p.first_block / 3;
  const std::size_t outers = p.blocks == 0 ? 0 : (p.first_block + p.blocks - 1) / 3 - outer + 1;
  bitsandbytes_absmax(std::span(nested_codes).subspan(p.first_block, p.blocks), nested_table,
                      std::span(nested).subspan(outer, outers), 0.25F, scales, 3, p.first_block % 3);
  fuzz::require(bits_of(scales) == bits_of(std::span(absmax).subspan(p.first_block, p.blocks)),
                "a part of the scales");
  dequantize_bitsandbytes(std::span(codes).subspan(p.begin / 2, bytes), table, scales, some, block,
                          p.begin % block);
  fuzz::require(bits_of(some) == bits_of(std::span(whole).subspan(p.begin, p.size())),
                "a part of bitsandbytes' codes");
  const byte_vector wrong(near(codes.size(), in));
  require_refused([&] { dequantize_bitsandbytes(wrong, table, absmax, whole, block); });
  require_refused([&] { dequantize_bitsandbytes(codes, table, absmax, whole, block + 1); });
}

void ggml_values_of_a_type(fuzz::bytes& in) {
  switch (in.below(14)) {
    case 0:
      return ggml_values<ggml_block_q4_0>(in);
    case 1:
      return ggml_values<ggml_block_q4_1>(in);
    case 2:
      return ggml_values<ggml_block_q5_0>(in);
    case 3:
      return ggml_values<ggml_block_q5_1>(in);
    case 4:
      return ggml_values<ggml_block_q8_0>(in);
    case 5:
      return ggml_values<ggml_block_iq4_nl>(in);
    case 6:
      return ggml_values<ggml_block_iq4_xs>(in);
    case 7:
      return ggml_values<ggml_block_mxfp4>(in);
    case 8:
      return ggml_values<ggml_block_nvfp4>(in);
    case 9:
      return ggml_values<ggml_block_q2_k>(in);
    case 10:
      return ggml_values<ggml_block_q3_k>(in);
    case 11:
      return ggml_values<ggml_block_q4_k>(in);
    case 12:
      return ggml_values<ggml_block_q5_k>(in);
    default:
      return ggml_values<ggml_block_q6_k>(in);
  }
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  switch (in.below(15)) {
    case 0:
      return ggml(in);
    case 1:
      return swizzled(in);
    case 2:
      return tiles<bfp8_b>(in);
    case 3:
      return tiles<bfp4_b>(in);
    case 4:
      return ascend(in);
    case 5:
      return two_arrays<mxfp4>(
          in, [](auto b, auto s) { to_gpt_oss(b, s); }, [](auto s, auto b) { from_gpt_oss(s, b); });
    case 6:
      return two_arrays<nvfp4>(
          in, [](auto b, auto s) { to_torch_fp4<nvfp4>(b, s); },
          [](auto s, auto b) { from_torch_fp4<nvfp4>(s, b); });
    case 7:
      return two_arrays<hif4>(
          in, [](auto b, auto s) { split<hif4>(b, s); }, [](auto s, auto b) { join<hif4>(s, b); });
    case 8:
      return nibbles(in);
    case 9:
      return scales_of_tiles<mxfp8_e4m3>(in);
    case 10:
      return scales_of_tiles<block_format<fp8_e4m3, shared_scale<float, 64>>>(in);
    case 11:
    case 12:
      return ggml_values_of_a_type(in);
    case 13:
      return bitsandbytes(in);
    default:
      return two_arrays<mxfp6_e2m3>(
          in, [](auto b, auto s) { split<mxfp6_e2m3>(b, s); },
          [](auto s, auto b) { join<mxfp6_e2m3>(s, b); });
  }
}
