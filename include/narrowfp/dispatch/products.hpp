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

#if defined(NARROWFP_X86)
using product_matrix_sets = set_list<kernel_set<isa::avx512, kernels::avx512::product_matrix_face>,
                                     kernel_set<isa::avx2, kernels::avx2::product_matrix_face>>;
#elif defined(NARROWFP_NEON)
using product_matrix_sets = set_list<kernel_set<isa::neon, kernels::neon::product_matrix_face>>;
#else
using product_matrix_sets = set_list<>;
#endif

/// Adds the products of the first n elements. `set` comes from resolve and is available.
template <class A, class B>
void add_products(isa set, const A& a, const B& b, std::size_t n, kernels::product_sum<A, B>& sum) noexcept {
  constexpr auto work = [](auto face, const auto& row_a, const auto& row_b, const std::size_t& elements,
                           auto& total) {
    using face_type = decltype(face);
    if constexpr (face_type::template offers<A, B>()) {
      face.add(row_a, row_b, elements, total);
      return true;
    } else {
      return false;
    }
  };
  if (!(kernels::begins_at_byte(a) && kernels::begins_at_byte(b) &&
        product_sets::any(set, work, a, b, n, sum))) {
    kernels::scalar::add_products(a, b, 0, n, sum);
  }
}

/// Computes and stores all results of a job, which has types row_a and row_b, numbers rows_a(), rows_b() and
/// n(), rows a(i) and b(j), has_one_b, a constant, and store(i, j, sum). `set` is available.
template <class Job>
void multiply(isa set, const Job& job) {
  constexpr auto work = [](auto face, const Job& whole) {
    if constexpr (decltype(face)::template offers<typename Job::row_a, typename Job::row_b>()) {
      return face.multiply(whole);
    } else {
      return false;
    }
  };
  if (product_matrix_sets::any(set, work, job)) {
    return;
  }
  for (std::size_t i = 0; i < job.rows_a(); ++i) {
    for (std::size_t j = 0; j < job.rows_b(); ++j) {
      kernels::product_sum<typename Job::row_a, typename Job::row_b> sum(
          kernels::lowest_product<typename Job::row_a, typename Job::row_b>);
      add_products(set, job.a(i), job.b(j), job.n(), sum);
      job.store(i, j, sum);
    }
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
