#include <tuple>
#include <utility>

#include "code_pairs.hpp"

namespace products {
namespace {

using formats =
    std::tuple<narrowfp::fp8_e4m3, narrowfp::fp8_e5m2, narrowfp::fp8_e3m4, narrowfp::fp8_e4m3_ieee,
               narrowfp::fp8_e4m3fnuz, narrowfp::fp8_e5m2fnuz, narrowfp::fp8_e4m3b11fnuz, narrowfp::fp6_e3m2,
               narrowfp::fp6_e2m3, narrowfp::fp4_e2m1, narrowfp::fp4_e1m2, narrowfp::hif8, narrowfp::e8m0,
               narrowfp::ue4m3, narrowfp::ue5m3, narrowfp::e6m2, support::e3m3b3_fn, support::e1m1b0_ieee>;

template <std::size_t at>
void add(std::vector<code_pair>& list) {
  constexpr std::size_t i = at / std::tuple_size_v<formats>;
  constexpr std::size_t j = at % std::tuple_size_v<formats>;
  if constexpr (i <= j) {
    list.push_back(make_code_pair<std::tuple_element_t<i, formats>, std::tuple_element_t<j, formats>>());
  }
}

}  // namespace

std::vector<code_pair> code_pairs() {
  std::vector<code_pair> list;
  [&]<std::size_t... at>(std::index_sequence<at...>) { (add<at>(list), ...); }
  (std::make_index_sequence<std::tuple_size_v<formats> * std::tuple_size_v<formats>>());
  return list;
}

}  // namespace products
