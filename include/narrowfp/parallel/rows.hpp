// pack_rows and unpack_rows over an executor.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "../core/bit_packing.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/isa.hpp"
#include "../dispatch/kernel_elements.hpp"
#include "../pack.hpp"
#include "../pack_rows.hpp"
#include "../packed.hpp"
#include "executor.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Rows of dense codes begin at a byte for certain at every eighth.
inline constexpr std::size_t dense_rows_at_a_time = 8;

/// part(first row, rows) for each part of a matrix that has elements.
template <class Executor, class Part>
void row_parts(Executor& execute, std::size_t tasks, std::size_t rows, std::size_t columns, std::size_t unit,
               const Part& part) {
  if (rows != 0 && columns != 0) {
    run_parts(execute, even_cut(rows, unit, least_lines(columns), tasks),
              [&](std::size_t, std::size_t first, std::size_t count) { part(first, count); });
  }
}

}  // namespace

}  // namespace detail

namespace parallel {

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// narrowfp::pack_rows in parts that `execute` runs, each of whole rows, of dense codes of eight rows: Shape,
/// Scales and Errors of narrowfp::pack_rows, Tasks of parallel::pack.
template <executor E, detail::pack_source In, detail::values_target Out>
void pack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns,
               std::span<const float> scales, pack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::pack_rows";
  using T = detail::element_of<Out>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const kernels::encode_job job = detail::make_job<T>(options, function);
  const detail::kernel_elements elements(source.data());
  auto* const codes = reinterpret_cast<typename F::code_type*>(target.data());
  detail::row_parts(execute, tasks, scales.size(), columns, 1, [&](std::size_t row, std::size_t count) {
    const std::size_t first = row * columns;
    kernels::encode_job own = job;
    own.first_index += first;
    detail::encode_rows<F>(set, elements.data() + first, codes + first, columns, scales.subspan(row, count),
                           own);
  });
}
template <executor E, detail::pack_source In, detail::packed_target Out>
void pack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns,
               std::span<const float> scales, pack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::pack_rows";
  using T = detail::packed_value<Out>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const packed_span<T> target = out;
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const kernels::encode_job job = detail::make_job<T>(options, function);
  const detail::kernel_elements elements(source.data());
  std::byte* const codes = target.bytes().data();
  detail::row_parts(execute, tasks, scales.size(), columns, detail::dense_rows_at_a_time,
                    [&](std::size_t row, std::size_t count) {
                      const std::size_t first = row * columns;
                      kernels::encode_job own = job;
                      own.first_index += first;
                      detail::encode_dense_rows<F>(set, elements.data() + first,
                                                   codes + core::dense_size_bytes(first, F::width), columns,
                                                   scales.subspan(row, count), own);
                    });
}
/// @}

/// @{
/// narrowfp::unpack_rows in parts that `execute` runs, cut as parallel::pack_rows is.
template <executor E, detail::values_source In, detail::unpack_target Out>
void unpack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns,
                 std::span<const float> scales, unpack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::unpack_rows";
  using F = typename std::remove_const_t<detail::element_of<In>>::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const detail::kernel_elements elements(target.data());
  const auto* const codes = reinterpret_cast<const typename F::code_type*>(source.data());
  detail::row_parts(execute, tasks, scales.size(), columns, 1, [&](std::size_t row, std::size_t count) {
    const std::size_t first = row * columns;
    detail::decode_rows<F>(set, codes + first, elements.data() + first, columns, scales.subspan(row, count));
  });
}
template <executor E, detail::packed_range In, detail::unpack_target Out>
void unpack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns,
                 std::span<const float> scales, unpack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::unpack_rows";
  using T = std::remove_const_t<detail::packed_value<In>>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const packed_span<const T> source = in;
  const auto target = detail::as_span(out);
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const detail::kernel_elements elements(target.data());
  const std::byte* const codes = source.bytes().data();
  detail::row_parts(execute, tasks, scales.size(), columns, detail::dense_rows_at_a_time,
                    [&](std::size_t row, std::size_t count) {
                      const std::size_t first = row * columns;
                      detail::decode_dense_rows<F>(set, codes + core::dense_size_bytes(first, F::width),
                                                   elements.data() + first, columns,
                                                   scales.subspan(row, count));
                    });
}
/// @}

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0
