// All pairs of types of two lists, in one order of the two.
#pragma once

#include <tuple>
#include <utility>

#include "make_product_probe.hpp"

namespace products {

using value_types =
    std::tuple<narrowfp::fp8_e4m3, narrowfp::fp8_e5m2, narrowfp::hif8, narrowfp::fp6_e2m3, narrowfp::fp4_e2m1,
               narrowfp::bfloat16, narrowfp::float16, float, support::e3m3b3_fn, support::e4m3bm200_ieee>;
using block_types =
    std::tuple<narrowfp::mxfp8_e4m3, narrowfp::mxfp8_e5m2, narrowfp::mxfp6_e3m2, narrowfp::mxfp4,
               narrowfp::mxint8, narrowfp::nvfp4, narrowfp::q8_0, narrowfp::hif4, narrowfp::mx6, bfp_7_16,
               hif8_per_128, e5m2_per_32, e3m3_per_24>;

/// Number `at` of the pairs of two lists; of one list with itself each pair once.
template <class List, class Other, std::size_t at>
void add_pair(std::vector<pair_probe>& list) {
  constexpr std::size_t i = at / std::tuple_size_v<Other>;
  constexpr std::size_t j = at % std::tuple_size_v<Other>;
  using A = std::tuple_element_t<i, List>;
  using B = std::tuple_element_t<j, Other>;
  if constexpr (!std::is_same_v<List, Other> || i <= j) {
    if constexpr ((i + j) % 2 == 0) {
      list.push_back(dot_probe<A, B>());
    } else {
      list.push_back(dot_probe<B, A>());
    }
  }
}

template <class List, class Other>
void add_pairs(std::vector<pair_probe>& list) {
  [&]<std::size_t... at>(std::index_sequence<at...>) { (add_pair<List, Other, at>(list), ...); }
  (std::make_index_sequence<std::tuple_size_v<List> * std::tuple_size_v<Other>>());
}

}  // namespace products
