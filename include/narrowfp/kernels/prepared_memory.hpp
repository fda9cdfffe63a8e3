// Layer: kernels. Memory for rows that are prepared for a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace narrowfp::inline v0::kernels {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Bytes that are not set, at an address for any vector.
class prepared_memory {
 public:
  /// Throws std::bad_alloc.
  explicit prepared_memory(std::size_t size)
      : bytes_(static_cast<std::uint8_t*>(::operator new(size, alignment))) {}
  prepared_memory(const prepared_memory&) = delete;
  prepared_memory& operator=(const prepared_memory&) = delete;
  ~prepared_memory() { ::operator delete(bytes_, alignment); }

  [[nodiscard]] std::uint8_t* bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::align_val_t alignment{64};
  std::uint8_t* bytes_;
};

}  // namespace

}  // namespace narrowfp::inline v0::kernels
