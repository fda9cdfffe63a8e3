// Every instruction set gives the bytes of the scalar path.
#include <cstring>
#include <sstream>

#include "kernel_suite.hpp"
#include "support/report.hpp"

namespace kernels {
namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

constexpr rounding modes[] = {rounding::nearest_even,    rounding::nearest_away,    rounding::toward_zero,
                              rounding::toward_positive, rounding::toward_negative, rounding::to_odd,
                              rounding::stochastic};

std::string hex(std::uint64_t x) {
  std::ostringstream text;
  text << "0x" << std::hex << x;
  return text.str();
}

class KernelEquality : public kernel_suite {
 protected:
  static void expect_equal_packing(scalar source, const elements& in, bool dense,
                                   narrowfp::pack_options options) {
    const std::size_t size = format().code_bytes(in.size(), dense);
    std::vector<std::uint8_t> want(size, 0xAA);
    std::vector<std::uint8_t> got(size, 0x55);
    options.use = isa::scalar;
    format().pack_memory(source, in.data(), want.data(), in.size(), dense, options);
    options.use = GetParam().use;
    format().pack_memory(source, in.data(), got.data(), in.size(), dense, options);
    support::count_compared(in.size());
    support::count_way(options.round, options.over, support::layout_of(source), in.size());
    if (want != got) {
      const auto at =
          static_cast<std::size_t>(std::mismatch(want.begin(), want.end(), got.begin()).first - want.begin());
      const std::size_t element = at * in.size() / size;
      ADD_FAILURE() << "byte " << at << ", about element " << element << " = " << hex(in.bits(element))
                    << ": want " << hex(want[at]) << ", got " << hex(got[at]) << "; source "
                    << static_cast<int>(source) << ", mode " << static_cast<int>(options.round)
                    << ", overflow " << static_cast<int>(options.over) << ", scale " << options.scale
                    << (dense ? ", dense" : "");
    }
  }

  static void expect_equal_unpacking(scalar target, const std::vector<std::uint8_t>& codes, std::size_t n,
                                     bool dense, narrowfp::unpack_options options) {
    std::vector<std::uint8_t> want(n * size_of(target), 0xAA);
    std::vector<std::uint8_t> got(n * size_of(target), 0x55);
    options.use = isa::scalar;
    format().unpack_memory(target, codes.data(), want.data(), n, dense, options);
    options.use = GetParam().use;
    format().unpack_memory(target, codes.data(), got.data(), n, dense, options);
    support::count_compared(n);
    if (want != got) {
      const auto at =
          static_cast<std::size_t>(std::mismatch(want.begin(), want.end(), got.begin()).first - want.begin());
      ADD_FAILURE() << "element " << at / size_of(target) << ": want " << hex(want[at]) << ", got "
                    << hex(got[at]) << " at its byte " << at % size_of(target) << "; target "
                    << static_cast<int>(target) << ", scale " << options.scale << (dense ? ", dense" : "");
    }
  }
};

TEST_P(KernelEquality, Pack) {
  for (const scalar source : fast_scalars) {
    const elements in = inputs_for(format(), source);
    for (const rounding mode : modes) {
      for (const overflow over : {overflow::native, overflow::saturate}) {
        expect_equal_packing(source, in, false, {.round = mode, .over = over, .seed = 7, .first_index = 3});
        if (format().width < 8) {
          expect_equal_packing(source, in, true, {.round = mode, .over = over, .seed = 7, .first_index = 2});
        }
      }
    }
  }
}

TEST_P(KernelEquality, PackScaled) {
  for (const scalar source : fast_scalars) {
    const elements in = inputs_for(format(), source);
    for (const float scale : {0.75F, -3.0F, 0x1p-20F, 1e6F, 0x1p24F, 1e-38F, 1e-42F, 3e38F, 0.0F,
                              std::numeric_limits<float>::infinity()}) {
      expect_equal_packing(source, in, false, {.scale = scale});
      expect_equal_packing(source, in, false,
                           {.round = rounding::toward_zero, .over = overflow::saturate, .scale = scale});
    }
  }
}

/// Every byte in every place of a vector.
std::vector<std::uint8_t> code_bytes() {
  std::vector<std::uint8_t> bytes;
  for (int round = 0; round < 67; ++round) {
    for (int b = 0; b < 256; ++b) {
      bytes.push_back(static_cast<std::uint8_t>(b));
    }
    bytes.push_back(static_cast<std::uint8_t>(round * 37));
  }
  return bytes;
}

TEST_P(KernelEquality, Unpack) {
  const std::vector<std::uint8_t> codes = code_bytes();
  for (const scalar target : fast_scalars) {
    for (const float scale :
         {1.0F, 0.5F, -0.3F, 1e6F, 0x1p-120F, 1e-42F, 3e38F, 0.0F, std::numeric_limits<float>::infinity(),
          std::numeric_limits<float>::quiet_NaN()}) {
      expect_equal_unpacking(target, codes, format().width <= 8 ? codes.size() : codes.size() / 2, false,
                             {.scale = scale});
      if (format().width < 8) {
        expect_equal_unpacking(target, codes, codes.size() * 8 / format().width, true, {.scale = scale});
      }
    }
  }
}

/// Under seed 0 the draws of these elements are 0 and 2^32 - 1.
TEST_P(KernelEquality, StochasticAtTheExtremesOfDraws) {
  const elements in = inputs_for(format(), scalar::f32);
  for (const std::uint64_t extreme : {std::uint64_t{5992377491}, std::uint64_t{6153212237}}) {
    for (std::uint64_t before = 0; before < 70; ++before) {
      expect_equal_packing(scalar::f32, in, false,
                           {.round = rounding::stochastic, .first_index = extreme - 1000 * before});
    }
  }
}

TEST_P(KernelEquality, StochasticDoesNotDependOnChunks) {
  const elements in = inputs_for(format(), scalar::f32);
  const std::size_t n = 5000;
  narrowfp::pack_options options{
      .round = rounding::stochastic, .seed = 0x123456789ABCDEF, .use = GetParam().use};
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0} - 2500}) {
    std::vector<std::uint8_t> whole(format().code_bytes(n, false));
    std::vector<std::uint8_t> parts(whole.size());
    options.first_index = first;
    format().pack_memory(scalar::f32, in.data(), whole.data(), n, false, options);
    for (std::size_t done = 0, count = 1; done < n; done += count, count = count * 2 + 1) {
      count = std::min(count, n - done);
      options.first_index = first + done;
      format().pack_memory(scalar::f32, in.data() + 4 * done, parts.data() + format().code_bytes(done, false),
                           count, false, options);
    }
    EXPECT_EQ(whole, parts) << "first index " << first;
  }
}

KERNEL_SUITE(KernelEquality);

}  // namespace
}  // namespace kernels
