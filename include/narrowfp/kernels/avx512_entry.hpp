// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. What the dispatcher calls to encode.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  constexpr auto& facts = lanes_of<F, Mode, Policy>;
#if NARROWFP_VBMI
  if constexpr (Mode != rounding::stochastic) {
    if (is_one(job.scale) && encode_by_words<F, Mode, Policy, Bits>(in, out, n)) {
      return true;
    }
  }
#endif
  if constexpr (facts.exists) {
    if (is_one(job.scale)) {
      pack_lanes<facts.flags, Bits>(in, out, n, job, facts.lanes);
      return true;
    }
    // A negative number that is flushed to zero would no longer be NaN in an unsigned format.
    if constexpr ((facts.flags & lane_unsigned) == 0) {
      if (scales_before_rounding(job.scale)) {
        pack_lanes<facts.flags | lane_scaled, Bits>(in, out, n, job, facts.lanes);
        return true;
      }
    }
  } else if constexpr (scale_lanes_of<F, Mode, Policy>.exists && Bits == 8) {
    if (is_one(job.scale)) {
      constexpr auto& scale = scale_lanes_of<F, Mode, Policy>;
      pack_scales<Mode, scale.inf_bits != scale.high, scale.from_denormals>(in, out, n, scale);
      return true;
    }
  }
  return false;
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  return job.policy == overflow::saturate ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n, job)
                                          : encode_mode<F, Mode, overflow::native, Bits>(in, out, n, job);
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
      case rounding::stochastic:
        return encode_mode<F, rounding::stochastic, Bits>(in, out, n, job);
      default:
        return false;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
