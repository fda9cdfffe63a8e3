#include "make_block_calls.hpp"

namespace emulation {

std::vector<block_calls> single_calls() {
  using namespace narrowfp;
  return {
      make_tile_calls<q8_0>("q8_0"),
      make_tile_calls<block_format<fp8_e4m3, shared_scale<float, 128>>>("fp8_e4m3 under float for each 128"),
      make_tile_calls<block_format<hif8, shared_scale<float, 128>>>("hif8 under float for each 128"),
      make_block_calls<block_format<fp6_e3m2, shared_scale<bfloat16, 64>>>(
          "fp6_e3m2 under bfloat16 for each 64"),
      make_block_calls<block_format<fp8_e5m2, shared_scale<float16, 32>>>(
          "fp8_e5m2 under float16 for each 32"),
      make_block_calls<block_format<fp4_e2m1, shared_scale<float, 96>>>("fp4_e2m1 under float for each 96"),
      make_tile_calls<block_format<fp8_e4m3, shared_scale<e8m0, 128>>>("fp8_e4m3 under e8m0 for each 128"),
      make_block_calls<block_format<narrow_float<minifloat<3, 3, 3, specials::fn>>, shared_scale<ue5m3, 24>>>(
          "7 bits under ue5m3 for each 24")};
}

}  // namespace emulation
