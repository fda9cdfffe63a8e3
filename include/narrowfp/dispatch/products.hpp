// Layer: dispatch. The exact sum of the products of two rows, by the kernels of an instruction set where it
// has some.
#pragma once

#include <cstddef>

#include "../kernels/scalar/products.hpp"
#include "isa.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {
namespace {

/// Adds the products of the first n elements. `set` comes from resolve and is available.
template <class A, class B>
void add_products([[maybe_unused]] isa set, const A& a, const B& b, std::size_t n,
                  kernels::product_sum<A, B>& sum) noexcept {
  kernels::scalar::add_products(a, b, 0, n, sum);
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
