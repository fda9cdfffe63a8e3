// The instruction sets for which rows are made: all that the library names and this machine has.
#pragma once

#include <narrowfp/dispatch/isa.hpp>

#include <initializer_list>
#include <vector>

namespace bench {

inline std::vector<narrowfp::isa> instruction_sets() {
  using narrowfp::isa;
  std::vector<isa> sets;
  for (const isa set : {isa::scalar, isa::generic, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon}) {
    if (narrowfp::isa_available(set)) {
      sets.push_back(set);
    }
  }
  return sets;
}

/// Without those that have no kernels of their own for some work: their rows would be another set's.
inline std::vector<narrowfp::isa> instruction_sets_but(std::initializer_list<narrowfp::isa> others) {
  std::vector<narrowfp::isa> sets = instruction_sets();
  for (const narrowfp::isa other : others) {
    std::erase(sets, other);
  }
  return sets;
}

}  // namespace bench
