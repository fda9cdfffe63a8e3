// The caller's floating-point environment neither changes results nor is changed.
#include <algorithm>

#include "control_register.hpp"
#include "kernel_suite.hpp"

namespace kernels {
namespace {

#if defined(KERNELS_CONTROL_REGISTER)

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

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
        format().pack_memory(kind, in.data(), codes.data(), n, false, pack);
        format().unpack_memory(kind, codes.data(), values.data(), n, false, unpack);
        pack.use = unpack.use = GetParam().use;
        for (const std::uint64_t value : control_values()) {
          std::uint64_t before = 0;
          std::uint64_t after = 0;
          {
            const control_register set(value);
            before = read_control();
            format().pack_memory(kind, in.data(), got_codes.data(), n, false, pack);
            format().unpack_memory(kind, got_codes.data(), got_values.data(), n, false, unpack);
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

KERNEL_SUITE(KernelEnvironment);

#endif

}  // namespace
}  // namespace kernels
