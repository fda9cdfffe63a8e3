// The caller's floating-point environment neither changes results nor is changed.
#include "kernel_probe.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace kernels {
namespace {

#if defined(__x86_64__)

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

constexpr unsigned masked = 0x1F80;
constexpr unsigned flush_to_zero = 0x8000;
constexpr unsigned denormals_are_zero = 0x0040;
constexpr unsigned round_bits = 0x2000;  // times 0 .. 3

class control_register {
 public:
  explicit control_register(unsigned value) : saved_(_mm_getcsr()) { _mm_setcsr(value); }
  ~control_register() { _mm_setcsr(saved_); }
  control_register(const control_register&) = delete;
  control_register& operator=(const control_register&) = delete;

 private:
  unsigned saved_;
};

class KernelEnvironment : public kernel_suite {};

TEST_P(KernelEnvironment, IsNeitherUsedNorChanged) {
  const elements in = inputs_for(format(), scalar::f32);
  const std::size_t n = in.size();
  std::vector<std::uint8_t> codes(format().code_bytes(n, false));
  std::vector<std::uint8_t> got_codes(codes.size());
  std::vector<std::uint8_t> values(4 * n);
  std::vector<std::uint8_t> got_values(4 * n);
  for (const rounding mode : {rounding::nearest_even, rounding::nearest_away, rounding::toward_zero}) {
    for (const float scale : {1.0F, 0.3F, 1e-38F, 1e20F}) {
      narrowfp::pack_options pack{
          .round = mode, .over = overflow::native, .scale = scale, .use = isa::scalar};
      narrowfp::unpack_options unpack{.scale = scale, .use = isa::scalar};
      format().pack(scalar::f32, in.data(), codes.data(), n, false, pack);
      format().unpack(scalar::f32, codes.data(), values.data(), n, false, unpack);
      pack.use = unpack.use = GetParam().use;
      for (unsigned round = 0; round < 4; ++round) {
        for (const unsigned flush :
             {0U, flush_to_zero, denormals_are_zero, flush_to_zero | denormals_are_zero}) {
          const unsigned control = masked | flush | round * round_bits;
          unsigned after = 0;
          {
            const control_register set(control);
            format().pack(scalar::f32, in.data(), got_codes.data(), n, false, pack);
            format().unpack(scalar::f32, got_codes.data(), got_values.data(), n, false, unpack);
            after = _mm_getcsr();
          }
          ASSERT_EQ(after, control) << "flags or modes changed";
          ASSERT_EQ(codes, got_codes) << "MXCSR " << control << ", scale " << scale;
          ASSERT_EQ(values, got_values) << "MXCSR " << control << ", scale " << scale;
        }
      }
    }
  }
}

KERNEL_SUITE(KernelEnvironment);

#endif

}  // namespace
}  // namespace kernels
