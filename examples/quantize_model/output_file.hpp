// A file that appears complete or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace demo {

/// Opens a temporary neighbour at once, so that an unwritable place is reported before the work, and renames
/// it over the target when the content is there. Without write() the neighbour is removed.
class output_file {
 public:
  /// Errors    a place that cannot be written: std::runtime_error that names it and says why.
  explicit output_file(std::filesystem::path target);
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  ~output_file();

  /// Errors    as above; the target is then as it was.
  void write(const std::string& content);

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
};

}  // namespace demo
