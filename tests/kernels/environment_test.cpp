// The caller's floating-point environment neither changes results nor is changed.
#include <algorithm>

#include "kernel_probe.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace kernels {
namespace {

#if defined(__x86_64__) || defined(__aarch64__)

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

#if defined(__x86_64__)

/// MXCSR: modes and the flags that have been raised.
std::uint64_t read_control() { return _mm_getcsr(); }
void write_control(std::uint64_t value) { _mm_setcsr(static_cast<unsigned>(value)); }

constexpr std::uint64_t as_usual = 0x1F80;    // every exception masked
constexpr std::uint64_t round_bits = 0x2000;  // times 0 .. 3
constexpr std::uint64_t flush_to_zero = 0x8000;
constexpr std::uint64_t denormals_are_zero = 0x0040;
constexpr std::uint64_t treatments[] = {0, flush_to_zero, denormals_are_zero,
                                        flush_to_zero | denormals_are_zero};

#else

/// FPCR, the modes, and above it FPSR, the flags that have been raised.
std::uint64_t read_control() {
  std::uint64_t modes = 0;
  std::uint64_t flags = 0;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(modes), "=r"(flags));
  return modes | flags << 32;
}
void write_control(std::uint64_t value) {
  __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(value & 0xFFFFFFFF), "r"(value >> 32));
}

constexpr std::uint64_t as_usual = 0;
constexpr std::uint64_t round_bits = 1U << 22;  // times 0 .. 3
constexpr std::uint64_t flush_to_zero = 1U << 24;
constexpr std::uint64_t flush_halves_to_zero = 1U << 19;
constexpr std::uint64_t default_nan = 1U << 25;
constexpr std::uint64_t alternative_halves = 1U << 26;  // float16 without infinities
constexpr std::uint64_t treatments[] = {0, flush_to_zero, flush_halves_to_zero, default_nan,
                                        alternative_halves};

#endif

class control {
 public:
  explicit control(std::uint64_t value) : saved_(read_control()) { write_control(value); }
  ~control() { write_control(saved_); }
  control(const control&) = delete;
  control& operator=(const control&) = delete;

 private:
  std::uint64_t saved_;
};

class KernelEnvironment : public kernel_suite {};

TEST_P(KernelEnvironment, IsNeitherUsedNorChanged) {
  for (const scalar kind : fast_scalars) {
    const elements in = inputs_for(format(), kind);
    // The boundaries come first. Scaled, there are float kernels only.
    const bool is_float = kind == scalar::f32;
    const std::size_t n = is_float ? std::min<std::size_t>(in.size(), 12000) : in.size();
    const std::vector<float> scales = is_float ? std::vector{1.0F, 0.3F, 1e-38F, 1e20F} : std::vector{1.0F};
    std::vector<std::uint8_t> codes(format().code_bytes(n, false));
    std::vector<std::uint8_t> got_codes(codes.size());
    std::vector<std::uint8_t> values(size_of(kind) * n);
    std::vector<std::uint8_t> got_values(values.size());
    for (const rounding mode : {rounding::nearest_even, rounding::nearest_away, rounding::toward_zero}) {
      for (const float scale : scales) {
        narrowfp::pack_options pack{
            .round = mode, .over = overflow::native, .scale = scale, .use = isa::scalar};
        narrowfp::unpack_options unpack{.scale = scale, .use = isa::scalar};
        format().pack(kind, in.data(), codes.data(), n, false, pack);
        format().unpack(kind, codes.data(), values.data(), n, false, unpack);
        pack.use = unpack.use = GetParam().use;
        for (unsigned round = 0; round < 4; ++round) {
          for (const std::uint64_t treatment : treatments) {
            const std::uint64_t value = as_usual | treatment | round * round_bits;
            std::uint64_t before = 0;
            std::uint64_t after = 0;
            {
              const control set(value);
              before = read_control();
              format().pack(kind, in.data(), got_codes.data(), n, false, pack);
              format().unpack(kind, got_codes.data(), got_values.data(), n, false, unpack);
              after = read_control();
            }
            ASSERT_EQ(after, before) << "flags or modes changed";
            ASSERT_EQ(codes, got_codes) << "control " << value << ", scale " << scale;
            ASSERT_EQ(values, got_values) << "control " << value << ", scale " << scale;
          }
        }
      }
    }
  }
}

KERNEL_SUITE(KernelEnvironment);

#endif

}  // namespace
}  // namespace kernels
