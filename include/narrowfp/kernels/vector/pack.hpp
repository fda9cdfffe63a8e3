// Layer: kernels/vector. Arrays of elements to dense streams of codes, code_group at a time.
#if !defined(NARROWFP_SET)
#include "alone.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// A loop is most of the code of a kernel, and is there once: the last elements are taken with some before
// them where that makes a whole group that ends at a byte, or else a kernel calls itself for a copy of them;
// and where codes are stored past the caches, by aligned vectors, the elements before the first of these are
// among those that the loop takes first, and are taken twice.

/// Encodes groups of n >= code_group elements by encoder(in, random); returns how many are left. `random` is
/// null or points to as many draws, and n is then a multiple of code_group.
template <int Bits, bool MayStream, class S, class Encoder>
NARROWFP_TARGET NARROWFP_INLINE std::size_t encode_groups(const S* in, std::uint8_t* out, std::size_t n,
                                                          const std::uint32_t* random,
                                                          const Encoder& encoder) noexcept {
  constexpr bool may_stream = Bits == 8 && MayStream;
  const bool streams = may_stream && n >= streaming_size;
  const std::size_t head = streams ? elements_to_line(out, 1) : 0;
  std::size_t step = head != 0 ? head : code_group;
  bool past_caches = streams && head == 0;
  while (true) {
    prefetch_ahead<code_group * sizeof(S)>(in);
    const auto codes = encoder(in, random);
    if (may_stream && past_caches) [[unlikely]] {
      store_group<Bits, may_stream>(out, codes);
    } else {
      store_group<Bits, false>(out, codes);
    }
    in += step;
    out += step * Bits / 8;
    n -= step;
    if constexpr (may_stream) {
      step = code_group;
      past_caches = streams;
    }
    if (random != nullptr) {
      random += code_group;
    }
    if (n < code_group) [[unlikely]] {
      const std::size_t again = code_group - n;
      if (n == 0 || again * Bits % 8 != 0) {
        break;
      }
      in -= again;
      out -= again * Bits / 8;
      n = code_group;
      past_caches = false;
    }
  }
  if (streams) {
    finish_streaming();
  }
  return n;
}

/// Encodes the last n < code_group elements: pack(elements, codes) encodes a copy of them completed with
/// zeros. Pad bits are 0, whatever a scale makes of zeros.
template <int Bits, class S, class Pack>
NARROWFP_TARGET NARROWFP_INLINE void encode_last(const S* in, std::uint8_t* out, std::size_t n,
                                                 const Pack& pack) noexcept {
  alignas(64) S elements[code_group];
  alignas(64) std::uint8_t codes[code_group];
  load_some<code_group>(static_cast<S*>(elements), in, n);
  pack(static_cast<const S*>(elements), static_cast<std::uint8_t*>(codes));
  const std::size_t bits = n * Bits;
  if (bits % 8 != 0) {
    codes[bits / 8] &= static_cast<std::uint8_t>((1U << bits % 8) - 1);
  }
  store_some<code_group>(out, static_cast<const std::uint8_t*>(codes), (bits + 7) / 8);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
