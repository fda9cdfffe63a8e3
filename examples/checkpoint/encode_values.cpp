// Encoders of what is rounded value by value: floats of 32 and 16 bits, codes of 8 bits under a scale.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <narrowfp/narrowfp.hpp>

#include "encoders.hpp"
#include "number_loops.hpp"

namespace checkpoint {

namespace {

using namespace narrowfp;

template <class T>
std::span<T> codes_in(const encoded_piece& out) {
  return as_values<T>(out.codes);
}

pack_options rounding_of(const encoding_options& options, std::uint64_t first) {
  return options.stochastic
             ? pack_options{.round = rounding::stochastic, .seed = options.seed, .first_index = first}
             : pack_options{};
}

/// Beyond this a magnitude no longer rounds to the largest value: half a spacing.
template <class T>
float reach_of() noexcept {
  const float largest = static_cast<float>(std::numeric_limits<T>::max());
  return largest + std::ldexp(0.5F, T::format::ulp_exponent(std::ilogb(largest)));
}

class float32_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    std::memcpy(out.codes.data(), piece.values.data(), piece.values.size_bytes());
    return {};
  }
};

/// float16 and bfloat16, rounded to nearest even.
template <class T>
class half_encoder final : public encoder {
 public:
  explicit half_encoder(const encoding_options& options) : options_(options) {}
  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    const std::span<T> halves = codes_in<T>(out);
    pack(piece.values, halves, rounding_of(options_, piece.first));
    const std::span patterns(reinterpret_cast<const std::uint16_t*>(out.codes.data()), halves.size());
    return lost_in(piece.values, patterns, std::numeric_limits<T>::infinity().bits(), reach_of<T>());
  }

 private:
  encoding_options options_;
};

/// Codes of 8 bits under scales in float: value / scale, rounded to float, is what is rounded to a code.
template <class T>
class scaled_encoder final : public encoder {
 public:
  scaled_encoder(const encoding_options& options, scale_span span) : options_(options), span_(span) {}

  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    scaled_.resize(piece.values.size());
    const std::size_t rows = piece.row_length == 0 ? 0 : piece.values.size() / piece.row_length;
    if (span_ == scale_span::tensor) {
      divide(piece.values, piece.whole.factor, scaled_);
    } else if (span_ == scale_span::row) {
      for (std::size_t row = 0; row < rows; ++row) {
        const auto values = piece.values.subspan(row * piece.row_length, piece.row_length);
        const float scale = scale_of(largest_finite(values));
        divide(values, scale, std::span(scaled_).subspan(row * piece.row_length, piece.row_length));
        put(out.scales, row, scale);
      }
    } else {
      scale_tiles(piece, rows, out.scales);
    }
    pack_options options = rounding_of(options_, piece.first);
    options.over = overflow::saturate;
    pack(std::span<const float>(scaled_), codes_in<T>(out), options);
    const std::span codes(reinterpret_cast<const std::uint8_t*>(out.codes.data()), out.codes.size());
    return lost_in(piece.values, scaled_, codes, magnitude_mask(), reach_of<T>());
  }

  /// Which magnitude a scale brings the largest one to.
  static float target() noexcept {
    // Tapered hif8 has its most precise binades around 1, up to 15.
    return std::is_same_v<T, hif8> ? 15.0F : static_cast<float>(std::numeric_limits<T>::max());
  }

 private:
  static float scale_of(float amax) noexcept {
    const float scale = amax / target();
    return scale > 0 ? scale : 1;
  }

  static void put(std::span<std::byte> scales, std::size_t i, float scale) noexcept {
    std::memcpy(scales.data() + i * sizeof scale, &scale, sizeof scale);
  }

  /// The bits of a code that are all zero in zeros only: without the sign, where there is a negative zero.
  static std::uint8_t magnitude_mask() noexcept {
    return static_cast<float>(T::from_bits(0x80)) == 0 ? 0x7F : 0xFF;
  }

  void scale_tiles(const matrix_piece& piece, std::size_t rows, std::span<std::byte> scales) {
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
      for (std::size_t t = 0; t < across; ++t) {
        amax_[t] = scale_of(amax_[t]);
        put(scales, top / tile_rows * across + t, amax_[t]);
      }
      for (std::size_t row = top; row < bottom; ++row) {
        for (std::size_t t = 0; t < across; ++t) {
          const std::size_t left = row * columns + t * tile_columns;
          const std::size_t n = std::min<std::size_t>(tile_columns, columns - t * tile_columns);
          divide(piece.values.subspan(left, n), amax_[t], std::span(scaled_).subspan(left, n));
        }
      }
    }
  }

  encoding_options options_;
  scale_span span_;
  std::vector<float> scaled_;
  std::vector<float> amax_;
};

}  // namespace

std::unique_ptr<encoder> make_float32(const encoding_options&) { return std::make_unique<float32_encoder>(); }
std::unique_ptr<encoder> make_bfloat16(const encoding_options& options) {
  return std::make_unique<half_encoder<bfloat16>>(options);
}
std::unique_ptr<encoder> make_float16(const encoding_options& options) {
  return std::make_unique<half_encoder<float16>>(options);
}
std::unique_ptr<encoder> make_fp8_tensor(const encoding_options& options) {
  return std::make_unique<scaled_encoder<fp8_e4m3>>(options, scale_span::tensor);
}
std::unique_ptr<encoder> make_fp8_row(const encoding_options& options) {
  return std::make_unique<scaled_encoder<fp8_e4m3>>(options, scale_span::row);
}
std::unique_ptr<encoder> make_fp8_tile(const encoding_options& options) {
  return std::make_unique<scaled_encoder<fp8_e4m3>>(options, scale_span::tile);
}
std::unique_ptr<encoder> make_hif8(const encoding_options& options) {
  return std::make_unique<scaled_encoder<hif8>>(options, scale_span::tensor);
}

float fp8_reach() noexcept { return scaled_encoder<fp8_e4m3>::target(); }
float hif8_reach() noexcept { return scaled_encoder<hif8>::target(); }

bool offers_single(const encoding_options& options) noexcept {
  return !options.rule && options.as == recipe::native;
}

bool offers_nothing(const encoding_options& options) noexcept {
  return offers_single(options) && !options.stochastic;
}

}  // namespace checkpoint
