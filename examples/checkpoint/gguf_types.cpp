// ggml's types by their numbers. Their values are the library's, which are those of gguf-py 0.19.0.
#include <narrowfp/layouts/ggml_values.hpp>

#include "gguf.hpp"

namespace checkpoint {

namespace {

template <class G>
void decode(std::span<const std::byte> blocks, std::span<float> out, std::size_t first) {
  narrowfp::dequantize_ggml<G>(blocks, out, first);
}

template <class G>
constexpr gguf_type blocks_of(std::uint32_t id, std::string_view name) {
  return {id, name, static_cast<unsigned>(narrowfp::ggml_block_elements<G>), static_cast<unsigned>(sizeof(G)),
          decode<G>};
}
/// Numbers that safetensors has as well.
constexpr gguf_type numbers(std::uint32_t id, std::string_view name, unsigned bytes) {
  return {id, name, 1, bytes, nullptr};
}
constexpr gguf_type unread(std::uint32_t id, std::string_view name) { return {id, name, 0, 0, nullptr}; }

constexpr gguf_type types[] = {
    numbers(0, "F32", 4),
    numbers(1, "F16", 2),
    blocks_of<narrowfp::ggml_block_q4_0>(2, "Q4_0"),
    blocks_of<narrowfp::ggml_block_q4_1>(3, "Q4_1"),
    blocks_of<narrowfp::ggml_block_q5_0>(6, "Q5_0"),
    blocks_of<narrowfp::ggml_block_q5_1>(7, "Q5_1"),
    blocks_of<narrowfp::ggml_block_q8_0>(8, "Q8_0"),
    unread(9, "Q8_1"),
    blocks_of<narrowfp::ggml_block_q2_k>(10, "Q2_K"),
    blocks_of<narrowfp::ggml_block_q3_k>(11, "Q3_K"),
    blocks_of<narrowfp::ggml_block_q4_k>(12, "Q4_K"),
    blocks_of<narrowfp::ggml_block_q5_k>(13, "Q5_K"),
    blocks_of<narrowfp::ggml_block_q6_k>(14, "Q6_K"),
    unread(15, "Q8_K"),
    unread(16, "IQ2_XXS"),
    unread(17, "IQ2_XS"),
    unread(18, "IQ3_XXS"),
    unread(19, "IQ1_S"),
    blocks_of<narrowfp::ggml_block_iq4_nl>(20, "IQ4_NL"),
    unread(21, "IQ3_S"),
    unread(22, "IQ2_S"),
    blocks_of<narrowfp::ggml_block_iq4_xs>(23, "IQ4_XS"),
    numbers(24, "I8", 1),
    numbers(25, "I16", 2),
    numbers(26, "I32", 4),
    numbers(27, "I64", 8),
    numbers(28, "F64", 8),
    unread(29, "IQ1_M"),
    numbers(30, "BF16", 2),
    unread(34, "TQ1_0"),
    unread(35, "TQ2_0"),
    blocks_of<narrowfp::ggml_block_mxfp4>(39, "MXFP4"),
    blocks_of<narrowfp::ggml_block_nvfp4>(40, "NVFP4"),
};

}  // namespace

const gguf_type* find_gguf_type(std::uint32_t id) noexcept {
  for (const gguf_type& type : types) {
    if (type.id == id) {
      return &type;
    }
  }
  return nullptr;
}

}  // namespace checkpoint
