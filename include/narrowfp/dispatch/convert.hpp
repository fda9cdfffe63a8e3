// Layer: dispatch. Picks the kernel of one array conversion, once a call.
#pragma once

#include <cstddef>

#include "../kernels/job.hpp"
#include "../kernels/scalar.hpp"
#include "isa.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available. A kernel that an instruction set does not do better than
// the one before it falls through, in the end to scalar.

template <scalar_format F, class S>
void encode(isa, const S* in, typename F::code_type* out, std::size_t n, const kernels::encode_job& job) {
  kernels::scalar::encode<F>(in, out, n, job);
}

template <scalar_format F, class S>
void encode_dense(isa, const S* in, std::byte* out, std::size_t n, const kernels::encode_job& job) {
  kernels::scalar::encode_dense<F>(in, out, n, job);
}

template <scalar_format F, class S>
void decode(isa, const typename F::code_type* in, S* out, std::size_t n, float scale) {
  kernels::scalar::decode<F>(in, out, n, scale);
}

template <scalar_format F, class S>
void decode_dense(isa, const std::byte* in, S* out, std::size_t n, float scale) {
  kernels::scalar::decode_dense<F>(in, out, n, scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
