// The command line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace demo {

struct options {
  std::size_t steps = 8000;
  std::filesystem::path data;  // the folder of the texts
  std::filesystem::path csv;   // files: empty: not written
  std::filesystem::path products;
  std::filesystem::path svg;
  bool help = false;
};

/// Errors    an unknown option, a missing or bad value: std::invalid_argument that names it.
options parse_options(std::span<char* const> arguments);

std::string usage();

}  // namespace demo
