// Of the formats as users declare them, those that bring kernels of their own: dense storage of 2, 3, 5 and 7
// bits, and facts that no format of the library has.
#include "support/formats_under_test.hpp"
#include "support/make_array_probe.hpp"

namespace support {

std::vector<array_probe> user_array_probes() {
  return {make_array_probe<e1m0b0_none>("e1m0b0_none"), make_array_probe<e1m1b0_ieee>("e1m1b0_ieee"),
          make_array_probe<e0m4b1_fn>("e0m4b1_fn"), make_array_probe<e3m3b3_fn>("e3m3b3_fn"),
          make_array_probe<e2m5b0_fnuz>("e2m5b0_fnuz")};
}

}  // namespace support
