// The pairs of the vectors whose elements lie alike.
#include "make_product_probe.hpp"

namespace products {

void add_vector_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           matrix_probe<mxfp4, mxfp4>(),
           dot_probe<mxfp4, mxfp8_e4m3>(),
           dot_probe<mxfp4, mxint8>(),
           dot_probe<mxfp6_e2m3, mxfp6_e2m3>(),
           dot_probe<mxfp8_e4m3, mxfp8_e4m3>(),
           dot_probe<mxfp8_e5m2, mxfp8_e4m3>(),
           dot_probe<mxint8, mxint8>(),
           matrix_probe<nvfp4, nvfp4>(),
           dot_probe<hif4, hif4>(),
           vector_probe<fp8_per_128, fp8_per_128>(),
           matrix_probe<fp8_e4m3, fp8_e4m3>(),
           dot_probe<fp8_e5m2, fp8_e5m2>(),
           dot_probe<hif8, hif8>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
