// Layer: kernels/vector. Floats to blocks under one scale by random bits: quotients are moved up where their
// draws say so (vector/moved.hpp), then rounded toward zero. It stops at a block that holds something
// unusual, and before the last elements if they fill no block.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "any_scale.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether blocks are quantized by draws: under one scale, elements whose sign is a bit.
template <block_type B>
inline constexpr bool quantizes_by_draws = [] {
  using F = typename B::element_format;
  if constexpr (divides_by_vectors<B> && is_common_width(F::width) && B::elements % 16 == 0 &&
                draws_at_a_time % B::elements == 0) {
    return moved_encoder<F, overflow::saturate>::exists;
  } else {
    return false;
  }
}();

/// Whether elements are multiplied by the inverse of a power of two, and not divided.
template <block_type B>
inline constexpr bool has_inverse_scale = scale_choice_of<B> == scale_choice::power_of_two;

/// A block's scale by the rule, or, where it is a power of two, the inverse of that.
///
/// Of a quotient 32 bits below the element's spacing count. Quotients of fewer of them have a rest that
/// cannot be seen; so 8 binades more than rounding to nearest leaves are enough for all rests that count.
template <block_type B>
NARROWFP_INLINE block_scale choose_drawn_scale(std::uint32_t amax, scale_rule rule) noexcept {
  using SF = typename B::scale_format;
  if constexpr (has_inverse_scale<B>) {
    const power_scale scale = choose_power<B, rounding::stochastic>(amax, scale_carry<B>(rule));
    return {core::bit_cast<float>(static_cast<std::uint32_t>(254 - scale.code) << 23),
            static_cast<std::uint32_t>(scale.code), scale.is_usual};
  } else if constexpr (counted_scale_choice<B> == scale_choice::ratio) {
    const auto word = static_cast<int>(amax >> 16 | ((amax & 0xFFFF) != 0 ? 1U : 0U));
    const std::uint32_t code =
        rule == scale_rule::rceil ? word_ratios_of<B, true>.code_of(word) : word_ratios_of<B>.code_of(word);
    return {values<SF, float>[code], code, amax < 0x7F800000};
  } else {
    block_scale scale = choose_scale<B>(amax, rule);
    constexpr float least = core::to_floating<float>(core::finite(1, usual_divisors<B>::least + 8));
    scale.is_usual = scale.is_usual && (scale.value == 0 || scale.value >= least);
    return scale;
  }
}

/// An element divided by its block's scale and moved up by its draw.
template <block_type B, class Spacings>
NARROWFP_TARGET NARROWFP_INLINE dwords move_scaled(dwords x, float scale, const std::uint32_t* draws,
                                                   const Spacings& spacings) noexcept {
  if constexpr (has_inverse_scale<B>) {
    return move_up(product(x, broadcast_float(scale)), load_dwords(draws), spacings);
  } else {
    return move_quotient_up(x, broadcast_float(scale), load_dwords(draws), spacings);
  }
}

/// Likewise n elements of whole blocks, whose scales these are.
template <block_type B, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void move_quotients(const float* in, std::size_t n, const float* scales,
                                                      const block_draws& by, const Facts& facts,
                                                      float* out) noexcept {
  constexpr std::size_t size = B::elements;
  constexpr std::size_t step = quad_elements / 4;
  alignas(64) std::uint32_t draws[draws_at_a_time + 32];
  const spacings_of<Facts> spacings(facts);
  const std::size_t skipped = by.first_index % 4;
  const std::size_t read = (n + quad_elements - 1) / quad_elements * quad_elements + skipped;
  fill_draws(by.seed, by.first_index / 4, draws, (read + 31) / 32 * 8);  // whole vectors of draws
  for (std::size_t i = 0; i < n; i += quad_elements) {
    float rest[quad_elements];
    const float* from = in + i;
    prefetch_ahead<quad_elements * sizeof(float)>(from);
    if (n - i < quad_elements) {
      load_some<quad_elements>(static_cast<float*>(rest), from, n - i);
      from = rest;
    }
    const quad x = load_elements(from, quad_elements);
    const std::uint32_t* random = draws + skipped + i;
    store_quad<false>(out + i,
                      {move_scaled<B>(x.a, scales[i / size], random, spacings),
                       move_scaled<B>(x.b, scales[(i + step) / size], random + step, spacings),
                       move_scaled<B>(x.c, scales[(i + 2 * step) / size], random + 2 * step, spacings),
                       move_scaled<B>(x.d, scales[(i + 3 * step) / size], random + 3 * step, spacings)});
  }
}

/// The largest magnitude of a block, as a float pattern; NaN and infinity are larger than numbers.
template <std::size_t Elements>
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_of_floats(const float* in) noexcept {
  dwords largest = broadcast(0);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < Elements; i += quad_elements / 4) {
    largest = larger(largest, magnitude(load_dwords(in + i)));
  }
  return largest_lane(largest);
}

/// The scales of some blocks.
template <block_type B>
struct drawn_scales {
  static constexpr std::size_t most = draws_at_a_time / B::elements;
  float value[most + 2];  ///< behind the last one for elements that fill a quad up
  std::uint32_t code[most];
};

/// Chooses the scales of the first blocks, as many as there are or are usual; returns how many.
template <block_type B>
NARROWFP_TARGET [[gnu::noinline]] std::size_t choose_drawn_scales(const float* in, std::size_t blocks,
                                                                  scale_rule rule,
                                                                  drawn_scales<B>& scales) noexcept {
  for (std::size_t b = 0; b < blocks; ++b) {
    const block_scale scale =
        choose_drawn_scale<B>(largest_of_floats<B::elements>(in + b * B::elements), rule);
    scales.value[b] = scale.value;
    scales.code[b] = scale.code;
    if (!scale.is_usual) {
      return b;
    }
  }
  return blocks;
}

/// Quantizes whole blocks and returns how many elements that were.
template <block_type B, rounding Mode>
requires(quantizes_by_draws<B>&& Mode == rounding::stochastic) std::size_t
    quantize_groups(const float* in, std::size_t n, const block_target& out, scale_rule rule,
                    const block_draws& draws)
noexcept {
  using encoder = moved_encoder<typename B::element_format, overflow::saturate>;
  constexpr std::size_t size = B::elements;
  constexpr std::size_t most = drawn_scales<B>::most;
  const exact_environment guard(rounding::toward_zero);
  alignas(64) float moved[draws_at_a_time];
  std::uint8_t codes[most * B::code_bytes + 32];
  drawn_scales<B> scales{};
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= size;) {
    const std::size_t left = (n - done) / size;
    const std::size_t blocks = left < most ? left : most;
    const std::size_t count = choose_drawn_scales<B>(in + done, blocks, rule, scales);
    usual = count == blocks;
    move_quotients<B>(in + done, count * size, scales.value, {draws.seed, draws.first_index + done},
                      encoder::facts(), moved);
    encoder::template pack<B::element_format::width>(moved, codes, unknown(count * size));
    for (std::size_t b = 0; b < count; ++b, done += size) {
      const block_target to = from_block(out, done / size);
      if (write_scale<B>({scales.value[b], scales.code[b], true}, to)) {
        __builtin_memcpy(to.codes, codes + b * B::code_bytes, B::code_bytes);
      }
    }
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
