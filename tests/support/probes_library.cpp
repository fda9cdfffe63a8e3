#include "formats_under_test.hpp"
#include "make_probe.hpp"

namespace support {

std::vector<probe> library_probes() {
  std::vector<probe> list;
#define SUPPORT_ADD(type, name) list.push_back(make_probe<type>(#name));
  SUPPORT_FOR_EACH_LIBRARY_TYPE(SUPPORT_ADD)
#undef SUPPORT_ADD
  return list;
}

}  // namespace support
