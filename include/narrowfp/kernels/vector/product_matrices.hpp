// Layer: kernels/vector. Products of matrices, and what the dispatcher sees of them: what is used again is
// prepared once.
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
#include "product_tiles.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Fewer rows than these are not worth preparing another one for.
inline constexpr std::size_t least_rows = 4;

/// A job with its matrices exchanged.
template <class Job>
struct exchanged_job {
  using row_a = typename Job::row_b;
  using row_b = typename Job::row_a;
  const Job& job;

  [[nodiscard]] std::size_t rows_a() const noexcept { return job.rows_b(); }
  [[nodiscard]] std::size_t rows_b() const noexcept { return job.rows_a(); }
  [[nodiscard]] std::size_t n() const noexcept { return job.n(); }
  [[nodiscard]] row_a a(std::size_t i) const noexcept { return job.b(i); }
  [[nodiscard]] row_b b(std::size_t j) const noexcept { return job.a(j); }
  template <class Sum>
  void store(std::size_t i, std::size_t j, Sum& sum) const noexcept {
    job.store(j, i, sum);
  }
};

/// Few rows of b, one after the other, with all of a. False where that is no gain.
template <class Job>
bool multiply_by_rows(const Job& job) {
  using A = typename Job::row_a;
  using B = typename Job::row_b;
  if constexpr (!gains_by_row<A, B, vector_bytes>) {
    return false;
  } else {
    using products = prepared_products<A, B>;
    if (job.rows_a() < least_rows) {
      return false;
    }
    const prepared_memory memory(typename products::parts{job.n()}.bytes());
    for (std::size_t j = 0; j < job.rows_b(); ++j) {
      const B b = job.b(j);
      const bool is_prepared = begins_at_byte(b);
      if (is_prepared) {
        products::prepare(b, job.n(), memory.bytes());
      }
      for (std::size_t i = 0; i < job.rows_a(); ++i) {
        const A a = job.a(i);
        product_sum<A, B> sum(lowest_product<A, B>);
        if (is_prepared && begins_at_byte(a)) {
          products::add(a, b, memory.bytes(), job.n(), sum);
        } else {
          scalar::add_products(a, b, 0, job.n(), sum);
        }
        job.store(i, j, sum);
      }
    }
    return true;
  }
}

/// Blocks of rows of both: those of b are stored decoded, and few rows of a are prepared at a time.
template <class Job>
class tiled_job {
  using A = typename Job::row_a;
  using B = typename Job::row_b;
  using tiles = tiled_products<A, B>;
  using plan = typename tiles::plan;
  using sum_type = product_sum<A, B>;
  static_assert(std::is_trivially_destructible_v<sum_type>);  // memory of them is only given back

 public:
  explicit tiled_job(const Job& job)
      : job_(job),
        cut_{job.n()},
        column_bytes_(cut_.rounds() * tiles::column_round_bytes),
        columns_(smaller_size(larger_size(block_bytes / column_bytes_, tiles::width),
                              smaller_size(job.rows_b(), most_columns))),
        columns_memory_(columns_ * column_bytes_),
        weights_memory_(columns_ * cut_.chunks() * sizeof(chunk_weights)),
        rows_memory_(rows * product_chunk / plan::step * tiles::round_bytes),
        sums_memory_(rows * columns_ * sizeof(sum_type)) {}

  void run() const noexcept {
    for (std::size_t j = 0; j < job_.rows_b(); j += columns_) {
      const std::size_t count = smaller_size(columns_, job_.rows_b() - j);
      for (std::size_t column = 0; column < count; ++column) {
        store_column(j + column, column);
      }
      for (std::size_t i = 0; i < job_.rows_a(); i += rows) {
        multiply(i, smaller_size(rows, job_.rows_a() - i), j, count);
      }
    }
  }

 private:
  /// Rows of a that are prepared at a time.
  static constexpr std::size_t rows = 4;
  /// What a block of b takes, unless four rows are more: it is to stay in a cache.
  static constexpr std::size_t block_bytes = std::size_t{512} << 10;
  static constexpr std::size_t most_columns = 64;

  static constexpr std::size_t smaller_size(std::size_t x, std::size_t y) noexcept { return x < y ? x : y; }

  /// Calls use(first, n, is_last) for each chunk, of which the last one may have to be completed.
  template <class Use>
  void for_each_chunk(const Use& use) const noexcept {
    std::size_t chunk = 0;
    for (std::size_t i = 0; i < job_.n(); ++chunk) {
      const bool is_last = i == cut_.whole();
      const std::size_t n = is_last ? plan::whole : smaller_size(product_chunk, cut_.whole() - i);
      use(chunk, i, n, is_last);
      i = is_last ? job_.n() : i + n;
    }
  }
  [[nodiscard]] chunk_weights& weights_of(std::size_t column, std::size_t chunk) const noexcept {
    return reinterpret_cast<chunk_weights*>(weights_memory_.bytes())[column * cut_.chunks() + chunk];
  }
  [[nodiscard]] std::uint8_t* stored(std::size_t column, std::size_t i) const noexcept {
    return columns_memory_.bytes() + column * column_bytes_ + i / plan::step * tiles::column_round_bytes;
  }

