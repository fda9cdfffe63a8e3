// Layer: dispatch. Picks the kernel of one array call on blocks, once a call.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../kernels/avx2.hpp"
#include "../kernels/avx512_vbmi.hpp"
#include "../kernels/block_job.hpp"
#include "../kernels/facts/vector_blocks.hpp"
#include "../kernels/neon.hpp"
#include "../kernels/scalar/blocks.hpp"
#include "../kernels/facts/scale_choice.hpp"
#include "../kernels/facts/any_scale.hpp"
#include "convert.hpp"
#include "isa.hpp"

#include "../kernels/target.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available. A kernel that an instruction set does not do better than
// the one before it falls through, in the end to scalar.

/// Whether an instruction set has kernels for blocks: all with vectors have.
inline bool has_block_kernels(isa set) { return set >= isa::avx2; }

/// Whether AVX-512 quantizes elements by the mode; it leaves integers to AVX2.
template <block_type B, rounding Mode>
inline constexpr bool has_avx512_quantizer = (kernels::scale_choice_of<B> != kernels::scale_choice::none ||
                                              (kernels::has_any_scale_quantizer<B> &&
                                               !kernels::is_integer_format<typename B::element_format>)) &&
                                             kernels::has_vector_mode<B, Mode>;

#if defined(NARROWFP_X86)
/// Whether AVX2 does.
template <block_type B, rounding Mode>
inline constexpr bool has_avx2_quantizer = kernels::has_counted_mode<B, Mode> ||
                                           (kernels::avx2::quantizes_any_scale<B> &&
                                            Mode == kernels::vector_mode<B>);
#endif

/// Whether a kernel of the set quantizes elements by the mode.
template <block_type B, rounding Mode>
bool quantizes_by_vectors([[maybe_unused]] isa set) {
#if defined(NARROWFP_NEON)
  constexpr bool by_neon = kernels::neon::quantizes<B> || kernels::neon::quantizes_any_scale<B>;
  return set == isa::neon && by_neon && Mode == kernels::vector_mode<B>;
#elif defined(NARROWFP_X86)
  constexpr bool by_avx512 = has_avx512_quantizer<B, Mode>;
  constexpr bool by_avx2 = has_avx2_quantizer<B, Mode>;
  return set == isa::avx2 ? by_avx2 : has_block_kernels(set) && (by_avx512 || by_avx2);
#else
  return false;
#endif
}

/// How many of the first elements a vector kernel has quantized.
template <block_type B, rounding Mode, class S>
std::size_t quantize_groups([[maybe_unused]] isa set, [[maybe_unused]] const S* in,
                            [[maybe_unused]] std::size_t n, [[maybe_unused]] const kernels::block_target& out,
                            [[maybe_unused]] scale_rule rule,
                            [[maybe_unused]] const kernels::block_draws& draws) {
#if defined(NARROWFP_X86)
  if constexpr (kernels::avx512_vbmi::takes_words<B, Mode, S>) {
    if (set == isa::avx512_vbmi) {
      return kernels::avx512_vbmi::quantize_groups<B, Mode>(in, n, out, rule, draws);
    }
  }
  if constexpr (has_avx512_quantizer<B, Mode>) {
    if (set == isa::avx512 || set == isa::avx512_vbmi) {
      return kernels::avx512::quantize_groups<B, Mode>(in, n, out, rule, draws);
    }
  }
  if constexpr (has_avx2_quantizer<B, Mode>) {
    return kernels::avx2::quantize_groups<B, Mode>(in, n, out, rule, draws);
  }
#elif defined(NARROWFP_NEON)
  if constexpr (Mode == kernels::vector_mode<B>) {
    return set == isa::neon ? kernels::neon::quantize_groups<B, Mode>(in, n, out, rule, draws) : 0;
  }
#endif
  return 0;
}

/// Whether AVX-512 dequantizes B; it leaves integers to AVX2.
template <block_type B>
inline constexpr bool has_avx512_dequantizer = kernels::is_vector_block<B> ||
                                               (kernels::is_any_scale_block<B> &&
                                                !kernels::is_integer_format<typename B::element_format>);

/// Whether AVX2 does, and NEON.
template <block_type B>
inline constexpr bool has_avx2_dequantizer =
    !kernels::is_any_scale_block<B> || kernels::is_common_any_scale_block<B>;
template <block_type B>
inline constexpr bool has_neon_dequantizer =
    kernels::is_common_block<B> || kernels::is_common_any_scale_block<B>;

