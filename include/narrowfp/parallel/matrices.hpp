// Matrices of blocks over an executor: what block_matrix::quantize, dequantize and quantize_tiles do.
#pragma once

#include <cstddef>
#include <span>

#include "../block_matrix.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/block_options.hpp"
#include "../dispatch/row_scales.hpp"
#include "../quantize.hpp"
#include "executor.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Shares lines out to tasks, which allocate as they do on one thread.
template <class Executor>
class over_tasks {
 public:
  over_tasks(Executor& execute, std::size_t tasks) noexcept : execute_(execute), tasks_(tasks) {}

  template <class Part>
  void operator()(std::size_t lines, std::size_t unit, std::size_t elements, const Part& part) const {
    if (lines == 0) {
      return;
    }
    const even_cut cut(lines, unit, least_lines(elements), tasks_);
    run_allocating_parts(execute_, cut,
                         [&](std::size_t, std::size_t first, std::size_t count) { part(first, count); });
  }

 private:
  Executor& execute_;
  std::size_t tasks_;
};

}  // namespace

}  // namespace detail

namespace parallel {

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// out.quantize(in, options) or, with a tensor scale for each line, out.quantize(in, row_scales, options), in
/// parts of whole lines that `execute` runs; of columns in parts of sixteen.
///
/// Tasks     as parallel::pack.
/// Errors    those of block_matrix::quantize, and tasks == 0: std::invalid_argument before the executor is
///           called.
/// Cost      as block_matrix::quantize; with block_axis::column each task allocates a buffer. Where one
///           cannot, std::bad_alloc is thrown when all tasks are done, and out is written in part.
template <executor E, detail::quantize_source In, block_type B>
void quantize(E&& execute, std::size_t tasks, In&& in, block_matrix<B>& out, quantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::quantize";
  detail::require_tasks(function, tasks);
  detail::quantize_lines(out, detail::as_const_span(in), nullptr, options, function,
                         detail::over_tasks(execute, tasks));
}
template <executor E, detail::quantize_source In, block_type B, detail::float_range Scales>
void quantize(E&& execute, std::size_t tasks, In&& in, block_matrix<B>& out, const Scales& row_scales,
              quantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::quantize";
  const std::span<const float> scales = detail::as_const_span(row_scales);
  detail::require_tasks(function, tasks);
  detail::quantize_lines(out, detail::as_const_span(in), &scales, options, function,
                         detail::over_tasks(execute, tasks));
}
/// @}

/// @{
/// in.dequantize(out, options) or in.dequantize(row_scales, out, options), likewise.
template <executor E, block_type B, detail::dequantize_target Out>
void dequantize(E&& execute, std::size_t tasks, const block_matrix<B>& in, Out&& out,
                dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::dequantize";
  detail::require_tasks(function, tasks);
  detail::dequantize_lines(in, nullptr, detail::as_span(out), options, function,
                           detail::over_tasks(execute, tasks));
}
template <executor E, block_type B, detail::dequantize_target Out, detail::float_range Scales>
void dequantize(E&& execute, std::size_t tasks, const block_matrix<B>& in, Out&& out,
                const Scales& row_scales, dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::dequantize";
  const std::span<const float> scales = detail::as_const_span(row_scales);
  detail::require_tasks(function, tasks);
  detail::dequantize_lines(in, &scales, detail::as_span(out), options, function,
                           detail::over_tasks(execute, tasks));
}
/// @}

/// out.quantize_tiles(in, edge, options) in parts of whole rows of tiles that `execute` runs.
///
/// Tasks     as parallel::pack.
/// Errors    those of block_matrix::quantize_tiles, and tasks == 0: std::invalid_argument before `execute` is
///           called; std::bad_alloc as parallel::quantize of a matrix.
template <executor E, detail::quantize_source In, block_type B>
requires(B::bit_levels == 0) void quantize_tiles(E&& execute, std::size_t tasks, In&& in,
                                                 block_matrix<B>& out, std::size_t edge = B::elements,
                                                 quantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::quantize_tiles";
  detail::require_tasks(function, tasks);
  detail::quantize_tiles(out, detail::as_const_span(in), edge, options, function,
                         detail::over_tasks(execute, tasks));
}

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0
