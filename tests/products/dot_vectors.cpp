#include "dot_vectors.hpp"

#include "support/golden.hpp"

namespace products {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& hex) {
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

std::vector<dot_row> dot_file::rows() const {
  const support::golden_table table("dot/dot_" + name() + ".csv");
  std::vector<dot_row> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto hex = [&](const char* column) { return table.hex(row, column); };
    rows.push_back({.kind = table.text(row, "case"),
                    .n = std::stoul(table.text(row, "n")),
                    .a = bytes_of(table.text(row, "a")),
                    .b = bytes_of(table.text(row, "b")),
                    .tensor_a = static_cast<std::uint32_t>(hex("ta")),
                    .tensor_b = static_cast<std::uint32_t>(hex("tb")),
                    .as_float = hex("float"),
                    .as_double = hex("double"),
                    .as_bfloat16 = hex("bfloat16")});
  }
  return rows;
}

std::vector<extra_row> extra_rows() {
  const support::golden_table table("dot/extra.csv");
  std::vector<extra_row> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto hex = [&](const char* column) { return table.hex(row, column); };
    const auto word = [&](const char* column) { return static_cast<std::uint32_t>(hex(column)); };
    rows.push_back({.a_type = table.text(row, "a_type"),
                    .b_type = table.text(row, "b_type"),
                    .n = std::stoul(table.text(row, "n")),
                    .a = bytes_of(table.text(row, "a")),
                    .b = bytes_of(table.text(row, "b")),
                    .tensor_a = word("ta"),
                    .tensor_b = word("tb"),
                    .row_a = word("row_a"),
                    .row_b = word("row_b"),
                    .accumulate = table.text(row, "accumulate") == "1",
                    .out = table.text(row, "out"),
                    .y = hex("y"),
                    .result = hex("result")});
  }
  return rows;
}

}  // namespace products
