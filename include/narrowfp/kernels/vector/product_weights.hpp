// Layer: kernels/vector. What products of matrices make of a row: scales as integers in a unit that a chunk
// shares, spread over the words that they multiply; elements as bytes in planes. See facts/prepared_plan.hpp.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_bytes.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The weights of a chunk of a row: multiples of 2^exponent, relative to the unit of its scales, and the
/// largest of them without its sign.
struct chunk_weights {
  static constexpr std::int64_t too_large = std::int64_t{1} << 32;

  int exponent = 0;
  std::int64_t most = 1;
};

/// The weight of each of the groups of a row from element `first` on, twice in 32 bits. There is room for
/// `lanes` more, which are 0.
template <std::size_t Capacity, class Row>
NARROWFP_TARGET NARROWFP_INLINE chunk_weights fill_weights(const Row& row, std::size_t first,
                                                           std::size_t groups,
                                                           std::uint32_t (&weights)[Capacity]) noexcept {
  if constexpr (!row_of_blocks<Row>) {
    return {};
  } else {
    using B = typename Row::block;
    using F = typename B::scale_format;
    const std::size_t stride = Row::is_whole ? sizeof(B) : row.places().metadata_stride;
    const std::byte* from = row.places().metadata + first / B::elements * stride;
    for (std::size_t g = 0; g < groups; ++g, from += stride) {
      weights[g] = scale_keys_of<F>.at[static_cast<std::uint8_t>(*from)];
    }
    for (std::size_t g = groups; g < groups + lanes; ++g) {
      weights[g] = 0;
    }
    // The least key less 1, so that zero is far larger.
    dwords largest = broadcast(0);
    dwords least = broadcast(~std::uint32_t{0});
    for (std::size_t g = 0; g < groups; g += lanes) {
      const dwords key = magnitude(load_dwords(weights + g));
      largest = larger(largest, key);
      least = smaller(least, difference(key, broadcast(1)));
    }
    const std::uint32_t most = largest_lane(largest);
    const std::uint32_t lowest =
        (~largest_lane(either_not_both(least, broadcast(~std::uint32_t{0}))) + 1) >> 8;
    if (most == 0) {
      return {0, 0};  // all are zero, and so are the weights
    }
    const std::uint32_t window = (most >> 8) - lowest;
    if (most == special_key || window > 15) {
      return {0, chunk_weights::too_large};
    }
    for (std::size_t g = 0; g < groups; g += lanes) {
      const dwords key = load_dwords(weights + g);
      const dwords shift = difference(shifted_right<8>(magnitude(key)), broadcast(lowest));
      dwords weight = shifted(both(key, broadcast(0xFF)), shift);
      if constexpr (has_signed_scales<Row>) {
        const dwords sign = sign_in_all_bits(key);
        weight = both(difference(either_not_both(weight, sign), sign), broadcast(0xFFFF));
      }
      store_lanes(reinterpret_cast<std::int32_t*>(weights + g), either(weight, shifted_left<16>(weight)));
    }
    return {static_cast<int>(lowest) - 1, static_cast<std::int64_t>(most & 0xFF)
                                              << (window + unsigned{row_traits<Row>::bit_levels})};
  }
}

/// What the words of a round of Planes vectors of a row are multiplied by; `weights` are the row's from there
/// on.
template <std::size_t Planes, row_of_blocks Row>
NARROWFP_TARGET NARROWFP_INLINE dwords word_weights(const Row& row, std::size_t i,
                                                    const std::uint32_t* weights) noexcept {
  constexpr std::size_t step = Planes * vector_bytes;
  constexpr std::size_t group = row_traits<Row>::group;
  constexpr std::size_t groups = group >= step ? 1 : step / group;
  const dwords scale = spread<groups>(weights);
  if constexpr (row_traits<Row>::bit_levels != 0) {
    return product_of_words(scale, powers_of_bytes(doublings<Planes>(row, i)));
  } else {
    return scale;
  }
}

/// A round's integers of a row, in planes of a vector each.
template <std::size_t Planes>
struct byte_planes {
  byte_vector of[Planes];
};

/// Reads them, one round after the other. With an offset they have no sign.
template <std::size_t Planes, int Offset, class Row>
struct plane_reader {
  using F = typename Row::element_format;
  static constexpr bool are_nibbles = Planes == 2 && row_traits<Row>::bits == 4;
  using cursor = code_cursor<Row, are_nibbles ? 2 * vector_bytes : vector_bytes>;
  cursor from;

  NARROWFP_TARGET NARROWFP_INLINE plane_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}

  NARROWFP_TARGET NARROWFP_INLINE byte_planes<Planes> next() noexcept {
    if constexpr (are_nibbles) {
      const byte_vector x = load_bytes<cursor::pieces>(from.at, from.stride());
      from.advance();
      return {{look_up(even_nibbles(x)), look_up(odd_nibbles(x))}};
    } else if constexpr (Planes == 2) {
      const byte_vector x = next_integers();
      const byte_vector y = next_integers();
      return {{even_bytes(x, y), odd_bytes(x, y)}};
    } else {
      return {{next_integers()}};
    }
  }

 private:
  NARROWFP_TARGET NARROWFP_INLINE static byte_vector look_up(byte_vector nibbles) noexcept {
    return look_up_bytes<1>(offset_integer_bytes<F, Offset>.data(), nibbles);
  }
  NARROWFP_TARGET NARROWFP_INLINE byte_vector next_integers() noexcept {
    const byte_vector codes = load_row_codes(from);
    from.advance();
    if constexpr (F::width <= 4) {
      return look_up(codes);
    } else {
      const byte_vector k = integers_of_codes<F>(codes);
      return Offset == 0 ? k : sum_of_bytes(k, bytes_of(Offset));
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
