// Each trivial conversion in several forms, of which the fastest counts: the loop as the compiler sees it
// (this file is built with -O3), the same for AVX2, and one written for AVX-512.
#include "ceilings.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#define BENCH_X86 1
#define BENCH_AVX2 __attribute__((target("avx2")))
#define BENCH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#else
#define BENCH_X86 0
#endif

namespace bench {

namespace {

// --- the loops ---

template <class In, class Out>
void convert_plain(const std::byte* in, std::byte* out, std::size_t n) {
  const auto* from = reinterpret_cast<const In*>(in);
  auto* to = reinterpret_cast<Out*>(out);
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = static_cast<Out>(from[i]);
  }
}

template <class In>
void pack_nibbles(const std::byte* in, std::byte* out, std::size_t n) {
  const auto* from = reinterpret_cast<const In*>(in);
  auto* to = reinterpret_cast<std::uint8_t*>(out);
  for (std::size_t i = 0; i < n / 2; ++i) {
    to[i] = static_cast<std::uint8_t>((from[2 * i] & 15) | (from[2 * i + 1] & 15) << 4);
  }
}

template <class Out>
void unpack_nibbles(const std::byte* in, std::byte* out, std::size_t n) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(in);
  auto* to = reinterpret_cast<Out*>(out);
  for (std::size_t i = 0; i < n / 2; ++i) {
    to[2 * i] = from[i] & 15;
    to[2 * i + 1] = static_cast<Out>(from[i] >> 4U);
  }
}

void copy(const std::byte* in, std::byte* out, std::size_t n) { std::memcpy(out, in, 4 * n); }

#if BENCH_X86

template <class In, class Out>
BENCH_AVX2 void convert_avx2(const std::byte* in, std::byte* out, std::size_t n) {
  const auto* from = reinterpret_cast<const In*>(in);
  auto* to = reinterpret_cast<Out*>(out);
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = static_cast<Out>(from[i]);
  }
}

// --- by hand for AVX-512; n is a multiple of 64 ---

/// The masked low bytes of 64 values of 32 bits, in order.
BENCH_AVX512 inline __m512i low_bits_of_64(const std::byte* in, int mask) {
  const __m512i bits = _mm512_set1_epi32(mask);
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  __m512i part[4];
  for (std::size_t k = 0; k < 4; ++k) {
    part[k] = _mm512_and_si512(_mm512_loadu_si512(in + 64 * k), bits);
  }
  const __m512i bytes =
      _mm512_packus_epi16(_mm512_packus_epi32(part[0], part[1]), _mm512_packus_epi32(part[2], part[3]));
  return _mm512_maskz_permutexvar_epi32(0xFFFF, order, bytes);
}

BENCH_AVX512 void truncate_f32_to_u8_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 64) {
    _mm512_storeu_si512(out + i, low_bits_of_64(in + 4 * i, 0xFF));
  }
}

BENCH_AVX512 void extend_u8_to_f32_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 16) {
    const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i));
    _mm512_storeu_si512(out + 4 * i, _mm512_maskz_cvtepu8_epi32(0xFFFF, codes));
  }
}

BENCH_AVX512 void truncate_f32_to_u16_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 16) {
    const __m512i values = _mm512_loadu_si512(in + 4 * i);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 2 * i), _mm512_maskz_cvtepi32_epi16(0xFFFF, values));
  }
}

BENCH_AVX512 void extend_u16_to_f32_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 16) {
    const __m256i codes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + 2 * i));
    _mm512_storeu_si512(out + 4 * i, _mm512_maskz_cvtepu16_epi32(0xFFFF, codes));
  }
}

BENCH_AVX512 void truncate_u16_to_u8_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512i values = _mm512_loadu_si512(in + 2 * i);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), _mm512_maskz_cvtepi16_epi8(~0U, values));
  }
}

BENCH_AVX512 void extend_u8_to_u16_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 32) {
    const __m256i codes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + i));
    _mm512_storeu_si512(out + 2 * i, _mm512_maskz_cvtepu8_epi16(~0U, codes));
  }
}

BENCH_AVX512 void truncate_f32_to_nibbles_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  const __m512i weights = _mm512_set1_epi16(0x1001);  // low nibble * 1 + high nibble * 16
  for (std::size_t i = 0; i < n; i += 64) {
    const __m512i pairs = _mm512_maddubs_epi16(low_bits_of_64(in + 4 * i, 15), weights);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i / 2), _mm512_maskz_cvtepi16_epi8(~0U, pairs));
  }
}

BENCH_AVX512 void extend_nibbles_to_f32_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  const __m512i low_nibbles = _mm512_set1_epi32(15);
  for (std::size_t i = 0; i < n; i += 16) {
    const __m128i codes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in + i / 2));
    const __m512i bytes = _mm512_maskz_cvtepu8_epi64(0xFF, codes);
    const __m512i pairs = _mm512_or_si512(bytes, _mm512_maskz_slli_epi64(0xFF, bytes, 28));
    _mm512_storeu_si512(out + 4 * i, _mm512_and_si512(pairs, low_nibbles));
  }
}

BENCH_AVX512 void truncate_u16_to_nibbles_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  const __m512i low_nibbles = _mm512_set1_epi16(15);
  const __m512i weights = _mm512_set1_epi16(0x1001);
  const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
  for (std::size_t i = 0; i < n; i += 64) {
    const __m512i first = _mm512_and_si512(_mm512_loadu_si512(in + 2 * i), low_nibbles);
    const __m512i second = _mm512_and_si512(_mm512_loadu_si512(in + 2 * i + 64), low_nibbles);
    const __m512i codes = _mm512_maskz_permutexvar_epi64(0xFF, order, _mm512_packus_epi16(first, second));
    const __m512i pairs = _mm512_maddubs_epi16(codes, weights);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i / 2), _mm512_maskz_cvtepi16_epi8(~0U, pairs));
  }
}

