#include "golden.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) {
    cells.push_back(cell);
  }
  return cells;
}

std::string path_of(const std::string& name) { return std::string(NARROWFP_TEST_GOLDEN) + "/" + name; }

}  // namespace

golden_table::golden_table(const std::string& name) {
  std::ifstream file(path_of(name));
  std::string line;
  if (!std::getline(file, line)) {
    throw std::runtime_error("cannot read " + path_of(name));
  }
  names_ = split(line);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    columns_[names_[i]] = i;
  }
  while (std::getline(file, line)) {
    cells_.push_back(split(line));
    if (cells_.back().size() != names_.size()) {
      throw std::runtime_error(path_of(name) + ": a row has the wrong number of cells: " + line);
    }
  }
  if (cells_.empty()) {
    throw std::runtime_error(path_of(name) + " has no rows");
  }
}

const std::string& golden_table::text(std::size_t row, const std::string& column) const {
  return cells_.at(row).at(columns_.at(column));
}

std::uint64_t golden_table::hex(std::size_t row, const std::string& column) const {
  return std::stoull(text(row, column), nullptr, 16);
}

std::vector<std::uint8_t> golden_bytes(const std::string& name) {
  std::ifstream file(path_of(name), std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (bytes.empty()) {
    throw std::runtime_error("cannot read " + path_of(name));
  }
  return bytes;
}

std::uint32_t word_at(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word |= std::uint32_t{bytes.at(offset + i)} << (8 * i);
  }
  return word;
}

}  // namespace support
