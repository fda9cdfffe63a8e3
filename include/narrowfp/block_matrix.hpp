// A matrix of blocks that never straddle rows; square tiles under one scale; the transpose of such tiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>
#include <vector>

#include "block/block_format.hpp"
#include "block/tile.hpp"
#include "detail/error.hpp"
#include "dispatch/kernel_elements.hpp"
#include "detail/ranges.hpp"
#include "dispatch/row_scales.hpp"
#include "dispatch/blocks.hpp"
#include "dispatch/tiles.hpp"
#include "quantize.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

/// Which way the blocks of a matrix run.
enum class block_axis : std::uint8_t {
  row,     ///< along the columns of a row
  column,  ///< down the rows of a column: for weights that are used transposed
};

template <class B>
class block_matrix;

namespace detail {
namespace {

/// Element i of line `line` is data[line * line_stride + i * element_stride].
struct line_strides {
  std::size_t line;
  std::size_t element;
};
template <class B>
line_strides strides_of(const block_matrix<B>& matrix) noexcept {
  return matrix.axis() == block_axis::row ? line_strides{matrix.cols(), 1} : line_strides{1, matrix.cols()};
}

/// Without elements there may be no array either: nothing may be added to its address.
template <class B>
std::size_t lines_with_elements(const block_matrix<B>& matrix) noexcept {
  return matrix.line_elements() == 0 ? 0 : matrix.lines();
}

template <class B>
void require_elements(const char* function, const char* argument, std::size_t got,
                      const block_matrix<B>& matrix) {
  require_size(function, argument, got, matrix.rows() * matrix.cols(), "rows() * cols()");
}

/// The tensor scale of each line: one for all, times the line's own where there are such.
struct line_scales {
  float common;
  const float* own = nullptr;

