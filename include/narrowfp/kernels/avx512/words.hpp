// Layer: kernels/avx512. Helpers that several kernels share.
#if !defined(NARROWFP_SET)
#include "alone.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of 32-bit lanes: the patterns of floats, or integers.
using dwords = __m512i;

/// Four vectors, for 64 elements; as many codes of a byte each are one vector.
struct quad {
  dwords a, b, c, d;
};
inline constexpr std::size_t quad_elements = 64;
inline constexpr std::size_t lanes = quad_elements / 4;

/// Elements whose codes are encoded, or decoded, together.
inline constexpr std::size_t code_group = 64;

/// A vector of 16-bit numbers, and as many 32-bit lanes.
using half_vector = __m512i;
inline constexpr std::size_t half_elements = 32;
struct pair {
  dwords a, b;
};

NARROWFP_TARGET NARROWFP_INLINE dwords broadcast(std::uint32_t x) noexcept {
  return _mm512_set1_epi32(static_cast<int>(x));
}

NARROWFP_TARGET NARROWFP_INLINE dwords broadcast_float(float x) noexcept {
  return broadcast(core::bit_cast<std::uint32_t>(x));
}

NARROWFP_TARGET NARROWFP_INLINE __m512i broadcast_16(std::uint32_t x) noexcept {
  return _mm512_set1_epi16(static_cast<short>(x));
}
NARROWFP_TARGET NARROWFP_INLINE __m512i broadcast_8(std::uint32_t x) noexcept {
  return _mm512_set1_epi8(static_cast<char>(x));
}

/// The low n bits of a mask set.
NARROWFP_INLINE unsigned long long first_bits(std::size_t n) noexcept {
  return n >= 64 ? ~0ULL : (1ULL << n) - 1;
}

/// The same as a mask of bytes, in a mask register: AddressSanitizer asks for its single bits, and clang 14
/// fails to take them from a general register.
NARROWFP_TARGET NARROWFP_INLINE __mmask64 first_bytes(std::size_t n) noexcept {
  const __mmask64 bits = first_bits(n);
  if (__builtin_constant_p(bits)) {
    return bits;
  }
  __mmask64 mask;
  __asm__("kmovq {%1, %0|%0, %1}" : "=k"(mask) : "r"(bits));
  return mask;
}

/// Bytes of output from which on stores go past the caches: more than the last-level cache has for one core.
constexpr std::size_t streaming_size = std::size_t{32} << 20;

/// Codes of a buffer between two kernels: a multiple of 64 that stays in the first-level cache.
constexpr std::size_t bytes_at_a_time = 1024;

/// After stores past the caches.
NARROWFP_INLINE void finish_streaming() noexcept { _mm_sfence(); }

/// For kernels that other sets need an environment for: instructions here carry their own rounding.
struct default_environment {
  explicit default_environment(rounding) noexcept {}
};
using half_environment = default_environment;
/// Where denormal numbers count, MXCSR matters all the same.
using exact_environment = avx2::exact_environment;

/// Elements of that size before the first whole cache line from p on.
NARROWFP_INLINE std::size_t elements_to_line(const void* p, std::size_t element_size) noexcept {
  return (~reinterpret_cast<std::uintptr_t>(p) + 1) % 64 / element_size;
}

template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_whole(void* out, __m512i v) noexcept {
  if constexpr (Stream) {
    _mm512_stream_si512(static_cast<__m512i*>(out), v);
    stays_in_its_arm();
  } else {
    _mm512_storeu_si512(out, v);
  }
}

/// Copies n elements to a buffer of whole vectors and completes them with zeros.
template <std::size_t Count, class T>
NARROWFP_TARGET NARROWFP_INLINE void load_some(T* buffer, const T* in, std::size_t n) noexcept {
  const auto* from = reinterpret_cast<const char*>(in);
  for (std::size_t at = 0; at < Count * sizeof(T); at += 64) {
    const std::size_t count = n * sizeof(T) > at ? n * sizeof(T) - at : 0;
    _mm512_storeu_si512(reinterpret_cast<char*>(buffer) + at,
                        _mm512_maskz_loadu_epi8(first_bytes(count), unknown(from) + at));
  }
}

