#include "make_block_calls.hpp"

namespace emulation {

std::vector<block_calls> integer_calls() {
  using namespace narrowfp;
  using two_bits = block_format<sign_magnitude<1>, shared_scale<e8m0, 64, scale_rules::shared_exponent>>;
  return {make_block_calls<msfp12>("bfp<3,16>"),       make_block_calls<msfp13>("bfp<4,16>"),
          make_block_calls<msfp14>("bfp<5,16>"),       make_block_calls<msfp15>("bfp<6,16>"),
          make_tile_calls<msfp16>("bfp<7,16>"),        make_block_calls<bfp<1, 8>>("bfp<1,8>"),
          make_block_calls<bfp<15, 64>>("bfp<15,64>"), make_block_calls<two_bits>("integers of 2 bits")};
}

}  // namespace emulation
