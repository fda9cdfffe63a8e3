// Pairs of values.
#include "make_product_probe.hpp"

namespace products {

void add_value_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           matrix_probe<fp8_e4m3, fp8_e4m3>(),
           dot_probe<fp8_e5m2, fp8_e5m2>(),
           dot_probe<hif8, hif8>(),
           dot_probe<fp4_e2m1, fp4_e1m2>(),
           dot_probe<fp6_e3m2, fp8_e4m3fnuz>(),
           dot_probe<e8m0, ue5m3>(),
           dot_probe<bfloat16, float16>(),
           dot_probe<float, float>(),
           dot_probe<support::e3m3b3_fn, support::e4m3b200_fn>(),
           dot_probe<support::e10m5b511_none, support::e10m5b511_none>(),
           dot_probe<support::e4m3bm200_ieee, float>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
