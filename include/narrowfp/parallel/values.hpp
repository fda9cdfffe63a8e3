// pack and unpack over an executor.
#pragma once

#include <cstddef>
#include <type_traits>

#include "../core/bit_packing.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/convert.hpp"
#include "../dispatch/isa.hpp"
#include "../dispatch/kernel_elements.hpp"
#include "../pack.hpp"
#include "../packed.hpp"
#include "executor.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Parts of arrays of values begin at a multiple of so many elements, so that their codes, of any width,
/// begin at a cache line where the first one does: no two parts write to one, and stores past the caches stay
/// such.
inline constexpr std::size_t values_at_a_time = 512;

inline even_cut cut_values(std::size_t n, std::size_t tasks) noexcept {
  return even_cut(n, values_at_a_time, parallel::least_elements, tasks);
}

/// part(first, count, job) for each part of n values, by the executor.
template <class Executor, class Part>
void encode_parts(Executor& execute, std::size_t tasks, std::size_t n, const kernels::encode_job& job,
                  const Part& part) {
  if (n != 0) {
    run_parts(execute, cut_values(n, tasks), [&](std::size_t, std::size_t first, std::size_t count) {
      kernels::encode_job own = job;
      own.first_index += first;
      part(first, count, own);
    });
  }
}

/// part(first, count) likewise.
template <class Executor, class Part>
void decode_parts(Executor& execute, std::size_t tasks, std::size_t n, const Part& part) {
  if (n != 0) {
    run_parts(execute, cut_values(n, tasks),
              [&](std::size_t, std::size_t first, std::size_t count) { part(first, count); });
  }
}

}  // namespace

}  // namespace detail

namespace parallel {

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// narrowfp::pack in parts that `execute` runs: the same bytes from any executor and any number of tasks.
///
/// Shape     in, out and options as narrowfp::pack takes them, dense outputs (packed_span, packed_vector)
///           included, whose parts end at bytes. Stochastic draws go by an element's place in `in`.
/// Tasks     execute(n, task) is called once, with 1 <= n <= tasks, or not at all where `in` is empty. None
///           of the tasks has fewer than least_elements, unless it is the only one.
/// Errors    those of narrowfp::pack, and tasks == 0: std::invalid_argument before `execute` is called. Tasks
///           do not throw; what `execute` throws is passed on, and out is then written in part.
/// Cost      a call of a function for each task besides those of narrowfp::pack. Does not allocate.
template <executor E, detail::pack_source In, detail::values_target Out>
void pack(E&& execute, std::size_t tasks, In&& in, Out&& out, pack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::pack";
  using T = detail::element_of<Out>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  detail::require_size(function, "out", target.size(), source.size(), "one code for each element of in");
  const kernels::encode_job job = detail::make_job<T>(options, function);
  const detail::kernel_elements elements(source.data());
  auto* const codes = reinterpret_cast<typename F::code_type*>(target.data());
  detail::encode_parts(execute, tasks, source.size(), job,
                       [&](std::size_t first, std::size_t count, const kernels::encode_job& own) {
                         dispatch::encode<F>(set, elements.data() + first, codes + first, count, own);
                       });
}
template <executor E, detail::pack_source In, detail::packed_target Out>
void pack(E&& execute, std::size_t tasks, In&& in, Out&& out, pack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::pack";
  using T = detail::packed_value<Out>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const packed_span<T> target = out;
  detail::require_size(function, "out", target.size(), source.size(), "one code for each element of in");
  const kernels::encode_job job = detail::make_job<T>(options, function);
  const detail::kernel_elements elements(source.data());
  std::byte* const codes = target.bytes().data();
  detail::encode_parts(execute, tasks, source.size(), job,
                       [&](std::size_t first, std::size_t count, const kernels::encode_job& own) {
                         dispatch::encode_dense<F>(set, elements.data() + first,
                                                   codes + core::dense_size_bytes(first, F::width), count,
                                                   own);
                       });
}
/// @}

/// @{
/// narrowfp::unpack in parts that `execute` runs: Shape and Errors of narrowfp::unpack, Tasks of
/// parallel::pack.
template <executor E, detail::values_source In, detail::unpack_target Out>
void unpack(E&& execute, std::size_t tasks, In&& in, Out&& out, unpack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::unpack";
  using F = typename std::remove_const_t<detail::element_of<In>>::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  detail::require_size(function, "out", target.size(), source.size(), "one element for each code of in");
  const detail::kernel_elements elements(target.data());
  const auto* const codes = reinterpret_cast<const typename F::code_type*>(source.data());
  detail::decode_parts(execute, tasks, target.size(), [&](std::size_t first, std::size_t count) {
    dispatch::decode<F>(set, codes + first, elements.data() + first, count, options.scale);
  });
}
template <executor E, detail::packed_range In, detail::unpack_target Out>
void unpack(E&& execute, std::size_t tasks, In&& in, Out&& out, unpack_options options = {}) {
  constexpr const char* function = "narrowfp::parallel::unpack";
  using T = std::remove_const_t<detail::packed_value<In>>;
  using F = typename T::format;
  detail::require_tasks(function, tasks);
  const isa set = dispatch::resolve(function, options.use);
  const packed_span<const T> source = in;
  const auto target = detail::as_span(out);
  detail::require_size(function, "out", target.size(), source.size(), "one element for each code of in");
  const detail::kernel_elements elements(target.data());
  const std::byte* const codes = source.bytes().data();
  detail::decode_parts(execute, tasks, target.size(), [&](std::size_t first, std::size_t count) {
    dispatch::decode_dense<F>(set, codes + core::dense_size_bytes(first, F::width), elements.data() + first,
                              count, options.scale);
  });
}
/// @}

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0
