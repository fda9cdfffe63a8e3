// Layer: kernels/avx2. Helpers that several kernels share.
#pragma once

#include "../vector/includes.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of 32-bit lanes: the patterns of floats, or integers.
using dwords = __m256i;

/// Four vectors, for 32 elements; as many codes of a byte each are one vector.
struct quad {
  dwords a, b, c, d;
};
inline constexpr std::size_t quad_elements = 32;
inline constexpr std::size_t lanes = quad_elements / 4;

/// Elements whose codes are encoded, or decoded, together.
inline constexpr std::size_t code_group = 32;

/// A vector of 16-bit numbers, and as many 32-bit lanes.
using half_vector = __m256i;
inline constexpr std::size_t half_elements = 16;
struct pair {
  dwords a, b;
};

NARROWFP_TARGET NARROWFP_INLINE dwords broadcast(std::uint32_t x) noexcept {
  return _mm256_set1_epi32(static_cast<int>(x));
}
NARROWFP_TARGET NARROWFP_INLINE dwords broadcast_float(float x) noexcept {
  return broadcast(core::bit_cast<std::uint32_t>(x));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i broadcast_16(int x) noexcept {
  return _mm256_set1_epi16(static_cast<short>(x));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i broadcast_8(int x) noexcept {
  return _mm256_set1_epi8(static_cast<char>(x));
}

NARROWFP_TARGET NARROWFP_INLINE __m128i load_128(const void* p) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i load_256(const void* p) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
NARROWFP_TARGET NARROWFP_INLINE void store_128(void* out, __m128i v) noexcept {
  _mm_storeu_si128(static_cast<__m128i*>(out), v);
}

/// Bytes of output from which on stores go past the caches: more than the last-level cache has for one core.
constexpr std::size_t streaming_size = std::size_t{32} << 20;

/// After stores past the caches.
NARROWFP_INLINE void finish_streaming() noexcept { _mm_sfence(); }

/// Elements of that size before the first multiple of 32 bytes from p on.
NARROWFP_INLINE std::size_t elements_to_line(const void* p, std::size_t element_size) noexcept {
  return (~reinterpret_cast<std::uintptr_t>(p) + 1) % 32 / element_size;
}

/// With Stream, `out` is a multiple of 32.
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_256(void* out, __m256i v) noexcept {
  if constexpr (Stream) {
    _mm256_stream_si256(static_cast<__m256i*>(out), v);
    stays_in_its_arm();
  } else {
    _mm256_storeu_si256(static_cast<__m256i*>(out), v);
  }
}

NARROWFP_TARGET NARROWFP_INLINE dwords load_dwords(const float* in) noexcept { return load_256(in); }
NARROWFP_TARGET NARROWFP_INLINE dwords load_dwords(const std::uint32_t* in) noexcept { return load_256(in); }
NARROWFP_TARGET NARROWFP_INLINE half_vector load_halves(const std::uint16_t* in) noexcept {
  return load_256(in);
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_dwords(float* out, dwords x) noexcept {
  store_256<Stream>(out, x);
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_halves(std::uint16_t* out, half_vector x) noexcept {
  store_256<Stream>(out, x);
}

// The last elements of an array. A load that takes what two stores have left waits until both are in the
// cache, so that whole vectors are stored where they are read next.

/// All ones in the first n of 8 lanes.
NARROWFP_TARGET NARROWFP_INLINE __m256i first_lanes(std::size_t n) noexcept {
  return _mm256_cmpgt_epi32(broadcast(static_cast<std::uint32_t>(n)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

template <class T>
NARROWFP_INLINE std::uint64_t load_little(const char* in) noexcept {
  T x;
  __builtin_memcpy(&x, in, sizeof x);
  return x;
}
/// n < 16 bytes, then zeros: of loads that overlap.
NARROWFP_TARGET NARROWFP_INLINE __m128i load_few(const char* in, std::size_t n) noexcept {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (n >= 8) {
    low = load_little<std::uint64_t>(in);
    high = load_little<std::uint64_t>(in + n - 8) >> 8 * (15 - n) >> 8;
  } else if (n >= 4) {
    low = load_little<std::uint32_t>(in) | load_little<std::uint32_t>(in + n - 4) << 8 * (n - 4);
  } else if (n != 0) {
    low = load_little<std::uint8_t>(in) | load_little<std::uint8_t>(in + n / 2) << 8 * (n / 2) |
          load_little<std::uint8_t>(in + n - 1) << 8 * (n - 1);
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}
/// n < 32 bytes, then zeros.
NARROWFP_TARGET NARROWFP_INLINE __m256i load_some_bytes(const char* in, std::size_t n) noexcept {
  if (n < 16) {
    return _mm256_zextsi128_si256(load_few(in, n));
  }
  return _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(in)), load_few(in + 16, n - 16), 1);
}

/// Copies n < Count elements to a buffer of whole vectors, and completes it with zeros.
template <std::size_t Count, class T>
NARROWFP_TARGET NARROWFP_INLINE void load_some(T* buffer, const T* in, std::size_t n) noexcept {
  constexpr std::size_t step = 32 / sizeof(T);
  static_assert(Count % step == 0);
  const T* from = unknown(in);
  for (std::size_t at = 0; at < Count; at += step) {
    const std::size_t left = n > at ? n - at : 0;
    __m256i x;
    if constexpr (sizeof(T) == 4) {
      x = _mm256_maskload_epi32(reinterpret_cast<const int*>(from + at), first_lanes(left));
    } else {
      const auto* bytes = reinterpret_cast<const char*>(from + at);
      x = left >= step ? load_256(bytes) : load_some_bytes(bytes, left * sizeof(T));
    }
    store_256<false>(buffer + at, x);
  }
}
/// Copies the first n < Count elements of a buffer of whole vectors.
template <std::size_t Count, class T>
NARROWFP_TARGET NARROWFP_INLINE void store_some(T* out, const T* buffer, std::size_t n) noexcept {
  constexpr std::size_t step = 32 / sizeof(T);
  std::size_t at = 0;
  for (; at + step < Count && n - at >= step; at += step) {
    store_256<false>(out + at, load_256(unknown(buffer) + at));  // else the loop becomes a call of memcpy
  }
  if constexpr (sizeof(T) == 4) {
    if (at < n) {
      _mm256_maskstore_epi32(reinterpret_cast<int*>(out + at), first_lanes(n - at), load_256(buffer + at));
    }
  } else {
    copy_few<16>(reinterpret_cast<char*>(out + at), reinterpret_cast<const char*>(buffer + at),
                 (n - at) * sizeof(T));
  }
}

/// Bytes of b where the mask's bytes have their top bit, else of a. Written out: under -funsigned-char g++ 12
/// finds no byte of an intrinsic's mask negative.
NARROWFP_TARGET NARROWFP_INLINE __m256i chosen(__m256i a, __m256i b, __m256i mask) noexcept {
  __m256i result;
  __asm__("vpblendvb {%3, %2, %1, %0|%0, %1, %2, %3}" : "=x"(result) : "x"(a), "x"(b), "x"(mask));
  return result;
}

/// Part of a chained table, in both lanes.
NARROWFP_TARGET NARROWFP_INLINE __m256i load_part(const std::uint8_t* part) noexcept {
  return _mm256_broadcastsi128_si256(load_128(part));
}
template <int Parts>
NARROWFP_TARGET NARROWFP_INLINE __m256i look_up(const chained_table<Parts>& table, __m256i index) noexcept {
  __m256i result = _mm256_shuffle_epi8(load_part(table.part[0]), index);
#pragma GCC unroll 8
  for (int p = 1; p < Parts; ++p) {
    const __m256i in_part = _mm256_sub_epi8(index, broadcast_8(16 * p));
    result = _mm256_xor_si256(result, _mm256_shuffle_epi8(load_part(table.part[p]), in_part));
  }
  return result;
}

// Float arithmetic that no compiler flag can change: under -ffast-math the operators and most intrinsics may
// be reordered, fused, or replaced by products with reciprocals. The results are integers to the compiler:
// clang 17 and later take for granted under that flag that a float which asm gives is neither NaN nor
// infinite.

// clang takes from memory whatever may lie there, and stores it first.
#if defined(__clang__)
#define NARROWFP_OPERAND "x"
#else
#define NARROWFP_OPERAND "xm"
#endif

NARROWFP_TARGET NARROWFP_INLINE __m256i product(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vmulps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), NARROWFP_OPERAND(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE __m256i float_sum(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vaddps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), NARROWFP_OPERAND(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE dwords float_difference(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("vsubps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), NARROWFP_OPERAND(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE __m256i quotient(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vdivps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), NARROWFP_OPERAND(b));
  return result;
}
/// All ones where a or b is NaN.
NARROWFP_TARGET NARROWFP_INLINE __m256i unordered(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vcmpunordps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "x"(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE bool has_nan(const quad& v) noexcept {
  const __m256i in_any = _mm256_or_si256(unordered(v.a, v.b), unordered(v.c, v.d));
  return _mm256_testz_si256(in_any, in_any) == 0;
}
/// The smaller and the larger of two numbers; b if one is NaN or both are zero.
NARROWFP_TARGET NARROWFP_INLINE __m256i smaller_or_second(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vminps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "x"(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE __m256i larger_or_second(__m256i a, __m256i b) noexcept {
  __m256i result;
  __asm__("vmaxps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "x"(b));
  return result;
}
/// c + a * b, rounded once.
NARROWFP_TARGET NARROWFP_INLINE dwords product_more(dwords c, dwords a, dwords b) noexcept {
  __asm__("vfmadd231ps {%2, %1, %0|%0, %1, %2}" : "+x"(c) : "x"(a), NARROWFP_OPERAND(b));
  return c;
}
/// c - a * b, rounded once.
NARROWFP_TARGET NARROWFP_INLINE dwords product_less(dwords c, dwords a, dwords b) noexcept {
  __asm__("vfnmadd231ps {%2, %1, %0|%0, %1, %2}" : "+x"(c) : "x"(a), NARROWFP_OPERAND(b));
  return c;
}
#undef NARROWFP_OPERAND

/// Products rounded to odd: toward zero, as MXCSR says, with the last bit set where that is not the product.
NARROWFP_TARGET NARROWFP_INLINE __m256i product_to_odd(__m256i a, __m256i b) noexcept {
  const __m256i bits = product(a, b);
  const __m256i negated = _mm256_xor_si256(bits, broadcast(0x80000000));
  const __m256i missing = _mm256_slli_epi32(product_more(negated, a, b), 1);
  const __m256i is_exact = _mm256_cmpeq_epi32(missing, _mm256_setzero_si256());
  return _mm256_or_si256(bits, _mm256_andnot_si256(is_exact, broadcast(1)));
}

NARROWFP_TARGET NARROWFP_INLINE dwords magnitude(dwords x) noexcept {
  return _mm256_and_si256(x, broadcast(0x7FFFFFFF));
}
NARROWFP_TARGET NARROWFP_INLINE dwords difference(dwords a, dwords b) noexcept {
  return _mm256_sub_epi32(a, b);
}
/// `yes` where x, below 2^31, is above the limit, else `no`.
NARROWFP_TARGET NARROWFP_INLINE dwords where_above(dwords x, std::uint32_t limit, dwords yes,
                                                   dwords no) noexcept {
  return chosen(no, yes, _mm256_cmpgt_epi32(x, broadcast(limit)));
}
NARROWFP_TARGET NARROWFP_INLINE dwords both(dwords a, dwords b) noexcept { return _mm256_and_si256(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords either_not_both(dwords a, dwords b) noexcept {
  return _mm256_xor_si256(a, b);
}
/// Lane i ^ Distance in lane i.
template <std::size_t Distance>
NARROWFP_TARGET NARROWFP_INLINE dwords swapped(dwords x) noexcept {
  static_assert(Distance == 1 || Distance == 2 || Distance == 4);
  if constexpr (Distance == 4) {
    return _mm256_permute4x64_epi64(x, 0x4E);
  } else {
    return _mm256_shuffle_epi32(x, Distance == 1 ? 0xB1 : 0x4E);
  }
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE dwords shifted_left(dwords x) noexcept {
  return _mm256_slli_epi32(x, N);
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE dwords shifted_right(dwords x) noexcept {
  return _mm256_srli_epi32(x, N);
}
/// To the left by n, or to the right by -n.
NARROWFP_TARGET NARROWFP_INLINE dwords shifted(dwords x, dwords n) noexcept {
  const __m256i right = _mm256_sub_epi32(_mm256_setzero_si256(), n);
  return _mm256_or_si256(_mm256_sllv_epi32(x, n), _mm256_srlv_epi32(x, right));
}
/// All ones where a + b, without sign, is 2^32 or more; compared as signed numbers.
NARROWFP_TARGET NARROWFP_INLINE dwords carries(dwords a, dwords b) noexcept {
  return _mm256_cmpgt_epi32(_mm256_xor_si256(b, broadcast(0x80000000)),
                            _mm256_xor_si256(a, broadcast(0x7FFFFFFF)));
}
NARROWFP_TARGET NARROWFP_INLINE dwords either(dwords a, dwords b) noexcept { return _mm256_or_si256(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords sum(dwords a, dwords b) noexcept { return _mm256_add_epi32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords smaller(dwords a, dwords b) noexcept { return _mm256_min_epu32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords larger(dwords a, dwords b) noexcept { return _mm256_max_epu32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords sign_in_all_bits(dwords x) noexcept {
  return _mm256_srai_epi32(x, 31);
}
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_lane(dwords x) noexcept {
  __m128i of_4 = _mm_max_epu32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0x4E));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0xB1));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(of_4));
}

/// To 32-bit integers: toward zero, and in MXCSR's mode.
NARROWFP_TARGET NARROWFP_INLINE dwords truncated(dwords x) noexcept {
  return _mm256_cvttps_epi32(_mm256_castsi256_ps(x));
}
NARROWFP_TARGET NARROWFP_INLINE dwords rounded_to_integers(dwords x) noexcept {
  return _mm256_cvtps_epi32(_mm256_castsi256_ps(x));
}

NARROWFP_TARGET NARROWFP_INLINE quad times(const quad& v, __m256i factor) noexcept {
  return {product(v.a, factor), product(v.b, factor), product(v.c, factor), product(v.d, factor)};
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_quad(float* out, const quad& v) noexcept {
  store_256<Stream>(out, v.a);
  store_256<Stream>(out + 8, v.b);
  store_256<Stream>(out + 16, v.c);
  store_256<Stream>(out + 24, v.d);
}

/// The elements of a group: one block or more.
template <block_type B>
inline constexpr std::size_t group_elements = B::elements > 32 ? B::elements : 32;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
