// Layer: kernels/vector. Tiles of products of matrices: a chunk of a prepared row with those of a few rows at
// a time that are stored decoded.
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
#include "product_prepared.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Rows of B with rows of A: of A a few rows are prepared at a time, as prepared_products<B, A> has them; of
/// B all rows of a block are stored decoded, chunk by chunk.
template <class A, class B>
struct tiled_products : prepared_products<B, A> {
  using base = prepared_products<B, A>;
  using plan = typename base::plan;
  using parts = typename base::parts;
  static constexpr std::size_t planes = base::planes;

  /// Columns of a tile.
  static constexpr std::size_t width = 4;

  /// What is stored of B for a round: the planes, and weights.
  static constexpr std::size_t column_weights_at = planes * vector_bytes;
  static constexpr std::size_t column_round_bytes =
      column_weights_at + (plan::template has_weights<B> ? vector_bytes : 0);

  /// Stores n elements from `first` on.
  NARROWFP_TARGET [[gnu::noinline]] static chunk_weights store_chunk(const B& row, std::size_t first,
                                                                     std::size_t n,
                                                                     std::uint8_t* to) noexcept {
    std::uint32_t weights[base::template capacity<B>];
    const chunk_weights result = fill_weights(row, first, base::template groups_in<B>(n), weights);
    plane_reader<planes, base::offset, B> reader(row, first);
    for (std::size_t i = 0; i < n; i += plan::step, to += column_round_bytes) {
      base::store_planes(to, reader.next());
      base::store_weights(row, first + i, weights + base::template group_at<B>(i), to + column_weights_at);
    }
    return result;
  }

  /// The sums of products of a prepared chunk and Width stored ones, `stride` apart.
  template <std::size_t Width>
  NARROWFP_TARGET [[gnu::noinline]] static void multiply(const std::uint8_t* row, const std::uint8_t* columns,
                                                         std::size_t stride, std::size_t rounds,
                                                         std::int64_t* totals) noexcept {
    dwords sums[Width];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Width; ++j) {
      sums[j] = broadcast(0);
    }
    for (std::size_t r = 0; r < rounds; ++r, row += base::round_bytes, columns += column_round_bytes) {
      const typename base::prepared_round own = base::load_round(row);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < Width; ++j) {
        const std::uint8_t* const column = columns + j * stride;
        byte_planes<planes> k;
        k.of[0] = load_bytes<1>(column, 0);
        if constexpr (planes == 2) {
          k.of[1] = load_bytes<1>(column + vector_bytes, 0);
        }
        const word_vector words = base::words_of_round(k, own);
        if constexpr (!plan::template has_weights<B>) {
          sums[j] = sum(sums[j], weighted_sums(words, own.weights));
        } else {
          const dwords weights = base::load_weights(column + column_weights_at);
          sums[j] = sum(sums[j], weighted_sums(words, plan::template has_weights<A>
                                                          ? product_of_words(weights, own.weights)
                                                          : weights));
        }
      }
    }
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Width; ++j) {
      totals[j] = total_of_lanes(sums[j]);
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
