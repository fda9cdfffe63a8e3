// The pairs of the vectors with blocks of two sizes, or blocks and values.
#include "make_product_probe.hpp"

namespace products {

void add_mixed_vector_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           vector_probe<nvfp4, mxint8>(),
           vector_probe<mxint8, nvfp4>(),
           vector_probe<hif4, nvfp4>(),
           vector_probe<hif4, mxint8>(),
           vector_probe<mxfp4, fp8_per_128>(),
           vector_probe<fp8_per_128, mxfp4>(),
           dot_probe<hif4, bfloat16>(),
           dot_probe<mxfp4, bfloat16>(),
           dot_probe<mxfp4, float>(),
           dot_probe<nvfp4, fp8_e4m3>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
