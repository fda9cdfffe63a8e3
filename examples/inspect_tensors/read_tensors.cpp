#include <array>
#include <cstring>
#include <string_view>

#include "readers.hpp"

namespace inspect {

tensor_collection read_tensors(const std::string& path, const std::string& npy_dtype) {
  const auto file = std::make_shared<const input_file>(path);
  std::array<std::byte, 6> start{};
  if (file->size_bytes() >= start.size()) {
    file->read_at(0, start);
  }
  if (std::memcmp(start.data(), "\x93NUMPY", start.size()) == 0) {
    return read_npy(file, npy_dtype);
  }
  if (path.ends_with(".json")) {
    return read_sharded(*file);
  }
  return read_safetensors(file);
}

}  // namespace inspect
