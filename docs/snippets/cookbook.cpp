// Tasks, quoted by docs/cookbook.md; each part is checked by what follows it.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <narrowfp/io.hpp>
#include <narrowfp/layouts.hpp>
#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

namespace {

// [threads]
// Whole blocks for each thread, so that no two write the same byte.
template <class B>
std::vector<B> quantize_by_threads(std::span<const float> values, unsigned threads,
                                   quantize_options options) {
  std::vector<B> blocks(block_count<B>(values.size()));
  const std::size_t share = (blocks.size() + threads - 1) / threads;
  std::vector<std::jthread> workers;
  for (std::size_t begin = 0; begin < blocks.size(); begin += share) {
    const std::size_t count = std::min(share, blocks.size() - begin);
    const std::size_t first = begin * B::elements;
    const std::size_t n = std::min(count * B::elements, values.size() - first);
    quantize_options own = options;
    own.first_index = options.first_index + first;  // stochastic rounding draws by the element's index
    workers.emplace_back([&blocks, values, begin, count, first, n, own] {
      quantize<B>(values.subspan(first, n), std::span(blocks).subspan(begin, count), own);
    });
  }
  workers.clear();  // joins
  return blocks;
}
// [end threads]

// [dense_threads]
// Values below a byte: 8 of them fill whole bytes, whatever their width, so that shares begin at bytes.
template <class T>
void pack_by_threads(std::span<const float> values, packed_span<T> codes, unsigned threads) {
  const std::size_t share = (values.size() / threads / 8 + 1) * 8;
  std::vector<std::jthread> workers;
  for (std::size_t first = 0; first < values.size(); first += share) {
    const std::size_t n = std::min(share, values.size() - first);
    workers.emplace_back([values, codes, first, n] {
      const auto bytes = codes.bytes().subspan(packed_size_bytes<T>(first), packed_size_bytes<T>(n));
      pack(values.subspan(first, n), packed_span<T>(bytes, n));
    });
  }
}
// [end dense_threads]

// [to_file]
// Codes and blocks are bytes that mean the same on every machine; what they are, and how many, is yours to
// write.
void write_blocks(const std::string& path, std::span<const nvfp4> blocks, std::uint64_t values,
                  float tensor_scale) {
  std::ofstream file(path, std::ios::binary);
  file << "nvfp4 " << values << ' ' << std::hexfloat << tensor_scale << '\n';  // exact
  const auto bytes = std::as_bytes(blocks);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}
// [end to_file]

// [from_file]
std::vector<float> read_values(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string format, scale;
  std::uint64_t values = 0;
  if (!(file >> format >> values >> scale) || file.get() != '\n' || format != "nvfp4") {
    throw std::runtime_error(path + " does not begin as a file of nvfp4");
  }
  std::vector<nvfp4> blocks(block_count<nvfp4>(values));
  const auto bytes = std::as_writable_bytes(std::span(blocks));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file) {
    throw std::runtime_error(path + " is too short for its values");
  }
  std::vector<float> restored(values);
  dequantize(blocks, restored, {.tensor_scale = std::stof(scale)});
  return restored;
}
// [end from_file]

