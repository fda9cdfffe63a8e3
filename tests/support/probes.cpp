#include <stdexcept>

#include "make_probe.hpp"
#include "probe.hpp"

namespace support {

std::vector<probe> library_probes();  // probes_library.cpp
std::vector<probe> user_probes();     // probes_user.cpp

namespace {

const std::vector<probe>& all_probes() {
  static const std::vector<probe> list = [] {
    std::vector<probe> all = library_probes();
    const auto more = user_probes();
    all.insert(all.end(), more.begin(), more.end());
    all.push_back(make_probe<narrowfp::narrow_float<narrowfp::formats::int8>>("int8"));
    return all;
  }();
  return list;
}

}  // namespace

const probe& find_probe(const std::string& name) {
  for (const probe& p : all_probes()) {
    if (p.name == name) {
      return p;
    }
  }
  throw std::invalid_argument("no value type named " + name);
}

const std::vector<std::string>& encodable_formats() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> names;
    for (const probe& p : all_probes()) {
      names.push_back(p.name);
    }
    return names;
  }();
  return list;
}

const std::vector<std::string>& value_types() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> names = encodable_formats();
    std::erase(names, "int8");
    return names;
  }();
  return list;
}

}  // namespace support
