// Other stacks' block quantizers, transcribed from their sources into plain float arithmetic. They share no
// code with the library. Build with -ffp-contract=off: each operation rounds on its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stacks {

/// A scale byte and one code an element.
struct coded_block {
  std::uint32_t scale;
  std::vector<std::uint32_t> codes;
};

/// An MX element by name: e2m1, e2m3, e3m2, e4m3, e5m2, int8.
struct element {
  std::string name;
  int exponent_bits;  ///< 0 for int8
  int fraction_bits;  ///< of int8: below the point
  int emax;
  float largest;
  std::vector<float> magnitudes;
};
const element& find_element(const std::string& name);

enum class mx_rule { floor, ceil, rceil, even };

/// pytorch/ao at 36027d82, torchao/prototype/mx_formats/mx_tensor.py.
coded_block torchao_mx(const element& e, const std::vector<float>& x, mx_rule rule);
/// NVIDIA/TransformerEngine, MXFP8 recipe.
coded_block transformer_engine_mx(const element& e, const std::vector<float>& x);
/// microsoft/microxcaling, mx/mx_ops.py, round="nearest" (half away) or "even".
coded_block microxcaling(const element& e, const std::vector<float>& x, bool half_even);
/// ggml-org/ggml, quantize_row_mxfp4_ref.
coded_block ggml_mxfp4(const std::vector<float>& x);

/// NVIDIA/TransformerEngine, core_nvfp4.cuh, float path; S is the encode scale of the tensor.
coded_block transformer_engine_nvfp4(const std::vector<float>& x, float S);
/// NVIDIA/Model-Optimizer, nvfp4_tensor.py; t is amax / 2688 of the tensor.
coded_block model_optimizer_nvfp4(const std::vector<float>& x, float t);
/// pytorch/ao since 5c0c81487 (March 2026), nvfp4_tensor.py, two levels.
coded_block torchao_nvfp4(const std::vector<float>& x, float t);
/// ggml-org/ggml, quantize_row_nvfp4_ref, one block of 16.
coded_block ggml_nvfp4(const std::vector<float>& x);

/// hicann/pto-isa, tquant/gen_data.py: bfloat16 throughout. bits1 of 8 groups, bits2 of 16.
struct coded_hif4 {
  std::uint32_t scale, bits1, bits2;
  std::vector<std::uint32_t> codes;
};
coded_hif4 hif4_in_bfloat16(const std::vector<float>& x);

}  // namespace stacks
