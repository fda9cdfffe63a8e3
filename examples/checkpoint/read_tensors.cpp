#include <array>
#include <cstring>
#include <string_view>

#include "readers.hpp"

namespace checkpoint {

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

tensor_collection read_tensors(const std::vector<std::string>& paths, const std::string& npy_dtype) {
  if (paths.size() == 1) {
    return read_tensors(paths.front(), npy_dtype);
  }
  tensor_collection all;
  for (const std::string& path : paths) {
    tensor_collection held = read_tensors(path, npy_dtype);
    all.metadata.merge(held.metadata);
    for (tensor& t : held.tensors) {
      t.name.insert(0, path + ':');
      all.tensors.push_back(std::move(t));
    }
  }
  return all;
}

}  // namespace checkpoint