  void store_column(std::size_t j, std::size_t column) const noexcept {
    const B b = job_.b(j);
    if (!begins_at_byte(b)) {
      for (std::size_t chunk = 0; chunk < cut_.chunks(); ++chunk) {
        weights_of(column, chunk).most = chunk_weights::too_large;
      }
      return;
    }
    for_each_chunk([&](std::size_t chunk, std::size_t i, std::size_t n, bool is_last) {
      if (is_last) {
        const padded_row<B, plan::whole> last(b, i, job_.n() - i);
        weights_of(column, chunk) = tiles::store_chunk(last.row(), 0, n, stored(column, i));
      } else {
        weights_of(column, chunk) = tiles::store_chunk(b, i, n, stored(column, i));
      }
    });
  }

  /// `count_a` rows from i on with `count_b` columns from j on, which are stored.
  void multiply(std::size_t i, std::size_t count_a, std::size_t j, std::size_t count_b) const noexcept {
    auto* const sums = reinterpret_cast<sum_type*>(sums_memory_.bytes());
    for (std::size_t s = 0; s < count_a * columns_; ++s) {
      new (sums + s) sum_type(lowest_product<A, B>);
    }
    for_each_chunk([&](std::size_t chunk, std::size_t first, std::size_t n, bool is_last) {
      chunk_weights weights[rows];
      const std::size_t row_bytes = n / plan::step * tiles::round_bytes;
      for (std::size_t r = 0; r < count_a; ++r) {
        const A a = job_.a(i + r);
        std::uint8_t* const to = rows_memory_.bytes() + r * row_bytes;
        if (!begins_at_byte(a)) {
          weights[r].most = chunk_weights::too_large;
        } else if (is_last) {
          const padded_row<A, plan::whole> last(a, first, job_.n() - first);
          weights[r] = tiles::prepare_chunk(last.row(), 0, n, to);
        } else {
          weights[r] = tiles::prepare_chunk(a, first, n, to);
        }
      }
      for (std::size_t c = 0; c < count_b; c += tiles::width) {
        const std::size_t here = smaller_size(tiles::width, count_b - c);
        for (std::size_t r = 0; r < count_a; ++r) {
          const chunk_of_row row = {rows_memory_.bytes() + r * row_bytes, weights[r], first, n, chunk};
          bool fit[tiles::width];
          std::int64_t totals[tiles::width];
          multiply_tile(row, c, here, fit, totals);
          for (std::size_t column = 0; column < here; ++column) {
            sum_type& sum = sums[r * columns_ + c + column];
            if (fit[column]) {
              sum.add(totals[column],
                      plan::unit + weights[r].exponent + weights_of(c + column, chunk).exponent);
            } else {
              add_unprepared(job_.a(i + r), job_.b(j + c + column), first, n, is_last, sum);
            }
          }
        }
      }
    });
    for (std::size_t r = 0; r < count_a; ++r) {
      for (std::size_t column = 0; column < count_b; ++column) {
        job_.store(i + r, j + column, sums[r * columns_ + column]);
      }
    }
  }

  /// A prepared chunk.
  struct chunk_of_row {
    const std::uint8_t* at;
    chunk_weights weights;
    std::size_t first, n, chunk;
  };
  /// Its products with `here` columns from c on, where their weights fit together.
  void multiply_tile(const chunk_of_row& row, std::size_t c, std::size_t here, bool* fit,
                     std::int64_t* totals) const noexcept {
    const std::size_t rounds = row.n / plan::step;
    bool any_fits = false;
    for (std::size_t column = 0; column < here; ++column) {
      fit[column] = tiles::fit_together(row.weights, weights_of(c + column, row.chunk));
      any_fits = any_fits || fit[column];
    }
    if (any_fits && here == tiles::width) {
      tiles::template multiply<tiles::width>(row.at, stored(c, row.first), column_bytes_, rounds, totals);
      return;
    }
    for (std::size_t column = 0; column < here; ++column) {
      if (fit[column]) {
        tiles::template multiply<1>(row.at, stored(c + column, row.first), 0, rounds, totals + column);
      }
    }
  }

  void add_unprepared(const A& a, const B& b, std::size_t first, std::size_t n, bool is_last,
                      sum_type& sum) const noexcept {
    if (is_last || !begins_at_byte(a) || !begins_at_byte(b)) {
      scalar::add_products(a, b, first, is_last ? job_.n() : first + n, sum);
    } else {
      add_chunk_of_rows(a, b, first, n, job_.n(), sum);
    }
  }

  const Job& job_;
  typename tiles::parts cut_;
  std::size_t column_bytes_;  ///< of a row of b as it is stored
  std::size_t columns_;       ///< rows of b in a block
  prepared_memory columns_memory_, weights_memory_, rows_memory_, sums_memory_;
};

/// What the dispatcher sees of the set.
struct product_matrix_face {
  template <class A, class B>
  static constexpr bool offers() noexcept {
    return product_face::offers<A, B>() && prepares_bytes<A, B, vector_bytes> &&
           prepares_bytes<B, A, vector_bytes>;
  }

  /// Computes all results of a job, see dispatch/products.hpp; false where that would be no gain. Memory is
  /// allocated before anything is written.
  template <class Job>
  static bool multiply(const Job& job) {
    if (job.n() < 2 * vector_bytes) {
      return false;
    }
    if constexpr (Job::has_one_b) {
      return multiply_by_rows(job);
    } else if (job.rows_a() < least_rows) {
      return multiply_by_rows(exchanged_job<Job>{job});
    } else {
      tiled_job<Job>(job).run();
      return true;
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
