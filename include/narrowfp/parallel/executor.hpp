// What an executor is, and how array calls are cut into the parts that it runs.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

#include "../detail/error.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::parallel {

/// What an executor runs: task(i) does part i of a call. Copies do the same; none may outlive the call.
class task {
 public:
  /// Does part i, which is below the executor's n. Each part once; parts may run at the same time.
  NARROWFP_INLINE void operator()(std::size_t i) const noexcept { do_part_(parts_, i); }

  /// @cond what makes one: of part(i)
  template <class Part>
  [[nodiscard]] NARROWFP_INLINE static task of(const Part& part) noexcept {
    return task(&part,
                [](const void* parts, std::size_t i) noexcept { (*static_cast<const Part*>(parts))(i); });
  }
  /// @endcond

 private:
  using function = void (*)(const void*, std::size_t) noexcept;

  NARROWFP_INLINE task(const void* parts, function do_part) noexcept : parts_(parts), do_part_(do_part) {}

  const void* parts_;
  function do_part_;
};

/// A callable that runs tasks: e(n, task) calls task(i) once for each i below n, in any order, on any
/// threads, and returns when all are done, which happens before it returns as the language means that: what
/// tasks wrote can be read then.
template <class E>
concept executor = requires(E& e, std::size_t n, const task& t) {
  e(n, t);
};

/// No task has fewer elements than this, unless it is the only one: about the time in which a thread that
/// waits can be woken. Of products: terms of sums.
inline constexpr std::size_t least_elements = 8192;

}  // namespace narrowfp::inline v0::parallel

namespace narrowfp::inline v0::detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// `n` items in a row, cut into parts of whole units of nearly equal size; the last part has what is left
/// over as well. As many parts as there are tasks, but none of fewer than `least` items if there are several.
class even_cut {
 public:
  even_cut(std::size_t n, std::size_t unit, std::size_t least, std::size_t tasks) noexcept
      : n_(n), unit_(unit) {
    const std::size_t units = n / unit;
    const std::size_t least_units = least / unit + (least % unit != 0 ? 1 : 0);
    const std::size_t most = least_units == 0 ? units : units / least_units;
    parts_ = most < tasks ? most : tasks;
    parts_ = parts_ == 0 ? 1 : parts_;
    units_each_ = units / parts_;
    larger_ = units % parts_;
  }

  [[nodiscard]] std::size_t parts() const noexcept { return parts_; }
  /// Of part i; of the part after the last: n.
  [[nodiscard]] std::size_t first(std::size_t i) const noexcept {
    return i == parts_ ? n_ : (i * units_each_ + (i < larger_ ? i : larger_)) * unit_;
  }

 private:
  std::size_t n_;
  std::size_t unit_;
  std::size_t parts_ = 1;
  std::size_t units_each_ = 0;  ///< of the parts after the first `larger_`, which have one more
  std::size_t larger_ = 0;
};

inline void require_tasks(const char* function, std::size_t tasks) {
  if (tasks == 0) {
    fail(function, "tasks", "is 0, but must be at least 1 (std::thread::hardware_concurrency() may be 0)");
  }
}

/// How many lines, of `elements` each, a task has at least.
constexpr std::size_t least_lines(std::size_t elements) noexcept {
  return elements == 0 ? 1 : (parallel::least_elements - 1) / elements + 1;
}

/// part(i, first, count) for each part, by the executor.
template <class Executor, class Part>
void run_parts(Executor& execute, const even_cut& cut, const Part& part) {
  const auto one = [&](std::size_t i) noexcept {
    const std::size_t first = cut.first(i);
    part(i, first, cut.first(i + 1) - first);
  };
  const parallel::task all = parallel::task::of(one);
  execute(cut.parts(), all);
}

/// The same where parts allocate. Of one that cannot, tasks must not say so by an exception: the call throws
/// std::bad_alloc when all are done.
template <class Executor, class Part>
void run_allocating_parts(Executor& execute, const even_cut& cut, const Part& part) {
#if defined(__cpp_exceptions)
  bool lacks_memory = false;  // by atomic builtins, as <atomic> costs much to include
  run_parts(execute, cut, [&](std::size_t i, std::size_t first, std::size_t count) {
    try {
      part(i, first, count);
    } catch (...) {
      __atomic_store_n(&lacks_memory, true, __ATOMIC_RELAXED);
    }
  });
  if (__atomic_load_n(&lacks_memory, __ATOMIC_RELAXED)) {
    throw std::bad_alloc();
  }
#else
  run_parts(execute, cut, part);
#endif
}

}  // namespace

}  // namespace narrowfp::inline v0::detail

#include "../detail/undef.hpp"
