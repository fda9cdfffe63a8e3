// Encoders of blocks that the library quantizes: MX and NVFP4 with codes and scales apart, HiF4 in units.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "encoders.hpp"
#include "number_loops.hpp"

namespace checkpoint {

namespace {

using namespace narrowfp;

template <class B>
inline constexpr bool has_whole_scale = std::is_same_v<B, nvfp4>;

template <class B>
quantize_options options_of(const encoding_options& options) {
  // The OCP rule, floor, clips up to a quarter of a block's range; rceil is the one that never does. A recipe
  // has a rule of its own.
  constexpr bool is_mx = std::is_same_v<typename B::scale_type, e8m0>;
  const scale_rule own = is_mx && options.as == recipe::native ? scale_rule::rceil : scale_rule::native;
  return {.round = options.stochastic ? rounding::stochastic : rounding::native,
          .scale = options.rule.value_or(own),
          .as = options.as,
          .seed = options.seed};
}

/// The library is asked, on no elements: it refuses what a format does not have.
template <class B>
bool offers(const encoding_options& options) {
  try {
    quantize<B>(std::span<const float>(), split_blocks(), options_of<B>(options));
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

/// Whether some element may lie beyond what its block reaches.
template <class B>
bool may_clip(const encoding_options& options) noexcept {
  const bool never = options.as == recipe::native && !options.tensor_scale &&
                     (!options.rule || options.rule == scale_rule::ceil || options.rule == scale_rule::rceil);
  return std::is_same_v<B, hif4> || !never;
}

/// Elements that are stored as their block's largest value and lie a spacing or more beyond it; less is
/// rounding, as where HiF4's scale is rounded down. `scales` are the metadata of the blocks.
template <class B>
std::uint64_t clipped(std::span<const float> values, std::span<const float> restored,
                      std::span<const std::byte> scales, std::size_t stride,
                      const dequantize_options& options) {
  using element = typename B::element_type;
  static const double largest = double{static_cast<float>(std::numeric_limits<element>::max())};
  // The margin lets HiF4's rounded reciprocals pass.
  static const double ratio =
      1 + std::ldexp(1, element::format::ulp_exponent(std::ilogb(largest))) / largest + 0x1p-8;
  std::uint64_t count = 0;
  B top{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    top.set_code(i, std::numeric_limits<element>::max().bits());
  }
  std::array<float, B::elements> reached{};
  for (std::size_t start = 0; start < values.size(); start += B::elements) {
    std::memcpy(top.bytes.data(), scales.data() + start / B::elements * stride, B::metadata_bytes);
    dequantize(std::span<const B>(&top, 1), std::span<float>(reached), options);
    for (std::size_t i = 0; i < B::elements; ++i) {
      const double x = std::fabs(double{values[start + i]});
      const float y = std::fabs(restored[start + i]);
      count += std::isfinite(x) && y == std::fabs(reached[i]) && x >= double{y} * ratio ? 1U : 0U;
    }
  }
  return count;
}

/// Blocks along the rows, their codes and scales in tensors of their own.
template <class B>
class block_encoder final : public encoder {
 public:
  explicit block_encoder(const encoding_options& options)
      : options_(options_of<B>(options)),
        takes_divisor_(options.as == recipe::transformer_engine),
        may_clip_(may_clip<B>(options)) {}

  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    quantize_options options = options_;
    options.first_index = piece.first;
    if constexpr (has_whole_scale<B>) {
      options.tensor_scale = takes_divisor_ ? piece.whole.divisor : piece.whole.factor;
    }
    quantize<B>(piece.values, split_blocks{out.codes, out.scales}, options);
    if constexpr (B::element_format::width == 4) {
      const std::optional<losses> counted = counted_codes(piece, out);
      if (counted) {
        return *counted;
      }
    }
    restored_.resize(piece.values.size());
    const dequantize_options reading{.as = options.as, .tensor_scale = options.tensor_scale};
    dequantize<B>(const_split_blocks{out.codes, out.scales}, std::span(restored_), reading);
    losses lost = lost_in(piece.values, restored_, false);
    if (may_clip_) {
      lost.saturated += clipped<B>(piece.values, restored_, out.scales, B::metadata_bytes, reading);
    }
    return lost;
  }

 private:
  /// Where nothing can be lost but what became zero, its number without restoring anything: values that are
  /// not zero, less codes that are not.
  [[nodiscard]] std::optional<losses> counted_codes(const matrix_piece& piece,
                                                    const encoded_piece& out) const noexcept {
    // A scale that is zero or NaN makes other values of the codes, and so may products out of float's range.
    const auto is_usual = [](std::byte scale) {
      const auto code = std::to_integer<unsigned>(scale);
      return has_whole_scale<B> ? (code & 0x7FU) - 1U < 0x7EU : code - 1U < 0xF0U;
    };
    const float whole = piece.whole.factor;
    if (may_clip_ || whole < 0x1p-100F || whole > 0x1p100F ||
        !std::all_of(out.scales.begin(), out.scales.end(), is_usual)) {
      return std::nullopt;
    }
    const survey seen = survey_of(piece.values);
    if (!std::isfinite(seen.largest)) {
      return std::nullopt;
    }
    return losses{0, 0, seen.not_zero - magnitudes_in(out.codes)};
  }

  quantize_options options_;
  bool takes_divisor_;
  bool may_clip_;
  std::vector<float> restored_;
};

/// HiF4 units of 36 bytes: scale, level bits, codes, as the library stores them.
class hif4_encoder final : public encoder {
 public:
  explicit hif4_encoder(const encoding_options& options) : options_(options_of<hif4>(options)) {}

  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    quantize_options options = options_;
    options.first_index = piece.first;
    const auto units = as_blocks<hif4>(out.codes);
    quantize(piece.values, units, options);
    restored_.resize(piece.values.size());
    const dequantize_options reading{.as = options.as};
    dequantize(std::span<const hif4>(units), std::span(restored_), reading);
    losses lost = lost_in(piece.values, restored_, false);
    lost.saturated += clipped<hif4>(piece.values, restored_, out.codes, sizeof(hif4), reading);
    return lost;
  }

 private:
  quantize_options options_;
  std::vector<float> restored_;
};

}  // namespace

std::unique_ptr<encoder> make_mxfp8(const encoding_options& options) {
  return std::make_unique<block_encoder<mxfp8_e4m3>>(options);
}
std::unique_ptr<encoder> make_mxfp6(const encoding_options& options) {
  return std::make_unique<block_encoder<mxfp6_e2m3>>(options);
}
std::unique_ptr<encoder> make_mxfp4(const encoding_options& options) {
  return std::make_unique<block_encoder<mxfp4>>(options);
}
std::unique_ptr<encoder> make_nvfp4(const encoding_options& options) {
  return std::make_unique<block_encoder<nvfp4>>(options);
}
std::unique_ptr<encoder> make_hif4(const encoding_options& options) {
  return std::make_unique<hif4_encoder>(options);
}

float nvfp4_reach() noexcept { return static_cast<float>(nvfp4::max_finite()); }

bool offers_mxfp8(const encoding_options& options) { return offers<mxfp8_e4m3>(options); }
bool offers_mxfp6(const encoding_options& options) { return offers<mxfp6_e2m3>(options); }
bool offers_mxfp4(const encoding_options& options) { return offers<mxfp4>(options); }
bool offers_nvfp4(const encoding_options& options) { return offers<nvfp4>(options); }
bool offers_hif4(const encoding_options& options) { return offers<hif4>(options); }

}  // namespace checkpoint
