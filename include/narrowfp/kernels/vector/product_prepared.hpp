// Layer: kernels/vector. Rows that are prepared once for products with many others, and their products with
// one row at a time.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_bytes.hpp"
#include "product_elements.hpp"
#include "product_floats.hpp"
#include "product_readers.hpp"
#include "product_significands.hpp"
#include "products.hpp"
#include "product_weights.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Adds elements first .. first + n - 1 as a single product of two rows of `count` elements does.
template <class A, class B>
NARROWFP_TARGET [[gnu::noinline]] void add_chunk_of_rows(const A& a, const B& b, std::size_t first,
                                                         std::size_t n, std::size_t count,
                                                         product_sum<A, B>& sum) noexcept {
  products_of<A, B> chunk{a, b, sum, count};
  chunk.add_chunk(first, n);
}

/// Rows of B, prepared for rows of A.
template <class A, class B>
struct prepared_products {
  using plan = prepared_plan<A, B, vector_bytes>;
  static constexpr std::size_t planes = plan::planes;
  static constexpr bool has_offset = plan::offset_fits && !multiplies_signed_bytes;
  static constexpr int offset = has_offset ? plan::offset : 0;

  /// What is stored of B for a round: the planes, what A's offset adds to the words, and weights.
  static constexpr std::size_t correction_at = planes * vector_bytes;
  static constexpr std::size_t weights_at = correction_at + (has_offset ? vector_bytes : 0);
  static constexpr std::size_t round_bytes = weights_at + (plan::template has_weights<B> ? vector_bytes : 0);

  /// How a row of n elements is cut: chunks of whole rounds and groups, and a last one that is completed.
  struct parts {
    std::size_t n;

    [[nodiscard]] std::size_t whole() const noexcept { return n / plan::whole * plan::whole; }
    [[nodiscard]] std::size_t chunks() const noexcept {
      return (whole() + product_chunk - 1) / product_chunk + (whole() != n ? 1 : 0);
    }
    [[nodiscard]] std::size_t rounds() const noexcept {
      return (n + plan::whole - 1) / plan::whole * (plan::whole / plan::step);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
      return rounds() * round_bytes + (chunks() * sizeof(chunk_weights) + 63) / 64 * 64;
    }
  };

  template <class Row>
  static constexpr std::size_t capacity = plan::template groups_of_chunk<Row> + 2 * lanes;
  /// Groups of a row that n elements have.
  template <class Row>
  static constexpr std::size_t groups_in(std::size_t n) noexcept {
    return row_of_blocks<Row> ? n / larger_size(1, row_traits<Row>::group) : 0;
  }
  template <class Row>
  static constexpr std::size_t group_at(std::size_t i) noexcept {
    return i / larger_size(1, row_traits<Row>::group);
  }

  /// Prepares n elements from `first` on.
  NARROWFP_TARGET [[gnu::noinline]] static chunk_weights prepare_chunk(const B& row, std::size_t first,
                                                                       std::size_t n,
                                                                       std::uint8_t* to) noexcept {
    std::uint32_t weights[capacity<B>];
    chunk_weights result = fill_weights(row, first, groups_in<B>(n), weights);
    plane_reader<planes, 0, B> reader(row, first);
    byte_vector least = bytes_of(0);
    for (std::size_t i = 0; i < n; i += plan::step, to += round_bytes) {
      const byte_planes<planes> k = reader.next();
      store_planes(to, k);
      if constexpr (plan::meets_128) {
        least = least_bytes(least, k.of[0]);
      }
      if constexpr (has_offset) {
        store_words(to + correction_at, sums_with_offset(k));
      }
      store_weights(row, first + i, weights + group_at<B>(i), to + weights_at);
    }
    if (plan::meets_128 && any_is_128(least)) {
      result.most = chunk_weights::too_large;
    }
    return result;
  }

  /// Prepares a row of n elements in parts{n}.bytes() bytes, at an address for vectors.
  static void prepare(const B& row, std::size_t n, std::uint8_t* to) noexcept {
    const parts cut{n};
    std::uint8_t* at = to;
    chunk_weights* weights = weights_of_chunks(to, cut);
    for (std::size_t i = 0; i < cut.whole(); i += product_chunk) {
      const std::size_t here = cut.whole() - i < product_chunk ? cut.whole() - i : product_chunk;
      *weights++ = prepare_chunk(row, i, here, at);
      at += here / plan::step * round_bytes;
    }
    if (cut.whole() != n) {
      const padded_row<B, plan::whole> last(row, cut.whole(), n - cut.whole());
      *weights = prepare_chunk(last.row(), 0, plan::whole, at);
    }
  }

  /// Adds the products of a row of A and the prepared row b.
  static void add(const A& a, const B& b, const std::uint8_t* prepared, std::size_t n,
                  product_sum<A, B>& sum) noexcept {
    const parts cut{n};
    const chunk_weights* weights = weights_of_chunks(prepared, cut);
    for (std::size_t i = 0; i < cut.whole(); i += product_chunk, ++weights) {
      const std::size_t here = cut.whole() - i < product_chunk ? cut.whole() - i : product_chunk;
      if (!add_chunk(a, i, here, prepared, *weights, sum)) {
        add_chunk_of_rows(a, b, i, here, n, sum);
      }
      prepared += here / plan::step * round_bytes;
    }
    if (cut.whole() != n) {
      const padded_row<A, plan::whole> last(a, cut.whole(), n - cut.whole());
      if (!add_chunk(last.row(), 0, plan::whole, prepared, *weights, sum)) {
        scalar::add_products(a, b, cut.whole(), n, sum);
      }
    }
  }

