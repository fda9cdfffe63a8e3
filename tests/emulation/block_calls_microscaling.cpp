#include "make_block_calls.hpp"

namespace emulation {

std::vector<block_calls> microscaling_calls() {
  using namespace narrowfp;
  return {
      make_block_calls<mxfp8_e4m3>("mxfp8_e4m3"),
      make_tile_calls<mxfp8_e5m2>("mxfp8_e5m2"),
      make_block_calls<mxfp6_e3m2>("mxfp6_e3m2"),
      make_tile_calls<mxfp6_e2m3>("mxfp6_e2m3"),
      make_tile_calls<mxfp4>("mxfp4"),
      make_tile_calls<mxint8>("mxint8"),
      make_block_calls<block_format<fp4_e2m1, shared_scale<e8m0, 64>>>("fp4_e2m1 under e8m0 for each 64")};
}

}  // namespace emulation
