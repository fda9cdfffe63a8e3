// The one compiled copy of the array calls and of both ways for the library's block types, which most code to
// compile is for.
#include "block_probe.hpp"

#include "both_ways.hpp"

namespace block_test {
namespace {

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

}  // namespace

const std::vector<block_probe>& block_probes() {
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

#define BOTH_WAYS(...)                                                                            \
  template __VA_ARGS__ quantize_both_ways(const std::vector<float>&, narrowfp::quantize_options); \
  template std::vector<float> dequantize_both_ways(const __VA_ARGS__&, narrowfp::dequantize_options);
BOTH_WAYS(narrowfp::mxfp8_e4m3)
BOTH_WAYS(narrowfp::mxfp8_e5m2)
BOTH_WAYS(narrowfp::mxfp6_e3m2)
BOTH_WAYS(narrowfp::mxfp6_e2m3)
BOTH_WAYS(narrowfp::mxfp4)
BOTH_WAYS(narrowfp::mxint8)
BOTH_WAYS(narrowfp::nvfp4)
BOTH_WAYS(narrowfp::q8_0)
BOTH_WAYS(narrowfp::hif4)
BOTH_WAYS(narrowfp::hif5)
BOTH_WAYS(narrowfp::mx9)
BOTH_WAYS(narrowfp::mx6)
BOTH_WAYS(narrowfp::mx4)
BOTH_WAYS(narrowfp::msfp12)
BOTH_WAYS(narrowfp::msfp13)
BOTH_WAYS(narrowfp::msfp14)
BOTH_WAYS(narrowfp::msfp15)
BOTH_WAYS(narrowfp::msfp16)
BOTH_WAYS(narrowfp::bfp<1, 8>)
BOTH_WAYS(narrowfp::bfp<15, 64>)
// What special_blocks_test.cpp and layouts_test.cpp have besides.
BOTH_WAYS(narrowfp::bfp<1, 16>)
BOTH_WAYS(narrowfp::block_format<narrowfp::fp8_e4m3, narrowfp::shared_scale<float, 128>>)
BOTH_WAYS(narrowfp::block_format<narrowfp::fp4_e2m1, narrowfp::shared_scale<narrowfp::bfloat16, 32>>)
#undef BOTH_WAYS

}  // namespace block_test
