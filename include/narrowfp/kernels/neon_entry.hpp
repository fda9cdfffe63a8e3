// Layer: kernels, NEON; neon.hpp includes this. What the dispatcher calls to encode.

#if defined(NARROWFP_NEON)

namespace narrowfp::inline v0::kernels::neon {
namespace {

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, float scale) noexcept {
  constexpr auto& words = words_of<F, Mode, Policy>;
  constexpr auto& scales = scale_lanes_of<F, Mode, Policy>;
  if constexpr (words.exists) {
    constexpr unsigned flags = words.flags & ~static_cast<unsigned>(lane_many_rows);
    if (is_one(scale)) {
      pack_words<flags, Bits>(in, out, n, 1, words.lanes);
      return true;
    }
    if constexpr ((flags & lane_unsigned) == 0) {
      if (scales_before_rounding(scale)) {
        const default_environment guard(rounding::nearest_even);
        pack_words<flags | lane_scaled, Bits>(in, out, n, scale, words.lanes);
        return true;
      }
    }
  } else if constexpr (scales.exists && Bits == 8) {
    if (is_one(scale)) {
      pack_scales<Mode>(in, out, n, scales);
      return true;
    }
  }
  return false;
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  return job.policy == overflow::saturate
             ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n, job.scale)
             : encode_mode<F, Mode, overflow::native, Bits>(in, out, n, job.scale);
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_lane_source<F, Bits, S>) {
    switch (job.mode) {
      case rounding::nearest_even:
        return encode_mode<F, rounding::nearest_even, Bits>(in, out, n, job);
      case rounding::nearest_away:
        return encode_mode<F, rounding::nearest_away, Bits>(in, out, n, job);
      case rounding::toward_zero:
        return encode_mode<F, rounding::toward_zero, Bits>(in, out, n, job);
      default:
        return false;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::neon

#endif
