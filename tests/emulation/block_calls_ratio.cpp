#include "make_block_calls.hpp"

namespace emulation {

std::vector<block_calls> ratio_calls() {
  using namespace narrowfp;
  return {
      make_tile_calls<nvfp4>("nvfp4"),
      make_block_calls<block_format<fp8_e4m3, shared_scale<ue5m3, 16>>>("fp8_e4m3 under ue5m3 for each 16"),
      make_block_calls<block_format<fp4_e1m2, shared_scale<ue4m3, 32>>>("fp4_e1m2 under ue4m3 for each 32")};
}

}  // namespace emulation