std::vector<float> some_weights(std::size_t count) {
  std::vector<float> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] = static_cast<float>(static_cast<int>(i * 2654435761U % 2001) - 1000) * 0x1p-15F;
  }
  return weights;
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool threads_change_nothing() {
  const std::vector<float> weights = some_weights(10'000);
  const quantize_options options = {
      .round = rounding::stochastic, .tensor_scale = nvfp4_tensor_scale(weights), .seed = 7};
  std::vector<nvfp4> alone(block_count<nvfp4>(weights.size()));
  quantize(weights, alone, options);
  packed_vector<fp6_e2m3> dense(weights.size()), dense_alone(weights.size());
  pack(weights, dense_alone);
  for (const unsigned threads : {1U, 2U, 3U, 8U, 1000U}) {
    const std::vector<nvfp4> together = quantize_by_threads<nvfp4>(weights, threads, options);
    pack_by_threads<fp6_e2m3>(weights, dense, threads);
    if (!same_bytes(std::as_bytes(std::span(together)), std::as_bytes(std::span(alone))) ||
        !same_bytes(dense.bytes(), dense_alone.bytes())) {
      return false;
    }
  }
  return true;
}

bool files_keep_everything() {
  const std::vector<float> weights = some_weights(1000);
  const float t = nvfp4_tensor_scale(weights);
  std::vector<nvfp4> blocks(block_count<nvfp4>(weights.size()));
  quantize(weights, blocks, {.tensor_scale = t});
  std::vector<float> expected(weights.size());
  dequantize(blocks, expected, {.tensor_scale = t});
  const std::string path = "narrowfp_cookbook.nvfp4";
  write_blocks(path, blocks, weights.size(), t);
  const std::vector<float> restored = read_values(path);
  std::remove(path.c_str());
  return restored == expected;
}

bool unaligned_data_is_read() {
  std::vector<std::byte> buffer(3 + 2 * 5);
  std::vector<float> values(5);
  const std::byte one_and_a_half[] = {std::byte{0xC0}, std::byte{0x3F}};
  for (std::size_t i = 3; i < buffer.size(); ++i) {
    buffer[i] = one_and_a_half[(i - 3) % 2];
  }
  // [unaligned]
  // 5 bfloat16 values that begin at an odd address, say behind a header of 3 bytes; low byte first.
  const packed_span<const bfloat16> halves(std::span<const std::byte>(buffer).subspan(3), 5);
  unpack(halves, values);
  // [end unaligned]
  // [unaligned_pack]
  pack(std::span<const float>(values), packed_span<bfloat16>(std::span(buffer).subspan(3), 5));  // and back
  // [end unaligned_pack]
  return values == std::vector<float>(5, 1.5F) && buffer[3] == std::byte{0xC0} && halves[4] == 1.5F;
}

bool tensor_scales_are_right() {
  const std::vector<float> weights = some_weights(4096);
  const std::span<const float> all(weights);
  bool right = true;
  {
    // [tensor_scale_of_parts]
    // A tensor that comes in parts: the largest magnitude of all of it first, then the scale.
    float amax = 0;
    for (std::size_t i = 0; i < all.size(); i += 1000) {
      for (const float x : all.subspan(i, std::min<std::size_t>(1000, all.size() - i))) {
        amax = std::max(amax, std::fabs(x));  // a NaN is passed over
      }
    }
    const float t = amax > 0 ? amax / 2688 : 1;  // 2688 = 6 * 448; model_optimizer's weight_scale_2
    // [end tensor_scale_of_parts]
    right = right && t == nvfp4_tensor_scale(weights);
    // [other_tensor_scales]
    const float weight_global_scale = 2688 / amax;  // what compressed-tensors stores, and divides by
    const float encode_scale = 2688 / amax;         // what transformer_engine calls S
    std::vector<nvfp4> blocks(block_count<nvfp4>(all.size()));
    quantize<nvfp4>(all, blocks, {.as = recipe::transformer_engine, .tensor_scale = encode_scale});
    // [end other_tensor_scales]
    right = right && weight_global_scale == encode_scale;
    // [fp8_scale]
    // FP8 with one scale for the tensor: a power of two is exact, and the reciprocal of one is exact, too.
    int exponent = 0;
    std::frexp(448 / std::max(amax, 0x1p-100F), &exponent);
    const float scale = std::ldexp(1.0F, exponent - 1);  // the largest power of two with amax * scale <= 448
    std::vector<fp8_e4m3> codes(all.size());
    pack(all, codes, {.over = overflow::saturate, .scale = scale});
    std::vector<float> restored(all.size());
    unpack(codes, restored, {.scale = 1 / scale});
    // [end fp8_scale]
    right = right && amax * scale <= 448 && amax * scale > 224 && compare(weights, restored).sqnr_db > 30;
  }
  return right;
}

bool rows_have_scales() {
  const std::size_t rows = 6, columns = 100;
  std::vector<float> weights = some_weights(rows * columns);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::ldexp(weights[i], -4 * static_cast<int>(i / columns));  // rows of very different size
  }
  // [rows]
  // A token, a channel: each row of `columns` values has its own scale.
  std::vector<float> up(rows), down(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    float amax = 0;
    for (const float x : std::span(weights).subspan(r * columns, columns)) {
      amax = std::max(amax, std::fabs(x));
    }
    down[r] = std::max(amax, 0x1p-100F) / 448;  // what is stored, and multiplies the values read
    up[r] = 1 / down[r];  // what multiplies the values written; finite, for a row of zeros as well
  }
  std::vector<fp8_e4m3> codes(rows * columns);
  pack_rows(weights, codes, columns, up, {.over = overflow::saturate});
  std::vector<float> restored(rows * columns);
  unpack_rows(codes, restored, columns, down);
  // [end rows]
  const bool values_are_right = compare(weights, restored).sqnr_db > 30 &&
                                std::fabs(restored.back() - weights.back()) < std::fabs(weights.back()) / 16;
  // [row_blocks]
  // The same for blocks: a tensor scale for each row, in quantize and dequantize alike.
  std::vector<float> row_scales(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    row_scales[r] = nvfp4_tensor_scale(std::span<const float>(weights).subspan(r * columns, columns));
  }
  block_matrix<nvfp4> matrix(rows, columns);
  matrix.quantize(weights, row_scales);
  matrix.dequantize(row_scales, restored);
  // [end row_blocks]
  return values_are_right && compare(weights, restored).sqnr_db > 18;
}

