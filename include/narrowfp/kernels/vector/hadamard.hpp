// Layer: kernels/vector. Hadamard transforms: as many strides as there are registers for between a load and a
// store.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "half.hpp"
#include "any_scale.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Elements of a block, or of several small ones, that stay in registers.
inline constexpr std::size_t hadamard_registers = 4 * quad_elements;

/// Elements that signs and factors are kept for; a larger block takes as many at a time.
inline constexpr std::size_t hadamard_tile = 1024;

/// What lanes differ in.
struct lane_facts {
  float sign[4][16];      ///< row s: -1 in lanes whose index has bit s, else 1
  std::uint32_t bit[16];  ///< the lane's bit of 16
};
inline constexpr lane_facts facts_of_lanes = [] {
  lane_facts table{};
  for (std::size_t lane = 0; lane < 16; ++lane) {
    for (std::size_t s = 0; s < 4; ++s) {
      table.sign[s][lane] = (lane >> s & 1) != 0 ? -1.0F : 1.0F;
    }
    table.bit[lane] = std::uint32_t{1} << lane;
  }
  return table;
}();

/// Butterflies of the strides below Block, or those of them that lie within a vector: x + y and x - y. One
/// fused operation does either: a product with 1 or -1 is exact.
template <std::size_t Block>
class lane_butterflies {
 public:
  NARROWFP_TARGET NARROWFP_INLINE lane_butterflies() noexcept
      : signs_{row(0), row(1), row(2), row(lanes > 8 ? 3 : 0)} {}

  NARROWFP_TARGET NARROWFP_INLINE dwords operator()(dwords x) const noexcept {
    x = product_more(swapped<1>(x), x, signs_.a);
    if constexpr (Block > 2) {
      x = product_more(swapped<2>(x), x, signs_.b);
    }
    if constexpr (Block > 4 && lanes > 4) {
      x = product_more(swapped<4>(x), x, signs_.c);
    }
    if constexpr (Block > 8 && lanes > 8) {
      x = product_more(swapped<8>(x), x, signs_.d);
    }
    return x;
  }

 private:
  NARROWFP_TARGET NARROWFP_INLINE static dwords row(int s) noexcept {
    return load_dwords(unknown(facts_of_lanes.sign[s]));
  }
  quad signs_;
};

/// Butterflies between vectors, Stride apart and 2 * Stride and so on, in each group of Group of them.
template <std::size_t Group, std::size_t Stride = 1, std::size_t Vectors>
NARROWFP_TARGET NARROWFP_INLINE void vector_butterflies(dwords (&x)[Vectors]) noexcept {
  if constexpr (Stride < Group) {
#pragma GCC unroll 16
    for (std::size_t k = 0; k < Vectors / 2; ++k) {
      const std::size_t i = k / Stride * 2 * Stride + k % Stride;
      const dwords a = x[i];
      const dwords b = x[i + Stride];
      x[i] = float_sum(a, b);
      x[i + Stride] = float_difference(a, b);
    }
    vector_butterflies<Group, 2 * Stride>(x);
  }
}

/// NaN as the positive quiet one.
NARROWFP_TARGET NARROWFP_INLINE dwords with_quiet_nan(dwords x) noexcept {
  return where_above(magnitude(x), 0x7F800000, broadcast(0x7FC00000), x);
}

/// Products with factors as elements of S.
template <class S>
NARROWFP_TARGET NARROWFP_INLINE void store_products(S* out, const quad& x, const float* factors) noexcept {
  quad p = {product(x.a, load_dwords(factors)), product(x.b, load_dwords(factors + lanes)),
            product(x.c, load_dwords(factors + 2 * lanes)), product(x.d, load_dwords(factors + 3 * lanes))};
  if (has_nan(p)) {
    p = {with_quiet_nan(p.a), with_quiet_nan(p.b), with_quiet_nan(p.c), with_quiet_nan(p.d)};
  }
  store_elements<false>(out, quad_elements, p);
}

/// The strides below Block of as many elements, or of a quad of smaller blocks, in registers.
template <std::size_t Block, bool Signed>
struct hadamard_step {
  static constexpr std::size_t group = Block > quad_elements ? Block : quad_elements;
  static constexpr std::size_t vectors = group / lanes;

