// Pairs of blocks of one size, most of them those of the vectors.
#include "make_product_probe.hpp"

namespace products {

void add_block_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           matrix_probe<mxfp4, mxfp4>(),
           dot_probe<mxfp4, mxfp8_e4m3>(),
           dot_probe<mxfp4, mxint8>(),
           dot_probe<mxfp6_e2m3, mxfp6_e2m3>(),
           dot_probe<mxfp8_e4m3, mxfp8_e4m3>(),
           dot_probe<mxfp8_e5m2, mxfp8_e4m3>(),
           dot_probe<mxint8, mxint8>(),
           dot_probe<nvfp4, nvfp4>(),
           dot_probe<hif4, hif4>(),
           dot_probe<q8_0, q8_0>(),
           dot_probe<mx6, bfp_3_16>(),
           dot_probe<mx9, mx4>(),
           dot_probe<bfp_15_64, hif5>(),
           matrix_probe<fp8_per_128, fp8_per_128>(),
           dot_probe<e3m3_per_24, e3m3_per_24>(),
           dot_probe<fp4_bits, nvfp4>(),
           dot_probe<half_per_16, half_per_16>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
