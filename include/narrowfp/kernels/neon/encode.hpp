// Layer: kernels/neon. What the dispatcher calls to encode.
#pragma once

#include "draws.hpp"
#include "encode_scales.hpp"
#include "environment.hpp"
#include "pack.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The facts that tell a format's spacings, and how elements that draws have moved are encoded, toward zero:
/// see vector/moved.hpp.
template <scalar_format F, overflow Policy>
struct moved_encoder {
  static constexpr auto& words = word_rows_of<F, rounding::stochastic, Policy>;
  static constexpr bool exists = words.exists;

  static const auto& facts() noexcept { return *unknown(&words.data); }
  template <int Bits>
  static void pack(const float* moved, std::uint8_t* out, std::size_t n) noexcept {
    pack_elements<words.flags & ~static_cast<unsigned>(flag_many_rows), Bits>(moved, out, n, 1, words.data);
  }
};

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  constexpr auto& words = word_rows_of<F, Mode, Policy>;
  constexpr auto& scales = scale_grid_of<F, Mode, Policy>;
  if constexpr (words.exists) {
    constexpr unsigned flags = words.flags & ~static_cast<unsigned>(flag_many_rows);
    if constexpr (Mode == rounding::stochastic) {
      if (is_one(job.scale)) {
        const default_environment guard(rounding::toward_zero);
        using encoder = moved_encoder<F, Policy>;
        pack_moved<Bits>(in, out, n, job, encoder::facts(), encoder::template pack<Bits>);
        return true;
      }
    } else if (is_one(job.scale)) {
      pack_elements<flags, Bits>(in, out, n, 1, words.data);
      return true;
    } else if constexpr ((flags & flag_unsigned) == 0) {
      if (scales_before_rounding(job.scale)) {
        const default_environment guard(rounding::nearest_even);
        pack_elements<flags | flag_scaled, Bits>(in, out, n, job.scale, words.data);
        return true;
      }
    }
  } else if constexpr (scales.exists && Bits == 8) {
    if (is_one(job.scale)) {
      pack_scales<Mode>(in, out, n, scales);
      return true;
    }
  }
  return false;
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_common_width(Bits) && is_vector_source<F, Bits, S>) {
    return with_constants(
        job, [&](auto mode, auto policy) { return encode_mode<F, mode, policy, Bits>(in, out, n, job); });
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
