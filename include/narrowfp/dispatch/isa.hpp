// Layer: dispatch. The instruction sets that array calls may use, and which of them this machine has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../detail/error.hpp"
#include "cpu.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::dispatch {

/// The answer of the environment: what it allows at most, or that its value cannot be honoured.
///
/// One byte for the whole program, so that all units agree. Its address is the only thing here with
/// external linkage; every unit that finds it unset computes the same value from the same environment.
/// Read and written by atomic builtins, as cpu_state.
inline std::uint8_t environment_state = 0;

inline constexpr std::uint8_t environment_unread = 0;
inline constexpr std::uint8_t environment_is_wrong = 0xFF;

inline constexpr isa all_isas[] = {isa::scalar, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon};
inline constexpr const char* environment_variable = "NARROWFP_ISA";

NARROWFP_INLINE const char* name_of(isa set) noexcept {
  switch (set) {
    case isa::automatic:
      return "automatic";
    case isa::scalar:
      return "scalar";
    case isa::avx2:
      return "avx2";
    case isa::avx512:
      return "avx512";
    case isa::avx512_vbmi:
      return "avx512_vbmi";
    case isa::neon:
      return "neon";
  }
  return "unknown";
}

/// NARROWFP_ISA, read once: isa::automatic if it is unset or empty, else the cap it names.
NARROWFP_INLINE std::uint8_t read_environment() noexcept {
  std::uint8_t state = __atomic_load_n(&environment_state, __ATOMIC_RELAXED);
  if (state == environment_unread) {
    const char* value = std::getenv(environment_variable);
    state = environment_is_wrong;
    if (value == nullptr || *value == '\0') {
      state = 1 + static_cast<std::uint8_t>(isa::automatic);
    } else {
      for (const isa set : all_isas) {
        if (std::strcmp(value, name_of(set)) == 0 && cpu_has(set)) {
          state = static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>(set));
        }
      }
    }
    __atomic_store_n(&environment_state, state, __ATOMIC_RELAXED);
  }
  return state;
}

/// Whether the machine has the set and the environment allows it.
NARROWFP_INLINE bool available(isa set) noexcept {
  const std::uint8_t state = read_environment();
  if (set == isa::automatic) {
    return true;
  }
  const auto cap = static_cast<isa>(state == environment_is_wrong ? 0 : state - 1);
  return cpu_has(set) && (cap == isa::automatic || set <= cap);
}

NARROWFP_INLINE isa best() noexcept {
  isa result = isa::scalar;
  for (const isa set : all_isas) {
    if (available(set)) {
      result = set;
    }
  }
  return result;
}

// Internal linkage from here on: each unit reports its own errors.
namespace {

/// Appends the names of what there is to a message: of what the environment allows, unless it is wrong.
inline void list_available(char* text, std::size_t size) noexcept {
  std::size_t used = std::strlen(text);
  const char* separator = "";
  for (const isa set : all_isas) {
    if (available(set) && used < size) {
      const int written = std::snprintf(text + used, size - used, "%s%s", separator, name_of(set));
      used += written > 0 ? static_cast<std::size_t>(written) : 0;
      separator = ", ";
    }
  }
}

/// Whether NARROWFP_ISA is set, to a name that can be honoured.
inline bool environment_caps() noexcept {
  const std::uint8_t state = read_environment();
  return state != environment_is_wrong && state != 1 + static_cast<std::uint8_t>(isa::automatic);
}

/// The set that a call is to use, or an error that says what there is.
inline isa resolve(const char* function, isa wanted) {
  if (read_environment() == environment_is_wrong) {
    const char* value = std::getenv(environment_variable);
    char problem[256];
    std::snprintf(problem, sizeof problem,
                  "is '%.40s', which is not available; this machine has: ", value == nullptr ? "" : value);
    list_available(problem, sizeof problem);
    detail::fail(function, "the environment variable NARROWFP_ISA", problem);
  }
  if (wanted == isa::automatic) {
    return best();
  }
  if (!available(wanted)) {
    char problem[256];
    std::snprintf(problem, sizeof problem, "is isa::%s, which is not available; %s: ", name_of(wanted),
                  environment_caps() ? "the environment variable NARROWFP_ISA leaves" : "this machine has");
    list_available(problem, sizeof problem);
    detail::fail(function, "use", problem);
  }
  return wanted;
}

}  // namespace

}  // namespace narrowfp::inline v0::dispatch

namespace narrowfp::inline v0 {

/// Whether array calls can use the instruction set: the library has kernels for it, the processor and
/// the operating system support it, and NARROWFP_ISA does not cap it away.
[[nodiscard]] inline bool isa_available(isa set) noexcept { return dispatch::available(set); }

/// The instruction set that isa::automatic stands for.
[[nodiscard]] inline isa best_isa() noexcept { return dispatch::best(); }

/// "scalar", "avx2", "avx512", ...: the names that NARROWFP_ISA takes.
[[nodiscard]] inline const char* isa_name(isa set) noexcept { return dispatch::name_of(set); }

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
