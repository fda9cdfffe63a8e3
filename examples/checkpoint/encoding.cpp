#include "encoding.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

#include <narrowfp/layouts.hpp>
#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "magnitude.hpp"

namespace checkpoint {

losses& losses::operator+=(const losses& other) noexcept {
  not_finite += other.not_finite;
  saturated += other.saturated;
  flushed += other.flushed;
  return *this;
}

namespace {

using namespace narrowfp;

/// amax divided by what the format reaches, as the packages compute it; 1 where there is nothing to scale.
float quotient_scale(float amax, float reach) noexcept {
  const float scale = amax / reach;
  return scale > 0 ? scale : 1;
}

void append(std::vector<std::byte>& out, float scale) {
  const auto bytes = std::as_bytes(std::span(&scale, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

template <class T>
void set_bytes(std::vector<std::byte>& out, const std::vector<T>& codes) {
  const auto bytes = std::as_bytes(std::span(codes));
  out.assign(bytes.begin(), bytes.end());
}

/// Compares what was written with what was to be.
losses compared(std::span<const float> values, std::span<const float> restored,
                bool keeps_infinity) noexcept {
  std::uint32_t not_finite = 0;
  std::uint32_t saturated = 0;
  std::uint32_t flushed = 0;
  const std::uint32_t infinity_kept = keeps_infinity ? 1U : 0U;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t x = magnitude_bits(values[i]);
    const std::uint32_t y = magnitude_bits(restored[i]);
    const std::uint32_t x_finite = x < infinite_bits ? 1U : 0U;
    const std::uint32_t y_finite = y < infinite_bits ? 1U : 0U;
    const std::uint32_t x_nan = x > infinite_bits ? 1U : 0U;
    const std::uint32_t y_nan = y > infinite_bits ? 1U : 0U;
    const std::uint32_t both_infinite = (1U - x_finite - x_nan) & (1U - y_finite - y_nan);
    not_finite += (1U - x_finite) & (1U - ((x_nan & y_nan) | (infinity_kept & both_infinite)));
    saturated += x_finite & (1U - y_finite);
    flushed += x_finite & (x != 0 ? 1U : 0U) & (y == 0 ? 1U : 0U);
  }
  return {not_finite, saturated, flushed};
}

class float32_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    const auto bytes = std::as_bytes(piece.values);
    codes.assign(bytes.begin(), bytes.end());
    scales.clear();
    return {};
  }
};

/// float16 and bfloat16, rounded to nearest even.
template <class T>
class half_encoder final : public encoder {
 public:
  explicit half_encoder(const encoding_options& options) : options_(options) {}
  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    halves_.resize(piece.values.size());
    pack_options options;
    if (options_.stochastic) {
      options = {.round = rounding::stochastic, .seed = options_.seed, .first_index = piece.first};
    }
    pack(piece.values, halves_, options);
    restored_.resize(piece.values.size());
    unpack(halves_, restored_);
    set_bytes(codes, halves_);
    scales.clear();
    return compared(piece.values, restored_, true);
  }

 private:
  encoding_options options_;
  std::vector<T> halves_;
  std::vector<float> restored_;
};

/// Codes of 8 bits under scales in float: value / scale, rounded to float, is what is rounded to a code.
template <class T>
class scaled_encoder final : public encoder {
 public:
  scaled_encoder(const encoding_options& options, scale_span span) : options_(options), span_(span) {}

  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    codes_.resize(piece.values.size());
    scaled_.resize(piece.values.size());
    scales.clear();
    const std::size_t rows = piece.row_length == 0 ? 0 : piece.values.size() / piece.row_length;
    if (span_ == scale_span::tensor) {
      divide(piece.values, scaled_, tensor_scale(piece.tensor_amax));
    } else if (span_ == scale_span::row) {
      for (std::size_t row = 0; row < rows; ++row) {
        const auto values = piece.values.subspan(row * piece.row_length, piece.row_length);
        const float scale = tensor_scale(largest_finite(values));
        divide(values, std::span(scaled_).subspan(row * piece.row_length, piece.row_length), scale);
        append(scales, scale);
      }
    } else {
      scale_tiles(piece, rows, scales);
    }
    pack_options options{.over = overflow::saturate};
    if (options_.stochastic) {
      options.round = rounding::stochastic;
      options.seed = options_.seed;
      options.first_index = piece.first;
    }
    pack(std::span<const float>(scaled_), codes_, options);
    set_bytes(codes, codes_);
    unpack(codes_, std::span(scaled_));
    return compared(piece.values, scaled_, false);
  }

