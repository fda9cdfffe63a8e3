// The rows of dot, matrix_vector_product and matrix_product.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

struct product_settings {
  /// Distinct elements of an operand; the inputs of rows in cache move through them.
  std::size_t pool_elements = std::size_t{256} << 10;
  std::vector<std::size_t> cache_elements = {256, 4096, 65536};
  std::size_t memory_elements = std::size_t{64} << 20;  ///< of a dot product or a matrix; 0: no such rows
  std::size_t matrix_rows = 32;
  std::size_t matrix_cols = 4096;  ///< elements of a row
};

product_settings& current_product_settings();

/// A product with its operands in place.
struct product {
  std::size_t elements = 0;        ///< products of two elements
  std::size_t bytes = 0;           ///< of both operands
  std::function<void()> run;       ///< by the library
  std::function<void()> left;      ///< dequantized by the library to float, then multiplied and added there
  std::function<void()> read;      ///< only the bytes
  std::function<void()> next;      ///< puts other operands in place; none in memory
  std::function<bool()> is_right;  ///< what `run` wrote are the scalar path's bits
};

struct product_row {
  std::string name;
  std::function<product()> make;
};

/// Appends the rows of every pair of formats, shape and instruction set that this machine has.
void add_product_rows(std::vector<product_row>& rows);

}  // namespace bench
