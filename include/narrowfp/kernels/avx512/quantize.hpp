// Layer: kernels/avx512. Floats to blocks under one scale, sixteen blocks at a time: first their scales, then
// their elements. It stops at 64 elements with a block that holds something unusual.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "sources.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#include "../vector/draws.hpp"
#include "survey.hpp"
#include "quantize_bits.hpp"
#include "quotients.hpp"
#include "block_scales.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The ranks of 16 elements of one block, in low bytes. `random` points to their draws, where there are any.
template <scale_choice Way, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i ranks_of(__m512i x, const block_run& run, std::size_t block,
                                                 const std::uint32_t* random,
                                                 const encode_constants& c) noexcept {
  const __m512i factor = broadcast_float(run.factor[block]);
  if constexpr (Way == scale_choice::power_of_two) {
    return rank_scaled<Flags>(product(x, factor), random, c);
  } else {
    const __m512i lacking = broadcast_float(run.lacking[block]);
    if constexpr ((Flags & flag_stochastic) != 0) {
      return draw_quotients<Flags>(x, broadcast_float(run.scale[block]), factor, lacking, random, c);
    } else {
      return rank_scaled<Flags>(quotient_by(x, factor, lacking), random, c);
    }
  }
}

/// Notes the largest magnitudes of the blocks that 64 elements are, from block `first` of a run on.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void survey_group(const quad& x, std::size_t first, block_run& run) noexcept {
  const quad m = magnitudes(x);
  if constexpr (scale_choice_of<B> == scale_choice::hif4) {
    _mm512_store_si512(run.largest[first], largest_of_fours(m));
  } else if constexpr (B::elements == 16) {
    _mm512_store_si512(run.largest[first], m.a);
    _mm512_store_si512(run.largest[first + 1], m.b);
    _mm512_store_si512(run.largest[first + 2], m.c);
    _mm512_store_si512(run.largest[first + 3], m.d);
  } else {
    const __m512i ab = _mm512_max_epu32(m.a, m.b);
    const __m512i cd = _mm512_max_epu32(m.c, m.d);
    if constexpr (B::elements == 32) {
      _mm512_store_si512(run.largest[first], ab);
      _mm512_store_si512(run.largest[first + 1], cd);
    } else {
      _mm512_store_si512(run.largest[first], _mm512_max_epu32(ab, cd));
    }
  }
}

/// How 64 elements of S are read: to 32-bit lanes.
template <class S>
struct dword_reader {
  NARROWFP_TARGET NARROWFP_INLINE static quad read(const S* in, std::size_t n) noexcept {
    return load_64(in, first_bits(n));
  }
};

/// How they become codes.
template <block_type B, rounding Mode, class S>
struct group_encoder : dword_reader<S> {
  using reader = dword_reader<S>;
  static constexpr auto& facts = magic_rows_of<typename B::element_format, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;  // no element here is NaN or infinite
  encode_constants c;

  NARROWFP_TARGET NARROWFP_INLINE static group_encoder load() noexcept {
    return {{}, load_constants<flags>(facts.data, 1)};
  }

  /// The codes, in packed places, of the 64 elements x from block `first` of a run on. Bits below the scale
  /// are chosen here. `random` points to draws, where there are any.
  NARROWFP_TARGET NARROWFP_INLINE __m512i
  operator()(const quad& x, std::size_t first, block_run& run,
             [[maybe_unused]] const std::uint32_t* random) const noexcept {
    constexpr std::size_t size = B::elements;
    constexpr scale_choice way = scale_choice_of<B>;
    constexpr std::size_t step = (flags & flag_stochastic) != 0 ? 16 : 0;
    if constexpr (B::levels > 1) {
      return encode_with_bits<B>(x, first, run);
    } else {
      const quad ranks = {ranks_of<way, flags>(x.a, run, first, random, c),
                          ranks_of<way, flags>(x.b, run, first + 16 / size, random + step, c),
                          ranks_of<way, flags>(x.c, run, first + 32 / size, random + 2 * step, c),
                          ranks_of<way, flags>(x.d, run, first + 48 / size, random + 3 * step, c)};
      return finish_64<flags>(ranks, x, c);
    }
  }
};

/// Surveys the run that the first of n elements begin; blocks that do not exist are zeros. One copy for all
/// modes.
template <block_type B, class Reader, class S>
NARROWFP_TARGET [[gnu::noinline]] void survey_run(const S* in, std::size_t n, block_run& run) noexcept {
  constexpr std::size_t size = run_blocks * B::elements;
  std::size_t i = 0;
  for (; i < size && n - i >= 64; i += 64) {
    survey_group<B>(Reader::read(in + i, 64), i / B::elements, run);
  }
  if (i < size && n > i) {
    survey_group<B>(Reader::read(in + i, n - i), i / B::elements, run);
    i += 64;
  }
  for (; i < size; i += B::elements) {
    _mm512_store_si512(run.largest[i / B::elements], _mm512_setzero_si512());
  }
}