  static float tensor_scale(float amax) noexcept {
    // Tapered hif8 has its most precise binades around 1, up to 15.
    const float reach = std::is_same_v<T, hif8> ? 15.0F : static_cast<float>(std::numeric_limits<T>::max());
    return quotient_scale(amax, reach);
  }

 private:
  static void divide(std::span<const float> in, std::span<float> out, float scale) noexcept {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = in[i] / scale;
    }
  }

  void scale_tiles(const matrix_piece& piece, std::size_t rows, std::vector<std::byte>& scales) {
    const std::size_t columns = piece.row_length;
    const std::size_t across = (columns + tile_columns - 1) / tile_columns;
    for (std::size_t top = 0; top < rows; top += tile_rows) {
      const std::size_t bottom = std::min<std::size_t>(top + tile_rows, rows);
      amax_.assign(across, 0);
      for (std::size_t row = top; row < bottom; ++row) {
        for (std::size_t t = 0; t < across; ++t) {
          const std::size_t left = t * tile_columns;
          const std::size_t n = std::min<std::size_t>(tile_columns, columns - left);
          amax_[t] = std::max(amax_[t], largest_finite(piece.values.subspan(row * columns + left, n)));
        }
      }
      for (float& scale : amax_) {
        scale = tensor_scale(scale);
        append(scales, scale);
      }
      for (std::size_t row = top; row < bottom; ++row) {
        for (std::size_t t = 0; t < across; ++t) {
          const std::size_t left = row * columns + t * tile_columns;
          const std::size_t n = std::min<std::size_t>(tile_columns, columns - t * tile_columns);
          divide(piece.values.subspan(left, n), std::span(scaled_).subspan(left, n), amax_[t]);
        }
      }
    }
  }

  encoding_options options_;
  scale_span span_;
  std::vector<T> codes_;
  std::vector<float> scaled_;
  std::vector<float> amax_;
};

scale_rule rule_of(scale_rule_name name, scale_rule otherwise) noexcept {
  switch (name) {
    case scale_rule_name::floor:
      return scale_rule::floor;
    case scale_rule_name::ceil:
      return scale_rule::ceil;
    case scale_rule_name::rceil:
      return scale_rule::rceil;
    case scale_rule_name::even:
      return scale_rule::even;
    case scale_rule_name::search_mse:
      return scale_rule::search_mse;
    case scale_rule_name::four_over_six:
      return scale_rule::four_over_six;
    case scale_rule_name::by_format:
      break;
  }
  return otherwise;
}

/// Blocks along the rows, their codes and scales in tensors of their own.
template <class B>
class block_encoder final : public encoder {
 public:
  explicit block_encoder(const encoding_options& options) : options_(options) {}

  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    const std::size_t blocks = piece.values.size() / B::elements;
    codes.resize(blocks * B::code_bytes);
    scales.resize(blocks * B::metadata_bytes);
    const float whole = std::is_same_v<B, nvfp4> ? tensor_scale(piece.tensor_amax) : 1.0F;
    // The OCP rule, floor, clips up to a quarter of a block's range; rceil is the one that never does.
    quantize_options options{
        .scale =
            rule_of(options_.rule, std::is_same_v<B, nvfp4> || std::is_same_v<B, hif4> ? scale_rule::native
                                                                                       : scale_rule::rceil),
        .tensor_scale = whole};
    if (options_.stochastic) {
      options.round = rounding::stochastic;
      options.seed = options_.seed;
      options.first_index = piece.first;
    }
    quantize<B>(piece.values, split_blocks{codes, scales}, options);
    restored_.resize(piece.values.size());
    dequantize<B>(const_split_blocks{codes, scales}, std::span(restored_), {.tensor_scale = whole});
    losses lost = compared(piece.values, restored_, false);
    if (options_.rule == scale_rule_name::floor || options_.rule == scale_rule_name::even) {
      lost.saturated += clipped(piece.values);
    }
    return lost;
  }

  static float tensor_scale(float amax) noexcept {
    return amax > 0 ? nvfp4_tensor_scale(std::span<const float>(&amax, 1)) : 1.0F;
  }

 private:
  /// Elements that lie a spacing or more beyond what their block reaches.
  [[nodiscard]] std::uint64_t clipped(std::span<const float> values) const noexcept {
    std::uint64_t count = 0;
    for (std::size_t start = 0; start < values.size(); start += B::elements) {
      float largest = 0;
      for (std::size_t i = start; i < start + B::elements; ++i) {
        largest = std::max(largest, std::fabs(restored_[i]));
      }
      for (std::size_t i = start; i < start + B::elements; ++i) {
        count += std::fabs(restored_[i]) == largest && std::fabs(values[i]) > largest * 1.125F ? 1U : 0U;
      }
    }
    return count;
  }

  encoding_options options_;
  std::vector<float> restored_;
};

