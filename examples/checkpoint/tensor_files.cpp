#include "tensor_files.hpp"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "dtype.hpp"
#include "failure.hpp"
#include "gguf.hpp"

namespace checkpoint {

namespace {

using nlohmann::json;

constexpr std::uint64_t longest_header = 100'000'000;
constexpr std::size_t longest_gguf_name = 63;

std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += static_cast<char>(value >> 8 * i);
  }
  return text;
}

std::string gguf_string(std::string_view text) { return little_endian(text.size(), 8) + std::string(text); }

std::uint64_t padded(std::uint64_t n, std::uint64_t alignment) noexcept {
  return (n + alignment - 1) / alignment * alignment;
}

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace

std::size_t tensor_files::add(const std::string& name, std::string_view type,
                              std::vector<std::uint64_t> shape, std::uint64_t size_bytes) {
  if (name == "__metadata__" || !names_.insert(name).second) {
    fail(path_, name, "cannot be written: another tensor or a scale has that name already");
  }
  tensors_.push_back({name, std::string(type), std::move(shape), size_bytes, 0, 0});
  return tensors_.size() - 1;
}

void tensor_files::write(std::size_t tensor, std::uint64_t place, std::span<const std::byte> bytes) {
  const output_tensor& t = tensors_[tensor];
  files_[t.file]->write_at(t.offset + place, bytes);
}

void tensor_files::commit() {
  for (const auto& file : files_) {
    file->commit();
  }
}

safetensors_files::safetensors_files(std::string path, bool in_folder, std::uint64_t shard_bytes,
                                     std::map<std::string, std::string> metadata)
    : in_folder_(in_folder), shard_bytes_(shard_bytes), metadata_(std::move(metadata)) {
  path_ = std::move(path);
  metadata_.emplace("format", "pt");  // loaders ask for it
}

void safetensors_files::open() {
  // Shards in the order of the tensors; within one wide types first, so that each tensor is aligned for its
  // type.
  std::vector<std::vector<output_tensor*>> shards(1);
  std::uint64_t held = 0;
  std::uint64_t total = 0;
  for (output_tensor& t : tensors_) {
    if (in_folder_ && held > 0 && t.size_bytes > shard_bytes_ - std::min(held, shard_bytes_)) {
      shards.emplace_back();
      held = 0;
    }
    t.file = shards.size() - 1;
    shards.back().push_back(&t);
    held += t.size_bytes;
    total += t.size_bytes;
  }
  json weight_map = json::object();
  for (std::size_t s = 0; s < shards.size(); ++s) {
    std::stable_sort(shards[s].begin(), shards[s].end(), [](const output_tensor* a, const output_tensor* b) {
      return find_safetensors_dtype(a->type)->width_bits > find_safetensors_dtype(b->type)->width_bits;
    });
    json header = json::object();
    header["__metadata__"] = metadata_;
    std::uint64_t reached = 0;
    for (output_tensor* t : shards[s]) {
      t->offset = reached;
      reached += t->size_bytes;
      header[t->name] = {{"dtype", t->type}, {"shape", t->shape}, {"data_offsets", {t->offset, reached}}};
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data begins at a multiple of 8
    char name[64] = "model.safetensors";
    if (shards.size() > 1) {
      std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", s + 1, shards.size());
    }
    const std::string path = in_folder_ ? path_ + '/' + name : path_;
    if (text.size() > longest_header) {
      fail(path, "would have a header of more than 100000000 bytes, which safetensors does not allow");
    }
    for (output_tensor* t : shards[s]) {
      t->offset += 8 + text.size();
      weight_map[t->name] = name;
    }
    files_.push_back(std::make_unique<output_file>(path));
    files_.back()->write_at(0, bytes_of(little_endian(text.size(), 8) + text));
    file_bytes_.push_back(8 + text.size() + reached);
    size_bytes_ += file_bytes_.back();
  }
  if (shards.size() > 1) {
    const json index = {{"metadata", {{"total_size", total}}}, {"weight_map", weight_map}};
    index_ = index.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
    size_bytes_ += index_.size();
  }
}

void safetensors_files::commit() {
  tensor_files::commit();
  if (!index_.empty()) {
    write_text(path_ + "/model.safetensors.index.json", index_);
  }
}

gguf_file::gguf_file(std::string path, std::string values, std::uint64_t value_count)
    : values_(std::move(values)), value_count_(value_count) {
  path_ = std::move(path);
}

void gguf_file::open() {
  std::string header = "GGUF" + little_endian(3, 4) + little_endian(tensors_.size(), 8) +
                       little_endian(value_count_, 8) + values_;
  std::uint64_t reached = 0;
  for (output_tensor& t : tensors_) {
    if (t.name.size() > longest_gguf_name || t.shape.size() > 4) {
      fail(path_, t.name,
           t.shape.size() > 4 ? "has more than 4 axes, which GGUF does not allow"
                              : "has a name of " + std::to_string(t.name.size()) +
                                    " bytes; llama.cpp loads names of 63 bytes at most");
    }
    header += gguf_string(t.name) + little_endian(t.shape.size(), 4);
    for (std::size_t axis = t.shape.size(); axis-- > 0;) {
      header += little_endian(t.shape[axis], 8);
    }
    for (std::uint32_t id = 0; id < 64; ++id) {
      const gguf_type* type = find_gguf_type(id);
      if (type != nullptr && type->name == t.type) {
        header += little_endian(id, 4);
      }
    }
    header += little_endian(reached, 8);
    t.offset = reached;
    reached = padded(reached + t.size_bytes, alignment);
  }
  header.resize(static_cast<std::size_t>(padded(header.size(), alignment)), '\0');
  files_.push_back(std::make_unique<output_file>(path_));
  files_.back()->write_at(0, bytes_of(header));
  for (output_tensor& t : tensors_) {
    t.offset += header.size();
  }
  size_bytes_ = header.size() + reached;
  file_bytes_ = {size_bytes_};
  if (reached > 0) {
    // The padding after the last tensor is part of the file.
    const std::byte last[1] = {};
    files_.back()->write_at(size_bytes_ - 1, last);
  }
}

std::string gguf_value(std::string_view key, std::uint32_t value) {
  return gguf_string(key) + little_endian(4, 4) + little_endian(value, 4);
}

std::string gguf_value(std::string_view key, std::string_view value) {
  return gguf_string(key) + little_endian(8, 4) + gguf_string(value);
}

}  // namespace checkpoint
