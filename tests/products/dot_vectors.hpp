// The rows of tests/golden/dot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace products {

struct dot_row {
  std::string kind;  ///< of row
  std::size_t n = 0;
  std::vector<std::uint8_t> a, b;
  std::uint32_t tensor_a = 0, tensor_b = 0;  ///< bits of floats
  std::uint64_t as_float = 0, as_double = 0, as_bfloat16 = 0;
};

/// The rows of one file.
struct dot_file {
  const char* a;
  const char* b;

  [[nodiscard]] std::string name() const { return std::string(a) + '_' + b; }
  [[nodiscard]] std::vector<dot_row> rows() const;
};

inline constexpr dot_file dot_files[] = {
    {"fp8_e4m3", "fp8_e4m3"},
    {"fp8_e5m2", "fp8_e5m2"},
    {"hif8", "hif8"},
    {"hif4", "bfloat16"},
    {"hif4", "hif4"},
    {"mxfp4", "bfloat16"},
    {"mxfp4", "float"},
    {"mxfp4", "mxfp4"},
    {"mxfp4", "mxfp8_e4m3"},
    {"mxfp4", "mxint8"},
    {"mxfp6_e2m3", "mxfp6_e2m3"},
    {"mxfp8_e4m3", "mxfp8_e4m3"},
    {"mxfp8_e5m2", "mxfp8_e4m3"},
    {"mxint8", "mxint8"},
    {"nvfp4", "fp8_e4m3"},
    {"nvfp4", "mxint8"},
    {"nvfp4", "nvfp4"},
};

/// A row of extra.csv: a matrix-vector product of one row.
struct extra_row {
  std::string a_type, b_type;
  std::size_t n = 0;
  std::vector<std::uint8_t> a, b;
  std::uint32_t tensor_a = 0, tensor_b = 0, row_a = 0, row_b = 0;  ///< bits of floats
  bool accumulate = false;
  std::string out;
  std::uint64_t y = 0, result = 0;  ///< bits of that type
};

std::vector<extra_row> extra_rows();

}  // namespace products
