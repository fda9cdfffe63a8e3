// Memory for the benchmarks: aligned, touched, and in huge pages where the system grants them.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace bench {

class buffer {
 public:
  buffer() = default;
  explicit buffer(std::size_t size) : size_(size) {
    constexpr std::size_t huge_page = std::size_t{1} << 21;
    const std::size_t alignment = size >= huge_page ? huge_page : 64;
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<std::byte*>(std::aligned_alloc(alignment, rounded)));
    if (data_ == nullptr && rounded != 0) {
      throw std::bad_alloc();
    }
#if defined(__linux__)
    if (alignment == huge_page) {
      madvise(data_.get(), rounded, MADV_HUGEPAGE);
    }
#endif
    std::memset(data_.get(), 0xA5, rounded);
  }

  [[nodiscard]] std::byte* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<std::byte> bytes() const { return {data(), size_}; }

 private:
  struct release {
    void operator()(std::byte* p) const { std::free(p); }
  };
  std::unique_ptr<std::byte, release> data_;
  std::size_t size_ = 0;
};

}  // namespace bench
