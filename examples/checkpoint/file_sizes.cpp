#include "file_sizes.hpp"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "dtype.hpp"

namespace checkpoint {

namespace {

std::uint64_t digits(std::uint64_t n) noexcept {
  std::uint64_t count = 1;
  for (; n >= 10; n /= 10) {
    ++count;
  }
  return count;
}

/// Of a JSON string, without its quotation marks.
std::uint64_t escaped_size(std::string_view text) noexcept {
  std::uint64_t size = 0;
  for (const char c : text) {
    const bool has_letter = c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v');
    size += has_letter ? 2U : static_cast<unsigned char>(c) < 0x20 ? 6U : 1U;
  }
  return size;
}

/// The archive of a member that is called after both.
std::string owner_of(const std::string& path) {
  const std::size_t colon = path.find(".npz:");
  return colon == std::string::npos ? path : path.substr(0, colon + 4);
}

}  // namespace

std::vector<sized_file> files_of(const model& m) {
  std::unordered_map<std::string, sized_file> found;
  std::unordered_map<std::string, std::uint64_t> data_bytes;
  for (const parameter& p : m.parameters) {
    for (const tensor& part : p.parts) {
      const std::string path = owner_of(part.file->path());
      ++found[path].tensors;
      data_bytes[path] += part.size_bytes;
    }
  }
  std::vector<sized_file> files;
  for (const std::string& path : m.files) {
    const auto held = found.find(path);
    const bool is_beside = path.ends_with(".json");
    if (is_beside || std::any_of(files.begin(), files.end(), [&](const auto& f) { return f.path == path; })) {
      continue;
    }
    sized_file file;
    file.path = path;
    std::error_code ignored;
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    file.bytes = ignored ? 0 : static_cast<std::uint64_t>(size);
    if (held != found.end()) {
      file.tensors = held->second.tensors;
      const std::uint64_t data = data_bytes[path];
      file.header_bytes = !path.ends_with(".npz") && data <= file.bytes ? file.bytes - data : 0;
    }
    files.push_back(std::move(file));
  }
  return files;
}

std::uint64_t total_bytes(const std::vector<sized_file>& files) noexcept {
  std::uint64_t total = 0;
  for (const sized_file& file : files) {
    total += file.bytes;
  }
  return total;
}

safetensors_size::safetensors_size(const std::map<std::string, std::string>& metadata) {
  nlohmann::json kept = metadata;
  kept.emplace("format", "pt");
  const std::string text = kept.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text_ = std::string_view("{\"__metadata__\":}").size() + text.size();
}

void safetensors_size::add(std::string_view name, std::string_view suffix, std::string_view dtype,
                           const std::vector<std::uint64_t>& shape, std::uint64_t bytes) {
  text_ += std::string_view(R"(,"":{"data_offsets":[,],"dtype":"","shape":[]})").size() + dtype.size() +
           escaped_size(name) + escaped_size(suffix);
  for (const std::uint64_t axis : shape) {
    text_ += digits(axis) + 1;
  }
  text_ -= shape.empty() ? 0U : 1U;  // no comma after the last axis
  const auto* type = find_safetensors_dtype(dtype);
  entries_.push_back({bytes, type != nullptr ? type->width_bits : 8});
}

std::uint64_t safetensors_size::bytes() const {
  std::vector<entry> ordered = entries_;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const entry& a, const entry& b) { return a.width_bits > b.width_bits; });
  std::uint64_t header = text_;
  std::uint64_t reached = 0;
  for (const entry& each : ordered) {
    header += digits(reached) + digits(reached + each.bytes);
    reached += each.bytes;
  }
  return 8 + (header + 7) / 8 * 8 + reached;
}

}  // namespace checkpoint
