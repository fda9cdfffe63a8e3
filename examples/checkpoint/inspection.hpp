// Every tensor under every format.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tensor.hpp"
#include "trial.hpp"

namespace checkpoint {

struct inspection_options {
  std::vector<const number_format*> formats;
  double min_snr_db = 30;
  bool only_storable = false;  ///< choose among what can be written to a safetensors file
  unsigned threads = 1;
};

struct tensor_result {
  const tensor* source = nullptr;
  float amax = 0;                     ///< the largest finite magnitude
  std::vector<tally> tallies;         ///< one a format
  std::optional<std::size_t> chosen;  ///< the format with the fewest bits that is good enough
};

/// The results of the floating-point tensors that have elements, in the collection's order.
std::vector<tensor_result> inspect_tensors(const tensor_collection& collection,
                                           const inspection_options& options);

}  // namespace checkpoint
