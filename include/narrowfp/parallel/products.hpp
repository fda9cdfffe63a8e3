// Products of matrices over an executor.
#pragma once

#include <cstddef>

#include "../products.hpp"
#include "executor.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// In parts of whole rows of that operand which has more of them.
template <class Executor, class Call>
void multiply_parts(Executor& execute, std::size_t tasks, const Call& call) {
  const std::size_t rows_a = call.a.rows();
  const std::size_t rows_b = call.b.rows();
  if (rows_a == 0 || rows_b == 0) {
    return;
  }
  const bool by_a = rows_a >= rows_b;
  const std::size_t others = by_a ? rows_b : rows_a;
  // Of a row: its results times their terms; results without terms are written as well.
  const std::size_t terms = call.a.cols() == 0 ? 1 : call.a.cols();
  const std::size_t least = others > parallel::least_elements / terms ? 1 : least_lines(others * terms);
  const even_cut cut(by_a ? rows_a : rows_b, 1, least, tasks);
  run_allocating_parts(execute, cut, [&](std::size_t, std::size_t first, std::size_t count) {
    const row_range part = {first, first + count};
    multiply_rows(call, by_a ? part : row_range{0, rows_a}, by_a ? row_range{0, rows_b} : part);
  });
}

}  // namespace

}  // namespace detail

namespace parallel {

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// narrowfp::matrix_vector_product in parts of whole rows that `execute` runs: the same bits from any
/// executor and any number of tasks.
///
/// Shape     a, x, y and options (row scales and accumulate included) as narrowfp::matrix_vector_product has
///           them.
/// Tasks     as parallel::pack; none has fewer than least_elements products, unless it is the only one. A
///           single row is one task.
/// Errors    those of narrowfp::matrix_vector_product, and tasks == 0: std::invalid_argument before the
///           executor is called. Tasks allocate what is prepared once; where one cannot, std::bad_alloc is
///           thrown when all are done.
template <executor E, detail::product_matrix A, detail::product_row X, detail::product_target Y>
void matrix_vector_product(E&& execute, std::size_t tasks, A&& a, X&& x, Y&& y,
                           product_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::matrix_vector_product";
  detail::require_tasks(function, tasks);
  detail::multiply_parts(execute, tasks, detail::checked_vector_product(function, a, x, y, options));
}

/// narrowfp::matrix_product likewise, in parts of whole rows of a or, where it has more, of b_transposed.
template <executor E, detail::product_matrix A, detail::product_matrix B, detail::product_target C>
void matrix_product(E&& execute, std::size_t tasks, A&& a, B&& b_transposed, C&& c,
                    product_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::matrix_product";
  detail::require_tasks(function, tasks);
  detail::multiply_parts(execute, tasks,
                         detail::checked_matrix_product(function, a, b_transposed, c, options));
}

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0