/// Whether a kernel of the set dequantizes B.
template <block_type B>
bool dequantizes_by_vectors(isa set) {
  return set == isa::neon ? has_neon_dequantizer<B>
         : set == isa::avx2
             ? has_avx2_dequantizer<B>
             : has_block_kernels(set) && (has_avx512_dequantizer<B> || has_avx2_dequantizer<B>);
}

/// How many of the first elements a vector kernel has dequantized.
template <block_type B, class S>
std::size_t dequantize_groups([[maybe_unused]] isa set, [[maybe_unused]] const kernels::block_source& in,
                              [[maybe_unused]] S* out, [[maybe_unused]] std::size_t n,
                              [[maybe_unused]] float tensor_scale) {
#if defined(NARROWFP_X86)
  if constexpr (has_avx512_dequantizer<B>) {
    switch (set) {
      case isa::avx512_vbmi:
        return kernels::avx512_vbmi::dequantize_groups<B>(in, out, n, tensor_scale);
      case isa::avx512:
        return kernels::avx512::dequantize_groups<B>(in, out, n, tensor_scale);
      default:
        break;
    }
  }
  if constexpr (has_avx2_dequantizer<B>) {
    return kernels::avx2::dequantize_groups<B>(in, out, n, tensor_scale);
  }
#elif defined(NARROWFP_NEON)
  if constexpr (has_neon_dequantizer<B>) {
    return kernels::neon::dequantize_groups<B>(in, out, n, tensor_scale);
  }
#endif
  return 0;
}

/// Elements that the scalar path takes where a vector kernel has stopped: whole blocks, and whole groups of
/// kernels that take 64 elements or fewer.
template <block_type B>
inline constexpr std::size_t elements_at_a_stop =
    B::elements < 64 ? 64 / B::elements* B::elements : B::elements;

/// Lets vectors(done) take elements from `done` on, as many as it returns, and scalar(done, count) the next
/// ones where it has stopped, until n are done.
template <block_type B, class Vectors, class Scalar>
void take_turns(std::size_t n, Vectors vectors, Scalar scalar) {
  for (std::size_t done = 0; done < n;) {
    const std::size_t by_vectors = vectors(done);
    done += by_vectors;
    if (by_vectors == 0) {
      const std::size_t left = n - done;
      const std::size_t count = left < elements_at_a_stop<B> ? left : elements_at_a_stop<B>;
      scalar(done, count);
      done += count;
    }
  }
}

template <block_type B, rounding Mode, class S>
void quantize_by_vectors(isa set, const S* in, std::size_t n, const kernels::block_target& out,
                         const blocks::quantize_job& job) {
  const auto target = [&](std::size_t done) { return kernels::from_block(out, done / B::elements); };
  take_turns<B>(
      n,
      [&](std::size_t done) {
        return quantize_groups<B, Mode>(set, in + done, n - done, target(done), job.rule,
                                        {job.seed, job.first_index + done});
      },
      [&](std::size_t done, std::size_t count) {
        blocks::quantize_job rest = job;
        rest.first_index += done;
        kernels::scalar::quantize<B>(kernels::array_of<const S>{in + done, count}, target(done), rest);
      });
}

/// x / divisor, rounded once, by a set that has block kernels.
template <class S>
void divide([[maybe_unused]] isa set, [[maybe_unused]] const S* in, [[maybe_unused]] float* out,
            [[maybe_unused]] std::size_t n, [[maybe_unused]] float divisor) {
#if defined(NARROWFP_X86)
  if (set == isa::avx2) {
    kernels::avx2::divide_floats(in, out, n, divisor);
  } else {
    kernels::avx512::divide_floats(in, out, n, divisor);
  }
#elif defined(NARROWFP_NEON)
  kernels::neon::divide_floats(in, out, n, divisor);
#endif
}

/// Elements of a buffer between two kernels: about 1024, in whole blocks.
template <block_type B>
inline constexpr std::size_t whole_blocks = (1024 + B::elements - 1) / B::elements* B::elements;

/// The same of floats made of the elements, a buffer at a time: quotients by the tensor scale, which is not 1
/// or else the elements are of 16 bits.
template <block_type B, rounding Mode, class S>
void quantize_as_floats(isa set, const S* in, std::size_t n, const kernels::block_target& out,
                        blocks::quantize_job job) {
  constexpr std::size_t size = whole_blocks<B>;
  float floats[size];
  const float divisor = job.tensor_scale;
  job.tensor_scale = 1;
  for (std::size_t done = 0; done < n; done += size) {
    const std::size_t count = n - done < size ? n - done : size;
    bool is_made = false;
    if constexpr (kernels::scalar::is_half<S>) {
      is_made = kernels::is_one(divisor) &&
                decode_half<typename S::format>(set, reinterpret_cast<const std::uint16_t*>(in + done),
                                                floats, count);
    }
    if (!is_made) {
      divide(set, in + done, floats, count, divisor);
    }
    quantize_by_vectors<B, Mode>(set, floats, count, kernels::from_block(out, done / B::elements), job);
    job.first_index += count;
  }
}

