// Every type of GGUF's blocks that the program reads: a file of the blocks of tests/golden/layouts, with the
// values that gguf-py gave.
#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "readers.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

struct blocks_of_type {
  std::string bytes;
  std::vector<std::uint32_t> values;  // bits
};

/// The rows of tests/golden/layouts/ggml.csv by type; `type,kind,block,y_f32`.
std::map<std::string, blocks_of_type> golden_blocks() {
  std::ifstream file(std::string(CHECKPOINT_GOLDEN) + "/layouts/ggml.csv");
  std::map<std::string, blocks_of_type> types;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string type, kind, block, values;
    std::getline(cells, type, ',');
    std::getline(cells, kind, ',');
    std::getline(cells, block, ',');
    std::getline(cells, values, ',');
    blocks_of_type& all = types[type];
    for (std::size_t i = 0; i < block.size(); i += 2) {
      all.bytes += static_cast<char>(std::stoul(block.substr(i, 2), nullptr, 16));
    }
    for (std::size_t i = 0; i < values.size(); i += 8) {
      all.values.push_back(static_cast<std::uint32_t>(std::stoul(values.substr(i, 8), nullptr, 16)));
    }
  }
  return types;
}

std::string number(std::uint64_t n, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += static_cast<char>(n >> 8 * i & 0xFF);
  }
  return text;
}

bool same(float got, std::uint32_t want) {
  return std::bit_cast<std::uint32_t>(got) == want ||
         (std::isnan(got) && std::isnan(std::bit_cast<float>(want)));
}

TEST(GgufTypes, have_the_values_that_gguf_py_gives) {
  const std::map<std::string, std::uint32_t> ids = {
      {"Q4_0", 2},  {"Q4_1", 3},  {"Q5_0", 6},  {"Q5_1", 7},    {"Q8_0", 8},    {"Q2_K", 10},  {"Q3_K", 11},
      {"Q4_K", 12}, {"Q5_K", 13}, {"Q6_K", 14}, {"IQ4_NL", 20}, {"IQ4_XS", 23}, {"MXFP4", 39}, {"NVFP4", 40}};
  const auto types = golden_blocks();
  ASSERT_EQ(types.size(), ids.size());
  std::string header = "GGUF" + number(3, 4) + number(types.size(), 8) + number(0, 8);
  std::string data;
  for (const auto& [name, blocks] : types) {
    header += number(name.size(), 8) + name + number(1, 4) + number(blocks.values.size(), 8) +
              number(ids.at(name), 4) + number(data.size(), 8);
    data += blocks.bytes;
    data.resize((data.size() + 31) / 32 * 32);
  }
  header.resize((header.size() + 31) / 32 * 32);
  const folder scratch;
  const checkpoint::model read = checkpoint::read_model(scratch.file("types.gguf", header + data), "");
  ASSERT_EQ(read.parameters.size(), types.size());
  for (const checkpoint::parameter& p : read.parameters) {
    const std::vector<std::uint32_t>& want = types.at(p.name).values;
    EXPECT_EQ(p.format, p.name);
    ASSERT_EQ(p.elements, want.size()) << p.name;
    for (std::size_t first = 0, n = 1; first < want.size(); first += n, n = n * 5 % 997) {
      std::vector<float> got(std::min(n, want.size() - first));
      p.values->read(first, got);
      for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_TRUE(same(got[i], want[first + i])) << p.name << ", element " << first + i << ": " << got[i];
      }
    }
  }
}

}  // namespace
}  // namespace checkpoint_test
