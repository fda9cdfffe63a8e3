// Layer: kernels/vector. Dense streams of codes to arrays of elements, code_group at a time.
#if !defined(NARROWFP_SET)
#include "alone.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Decodes n codes to elements of Size bytes: decoder.decode<Bits>(in, out, past_caches) takes a group,
/// unpack(codes, elements) a copy of the last ones. The loop is there once, as that of encode_groups.
template <int Bits, std::size_t Size, class Decoder, class Unpack>
NARROWFP_TARGET NARROWFP_INLINE void decode_array(const std::uint8_t* in, char* out, std::size_t n,
                                                  const Decoder& decoder, const Unpack& unpack) noexcept {
  if (n >= code_group) {
    const std::size_t head = elements_to_line(out, Size);
    const bool streams = n * Size >= streaming_size && head % 8 * Bits % 8 == 0;
    std::size_t step = streams && head != 0 ? head : code_group;
    bool past_caches = streams && head == 0;
    while (true) {
      prefetch_ahead<code_group / 8 * Bits>(in);
      decoder.template decode<Bits>(in, out, past_caches);
      in += step * Bits / 8;
      out += step * Size;
      n -= step;
      step = code_group;
      past_caches = streams;
      if (n < code_group) [[unlikely]] {
        const std::size_t again = code_group - n;
        if (n == 0 || again * Bits % 8 != 0) {
          break;
        }
        in -= again * Bits / 8;
        out -= again * Size;
        n = code_group;
        past_caches = false;
      }
    }
    if (streams) {
      finish_streaming();
    }
  }
  if (n != 0) {
    alignas(64) std::uint8_t codes[code_group];
    alignas(64) char elements[code_group * Size];
    using lane = core::code_type_t<8 * int{Size}>;  // by which they are copied
    load_some<code_group>(static_cast<std::uint8_t*>(codes), in, (n * Bits + 7) / 8);
    unpack(static_cast<const std::uint8_t*>(codes), static_cast<char*>(elements));
    store_some<code_group>(reinterpret_cast<lane*>(out), reinterpret_cast<const lane*>(elements), n);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
