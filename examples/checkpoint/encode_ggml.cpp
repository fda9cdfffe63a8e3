// Encoders of ggml's blocks: integers under a scale in float16, as gguf-py 0.19.0 quantizes them, and MXFP4
// and NVFP4 by ggml's arithmetic.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include <narrowfp/layouts.hpp>
#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "encoders.hpp"
#include "number_loops.hpp"

namespace checkpoint {

namespace {

using namespace narrowfp;

constexpr std::size_t block_elements = 32;
using integers = std::array<int, block_elements>;

/// Returns the value of what is stored.
float put_half(std::byte* place, float value) noexcept {
  const float16 half(value);
  const std::uint16_t bits = half.bits();
  std::memcpy(place, &bits, sizeof bits);
  return static_cast<float>(half);
}

/// Truncated, and no further than `low` and `high`. NaN, of a scale that has no reciprocal, becomes `low`.
int clamped(float x, int low, int high) noexcept {
  return x >= static_cast<float>(high) ? high : x > static_cast<float>(low) ? static_cast<int>(x) : low;
}

/// The largest magnitude as a pattern: finite where all are. Without a branch, for vectors.
std::int32_t largest_pattern(std::span<const float> x) noexcept {
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < block_elements; ++i) {
    const std::int32_t magnitude = std::bit_cast<std::int32_t>(x[i]) & 0x7FFF'FFFF;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

/// Ordered as the numbers are, for vectors to compare: negative ones the other way round.
std::int32_t ordered(float x) noexcept {
  const auto pattern = std::bit_cast<std::int32_t>(x);
  return pattern ^ ((pattern >> 31) & 0x7FFF'FFFF);
}
float of_order(std::int32_t order) noexcept {
  return std::bit_cast<float>(order ^ ((order >> 31) & 0x7FFF'FFFF));
}

/// The first of the smallest and the last of the largest, as std::minmax_element finds them: signs of zeros
/// are stored.
std::pair<float, float> range_of(std::span<const float> x) noexcept {
  std::int32_t low = ordered(x[0]);
  std::int32_t high = low;
  for (std::size_t i = 0; i < block_elements; ++i) {
    const std::int32_t order = ordered(x[i]);
    low = order < low ? order : low;
    high = order > high ? order : high;
  }
  if (of_order(low) != 0 && of_order(high) != 0) {
    return {of_order(low), of_order(high)};
  }
  const auto [first, last] = std::minmax_element(x.begin(), x.end());
  return {*first, *last};
}

// Where the reciprocal of the scale is finite, products are near enough to the integers' range to be
// converted without a look at each: loops that become vector code.

int at_most(int high, float x) noexcept {
  const int q = static_cast<int>(x);
  return q < high ? q : high;
}

/// Element j in the low nibble of byte j, element j + 16 in the high one.
void put_nibbles(std::byte* place, const integers& q) noexcept {
  for (std::size_t j = 0; j < block_elements / 2; ++j) {
    place[j] = static_cast<std::byte>(q[j] | q[j + 16] << 4);
  }
}

float inverse_of(float d) noexcept { return d == 0 ? 0 : 1 / d; }

// Each writes a block of finite numbers and gives the numbers that it then holds.

struct q8_0_block {
  static constexpr std::size_t bytes = 34;

  static void put(std::span<const float> x, std::byte* out, float* restored) noexcept {
    const float d = std::bit_cast<float>(largest_pattern(x)) / 127;
    const float inverse = inverse_of(d);
    const float stored = put_half(out, d);
    integers q{};
    if (std::isfinite(inverse)) {
      for (std::size_t i = 0; i < block_elements; ++i) {
        const float scaled = x[i] * inverse;
        const int magnitude = at_most(127, std::fabs(scaled) + 0.5F);
        q[i] = scaled < 0 ? -magnitude : magnitude;
      }
    } else {
      for (std::size_t i = 0; i < block_elements; ++i) {
        const float scaled = x[i] * inverse;
        q[i] = clamped(std::copysign(std::floor(std::fabs(scaled) + 0.5F), scaled), -127, 127);
      }
    }
    for (std::size_t i = 0; i < block_elements; ++i) {
      out[2 + i] = static_cast<std::byte>(q[i]);
      restored[i] = stored * static_cast<float>(q[i]);
    }
  }
};

struct q4_0_block {
  static constexpr std::size_t bytes = 18;

  static void put(std::span<const float> x, std::byte* out, float* restored) noexcept {
    // The first of the largest magnitude, with its sign.
    const std::int32_t largest = largest_pattern(x);
    std::size_t place = 0;
    while ((std::bit_cast<std::int32_t>(x[place]) & 0x7FFF'FFFF) != largest) {
      ++place;
    }
    const float d = x[place] / -8;
    const float inverse = inverse_of(d);
    const float stored = put_half(out, d);
    integers q{};
    if (std::isfinite(inverse)) {
      for (std::size_t i = 0; i < block_elements; ++i) {
        q[i] = at_most(15, x[i] * inverse + 8.5F);
      }
    } else {
      for (std::size_t i = 0; i < block_elements; ++i) {
        q[i] = clamped(std::trunc(x[i] * inverse + 8.5F), 0, 15);
      }
    }
    for (std::size_t i = 0; i < block_elements; ++i) {
      restored[i] = stored * static_cast<float>(q[i] - 8);
    }
    put_nibbles(out + 2, q);
  }
};

struct q4_1_block {
  static constexpr std::size_t bytes = 20;

  static void put(std::span<const float> x, std::byte* out, float* restored) noexcept {
    const auto [low, high] = range_of(x);
    const float d = (high - low) / 15;
    const float inverse = inverse_of(d);
    const float stored = put_half(out, d);
    const float stored_low = put_half(out + 2, low);
    integers q{};
    if (std::isfinite(inverse) && std::isfinite(d)) {
      for (std::size_t i = 0; i < block_elements; ++i) {
        q[i] = at_most(15, (x[i] - low) * inverse + 0.5F);
      }
    } else {
      for (std::size_t i = 0; i < block_elements; ++i) {
        q[i] = clamped(std::trunc((x[i] - low) * inverse + 0.5F), 0, 15);
      }
    }
    for (std::size_t i = 0; i < block_elements; ++i) {
      restored[i] = stored * static_cast<float>(q[i]) + stored_low;
    }
    put_nibbles(out + 4, q);
  }
};

template <class Block>
class integer_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    restored_.resize(piece.values.size());
    losses lost;
    for (std::size_t first = 0; first < piece.values.size(); first += block_elements) {
      const auto x = piece.values.subspan(first, block_elements);
      std::byte* const place = out.codes.data() + first / block_elements * Block::bytes;
      if (largest_pattern(x) < 0x7F80'0000) {
        Block::put(x, place, restored_.data() + first);
        continue;
      }
      // A scale that is NaN says that the block is lost; integers have no other way.
      std::memset(place, 0, Block::bytes);
      const std::uint16_t nan = 0x7E00;
      std::memcpy(place, &nan, sizeof nan);
      std::copy(x.begin(), x.end(), restored_.begin() + static_cast<std::ptrdiff_t>(first));
      lost.not_finite += block_elements;
    }
    // Infinities among the restored of lost blocks are counted there.
    lost += lost_in(piece.values, restored_, true);
    return lost;
  }

 private:
  std::vector<float> restored_;
};

/// ggml's MXFP4 and NVFP4.
template <class B, class Block, std::size_t PerBlock>
class float_encoder final : public encoder {
 public:
  losses encode(const matrix_piece& piece, const encoded_piece& out) override {
    blocks_.resize(piece.values.size() / B::elements);
    quantize(piece.values, blocks_, {.as = recipe::ggml});
    out_.resize(blocks_.size() / PerBlock);
    to_ggml(std::span<const B>(blocks_), std::span(out_));
    std::memcpy(out.codes.data(), out_.data(), out.codes.size());
    restored_.resize(piece.values.size());
    dequantize(blocks_, restored_, {.as = recipe::ggml});
    losses lost = lost_in(piece.values, restored_, false);
    lost.saturated += clipped(piece.values);
    return lost;
  }

 private:
  /// Elements a third or more beyond the largest magnitude of their block, 6 under its scale: what is not
  /// rounding any more. Scales are chosen by floor, or end at 448.
  [[nodiscard]] std::uint64_t clipped(std::span<const float> values) const noexcept {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float x = std::fabs(values[i]);
      const float y = std::fabs(restored_[i]);
      const bool is_largest = (blocks_[i / B::elements].code(i % B::elements) & 7U) == 7U;
      count += is_largest && std::isfinite(x) && x * 3 >= y * 4 ? 1U : 0U;
    }
    return count;
  }

  std::vector<B> blocks_;
  std::vector<Block> out_;
  std::vector<float> restored_;
};

}  // namespace

std::unique_ptr<encoder> make_q8_0(const encoding_options&) {
  return std::make_unique<integer_encoder<q8_0_block>>();
}
std::unique_ptr<encoder> make_q4_0(const encoding_options&) {
  return std::make_unique<integer_encoder<q4_0_block>>();
}
std::unique_ptr<encoder> make_q4_1(const encoding_options&) {
  return std::make_unique<integer_encoder<q4_1_block>>();
}
std::unique_ptr<encoder> make_ggml_mxfp4(const encoding_options&) {
  return std::make_unique<float_encoder<mxfp4, ggml_block_mxfp4, 1>>();
}
std::unique_ptr<encoder> make_ggml_nvfp4(const encoding_options&) {
  return std::make_unique<float_encoder<nvfp4, ggml_block_nvfp4, 4>>();
}

bool offers_ggml(const encoding_options& options) noexcept {
  return !options.rule && !options.stochastic && (options.as == recipe::native || options.as == recipe::ggml);
}

}  // namespace checkpoint