  [[nodiscard]] float of(std::size_t line) const noexcept {
    return own == nullptr ? common : scale_times(own[line], common);
  }
};

/// Of options that checked_job has seen; row_scales may be null.
template <class B>
line_scales checked_line_scales(const char* function, const std::span<const float>* row_scales, float common,
                                const block_matrix<B>& matrix) {
  if (row_scales == nullptr) {
    return {common};
  }
  require_size(function, "row_scales", row_scales->size(), matrix.lines(), "one for each of lines()");
  require_scales(function, "row_scales", *row_scales, common);
  return {common, row_scales->data()};
}

/// How lines are shared out: run(lines, unit, elements, part) calls part(first, count) such that each of
/// `lines` lines, of `elements` elements, is in one part, which begins at a multiple of `unit`. Here all are
/// one part.
struct on_this_thread {
  template <class Part>
  void operator()(std::size_t lines, std::size_t, std::size_t, const Part& part) const {
    part(std::size_t{0}, lines);
  }
};

// Blocks down the columns pass through a buffer, a few columns at a time: kernels read and write consecutive
// elements, and a cache line holds elements of 16 columns.

inline constexpr std::size_t columns_at_a_time = 16;
template <class B>
inline constexpr std::size_t rows_at_a_time =
    B::elements < 256 ? 256 / B::elements* B::elements : B::elements;

/// Calls each(line, columns, first, count) for elements first .. first + count - 1 of `columns` lines from
/// `line` on, for all of `lines` lines from first_line on.
template <class B, class Each>
void for_each_strip(const block_matrix<B>& matrix, std::size_t first_line, std::size_t lines, Each each) {
  for (std::size_t done = 0; done < lines; done += columns_at_a_time) {
    const std::size_t line = first_line + done;
    const std::size_t columns = lines - done < columns_at_a_time ? lines - done : columns_at_a_time;
    for (std::size_t first = 0; first < matrix.line_elements(); first += rows_at_a_time<B>) {
      const std::size_t left = matrix.line_elements() - first;
      each(line, columns, first, left < rows_at_a_time<B> ? left : rows_at_a_time<B>);
    }
  }
}

template <class B, class Element, class Run = on_this_thread>
void quantize_lines(block_matrix<B>& matrix, std::span<const Element> elements,
                    const std::span<const float>* row_scales, const quantize_options& options,
                    const char* function = "narrowfp::block_matrix::quantize", const Run& run = {}) {
  using S = kernel_element_t<Element>;
  const isa set = dispatch::resolve(function, options.use);
  require_elements(function, "in", elements.size(), matrix);
  const blocks::quantize_job all = checked_job<B>(function, options);
  const line_scales scales = checked_line_scales(function, row_scales, options.tensor_scale, matrix);
  const kernel_elements in(elements.data());
  const line_strides strides = strides_of(matrix);
  const std::size_t lines = lines_with_elements(matrix);
  if (matrix.axis() == block_axis::row) {
    run(lines, 1, matrix.line_elements(), [&](std::size_t first_line, std::size_t count) {
      blocks::quantize_job job = all;
      for (std::size_t line = first_line; line < first_line + count; ++line) {
        job.first_index = options.first_index + line * strides.line;
        job.tensor_scale = scales.of(line);
        dispatch::quantize<B, S>(set, {in.data() + line * strides.line, matrix.line_elements()},
                                 places(matrix.row(line)), job);
      }
    });
    return;
  }
  run(lines, columns_at_a_time, matrix.line_elements(), [&](std::size_t first_line, std::size_t line_count) {
    blocks::quantize_job job = all;
    job.index_stride = strides.element;
    std::vector<S> buffer(columns_at_a_time * rows_at_a_time<B>);
    for_each_strip(matrix, first_line, line_count,
                   [&](std::size_t line, std::size_t columns, std::size_t first, std::size_t count) {
                     for (std::size_t i = 0; i < count; ++i) {
                       const S* from = in.data() + (first + i) * strides.element + line;
                       for (std::size_t c = 0; c < columns; ++c) {
                         buffer[c * rows_at_a_time<B> + i] = from[c];
                       }
                     }
                     for (std::size_t c = 0; c < columns; ++c) {
                       job.first_index = options.first_index + line + c + first * strides.element;
                       job.tensor_scale = scales.of(line + c);
                       dispatch::quantize<B, S>(set, {buffer.data() + c * rows_at_a_time<B>, count},
                                                places(matrix.row(line + c).subspan(first / B::elements)),
                                                job);
                     }
                   });
  });
}

template <class B, class Element, class Run = on_this_thread>
void dequantize_lines(const block_matrix<B>& matrix, const std::span<const float>* row_scales,
                      std::span<Element> elements, const dequantize_options& options,
                      const char* function = "narrowfp::block_matrix::dequantize", const Run& run = {}) {
  using S = kernel_element_t<Element>;
  const isa set = dispatch::resolve(function, options.use);
  require_elements(function, "out", elements.size(), matrix);
  const blocks::dequantize_job all = checked_job<B>(function, options);
  const line_scales scales = checked_line_scales(function, row_scales, options.tensor_scale, matrix);
  const kernel_elements out(elements.data());
  const line_strides strides = strides_of(matrix);
  const std::size_t lines = lines_with_elements(matrix);
  if (matrix.axis() == block_axis::row) {
    run(lines, 1, matrix.line_elements(), [&](std::size_t first_line, std::size_t count) {
      blocks::dequantize_job job = all;
      for (std::size_t line = first_line; line < first_line + count; ++line) {
        job.tensor_scale = scales.of(line);
        dispatch::dequantize<B, S>(set, places(matrix.row(line)),
                                   {out.data() + line * strides.line, matrix.line_elements()}, job);
      }
    });
    return;
  }
  run(lines, columns_at_a_time, matrix.line_elements(), [&](std::size_t first_line, std::size_t line_count) {
    blocks::dequantize_job job = all;
    std::vector<S> buffer(columns_at_a_time * rows_at_a_time<B>);
    for_each_strip(matrix, first_line, line_count,
                   [&](std::size_t line, std::size_t columns, std::size_t first, std::size_t count) {
                     for (std::size_t c = 0; c < columns; ++c) {
                       job.tensor_scale = scales.of(line + c);
                       dispatch::dequantize<B, S>(set,
                                                  places(matrix.row(line + c).subspan(first / B::elements)),
                                                  {buffer.data() + c * rows_at_a_time<B>, count}, job);
                     }
                     for (std::size_t i = 0; i < count; ++i) {
                       S* to = out.data() + (first + i) * strides.element + line;
                       for (std::size_t c = 0; c < columns; ++c) {
                         to[c] = buffer[c * rows_at_a_time<B> + i];
                       }
                     }
                   });
  });
}

template <class B>
void require_edge(const char* function, std::size_t edge) {
  if (edge == 0 || edge % B::elements != 0) {
    char problem[128];
    std::snprintf(problem, sizeof problem, "is %zu, but a positive multiple of B::elements = %zu is needed",
                  edge, B::elements);
    fail(function, "edge", problem);
  }
}

/// Lines first_line .. first_line + line_count - 1, which are those of whole tiles.
template <class B, class S>
void quantize_tile_lines(isa set, block_matrix<B>& matrix, const S* in, std::size_t edge,
                         const blocks::quantize_job& job, std::size_t first_line, std::size_t line_count) {
  const line_strides strides = strides_of(matrix);
  const std::size_t elements = matrix.line_elements();
  const std::size_t end = first_line + line_count;
  std::vector<blocks::tile_part<B>> parts;
  std::vector<S> buffer;
  for (std::size_t top = first_line; top < end; top += edge) {
    const std::size_t bottom = end - top < edge ? end : top + edge;
    for (std::size_t left = 0; left < elements; left += edge) {
      const std::size_t right = elements - left < edge ? elements : left + edge;
      const S* data = in + top * strides.line + left * strides.element;
      if (dispatch::quantize_tile<B, S>(set,
                                        {data, strides.line, strides.element, bottom - top, right - left},
                                        places(matrix.row(top).subspan(left / B::elements)),
                                        matrix.blocks_per_row() * sizeof(B), job, buffer)) {
        continue;
      }
      parts.clear();
      for (std::size_t line = top; line < bottom; ++line) {
        const kernels::strided<const S> source = {in + line * strides.line, elements, strides.element};
        for (std::size_t b = left / B::elements; b < block_count<B>(right); ++b) {
          blocks::inputs<B> x = kernels::scalar::load_inputs<B>(source, b);
          for (std::uint32_t& bits : x) {
            bits = blocks::prepared(bits, job);
          }
          parts.push_back({x, job.first_index + line * strides.line + b * B::elements * strides.element});
        }
      }
      const std::vector<B> tile = blocks::encode_tile<B>(parts, job, kernels::scalar::encode_with_scale<B>);
      auto block = tile.begin();
      for (std::size_t line = top; line < bottom; ++line) {
        for (std::size_t b = left / B::elements; b < block_count<B>(right); ++b) {
          matrix.row(line)[b] = *block++;
        }
      }
    }
  }
}

template <class B, class Element, class Run = on_this_thread>
void quantize_tiles(block_matrix<B>& matrix, std::span<const Element> values, std::size_t edge,
                    const quantize_options& options,
                    const char* function = "narrowfp::block_matrix::quantize_tiles", const Run& run = {}) {
  const isa set = dispatch::resolve(function, options.use);
  require_elements(function, "in", values.size(), matrix);
  require_edge<B>(function, edge);
  blocks::quantize_job job = checked_job<B>(function, options);
  if (job.as != recipe::native) {
    fail(function, "as", "must be recipe::native for tiles");
  }
  const kernel_elements in(values.data());
  job.index_stride = strides_of(matrix).element;
  run(lines_with_elements(matrix), edge, matrix.line_elements(), [&](std::size_t first, std::size_t count) {
    quantize_tile_lines(set, matrix, in.data(), edge, job, first, count);
  });
}

}  // namespace
}  // namespace detail

