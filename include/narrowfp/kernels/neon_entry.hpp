// Layer: kernels, NEON; neon.hpp includes this. What the dispatcher calls to encode.

#if defined(NARROWFP_NEON)

namespace narrowfp::inline v0::kernels::neon {
namespace {

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  constexpr auto& words = words_of<F, Mode, Policy>;
  constexpr auto& scales = scale_lanes_of<F, Mode, Policy>;
  if constexpr (words.exists) {
    pack_words<words.flags & ~static_cast<unsigned>(lane_many_rows), Bits>(in, out, n, words.lanes);
    return true;
  } else if constexpr (scales.exists && Bits == 8) {
    pack_scales<Mode>(in, out, n, scales);
    return true;
  }
  return false;
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, overflow policy) noexcept {
  return policy == overflow::saturate ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n)
                                      : encode_mode<F, Mode, overflow::native, Bits>(in, out, n);
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_lane_source<F, Bits, S>) {
    if (!is_one(job.scale)) {
      return false;
    }
    switch (job.mode) {
      case rounding::nearest_even:
        return encode_mode<F, rounding::nearest_even, Bits>(in, out, n, job.policy);
      case rounding::nearest_away:
        return encode_mode<F, rounding::nearest_away, Bits>(in, out, n, job.policy);
      case rounding::toward_zero:
        return encode_mode<F, rounding::toward_zero, Bits>(in, out, n, job.policy);
      default:
        return false;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::neon

#endif
