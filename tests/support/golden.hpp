// Reads the vectors of tests/golden.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace support {

/// A CSV table: cells as text, columns by name.
class golden_table {
 public:
  /// `name` is relative to tests/golden. Throws if the file is missing, ragged or has no rows.
  explicit golden_table(const std::string& name);

  [[nodiscard]] std::size_t rows() const { return cells_.size(); }
  [[nodiscard]] bool has(const std::string& column) const { return columns_.count(column) != 0; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return names_; }
  [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const;
  [[nodiscard]] std::uint64_t hex(std::size_t row, const std::string& column) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> cells_;
};

/// The bytes of a file in tests/golden.
std::vector<std::uint8_t> golden_bytes(const std::string& name);

/// A little-endian 32-bit word.
std::uint32_t word_at(const std::vector<std::uint8_t>& bytes, std::size_t offset);

/// A golden format name and the library's.
struct golden_name {
  const char* golden;
  const char* library;

  friend void PrintTo(const golden_name& name, std::ostream* out) { *out << name.library; }
};
/// The formats of the directed and from_f64 files.
inline constexpr golden_name rounded_formats[] = {
    {"e4m3fn", "fp8_e4m3"},
    {"e5m2", "fp8_e5m2"},
    {"e3m4", "fp8_e3m4"},
    {"e4m3", "fp8_e4m3_ieee"},
    {"e4m3fnuz", "fp8_e4m3fnuz"},
    {"e5m2fnuz", "fp8_e5m2fnuz"},
    {"e4m3b11fnuz", "fp8_e4m3b11fnuz"},
    {"e3m2fn", "fp6_e3m2"},
    {"e2m3fn", "fp6_e2m3"},
    {"e2m1fn", "fp4_e2m1"},
    {"hif8", "hif8"},
};

}  // namespace support
