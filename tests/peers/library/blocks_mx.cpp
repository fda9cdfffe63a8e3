#include "blocks.hpp"

namespace {

void mxfp4_to_ggml(const void* blocks, std::size_t count, void* out) {
  const auto* from = static_cast<const narrowfp::mxfp4*>(blocks);
  auto* to = static_cast<narrowfp::ggml_block_mxfp4*>(out);
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = narrowfp::to_ggml(from[i]);
  }
}

}  // namespace

std::span<const peers::block_calls> peers::mx_blocks() {
  using namespace narrowfp;
  static constexpr block_calls table[] = {
      calls<mxfp8_e4m3>("mxfp8_e4m3"), calls<mxfp8_e5m2>("mxfp8_e5m2"),      calls<mxfp6_e3m2>("mxfp6_e3m2"),
      calls<mxfp6_e2m3>("mxfp6_e2m3"), calls<mxfp4>("mxfp4", mxfp4_to_ggml), calls<mxint8>("mxint8"),
  };
  return table;
}
