#include "text.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace demo {
namespace {

constexpr std::array training_files{"GPL-1.txt",  "GPL-2.txt",      "GPL-3.txt",   "LGPL-2.1.txt",
                                    "LGPL-3.txt", "Apache-2.0.txt", "MPL-2.0.txt", "CC0-1.0.txt"};
constexpr std::array validation_files{"GFDL-1.3.txt"};

std::uint8_t code_of(char c, const std::filesystem::path& file) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\n' || c == '\f') {
    return alphabet_size - 1;
  }
  if (c == '\t' || c == '\r') {
    return 0;
  }
  if (byte < 0x20 || byte > 0x7e) {
    throw std::runtime_error(file.string() + ": byte " + std::to_string(byte) + " is not ASCII text");
  }
  return static_cast<std::uint8_t>(byte - 0x20);
}

template <std::size_t N>
text load_all(const std::filesystem::path& directory, const std::array<const char*, N>& names) {
  text all;
  for (const char* name : names) {
    const std::filesystem::path file = directory / name;
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      throw std::runtime_error(file.string() + ": cannot be read (--data names the folder of the texts)");
    }
    for (std::istreambuf_iterator<char> it(in), end; it != end; ++it) {
      all.push_back(code_of(*it, file));
    }
  }
  return all;
}

}  // namespace

corpus load_corpus(const std::filesystem::path& directory) {
  return {load_all(directory, training_files), load_all(directory, validation_files)};
}

}  // namespace demo
