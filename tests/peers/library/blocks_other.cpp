#include "blocks.hpp"

namespace {

/// `count` is a multiple of the four blocks that one of ggml's holds.
void nvfp4_to_ggml(const void* blocks, std::size_t count, void* out) {
  const auto* from = static_cast<const narrowfp::nvfp4*>(blocks);
  auto* to = static_cast<narrowfp::ggml_block_nvfp4*>(out);
  for (std::size_t i = 0; i < count / 4; ++i) {
    to[i] = narrowfp::to_ggml(std::span<const narrowfp::nvfp4, 4>(from + 4 * i, 4));
  }
}

}  // namespace

std::span<const peers::block_calls> peers::other_blocks() {
  using namespace narrowfp;
  // FP8 under a float for each 128 elements of a row.
  using fp8_block = block_format<fp8_e4m3, shared_scale<float, 128>>;
  static constexpr block_calls table[] = {
      calls<nvfp4>("nvfp4", nvfp4_to_ggml),
      calls<q8_0>("q8_0"),
      calls<fp8_block>("fp8_block"),
  };
  return table;
}
