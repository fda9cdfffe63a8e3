#include "output_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace demo {
namespace {

[[noreturn]] void fail(const std::filesystem::path& target, const std::string& reason) {
  throw std::runtime_error(target.string() + ": cannot be written: " + reason);
}

}  // namespace

output_file::output_file(std::filesystem::path target) : target_(std::move(target)), temporary_(target_) {
  temporary_ += ".part";
  if (std::filesystem::is_directory(target_)) {
    fail(target_, "it is a directory");
  }
  errno = 0;
  if (!std::ofstream(temporary_, std::ios::binary)) {
    fail(target_, std::strerror(errno));
  }
}

output_file::~output_file() {
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void output_file::write(const std::string& content) {
  errno = 0;
  std::ofstream out(temporary_, std::ios::binary);
  out << content;
  out.close();
  if (!out) {
    fail(target_, std::strerror(errno));
  }
  std::error_code error;
  std::filesystem::rename(temporary_, target_, error);
  if (error) {
    fail(target_, error.message());
  }
}

}  // namespace demo