/// HiF4 units of 36 bytes: scale, level bits, codes, as the library stores them.
class hif4_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    units_.resize(piece.values.size() / hif4::elements);
    quantize(piece.values, units_);
    set_bytes(codes, units_);
    scales.clear();
    restored_.resize(piece.values.size());
    dequantize(units_, restored_);
    return compared(piece.values, restored_, false);
  }

 private:
  std::vector<hif4> units_;
  std::vector<float> restored_;
};

/// ggml's blocks with a scale in float16, as gguf-py 0.19.0 quantizes them.
template <int Kind>
class ggml_encoder final : public encoder {
 public:
  static constexpr std::size_t block_bytes = Kind == 80 ? 34 : Kind == 40 ? 18 : 20;

  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    scales.clear();
    codes.resize(piece.values.size() / 32 * block_bytes);
    losses lost;
    for (std::size_t b = 0; b < piece.values.size() / 32; ++b) {
      lost += one(piece.values.subspan(b * 32, 32), codes.data() + b * block_bytes);
    }
    return lost;
  }

 private:
  static void put_half(std::byte* place, float value) noexcept {
    const std::uint16_t bits = float16(value).bits();
    std::memcpy(place, &bits, sizeof bits);
  }
  static int clamped(float x, int low, int high) noexcept {
    return x >= static_cast<float>(high) ? high : x > static_cast<float>(low) ? static_cast<int>(x) : low;
  }

  static losses one(std::span<const float> x, std::byte* out) noexcept {
    losses lost;
    for (const float v : x) {
      lost.not_finite += std::isfinite(v) ? 0U : 1U;
    }
    if (lost.not_finite > 0) {
      // A scale that is NaN says that the block is lost; integers have no other way.
      std::memset(out, 0, block_bytes);
      const std::uint16_t nan = 0x7E00;
      std::memcpy(out, &nan, sizeof nan);
      lost.not_finite = 32;
      return lost;
    }
    int q[32];
    if constexpr (Kind == 80) {
      float amax = 0;
      for (const float v : x) {
        amax = std::max(amax, std::fabs(v));
      }
      const float d = amax / 127;
      const float inverse = d == 0 ? 0 : 1 / d;
      put_half(out, d);
      for (std::size_t i = 0; i < 32; ++i) {
        const float scaled = x[i] * inverse;
        q[i] = clamped(std::copysign(std::floor(std::fabs(scaled) + 0.5F), scaled), -127, 127);
        out[2 + i] = static_cast<std::byte>(q[i]);
        lost.flushed += q[i] == 0 && x[i] != 0 ? 1U : 0U;
      }
    } else if constexpr (Kind == 40) {
      std::size_t place = 0;
      for (std::size_t i = 0; i < 32; ++i) {
        place = std::fabs(x[i]) > std::fabs(x[place]) ? i : place;
      }
      const float d = x[place] / -8;
      const float inverse = d == 0 ? 0 : 1 / d;
      put_half(out, d);
      for (std::size_t i = 0; i < 32; ++i) {
        q[i] = clamped(std::trunc(x[i] * inverse + 8.5F), 0, 15);
        lost.flushed += q[i] == 8 && x[i] != 0 ? 1U : 0U;
      }
    } else {
      const auto [low, high] = std::minmax_element(x.begin(), x.end());
      const float d = (*high - *low) / 15;
      const float inverse = d == 0 ? 0 : 1 / d;
      put_half(out, d);
      put_half(out + 2, *low);
      for (std::size_t i = 0; i < 32; ++i) {
        q[i] = clamped(std::trunc((x[i] - *low) * inverse + 0.5F), 0, 15);
      }
    }
    if constexpr (Kind != 80) {
      std::byte* nibbles = out + (Kind == 40 ? 2 : 4);
      for (std::size_t j = 0; j < 16; ++j) {
        nibbles[j] = static_cast<std::byte>(q[j] | q[j + 16] << 4);
      }
    }
    return lost;
  }
};