/// Owns the blocks of a rows x cols matrix whose elements are row-major.
///
/// A line is a row or, with block_axis::column, a column; each line has its own blocks, the last of them
/// completed with zeros. Stochastic element (r, c) draws by index first_index + r * cols + c.
template <class B>
class block_matrix {
  static_assert(block_type<B>, "narrowfp: block_matrix needs a block format");

 public:
  /// All blocks are zero bytes. Errors: more blocks than std::size_t can count.
  block_matrix(std::size_t rows, std::size_t cols, block_axis axis = block_axis::row)
      : rows_(rows), cols_(cols), axis_(axis) {
    const std::size_t per_line = blocks_per_row();
    if ((cols != 0 && rows > ~std::size_t{0} / cols) ||
        (per_line != 0 && lines() > ~std::size_t{0} / per_line / sizeof(B))) {
      detail::report("narrowfp::block_matrix", "rows * cols", "is more than std::size_t can count");
    }
    blocks_.resize(lines() * per_line);
  }

  /// @{
  /// As constructed.
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  [[nodiscard]] block_axis axis() const noexcept { return axis_; }
  /// @}
  /// Rows, or columns where the blocks run down them.
  [[nodiscard]] std::size_t lines() const noexcept { return axis_ == block_axis::row ? rows_ : cols_; }
  /// Elements of a line.
  [[nodiscard]] std::size_t line_elements() const noexcept {
    return axis_ == block_axis::row ? cols_ : rows_;
  }
  /// Blocks of a line.
  [[nodiscard]] std::size_t blocks_per_row() const noexcept { return block_count<B>(line_elements()); }

