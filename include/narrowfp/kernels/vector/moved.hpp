// Layer: kernels/vector. Stochastic rounding: elements moved up to where rounding toward zero then gives what
// the draws decide. All of it runs in default_environment, toward zero.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "draws.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The fraction of a spacing that magnitudes have, 32 bits of it: the significand shifted so that a spacing
/// weighs 2^32. Denormal numbers are further below the spacing than that.
NARROWFP_TARGET NARROWFP_INLINE dwords fraction_of(dwords magnitudes, dwords spacing) noexcept {
  const dwords significand = either(both(magnitudes, broadcast(0x007FFFFF)), broadcast(0x00800000));
  return shifted(significand, difference(sum(shifted_right<23>(magnitudes), broadcast(9)), spacing));
}

/// Adds a spacing to those magnitudes whose fraction and draw carry. The sum need not be exact: rounded
/// toward zero it passes no number of the format.
NARROWFP_TARGET NARROWFP_INLINE dwords step_up(dwords magnitudes, dwords fraction, dwords draws,
                                               dwords spacing) noexcept {
  return float_sum(magnitudes, both(carries(fraction, draws), shifted_left<23>(spacing)));
}

template <class Spacings>
NARROWFP_TARGET NARROWFP_INLINE dwords move_up(dwords x, dwords draws, const Spacings& spacings) noexcept {
  const dwords m = magnitude(x);
  const dwords spacing = spacings.at(shifted_right<23>(m));
  return either(step_up(m, fraction_of(m, spacing), draws, spacing), both(x, broadcast(0x80000000)));
}

/// The same of x / divisor, a positive one; where that is 0 the result does not matter. The quotient is cut
/// to a float, whose fraction what is left of x continues: divided again and cut, that is an integer below
/// 2^11 of units of 2^-32 spacings.
template <class Spacings>
NARROWFP_TARGET NARROWFP_INLINE dwords move_quotient_up(dwords x, dwords divisor, dwords draws,
                                                        const Spacings& spacings) noexcept {
  const dwords m = magnitude(x);
  const dwords q = quotient(m, divisor);
  const dwords rest = quotient(product_less(m, q, divisor), divisor);
  const dwords spacing = spacings.at(shifted_right<23>(q));
  const dwords units_per_one = shifted_left<23>(difference(broadcast(127 + 32 + 127), spacing));
  const dwords fraction = sum(fraction_of(q, spacing), truncated(product(rest, units_per_one)));
  return either(step_up(q, fraction, draws, spacing), both(x, broadcast(0x80000000)));
}

/// Elements that pass through buffers at a time.
inline constexpr std::size_t draws_at_a_time = 512;

/// Moves count elements, and up to a quad more, by the draws from first_index on.
template <class S, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void move_elements(const S* in, float* out, std::size_t count,
                                                     std::uint64_t seed, std::uint64_t first_index,
                                                     const Facts& facts) noexcept {
  alignas(64) std::uint32_t draws[draws_at_a_time + 32];
  const spacings_of<Facts> spacings(facts);
  const std::size_t skipped = first_index % 4;
  const std::size_t read = (count + quad_elements - 1) / quad_elements * quad_elements + skipped;
  fill_draws(seed, first_index / 4, draws, (read + 31) / 32 * 8);  // whole vectors of draws
  for (std::size_t i = 0; i < count; i += quad_elements) {
    S rest[quad_elements];
    const S* from = in + i;
    prefetch_ahead<quad_elements * sizeof(S)>(from);
    if (count - i < quad_elements) {
      load_some<quad_elements>(static_cast<S*>(rest), from, count - i);
      from = rest;
    }
    const quad x = load_elements(from, quad_elements);
    const std::uint32_t* random = draws + skipped + i;
    constexpr std::size_t step = quad_elements / 4;
    store_quad<false>(out + i, {move_up(x.a, load_dwords(random), spacings),
                                move_up(x.b, load_dwords(random + step), spacings),
                                move_up(x.c, load_dwords(random + 2 * step), spacings),
                                move_up(x.d, load_dwords(random + 3 * step), spacings)});
  }
}

/// Encodes n elements by random bits: pack(moved elements, codes, count) rounds toward zero.
template <int Bits, class S, class Facts, class Pack>
void pack_moved(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job, const Facts& facts,
                const Pack& pack) noexcept {
  alignas(64) float moved[draws_at_a_time];
  for (std::size_t done = 0; done < n; done += draws_at_a_time) {
    const std::size_t count = n - done < draws_at_a_time ? n - done : draws_at_a_time;
    move_elements(in + done, moved, count, job.seed, job.first_index + done, facts);
    pack(static_cast<const float*>(moved), out + done / 8 * Bits, count);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