/// Quantizes by vector kernels, elements by the mode; false if there are none that do. In modes that not all
/// sets have, kernels take floats alone.
template <block_type B, rounding Mode, class S>
bool quantize_in_mode(isa set, const kernels::array_of<const S>& in, const kernels::block_target& out,
                      const blocks::quantize_job& job) {
  constexpr bool is_common = Mode == kernels::vector_mode<B>;
  if constexpr (kernels::has_vector_mode<B, Mode>) {
    if (!quantizes_by_vectors<B, Mode>(set)) {
      return false;
    }
    const bool is_unscaled = kernels::is_one(job.tensor_scale);
    if constexpr (is_common || std::same_as<S, float>) {
      if (is_unscaled) {
        quantize_by_vectors<B, Mode>(set, in.data, in.n, out, job);
        return true;
      }
    }
    if (is_unscaled || kernels::divides_by_tensor_scale<B>(job.tensor_scale)) {
      quantize_as_floats<B, Mode>(set, in.data, in.n, out, job);
      return true;
    }
  }
  return false;
}

template <block_type B, class S>
bool quantize_by_mode(isa set, const kernels::array_of<const S>& in, const kernels::block_target& out,
                      const blocks::quantize_job& job) {
  switch (job.mode == rounding::native ? B::element_format::native_rounding : job.mode) {
    case rounding::nearest_even:
      return quantize_in_mode<B, rounding::nearest_even>(set, in, out, job);
    case rounding::nearest_away:
      return quantize_in_mode<B, rounding::nearest_away>(set, in, out, job);
    case rounding::toward_zero:
      return quantize_in_mode<B, rounding::toward_zero>(set, in, out, job);
    case rounding::stochastic:
      return job.index_stride == 1 && quantize_in_mode<B, rounding::stochastic>(set, in, out, job);
    default:
      return false;
  }
}

template <block_type B, class S>
void quantize(isa set, const kernels::array_of<const S>& in, const kernels::block_target& out,
              const blocks::quantize_job& job) {
  constexpr bool has_kernel = kernels::scale_choice_of<B> != kernels::scale_choice::none ||
                              kernels::is_integer_block<B> || kernels::has_any_scale_quantizer<B>;
  if constexpr (has_kernel && kernels::vector_block_source<S>) {
    if (job.as == recipe::native && kernels::is_vector_rule(job.rule) &&
        quantize_by_mode<B>(set, in, out, job)) {
      return;
    }
  }
  kernels::scalar::quantize<B>(in, out, job);
}

template <block_type B, class S>
void dequantize_by_vectors(isa set, const kernels::block_source& in, S* out, std::size_t n,
                           const blocks::dequantize_job& job) {
  const auto source = [&](std::size_t done) { return kernels::from_block(in, done / B::elements); };
  take_turns<B>(
      n,
      [&](std::size_t done) {
        return dequantize_groups<B>(set, source(done), out + done, n - done, job.tensor_scale);
      },
      [&](std::size_t done, std::size_t count) {
        kernels::scalar::dequantize<B>(source(done), kernels::array_of<S>{out + done, count}, job);
      });
}

/// Whether vector kernels write elements of S: floats, or 16-bit numbers from values that are floats or have
/// been rounded to odd, so that these are rounded once.
template <block_type B, class S>
inline constexpr bool is_vector_output = std::same_as<S, float> || (kernels::scalar::is_half<S> &&
                                                                    (kernels::scalar::values_are_floats<B> ||
                                                                     kernels::rounds_products_to_odd<B>));

template <block_type B, class S>
void dequantize(isa set, const kernels::block_source& in, const kernels::array_of<S>& out,
                const blocks::dequantize_job& job) {
  constexpr bool has_kernel =
      kernels::is_vector_block<B> || kernels::is_integer_block<B> || kernels::is_any_scale_block<B>;
  if constexpr (has_kernel && is_vector_output<B, S>) {
    constexpr int margin = std::same_as<S, float> ? 0 : kernels::odd_margin;
    if (blocks::decodes_natively<B>(job.as) && dequantizes_by_vectors<B>(set) &&
        (kernels::is_one(job.tensor_scale) || kernels::fits_tensor_scale<B>(job.tensor_scale, margin))) {
      dequantize_by_vectors<B>(set, in, out.data, out.n, job);
      return;
    }
  }
  kernels::scalar::dequantize<B>(in, out, job);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
