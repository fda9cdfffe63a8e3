// Layer: kernels/avx512. Arrays of floats to arrays of codes.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Targets: 64 codes as bytes, or as a dense stream of 4 or 6 bits each.

/// Writes the first n <= 64 codes of a dense stream.
template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_dense(std::uint8_t* out, std::size_t n, __m512i dense) noexcept {
  if (Bits == 8 && n >= 64) {
    store_whole<Stream>(out, dense);
  } else if (Bits == 4 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
  } else if (Bits == 6 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 32), _mm512_extracti32x4_epi32(dense, 2));
  } else {
    _mm512_mask_storeu_epi8(out, first_bytes((n * Bits + 7) / 8), dense);
  }
}

/// A source of encode_groups: 64 elements as a dense stream, by the lanes of a format.
template <unsigned Flags, int Bits>
struct magic_encoder_64 {
  encode_constants c;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in,
                                                     const std::uint32_t* random) const noexcept {
    return squeeze_codes<Bits>(encode_64<Flags>(load_64(in, ~0ULL), random, c));
  }
};

// A loop is most of the code of a kernel, and is there once: the last elements are taken with some before
// them where that makes a whole group, or else a kernel calls itself for a copy of them; and where codes are
// stored past the caches, in whole lines, the elements before the first line are among those that the loop
// takes first, and are taken twice.

/// Encodes groups of 64 elements; returns how many are left. `random` is null or points to as many draws.
template <int Bits, bool MayStream, class S, class Encoder>
NARROWFP_TARGET NARROWFP_INLINE std::size_t encode_groups(const S* in, std::uint8_t* out, std::size_t n,
                                                          const std::uint32_t* random,
                                                          const Encoder& encoder) noexcept {
  constexpr bool may_stream = Bits == 8 && MayStream;
  const bool streams = may_stream && n >= streaming_size;
  std::size_t step = streams ? 64 - reinterpret_cast<std::uintptr_t>(out) % 64 : 64;
  bool past_caches = streams && step == 64;
  while (n >= 64) {
    prefetch_ahead<64 * sizeof(S)>(in);
    const __m512i dense = encoder(in, random);
    if (may_stream && past_caches) [[unlikely]] {
      store_dense<Bits, may_stream>(out, 64, dense);
    } else {
      store_dense<Bits, false>(out, 64, dense);
    }
    in += step;
    out += step * Bits / 8;
    n -= step;
    if constexpr (may_stream) {
      step = 64;
      past_caches = streams;
    }
    if (random != nullptr) {
      random += 64;
    }
    // Bytes can be written twice: what is left is encoded with elements before it, as one more whole group.
    if (Bits == 8 && n != 0 && n < 64) {
      in -= 64 - n;
      out -= 64 - n;
      n = 64;
      past_caches = false;
    }
  }
  if (streams) {
    _mm_sfence();
  }
  return n;
}

/// Encodes the last n < 64 elements: pack(elements, codes) encodes a copy completed to 64. Pad bits are 0,
/// whatever a scale makes of zeros.
template <int Bits, class S, class Pack>
NARROWFP_TARGET NARROWFP_INLINE void encode_last(const S* in, std::uint8_t* out, std::size_t n,
                                                 const Pack& pack) noexcept {
  alignas(64) S elements[64];
  alignas(64) std::uint8_t codes[64];
  load_some<sizeof elements>(elements, in, n * sizeof(S));
  pack(static_cast<const S*>(elements), static_cast<std::uint8_t*>(codes));
  const std::size_t bits = n * Bits;
  if (bits % 8 != 0) {
    codes[bits / 8] &= static_cast<std::uint8_t>((1U << bits % 8) - 1);
  }
  store_some<sizeof codes>(out, codes, (bits + 7) / 8);
}

/// Encodes groups with a buffer of draws at a time; n is a multiple of 64.
template <unsigned Flags, int Bits, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_drawing(const S* in, std::uint8_t* out, std::size_t n,
                                                    const encode_job& job, const magic_rows& rows) noexcept {
  constexpr std::size_t batch = bytes_at_a_time;
  std::uint32_t draws[batch + 64];
  const std::size_t skipped = job.first_index % 4;
  const magic_encoder_64<Flags, Bits> encoder = {load_constants<Flags>(rows, job.scale)};
  for (std::size_t done = 0; done < n; done += batch) {
    const std::size_t count = n - done < batch ? n - done : batch;
    const std::size_t read = count + skipped;  // whole vectors of draws
    fill_draws(job.seed, (job.first_index + done) / 4, draws, (read + 63) / 64 * 16);
    encode_groups<Bits, false>(in + done, out + done / 8 * Bits, count, draws + skipped, encoder);
  }
}

/// One specialisation, out of line.
template <unsigned Flags, int Bits, class S>
NARROWFP_TARGET [[gnu::noinline]] void pack_elements(const S* in, std::uint8_t* out, std::size_t n,
                                                     const encode_job& job, const magic_rows& rows) noexcept {
  std::size_t left = n % 64;
  if constexpr ((Flags & flag_stochastic) != 0) {
    encode_drawing<Flags, Bits>(in, out, n - left, job, rows);
  } else {
    const magic_encoder_64<Flags, Bits> encoder = {load_constants<Flags>(rows, job.scale)};
    left = encode_groups<Bits, true>(in, out, n, nullptr, encoder);
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_job part = job;
    part.first_index += done;
    encode_last<Bits>(in + done, out + done * Bits / 8, left, [&](const S* elements, std::uint8_t* codes) {
      pack_elements<Flags, Bits>(elements, codes, 64, part, rows);
    });
  }
}

/// pack(products with the scale, codes, count, job of these): a buffer at a time, for modes in which this is
/// rare.
template <int Bits, class S>
NARROWFP_TARGET [[gnu::noinline]] void pack_products(const S* in, std::uint8_t* out, std::size_t n,
                                                     const encode_job& job, const magic_rows& rows,
                                                     void (*pack)(const float*, std::uint8_t*, std::size_t,
                                                                  const encode_job&,
                                                                  const magic_rows&) noexcept) noexcept {
  alignas(64) float products[bytes_at_a_time];
  encode_job part = job;
  for (std::size_t done = 0; done < n; done += bytes_at_a_time) {
    const std::size_t count = n - done < bytes_at_a_time ? n - done : bytes_at_a_time;
    multiply_floats(in + done, products, count, job.scale);
    part.first_index = job.first_index + done;
    pack(products, out + done / 8 * Bits, count, part, rows);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
