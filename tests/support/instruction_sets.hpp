// The instruction sets that tests run by.
#pragma once

#include <vector>

#include <narrowfp/narrowfp.hpp>

namespace support {

inline constexpr narrowfp::isa all_isas[] = {narrowfp::isa::scalar,      narrowfp::isa::generic,
                                             narrowfp::isa::avx2,        narrowfp::isa::avx512,
                                             narrowfp::isa::avx512_vbmi, narrowfp::isa::neon};

/// Whether the set has vectors and belongs to the processor family that this is compiled for. No test can run
/// the others.
constexpr bool is_of_family([[maybe_unused]] narrowfp::isa use) {
  if (use == narrowfp::isa::generic) {
    return true;
  }
#if defined(__x86_64__)
  return use >= narrowfp::isa::avx2 && use <= narrowfp::isa::avx512_vbmi;
#elif defined(__aarch64__)
  return use == narrowfp::isa::neon;
#else
  return false;
#endif
}

/// The vector sets of this family, whether or not this machine has them.
inline std::vector<narrowfp::isa> family_isas() {
  std::vector<narrowfp::isa> list;
  for (const narrowfp::isa use : all_isas) {
    if (is_of_family(use)) {
      list.push_back(use);
    }
  }
  return list;
}

/// The sets that this machine has, scalar first.
inline std::vector<narrowfp::isa> available_isas() {
  std::vector<narrowfp::isa> list;
  for (const narrowfp::isa use : all_isas) {
    if (narrowfp::isa_available(use)) {
      list.push_back(use);
    }
  }
  return list;
}

/// Of these, the vector sets.
inline std::vector<narrowfp::isa> available_vector_isas() {
  std::vector<narrowfp::isa> list = available_isas();
  list.erase(list.begin());
  return list;
}

}  // namespace support
