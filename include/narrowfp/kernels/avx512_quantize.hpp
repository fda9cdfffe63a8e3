// Layer: kernels, AVX-512; avx512.hpp includes this for one set. Floats to blocks under one scale,
// sixteen blocks at a time: first their run, then their elements. It stops at 64 elements with a block
// that holds something unusual. docs/kernels.md shows why a float quotient decides exactly.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// x / s by r, the nearest float to 1 / s, and e, what it lacks: right in every decision between neighbours
/// of 8 bits or fewer. 0 where both are 0.
NARROWFP_TARGET NARROWFP_INLINE __m512i quotient(__m512i x, __m512i r, __m512i e) noexcept {
  return _mm512_castps_si512(_mm512_maskz_fmadd_round_ps(
      0xFFFF, _mm512_castsi512_ps(x), _mm512_castsi512_ps(r), _mm512_castsi512_ps(times(x, e)),
      _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// What is left of x: x - q * divisor; exact where q is a neighbour of the quotient.
NARROWFP_TARGET NARROWFP_INLINE __m512i rest_of(__m512i x, __m512i q, __m512i divisor) noexcept {
  return _mm512_castps_si512(
      _mm512_maskz_fnmadd_round_ps(0xFFFF, _mm512_castsi512_ps(q), _mm512_castsi512_ps(divisor),
                                   _mm512_castsi512_ps(x), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// 1 / scale to nearest, and 0 for 0.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __m512i reciprocal_of(__m512i scale) noexcept {
  const __mmask16 not_zero = _mm512_test_epi32_mask(scale, scale);
  if constexpr (reciprocals<F>.exist) {
    const __m512i of_fraction = _mm512_loadu_si512(reciprocals<F>.of_fraction);
    const __m512i found = _mm512_maskz_permutexvar_epi32(0xFFFF, _mm512_srli_epi32(scale, 19), of_fraction);
    return _mm512_maskz_sub_epi32(not_zero, found, _mm512_and_si512(scale, broadcast(0x7F800000)));
  } else {
    return _mm512_castps_si512(_mm512_maskz_div_round_ps(not_zero, _mm512_castsi512_ps(broadcast_float(1)),
                                                         _mm512_castsi512_ps(scale),
                                                         _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
}

/// x / divisor, rounded once; a finite x whose quotient overflows counts as the largest float.
template <class S>
NARROWFP_TARGET void divide_floats(const S* in, float* out, std::size_t n, float divisor) noexcept {
  const __m512i infinity = broadcast(0x7F800000);
  for (std::size_t i = 0; i < n; i += 16) {
    const auto which = static_cast<__mmask16>(first_bits(n - i) & 0xFFFF);
    const __m512i x = load_16(in + i, which);
    const __m512i quotients = _mm512_castps_si512(_mm512_maskz_div_round_ps(
        0xFFFF, _mm512_castsi512_ps(x), _mm512_castsi512_ps(broadcast_float(divisor)),
        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    const __m512i mask = broadcast(0x7FFFFFFF);
    const __mmask16 overflowed =
        _mm512_mask_cmplt_epu32_mask(_mm512_cmpeq_epi32_mask(_mm512_and_si512(quotients, mask), infinity),
                                     _mm512_and_si512(x, mask), infinity);
    _mm512_mask_storeu_epi32(out + i, which,
                             _mm512_mask_sub_epi32(quotients, overflowed, quotients, broadcast(1)));
  }
}

/// Powers of two. Dividing by one subtracts from the exponent. It is exact but for results far below the
/// smallest element, and denormal inputs, which a usual scale puts there.
///
/// Every rule is the exponent of amax + carry, as integers: see scale_carry.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void choose_powers(__m512i amax, std::uint32_t carry, int least_usual,
                                                   block_run& run) noexcept {
  constexpr int top = core::binade_of(B::facts::largest);
  const __m512i field = _mm512_srli_epi32(_mm512_add_epi32(amax, broadcast(carry)), 23);
  const __m512i code = _mm512_sub_epi32(_mm512_max_epu32(field, broadcast(top)), broadcast(top));
  const __m512i inverse = _mm512_slli_epi32(_mm512_sub_epi32(broadcast(254), code), 23);
  const __mmask16 is_zero = _mm512_testn_epi32_mask(amax, amax);
  const __mmask16 low = _mm512_cmplt_epi32_mask(code, _mm512_set1_epi32(least_usual));
  // Else the inverse is denormal, or is halved for a bit and denormal as a factor to units.
  constexpr int most_usual = 254 - static_cast<int>(B::levels) -
                             (B::levels > 1 ? core::larger(B::element_format::ulp_exponent(0), 0) : 0);
  const __mmask16 high = _mm512_cmpgt_epu32_mask(code, broadcast(most_usual));
  const __mmask16 not_finite = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
  _mm512_store_si512(run.code, _mm512_mask_mov_epi32(code, is_zero, _mm512_setzero_si512()));
  _mm512_store_si512(run.factor, _mm512_mask_mov_epi32(inverse, is_zero, _mm512_setzero_si512()));
  run.zero = 0;
  run.unusual = static_cast<__mmask16>((low & ~is_zero) | high | not_finite);
}

/// The ratio of the largest magnitude to the largest element.
template <block_type B, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE void choose_ratios(__m512i amax, const encode_constants& c,
                                                   block_run& run) noexcept {
  constexpr float_reciprocal of_largest = reciprocal_in_floats(B::facts::largest);
  __m512i wanted = quotient(amax, broadcast_float(of_largest.nearest), broadcast_float(of_largest.lacking));
  wanted = _mm512_min_epu32(wanted, c.high);
  // The sum's low byte is the rank, which is the code; less the magic number it is the scale.
  const __m512i magic = magic_of<Flags>(_mm512_max_epu32(wanted, c.low), c);
  const __m512i code = round_lanes<Flags>(wanted, nullptr, c);
  const __m512i scale = _mm512_castps_si512(
      _mm512_maskz_sub_round_ps(0xFFFF, _mm512_castsi512_ps(code), _mm512_castsi512_ps(magic),
                                _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  const __m512i reciprocal = reciprocal_of<typename B::scale_format>(scale);
  _mm512_store_si512(run.code, code);
  _mm512_store_si512(run.scale, scale);
  _mm512_store_si512(run.factor, reciprocal);
  _mm512_store_si512(run.lacking, times(rest_of(broadcast_float(1), reciprocal, scale), reciprocal));
  run.zero = _mm512_testn_epi32_mask(scale, scale);
  run.unusual = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
}

/// The ranks of 16 quotients by draws, in low bytes. The quotient is cut to a float, whose fraction what is
/// left of x continues: divided, that is n / d units of 2^-32 spacings, n an integer and d the divisor's
/// significand, below 2^5. Times the rounded reciprocal it is right to half a unit in its last place and
/// below 2^11, so that its integer part is that of n / d.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i draw_quotients(__m512i x, __m512i divisor, __m512i reciprocal,
                                                       __m512i lacking, const std::uint32_t* random,
                                                       const encode_constants& c) noexcept {
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  __m512i q = quotient(magnitude, reciprocal, lacking);
  const __mmask16 is_above = _mm512_movepi32_mask(rest_of(magnitude, q, divisor));
  q = _mm512_mask_sub_epi32(q, is_above, q, broadcast(1));
  const __m512i rest = times(rest_of(magnitude, q, divisor), reciprocal);
  const __m512i m = _mm512_min_epu32(q, c.high);
  const __m512i spacing = spacing_of<Flags>(in_rows<Flags>(m, c), c);
  const __m512i units = _mm512_slli_epi32(_mm512_sub_epi32(broadcast(2 * 127 + 32 - 9), spacing), 23);
  const __m512i more =
      _mm512_maskz_cvtt_roundps_epi32(_mm512_cmplt_epu32_mask(q, c.high),  // the largest has no fraction
                                      _mm512_castsi512_ps(times(rest, units)), _MM_FROUND_NO_EXC);
  return step_up(add_magic<Flags>(m, c), _mm512_add_epi32(discarded_fraction(m, spacing), more), random);
}

/// The ranks of 16 elements of one block, in low bytes. `random` points to their draws, where there are any.
template <scale_way Way, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i ranks_of(__m512i x, const block_run& run, std::size_t block,
                                                 const std::uint32_t* random,
                                                 const encode_constants& c) noexcept {
  const __m512i factor = broadcast_float(run.factor[block]);
  if constexpr (Way == scale_way::power_of_two) {
    return rank_scaled<Flags>(times(x, factor), random, c);
  } else {
    const __m512i lacking = broadcast_float(run.lacking[block]);
    if constexpr ((Flags & lane_stochastic) != 0) {
      return draw_quotients<Flags>(x, broadcast_float(run.scale[block]), factor, lacking, random, c);
    } else {
      return rank_scaled<Flags>(quotient(x, factor, lacking), random, c);
    }
  }
}

/// Notes the largest magnitudes of the blocks that 64 elements are, from block `first` of a run on.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void survey_group(const quad& x, std::size_t first, block_run& run) noexcept {
  const quad m = magnitudes(x);
  if constexpr (lane_scale_way<B> == scale_way::hif4) {
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

/// The constants of a scale's own encoding, where there is one.
template <block_type B>
struct scale_encoder {
  static constexpr unsigned flags = 0;
  NARROWFP_TARGET NARROWFP_INLINE static encode_constants load() noexcept { return encode_constants{}; }
};
template <block_type B>
requires(lane_scale_way<B> == scale_way::ratio) struct scale_encoder<B> {
  static constexpr auto& facts =
      lanes_of<typename B::scale_format, rounding::nearest_even, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~lane_specials;
  NARROWFP_TARGET NARROWFP_INLINE static encode_constants load() noexcept {
    return load_constants<flags>(facts.lanes, 1);
  }
};

/// Chooses the scales of a run.
template <block_type B, rounding Mode>
NARROWFP_TARGET NARROWFP_INLINE void choose_scales(std::uint32_t carry, const encode_constants& c,
                                                   block_run& run) noexcept {
  const __m512i amax = largest_of(run);
  if constexpr (lane_scale_way<B> == scale_way::power_of_two) {
    choose_powers<B>(amax, carry, least_usual_code<B, Mode>, run);
  } else if constexpr (lane_scale_way<B> == scale_way::ratio) {
    choose_ratios<B, scale_encoder<B>::flags>(amax, c, run);
  } else {
    choose_hif4_scales<B>(amax, run);
  }
}

/// How 64 elements of S become codes: in 32-bit lanes.
template <block_type B, rounding Mode, class S>
struct group_encoder {
  static constexpr auto& facts = lanes_of<typename B::element_format, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~lane_specials;  // no element here is NaN or infinite
  encode_constants c;

  NARROWFP_TARGET NARROWFP_INLINE static group_encoder load() noexcept {
    return {load_constants<flags>(facts.lanes, 1)};
  }
  NARROWFP_TARGET NARROWFP_INLINE static quad read(const S* in, std::size_t n) noexcept {
    return load_64(in, first_bits(n));
  }

  /// The codes, in packed places, of the 64 elements x from block `first` of a run on. Bits below the scale
  /// are chosen here. `random` points to draws, where there are any.
  NARROWFP_TARGET NARROWFP_INLINE __m512i
  operator()(const quad& x, std::size_t first, block_run& run,
             [[maybe_unused]] const std::uint32_t* random) const noexcept {
    constexpr std::size_t size = B::elements;
    constexpr scale_way way = lane_scale_way<B>;
    constexpr std::size_t step = (flags & lane_stochastic) != 0 ? 16 : 0;
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

/// Surveys the run that the first of n elements begin; blocks that do not exist are zeros.
template <block_type B, class Encoder, class S>
NARROWFP_TARGET NARROWFP_INLINE void survey_run(const S* in, std::size_t n, block_run& run) noexcept {
  constexpr std::size_t size = run_blocks * B::elements;
  std::size_t i = 0;
  for (; i < size && n - i >= 64; i += 64) {
    survey_group<B>(Encoder::read(in + i, 64), i / B::elements, run);
  }
  if (i < size && n > i) {
    survey_group<B>(Encoder::read(in + i, n - i), i / B::elements, run);
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

/// Encodes the first n elements of a run.
template <block_type B, class Encoder, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_some(const S* in, std::size_t n, const block_target& to,
                                                 block_run& run, const std::uint32_t* random,
                                                 std::size_t step, const Encoder& encoder) noexcept {
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
  const encode_constants of_scale = scale_encoder<B>::load();
  const std::uint32_t carry = scale_carry<B>(rule);
  block_run runs[3];
  block_run* now = runs;
  block_run* next = runs + 1;
  block_run* ahead = runs + 2;
  [[maybe_unused]] run_draws<B, Mode> random;
  survey_run<B, encoder_type>(in, n, *now);
  choose_scales<B, Mode>(carry, of_scale, *now);
  if (n > size) {
    survey_run<B, encoder_type>(in + size, n - size, *next);
  }
  for (std::size_t done = 0; done < n;) {
    const std::size_t left = n - done;
    const std::size_t count = left < size ? left : size;
    const block_target to = from_block(out, done / B::elements);
    if (left > size) {
      choose_scales<B, Mode>(carry, of_scale, *next);
    }
    const std::size_t usual = blocks_before(now->unusual) * B::elements;
    const std::size_t taken = usual < count ? usual / 64 * 64 : count;
    const std::uint32_t* drawn = random.from(draws, done);
    if (left >= 3 * size && taken == size) {
      encode_and_survey<B>(in + done, to, *now, drawn, step, encoder, in + done + 2 * size, *ahead);
    } else {
      encode_some<B>(in + done, taken, to, *now, drawn, step, encoder);
      if (left > 2 * size) {
        survey_run<B, encoder_type>(in + done + 2 * size, left - 2 * size, *ahead);
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
