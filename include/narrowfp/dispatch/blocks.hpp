// Layer: dispatch. Picks the kernel of one array call on blocks, once a call.
#pragma once

#include "../kernels/block_job.hpp"
#include "../kernels/scalar_blocks.hpp"
#include "isa.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

// `set` comes from resolve and is available. A kernel that an instruction set does not do better than
// the one before it falls through, in the end to scalar.

template <block_type B, class S>
void quantize(isa, const kernels::strided<const S>& in, const kernels::block_target& out,
              const blocks::quantize_job& job) {
  kernels::scalar::quantize<B>(in, out, job);
}

template <block_type B, class S>
void dequantize(isa, const kernels::block_source& in, const kernels::strided<S>& out,
                const blocks::dequantize_job& job) {
  kernels::scalar::dequantize<B>(in, out, job);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
