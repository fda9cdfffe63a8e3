// Operands and results of products: what they may be, as views of matrices, and their rows as kernels take
// them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "block_arrays.hpp"
#include "core/exact_sum.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "dispatch/products.hpp"
#include "matrix_view.hpp"
#include "packed.hpp"
#include "types.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

/// What products are rounded to: float, double, bfloat16 or float16.
template <class Out>
concept product_result = std::same_as<Out, float> || std::same_as<Out, double> ||
    std::same_as<Out, bfloat16> || std::same_as<Out, float16>;

namespace detail {

template <class R>
inline constexpr bool is_matrix_view = false;
template <class T>
inline constexpr bool is_matrix_view<matrix_view<T>> = true;

/// One row: a contiguous range of blocks, values or floats, densely stored values, or a view of one row.
template <class R>
concept product_row = product_range<R> || packed_range<R> || is_matrix_view<std::remove_cvref_t<R>>;

/// Whose blocks, if there are any, lie one after the other.
template <class R>
inline constexpr bool lies_whole = product_range<R> || packed_range<R>;

/// matrix_view or block_matrix.
template <class M>
concept product_matrix = requires(const std::remove_cvref_t<M>& m) {
  matrix_view(m);
};

template <class R>
concept product_target =
    ordinary_range<R> && product_result<element_of<R>> && !std::is_const_v<element_of<R>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

/// Any operand that is one row, as a view.
template <product_row R>
auto view_of_row(const char* function, const char* argument, R& row) {
  if constexpr (is_matrix_view<std::remove_cvref_t<R>>) {
    if (row.rows() != 1) {
      fail_size(function, argument, row.rows(), 1, "rows of the view, as a vector is one row");
    }
    return row;
  } else if constexpr (packed_range<R>) {
    return matrix_view<packed_value<R>>(row, 1, row.size());
  } else {
    using T = std::remove_const_t<element_of<R>>;
    if constexpr (block_type<T>) {
      return matrix_view<T>(row, 1, std::size(row) * T::elements);
    } else {
      return matrix_view<T>(row, 1, std::size(row));
    }
  }
}

/// Whether a dense stream of F's codes is the same bytes as an array of them.
template <scalar_format F>
inline constexpr bool dense_is_array = F::width == 8 ||
                                       (F::width == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

/// Whether the blocks of a view lie one after the other.
template <class T>
bool is_whole(const matrix_view<T>& view) noexcept {
  if constexpr (block_type<T>) {
    const kernels::block_source& at = view.stored();
    return at.codes == at.metadata + T::metadata_bytes && at.metadata_stride == sizeof(T) &&
           at.code_stride == sizeof(T);
  } else {
    return true;
  }
}

/// Row r of a view, as kernels take it: of one of the types that row_types has.
template <class Row, class T>
NARROWFP_INLINE Row row_at(const matrix_view<T>& view, std::size_t r) noexcept {
  const std::size_t row = view.first_row() + r;
  if constexpr (block_type<T>) {
    const kernels::block_source at = kernels::from_block(view.stored(), row * block_count<T>(view.cols()));
    if constexpr (Row::is_whole) {
      return Row{at.metadata};
    } else {
      return Row{at};
    }
  } else {
    using F = typename Row::element_format;
    const std::byte* codes = view.stored().codes;
    if constexpr (std::is_same_v<Row, kernels::dense_row<F>>) {
      // From the byte on with which the row begins, or else from the last element that begins with one.
      const std::size_t first = row * view.cols();
      const std::size_t bits = first % 8 * std::size_t{F::width};
      const std::byte* const eight = codes + first / 8 * std::size_t{F::width};
      return bits % 8 == 0 ? Row{eight + bits / 8, 0} : Row{eight, first % 8};
    } else {
      return Row{codes + row * view.cols() * sizeof(typename F::code_type)};
    }
  }
}

/// Calls use(type), where type.of is what the rows of a view are: they all are of one type.
template <class Row>
struct row_type {
  using of = Row;
};
template <bool Whole, class T, class Use>
NARROWFP_INLINE void with_row_type(const matrix_view<T>& view, const Use& use) {
  if constexpr (block_type<T>) {
    use(row_type<std::conditional_t<Whole, kernels::whole_row<T>, kernels::block_row<T>>>{});
  } else {
    using F = typename format_of_value<T>::type;
    if constexpr (narrow_value<T>) {
      if constexpr (!dense_is_array<F> && F::width <= 16) {
        if (view.stored().is_dense) {
          use(row_type<kernels::dense_row<F>>{});
          return;
        }
      }
    }
    use(row_type<kernels::code_row<F>>{});
  }
}

/// Calls use(whole), a constant: whether the blocks of both operands lie one after the other. Known says that
/// they do.
template <bool Known, class A, class B, class Use>
NARROWFP_INLINE void with_layout(const matrix_view<A>& a, const matrix_view<B>& b, const Use& use) {
  if constexpr (Known || (!block_type<A> && !block_type<B>)) {
    use(std::true_type{});
  } else if (is_whole(a) && is_whole(b)) {
    use(std::true_type{});
  } else {
    use(std::false_type{});
  }
}

/// The exact factors of a sum: of both tensors, and of both rows.
struct sum_factors {
  core::real tensors, rows;
};
inline core::real exact_product(float a, float b) noexcept {
  constexpr std::uint32_t one = 0x3F800000;
  if (std::bit_cast<std::uint32_t>(a) == one && std::bit_cast<std::uint32_t>(b) == one) {  // as nearly always
    return core::finite(1, 0);
  }
  return core::without_trailing_zeros(core::multiply(core::read(a), core::read(b)));
}

/// Stores one element of a result.
template <class Out, int Digits>
void store_product(core::exact_sum<Digits>& sum, const sum_factors& factors, Out& out,
                   bool accumulate) noexcept {
  core::store(out, accumulate ? sum.total(factors.tensors, factors.rows, core::read(out))
                              : sum.total(factors.tensors, factors.rows));
}

}  // namespace

}  // namespace detail

}  // namespace narrowfp::inline v0

#include "detail/undef.hpp"
