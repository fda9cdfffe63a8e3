// Stores tensors in their chosen formats as a safetensors file that other tools can load.
#pragma once

#include <string>

#include "inspection.hpp"

namespace checkpoint {

struct written {
  std::size_t quantized = 0;
  std::size_t kept = 0;
  std::uint64_t size_bytes = 0;
};

/// Writes every parameter of the model. One with a choice that is smaller than it is now becomes
///
///   <name>          codes: F8_E4M3, F8_E5M2, F6_*, F4 (element 0 in the low bits), BF16 or F16
///   <name>_scale    what the codes are to be multiplied by: F32 for the tensor, or one for each 32 (F8_E8M0)
///                   or 16 (F8_E4M3) elements of a row, [..., blocks of a row]
///   <name>_scale_2  NVFP4's second scale, F32, to be multiplied by as well
///
/// under its own shape; all others are kept as they are. __metadata__ is kept; its entry narrowfp_formats
/// says what became of which tensor.
written write_quantized(const std::string& path, const model& m, const std::vector<parameter_result>& results,
                        const inspection_options& options);

}  // namespace checkpoint
