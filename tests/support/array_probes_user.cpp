// Formats as users declare them: for the full tests.
#include "array_probe.hpp"

namespace support {

std::vector<array_probe> user_narrow_array_probes();  // array_probes_user_narrow.cpp
std::vector<array_probe> user_wide_array_probes();    // array_probes_user_wide.cpp

std::vector<array_probe> user_array_probes() {
  std::vector<array_probe> all = user_narrow_array_probes();
  const std::vector<array_probe> wide = user_wide_array_probes();
  all.insert(all.end(), wide.begin(), wide.end());
  return all;
}

}  // namespace support