  template <class Byte>
  static auto* weights_of_chunks(Byte* prepared, const parts& cut) noexcept {
    using weights = std::conditional_t<std::is_const_v<Byte>, const chunk_weights, chunk_weights>;
    return reinterpret_cast<weights*>(prepared + cut.rounds() * round_bytes);
  }

  static_assert(!plan::meets_128 || planes == 1);

  NARROWFP_TARGET NARROWFP_INLINE static void store_planes(std::uint8_t* to,
                                                           const byte_planes<planes>& k) noexcept {
    store_bytes(to, k.of[0]);
    if constexpr (planes == 2) {
      store_bytes(to + vector_bytes, k.of[1]);
    }
  }
  template <class Row>
  NARROWFP_TARGET NARROWFP_INLINE static void store_weights(const Row& row, std::size_t i,
                                                            const std::uint32_t* weights,
                                                            std::uint8_t* to) noexcept {
    if constexpr (plan::template has_weights<Row>) {
      store_lanes(reinterpret_cast<std::int32_t*>(to), word_weights<planes>(row, i, weights));
    }
  }
  NARROWFP_TARGET NARROWFP_INLINE static dwords load_weights(const std::uint8_t* from) noexcept {
    return load_dwords(reinterpret_cast<const std::uint32_t*>(from));
  }

  /// What the offset of A adds to each word.
  NARROWFP_TARGET NARROWFP_INLINE static word_vector sums_with_offset(const byte_planes<planes>& k) noexcept {
    word_vector words = sums_with_magnitudes(bytes_of(offset), k.of[0]);
    if constexpr (planes == 2) {
      words = sum_of_words(words, sums_with_magnitudes(bytes_of(offset), k.of[1]));
    }
    return words;
  }

  /// The words of a round.
  NARROWFP_TARGET NARROWFP_INLINE static word_vector words_of_plane(byte_vector x, byte_vector y) noexcept {
    if constexpr (has_offset) {
      return sums_with_magnitudes(x, y);
    } else {
      return pair_sums(x, y);
    }
  }
  /// A round of a prepared row.
  struct prepared_round {
    byte_planes<planes> k;
    word_vector correction;
    dwords weights;
  };
  NARROWFP_TARGET NARROWFP_INLINE static prepared_round load_round(const std::uint8_t* from) noexcept {
    prepared_round round;
    round.k.of[0] = load_bytes<1>(from, 0);
    if constexpr (planes == 2) {
      round.k.of[1] = load_bytes<1>(from + vector_bytes, 0);
    }
    if constexpr (has_offset) {
      round.correction = load_words(from + correction_at);
    }
    round.weights = ones_of_words();
    if constexpr (plan::template has_weights<B>) {
      round.weights = load_weights(from + weights_at);
    }
    return round;
  }
  NARROWFP_TARGET NARROWFP_INLINE static word_vector words_of_round(const byte_planes<planes>& x,
                                                                    const prepared_round& y) noexcept {
    word_vector words = words_of_plane(x.of[0], y.k.of[0]);
    if constexpr (planes == 2) {
      words = sum_of_words(words, words_of_plane(x.of[1], y.k.of[1]));
    }
    if constexpr (has_offset) {
      words = difference_of_words(words, y.correction);
    }
    return words;
  }

  /// Whether weights of a chunk of both rows are small enough together.
  static bool fit_together(const chunk_weights& a, const chunk_weights& b) noexcept {
    return a.most != chunk_weights::too_large && b.most != chunk_weights::too_large &&
           a.most * b.most <= plan::most_weight;
  }

  /// Adds n elements from `first` on, if the weights of both are small enough together.
  NARROWFP_TARGET [[gnu::noinline]] static bool add_chunk(const A& a, std::size_t first, std::size_t n,
                                                          const std::uint8_t* prepared,
                                                          const chunk_weights& weights_b,
                                                          product_sum<A, B>& sum) noexcept {
    std::uint32_t weights[capacity<A>];
    const chunk_weights weights_a = fill_weights(a, first, groups_in<A>(n), weights);
    if (!fit_together(weights_a, weights_b)) {
      return false;
    }
    plane_reader<planes, offset, A> reader(a, first);
    dwords lane_sums = broadcast(0);
    for (std::size_t i = 0; i < n; i += plan::step, prepared += round_bytes) {
      const prepared_round own = load_round(prepared);
      const word_vector words = words_of_round(reader.next(), own);
      dwords weight = own.weights;
      if constexpr (plan::template has_weights<A>) {
        weight = word_weights<planes>(a, first + i, weights + group_at<A>(i));
        if constexpr (plan::template has_weights<B>) {
          weight = product_of_words(weight, own.weights);
        }
      }
      lane_sums = kernels::NARROWFP_SET::sum(lane_sums, weighted_sums(words, weight));
    }
    sum.add(total_of_lanes(lane_sums), plan::unit + weights_a.exponent + weights_b.exponent);
    return true;
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
