#include "make_kernel_probe.hpp"
#include "support/formats_under_test.hpp"

namespace kernels {

void append_user(std::vector<probe>& probes) {
#define APPEND(type, name) probes.push_back(make_probe<type>(#name));
  SUPPORT_FOR_EACH_USER_FORMAT(APPEND)
#undef APPEND
}

}  // namespace kernels
