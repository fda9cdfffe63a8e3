// Every float through the short ways of single values, against the core.
#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cstdint>

#include <narrowfp/types.hpp>

#include "support/count.hpp"
#include "support/parallel.hpp"

namespace {

template <class T>
class EveryFloat : public ::testing::Test {};
using formats = ::testing::Types<narrowfp::fp8_e4m3, narrowfp::fp8_e5m2, narrowfp::hif8, narrowfp::float16>;
TYPED_TEST_SUITE(EveryFloat, formats);

TYPED_TEST(EveryFloat, HasTheCodeOfTheCore) {
  using F = typename TypeParam::format;
  namespace core = narrowfp::core;
  using narrowfp::overflow;
  constexpr unsigned chunks = 256;
  constexpr std::uint64_t chunk_size = (std::uint64_t{1} << 32) / chunks;
  std::atomic<std::uint64_t> wrong{0};
  support::for_each_in_parallel(chunks, [&](unsigned chunk) {
    std::uint64_t own = 0;
    for (std::uint64_t at = 0; at < chunk_size; ++at) {
      const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(chunk * chunk_size + at));
      const core::real exact = core::read(x);
      own += TypeParam(x).bits() != core::encode<F>(exact, F::native_rounding, overflow::native) ? 1U : 0U;
      own += narrowfp::saturate_cast<TypeParam>(x).bits() !=
                     core::encode<F>(exact, F::native_rounding, overflow::saturate)
                 ? 1U
                 : 0U;
    }
    wrong += own;
  });
  support::count_compared(2 * chunks * chunk_size);
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
