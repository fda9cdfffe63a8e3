#include "floors.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace bench {

namespace {

struct floor_line {
  std::regex row;
  double cache;
  double memory;
};

std::vector<floor_line> floors;
bool found_one = false;

/// What the processor calls itself; empty where it does not say.
std::string processor_name() {
  std::string name;
#if defined(__x86_64__) || defined(__i386__)
  for (unsigned leaf = 0x80000002; leaf <= 0x80000004; ++leaf) {
    unsigned words[4] = {};
    if (__get_cpuid(leaf, &words[0], &words[1], &words[2], &words[3]) != 0) {
      char text[17] = {};
      std::memcpy(text, words, 16);
      name += text;
    }
  }
#endif
  return name;
}

}  // namespace

bool read_floors(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  bool holds_here = true;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (line.starts_with("cpu ")) {
      const std::string name = processor_name();
      holds_here = std::regex_search(name, std::regex(line.substr(4)));
      std::fprintf(stderr, "Floors of %s %s for '%s'\n", path.c_str(), holds_here ? "hold" : "are not known",
                   name.c_str());
      continue;
    }
    std::istringstream fields(line);
    std::string row;
    double cache = 0;
    double memory = 0;
    if (!(fields >> row >> cache >> memory)) {
      std::fprintf(stderr, "%s: not understood: %s\n", path.c_str(), line.c_str());
      return false;
    }
    if (holds_here) {
      floors.push_back({std::regex(row), cache, memory});
    }
  }
  return true;
}

std::string below_floor(const std::string& row, double share) {
  const std::size_t slash = row.rfind('/');
  const std::string name = row.substr(0, slash);
  const bool in_cache = row.substr(slash) == "/cache";
  for (const floor_line& line : floors) {
    if (std::regex_match(name, line.row)) {
      const double wanted = in_cache ? line.cache : line.memory;
      if (share >= wanted / 2) {
        return "";
      }
      found_one = true;
      char text[64];
      std::snprintf(text, sizeof text, "below half of its floor, %.0f%%", 100 * wanted);
      return text;
    }
  }
  return "";
}

bool any_row_was_below_its_floor() { return found_one; }

}  // namespace bench