/// ggml's MXFP4 and NVFP4, by ggml's arithmetic.
template <class B, class Block, std::size_t PerBlock>
class ggml_block_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                std::vector<std::byte>& scales) override {
    scales.clear();
    blocks_.resize(piece.values.size() / B::elements);
    quantize(piece.values, blocks_, {.as = recipe::ggml});
    out_.resize(blocks_.size() / PerBlock);
    to_ggml(std::span<const B>(blocks_), std::span(out_));
    set_bytes(codes, out_);
    restored_.resize(piece.values.size());
    dequantize(blocks_, restored_, {.as = recipe::ggml});
    return compared(piece.values, restored_, false);
  }

 private:
  std::vector<B> blocks_;
  std::vector<Block> out_;
  std::vector<float> restored_;
};

using options_ref = const encoding_options&;

template <class E>
std::unique_ptr<encoder> make_plain(options_ref) {
  return std::make_unique<E>();
}
template <class E>
std::unique_ptr<encoder> make_with(options_ref options) {
  return std::make_unique<E>(options);
}
template <class T, scale_span Span>
std::unique_ptr<encoder> make_scaled(options_ref options) {
  return std::make_unique<scaled_encoder<T>>(options, Span);
}

constexpr target_format formats[] = {
    {"f32", "float", 32, scale_span::none, 1, 0, false, true, make_plain<float32_encoder>},
    {"bf16", "bfloat16, to nearest even", 16, scale_span::none, 1, 0, false, true,
     make_with<half_encoder<bfloat16>>},
    {"f16", "float16, to nearest even", 16, scale_span::none, 1, 0, false, true,
     make_with<half_encoder<float16>>},
    {"fp8", "E4M3, a float scale for the tensor", 8, scale_span::tensor, 1, 4, true, false,
     make_scaled<fp8_e4m3, scale_span::tensor>},
    {"fp8-channel", "E4M3, a float scale a row", 8, scale_span::row, 1, 4, false, false,
     make_scaled<fp8_e4m3, scale_span::row>},
    {"fp8-block", "E4M3, a float scale for 128 x 128", 8, scale_span::tile, 1, 4, false, false,
     make_scaled<fp8_e4m3, scale_span::tile>},
    {"mxfp8", "E4M3, a power of two for 32", 8, scale_span::group, 32, 1, false, false,
     make_with<block_encoder<mxfp8_e4m3>>},
    {"mxfp6", "E2M3, a power of two for 32", 6, scale_span::group, 32, 1, false, false,
     make_with<block_encoder<mxfp6_e2m3>>},
    {"mxfp4", "E2M1, a power of two for 32", 4, scale_span::group, 32, 1, false, false,
     make_with<block_encoder<mxfp4>>},
    {"nvfp4", "E2M1, an E4M3 scale for 16, a float for the tensor", 4, scale_span::group, 16, 1, true, false,
     make_with<block_encoder<nvfp4>>},
    {"q8_0", "ggml: integers of 8 bits, a float16 scale for 32", 0, scale_span::none, 32, 0, false, false,
     make_plain<ggml_encoder<80>>},
    {"q4_0", "ggml: integers of 4 bits, a float16 scale for 32", 0, scale_span::none, 32, 0, false, false,
     make_plain<ggml_encoder<40>>},
    {"q4_1", "ggml: integers of 4 bits, a float16 scale and minimum for 32", 0, scale_span::none, 32, 0,
     false, false, make_plain<ggml_encoder<41>>},
    {"ggml-mxfp4", "mxfp4 in ggml's blocks", 0, scale_span::none, 32, 0, false, false,
     make_plain<ggml_block_encoder<mxfp4, ggml_block_mxfp4, 1>>},
    {"ggml-nvfp4", "nvfp4 in ggml's blocks, no scale for the tensor", 0, scale_span::none, 64, 0, false,
     false, make_plain<ggml_block_encoder<nvfp4, ggml_block_nvfp4, 4>>},
    {"hif8", "HiF8, a float scale for the tensor", 8, scale_span::tensor, 1, 4, true, false,
     make_scaled<hif8, scale_span::tensor>},
    {"hif4", "HiF4 units of 64", 0, scale_span::none, 64, 0, false, false, make_plain<hif4_encoder>},
};

}  // namespace

std::span<const target_format> target_formats() noexcept { return formats; }

const target_format* find_target_format(std::string_view name) noexcept {
  for (const target_format& format : formats) {
    if (format.name == name) {
      return &format;
    }
  }
  return nullptr;
}

float tensor_scale_of(const target_format& format, float amax) noexcept {
  if (format.name == "nvfp4") {
    return block_encoder<nvfp4>::tensor_scale(amax);
  }
  return format.name == "hif8" ? scaled_encoder<hif8>::tensor_scale(amax)
                               : scaled_encoder<fp8_e4m3>::tensor_scale(amax);
}

}  // namespace checkpoint
