// A linear layer whose weights and activations stay packed: y = W x + bias in NVFP4. Each element is an exact
// sum that is rounded once, so any number of threads gives the same bits.
#include <algorithm>
#include <cstring>
#include <iostream>
#include <narrowfp/narrowfp.hpp>
#include <thread>
#include <vector>

using namespace narrowfp;

namespace {

constexpr std::size_t rows = 500, cols = 1000;  // 62.5 blocks a row: the last one is completed with zeros

struct linear {
  block_matrix<nvfp4> weights;
  float tensor_scale;
  std::vector<float> bias;
};

/// Rows begin .. begin + count - 1 of y.
void compute_rows(const linear& layer, std::span<const nvfp4> x, float scale_of_x, std::size_t begin,
                  std::span<float> y) {
  std::copy_n(layer.bias.begin() + static_cast<std::ptrdiff_t>(begin), y.size(), y.begin());
  matrix_vector_product(matrix_view(layer.weights).rows(begin, y.size()), x, y,
                        {.tensor_scale_a = layer.tensor_scale,
                         .tensor_scale_b = scale_of_x,
                         .accumulate = true});  // the bias is one more term of the sum
}

std::vector<float> compute(const linear& layer, std::span<const nvfp4> x, float scale_of_x,
                           unsigned threads) {
  std::vector<float> y(rows);
  const std::size_t share = (rows + threads - 1) / threads;
  std::vector<std::jthread> workers;
  for (std::size_t begin = 0; begin < rows; begin += share) {
    const std::span<float> part = std::span(y).subspan(begin, std::min(share, rows - begin));
    workers.emplace_back(
        [&layer, x, scale_of_x, begin, part] { compute_rows(layer, x, scale_of_x, begin, part); });
  }
  workers.clear();  // joins
  return y;
}

/// -1000 to 1000, in no order, times a scale.
std::vector<float> some_values(std::size_t count, std::size_t factor, float scale) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(static_cast<int>(i * factor % 2001) - 1000) * scale;
  }
  return values;
}

}  // namespace

int main() {
  const std::vector<float> weights = some_values(rows * cols, 1103515, 0x1p-15F);
  linear layer = {block_matrix<nvfp4>(rows, cols), nvfp4_tensor_scale(weights),
                  some_values(rows, 7, 0x1p-9F)};
  layer.weights.quantize(weights, {.tensor_scale = layer.tensor_scale});

  const std::vector<float> activations = some_values(cols, 1299709, 0x1p-9F);
  const float scale_of_x = nvfp4_tensor_scale(activations);
  std::vector<nvfp4> x(block_count<nvfp4>(cols));
  quantize(activations, x, {.tensor_scale = scale_of_x});

  const std::vector<float> alone = compute(layer, x, scale_of_x, 1);
  std::cout << rows << " x " << cols << ": W is " << layer.weights.blocks().size_bytes() << " bytes, x "
            << x.size() * sizeof(nvfp4) << "\ny begins " << alone[0] << ' ' << alone[1] << ' ' << alone[2]
            << '\n';
  for (const unsigned threads : {2U, 8U}) {
    const std::vector<float> together = compute(layer, x, scale_of_x, threads);
    const bool is_same = std::memcmp(together.data(), alone.data(), rows * sizeof(float)) == 0;
    std::cout << threads << " threads: " << (is_same ? "same" : "other") << " bits\n";
  }
}