  const float* signs;  ///< of a group, where Signed: what hadamard_tables holds
  const float* factors;
  lane_butterflies<Block> within;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE void transform(const S* in, const float* changed,
                                                 dwords (&x)[vectors]) const noexcept {
#pragma GCC unroll 4
    for (std::size_t q = 0; q < vectors / 4; ++q) {
      const quad elements = load_elements(in + q * quad_elements, quad_elements);
      x[4 * q] = elements.a;
      x[4 * q + 1] = elements.b;
      x[4 * q + 2] = elements.c;
      x[4 * q + 3] = elements.d;
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < vectors; ++i) {
      if constexpr (Signed) {
        x[i] = either_not_both(x[i], load_dwords(changed + i * lanes));
      }
      x[i] = within(x[i]);
    }
    vector_butterflies<Block / lanes>(x);
  }

  template <bool Stream, class S>
  NARROWFP_TARGET NARROWFP_INLINE void convert(const S* in, S* out) const noexcept {
    dwords x[vectors];
    transform(in, signs, x);
#pragma GCC unroll 4
    for (std::size_t q = 0; q < vectors / 4; ++q) {
      store_products(out + q * quad_elements, {x[4 * q], x[4 * q + 1], x[4 * q + 2], x[4 * q + 3]},
                     factors + q * quad_elements);
    }
  }
};

/// Blocks that fit into registers; the rest of a group of small ones in a copy completed with zeros.
template <std::size_t Block, bool Signed, class S>
NARROWFP_TARGET [[gnu::noinline]] void transform_small(const S* in, S* out, std::size_t n, const float* signs,
                                                       const float* factors) noexcept {
  using step_type = hadamard_step<Block, Signed>;
  const step_type step{signs, factors, {}};
  std::size_t i = 0;
  for (; n - i >= step_type::group; i += step_type::group) {
    prefetch_ahead<step_type::group * sizeof(S)>(in + i);
    step.template convert<false>(in + i, out + i);
  }
  if constexpr (Block < step_type::group) {
    if (i < n) {
      convert_some(in + i, out + i, n - i, step);
    }
  }
}

/// The first strides of a larger block: those below hadamard_registers.
template <bool Signed, class S>
NARROWFP_TARGET [[gnu::noinline]] void transform_first(const S* in, float* out, std::size_t n,
                                                       const float* signs) noexcept {
  using step_type = hadamard_step<hadamard_registers, Signed>;
  const step_type step{nullptr, nullptr, {}};
  for (std::size_t i = 0; i < n; i += hadamard_registers) {
    dwords x[step_type::vectors];
    step.transform(in + i, signs + i, x);
#pragma GCC unroll 16
    for (std::size_t k = 0; k < step_type::vectors; ++k) {
      store_dwords<false>(out + i + k * lanes, x[k]);
    }
  }
}

/// The strides from `stride` on, below Radix * stride, in all of a larger block.
template <std::size_t Radix>
NARROWFP_TARGET [[gnu::noinline]] void transform_more(float* x, std::size_t n, std::size_t stride) noexcept {
  for (std::size_t i = 0; i < n; i += Radix * stride) {
    for (std::size_t j = i; j < i + stride; j += lanes) {
      dwords v[Radix];
#pragma GCC unroll 8
      for (std::size_t k = 0; k < Radix; ++k) {
        v[k] = load_dwords(x + j + k * stride);
      }
      vector_butterflies<Radix>(v);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < Radix; ++k) {
        store_dwords<false>(x + j + k * stride, v[k]);
      }
    }
  }
}

/// The multiplication that ends a larger block.
template <class S>
NARROWFP_TARGET [[gnu::noinline]] void multiply_last(const float* in, S* out, std::size_t n,
                                                     const float* factors) noexcept {
  for (std::size_t i = 0; i < n; i += quad_elements) {
    store_products(out + i, load_elements(in + i, quad_elements), factors + i);
  }
}

/// Per element of a block, or of a tile of a larger one: what changes its sign first, a sign bit or 0, and
/// the factor that ends its transform and may change its sign last.
struct hadamard_tables {
  alignas(64) float signs[hadamard_tile];
  alignas(64) float factors[hadamard_tile];
};

/// Elements of the table for a block; smaller blocks are repeated.
inline std::size_t elements_of_tables(std::size_t block) noexcept {
  const std::size_t at_least = block < quad_elements ? quad_elements : block;
  return at_least < hadamard_tile ? at_least : hadamard_tile;
}

/// By a bit for each element that changes its sign; the bits of blocks of fewer than 32 repeat.
NARROWFP_TARGET [[gnu::noinline]] inline void fill_tables(hadamard_tables& tables, const hadamard_job& job,
                                                          const std::uint32_t* sign_bits) noexcept {
  const std::size_t last_word = job.block < 32 ? 0 : job.block / 32 - 1;
  const dwords lane_bits = load_dwords(unknown(facts_of_lanes.bit));
  const dwords zero = broadcast(0);
  const dwords negative = broadcast(0x80000000);
  const dwords factor = broadcast(hadamard_factor(job.block));
  const dwords negative_last = job.inverse ? negative : zero;
  for (std::size_t i = 0; i < elements_of_tables(job.block); i += lanes) {
    const std::uint32_t bits = sign_bits[i / 32 & last_word] >> i % 32;
    const dwords sign = where_above(both(broadcast(bits), lane_bits), 0, negative, zero);
    store_dwords<false>(tables.signs + i, sign);
    store_dwords<false>(tables.factors + i, either_not_both(factor, both(sign, negative_last)));
  }
}

