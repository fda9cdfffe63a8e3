// Every parameter under every format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "parameter.hpp"
#include "trial.hpp"

namespace checkpoint {

struct inspection_options {
  std::vector<const number_format*> formats;
  double min_snr_db = 30;
  bool only_storable = false;      ///< choose among what can be written to a safetensors file
  std::uint64_t most_shown = 100;  ///< tensors in the report, the largest
  unsigned threads = 1;
};

struct parameter_result {
  const parameter* source = nullptr;
  float amax = 0;                     ///< the largest finite magnitude
  std::vector<tally> tallies;         ///< one a format
  std::optional<std::size_t> chosen;  ///< the format with the fewest bits that is good enough
};

/// The results of the floating-point parameters that have elements, in the model's order.
std::vector<parameter_result> inspect(const model& m, const inspection_options& options);

}  // namespace checkpoint
