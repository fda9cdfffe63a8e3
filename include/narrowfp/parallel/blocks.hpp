// quantize and dequantize of arrays of blocks over an executor.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

#include "../block/block_format.hpp"
#include "../block_arrays.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/block_options.hpp"
#include "../dispatch/blocks.hpp"
#include "../dispatch/isa.hpp"
#include "../dispatch/kernel_elements.hpp"
#include "../quantize.hpp"
#include "executor.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Elements of as many blocks as fill whole cache lines, so that no two parts write to one; of large blocks
/// fewer, since a part begins at a multiple of this.
template <block_type B>
constexpr std::size_t whole_lines_of() noexcept {
  std::size_t count = 64;
  while (count > 1 && (sizeof(B) * count / 2 % 64 == 0 || B::elements * count > parallel::least_elements)) {
    count /= 2;
  }
  return count * B::elements;
}

template <block_type B>
even_cut cut_blocks(std::size_t n, std::size_t tasks) noexcept {
  return even_cut(n, whole_lines_of<B>(), parallel::least_elements, tasks);
}

/// `out` holds block_count<B>(in.size()) blocks.
template <block_type B, class Executor, class S>
void quantize_parts(const char* function, Executor& execute, std::size_t tasks, isa set,
                    std::span<const S> in, const kernels::block_target& out,
                    const quantize_options& options) {
  const blocks::quantize_job job = checked_job<B>(function, options);
  const kernel_elements elements(in.data());
  if (!in.empty()) {
    run_parts(
        execute, cut_blocks<B>(in.size(), tasks), [&](std::size_t, std::size_t first, std::size_t count) {
          blocks::quantize_job own = job;
          own.first_index += first;
          dispatch::quantize<B, kernel_element_t<S>>(set, {elements.data() + first, count},
                                                     kernels::from_block(out, first / B::elements), own);
        });
  }
}

template <block_type B, class Executor, class S>
void dequantize_parts(const char* function, Executor& execute, std::size_t tasks, isa set,
                      const kernels::block_source& in, std::span<S> out, const dequantize_options& options) {
  const blocks::dequantize_job job = checked_job<B>(function, options);
  const kernel_elements elements(out.data());
  if (!out.empty()) {
    run_parts(execute, cut_blocks<B>(out.size(), tasks),
              [&](std::size_t, std::size_t first, std::size_t count) {
                dispatch::dequantize<B, kernel_element_t<S>>(
                    set, kernels::from_block(in, first / B::elements), {elements.data() + first, count}, job);
              });
  }
}

}  // namespace

}  // namespace detail

namespace parallel {

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// narrowfp::quantize in parts of whole blocks that `execute` runs: the same bytes from any executor and any
/// number of tasks.
///
/// Shape     in, out (blocks or split_blocks) and options as narrowfp::quantize takes them. Random bits go by
///           an element's place in `in`. The tensor scale is the caller's, one for all of `in`.
/// Tasks     as parallel::pack.
/// Errors    those of narrowfp::quantize, and tasks == 0: std::invalid_argument before `execute` is called.
/// Cost      a call of a function for each task besides those of narrowfp::quantize. Does not allocate.
template <executor E, detail::quantize_source In, detail::blocks_target Out>
void quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::quantize";
  using B = detail::element_of<Out>;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const std::span<B> target = detail::as_span(out);
  detail::require_size(function, "out", target.size(), block_count<B>(source.size()), detail::one_block_each);
  detail::quantize_parts<B>(function, execute, tasks, set, source, detail::places(target), options);
}
template <class B, executor E, detail::quantize_source In, detail::blocks_target Out>
requires std::same_as<B, detail::element_of<Out>>
void quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) {
  parallel::quantize(execute, tasks, in, out, options);
}
template <class B, executor E, detail::quantize_source In>
requires block_type<B>
void quantize(E&& execute, std::size_t tasks, In&& in, split_blocks out, quantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::quantize";
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  detail::require_split<B>(function, out, block_count<B>(source.size()));
  detail::quantize_parts<B>(function, execute, tasks, set, source, detail::places<B>(out), options);
}
/// @}

/// @{
/// narrowfp::dequantize in parts of whole blocks that `execute` runs: Shape and Errors of
/// narrowfp::dequantize, Tasks of parallel::pack.
template <executor E, detail::blocks_source In, detail::dequantize_target Out>
void dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out, dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::dequantize";
  using B = std::remove_const_t<detail::element_of<In>>;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const std::span<const B> source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  detail::require_size(function, "in", source.size(), block_count<B>(target.size()), detail::one_block_each);
  detail::dequantize_parts<B>(function, execute, tasks, set, detail::places(source), target, options);
}
template <class B, executor E, detail::blocks_source In, detail::dequantize_target Out>
requires std::same_as<B, std::remove_const_t<detail::element_of<In>>>
void dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out, dequantize_options options = {}) {
  parallel::dequantize(execute, tasks, in, out, options);
}
template <class B, executor E, detail::dequantize_target Out>
requires block_type<B>
void dequantize(E&& execute, std::size_t tasks, const_split_blocks in, Out&& out,
                dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::dequantize";
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto target = detail::as_span(out);
  detail::require_split<B>(function, in, block_count<B>(target.size()));
  detail::dequantize_parts<B>(function, execute, tasks, set, detail::places<B>(in), target, options);
}
/// @}

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0
