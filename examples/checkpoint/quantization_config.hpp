// What config.json and hf_quant_config.json say about how a checkpoint is quantized.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkpoint {

struct quantization_config {
  std::string path;    ///< the file that says it; empty: none does
  std::string method;  ///< "compressed-tensors", "modelopt", "fp8", "mxfp4", "bitsandbytes", ...
  /// The group sizes that it declares for weights; empty: it declares none.
  std::vector<std::uint64_t> group_sizes;
  /// Rows and columns of the tiles that share a scale.
  std::uint64_t block_rows = 128;
  std::uint64_t block_columns = 128;
};

/// Reads the text of a configuration file. One without quantization gives an empty method. Fails on what is
/// not JSON, and on group sizes and tiles that are not positive whole numbers.
quantization_config parse_quantization_config(const std::string& path, std::string_view text);

}  // namespace checkpoint
