// Formats whose elements share scales. Blocks run along the rows and never straddle two of them.
#include <cmath>
#include <type_traits>

#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "trial.hpp"

namespace checkpoint {

namespace {

using namespace narrowfp;

template <class B>
concept ocp_block = std::is_same_v<typename B::scale_type, e8m0> && B::levels == 1 && B::elements == 32;

template <class B, scale_rule Rule, bool TensorScale>
class block_trial : public trial {
  using element = typename B::element_type;

 public:
  void begin(float amax) override {
    result_ = {};
    if constexpr (TensorScale) {
      tensor_scale_ = nvfp4_tensor_scale(std::span<const float>(&amax, 1));
    }
  }

  void add(std::span<const float> values, std::size_t row_length) override {
    // Rows of whole blocks need no seams: all of them are one run.
    const std::size_t run = row_length % B::elements == 0 ? values.size() : row_length;
    for (std::size_t start = 0; start < values.size(); start += run) {
      add_run(values.subspan(start, run));
    }
  }

  void store(std::span<const float> values, std::size_t row_length, std::vector<std::byte>& codes,
             std::vector<std::byte>& scales) override {
    for (std::size_t start = 0; start < values.size(); start += row_length) {
      const auto row = values.subspan(start, row_length);
      const std::size_t blocks = block_count<B>(row.size());
      row_codes_.resize(blocks * B::code_bytes);
      row_scales_.resize(blocks * B::metadata_bytes);
      quantize<B>(row, split_blocks{row_codes_, row_scales_}, options());
      // The codes that complete the last block stand for nothing in the tensor's shape.
      const std::size_t used = row.size() * static_cast<unsigned>(element::format::width) / 8;
      codes.insert(codes.end(), row_codes_.begin(), row_codes_.begin() + static_cast<std::ptrdiff_t>(used));
      scales.insert(scales.end(), row_scales_.begin(), row_scales_.end());
    }
  }

 private:
  [[nodiscard]] quantize_options options() const noexcept {
    return {.over = overflow::saturate, .scale = Rule, .tensor_scale = tensor_scale_};
  }

  void add_run(std::span<const float> values) {
    blocks_.resize(block_count<B>(values.size()));
    restored_.resize(values.size());
    quantize(values, blocks_, options());
    dequantize(blocks_, restored_, {.tensor_scale = tensor_scale_});
    for (std::size_t i = 0; i < values.size(); ++i) {
      result_.add(values[i], restored_[i], reach(values[i], restored_[i], i));
    }
    result_.values += values.size();
    result_.bits += blocks_.size() * sizeof(B) * 8;
  }

  /// An element is clipped if it is stored as the largest one and lies a spacing or more beyond it. (A scale
  /// may leave the block's largest element less than that beyond by design, as those of HiF4 and of shared
  /// exponents do; that is rounding, and counts as noise.) The margin lets HiF4's rounded reciprocals pass.
  [[nodiscard]] double reach(float original, float restored, std::size_t i) const noexcept {
    static const double largest = double{static_cast<float>(std::numeric_limits<element>::max())};
    static const double ratio =
        1 + std::ldexp(1, element::format::ulp_exponent(std::ilogb(largest))) / largest + 0x1p-8;
    const double bound = std::fabs(double{restored}) * ratio;
    if (std::fabs(double{original}) <= bound) {
      return bound;
    }
    const std::uint32_t code = blocks_[i / B::elements].code(i % B::elements);
    const auto value = element::from_bits(static_cast<typename element::code_type>(code));
    return std::fabs(double{static_cast<float>(value)}) == largest ? bound
                                                                   : std::numeric_limits<double>::infinity();
  }

  std::vector<B> blocks_;
  std::vector<float> restored_;
  std::vector<std::byte> row_codes_;
  std::vector<std::byte> row_scales_;
};

template <class B>
std::unique_ptr<trial> make() {
  // OCP's own rule, floor, clips up to a quarter of a block's range; rceil is the one that never does.
  constexpr scale_rule rule = ocp_block<B> ? scale_rule::rceil : scale_rule::native;
  return std::make_unique<block_trial<B, rule, std::is_same_v<B, nvfp4>>>();
}

constexpr storage mxfp8_e4m3_storage = {"F8_E4M3", "F8_E8M0", 8, 32, false};
constexpr storage mxfp8_e5m2_storage = {"F8_E5M2", "F8_E8M0", 8, 32, false};
constexpr storage mxfp6_e3m2_storage = {"F6_E3M2", "F8_E8M0", 6, 32, false};
constexpr storage mxfp6_e2m3_storage = {"F6_E2M3", "F8_E8M0", 6, 32, false};
constexpr storage mxfp4_storage = {"F4", "F8_E8M0", 4, 32, false};
constexpr storage nvfp4_storage = {"F4", "F8_E4M3", 4, 16, true};

constexpr const char* mx_words = "a power-of-two scale per 32, the smallest that clips nothing (rceil)";
constexpr const char* hif_words = "an E6M2 scale per 64, a bit per 8, a bit per 4";
constexpr const char* microexponent_words = "an exponent per 16, a bit per 2";
constexpr const char* msfp_words = "an exponent per 16";

constexpr number_format formats[] = {
    {"mxfp8_e4m3", mx_words, true, &mxfp8_e4m3_storage, 0, make<mxfp8_e4m3>},
    {"mxfp8_e5m2", mx_words, false, &mxfp8_e5m2_storage, 0, make<mxfp8_e5m2>},
    {"mxint8", mx_words, true, nullptr, 0, make<mxint8>},
    {"q8_0", "a float16 scale per 32", false, nullptr, 0, make<q8_0>},
    {"mxfp6_e3m2", mx_words, false, &mxfp6_e3m2_storage, 0, make<mxfp6_e3m2>},
    {"mxfp6_e2m3", mx_words, true, &mxfp6_e2m3_storage, 0, make<mxfp6_e2m3>},
    {"mxfp4", mx_words, true, &mxfp4_storage, 0, make<mxfp4>},
    {"nvfp4", "an E4M3 scale per 16, a float for the tensor", true, &nvfp4_storage, 32, make<nvfp4>},
    {"hif4", hif_words, true, nullptr, 0, make<hif4>},
    {"hif5", hif_words, false, nullptr, 0, make<hif5>},
    {"mx9", microexponent_words, false, nullptr, 0, make<mx9>},
    {"mx6", microexponent_words, true, nullptr, 0, make<mx6>},
    {"mx4", microexponent_words, false, nullptr, 0, make<mx4>},
    {"msfp12", msfp_words, false, nullptr, 0, make<msfp12>},
    {"msfp16", msfp_words, false, nullptr, 0, make<msfp16>},
};

}  // namespace

std::span<const number_format> block_formats() noexcept { return formats; }

}  // namespace checkpoint