/// Copies the first n elements of a buffer of whole vectors.
template <std::size_t Count, class T>
NARROWFP_TARGET NARROWFP_INLINE void store_some(T* out, const T* buffer, std::size_t n) noexcept {
  char* to = reinterpret_cast<char*>(out);
  for (std::size_t at = 0; at < Count * sizeof(T); at += 64) {
    const std::size_t count = n * sizeof(T) > at ? n * sizeof(T) - at : 0;
    _mm512_mask_storeu_epi8(to + at, first_bytes(count),
                            _mm512_loadu_si512(reinterpret_cast<const char*>(buffer) + at));
  }
}

NARROWFP_TARGET NARROWFP_INLINE dwords load_dwords(const float* in) noexcept {
  return _mm512_loadu_si512(in);
}
NARROWFP_TARGET NARROWFP_INLINE dwords load_dwords(const std::uint32_t* in) noexcept {
  return _mm512_loadu_si512(in);
}
NARROWFP_TARGET NARROWFP_INLINE half_vector load_halves(const std::uint16_t* in) noexcept {
  return _mm512_loadu_si512(in);
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_dwords(float* out, dwords x) noexcept {
  store_whole<Stream>(out, x);
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_halves(std::uint16_t* out, half_vector x) noexcept {
  store_whole<Stream>(out, x);
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_quad(float* out, const quad& v) noexcept {
  store_whole<Stream>(out, v.a);
  store_whole<Stream>(out + 16, v.b);
  store_whole<Stream>(out + 32, v.c);
  store_whole<Stream>(out + 48, v.d);
}

/// Index of a 4x4 transposition of dwords over 128-bit lanes.
NARROWFP_TARGET NARROWFP_INLINE __m512i transpose_dwords() noexcept {
  return _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/// Bytes in packed places as bytes in order, or back.
NARROWFP_TARGET NARROWFP_INLINE __m512i reordered(__m512i codes) noexcept {
  return _mm512_maskz_permutexvar_epi32(0xFFFF, transpose_dwords(), codes);
}

/// The low bits of each dword or qword from `low`, those above them from `high`.
NARROWFP_TARGET NARROWFP_INLINE __m512i join(__m512i low_bits, __m512i low, __m512i high) noexcept {
  return _mm512_ternarylogic_epi32(low_bits, low, high, 0xCA);
}

// Where a result may be infinite the instructions are written out, with integers to the compiler: clang 17
// and later take for granted under -ffast-math that no float is.

/// Products of floats, rounded to nearest.
NARROWFP_TARGET NARROWFP_INLINE __m512i product(__m512i x, __m512i scale) noexcept {
  __m512i result;
  __asm__("vmulps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(result) : "v"(x), "v"(scale));
  return result;
}
/// Sums and differences of floats, rounded to nearest.
NARROWFP_TARGET NARROWFP_INLINE dwords float_sum(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("vaddps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(result) : "v"(a), "v"(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE dwords float_difference(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("vsubps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(result) : "v"(a), "v"(b));
  return result;
}
/// Quotients of floats, rounded to nearest.
NARROWFP_TARGET NARROWFP_INLINE __m512i quotient(__m512i x, __m512i divisor) noexcept {
  __m512i result;
  __asm__("vdivps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(result) : "v"(x), "v"(divisor));
  return result;
}

/// c + a * b, rounded once.
NARROWFP_TARGET NARROWFP_INLINE dwords product_more(dwords c, dwords a, dwords b) noexcept {
  __asm__("vfmadd231ps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "+v"(c) : "v"(a), "v"(b));
  return c;
}
/// c - a * b, rounded once.
NARROWFP_TARGET NARROWFP_INLINE dwords product_less(dwords c, dwords a, dwords b) noexcept {
  return _mm512_castps_si512(_mm512_maskz_fnmadd_round_ps(0xFFFF, _mm512_castsi512_ps(a),
                                                          _mm512_castsi512_ps(b), _mm512_castsi512_ps(c),
                                                          _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// Set where a or b is NaN.
NARROWFP_TARGET NARROWFP_INLINE __mmask16 unordered(dwords a, dwords b) noexcept {
  __mmask16 result;
  __asm__("vcmpunordps {%{sae%}, %2, %1, %0|%0, %1, %2, %{sae%}}" : "=k"(result) : "v"(a), "v"(b));
  return result;
}
NARROWFP_TARGET NARROWFP_INLINE bool has_nan(const quad& v) noexcept {
  return (unordered(v.a, v.b) | unordered(v.c, v.d)) != 0;
}

/// x * y rounded to odd: toward zero, with the last bit set where that is not the product. All products are
/// so far above the denormal floats that what is missing is none either.
NARROWFP_TARGET NARROWFP_INLINE __m512i product_to_odd(__m512i x, __m512i y) noexcept {
  constexpr int mode = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
  const __m512 a = _mm512_castsi512_ps(x);
  const __m512 b = _mm512_castsi512_ps(y);
  const __m512 product = _mm512_maskz_mul_round_ps(0xFFFF, a, b, mode);
  const __m512i missing = _mm512_castps_si512(_mm512_maskz_fmsub_round_ps(0xFFFF, a, b, product, mode));
  const __m512i bits = _mm512_castps_si512(product);
  const __mmask16 inexact = _mm512_test_epi32_mask(missing, broadcast(0x7FFFFFFF));
  return _mm512_mask_or_epi32(bits, inexact, bits, broadcast(1));
}

NARROWFP_TARGET NARROWFP_INLINE dwords magnitude(dwords x) noexcept {
  return _mm512_and_si512(x, broadcast(0x7FFFFFFF));
}
NARROWFP_TARGET NARROWFP_INLINE dwords difference(dwords a, dwords b) noexcept {
  return _mm512_sub_epi32(a, b);
}
/// `yes` where x, below 2^31, is above the limit, else `no`.
NARROWFP_TARGET NARROWFP_INLINE dwords where_above(dwords x, std::uint32_t limit, dwords yes,
                                                   dwords no) noexcept {
  return _mm512_mask_mov_epi32(no, _mm512_cmpgt_epu32_mask(x, broadcast(limit)), yes);
}
NARROWFP_TARGET NARROWFP_INLINE dwords both(dwords a, dwords b) noexcept { return _mm512_and_si512(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords either(dwords a, dwords b) noexcept { return _mm512_or_si512(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords either_not_both(dwords a, dwords b) noexcept {
  return _mm512_xor_si512(a, b);
}
/// Lane i ^ Distance in lane i.
template <std::size_t Distance>
NARROWFP_TARGET NARROWFP_INLINE dwords swapped(dwords x) noexcept {
  static_assert(Distance == 1 || Distance == 2 || Distance == 4 || Distance == 8);
  if constexpr (Distance >= 4) {
    return _mm512_maskz_shuffle_i64x2(0xFF, x, x, Distance == 4 ? 0xB1 : 0x4E);
  } else {
    return _mm512_maskz_shuffle_epi32(0xFFFF, x, Distance == 1 ? _MM_PERM_CDAB : _MM_PERM_BADC);
  }
}
NARROWFP_TARGET NARROWFP_INLINE dwords sum(dwords a, dwords b) noexcept { return _mm512_add_epi32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords smaller(dwords a, dwords b) noexcept { return _mm512_min_epu32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords larger(dwords a, dwords b) noexcept { return _mm512_max_epu32(a, b); }
NARROWFP_TARGET NARROWFP_INLINE dwords sign_in_all_bits(dwords x) noexcept {
  return _mm512_srai_epi32(x, 31);
}
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_lane(dwords x) noexcept {
  const __m256i of_8 =
      _mm256_max_epu32(_mm512_castsi512_si256(x), _mm512_maskz_extracti64x4_epi64(0xFF, x, 1));
  __m128i of_4 = _mm_max_epu32(_mm256_castsi256_si128(of_8), _mm256_extracti128_si256(of_8, 1));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0x4E));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0xB1));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(of_4));
}

NARROWFP_TARGET NARROWFP_INLINE quad load_quad(const void* p, bool whole) noexcept {
  const char* bytes = static_cast<const char*>(p);
  return {_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64),
          whole ? _mm512_loadu_si512(bytes + 128) : _mm512_setzero_si512(),
          whole ? _mm512_loadu_si512(bytes + 192) : _mm512_setzero_si512()};
}

/// A table by the exponent field of floats, mod 32.
NARROWFP_TARGET NARROWFP_INLINE __m512i row_of_32(const quad& table, __m512i x) noexcept {
  return _mm512_permutex2var_epi32(table.a, _mm512_srli_epi32(x, 23), table.b);
}

/// The same, mod 64.
NARROWFP_TARGET NARROWFP_INLINE __m512i row_of_64(const quad& table, __m512i x) noexcept {
  const __m512i field = _mm512_srli_epi32(x, 23);
  const __m512i low = _mm512_permutex2var_epi32(table.a, field, table.b);
  const __m512i high = _mm512_permutex2var_epi32(table.c, field, table.d);
  return _mm512_mask_mov_epi32(low, _mm512_test_epi32_mask(field, broadcast(32)), high);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
