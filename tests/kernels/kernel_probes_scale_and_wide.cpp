#include "make_kernel_probe.hpp"
#include "support/formats_under_test.hpp"

namespace kernels {

void append_scale_and_wide(std::vector<probe>& probes) {
#define APPEND(type, name) probes.push_back(make_probe<type>(#name));
  SUPPORT_FOR_EACH_SCALE_AND_WIDE(APPEND)
#undef APPEND
}

}  // namespace kernels
