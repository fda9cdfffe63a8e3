#include "files.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.hpp"

namespace checkpoint {

namespace {

// What a signal has to remove: fixed room, because a handler may not allocate.
struct leftover {
  std::atomic<bool> used{false};
  char path[PATH_MAX] = {};
  bool is_folder = false;
};
std::array<leftover, 16>& leftovers() noexcept {
  static std::array<leftover, 16> all;
  return all;
}

void remember(const std::string& path, bool is_folder) noexcept {
  for (leftover& place : leftovers()) {
    if (!place.used.load() && path.size() < sizeof place.path) {
      std::memcpy(place.path, path.c_str(), path.size() + 1);
      place.is_folder = is_folder;
      place.used.store(true);
      return;
    }
  }
}

void forget(const std::string& path) noexcept {
  for (leftover& place : leftovers()) {
    if (place.used.load() && path == place.path) {
      place.used.store(false);
    }
  }
}

void remove_leftovers(int signal) {
  for (const bool folders : {false, true}) {
    for (const leftover& place : leftovers()) {
      if (place.used.load() && place.is_folder == folders) {
        folders ? ::rmdir(place.path) : ::unlink(place.path);
      }
    }
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

void write_all(const std::string& path, int descriptor, std::uint64_t offset,
               std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done < 0) {
      fail(path, std::string("cannot be written: ") + std::strerror(errno));
    }
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

/// A descriptor of a file that has no name, or -1.
int open_unnamed(const std::string& folder) noexcept {
#ifdef O_TMPFILE
  return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#else
  return -1;
#endif
}

/// The name at the end of a chain of symbolic links, be there a file of that name or not.
std::string followed(std::string path) {
  for (int links = 0; links < 40; ++links) {
    std::array<char, PATH_MAX> text{};
    const ssize_t n = ::readlink(path.c_str(), text.data(), text.size());
    if (n < 0) {
      return path;
    }
    const std::string target(text.data(), static_cast<std::size_t>(n));
    path = target.starts_with('/') ? target : folder_of(path) + '/' + target;
  }
  fail(path, std::string("cannot be written: ") + std::strerror(ELOOP));
}

/// Which open descriptor a name of this process stands for, or -1.
int descriptor_named(const std::string& path) noexcept {
  if (path == "/dev/stdout") {
    return STDOUT_FILENO;
  }
  if (path == "/dev/stderr") {
    return STDERR_FILENO;
  }
  for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
    if (path.starts_with(prefix) && path.size() > prefix.size() && path.size() < prefix.size() + 6 &&
        path.find_first_not_of("0123456789", prefix.size()) == std::string::npos) {
      return std::atoi(path.c_str() + prefix.size());
    }
  }
  return -1;
}

}  // namespace

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
    fail(path_,
         "is not a regular file; name a checkpoint's folder, or a .safetensors, .gguf, .npy, .npz or "
         ".safetensors.index.json file");
  }
  size_bytes_ = static_cast<std::uint64_t>(status.st_size);
}

input_file::input_file(std::string path, int descriptor, std::uint64_t size_bytes)
    : path_(std::move(path)), descriptor_(descriptor), size_bytes_(size_bytes) {}

input_file::input_file(std::string path, std::shared_ptr<const input_file> whole, std::uint64_t begin,
                       std::uint64_t size_bytes)
    : path_(std::move(path)), size_bytes_(size_bytes), whole_(std::move(whole)), begin_(begin) {}

input_file::~input_file() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

void input_file::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  if (whole_ != nullptr) {
    if (offset > size_bytes_ || out.size() > size_bytes_ - offset) {
      fail(path_, "ends at byte " + std::to_string(size_bytes_) + ", before what should be read");
    }
    whole_->read_at(begin_ + offset, out);
    return;
  }
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

std::string read_text(const input_file& file, std::uint64_t longest) {
  if (file.size_bytes() > longest) {
    fail(file.path(), "has " + std::to_string(file.size_bytes()) + " bytes; such a file has " +
                          std::to_string(longest) + " at most");
  }
  std::string text(static_cast<std::size_t>(file.size_bytes()), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(text)));
  return text;
}

