// Layer: dispatch. What the caller of quantize and dequantize may ask for, and the check of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "../block/block_format.hpp"
#include "../block/float_bits.hpp"
#include "../block/job.hpp"
#include "../block/recipes.hpp"
#include "../block/scale_rule.hpp"
#include "../core/bits.hpp"
#include "../core/format.hpp"
#include "../core/rounding.hpp"
#include "../detail/error.hpp"
#include "cpu.hpp"
#include "row_scales.hpp"

namespace narrowfp::inline v0 {

struct quantize_options {
  rounding round = rounding::native;  ///< of the elements, which always saturate
  overflow over = overflow::native;   ///< saturate: an infinity counts as the largest float
  scale_rule scale = scale_rule::native;
  recipe as = recipe::native;
  /// Divides the input, each quotient rounded once to float; never stored. Some recipes give it another
  /// meaning.
  float tensor_scale = 1;
  /// Stochastic rounding: element i draws by seed and first_index + i.
  std::uint64_t seed = 0;
  std::uint64_t first_index = 0;
  isa use = isa::automatic;
};

struct dequantize_options {
  recipe as = recipe::native;
  float tensor_scale = 1;  ///< multiplies; the product with element and scale is rounded once
  isa use = isa::automatic;
};

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::detail {

namespace {

constexpr const char* name_of(scale_rule rule) noexcept {
  switch (rule) {
    case scale_rule::native:
      return "scale_rule::native";
    case scale_rule::floor:
      return "scale_rule::floor";
    case scale_rule::ceil:
      return "scale_rule::ceil";
    case scale_rule::rceil:
      return "scale_rule::rceil";
    case scale_rule::even:
      return "scale_rule::even";
    case scale_rule::search_mse:
      return "scale_rule::search_mse";
    case scale_rule::four_over_six:
      return "scale_rule::four_over_six";
  }
  return "none of the scale rules";
}

constexpr const char* name_of(recipe as) noexcept {
  switch (as) {
    case recipe::native:
      return "recipe::native";
    case recipe::transformer_engine:
      return "recipe::transformer_engine";
    case recipe::torchao:
      return "recipe::torchao";
    case recipe::model_optimizer:
      return "recipe::model_optimizer";
    case recipe::ggml:
      return "recipe::ggml";
    case recipe::hif4_bf16:
      return "recipe::hif4_bf16";
    case recipe::microxcaling:
      return "recipe::microxcaling";
  }
  return "none of the recipes";
}

/// Appends the names of those choices that `offered` allows.
template <class Choice, class Offered>
void list_choices(char* text, std::size_t size, std::size_t used, Choice last, Offered offered) {
  const char* separator = "";
  for (int i = 0; i <= static_cast<int>(last) && used < size; ++i) {
    const auto choice = static_cast<Choice>(i);
    if (offered(choice)) {
      const int written = std::snprintf(text + used, size - used, "%s%s", separator, name_of(choice));
      used += written > 0 ? static_cast<std::size_t>(written) : 0;
      separator = ", ";
    }
  }
}

template <block_type B>
[[noreturn]] void fail_rule(const char* function, scale_rule rule, recipe as) {
  char problem[384];
  const int used = std::snprintf(problem, sizeof problem,
                                 "is %s, but with %s this block format has: ", name_of(rule), name_of(as));
  list_choices(problem, sizeof problem, static_cast<std::size_t>(used), scale_rule::four_over_six,
               [as](scale_rule r) { return blocks::offers_rule<B>(as, r); });
  fail(function, "scale", problem);
}

template <block_type B>
[[noreturn]] void fail_recipe(const char* function, recipe as) {
  char problem[384];
  const int used = std::snprintf(problem, sizeof problem, "is %s, but this block format has: ", name_of(as));
  list_choices(problem, sizeof problem, static_cast<std::size_t>(used), recipe::microxcaling,
               [](recipe r) { return blocks::offers_recipe<B>(r); });
  fail(function, "as", problem);
}

/// The options as a job, or an error.
template <block_type B>
constexpr blocks::quantize_job checked_job(const char* function, const quantize_options& options) {
  if (!blocks::offers_recipe<B>(options.as)) {
    fail_recipe<B>(function, options.as);
  }
  if (!blocks::offers_rule<B>(options.as, options.scale)) {
    fail_rule<B>(function, options.scale, options.as);
  }
  if (options.round > rounding::hybrid) {
    fail(function, "round", "is none of the rounding modes");
  }
  if (options.over > overflow::saturate) {
    fail(function, "over", "is none of the overflow policies");
  }
  if (options.round == rounding::hybrid) {
    fail(function, "round", "is rounding::hybrid, which goes by the bits of a float and has no meaning here");
  }
  if (!blocks::offers_rounding(options.as, options.round)) {
    fail(function, "round", "must be rounding::native with this recipe, which has its own rule");
  }
  require_scale(function, "tensor_scale", options.tensor_scale);
  return {options.round,        options.over, options.scale,       options.as,
          options.tensor_scale, options.seed, options.first_index, 1};
}

template <block_type B>
constexpr blocks::dequantize_job checked_job(const char* function, const dequantize_options& options) {
  if (!blocks::offers_recipe<B>(options.as)) {
    fail_recipe<B>(function, options.as);
  }
  require_scale(function, "tensor_scale", options.tensor_scale);
  return {options.as, options.tensor_scale};
}

}  // namespace

}  // namespace narrowfp::inline v0::detail
