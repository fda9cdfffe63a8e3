// The table of formats.
#include "encoding.hpp"

#include "encoders.hpp"

namespace checkpoint {

namespace {

using narrowfp::recipe;
using narrowfp::scale_rule;

constexpr named_choice<scale_rule_choice> all_rules[] = {{"default", std::nullopt},
                                                         {"floor", scale_rule::floor},
                                                         {"ceil", scale_rule::ceil},
                                                         {"rceil", scale_rule::rceil},
                                                         {"even", scale_rule::even},
                                                         {"search_mse", scale_rule::search_mse},
                                                         {"four_over_six", scale_rule::four_over_six}};

constexpr named_choice<recipe> all_recipes[] = {{"native", recipe::native},
                                                {"transformer_engine", recipe::transformer_engine},
                                                {"torchao", recipe::torchao},
                                                {"model_optimizer", recipe::model_optimizer},
                                                {"ggml", recipe::ggml},
                                                {"hif4_bf16", recipe::hif4_bf16},
                                                {"microxcaling", recipe::microxcaling}};

constexpr scale_span none = scale_span::none;
constexpr scale_span tensor = scale_span::tensor;
constexpr scale_span row = scale_span::row;
constexpr scale_span tile = scale_span::tile;
constexpr scale_span group = scale_span::group;

constexpr target_format formats[] = {
    {"f32", "float", 32, 0, none, 1, 0, true, nullptr, make_float32, offers_nothing},
    {"bf16", "bfloat16, to nearest even", 16, 0, none, 1, 0, true, nullptr, make_bfloat16, offers_single},
    {"f16", "float16, to nearest even", 16, 0, none, 1, 0, true, nullptr, make_float16, offers_single},
    {"fp8", "E4M3, a float scale for the tensor", 8, 0, tensor, 1, 4, false, fp8_reach, make_fp8_tensor,
     offers_single},
    {"fp8-channel", "E4M3, a float scale a row", 8, 0, row, 1, 4, false, nullptr, make_fp8_row,
     offers_single},
    {"fp8-block", "E4M3, a float scale for 128 x 128", 8, 0, tile, 1, 4, false, nullptr, make_fp8_tile,
     offers_single},
    {"mxfp8", "E4M3, a power of two for 32", 8, 0, group, 32, 1, false, nullptr, make_mxfp8, offers_mxfp8},
    {"mxfp6", "E2M3, a power of two for 32", 6, 0, group, 32, 1, false, nullptr, make_mxfp6, offers_mxfp6},
    {"mxfp4", "E2M1, a power of two for 32", 4, 0, group, 32, 1, false, nullptr, make_mxfp4, offers_mxfp4},
    {"nvfp4", "E2M1, an E4M3 scale for 16, a float for the tensor", 4, 0, group, 16, 1, false, nvfp4_reach,
     make_nvfp4, offers_nvfp4},
    {"q8_0", "ggml: integers of 8 bits, a float16 scale for 32", 0, 34, none, 32, 0, false, nullptr,
     make_q8_0, offers_ggml},
    {"q4_0", "ggml: integers of 4 bits, a float16 scale for 32", 0, 18, none, 32, 0, false, nullptr,
     make_q4_0, offers_ggml},
    {"q4_1", "ggml: integers of 4 bits, a float16 scale and minimum for 32", 0, 20, none, 32, 0, false,
     nullptr, make_q4_1, offers_ggml},
    {"ggml-mxfp4", "mxfp4 in ggml's blocks", 0, 17, none, 32, 0, false, nullptr, make_ggml_mxfp4,
     offers_ggml},
    {"ggml-nvfp4", "nvfp4 in ggml's blocks, no scale for the tensor", 0, 36, none, 64, 0, false, nullptr,
     make_ggml_nvfp4, offers_ggml},
    {"hif8", "HiF8, a float scale for the tensor", 8, 0, tensor, 1, 4, false, hif8_reach, make_hif8,
     offers_single},
    {"hif4", "HiF4 units of 64", 0, 36, none, 64, 0, false, nullptr, make_hif4, offers_hif4},
};

/// amax divided by what the format reaches, as the packages compute it; 1 where there is nothing to scale.
float quotient_scale(float amax, float reach) noexcept {
  const float scale = amax / reach;
  return scale > 0 ? scale : 1;
}

}  // namespace

std::span<const named_choice<scale_rule_choice>> scale_rules() noexcept { return all_rules; }
std::span<const named_choice<recipe>> recipes() noexcept { return all_recipes; }
std::span<const target_format> target_formats() noexcept { return formats; }

const target_format* find_target_format(std::string_view name) noexcept {
  for (const target_format& format : formats) {
    if (format.name == name) {
      return &format;
    }
  }
  return nullptr;
}

whole_scale whole_scale_of(const target_format& format, const encoding_options& options,
                           float amax) noexcept {
  if (!format.has_whole_scale()) {
    return {};
  }
  if (options.tensor_scale) {
    return {*options.tensor_scale, 1 / *options.tensor_scale};
  }
  const float reach = format.reach();
  if (options.as == recipe::transformer_engine && amax > 0) {
    // It multiplies by a scale of its own, of which decoders take the reciprocal.
    const float divisor = reach / amax;
    const float factor = 1 / divisor;
    constexpr float largest = 3.40282347e38F;
    if (divisor <= largest && factor > 0) {
      return {factor, divisor};
    }
    return {1, 1};
  }
  const float factor = quotient_scale(amax, reach);
  return {factor, 1 / factor};
}

}  // namespace checkpoint