  /// @{
  /// The blocks of line r, which must be below lines().
  [[nodiscard]] std::span<B> row(std::size_t r) noexcept {
    return blocks().subspan(r * blocks_per_row(), blocks_per_row());
  }
  [[nodiscard]] std::span<const B> row(std::size_t r) const noexcept {
    return blocks().subspan(r * blocks_per_row(), blocks_per_row());
  }
  /// @}
  /// @{
  /// All blocks, line by line.
  [[nodiscard]] std::span<B> blocks() noexcept { return blocks_; }
  [[nodiscard]] std::span<const B> blocks() const noexcept { return blocks_; }
  /// @}

  // These run array kernels, so that no unit may use another's copy: always inlined.

  /// Quantizes rows() * cols() elements, row-major. Errors as narrowfp::quantize.
  template <detail::quantize_source In>
  NARROWFP_INLINE void quantize(const In& in, quantize_options options = {}) {
    detail::quantize_lines(*this, detail::as_const_span(in), nullptr, options);
  }
  /// The same with a tensor scale for each line, times options.tensor_scale (the product rounded once to
  /// float). Errors besides: not one for each of lines(), a scale or product that is not positive and finite.
  template <detail::quantize_source In, detail::float_range Scales>
  NARROWFP_INLINE void quantize(const In& in, const Scales& row_scales, quantize_options options = {}) {
    const std::span<const float> scales = detail::as_const_span(row_scales);
    detail::quantize_lines(*this, detail::as_const_span(in), &scales, options);
  }

  /// Dequantizes into rows() * cols() elements, row-major. Errors as narrowfp::dequantize.
  template <detail::dequantize_target Out>
  NARROWFP_INLINE void dequantize(Out&& out, dequantize_options options = {}) const {
    detail::dequantize_lines(*this, nullptr, detail::as_span(out), options);
  }
  /// The same with a tensor scale for each line, times options.tensor_scale, as quantize took them.
  template <detail::float_range Scales, detail::dequantize_target Out>
  NARROWFP_INLINE void dequantize(const Scales& row_scales, Out&& out,
                                  dequantize_options options = {}) const {
    const std::span<const float> scales = detail::as_const_span(row_scales);
    detail::dequantize_lines(*this, &scales, detail::as_span(out), options);
  }

  /// Quantizes with one scale for each edge x edge tile, written into every block of it; tiles at the
  /// right and lower ends are completed with zeros.
  ///
  /// Errors    as quantize; an edge that is not a multiple of B::elements; a recipe but native.
  template <detail::quantize_source In>
  NARROWFP_INLINE void quantize_tiles(const In& in, std::size_t edge = B::elements,
                                      quantize_options options = {}) {
    static_assert(B::bit_levels == 0, "narrowfp: tiles need a block format with a single scale");
    detail::quantize_tiles(*this, detail::as_const_span(in), edge, options);
  }

  /// The transposed matrix, the same values exactly, for blocks that quantize_tiles wrote.
  ///
  /// Errors    blocks of one tile that differ in scale: std::invalid_argument.
  [[nodiscard]] block_matrix transposed() const {
    static_assert(B::bit_levels == 0, "narrowfp: tiles need a block format with a single scale");
    block_matrix result(cols_, rows_, axis_);
    for (std::size_t line = 0; line < lines(); ++line) {
      for (std::size_t i = 0; i < line_elements(); ++i) {
        const B& from = row(line)[i / B::elements];
        B& to = result.row(i)[line / B::elements];
        if (line % B::elements == 0) {
          to.set_scale_code(from.scale_code(0, 0));
        } else if (to.scale_code(0, 0) != from.scale_code(0, 0)) {
          detail::report("narrowfp::block_matrix::transposed", "*this",
                         "has tiles whose blocks differ in scale: quantize it with quantize_tiles");
        }
        to.set_code(line % B::elements, from.code(i % B::elements));
      }
    }
    return result;
  }

  /// Whether shape, axis and all bytes are the same.
  friend bool operator==(const block_matrix&, const block_matrix&) = default;

 private:
  std::size_t rows_;
  std::size_t cols_;
  block_axis axis_;
  std::vector<B> blocks_;
};

}  // namespace narrowfp::inline v0

#include "detail/undef.hpp"