BENCH_AVX512 void extend_nibbles_to_u16_avx512(const std::byte* in, std::byte* out, std::size_t n) {
  const __m512i low_nibbles = _mm512_set1_epi16(15);
  for (std::size_t i = 0; i < n; i += 32) {
    const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i / 2));
    const __m512i bytes = _mm512_maskz_cvtepu8_epi32(0xFFFF, codes);
    const __m512i pairs = _mm512_or_si512(bytes, _mm512_maskz_slli_epi32(0xFFFF, bytes, 12));
    _mm512_storeu_si512(out + 2 * i, _mm512_and_si512(pairs, low_nibbles));
  }
}

#define BENCH_BY_HAND(name) name##_avx512
#else
#define BENCH_BY_HAND(name) nullptr
#endif

using plain_function = void (*)(const std::byte* in, std::byte* out, std::size_t n);

/// Those of the forms that this machine runs.
std::vector<convert_function> forms(plain_function loop, [[maybe_unused]] plain_function avx2,
                                    [[maybe_unused]] plain_function avx512) {
  std::vector<convert_function> result = {loop};
#if BENCH_X86
  if (avx2 != nullptr && __builtin_cpu_supports("avx2") != 0) {
    result.emplace_back(avx2);
  }
  if (avx512 != nullptr && __builtin_cpu_supports("avx512f") != 0 &&
      __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0) {
    result.emplace_back(avx512);
  }
#endif
  return result;
}

template <class In, class Out>
std::vector<convert_function> forms_of_loop(plain_function avx512) {
#if BENCH_X86
  return forms(convert_plain<In, Out>, convert_avx2<In, Out>, avx512);
#else
  return forms(convert_plain<In, Out>, nullptr, avx512);
#endif
}

conversion make(const char* name, content input, side in, side out, std::vector<convert_function> variants) {
  conversion c;
  c.name = std::string("ceiling/") + name;
  c.input = input;
  c.in = in;
  c.out = out;
  c.reference = [loop = variants.front()](const std::byte* from, std::byte* to, std::size_t n,
                                          std::uint64_t) { loop(from, to, n); };
  c.variants = std::move(variants);
  return c;
}

constexpr side bytes_4 = {1, 4};
constexpr side bytes_2 = {1, 2};
constexpr side bytes_1 = {1, 1};
constexpr side nibbles = {2, 1};

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;

}  // namespace

const conversion& truncate_f32_to_u8() {
  static const conversion c = make("truncate_f32_to_u8", content::floats, bytes_4, bytes_1,
                                   forms_of_loop<u32, u8>(BENCH_BY_HAND(truncate_f32_to_u8)));
  return c;
}
const conversion& extend_u8_to_f32() {
  static const conversion c = make("extend_u8_to_f32", content::codes_8, bytes_1, bytes_4,
                                   forms_of_loop<u8, u32>(BENCH_BY_HAND(extend_u8_to_f32)));
  return c;
}
const conversion& truncate_f32_to_u16() {
  static const conversion c = make("truncate_f32_to_u16", content::floats, bytes_4, bytes_2,
                                   forms_of_loop<u32, u16>(BENCH_BY_HAND(truncate_f32_to_u16)));
  return c;
}
const conversion& extend_u16_to_f32() {
  static const conversion c = make("extend_u16_to_f32", content::codes_16, bytes_2, bytes_4,
                                   forms_of_loop<u16, u32>(BENCH_BY_HAND(extend_u16_to_f32)));
  return c;
}
const conversion& truncate_u16_to_u8() {
  static const conversion c = make("truncate_u16_to_u8", content::bfloat16s, bytes_2, bytes_1,
                                   forms_of_loop<u16, u8>(BENCH_BY_HAND(truncate_u16_to_u8)));
  return c;
}
const conversion& extend_u8_to_u16() {
  static const conversion c = make("extend_u8_to_u16", content::codes_8, bytes_1, bytes_2,
                                   forms_of_loop<u8, u16>(BENCH_BY_HAND(extend_u8_to_u16)));
  return c;
}
const conversion& truncate_f32_to_nibbles() {
  static const conversion c = make("truncate_f32_to_nibbles", content::floats, bytes_4, nibbles,
                                   forms(pack_nibbles<u32>, nullptr, BENCH_BY_HAND(truncate_f32_to_nibbles)));
  return c;
}
const conversion& extend_nibbles_to_f32() {
  static const conversion c = make("extend_nibbles_to_f32", content::codes_8, nibbles, bytes_4,
                                   forms(unpack_nibbles<u32>, nullptr, BENCH_BY_HAND(extend_nibbles_to_f32)));
  return c;
}
const conversion& truncate_u16_to_nibbles() {
  static const conversion c = make("truncate_u16_to_nibbles", content::bfloat16s, bytes_2, nibbles,
                                   forms(pack_nibbles<u16>, nullptr, BENCH_BY_HAND(truncate_u16_to_nibbles)));
  return c;
}
const conversion& extend_nibbles_to_u16() {
  static const conversion c = make("extend_nibbles_to_u16", content::codes_8, nibbles, bytes_2,
                                   forms(unpack_nibbles<u16>, nullptr, BENCH_BY_HAND(extend_nibbles_to_u16)));
  return c;
}
const conversion& copy_f32() {
  static const conversion c =
      make("memcpy_f32", content::floats, bytes_4, bytes_4, forms(copy, nullptr, nullptr));
  return c;
}

}  // namespace bench
