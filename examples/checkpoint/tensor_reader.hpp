// Streams a tensor's elements in C order, whatever order the file has, in memory that does not grow with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tensor.hpp"

namespace checkpoint {

class tensor_reader {
 public:
  explicit tensor_reader(const tensor& source);

  /// The next elements, decoded.
  void read(std::span<float> out);
  /// The bytes of the next n elements, little-endian; the type is whole bytes wide, or the tensor is read in
  /// multiples of eight elements but for its end.
  void read_raw(std::size_t n, std::span<std::byte> out);

  /// Finite numbers so far that are infinite as floats.
  [[nodiscard]] std::uint64_t beyond_float() const noexcept { return beyond_float_; }

 private:
  void read_fortran(std::size_t n, std::byte* out);
  void fill_slab();
  void gather(std::uint64_t first_index, std::uint64_t count);

  const tensor& source_;
  std::size_t element_bytes_;  // 0: less than a byte, and then in C order
  std::uint64_t next_ = 0;
  std::uint64_t beyond_float_ = 0;
  std::vector<std::byte> raw_;

  // Fortran order: elements that are next in C order, gathered from all over the file.
  std::vector<std::byte> slab_;
  std::size_t slab_used_ = 0;
  std::size_t split_axis_ = 0;  // a slab is a range of this axis, all of those after, one index before
  std::uint64_t prefix_ = 1;    // elements of the axes before
  std::uint64_t suffix_ = 1;    // elements of the axes after
  std::vector<std::byte> column_;
};

}  // namespace checkpoint
