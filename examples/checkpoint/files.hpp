// Files: reading at a place, and writing whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace checkpoint {

/// A regular file, open for reading. Every error names the file.
class input_file {
 public:
  explicit input_file(std::string path);
  ~input_file();
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }

  /// Fills out with the bytes from `offset` on; fails where the file has fewer.
  void read_at(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_bytes_ = 0;
};

/// A file that appears under its name only once commit() has succeeded: until then it is a temporary file
/// in the same folder, which the destructor removes.
class output_file {
 public:
  explicit output_file(std::string path);
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  void commit();

 private:
  [[noreturn]] void fail_with_errno(const char* what) const;

  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
};

/// Writes a text as a whole.
void write_text(const std::string& path, std::string_view text);

}  // namespace checkpoint
