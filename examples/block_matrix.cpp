// Blocks in a matrix: weights as MXFP4, in which no block straddles two rows, times a vector.
#include <iostream>
#include <narrowfp/narrowfp.hpp>
#include <numeric>
#include <vector>

using namespace narrowfp;

namespace {

constexpr std::size_t rows = 4, cols = 100;

// y = W x, one row unpacked at a time: the matrix stays small, the sums stay float.
std::vector<float> multiply(const block_matrix<mxfp4>& weights, const std::vector<float>& x) {
  std::vector<float> y, row(weights.cols());
  for (std::size_t r = 0; r < weights.rows(); ++r) {
    dequantize(weights.row(r), row);
    y.push_back(std::inner_product(row.begin(), row.end(), x.begin(), 0.0F));
  }
  return y;
}

}  // namespace

int main() {
  std::vector<float> weights(rows * cols);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(i * 7 % 13) - 6;  // -6 ... 6
  }

  block_matrix<mxfp4> small(rows, cols);
  small.quantize(weights);  // row-major; the last block of each row is completed with zeros
  std::cout << rows << " x " << cols << ": " << small.blocks_per_row() << " blocks a row, "
            << small.blocks().size_bytes() << " bytes for " << weights.size() * sizeof(float) << '\n';

  // Block 3 of row 2 begins with element 96 of that row.
  const mxfp4& block = small.row(2)[3];
  std::cout << "element (2, 96): " << weights[2 * cols + 96] << " became " << block[0] << " = code "
            << block.code(0) << " under scale code " << block.scale_code(0, 0) << '\n';

  std::vector<float> ones(cols, 1.0F);
  std::cout << "W times ones:";
  for (const float y : multiply(small, ones)) {
    std::cout << ' ' << y;
  }
  std::cout << '\n';
}
