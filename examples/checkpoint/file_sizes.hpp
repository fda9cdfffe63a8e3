// Bytes of files, headers counted: of those that are read, and of those that a format would make.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parameter.hpp"

namespace checkpoint {

struct sized_file {
  std::string path;
  std::uint64_t bytes = 0;
  std::uint64_t header_bytes = 0;  ///< what is not data of tensors; 0 in archives, whose data is compressed
  std::size_t tensors = 0;
};

/// The files of a model that hold tensors, in the order in which they were read.
std::vector<sized_file> files_of(const model& m);
std::uint64_t total_bytes(const std::vector<sized_file>& files) noexcept;

/// How large a safetensors file becomes, as this program writes it.
class safetensors_size {
 public:
  explicit safetensors_size(const std::map<std::string, std::string>& metadata);
  void add(std::string_view name, std::string_view suffix, std::string_view dtype,
           const std::vector<std::uint64_t>& shape, std::uint64_t bytes);
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct entry {
    std::uint64_t bytes;
    int width_bits;
  };
  std::uint64_t text_ = 0;  // of the header, without offsets
  std::vector<entry> entries_;
};

}  // namespace checkpoint
