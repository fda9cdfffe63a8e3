// How a misuse is reported: std::invalid_argument, or the same words on stderr where exceptions are off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#if defined(__cpp_exceptions)
#include <stdexcept>
#endif

namespace narrowfp::inline v0::detail {

namespace {

/// Reports "<function>: <argument> <problem>". Never returns.
[[noreturn]] inline void fail(const char* function, const char* argument, const char* problem) {
  char message[512];
  std::snprintf(message, sizeof message, "%s: %s %s", function, argument, problem);
#if defined(__cpp_exceptions)
  throw std::invalid_argument(message);
#else
  std::fprintf(stderr, "%s\n", message);
  std::abort();
#endif
}

/// Reports a size: what the argument has, and what it must have and why.
[[noreturn]] inline void fail_size(const char* function, const char* argument, std::size_t got,
                                   std::size_t wanted, const char* reason) {
  char problem[384];
  std::snprintf(problem, sizeof problem, "has %zu elements, but %zu are needed: %s", got, wanted, reason);
  fail(function, argument, problem);
}

inline void require_size(const char* function, const char* argument, std::size_t got, std::size_t wanted,
                         const char* reason) {
  if (got != wanted) {
    fail_size(function, argument, got, wanted, reason);
  }
}

/// For a view of raw bytes as objects of the given size and alignment.
inline void require_viewable(const char* function, const void* bytes, std::size_t size,
                             std::size_t object_size, std::size_t alignment) {
  char problem[256];
  if (size % object_size != 0) {
    std::snprintf(problem, sizeof problem, "has %zu bytes, but a multiple of %zu is needed", size,
                  object_size);
    fail(function, "bytes", problem);
  }
  if (reinterpret_cast<std::uintptr_t>(bytes) % alignment != 0) {
    std::snprintf(problem, sizeof problem, "is at address %p, but a multiple of %zu is needed", bytes,
                  alignment);
    fail(function, "bytes", problem);
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::detail