/// Encodes a whole run and surveys another meanwhile, so that neither memory nor arithmetic waits. Elements
/// draw by random + step * their index.
template <block_type B, class Encoder, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_and_survey(const S* in, const block_target& to, block_run& run,
                                                       const std::uint32_t* random, std::size_t step,
                                                       const Encoder& encoder, const S* ahead,
                                                       block_run& run_ahead) noexcept {
  constexpr std::size_t size = B::elements;
  std::byte* out = to.codes;
  for (std::size_t i = 0; i < run_blocks * size; i += 64, out += 64 / size * to.code_stride) {
    prefetch_ahead<64 * sizeof(S)>(ahead + i);
    survey_group<B>(Encoder::read(ahead + i, 64), i / size, run_ahead);
    store_blocks<B::element_format::width, size>(
        out, to.code_stride, encoder(Encoder::read(in + i, 64), i / size, run, random + step * i));
  }
}

/// Encodes the first n elements of a run. Out of line and with an encoder of its own, which stores there
/// cannot change here.
template <block_type B, class Encoder, class S>
NARROWFP_TARGET [[gnu::noinline]] void encode_some(const S* in, std::size_t n, const block_target& to,
                                                   block_run& run, const std::uint32_t* random,
                                                   std::size_t step) noexcept {
  const Encoder encoder = Encoder::load();
  constexpr std::size_t size = B::elements;
  constexpr int bits = B::element_format::width;
  std::byte* out = to.codes;
  std::size_t i = 0;
  for (; n - i >= 64; i += 64, out += 64 / size * to.code_stride) {
    store_blocks<bits, size>(out, to.code_stride,
                             encoder(Encoder::read(in + i, 64), i / size, run, random + step * i));
  }
  if (i < n) {
    store_last_blocks<bits, size>(
        out, to.code_stride, encoder(Encoder::read(in + i, n - i), i / size, run, random + step * i), n - i);
  }
}

/// Writes the metadata of the blocks of a run that n elements begin, and zeros under scales of value 0.
template <block_type B>
NARROWFP_INLINE void finish_run(std::size_t n, const block_target& out, const block_run& run) noexcept {
  for (std::size_t b = 0; b * B::elements < n; ++b) {
    __builtin_memcpy(out.metadata + b * out.metadata_stride, &run.code[b], B::metadata_bytes);
  }
  if (run.zero != 0) {
    for (std::size_t b = 0; b * B::elements < n; ++b) {
      if ((run.zero >> b & 1) != 0) {
        __builtin_memset(out.codes + b * out.code_stride, 0, B::code_bytes);
      }
    }
  }
}

/// The draws of a run's elements, where elements are rounded by them.
template <block_type B, rounding Mode>
struct run_draws {
  NARROWFP_INLINE static const std::uint32_t* from(const block_draws&, std::size_t) noexcept {
    return nullptr;
  }
};
template <block_type B>
struct run_draws<B, rounding::stochastic> {
  std::uint32_t values[run_blocks * B::elements + 64];

  NARROWFP_TARGET NARROWFP_INLINE const std::uint32_t* from(const block_draws& draws,
                                                            std::size_t done) noexcept {
    // Whole groups of draws, of which the first elements may need none.
    const std::uint64_t first = draws.first_index + done;
    fill_draws(draws.seed, first / 4, values, sizeof(values) / 16);
    return values + first % 4;
  }
};

/// Quantizes n elements, the last block completed with zeros, or as many of the first as are usual, by the
/// 64; returns how many.
///
/// Three runs are under way: of one the elements are encoded, of the next the scales are known, of the one
/// after that the magnitudes are surveyed.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET std::size_t quantize_groups(const S* in, std::size_t n, const block_target& out,
                                            scale_rule rule, const block_draws& draws) noexcept {
  using encoder_type = group_encoder<B, Mode, S>;
  constexpr std::size_t size = run_blocks * B::elements;
  constexpr std::size_t step = Mode == rounding::stochastic ? 1 : 0;
  const encoder_type encoder = encoder_type::load();
  constexpr int least_usual = least_usual_code<B, Mode>;
  using reader = typename encoder_type::reader;
  const std::uint32_t carry = scale_carry<B>(rule);
  block_run runs[3];
  block_run* now = runs;
  block_run* next = runs + 1;
  block_run* ahead = runs + 2;
  [[maybe_unused]] run_draws<B, Mode> random;
  survey_run<B, reader>(in, n, *now);
  choose_scales<B>(carry, least_usual, *now);
  if (n > size) {
    survey_run<B, reader>(in + size, n - size, *next);
  }
  for (std::size_t done = 0; done < n;) {
    const std::size_t left = n - done;
    const std::size_t count = left < size ? left : size;
    const block_target to = from_block(out, done / B::elements);
    if (left > size) {
      choose_scales<B>(carry, least_usual, *next);
    }
    const std::size_t usual = blocks_before(now->unusual) * B::elements;
    const std::size_t taken = usual < count ? usual / 64 * 64 : count;
    const std::uint32_t* drawn = random.from(draws, done);
    // A loop for that only where it is not rare.
    constexpr bool is_common = Mode == vector_mode<B> || Mode == rounding::stochastic;
    if (is_common && left >= 3 * size && taken == size) {
      encode_and_survey<B>(in + done, to, *now, drawn, step, encoder, in + done + 2 * size, *ahead);
    } else {
      encode_some<B, encoder_type>(in + done, taken, to, *now, drawn, step);
      if (left > 2 * size) {
        survey_run<B, reader>(in + done + 2 * size, left - 2 * size, *ahead);
      }
    }
    finish_run<B>(taken, to, *now);
    done += taken;
    if (taken < count) {
      return done;
    }
    block_run* const finished = now;
    now = next;
    next = ahead;
    ahead = finished;
  }
  return n;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
