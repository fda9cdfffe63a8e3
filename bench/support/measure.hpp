// Times a conversion in a given place, checks what it wrote, and reports it as a Google Benchmark row.
#pragma once

#include <cstddef>

#include "conversion.hpp"
#include "inputs.hpp"

namespace bench {

/// How long to measure: until both are reached.
struct effort {
  std::size_t min_samples;
  double seconds;  ///< summed time of one call of each sample
};

struct settings {
  std::size_t cache_elements = std::size_t{16} << 10;
  /// Distinct inputs through which the in-cache working set rotates, lest a branch predictor learn it.
  std::size_t pool_elements = std::size_t{256} << 10;
  std::size_t memory_elements = std::size_t{64} << 20;  ///< 0: no rows in memory
  effort cache_row = {100, 0.01};
  effort cache_ceiling = {40, 0};
  effort memory_row = {3, 0.15};
  effort memory_ceiling = {3, 0};
  double call_group_seconds = 5e-6;  ///< calls that are timed together in cache
  distribution floats = distribution::normal;
};

settings& current_settings();

/// Registers the rows "<name>/cache" and "<name>/memory".
void register_rows(const conversion& c);

/// Whether some row wrote something else than its reference.
bool any_result_was_wrong();

}  // namespace bench
