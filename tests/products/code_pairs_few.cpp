#include "code_pairs.hpp"

namespace products {

std::vector<code_pair> code_pairs() {
  using namespace narrowfp;
  return {make_code_pair<fp4_e2m1, fp4_e1m2>(), make_code_pair<fp6_e2m3, fp6_e2m3>(),
          make_code_pair<fp8_e4m3, fp8_e5m2>(), make_code_pair<hif8, fp8_e4m3fnuz>(),
          make_code_pair<e8m0, e6m2>(),         make_code_pair<support::e3m3b3_fn, support::e4m3b200_fn>()};
}

}  // namespace products
