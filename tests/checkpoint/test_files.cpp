#include "test_files.hpp"

#include <cstdlib>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace checkpoint_test {

folder::folder() : root_(std::filesystem::temp_directory_path() / "checkpoint.XXXXXX") {
  if (::mkdtemp(root_.data()) == nullptr) {
    ADD_FAILURE() << "no folder for the test: " << root_;
  }
}

folder::~folder() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string folder::file(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::vector<std::string> folder::names() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(root_)) {
    found.push_back(entry.path().filename());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string safetensors(const std::string& header, const std::string& data) {
  return bytes_of<std::uint64_t>({header.size()}) + header + data;
}

std::string one_tensor(const std::string& dtype, const std::string& shape, const std::string& data) {
  return safetensors("{\"t\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[0," +
                         std::to_string(data.size()) + "]}}",
                     data);
}

std::string npy(const std::string& dictionary, const std::string& data) {
  std::string header = dictionary;
  while ((10 + header.size() + 1) % 64 != 0) {
    header += ' ';
  }
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) +
         bytes_of<std::uint16_t>({static_cast<std::uint16_t>(header.size())}) + header + data;
}

std::string npy(const std::string& descr, bool fortran_order, const std::string& shape,
                const std::string& data) {
  return npy("{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                 ", 'shape': " + shape + ", }",
             data);
}

}  // namespace checkpoint_test
