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
#include "../vector/pack.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#include "../vector/draws.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

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
  } else if (n >= code_group) {
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
