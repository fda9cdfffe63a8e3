#include "inputs.hpp"

#include <algorithm>

namespace support {
namespace {

std::vector<oracle::dyadic> boundaries(const oracle::format& f, std::size_t stride) {
  std::vector<oracle::dyadic> all;
  const auto& grid = f.grid;
  const auto near_an_end = [&](std::size_t i) { return i < 20 || i + 20 >= grid.size(); };
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (i % stride != 0 && !near_an_end(i)) {
      continue;
    }
    const oracle::dyadic next = i + 1 < grid.size() ? grid[i + 1].magnitude : f.beyond;
    all.push_back(grid[i].magnitude);
    all.push_back(oracle::scaled(grid[i].magnitude + next, -1));
    // Where stochastic rounding has a threshold of few bits.
    all.push_back(grid[i].magnitude + oracle::scaled(next - grid[i].magnitude, -2));
  }
  const oracle::dyadic smallest = f.has_zero() ? grid[1].magnitude : grid[0].magnitude;
  for (int n = 1; n <= 40; n += n < 6 ? 1 : 7) {
    all.push_back(oracle::scaled(smallest, -n));
    all.push_back(oracle::scaled(smallest * oracle::dyadic{3, 0}, -n));
  }
  for (const int n : {0, 1, 2, 9}) {
    all.push_back(oracle::scaled(f.beyond, n));
  }
  return all;
}

}  // namespace

std::vector<std::uint64_t> boundary_inputs(const oracle::format& f, const oracle::source_layout& source,
                                           std::size_t stride) {
  std::vector<std::uint64_t> magnitudes;
  const std::uint64_t infinity = source.infinity();
  const auto add_around = [&](std::uint64_t bits) {
    for (std::uint64_t x = bits < 2 ? 0 : bits - 2; x <= bits + 3 && x < infinity; ++x) {
      magnitudes.push_back(x);
    }
  };
  for (const oracle::dyadic& x : boundaries(f, stride)) {
    add_around(source.at_or_below(x));
  }
  add_around(0);
  add_around(std::uint64_t{1} << source.fraction_bits);
  add_around(infinity - 1);
  const std::uint64_t quiet = std::uint64_t{1} << (source.fraction_bits - 1);
  for (const std::uint64_t payload : {std::uint64_t{0}, std::uint64_t{1}, quiet, quiet + 1, quiet / 2,
                                      quiet / 2 + quiet / 4, 2 * quiet - 1, quiet / 8 * 5 + 3}) {
    magnitudes.push_back(infinity + payload);  // payload 0 is infinity itself
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  magnitudes.erase(std::unique(magnitudes.begin(), magnitudes.end()), magnitudes.end());
  std::vector<std::uint64_t> inputs = magnitudes;
  for (const std::uint64_t x : magnitudes) {
    inputs.push_back(x | source.sign_bit());
  }
  return inputs;
}

}  // namespace support
