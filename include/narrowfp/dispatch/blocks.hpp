// Layer: dispatch. Picks the kernel of one array call on blocks, once a call.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../kernels/block_job.hpp"
#include "../kernels/facts/any_scale.hpp"
#include "../kernels/facts/scale_choice.hpp"
#include "../kernels/facts/vector_blocks.hpp"
#include "../kernels/scalar/blocks.hpp"
#include "convert.hpp"
#include "isa.hpp"
#include "sets.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available.

/// Questions to a set: whether it quantizes elements of S to B by the mode, and whether it dequantizes B.
template <block_type B, rounding Mode, class S>
inline constexpr auto quantizes = [](auto face) { return decltype(face)::template quantizes<B, Mode, S>(); };
template <block_type B>
inline constexpr auto dequantizes = [](auto face) { return decltype(face)::template dequantizes<B>(); };

/// How many of the first elements a vector kernel has quantized.
template <block_type B, rounding Mode, class S>
std::size_t quantize_groups(isa set, const S* in, std::size_t n, const kernels::block_target& out,
                            scale_rule rule, const kernels::block_draws& draws) {
  std::size_t done = 0;
  sets::any(set, [&](auto face) {
    if constexpr (decltype(face)::template quantizes<B, Mode, S>()) {
      done = face.template quantize<B, Mode>(in, n, out, rule, draws);
    }
    return decltype(face)::template quantizes<B, Mode, S>();
  });
  return done;
}

/// How many of the first elements a vector kernel has dequantized.
template <block_type B, class S>
std::size_t dequantize_groups(isa set, const kernels::block_source& in, S* out, std::size_t n,
                              float tensor_scale) {
  std::size_t done = 0;
  sets::any(set, [&](auto face) {
    if constexpr (decltype(face)::template dequantizes<B>()) {
      done = face.template dequantize<B>(in, out, n, tensor_scale);
    }
    return decltype(face)::template dequantizes<B>();
  });
  return done;
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

/// Whether a vector kernel has made x / divisor, rounded once.
template <class S>
[[gnu::noinline]] bool divide(isa set, const S* in, float* out, std::size_t n, float divisor) {
  return sets::any(set, [&](auto face) { return face.divide(in, out, n, divisor); });
}

/// Elements of a buffer between two kernels: about 1024, in whole blocks.
template <block_type B>
inline constexpr std::size_t whole_blocks = (1024 + B::elements - 1) / B::elements* B::elements;

/// The same of floats made of the elements, a buffer at a time: quotients by the tensor scale, which is not 1
/// or else the elements are of 16 bits. False, and nothing is done, if no set makes them.
template <block_type B, rounding Mode, class S>
bool quantize_as_floats(isa set, const S* in, std::size_t n, const kernels::block_target& out,
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
    if (!is_made && !divide(set, in + done, floats, count, divisor)) {
      return false;
    }
    quantize_by_vectors<B, Mode>(set, floats, count, kernels::from_block(out, done / B::elements), job);
    job.first_index += count;
  }
  return true;
}

/// Quantizes by vector kernels, elements by the mode; false if there are none that do. In modes that not all
/// sets have, kernels take floats alone.
template <block_type B, rounding Mode, class S>
bool quantize_in_mode(isa set, const kernels::array_of<const S>& in, const kernels::block_target& out,
                      const blocks::quantize_job& job) {
  constexpr bool is_common = Mode == kernels::vector_mode<B>;
  if constexpr (sets::offer(quantizes<B, Mode, S>)) {
    if (!sets::any(set, quantizes<B, Mode, S>)) {
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
      return quantize_as_floats<B, Mode>(set, in.data, in.n, out, job);
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
  if constexpr (kernels::vector_block_source<S>) {
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
  if constexpr (sets::offer(dequantizes<B>) && is_vector_output<B, S>) {
    constexpr int margin = std::same_as<S, float> ? 0 : kernels::odd_margin;
    if (blocks::decodes_natively<B>(job.as) && sets::any(set, dequantizes<B>) &&
        (kernels::is_one(job.tensor_scale) || kernels::fits_tensor_scale<B>(job.tensor_scale, margin))) {
      dequantize_by_vectors<B>(set, in, out.data, out.n, job);
      return;
    }
  }
  kernels::scalar::dequantize<B>(in, out, job);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