/// The bits for all elements of a block; none is set where signs stay.
inline void fill_repeated_sign_bits(const hadamard_job& job, std::uint32_t* sign_bits) noexcept {
  if (!job.random) {
    return;
  }
  fill_sign_bits(job.seed, sign_bits, job.block);
  for (std::size_t known = job.block; known < 32; known *= 2) {
    const std::uint32_t bits = sign_bits[0] & ((std::uint32_t{1} << known) - 1);
    sign_bits[0] = bits << known | bits;
  }
}

template <std::size_t Block, class S>
void choose_small(const S* in, S* out, std::size_t n, const hadamard_job& job,
                  const hadamard_tables& tables) noexcept {
  if constexpr (Block < hadamard_registers) {
    if (job.block > Block) {
      choose_small<2 * Block>(in, out, n, job, tables);
      return;
    }
  }
  if (job.random && !job.inverse) {
    transform_small<Block, true>(in, out, n, tables.signs, tables.factors);
  } else {
    transform_small<Block, false>(in, out, n, tables.signs, tables.factors);
  }
}

/// Blocks that fit into registers.
template <class S>
[[gnu::noinline]] void hadamard_small(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
  std::uint32_t sign_bits[hadamard_registers / 32] = {};
  fill_repeated_sign_bits(job, sign_bits);
  hadamard_tables tables;
  const exact_environment guard(rounding::nearest_even);
  fill_tables(tables, job, sign_bits);
  choose_small<2>(in, out, n, job, tables);
}

/// A block between `in` and `out`, by way of `floats`, which may be `out`.
template <class S>
void transform_large(const S* in, float* floats, S* out, const hadamard_job& job,
                     const std::uint32_t* sign_bits, hadamard_tables& tables) noexcept {
  const std::size_t tile = elements_of_tables(job.block);
  const bool refills = job.random && tile < job.block;
  for (std::size_t i = 0; i < job.block; i += tile) {
    if (job.random && !job.inverse) {
      if (refills) {
        fill_tables(tables, job, sign_bits + i / 32);
      }
      transform_first<true>(in + i, floats + i, tile, tables.signs);
    } else {
      transform_first<false>(in + i, floats + i, tile, tables.signs);
    }
  }
  std::size_t stride = hadamard_registers;
  for (; 8 * stride <= job.block; stride *= 8) {
    transform_more<8>(floats, job.block, stride);
  }
  if (4 * stride == job.block) {
    transform_more<4>(floats, job.block, stride);
  } else if (2 * stride == job.block) {
    transform_more<2>(floats, job.block, stride);
  }
  for (std::size_t i = 0; i < job.block; i += tile) {
    if (refills && job.inverse) {
      fill_tables(tables, job, sign_bits + i / 32);
    }
    multiply_last(floats + i, out + i, tile, tables.factors);
  }
}

/// Blocks that do not fit into registers. Out of line for each size, as not every call needs that much stack.
template <std::size_t Largest, class S>
[[gnu::noinline]] void hadamard_large(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
  std::uint32_t sign_bits[Largest / 32] = {};
  fill_repeated_sign_bits(job, sign_bits);
  hadamard_tables tables;
  const exact_environment guard(rounding::nearest_even);
  fill_tables(tables, job, sign_bits);
  if constexpr (std::same_as<S, float>) {
    for (std::size_t done = 0; done < n; done += job.block) {
      transform_large(in + done, out + done, out + done, job, sign_bits, tables);
    }
  } else {
    alignas(64) float floats[Largest];
    for (std::size_t done = 0; done < n; done += job.block) {
      transform_large(in + done, floats, out + done, job, sign_bits, tables);
    }
  }
}

/// Transforms n elements, block by block; in and out are the same or do not overlap.
template <class S>
void transform_blocks(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
  if (job.block <= hadamard_registers) {
    hadamard_small(in, out, n, job);
    return;
  }
  if constexpr (!std::same_as<S, float>) {
    if (job.block <= hadamard_tile) {
      hadamard_large<hadamard_tile>(in, out, n, job);
      return;
    }
  }
  hadamard_large<largest_hadamard_block>(in, out, n, job);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
