// How a misuse is reported: std::invalid_argument, or the same words on stderr where exceptions are off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#if defined(__cpp_exceptions) && defined(__GLIBCXX__)
// What libstdc++'s own headers throw by, since <stdexcept> brings <string>; a user who catches includes it.
#include <bits/functexcept.h>
#elif defined(__cpp_exceptions)
#include <stdexcept>
#endif

#include "config.hpp"

namespace narrowfp::inline v0::detail {

/// Reports "<function>: <argument> <problem>". Never returns. Always inlined, for functions of external
/// linkage: they must not name what each unit has of its own.
[[noreturn]] NARROWFP_INLINE void report(const char* function, const char* argument, const char* problem) {
  char message[512];
  std::snprintf(message, sizeof message, "%s: %s %s", function, argument, problem);
#if defined(__cpp_exceptions) && defined(__GLIBCXX__)
  std::__throw_invalid_argument(message);
#elif defined(__cpp_exceptions)
  throw std::invalid_argument(message);
#else
  std::fprintf(stderr, "%s\n", message);
  std::abort();
#endif
}

/// Reports a size: what the argument has, and what it must have and why.
[[noreturn]] NARROWFP_INLINE void report_size(const char* function, const char* argument, std::size_t got,
                                              std::size_t wanted, const char* reason) {
  char problem[384];
  std::snprintf(problem, sizeof problem, "has %zu elements, but %zu are needed: %s", got, wanted, reason);
  report(function, argument, problem);
}

namespace {

/// @{
/// The same, one copy a unit: for array calls.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(const char* function, const char* argument,
                                                        const char* problem) {
  report(function, argument, problem);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_size(const char* function, const char* argument,
                                                             std::size_t got, std::size_t wanted,
                                                             const char* reason) {
  report_size(function, argument, got, wanted, reason);
}
/// @}

inline void require_size(const char* function, const char* argument, std::size_t got, std::size_t wanted,
                         const char* reason) {
  if (got != wanted) {
    fail_size(function, argument, got, wanted, reason);
  }
}

}  // namespace

/// For a view of raw bytes as objects of the given size and alignment.
NARROWFP_INLINE void require_viewable(const char* function, const void* bytes, std::size_t size,
                                      std::size_t object_size, std::size_t alignment) {
  char problem[256];
  if (size % object_size != 0) {
    std::snprintf(problem, sizeof problem, "has %zu bytes, but a multiple of %zu is needed", size,
                  object_size);
    report(function, "bytes", problem);
  }
  if (reinterpret_cast<std::uintptr_t>(bytes) % alignment != 0) {
    std::snprintf(problem, sizeof problem, "is at address %p, but a multiple of %zu is needed", bytes,
                  alignment);
    report(function, "bytes", problem);
  }
}

}  // namespace narrowfp::inline v0::detail

#include "undef.hpp"
