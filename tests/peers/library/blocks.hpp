// The calls of one block format.
#pragma once

#include "library.hpp"
#include "narrowfp/layouts.hpp"

namespace peers {

inline narrowfp::quantize_options quantize_options_of(const options& o) {
  return {.round = static_cast<narrowfp::rounding>(o.round),
          .over = static_cast<narrowfp::overflow>(o.over),
          .scale = static_cast<narrowfp::scale_rule>(o.rule),
          .as = static_cast<narrowfp::recipe>(o.recipe),
          .tensor_scale = o.scale,
          .seed = o.seed,
          .first_index = o.first_index,
          .use = static_cast<narrowfp::isa>(o.use)};
}

template <class B>
struct block_calls_of {
  template <class S>
  static bool quantize_from(const void* in, std::size_t n, void* blocks, const options& o) {
    narrowfp::quantize(std::span<const S>(static_cast<const S*>(in), n),
                       std::span<B>(static_cast<B*>(blocks), narrowfp::block_count<B>(n)),
                       quantize_options_of(o));
    return true;
  }
  static bool quantize(scalar from, const void* in, std::size_t n, void* blocks, const options& o) {
    switch (from) {
      case scalar::float32:
        return quantize_from<float>(in, n, blocks, o);
      case scalar::bfloat16:
        return quantize_from<narrowfp::bfloat16>(in, n, blocks, o);
      case scalar::float16:
        return quantize_from<narrowfp::float16>(in, n, blocks, o);
      default:
        return false;
    }
  }

  template <class S>
  static bool dequantize_to(const void* blocks, void* out, std::size_t n, const options& o) {
    narrowfp::dequantize(std::span<const B>(static_cast<const B*>(blocks), narrowfp::block_count<B>(n)),
                         std::span<S>(static_cast<S*>(out), n),
                         {.as = static_cast<narrowfp::recipe>(o.recipe),
                          .tensor_scale = o.scale,
                          .use = static_cast<narrowfp::isa>(o.use)});
    return true;
  }
  static bool dequantize(const void* blocks, scalar to, void* out, std::size_t n, const options& o) {
    switch (to) {
      case scalar::float32:
        return dequantize_to<float>(blocks, out, n, o);
      case scalar::float64:
        return dequantize_to<double>(blocks, out, n, o);
      case scalar::bfloat16:
        return dequantize_to<narrowfp::bfloat16>(blocks, out, n, o);
      case scalar::float16:
        return dequantize_to<narrowfp::float16>(blocks, out, n, o);
      default:
        return false;
    }
  }
};

template <class B>
constexpr block_calls calls(const char* name, void (*to_ggml)(const void*, std::size_t, void*) = nullptr) {
  return {name, B::elements, sizeof(B), block_calls_of<B>::quantize, block_calls_of<B>::dequantize, to_ggml};
}

}  // namespace peers
