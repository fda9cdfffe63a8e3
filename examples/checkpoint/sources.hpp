// Where the numbers of a parameter come from: one tensor, or codes and scales.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "dtype.hpp"
#include "files.hpp"
#include "parameter.hpp"
#include "tensor.hpp"

namespace checkpoint {

/// A tensor of numbers as it is stored, in either order of axes and bytes.
class plain_source final : public value_source {
 public:
  explicit plain_source(tensor stored) : stored_(std::move(stored)) {}
  std::uint64_t read(std::uint64_t first, std::span<float> out) const override;
  float largest(std::uint64_t first, std::uint64_t n) const override;
  /// The bytes of `n` elements in C order, little-endian; first is a multiple of 8 where elements are not
  /// whole bytes.
  void read_raw(std::uint64_t first, std::uint64_t n, std::span<std::byte> out) const;

 private:
  /// Elements in Fortran order are rewritten in C order, once, to a file that has no name.
  const tensor& in_order() const;

  tensor stored_;
  mutable std::once_flag ordered_once_;
  mutable tensor ordered_;
};

/// Which elements share a scale: tiles of a matrix, counted row by row; several matrices one after another.
struct scale_grid {
  std::uint64_t matrix_rows;
  std::uint64_t row_length;
  std::uint64_t tile_rows;
  std::uint64_t tile_columns;

  [[nodiscard]] std::uint64_t columns() const noexcept {
    return row_length / tile_columns + (row_length % tile_columns != 0 ? 1 : 0);
  }
  [[nodiscard]] std::uint64_t rows() const noexcept {
    return matrix_rows / tile_rows + (matrix_rows % tile_rows != 0 ? 1 : 0);
  }
  /// The scale of the row's first tile.
  [[nodiscard]] std::uint64_t index(std::uint64_t row) const noexcept {
    return (row / matrix_rows * rows() + row % matrix_rows / tile_rows) * columns();
  }
};

/// Gives the scales from `first` on.
using scale_reader = std::function<void(std::uint64_t first, std::span<float> out)>;

/// The scales of a tensor whose elements are floats of some dtype.
scale_reader scales_of(const tensor& stored);
/// The same where the dtype is another than the file says, as of E8M0 in U8.
scale_reader scales_of(const tensor& stored, const dtype& type);
/// E8M0 in bytes where 255 is the power 2^128, infinite in float, as other stacks compute it.
scale_reader powers_of_two(const tensor& stored);
/// The one value of a tensor of one element.
float single_value(const tensor& stored);

/// Element times scale, rounded once to float.
class scaled_source final : public value_source {
 public:
  scaled_source(tensor codes, const dtype& element, scale_grid grid, scale_reader scales)
      : codes_(std::move(codes)), element_(element), grid_(grid), scales_(std::move(scales)) {}

  /// Under an infinite scale a zero stays zero, as ldexp has it; otherwise it is NaN, as a product is.
  void keep_zeros() noexcept { keeps_zeros_ = true; }

  std::uint64_t read(std::uint64_t first, std::span<float> out) const override;

 private:
  void scale(std::span<float> values, float scale) const noexcept;
  [[nodiscard]] bool are_whole_groups(std::uint64_t first, std::size_t n) const noexcept;

  tensor codes_;
  const dtype& element_;
  scale_grid grid_;
  scale_reader scales_;
  bool keeps_zeros_ = false;
};

/// Reads `count` elements of a tensor whose bytes lie as they should, decoded as `type`.
std::uint64_t read_elements(const tensor& stored, const dtype& type, std::uint64_t first,
                            std::span<float> out);

/// A tensor that stands for itself.
parameter plain_parameter(const tensor& stored);

}  // namespace checkpoint