bool same_file(const std::string& a, const std::string& b) noexcept {
  struct stat one {};
  struct stat two {};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &two) == 0 && one.st_dev == two.st_dev &&
         one.st_ino == two.st_ino;
}

bool is_folder(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_standard_output(const std::string& path) noexcept {
  struct stat one {};
  struct stat two {};
  return descriptor_named(path) == STDOUT_FILENO ||
         (::stat(path.c_str(), &one) == 0 && ::fstat(STDOUT_FILENO, &two) == 0 && !S_ISCHR(one.st_mode) &&
          one.st_dev == two.st_dev && one.st_ino == two.st_ino);
}

bool exists(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    fail(folder, "cannot be read: " + error.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

unnamed_file::unnamed_file(std::string path) : path_(std::move(path)) {
  const char* chosen = std::getenv("TMPDIR");
  const std::string folder = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  descriptor_ = open_unnamed(folder);
  if (descriptor_ < 0) {
    std::string name = folder + "/checkpoint.XXXXXX";
    descriptor_ = ::mkstemp(name.data());
    if (descriptor_ >= 0) {
      ::unlink(name.c_str());
    }
  }
  if (descriptor_ < 0) {
    fail(path_, "needs a temporary file, which cannot be made in " + folder + ": " + std::strerror(errno));
  }
}

unnamed_file::~unnamed_file() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

void unnamed_file::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  write_all(path_ + " (its temporary copy)", descriptor_, offset, bytes);
  size_bytes_ = std::max(size_bytes_, offset + bytes.size());
}

std::shared_ptr<const input_file> unnamed_file::for_reading() {
  auto file = std::make_shared<const input_file>(path_, descriptor_, size_bytes_);
  descriptor_ = -1;
  return file;
}

output_file::output_file(std::string path) : path_(std::move(path)) {
  struct stat status {};
  const bool there = ::stat(path_.c_str(), &status) == 0;
  if (!there && errno != ENOENT) {  // as a symbolic link that leads to itself
    fail_with_errno("cannot be written");
  }
  if (there && S_ISDIR(status.st_mode)) {
    fail(path_, "cannot be written: it is a folder");
  }
  stream_ = descriptor_named(path_);
  if (stream_ >= 0 || (there && !S_ISREG(status.st_mode))) {
    open_stream();
    return;
  }
  if (there) {
    old_mode_ = status.st_mode & 0777U;
  }
  open_regular();
}

output_file::~output_file() { close_and_forget(); }

void output_file::fail_with_errno(const char* what) const {
  fail(path_, std::string(what) + ": " + std::strerror(errno));
}

void output_file::open_stream() {
  kind_ = kind::stream;
  stream_ = stream_ >= 0 ? ::fcntl(stream_, F_DUPFD_CLOEXEC, 3)
                         : ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (stream_ < 0) {
    fail_with_errno("cannot be written");
  }
  const char* chosen = std::getenv("TMPDIR");
  const std::string folder = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  descriptor_ = open_unnamed(folder);
  if (descriptor_ < 0) {
    std::string name = folder + "/checkpoint.XXXXXX";
    descriptor_ = ::mkstemp(name.data());
    if (descriptor_ < 0) {
      fail_with_errno("needs a temporary file");
    }
    ::unlink(name.c_str());
  }
}

void output_file::open_regular() {
  target_ = followed(path_);
  if (old_mode_ && ::access(target_.c_str(), W_OK) != 0) {
    fail_with_errno("cannot be written");
  }
  kind_ = kind::unnamed;
  descriptor_ = open_unnamed(folder_of(target_));
  if (descriptor_ >= 0) {
    return;
  }
  kind_ = kind::named;
  temporary_ = target_ + ".XXXXXX";
  const signals_held held;
  descriptor_ = ::mkstemp(temporary_.data());
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_with_errno("cannot be written");
  }
  remember(temporary_, false);
}

void output_file::close_and_forget() noexcept {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
  if (stream_ >= 0) {
    ::close(stream_);
    stream_ = -1;
  }
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
    forget(temporary_);
    temporary_.clear();
  }
}

void output_file::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  write_all(path_, descriptor_, offset, bytes);
}

