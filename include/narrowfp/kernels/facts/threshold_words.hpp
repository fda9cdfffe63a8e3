// Layer: kernels/facts. The thresholds of facts/thresholds.hpp as words, for kernels in 16-bit lanes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/job.hpp"
#include "../../core/bits.hpp"
#include "../../core/real.hpp"
#include "scale_choice.hpp"
#include "thresholds.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// By the leading bits of a scale's fraction: the largest word below rank i + 1, eight times, as a vector.
template <block_type B>
struct threshold_words {
  static constexpr std::size_t classes = std::size_t{1} << scale_class_bits<B>;
  static constexpr std::size_t count = class_thresholds<B>::count;
  alignas(16) std::uint16_t below[classes][count][8];
};

template <block_type B>
struct threshold_word_builder {
  struct result {
    threshold_words<B> data;
    bool exist;  ///< no threshold has bits below a word's last but one
  };

  static constexpr result build() noexcept {
    result r{{}, true};
    for (std::size_t at = 0; at < threshold_words<B>::classes; ++at) {
      for (std::size_t i = 0; i < threshold_words<B>::count; ++i) {
        // Where the threshold itself reaches the rank, this is one less than the threshold.
        const auto below =
            static_cast<std::uint32_t>(threshold_table<B, rounding::nearest_even>[at].below_rank[i]);
        r.exist = r.exist && (below + 1) >> 17 << 17 == ((below + 1) & ~std::uint32_t{1});
        for (std::uint16_t& lane : r.data.below[at][i]) {
          lane = static_cast<std::uint16_t>(below >> 16);
        }
      }
    }
    return r;
  }
};

template <block_type B>
inline constexpr auto threshold_words_of = [] {
  if constexpr (has_thresholds<B>) {
    return threshold_word_builder<B>::build();
  } else {
    struct none {
      bool exist;
    };
    return none{false};
  }
}();

/// Ratios of words to the largest element, rounded to odd: the scales of B are told apart by these as by the
/// exact ones where no boundary times that element has more bits than a word's significand but one.
template <block_type B>
struct word_ratio {
  using SF = typename B::scale_format;
  static constexpr core::real largest = B::facts::largest;
  static constexpr int zeros = __builtin_ctzll(largest.significand);
  static constexpr std::uint32_t divisor = static_cast<std::uint32_t>(largest.significand >> zeros);
  static constexpr bool is_exact =
      core::bit_width(divisor) + core::fraction_bits_at_top<SF> + 2 <= 7 && has_float_rows<SF>;

  /// The float pattern of word / largest, rounded to odd; 0 below the normal floats.
  static constexpr std::uint32_t pattern(std::uint32_t word) noexcept {
    const std::uint32_t dividend = ((word & 0x7F) | 0x80) << 24;
    const std::uint32_t quotient = dividend / divisor;
    const int width = core::bit_width(quotient);  // 26 or more, as the divisor has 6 bits or fewer
    const std::uint32_t kept = quotient >> (width - 24);
    const std::uint32_t lost = quotient * divisor != dividend || kept << (width - 24) != quotient ? 1 : 0;
    const int field = static_cast<int>(word >> 7) - (largest.exponent + zeros) + width - 32;
    return word < 0x80 || field < 1 ? 0 : (static_cast<std::uint32_t>(field - 1) << 23) + (kept | lost);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels
