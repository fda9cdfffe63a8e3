// Block formats behind function pointers, so that one run-time suite covers all of them by name.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <narrowfp/quantize.hpp>

namespace block_test {

struct block_probe {
  std::string name;
  std::size_t elements;
  std::size_t bytes;
  double max_finite;
  double min_positive;
  /// The bytes of the blocks that floats, given as patterns, become.
  std::vector<std::uint8_t> (*quantize)(const std::vector<std::uint32_t>&, const narrowfp::quantize_options&);
  /// The same for one block, by the function that also serves constant expressions.
  std::vector<std::uint8_t> (*quantize_one)(const std::vector<std::uint32_t>&,
                                            const narrowfp::quantize_options&);
  std::vector<std::uint32_t> (*dequantize)(const std::vector<std::uint8_t>&,
                                           const narrowfp::dequantize_options&);
  std::vector<std::uint32_t> (*dequantize_one)(const std::vector<std::uint8_t>&,
                                               const narrowfp::dequantize_options&);
};

inline std::vector<float> as_floats(const std::vector<std::uint32_t>& patterns) {
  std::vector<float> values(patterns.size());
  std::memcpy(values.data(), patterns.data(), 4 * patterns.size());
  return values;
}
template <class Floats>
std::vector<std::uint32_t> as_patterns(const Floats& values) {
  std::vector<std::uint32_t> patterns(values.size());
  std::memcpy(patterns.data(), values.data(), 4 * patterns.size());
  return patterns;
}

template <class B>
block_probe make_block_probe(const std::string& name) {
  block_probe p{name, B::elements, sizeof(B), B::max_finite(), B::min_positive(), {}, {}, {}, {}};
  p.quantize = [](const std::vector<std::uint32_t>& x, const narrowfp::quantize_options& options) {
    std::vector<B> blocks(narrowfp::block_count<B>(x.size()));
    narrowfp::quantize(as_floats(x), blocks, options);
    std::vector<std::uint8_t> bytes(blocks.size() * sizeof(B));
    std::memcpy(bytes.data(), blocks.data(), bytes.size());
    return bytes;
  };
  p.quantize_one = [](const std::vector<std::uint32_t>& x, const narrowfp::quantize_options& options) {
    const auto values = as_floats(x);
    const B block =
        narrowfp::quantize_block<B>(std::span<const float, B::elements>(values.data(), B::elements), options);
    return std::vector<std::uint8_t>(block.bytes.begin(), block.bytes.end());
  };
  p.dequantize = [](const std::vector<std::uint8_t>& bytes, const narrowfp::dequantize_options& options) {
    std::vector<B> blocks(bytes.size() / sizeof(B));
    std::memcpy(blocks.data(), bytes.data(), bytes.size());
    std::vector<float> values(blocks.size() * B::elements);
    narrowfp::dequantize(blocks, values, options);
    return as_patterns(values);
  };
  p.dequantize_one = [](const std::vector<std::uint8_t>& bytes, const narrowfp::dequantize_options& options) {
    B block;
    std::memcpy(block.bytes.data(), bytes.data(), sizeof(B));
    return as_patterns(narrowfp::dequantize_block(block, options));
  };
  return p;
}

/// The library's block formats, under the oracle's names.
inline const std::vector<block_probe>& block_probes() {
  using namespace narrowfp;
  static const std::vector<block_probe> list = {
      make_block_probe<mxfp8_e4m3>("mxfp8_e4m3"),
      make_block_probe<mxfp8_e5m2>("mxfp8_e5m2"),
      make_block_probe<mxfp6_e3m2>("mxfp6_e3m2"),
      make_block_probe<mxfp6_e2m3>("mxfp6_e2m3"),
      make_block_probe<mxfp4>("mxfp4"),
      make_block_probe<mxint8>("mxint8"),
      make_block_probe<nvfp4>("nvfp4"),
      make_block_probe<q8_0>("q8_0"),
      make_block_probe<hif4>("hif4"),
      make_block_probe<hif5>("hif5"),
      make_block_probe<mx9>("mx9"),
      make_block_probe<mx6>("mx6"),
      make_block_probe<mx4>("mx4"),
      make_block_probe<msfp12>("bfp<3,16>"),
      make_block_probe<msfp13>("bfp<4,16>"),
      make_block_probe<msfp14>("bfp<5,16>"),
      make_block_probe<msfp15>("bfp<6,16>"),
      make_block_probe<msfp16>("bfp<7,16>"),
      make_block_probe<bfp<1, 8>>("bfp<1,8>"),
      make_block_probe<bfp<15, 64>>("bfp<15,64>"),
  };
  return list;
}

}  // namespace block_test
