#include "files.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.hpp"

namespace checkpoint {

input_file::input_file(std::string path) : path_(std::move(path)) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; regular files ignore it.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) {
    fail(path_, std::string("cannot be opened: ") + std::strerror(errno));
  }
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail(path_, "is not a regular file; name a .safetensors, .npy or .safetensors.index.json file");
  }
  size_bytes_ = static_cast<std::uint64_t>(status.st_size);
}

input_file::~input_file() { ::close(descriptor_); }

void input_file::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      fail(path_, std::string("cannot be read: ") + std::strerror(errno));
    }
    if (got == 0) {
      fail(path_, "ends at byte " + std::to_string(offset) + ", " + std::to_string(out.size()) +
                      " bytes before it should");
    }
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

output_file::output_file(std::string path) : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
  descriptor_ = ::mkstemp(temporary_.data());
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_with_errno("cannot be written");
  }
}

output_file::~output_file() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

void output_file::fail_with_errno(const char* what) const {
  fail(path_, std::string(what) + ": " + std::strerror(errno));
}

void output_file::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done < 0) {
      fail_with_errno("cannot be written");
    }
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void output_file::commit() {
  // mkstemp makes the file private; give it the mode that a plain open would have given.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(descriptor_, 0666 & ~mask) != 0 || ::fsync(descriptor_) != 0) {
    fail_with_errno("cannot be completed");
  }
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail_with_errno("cannot be completed");
  }
  temporary_.clear();
}

void write_text(const std::string& path, std::string_view text) {
  output_file file(path);
  file.write_at(0, std::as_bytes(std::span(text)));
  file.commit();
}

}  // namespace checkpoint
