// A checkpoint in another format and layout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "encoding.hpp"
#include "layout.hpp"
#include "parameter.hpp"

namespace checkpoint {

struct conversion_options {
  std::string out;
  const target_format* format = nullptr;
  const layout* to = nullptr;
  std::vector<std::string> include;  ///< patterns; what matches is converted although it would be kept
  std::vector<std::string> exclude;  ///< patterns; what matches is kept
  encoding_options encoding;
  bool separate_scales = false;  ///< fused projections have scales of their own
  std::uint64_t shard_bytes = std::uint64_t{5'000'000'000};
  unsigned threads = 1;
};

/// A parameter that was converted and lost something.
struct lossy_parameter {
  std::string name;
  losses lost;
};

struct sized_output {
  std::string path;
  std::uint64_t bytes = 0;  ///< its header included
};

struct conversion_summary {
  std::size_t converted = 0;
  std::size_t carried = 0;  ///< codes and scales taken over as they were
  std::size_t kept = 0;
  std::size_t dropped = 0;         ///< companions of parameters that are quantized no longer
  std::vector<std::string> notes;  ///< one line each: what a reader of the output should know
  std::vector<lossy_parameter> lossy;
  std::uint64_t input_bytes = 0;   ///< of the files that hold tensors, their headers included
  std::uint64_t output_bytes = 0;  ///< of the files that hold tensors, and of their index
  std::vector<sized_output> files;
};

/// Writes the model. `inputs` are the paths as they were given. Fails before anything is written where the
/// output is an input, where nothing would be converted, or where names clash.
conversion_summary convert(const model& m, const std::vector<std::string>& inputs,
                           const conversion_options& options);

}  // namespace checkpoint
