// Memory whose both ends fault.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace kernels {

/// Memory between two pages that must not be touched.
class fenced_memory {
 public:
  explicit fenced_memory(std::size_t size) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    size_ = (size + page_ - 1) / page_ * page_;
    base_ = static_cast<std::uint8_t*>(
        mmap(nullptr, size_ + 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED || mprotect(base_, page_, PROT_NONE) != 0 ||
        mprotect(base_ + page_ + size_, page_, PROT_NONE) != 0) {
      throw std::bad_alloc();
    }
  }
  ~fenced_memory() { munmap(base_, size_ + 2 * page_); }
  fenced_memory(const fenced_memory&) = delete;
  fenced_memory& operator=(const fenced_memory&) = delete;

  [[nodiscard]] std::uint8_t* begin() const { return base_ + page_; }
  [[nodiscard]] std::uint8_t* end() const { return begin() + size_; }

 private:
  std::size_t page_;
  std::size_t size_;
  std::uint8_t* base_;
};

}  // namespace kernels
