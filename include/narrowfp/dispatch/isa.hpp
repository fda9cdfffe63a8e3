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

/// The set that isa::automatic stands for, once a call has asked machine and environment and could honour
/// both; until then isa::automatic. What calls read, one word for the whole program, as environment_state:
/// every unit computes the same value.
inline std::uint8_t chosen_set = static_cast<std::uint8_t>(isa::automatic);

inline constexpr std::uint8_t environment_unread = 0;
inline constexpr std::uint8_t environment_is_wrong = 0xFF;

inline constexpr isa all_isas[] = {isa::scalar, isa::generic,     isa::avx2,
                                   isa::avx512, isa::avx512_vbmi, isa::neon};
inline constexpr const char* environment_variable = "NARROWFP_ISA";

NARROWFP_INLINE const char* name_of(isa set) noexcept {
  switch (set) {
    case isa::automatic:
      return "automatic";
    case isa::scalar:
      return "scalar";
    case isa::generic:
      return "generic";
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
      const std::uint32_t found = read_cpu();
      for (const isa set : all_isas) {
        if (std::strcmp(value, name_of(set)) == 0 && cpu_has(set, found)) {
          state = static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>(set));
        }
      }
    }
    __atomic_store_n(&environment_state, state, __ATOMIC_RELAXED);
  }
  return state;
}

/// What decides which sets are available.
struct machine {
  std::uint32_t found;  ///< as in cpu_state
  std::uint8_t state;   ///< as in environment_state
};

NARROWFP_INLINE machine read_machine() noexcept { return {read_cpu(), read_environment()}; }

/// Whether the machine has the set and the environment allows it.
NARROWFP_INLINE bool available(isa set, machine here) noexcept {
  if (set == isa::automatic) {
    return true;
  }
  const auto cap = static_cast<isa>(here.state == environment_is_wrong ? 0 : here.state - 1);
  return cpu_has(set, here.found) && (cap == isa::automatic || set <= cap);
}
NARROWFP_INLINE bool available(isa set) noexcept { return available(set, read_machine()); }

/// Whether isa::automatic may stand for an available set: for isa::generic where it is fast, or named as the
/// cap.
NARROWFP_INLINE bool is_automatic(isa set, machine here) noexcept {
  return set != isa::generic || family_has_vectors ||
         here.state == 1 + static_cast<std::uint8_t>(isa::generic);
}

NARROWFP_INLINE isa best(machine here) noexcept {
  isa result = isa::scalar;
  for (const isa set : all_isas) {
    if (available(set, here) && is_automatic(set, here)) {
      result = set;
    }
  }
  return result;
}
NARROWFP_INLINE isa best() noexcept {
  const auto chosen = static_cast<isa>(__atomic_load_n(&chosen_set, __ATOMIC_RELAXED));
  return chosen != isa::automatic ? chosen : best(read_machine());
}

// Internal linkage from here on: each unit reports its own errors.
namespace {

/// The questions themselves, which a program asks once; one copy a unit.
[[gnu::cold, gnu::noinline]] inline machine ask_machine() noexcept { return read_machine(); }

inline machine this_machine() noexcept {
  const machine here = {__atomic_load_n(&cpu_state, __ATOMIC_RELAXED),
                        __atomic_load_n(&environment_state, __ATOMIC_RELAXED)};
  return here.found == 0 || here.state == environment_unread ? ask_machine() : here;
}

/// Appends the names of what there is to a message: of what the environment allows, unless it is wrong.
inline void list_available(char* text, std::size_t size, machine here) noexcept {
  std::size_t used = std::strlen(text);
  const char* separator = "";
  for (const isa set : all_isas) {
    if (available(set, here) && used < size) {
      const int written = std::snprintf(text + used, size - used, "%s%s", separator, name_of(set));
      used += written > 0 ? static_cast<std::size_t>(written) : 0;
      separator = ", ";
    }
  }
}

/// Reports that a set is not available, or that NARROWFP_ISA is set to what cannot be honoured.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_isa(const char* function, isa wanted, machine here) {
  char problem[256];
  const bool is_wrong = here.state == environment_is_wrong;
  if (is_wrong) {
    const char* value = std::getenv(environment_variable);
    std::snprintf(problem, sizeof problem,
                  "is '%.40s', which is not available; this machine has: ", value == nullptr ? "" : value);
  } else {
    const bool caps = here.state != 1 + static_cast<std::uint8_t>(isa::automatic);
    std::snprintf(problem, sizeof problem, "is isa::%s, which is not available; %s: ", name_of(wanted),
                  caps ? "the environment variable NARROWFP_ISA leaves" : "this machine has");
  }
  list_available(problem, sizeof problem, here);
  detail::fail(function, is_wrong ? "the environment variable NARROWFP_ISA" : "use", problem);
}

/// The set that a call is to use, or an error that says what there is: the questions, one copy a unit.
[[gnu::cold, gnu::noinline]] inline isa resolve_by_questions(const char* function, isa wanted) {
  const machine here = this_machine();
  if (here.state == environment_is_wrong || !available(wanted, here)) {
    fail_isa(function, wanted, here);
  }
  if (wanted != isa::automatic) {
    return wanted;
  }
  const isa chosen = best(here);
  __atomic_store_n(&chosen_set, static_cast<std::uint8_t>(chosen), __ATOMIC_RELAXED);
  return chosen;
}

/// The same; a call that names no set finds the answer of those before it.
NARROWFP_INLINE isa resolve(const char* function, isa wanted) {
  if (wanted == isa::automatic) {
    const auto chosen = static_cast<isa>(__atomic_load_n(&chosen_set, __ATOMIC_RELAXED));
    if (chosen != isa::automatic) [[likely]] {
      return chosen;
    }
  }
  return resolve_by_questions(function, wanted);
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
