// All 2^32 floats, nearest even or native and both policies, for the formats that have no published checksum:
// every instruction set against the scalar path, which tests/exhaustive compares with the core.
#include <bit>
#include <cstring>

#include "kernel_suite.hpp"
#include "support/instruction_sets.hpp"
#include "support/parallel.hpp"

namespace kernels {
namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

constexpr std::size_t piece = 1 << 16;

class AllFloats : public testing::TestWithParam<const char*> {};

TEST_P(AllFloats, PackLikeScalar) {
  const probe& p = support::find_array_probe(GetParam());
  const std::vector<isa> sets = support::available_vector_isas();
  if (sets.empty()) {
    GTEST_SKIP() << "this machine has no vector kernels";
  }
  std::atomic<std::uint64_t> first_wrong{~std::uint64_t{0}};
  support::for_each_in_parallel(1 << 16, [&](unsigned chunk) {
    std::vector<float> in(piece);
    std::vector<std::uint8_t> want(piece);
    std::vector<std::uint8_t> got(piece);
    for (std::size_t i = 0; i < piece; ++i) {
      in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(chunk * piece + i));
    }
    for (const overflow over : {overflow::native, overflow::saturate}) {
      p.pack_memory(scalar::f32, in.data(), want.data(), piece, false, {.over = over, .use = isa::scalar});
      for (const isa use : sets) {
        p.pack_memory(scalar::f32, in.data(), got.data(), piece, false, {.over = over, .use = use});
        if (want != got) {
          first_wrong = chunk * piece;
        }
      }
    }
  });
  support::count_compared((std::uint64_t{2} << 32) * sets.size());
  EXPECT_EQ(first_wrong, ~std::uint64_t{0}) << "in the piece that begins at these bits";
}

INSTANTIATE_TEST_SUITE_P(Formats, AllFloats,
                         testing::Values("fp4_e1m2", "ue4m3", "ue5m3", "e6m2", "e2m5b0_fnuz"),
                         [](const auto& parameter) { return std::string(parameter.param); });

}  // namespace
}  // namespace kernels
