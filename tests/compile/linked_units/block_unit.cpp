// Block calls in a unit of their own, compiled several times with different -m and -O flags. Only raw
// buffers are used, so that every function in the object belongs to the block calls.
#include <narrowfp/quantize.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

#include "hash.hpp"

namespace {

using namespace narrowfp;

constexpr std::size_t count = 1000;  // ends inside a block of every size

float input[count];
float output[count];
std::byte bytes[4 * count];

template <class B>
void convert_with(fnv_hash& hash, const quantize_options& options) {
  const std::span<B> blocks(reinterpret_cast<B*>(bytes), block_count<B>(count));
  quantize(std::span<const float>(input, count), blocks, options);
  hash.add(bytes, blocks.size() * sizeof(B));
  dequantize(std::span<const B>(blocks), std::span<float>(output, count));
  hash.add(output, sizeof output);
}

template <class B>
void convert_all(fnv_hash& hash) {
  convert_with<B>(hash, {});
  convert_with<B>(hash, {.over = overflow::saturate, .tensor_scale = 0.37F});
  convert_with<B>(hash, {.round = rounding::stochastic, .over = overflow::saturate, .seed = 7});
  convert_with<B>(hash, {.over = overflow::saturate, .scale = scale_rule::search_mse});
}

}  // namespace

// Defined to a name of its own for each object.
std::uint64_t NARROWFP_TEST_UNIT() {
  fnv_hash hash;
  fill_with_floats(input);
  convert_all<mxfp8_e4m3>(hash);
  convert_all<mxfp6_e3m2>(hash);
  convert_all<mxfp4>(hash);
  convert_all<mxint8>(hash);
  convert_all<nvfp4>(hash);
  convert_all<q8_0>(hash);
  convert_all<hif4>(hash);
  convert_all<mx6>(hash);
  convert_all<bfp<5, 16>>(hash);
  return hash.state;
}
