// Products of single values of a pair of formats of up to eight bits, reached by codes.
#pragma once

#include <cstddef>
#include <vector>

#include <narrowfp/products.hpp>

#include "product_types.hpp"
#include "support/oracle.hpp"

namespace products {

struct code_pair {
  const char* a;
  const char* b;
  /// dot_block of each code of a with each of b.
  void (*one_by_one)(std::vector<double>& out);
  /// The same as a product of two matrices of one column.
  void (*as_matrix)(narrowfp::isa use, std::vector<double>& out);
};

template <class T>
std::vector<T> all_codes() {
  std::vector<T> values;
  for (unsigned code = 0; code < 1U << T::format::width; ++code) {
    values.push_back(T::from_bits(static_cast<typename T::code_type>(code)));
  }
  return values;
}

template <class A, class B>
void one_by_one(std::vector<double>& out) {
  out.clear();
  for (const A a : all_codes<A>()) {
    for (const B b : all_codes<B>()) {
      out.push_back(narrowfp::dot_block(a, b));
    }
  }
}

template <class A, class B>
void as_matrix(narrowfp::isa use, std::vector<double>& out) {
  const std::vector<A> a = all_codes<A>();
  const std::vector<B> b = all_codes<B>();
  out.assign(a.size() * b.size(), 77);
  narrowfp::matrix_product(narrowfp::matrix_view<A>(a, a.size(), 1), narrowfp::matrix_view<B>(b, b.size(), 1),
                           out, {.use = use});
}

template <class A, class B>
constexpr code_pair make_code_pair() {
  return {type_name<A>, type_name<B>, one_by_one<A, B>, as_matrix<A, B>};
}

/// A few by default, all in the full tests.
std::vector<code_pair> code_pairs();

}  // namespace products
