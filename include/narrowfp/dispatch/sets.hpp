// Layer: dispatch. The instruction sets that this unit has conversion kernels for.
#pragma once

#include "../kernels/avx2.hpp"
#include "../kernels/avx512_vbmi.hpp"
#include "../kernels/generic.hpp"
#include "../kernels/neon.hpp"
#include "isa.hpp"
#include "set_list.hpp"

#include "../kernels/target.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

#if defined(NARROWFP_X86)
using sets =
    set_list<kernel_set<isa::avx512_vbmi, kernels::avx512_vbmi::face>,
             kernel_set<isa::avx512, kernels::avx512::face>, kernel_set<isa::avx2, kernels::avx2::face>,
             kernel_set<isa::generic, kernels::generic::face>>;
#elif defined(NARROWFP_NEON)
using sets =
    set_list<kernel_set<isa::neon, kernels::neon::face>, kernel_set<isa::generic, kernels::generic::face>>;
#else
using sets = set_list<kernel_set<isa::generic, kernels::generic::face>>;
#endif

}  // namespace
}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
