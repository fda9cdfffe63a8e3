// A few pairs of users' formats, of wide integers, and of a format with several special codes.
#include "make_product_probe.hpp"

namespace products {

void add_user_pairs(std::vector<pair_probe>& list) {
  using namespace narrowfp;
  for (const pair_probe& pair : {
           dot_probe<support::e3m3b3_fn, support::e4m3b200_fn>(),
           dot_probe<support::e2m5b0_fnuz, mxfp4>(),
           dot_probe<e3m3_per_24, e2m3_per_5>(),
           dot_probe<half_per_16, support::e10m5b511_none>(),
           dot_probe<fp4_bits, q8_0>(),
           dot_probe<bfp_15_64, mx9>(),
           dot_probe<fp8_e4m3_ieee, fp8_e4m3>(),
       }) {
    list.push_back(pair);
  }
}

}  // namespace products
