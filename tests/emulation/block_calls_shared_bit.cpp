#include "make_block_calls.hpp"

namespace emulation {

std::vector<block_calls> shared_bit_calls() {
  using namespace narrowfp;
  using pair_exponents =
      block_format<fp6_e2m3, shared_scale<e8m0, 16, scale_rules::shared_exponent>, shared_bit<2>>;
  return {make_block_calls<hif4>("hif4"),
          make_block_calls<hif5>("hif5"),
          make_block_calls<mx9>("mx9"),
          make_block_calls<mx6>("mx6"),
          make_block_calls<mx4>("mx4"),
          make_block_calls<block_format<fp4_e1m2, shared_scale<e6m2, 64>, shared_bit<8>, shared_bit<4>>>(
              "fp4_e1m2 under a ratio and HiF4's bits"),
          make_block_calls<pair_exponents>("fp6_e2m3 under a bit for each 2")};
}

}  // namespace emulation
