// Layer: dispatch. Picks the kernel of one array conversion, once a call.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/bit_packing.hpp"
#include "../kernels/job.hpp"
#include "../kernels/scalar/arrays.hpp"
#include "isa.hpp"
#include "sets.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available.

/// Whether a vector kernel has encoded n elements as codes of Bits bits.
template <scalar_format F, int Bits, class S>
bool encode_by_vectors(isa set, const S* in, std::uint8_t* out, std::size_t n,
                       const kernels::encode_job& job) {
  constexpr auto work = [](auto face, const auto&... arguments) {
    return face.template encode<F, Bits>(arguments...);
  };
  return sets::any(set, work, in, out, n, job);
}

template <scalar_format F, int Bits, class S>
bool decode_by_vectors(isa set, const std::uint8_t* in, S* out, std::size_t n, float scale) {
  constexpr auto work = [](auto face, const auto&... arguments) {
    return face.template decode<F, Bits>(arguments...);
  };
  return sets::any(set, work, in, out, n, scale);
}

template <scalar_format F, class S>
inline constexpr bool is_half_of_float = std::same_as<S, float> && (std::same_as<F, formats::bfloat16> ||
                                                                    std::same_as<F, formats::float16>);

/// Whether a vector kernel has encoded n floats as bfloat16 or float16.
template <scalar_format F>
bool encode_half(isa set, const float* in, std::uint16_t* out, std::size_t n,
                 const kernels::encode_job& job) {
  constexpr auto work = [](auto face, const auto&... arguments) {
    return face.template encode_half<F>(arguments...);
  };
  return sets::any(set, work, in, out, n, job);
}

template <scalar_format F>
bool decode_half(isa set, const std::uint16_t* in, float* out, std::size_t n) {
  return sets::any(set, [&](auto face) { return face.template decode_half<F>(in, out, n); });
}

template <scalar_format F, class S>
void encode(isa set, const S* in, typename F::code_type* out, std::size_t n, const kernels::encode_job& job) {
  if constexpr (F::width <= 8) {
    if (encode_by_vectors<F, 8>(set, in, out, n, job)) {
      return;
    }
  } else if constexpr (is_half_of_float<F, S>) {
    if (encode_half<F>(set, in, out, n, job)) {
      return;
    }
  }
  kernels::scalar::encode<F>(in, out, n, job);
}

/// 16-bit codes that may lie at odd addresses pass through a buffer of so many.
inline constexpr std::size_t codes_at_a_time = 1024;

template <scalar_format F, class S>
void encode_dense(isa set, const S* in, std::byte* out, std::size_t n, const kernels::encode_job& job) {
  if constexpr (is_half_of_float<F, S>) {
    typename F::code_type codes[codes_at_a_time];
    kernels::encode_job part = job;
    for (std::size_t done = 0; done < n; done += codes_at_a_time) {
      const std::size_t count = n - done < codes_at_a_time ? n - done : codes_at_a_time;
      encode<F>(set, in + done, codes, count, part);
      core::pack_dense<F::width>(codes, out + 2 * done, count);
      part.first_index += count;
    }
  } else {
    if constexpr (F::width <= 8) {
      if (encode_by_vectors<F, F::width>(set, in, reinterpret_cast<std::uint8_t*>(out), n, job)) {
        return;
      }
    }
    kernels::scalar::encode_dense<F>(in, out, n, job);
  }
}

template <scalar_format F, class S>
void decode(isa set, const typename F::code_type* in, S* out, std::size_t n, float scale) {
  if constexpr (F::width <= 8) {
    if (decode_by_vectors<F, 8>(set, in, out, n, scale)) {
      return;
    }
  } else if constexpr (is_half_of_float<F, S>) {
    if (kernels::is_one(scale) && decode_half<F>(set, in, out, n)) {
      return;
    }
  }
  kernels::scalar::decode<F>(in, out, n, scale);
}

template <scalar_format F, class S>
void decode_dense(isa set, const std::byte* in, S* out, std::size_t n, float scale) {
  if constexpr (is_half_of_float<F, S>) {
    typename F::code_type codes[codes_at_a_time];
    for (std::size_t done = 0; done < n; done += codes_at_a_time) {
      const std::size_t count = n - done < codes_at_a_time ? n - done : codes_at_a_time;
      core::unpack_dense<F::width>(in + 2 * done, codes, count);
      decode<F>(set, codes, out + done, count, scale);
    }
  } else {
    if constexpr (F::width <= 8) {
      if (decode_by_vectors<F, F::width>(set, reinterpret_cast<const std::uint8_t*>(in), out, n, scale)) {
        return;
      }
    }
    kernels::scalar::decode_dense<F>(in, out, n, scale);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
