// Pairs of blocks of two sizes, and of blocks with values.
#include "make_product_probe.hpp"

namespace products {

void add_mixed_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           matrix_probe<nvfp4, mxint8>(),
           matrix_probe<mxint8, nvfp4>(),
           matrix_probe<hif4, nvfp4>(),
           matrix_probe<hif4, mxint8>(),
           matrix_probe<mxfp4, fp8_per_128>(),
           matrix_probe<fp8_per_128, mxfp4>(),
           dot_probe<nvfp4, q8_0>(),
           dot_probe<e2m3_per_5, bfp_1_8>(),
           dot_probe<e5m2_per_32, e3m3_per_24>(),
           dot_probe<fp6_per_64, mxfp6_e3m2>(),
           dot_probe<hif4, bfloat16>(),
           dot_probe<mxfp4, bfloat16>(),
           dot_probe<mxfp4, float>(),
           dot_probe<nvfp4, fp8_e4m3>(),
           dot_probe<float, hif8_per_128>(),
           dot_probe<fp4_e2m1, e3m3_per_24>(),
           dot_probe<support::e2m5b0_fnuz, mxfp4>(),
           dot_probe<half_per_16, support::e10m5b511_none>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