void output_file::commit() {
  kind_ == kind::stream ? commit_stream() : commit_regular();
  close_and_forget();
}

void output_file::commit_stream() {
  std::cout.flush();
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  off_t place = 0;
  while (true) {
    const ssize_t got = ::pread(descriptor_, buffer.data(), buffer.size(), place);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      fail_with_errno("cannot be completed");
    }
    if (got == 0) {
      return;
    }
    for (ssize_t done = 0; done < got;) {
      const ssize_t n = ::write(stream_, buffer.data() + done, static_cast<std::size_t>(got - done));
      if (n < 0 && errno != EINTR) {
        fail_with_errno("cannot be written");
      }
      done += n > 0 ? n : 0;
    }
    place += got;
  }
}

void output_file::commit_regular() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = old_mode_ ? static_cast<mode_t>(*old_mode_) : 0666 & ~mask;
  if (::fchmod(descriptor_, mode) != 0) {
    fail_with_errno("cannot be completed");
  }
  // A file that takes another's place must be on the disk before the other one goes.
  if (old_mode_ && ::fsync(descriptor_) != 0) {
    fail_with_errno("cannot be completed");
  }
  const signals_held held;
  if (kind_ == kind::unnamed) {
    const std::string self = "/proc/self/fd/" + std::to_string(descriptor_);
    const auto link_to = [&](const std::string& name) {
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (!old_mode_ && link_to(target_)) {
      return;
    }
    // A name that is taken can only be given to a file that has a name already.
    for (int attempt = 0; temporary_.empty() && attempt < 100; ++attempt) {
      const std::string name = target_ + '.' + std::to_string(::getpid()) + '.' + std::to_string(attempt);
      if (link_to(name)) {
        temporary_ = name;
      } else if (errno != EEXIST) {
        fail_with_errno("cannot be completed");
      }
    }
  }
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) {
    fail_with_errno("cannot be completed");
  }
  forget(temporary_);
  temporary_.clear();
}

output_folder::output_folder(std::string path) : path_(std::move(path)) {
  while (path_.size() > 1 && path_.ends_with('/')) {
    path_.pop_back();
  }
  const signals_held held;
  if (::mkdir(path_.c_str(), 0777) == 0) {
    made_ = true;
    remember(path_, true);
    return;
  }
  if (errno != EEXIST || !is_folder(path_)) {
    fail(path_, std::string("cannot be made: ") + std::strerror(errno));
  }
  if (!names_in(path_).empty()) {
    fail(path_, "is a folder that is not empty; name a new one or an empty one");
  }
}

output_folder::~output_folder() {
  if (kept_) {
    return;
  }
  // It was empty before, so that whatever is in it is of this program.
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry(path_, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    ::unlink(entry->path().c_str());
  }
  if (made_) {
    ::rmdir(path_.c_str());
    forget(path_);
  }
}

void output_folder::keep() noexcept {
  forget(path_);
  kept_ = true;
}

void write_text(const std::string& path, std::string_view text) {
  output_file file(path);
  file.write_at(0, std::as_bytes(std::span(text)));
  file.commit();
}

void copy_file(const std::string& from, const std::string& to) {
  const input_file source(from);
  output_file file(to);
  std::vector<std::byte> bytes;
  for (std::uint64_t done = 0; done < source.size_bytes(); done += bytes.size()) {
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(source.size_bytes() - done, 1U << 20)));
    source.read_at(done, bytes);
    file.write_at(done, bytes);
  }
  file.commit();
}

void install_signal_handlers() {
  leftovers();
  struct sigaction action {};
  action.sa_handler = remove_leftovers;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ::sigaction(signal, &action, nullptr);
  }
  ::signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
  ::signal(SIGXFSZ, SIG_IGN);
#endif
}

struct signals_held::state {
  sigset_t mask;
};

signals_held::signals_held() noexcept : before_(std::make_unique<state>()) {
  sigset_t held;
  ::sigemptyset(&held);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ::sigaddset(&held, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &held, &before_->mask);
}

signals_held::~signals_held() { ::pthread_sigmask(SIG_SETMASK, &before_->mask, nullptr); }

}  // namespace checkpoint
