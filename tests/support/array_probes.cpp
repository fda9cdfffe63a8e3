#include <stdexcept>

#include "array_probe.hpp"

namespace support {

std::vector<array_probe> fp8_array_probes();             // array_probes_fp8.cpp
std::vector<array_probe> small_array_probes();           // array_probes_small.cpp
std::vector<array_probe> scale_and_wide_array_probes();  // array_probes_scale_and_wide.cpp
std::vector<array_probe> user_array_probes();            // array_probes_user.cpp

namespace {

const std::vector<array_probe>& all_array_probes() {
  static const std::vector<array_probe> list = [] {
    std::vector<array_probe> all = fp8_array_probes();
    for (auto more : {small_array_probes(), scale_and_wide_array_probes(), user_array_probes()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return list;
}

}  // namespace

const array_probe& find_array_probe(const std::string& name) {
  for (const array_probe& p : all_array_probes()) {
    if (p.name == name) {
      return p;
    }
  }
  throw std::invalid_argument("no array probe named " + name);
}

const std::vector<std::string>& array_types() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> names;
    for (const array_probe& p : all_array_probes()) {
      names.push_back(p.name);
    }
    return names;
  }();
  return list;
}

}  // namespace support
