// The pairs of formats, and how a layer multiplies them.
#include "packed_layers.hpp"

#include <narrowfp/block_matrix.hpp>
#include <narrowfp/hadamard.hpp>
#include <narrowfp/products.hpp>
#include <type_traits>
#include <utility>

namespace demo {
namespace {

std::vector<float> rotated(std::span<const float> values, std::size_t block) {
  std::vector<float> result(values.begin(), values.end());
  if (block != 0) {
    narrowfp::hadamard(values, std::span(result), {.block = block, .random = true});
  }
  return result;
}

/// nvfp4's scales of blocks want values below 2688; the other formats reach all floats that occur here.
template <class B>
float tensor_scale_of(std::span<const float> values) {
  return std::is_same_v<B, narrowfp::nvfp4> ? narrowfp::nvfp4_tensor_scale(values) : 1.0F;
}

/// The rows of a matrix as a format holds them. A copy of the floats, where that is the format.
template <class T>
struct packed_rows {
  packed_rows(std::vector<float> values, std::size_t rows, std::size_t columns)
      : scales(rows), blocks(rows, columns) {
    for (std::size_t i = 0; i < rows; ++i) {
      scales[i] = tensor_scale_of<T>(std::span(values).subspan(i * columns, columns));
    }
    blocks.quantize(values, scales);
  }
  [[nodiscard]] narrowfp::matrix_view<T> view() const { return blocks; }

  std::vector<float> scales;  // tensor scales, one for each row
  narrowfp::block_matrix<T> blocks;
};

template <>
struct packed_rows<float> {
  packed_rows(std::vector<float> all, std::size_t row_count, std::size_t column_count)
      : values(std::move(all)), rows(row_count), columns(column_count) {}
  [[nodiscard]] narrowfp::matrix_view<float> view() const { return {values, rows, columns}; }

  std::vector<float> scales;  // none
  std::vector<float> values;
  std::size_t rows, columns;
};

/// A weight matrix in blocks, under one tensor scale.
template <class W>
struct packed_weight {
  packed_weight(const tensor& weight, std::size_t rotation) : blocks(weight.rows, weight.columns) {
    const std::vector<float> values = rotated(weight.values, rotation);
    scale = tensor_scale_of<W>(values);
    blocks.quantize(values, {.tensor_scale = scale});
  }

  float scale = 1;
  narrowfp::block_matrix<W> blocks;
};

template <class W, class X>
dense_layer packed_layer(const tensor& weight, std::span<const float> bias, std::size_t rotation) {
  return [weights = packed_weight<W>(weight, rotation), bias, rotation](
             std::span<const float> in, std::span<float> out, std::size_t count) {
    const packed_rows<X> activations(rotated(in, rotation), count, weights.blocks.cols());
    narrowfp::matrix_product(activations.view(), weights.blocks, out,
                             {.tensor_scale_b = weights.scale, .row_scales_a = activations.scales});
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] += bias[i % bias.size()];
    }
  };
}

template <class W, class X>
format_pair pair_of(const char* weights, const char* activations) {
  return {weights, activations, packed_layer<W, X>};
}

}  // namespace

std::vector<format_pair> format_pairs() {
  using namespace narrowfp;
  return {pair_of<hif4, hif4>("hif4", "hif4"),
          pair_of<nvfp4, nvfp4>("nvfp4", "nvfp4"),
          pair_of<mxfp4, mxfp8_e4m3>("mxfp4", "mxfp8_e4m3"),
          pair_of<mxfp4, float>("mxfp4", "float"),
          pair_of<mxfp8_e4m3, mxfp8_e4m3>("mxfp8_e4m3", "mxfp8_e4m3"),
          pair_of<mxint8, mxint8>("mxint8", "mxint8")};
}

}  // namespace demo
