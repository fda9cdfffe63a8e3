// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. What the dispatcher calls to encode.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Modes that AVX2 has as well and that are too rare for loops of their own here.
template <scalar_format F, rounding Mode, overflow Policy, int Bits>
inline constexpr bool is_left_to_avx2 = [] {
  constexpr bool is_rare =
      Policy == overflow::saturate && Mode != F::native_rounding && Mode != rounding::stochastic && Bits == 8;
  if constexpr (is_rare) {
    return linear_of<F, Mode, Policy>.exists;
  }
  return false;
}();

/// Encodes by 32-bit lanes or, scales, by words; false if the format or the scale is no work for either.
template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_by_facts([[maybe_unused]] const S* in, [[maybe_unused]] std::uint8_t* out,
                     [[maybe_unused]] std::size_t n, [[maybe_unused]] const encode_job& job) noexcept {
  constexpr auto& facts = magic_rows_of<F, Mode, Policy>;
  if constexpr (facts.exists) {
    if (is_one(job.scale)) {
      pack_elements<facts.flags, Bits>(in, out, n, job, facts.data);
      return true;
    }
    // A negative number that is flushed to zero would no longer be NaN in an unsigned format.
    if constexpr ((facts.flags & flag_unsigned) == 0) {
      if (scales_before_rounding(job.scale)) {
        if constexpr (Mode == F::native_rounding) {
          pack_elements<facts.flags | flag_scaled, Bits>(in, out, n, job, facts.data);
        } else {
          pack_products<Bits>(in, out, n, job, facts.data, &pack_elements<facts.flags, Bits, float>);
        }
        return true;
      }
    }
  } else if constexpr (has_scale_words<F, Mode, Policy> && Bits == 8) {
    if (is_one(job.scale)) {
      pack_scales<F, Mode, Policy>(in, out, n);
      return true;
    }
  }
  return false;
}

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode([[maybe_unused]] const S* in, [[maybe_unused]] std::uint8_t* out,
                 [[maybe_unused]] std::size_t n, [[maybe_unused]] const encode_job& job) noexcept {
  if constexpr (is_left_to_avx2<F, Mode, Policy, Bits>) {
    return false;
  } else {
#if NARROWFP_VBMI
    if constexpr (Mode != rounding::stochastic) {
      if (is_one(job.scale) && encode_by_words<F, Mode, Policy, Bits>(in, out, n)) {
        return true;
      }
    }
    // Lookups of bytes and dense codes are what VBMI does better; the rest is there once, for both sets.
    constexpr auto& facts = magic_rows_of<F, Mode, Policy>;
    if constexpr (Bits == 8 && (!facts.exists || (facts.flags & flag_mapped) == 0)) {
      return avx512::encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
    } else {
      return encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
    }
#else
    return encode_by_facts<F, Mode, Policy, Bits>(in, out, n, job);
#endif
  }
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels. Codes of a
/// width that is not common become bytes first, a buffer at a time.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_common_width(Bits) && is_vector_source<F, Bits, S>) {
    return with_constants(
        job, [&](auto mode, auto policy) { return encode_mode<F, mode, policy, Bits>(in, out, n, job); });
  } else if constexpr (is_vector_source<F, Bits, S>) {
    std::uint8_t codes[bytes_at_a_time];
    encode_job part = job;
    for (std::size_t done = 0; done < n; done += bytes_at_a_time) {
      const std::size_t count = n - done < bytes_at_a_time ? n - done : bytes_at_a_time;
      part.first_index = job.first_index + done;
      if (!encode<F, 8>(in + done, codes, count, part)) {
        return false;
      }
      squeeze_bytes<Bits>(codes, out + done / 8 * Bits, count);
    }
    return true;
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
