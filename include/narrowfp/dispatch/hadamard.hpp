// Layer: dispatch. Picks the kernel of a Hadamard transform, once a call.
#pragma once

#include <cstddef>

#include "../kernels/hadamard_job.hpp"
#include "../kernels/scalar/hadamard.hpp"
#include "isa.hpp"
#include "sets.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

/// Transforms n elements; `set` comes from resolve and is available.
template <class S>
void hadamard(isa set, const S* in, S* out, std::size_t n, const kernels::hadamard_job& job) {
  if (!sets::any(set, [&](auto face) { return face.hadamard(in, out, n, job); })) {
    kernels::scalar::hadamard(in, out, n, job);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
