// Layer: dispatch. Which instruction sets exist, and which of them this machine can run.
#pragma once

#include <cstdint>

namespace narrowfp::inline v0 {

/// An instruction set for array calls. Of the x86 ones each contains those before it.
enum class isa : std::uint8_t { automatic, scalar, avx2, avx512, avx512_vbmi, neon };

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::dispatch {

namespace {

/// Whether the library has kernels for the set and the machine runs them.
inline bool cpu_has(isa set) noexcept { return set == isa::scalar; }

}  // namespace

}  // namespace narrowfp::inline v0::dispatch
