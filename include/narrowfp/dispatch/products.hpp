// Layer: dispatch. The exact sum of the products of two rows, by the kernels of an instruction set where it
// has some.
#pragma once

#include <cstddef>

#include "../kernels/products.hpp"
#include "../kernels/scalar/products.hpp"
#include "isa.hpp"
#include "set_list.hpp"

#include "../kernels/target.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

#if defined(NARROWFP_X86)
using product_sets = set_list<kernel_set<isa::avx512, kernels::avx512::product_face>,
                              kernel_set<isa::avx2, kernels::avx2::product_face>>;
#elif defined(NARROWFP_NEON)
using product_sets = set_list<kernel_set<isa::neon, kernels::neon::product_face>>;
#else
using product_sets = set_list<>;
#endif

/// Whether a row begins at a byte: those that do not are left to the scalar path.
template <class Row>
bool begins_at_byte(const Row&) noexcept {
  return true;
}
template <scalar_format F>
bool begins_at_byte(const kernels::dense_row<F>& row) noexcept {
  return row.first == 0;
}

/// Adds the products of the first n elements. `set` comes from resolve and is available.
template <class A, class B>
void add_products(isa set, const A& a, const B& b, std::size_t n, kernels::product_sum<A, B>& sum) noexcept {
  constexpr auto work = [](auto face, const auto& row_a, const auto& row_b, const std::size_t& elements,
                           auto& total) {
    using face_type = decltype(face);
    if constexpr (face_type::template offers<A, B>) {
      face.add(row_a, row_b, elements, total);
      return true;
    } else {
      return false;
    }
  };
  if (!(begins_at_byte(a) && begins_at_byte(b) && product_sets::any(set, work, a, b, n, sum))) {
    kernels::scalar::add_products(a, b, 0, n, sum);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
