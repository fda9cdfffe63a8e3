#include "formats_under_test.hpp"
#include "make_array_probe.hpp"

namespace support {

std::vector<array_probe> user_narrow_array_probes() {
  std::vector<array_probe> list;
#define SUPPORT_ADD(type, name) list.push_back(make_array_probe<type>(#name));
  SUPPORT_FOR_EACH_USER_NARROW(SUPPORT_ADD)
#undef SUPPORT_ADD
  return list;
}

}  // namespace support
