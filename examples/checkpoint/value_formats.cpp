// Formats that stand alone, with one scale for the tensor where their range asks for it.
#include <array>
#include <cmath>
#include <cstring>

#include <narrowfp/narrowfp.hpp>

#include "trial.hpp"

namespace checkpoint {

namespace {

/// The smallest power of two that divides amax down to `target` at most. A power of two makes scaling exact,
/// so that the format's own rounding is all that is measured.
float covering_power_of_two(float amax, double target) noexcept {
  if (amax == 0) {
    return 1;
  }
  int exponent = std::ilogb(double{amax} / target);
  exponent += std::ldexp(target, exponent) < double{amax} ? 1 : 0;
  // Both the scale and its reciprocal must be normal floats.
  exponent = exponent < -126 ? -126 : exponent > 126 ? 126 : exponent;
  return std::ldexp(1.0F, exponent);
}

/// Beyond this a magnitude no longer rounds to the largest value: half a spacing.
template <class T>
double reach_of() noexcept {
  const double largest = static_cast<double>(std::numeric_limits<T>::max());
  return largest + std::ldexp(0.5, T::format::ulp_exponent(std::ilogb(largest)));
}

enum class scaling { none, to_largest, to_densest };

/// Where amax is brought to. Tapered hif8 has its most precise binades around 1, up to 15.
template <class T>
double scaling_target(scaling scaled) noexcept {
  return scaled == scaling::to_densest ? 15 : static_cast<double>(std::numeric_limits<T>::max());
}

template <class T, scaling Scaled>
class value_trial : public trial {
 public:
  void begin(float amax) override {
    result_ = {};
    if constexpr (Scaled != scaling::none) {
      tensor_scale_ = covering_power_of_two(amax, scaling_target<T>(Scaled));
    }
  }

  void add(std::span<const float> values, std::size_t) override {
    codes_.resize(values.size());
    restored_.resize(values.size());
    narrowfp::pack(values, codes_, options());
    narrowfp::unpack(codes_, restored_, {.scale = tensor_scale_});
    const float largest = static_cast<float>(std::numeric_limits<T>::max()) * tensor_scale_;
    const double reach = reach_of<T>() * double{tensor_scale_};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool at_end = std::fabs(restored_[i]) == largest;
      result_.add(values[i], restored_[i], at_end ? reach : std::numeric_limits<double>::infinity());
    }
    result_.values += values.size();
    result_.bits += values.size() * static_cast<unsigned>(T::format::width);
  }

  void store(std::span<const float> values, std::size_t, std::vector<std::byte>& codes,
             std::vector<std::byte>&) override {
    codes_.resize(values.size());
    narrowfp::pack(values, codes_, options());
    const auto bytes = std::as_bytes(std::span(codes_));
    codes.insert(codes.end(), bytes.begin(), bytes.end());
  }

 private:
  [[nodiscard]] narrowfp::pack_options options() const noexcept {
    // A format that serves without a scale keeps infinities; one with a scale has none to spare for them.
    constexpr auto over = Scaled == scaling::none ? narrowfp::overflow::native : narrowfp::overflow::saturate;
    return {.over = over, .scale = 1 / tensor_scale_};
  }

  std::vector<T> codes_;
  std::vector<float> restored_;
};

template <class T, scaling Scaled>
std::unique_ptr<trial> make() {
  return std::make_unique<value_trial<T, Scaled>>();
}

constexpr storage bf16_storage = {"BF16", "", 16, 0, false};
constexpr storage f16_storage = {"F16", "", 16, 0, false};
constexpr storage e4m3_storage = {"F8_E4M3", "F32", 8, 0, false};
constexpr storage e5m2_storage = {"F8_E5M2", "F32", 8, 0, false};
constexpr storage e4m3fnuz_storage = {"F8_E4M3FNUZ", "F32", 8, 0, false};
constexpr storage e5m2fnuz_storage = {"F8_E5M2FNUZ", "F32", 8, 0, false};

using namespace narrowfp;

constexpr scaling none = scaling::none;
constexpr scaling to_largest = scaling::to_largest;
constexpr const char* scaled_words = "one power-of-two scale for the tensor, amax to the largest value";

constexpr number_format formats[] = {
    {"bfloat16", "no scale", true, &bf16_storage, 0, make<bfloat16, none>},
    {"float16", "no scale", true, &f16_storage, 0, make<float16, none>},
    {"fp8_e4m3", scaled_words, true, &e4m3_storage, 32, make<fp8_e4m3, to_largest>},
    {"fp8_e5m2", scaled_words, true, &e5m2_storage, 32, make<fp8_e5m2, to_largest>},
    {"fp8_e3m4", scaled_words, false, nullptr, 32, make<fp8_e3m4, to_largest>},
    {"fp8_e4m3_ieee", scaled_words, false, nullptr, 32, make<fp8_e4m3_ieee, to_largest>},
    {"fp8_e4m3fnuz", scaled_words, false, &e4m3fnuz_storage, 32, make<fp8_e4m3fnuz, to_largest>},
    {"fp8_e5m2fnuz", scaled_words, false, &e5m2fnuz_storage, 32, make<fp8_e5m2fnuz, to_largest>},
    {"fp8_e4m3b11fnuz", scaled_words, false, nullptr, 32, make<fp8_e4m3b11fnuz, to_largest>},
    {"hif8", "one power-of-two scale for the tensor, amax to 15 at most, where hif8 is densest", true,
     nullptr, 32, make<hif8, scaling::to_densest>},
    {"fp6_e3m2", scaled_words, false, nullptr, 32, make<fp6_e3m2, to_largest>},
    {"fp6_e2m3", scaled_words, false, nullptr, 32, make<fp6_e2m3, to_largest>},
    {"fp4_e2m1", scaled_words, false, nullptr, 32, make<fp4_e2m1, to_largest>},
    {"fp4_e1m2", scaled_words, false, nullptr, 32, make<fp4_e1m2, to_largest>},
};

}  // namespace

std::span<const number_format> value_formats() noexcept { return formats; }

}  // namespace checkpoint