bool tiles_are_read_and_written() {
  const std::size_t rows = 200,
                    columns =
                        300;  // ragged at both ends: tiles of 128 and 72 rows, of 128, 128 and 44 columns
  const std::vector<float> original = some_weights(rows * columns);
  // [tiles_out]
  // FP8 with one float for each 128 x 128 tile, in the arrays of such a checkpoint.
  using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;
  block_matrix<fp8_per_128> matrix(rows, columns);
  matrix.quantize_tiles(original, 128);
  std::vector<std::byte> weight(rows * columns);  // [rows][columns]
  std::vector<float> weight_scale_inv(
      tile_scale_count(rows, columns));  // [ceil(rows / 128)][ceil(columns / 128)]
  split_tiles(matrix, weight, weight_scale_inv);
  // [end tiles_out]
  // [tiles_in]
  // A value is code * scale, whatever `_inv` says.
  std::vector<bfloat16> weights(rows * columns);
  unpack_tiles(as_values<fp8_e4m3>(weight), weights, columns, weight_scale_inv);
  // [end tiles_in]
  std::vector<bfloat16> expected(rows * columns);
  matrix.dequantize(expected);
  const std::vector<float> restored(weights.begin(), weights.end());
  bool right = weight_scale_inv.size() == 6 && compare(original, restored).sqnr_db > 30;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    right = right && weights[i].bits() == expected[i].bits();  // both round code * scale once
  }
  return right;
}

bool nibbles_change_places() {
  const std::vector<std::byte> foreign = {std::byte{0x12}, std::byte{0x70}};
  // [high_nibble]
  packed_vector<fp4_e2m1> codes(3);  // of bytes whose high nibble is the first element
  from_high_nibble_first(foreign, codes);
  // [end high_nibble]
  return codes[0] == 0.5F && codes[1] == 1.0F && codes[2] == 6.0F;
}

bool text_is_read_and_written() {
  // [text]
  std::istringstream in("0.3 -0x1.8p-3 nan");
  fp8_e4m3 a, b, c;
  in >> a >> b >> c;  // each rounded once from its digits: 0.3125, -0.1875, NaN

  const std::string line = "464.00001,9";
  fp8_e4m3 x;
  const auto [end, error] = from_chars(line.data(), line.data() + line.size(), x);  // end: the comma
  const std::string back = to_string(a);  // "0.3125": what reads as the same code
  // [end text]
  return a.bits() == 0x2A && b == -0.1875F && isnan(c) && x.bits() == 0x7F && *end == ',' &&
         error == std::errc() && back == "0.3125";
}

}  // namespace

int main() {
  const auto check = [](bool right, const char* what) {
    if (!right) {
      std::cout << what << ": not as the page says\n";
    }
    return right;
  };
  bool right = check(threads_change_nothing(), "threads");
  right &= check(files_keep_everything(), "files");
  right &= check(unaligned_data_is_read(), "unaligned data");
  right &= check(tensor_scales_are_right(), "tensor scales");
  right &= check(rows_have_scales(), "rows");
  right &= check(tiles_are_read_and_written(), "tiles");
  right &= check(nibbles_change_places(), "nibbles");
  right &= check(text_is_read_and_written(), "text");
  return right ? 0 : 1;
}
