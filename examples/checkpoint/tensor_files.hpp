// Files of tensors being written: what goes where is planned first, then any thread writes any part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "files.hpp"

namespace checkpoint {

/// A tensor of an output.
struct output_tensor {
  std::string name;
  std::string type;  ///< the name of a safetensors dtype, or of a GGUF type
  std::vector<std::uint64_t> shape;
  std::uint64_t size_bytes = 0;
  std::size_t file = 0;      ///< which of the output's files
  std::uint64_t offset = 0;  ///< in that file
};

class tensor_files {
 public:
  tensor_files() = default;
  virtual ~tensor_files() = default;
  tensor_files(const tensor_files&) = delete;
  tensor_files& operator=(const tensor_files&) = delete;

  /// Plans a tensor; returns its number. Fails on a name that is taken.
  std::size_t add(const std::string& name, std::string_view type, std::vector<std::uint64_t> shape,
                  std::uint64_t size_bytes);
  [[nodiscard]] const std::vector<output_tensor>& tensors() const noexcept { return tensors_; }

  /// Opens the files and writes what stands before the data. Nothing can be added after that.
  virtual void open() = 0;
  /// Bytes of a tensor from `place` on. Any thread may write at any time.
  void write(std::size_t tensor, std::uint64_t place, std::span<const std::byte> bytes);
  /// Gives the files their names: all of them or, where one cannot be completed, as few as possible.
  virtual void commit();

  /// Of all files, headers included; known once they are open.
  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  [[nodiscard]] std::size_t files() const noexcept { return files_.size(); }
  [[nodiscard]] const std::string& path_of(std::size_t file) const noexcept { return files_[file]->path(); }
  [[nodiscard]] std::uint64_t size_of(std::size_t file) const noexcept { return file_bytes_[file]; }

 protected:
  std::vector<output_tensor> tensors_;
  std::vector<std::unique_ptr<output_file>> files_;
  std::vector<std::uint64_t> file_bytes_;
  std::uint64_t size_bytes_ = 0;
  std::string path_;

 private:
  std::unordered_set<std::string> names_;
};

/// One safetensors file, or in a folder shards with an index.
class safetensors_files final : public tensor_files {
 public:
  /// Shards have at most `shard_bytes` of data, but for a tensor that is larger by itself.
  safetensors_files(std::string path, bool in_folder, std::uint64_t shard_bytes,
                    std::map<std::string, std::string> metadata);
  void open() override;
  void commit() override;

 private:
  bool in_folder_;
  std::uint64_t shard_bytes_;
  std::map<std::string, std::string> metadata_;
  std::string index_;  // the text of the index; empty: one file needs none
};

/// A GGUF file of version 3.
class gguf_file final : public tensor_files {
 public:
  /// `values` are the encoded keys and values.
  gguf_file(std::string path, std::string values, std::uint64_t value_count);
  void open() override;

  static constexpr std::uint64_t alignment = 32;

 private:
  std::string values_;
  std::uint64_t value_count_;
};

/// A key and a value of GGUF, encoded.
std::string gguf_value(std::string_view key, std::uint32_t value);
std::string gguf_value(std::string_view key, std::string_view value);

}  // namespace checkpoint
