// A view of packed rows: blocks or values that lie elsewhere, as a matrix.
#pragma once

#include <cstddef>
#include <cstdio>
#include <span>
#include <type_traits>
#include <utility>

#include "block/block_format.hpp"
#include "block_arrays.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "kernels/product_rows.hpp"
#include "packed.hpp"
#include "types.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

template <class B>
class block_matrix;

namespace detail {

/// What can be multiplied: blocks, values and floats.
template <class T>
concept product_element = block_type<T> || narrow_value<T> || std::is_same_v<T, float>;

/// Of such, in ordinary memory.
template <class R>
concept product_range = ordinary_range<R> && product_element<std::remove_const_t<element_of<R>>>;

/// Codes in whole bytes or, dense, as a stream of bits.
struct code_places {
  const std::byte* codes;
  bool is_dense;
};

/// Blocks or codes of a row.
template <class T>
constexpr std::size_t units_of(std::size_t cols) noexcept {
  if constexpr (block_type<T>) {
    return block_count<T>(cols);
  } else {
    return cols;
  }
}

}  // namespace detail

/// Views rows of blocks, of values or of floats as a matrix, row-major; owns nothing.
///
/// T        a block type, a value type or float
/// Rows     each has cols() elements. Blocks never straddle rows: a row has `block_count<T>(cols)` of them,
///          and elements beyond cols() in its last one do not count. Densely stored values begin anywhere,
///          perhaps inside a byte: row r at element r * cols().
/// Errors   of construction: too few or too many blocks or codes for rows * cols: std::invalid_argument.
template <class T>
class matrix_view {
  static_assert(detail::product_element<T>,
                "narrowfp: matrix_view<T> needs a block type, a value type or float");
  using places = std::conditional_t<block_type<T>, kernels::block_source, detail::code_places>;

 public:
  /// What a row holds.
  using value_type = T;

  /// No rows.
  constexpr matrix_view() noexcept = default;

  /// Views a contiguous range: rows * `block_count<T>(cols)` blocks, or rows * cols values.
  template <detail::product_range R>
  requires std::is_same_v<std::remove_const_t<detail::element_of<R>>, T> NARROWFP_INLINE
  matrix_view(R&& elements, std::size_t rows, std::size_t cols)
      : matrix_view(places_of(detail::as_const_span(elements)), rows, cols) {
    require_units("elements", std::size(elements));
  }

  /// Views codes and scales apart.
  NARROWFP_INLINE matrix_view(const_split_blocks split, std::size_t rows,
                              std::size_t cols) requires block_type<T>
      : matrix_view(detail::places<T>(split), rows, cols) {
    detail::require_split<T>(constructor, split, wanted_units());
  }

  /// Views densely stored values: packed_span or packed_vector.
  template <detail::packed_range R>
  requires std::is_same_v<detail::packed_value<R>, T> NARROWFP_INLINE matrix_view(R&& values,
                                                                                  std::size_t rows,
                                                                                  std::size_t cols)
      : matrix_view(detail::code_places{std::as_const(values).bytes().data(), true}, rows, cols) {
    require_units("values", values.size());
  }

  /// Views the lines of a matrix of blocks: its rows or, with block_axis::column, its columns.
  NARROWFP_INLINE matrix_view(const block_matrix<T>& matrix) requires block_type<T>
      : matrix_view(detail::places<T>(matrix.blocks()), matrix.lines(), matrix.line_elements()) {}

  /// @{
  /// As constructed.
  [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] constexpr std::size_t cols() const noexcept { return cols_; }
  /// @}

  /// Rows first .. first + count - 1. Error: beyond the end.
  [[nodiscard]] NARROWFP_INLINE matrix_view rows(std::size_t first, std::size_t count) const {
    if (first > rows_ || count > rows_ - first) {
      char problem[160];
      std::snprintf(problem, sizeof problem, "are %zu and %zu, but the view has %zu rows", first, count,
                    rows_);
      detail::report("narrowfp::matrix_view::rows", "first and count", problem);
    }
    matrix_view part = *this;
    part.first_row_ = first_row_ + first;
    part.rows_ = count;
    return part;
  }

  /// @cond what products see
  /// The stored places, and the row of these that is row 0 here.
  [[nodiscard]] constexpr const places& stored() const noexcept { return places_; }
  [[nodiscard]] constexpr std::size_t first_row() const noexcept { return first_row_; }
  /// @endcond

 private:
  static constexpr const char* constructor = "narrowfp::matrix_view";

  NARROWFP_INLINE constexpr matrix_view(const places& at, std::size_t rows, std::size_t cols) noexcept
      : places_(at), rows_(rows), cols_(cols) {}

  template <class Element>
  NARROWFP_INLINE static places places_of(std::span<const Element> elements) noexcept {
    if constexpr (block_type<T>) {
      return detail::places<T>(elements);
    } else {
      return {reinterpret_cast<const std::byte*>(elements.data()), false};
    }
  }

  [[nodiscard]] NARROWFP_INLINE std::size_t wanted_units() const {
    const std::size_t each = detail::units_of<T>(cols_);
    if (each != 0 && rows_ > ~std::size_t{0} / each) {
      detail::report(constructor, "rows * cols", "is more than std::size_t can count");
    }
    return rows_ * each;
  }
  NARROWFP_INLINE void require_units(const char* argument, std::size_t got) const {
    const std::size_t wanted = wanted_units();
    if (got != wanted) {
      detail::report_size(constructor, argument, got, wanted,
                          block_type<T> ? "block_count<T>(cols) blocks for each row" : "rows * cols codes");
    }
  }

  places places_{};
  std::size_t first_row_ = 0;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

/// @cond what a compiler deduces
template <detail::product_range R>
matrix_view(R&&, std::size_t, std::size_t) -> matrix_view<std::remove_const_t<detail::element_of<R>>>;
template <detail::packed_range R>
matrix_view(R&&, std::size_t, std::size_t) -> matrix_view<detail::packed_value<R>>;
template <class B>
matrix_view(const block_matrix<B>&) -> matrix_view<B>;
/// @endcond

}  // namespace narrowfp::inline v0

#include "detail/undef.hpp"
