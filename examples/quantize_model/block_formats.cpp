// Block formats: their scales are chosen block by block, along the rows of a matrix.
//
// A block at a time, by the scalar definition. A program that converts more than here calls quantize and
// dequantize for whole arrays: the same bytes, sooner; but their kernels of fifteen formats take a compiler
// half a minute.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <narrowfp/quantize.hpp>
#include <utility>

#include "formats.hpp"

namespace demo {
namespace {

using tensor_scale_rule = float (*)(std::span<const float>);

float one(std::span<const float>) { return 1; }
float nvfp4_rule(std::span<const float> values) { return narrowfp::nvfp4_tensor_scale(values); }

/// Values that lie beyond what their block can hold and were stored as the largest element.
template <class B>
std::size_t count_saturated(std::span<const float> original, std::span<const float> restored,
                            std::span<const B> blocks) {
  using element = typename B::element_type;
  std::size_t count = 0;
  for (std::size_t i = 0; i < original.size(); ++i) {
    const auto code = blocks[i / B::elements].code(i % B::elements);
    const auto stored = element::from_bits(static_cast<typename element::code_type>(code));
    const bool is_largest = narrowfp::abs(stored) == std::numeric_limits<element>::max();
    if (is_largest && std::fabs(original[i]) > std::fabs(restored[i])) {
      ++count;
    }
  }
  return count;
}

template <class B>
number_format block_format(const char* name, const char* scales, tensor_scale_rule tensor_scale = one) {
  number_format format;
  format.name = name;
  format.smallest = B::min_positive();
  format.largest = B::max_finite();
  format.has_block_scales = true;
  format.convert = [scales, tensor_scale](std::span<const tensor> matrices) {
    conversion result;
    result.scales = scales;
    for (const tensor& matrix : matrices) {
      const float scale = tensor_scale(matrix.values);
      const narrowfp::quantize_options there{.tensor_scale = scale};
      const narrowfp::dequantize_options back{.tensor_scale = scale};

      const std::size_t size = matrix.values.size();
      std::vector<B> blocks(narrowfp::block_count<B>(size));
      std::vector<float> restored(size);
      for (std::size_t first = 0; first < size; first += B::elements) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(B::elements, size - first));
        const auto offset = static_cast<std::ptrdiff_t>(first);
        std::array<float, B::elements> in{};  // the last block may end in zeros
        std::copy_n(matrix.values.begin() + offset, count, in.begin());
        B& block = blocks[first / B::elements];
        block = narrowfp::quantize_block<B>(in, there);
        const std::array<float, B::elements> out = narrowfp::dequantize_block(block, back);
        std::copy_n(out.begin(), count, restored.begin() + offset);
      }

      result.stored_bytes += blocks.size() * sizeof(B) + (tensor_scale == one ? 0 : sizeof scale);
      result.saturated += count_saturated<B>(matrix.values, restored, blocks);
      result.restored.push_back(std::move(restored));
    }
    return result;
  };
  return format;
}

}  // namespace

std::vector<number_format> block_formats() {
  return {block_format<narrowfp::mx9>("mx9", "2^n/16 1b/2"),
          block_format<narrowfp::msfp16>("msfp16", "2^n/16"),
          block_format<narrowfp::q8_0>("q8_0", "f16/32"),
          block_format<narrowfp::mxint8>("mxint8", "E8M0/32"),
          block_format<narrowfp::mxfp8_e4m3>("mxfp8_e4m3", "E8M0/32"),
          block_format<narrowfp::mxfp8_e5m2>("mxfp8_e5m2", "E8M0/32"),
          block_format<narrowfp::mxfp6_e2m3>("mxfp6_e2m3", "E8M0/32"),
          block_format<narrowfp::mxfp6_e3m2>("mxfp6_e3m2", "E8M0/32"),
          block_format<narrowfp::mx6>("mx6", "2^n/16 1b/2"),
          block_format<narrowfp::hif5>("hif5", "E6M2/64 +2b"),
          block_format<narrowfp::hif4>("hif4", "E6M2/64 +2b"),
          block_format<narrowfp::nvfp4>("nvfp4", "E4M3/16 f32", nvfp4_rule),
          block_format<narrowfp::msfp12>("msfp12", "2^n/16"),
          block_format<narrowfp::mxfp4>("mxfp4", "E8M0/32"),
          block_format<narrowfp::mx4>("mx4", "2^n/16 1b/2")};
}

}  // namespace demo
