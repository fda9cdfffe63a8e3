// Files: reading at a place, and writing whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkpoint {

/// A regular file, open for reading. Every error names the file. Any thread may read at any time.
class input_file {
 public:
  explicit input_file(std::string path);
  /// Takes over a descriptor; `path` is for messages.
  input_file(std::string path, int descriptor, std::uint64_t size_bytes);
  /// Bytes of another file, from `begin` on, as a file of their own.
  input_file(std::string path, std::shared_ptr<const input_file> whole, std::uint64_t begin,
             std::uint64_t size_bytes);
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
  std::shared_ptr<const input_file> whole_;  // where it is a part of one
  std::uint64_t begin_ = 0;
};

/// The text of a file of that many bytes at most.
std::string read_text(const input_file& file, std::uint64_t longest);

/// Whether two names lead to one existing file.
bool same_file(const std::string& a, const std::string& b) noexcept;
bool is_folder(const std::string& path) noexcept;
/// Whether what is written there and what is printed would mix.
bool is_standard_output(const std::string& path) noexcept;
bool exists(const std::string& path) noexcept;
/// The names in a folder, sorted.
std::vector<std::string> names_in(const std::string& folder);

/// Room on the disk that vanishes with the program: in TMPDIR, or /tmp.
class unnamed_file {
 public:
  /// `path` is for messages.
  explicit unnamed_file(std::string path);
  ~unnamed_file();
  unnamed_file(const unnamed_file&) = delete;
  unnamed_file& operator=(const unnamed_file&) = delete;

  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  /// What has been written, to be read; nothing can be written after that.
  std::shared_ptr<const input_file> for_reading();

 private:
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_bytes_ = 0;
};

/// A file that appears under its name only once commit() has succeeded. Until then it has no name where the
/// file system can do that, else one beside the target that the destructor and signals remove. A symbolic
/// link is followed; a device, a pipe or a standard stream gets the bytes in order, at commit().
class output_file {
 public:
  explicit output_file(std::string path);
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Any thread may write at any time, to places that do not overlap.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  void commit();

 private:
  enum class kind { stream, unnamed, named };

  [[noreturn]] void fail_with_errno(const char* what) const;
  void open_stream();
  void open_regular();
  void commit_stream();
  void commit_regular();
  void close_and_forget() noexcept;

  std::string path_;
  std::string target_;     // path_ with symbolic links followed
  std::string temporary_;  // the name of one that needs a name
  kind kind_ = kind::unnamed;
  int stream_ = -1;
  int descriptor_ = -1;
  std::optional<unsigned> old_mode_;  // of a file that is replaced
};

/// A folder for output files: an empty one, or one that is made here. Unless it is kept it becomes again what
/// it was.
class output_folder {
 public:
  explicit output_folder(std::string path);
  ~output_folder();
  output_folder(const output_folder&) = delete;
  output_folder& operator=(const output_folder&) = delete;
  void keep() noexcept;

 private:
  std::string path_;
  bool made_ = false;
  bool kept_ = false;
};

/// Writes a text as a whole.
void write_text(const std::string& path, std::string_view text);

/// Copies a file as a whole.
void copy_file(const std::string& from, const std::string& to);

/// Has SIGINT, SIGTERM and SIGHUP remove what is not complete, and errors of pipes and of limits reported as
/// errors.
void install_signal_handlers();

/// While it lives this thread leaves signals pending, so that several files become complete together.
class signals_held {
 public:
  signals_held() noexcept;
  ~signals_held();
  signals_held(const signals_held&) = delete;
  signals_held& operator=(const signals_held&) = delete;

 private:
  struct state;
  std::unique_ptr<state> before_;
};

}  // namespace checkpoint
