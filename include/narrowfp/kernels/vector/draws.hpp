// Layer: kernels/vector. The draws of stochastic rounding, counter by counter: see core/philox.hpp.
#if !defined(NARROWFP_SET)
#include "alone.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Writes the draws of `groups` groups of four from `first` on; a multiple of 2 * philox_groups groups. Two
/// vectors at a time hide the latency of the multiplications.
NARROWFP_TARGET [[gnu::noinline]] inline void fill_draws(std::uint64_t seed, std::uint64_t first,
                                                         std::uint32_t* draws, std::size_t groups) noexcept {
  std::uint32_t keys[2 * core::philox_rounds];
  for (std::uint32_t round = 0; round < core::philox_rounds; ++round) {
    keys[2 * round] = static_cast<std::uint32_t>(seed) + round * core::philox_key_step_0;
    keys[2 * round + 1] = static_cast<std::uint32_t>(seed >> 32) + round * core::philox_key_step_1;
  }
  for (std::size_t g = 0; g < groups; g += 2 * philox_groups) {
    philox_counters a = counters_from(first + g);
    philox_counters b = counters_from(first + g + philox_groups);
#pragma GCC unroll 10
    for (std::size_t round = 0; round < core::philox_rounds; ++round) {
      next_round(a, keys[2 * round], keys[2 * round + 1]);
      next_round(b, keys[2 * round], keys[2 * round + 1]);
    }
    store_draws(a, draws + 4 * g);
    store_draws(b, draws + 4 * (g + philox_groups));
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
