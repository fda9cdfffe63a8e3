// Layer: kernels, AVX2; avx2.hpp includes this. Helpers that several kernels share.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether denormal numbers have to be taken and given as such, or may be zero as well.
enum class denormals : bool { kept, either };

/// While it lives, float instructions round in the given direction and raise no traps; then the caller's
/// modes and flags are back as they were. MXCSR is written only where it differs, as that costs much of a
/// short call.
///
/// Compilers do not know that float instructions depend on this, and may move them. So the kernels that it
/// guards are functions of their own that are not inlined.
class default_environment {
 public:
  NARROWFP_INLINE explicit default_environment(rounding mode, denormals tiny = denormals::either) noexcept
      : callers_(_mm_getcsr()) {
    constexpr unsigned flags = 0x003F;
    constexpr unsigned flush_and_read_as_zero = 0x8040;
    constexpr unsigned all_masked = 0x1F80;
    constexpr unsigned toward_zero = 0x6000;
    const unsigned wanted = all_masked | (mode == rounding::toward_zero ? toward_zero : 0);
    const unsigned ignored = flags | (tiny == denormals::either ? flush_and_read_as_zero : 0);
    if (((callers_ ^ wanted) & ~ignored) != 0) {
      _mm_setcsr(wanted | (callers_ & ignored));
    }
  }
  NARROWFP_INLINE ~default_environment() {
    if (_mm_getcsr() != callers_) {
      _mm_setcsr(callers_);
    }
  }
  default_environment(const default_environment&) = delete;
  default_environment& operator=(const default_environment&) = delete;

 private:
  unsigned callers_;
};

NARROWFP_TARGET NARROWFP_INLINE __m256i broadcast_32(std::uint32_t x) noexcept {
  return _mm256_set1_epi32(static_cast<int>(x));
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

/// Elements of that size before the first multiple of 32 bytes from p on.
NARROWFP_INLINE std::size_t elements_to_line(const void* p, std::size_t element_size) noexcept {
  return (~reinterpret_cast<std::uintptr_t>(p) + 1) % 32 / element_size;
}

/// With Stream, `out` is a multiple of 32.
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_256(void* out, __m256i v) noexcept {
  if constexpr (Stream) {
    _mm256_stream_si256(static_cast<__m256i*>(out), v);
  } else {
    _mm256_storeu_si256(static_cast<__m256i*>(out), v);
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
NARROWFP_TARGET NARROWFP_INLINE __m256i look_up(__m256i index, const chained_table<Parts>& table) noexcept {
  __m256i result = _mm256_shuffle_epi8(load_part(table.part[0]), index);
#pragma GCC unroll 8
  for (int p = 1; p < Parts; ++p) {
    const __m256i in_part = _mm256_sub_epi8(index, broadcast_8(16 * p));
    result = _mm256_xor_si256(result, _mm256_shuffle_epi8(load_part(table.part[p]), in_part));
  }
  return result;
}

/// Four vectors of float patterns, for 32 elements.
struct quad {
  __m256i a, b, c, d;
};

/// The same as floats.
struct float_quad {
  __m256 a, b, c, d;
};

// Float arithmetic that no compiler flag can change: under -ffast-math the operators and most intrinsics may
// be reordered, fused, or replaced by products with reciprocals. The results are integers to the compiler:
// clang 17 and later take for granted under that flag that a float which asm gives is neither NaN nor
// infinite.

NARROWFP_TARGET NARROWFP_INLINE __m256 float_product(__m256 a, __m256 b) noexcept {
  __m256i result;
  __asm__("vmulps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "xm"(b));
  return _mm256_castsi256_ps(result);
}
NARROWFP_TARGET NARROWFP_INLINE __m256 float_sum(__m256 a, __m256 b) noexcept {
  __m256i result;
  __asm__("vaddps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "xm"(b));
  return _mm256_castsi256_ps(result);
}
NARROWFP_TARGET NARROWFP_INLINE __m256 float_quotient(__m256 a, __m256 b) noexcept {
  __m256i result;
  __asm__("vdivps {%2, %1, %0|%0, %1, %2}" : "=x"(result) : "x"(a), "xm"(b));
  return _mm256_castsi256_ps(result);
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
/// a * b + c, rounded once.
NARROWFP_TARGET NARROWFP_INLINE __m256 fused_sum(__m256 a, __m256 b, __m256 c) noexcept {
  __m256i result = _mm256_castps_si256(c);
  __asm__("vfmadd231ps {%2, %1, %0|%0, %1, %2}" : "+x"(result) : "x"(a), "xm"(b));
  return _mm256_castsi256_ps(result);
}
/// c - a * b, rounded once.
NARROWFP_TARGET NARROWFP_INLINE __m256 fused_difference(__m256 a, __m256 b, __m256 c) noexcept {
  __m256i result = _mm256_castps_si256(c);
  __asm__("vfnmadd231ps {%2, %1, %0|%0, %1, %2}" : "+x"(result) : "x"(a), "xm"(b));
  return _mm256_castsi256_ps(result);
}

NARROWFP_TARGET NARROWFP_INLINE float_quad times(const float_quad& v, __m256 factor) noexcept {
  return {float_product(v.a, factor), float_product(v.b, factor), float_product(v.c, factor),
          float_product(v.d, factor)};
}
template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_quad(float* out, const float_quad& v) noexcept {
  store_256<Stream>(out, _mm256_castps_si256(v.a));
  store_256<Stream>(out + 8, _mm256_castps_si256(v.b));
  store_256<Stream>(out + 16, _mm256_castps_si256(v.c));
  store_256<Stream>(out + 24, _mm256_castps_si256(v.d));
}

/// The elements of a group: one block or more.
template <block_type B>
inline constexpr std::size_t group_elements = B::elements > 32 ? B::elements : 32;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
