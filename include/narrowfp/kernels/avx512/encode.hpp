// Layer: kernels/avx512. What the dispatcher calls to encode.
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
#include "pack.hpp"
#include "encode_scales.hpp"
#include "encode_by_facts.hpp"
#include "encode_mode.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

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

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
