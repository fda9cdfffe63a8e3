// Layer: kernels/generic. All that the dispatcher sees of the set.
#pragma once

#include "../vector/no_work.hpp"
#include "encode.hpp"
#include "quantize.hpp"

#include "open.hpp"

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

struct face : no_work {
  template <scalar_format F, int Bits, class S>
  static bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
    return NARROWFP_SET::encode<F, Bits>(in, out, n, job);
  }

  template <block_type B, rounding Mode, class S>
  static constexpr bool quantizes() noexcept {
    return quantizes_words<B, Mode, S>;
  }
  template <block_type B, rounding Mode>
  static std::size_t quantize(const float* in, std::size_t n, const block_target& out, scale_rule rule,
                              const block_draws&) noexcept {
    return quantize_groups<B, Mode>(in, n, out, rule);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#include "close.hpp"
