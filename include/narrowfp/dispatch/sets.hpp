// Layer: dispatch. The instruction sets that this unit has kernels for, best first, and the one question to
// them.
#pragma once

#include "../kernels/avx2.hpp"
#include "../kernels/avx512_vbmi.hpp"
#include "../kernels/generic.hpp"
#include "../kernels/neon.hpp"
#include "isa.hpp"

#include "../kernels/target.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

/// A set and what the dispatcher sees of it: see kernels/vector/face.hpp.
template <isa Name, class Face>
struct kernel_set {
  static constexpr isa name = Name;
  using face = Face;
};

template <class... Sets>
struct set_list {
  /// Whether asks(face) is true for any set, allowed or not: what it is not, need not be compiled.
  template <class Ask>
  static constexpr bool offer([[maybe_unused]] Ask asks) {
    return (asks(typename Sets::face{}) || ...);
  }

  /// Whether work(face, arguments...) is true for a set: asks `allowed`, then the sets below it, until one
  /// does the work. What a set does not do better than the one below it falls through, in the end to the
  /// scalar path.
  ///
  /// Arguments are handed through, where a closure would hide from g++ 12 which options are constants.
  template <class Work, class... Arguments>
  static bool any([[maybe_unused]] isa allowed, [[maybe_unused]] Work work,
                  [[maybe_unused]] Arguments&... arguments) {
    return ((allowed >= Sets::name && work(typename Sets::face{}, arguments...)) || ...);
  }
};

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
