// What a safetensors header says, before it is compared with the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace checkpoint {

struct header_entry {
  std::string name;
  std::string type;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> data_offsets;  ///< begin and end, from the first byte after the header
};

struct safetensors_header {
  std::vector<header_entry> entries;
  std::map<std::string, std::string> metadata;
};

/// Fails on anything that the format does not allow: other types, repeated names, deeper nesting.
safetensors_header parse_safetensors_header(std::string_view file, std::string_view json);

}  // namespace checkpoint
