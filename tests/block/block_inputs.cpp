#include "block_inputs.hpp"

#include <algorithm>
#include <bit>

namespace block_test {
namespace {

using oracle::block_facts;
using oracle::dyadic;

constexpr std::uint32_t sign = 0x80000000;
constexpr std::uint32_t largest_finite = 0x7F7FFFFF;

std::uint64_t below(std::mt19937_64& random, std::uint64_t n) { return random() % n; }

/// A pattern a few units in the last place away; stays finite and positive.
std::uint32_t nearby(std::uint32_t pattern, std::mt19937_64& random) {
  static constexpr std::int64_t steps[] = {0, 0, 0, 1, -1, 2, -2, 3};
  const std::int64_t moved = std::int64_t{pattern} + steps[below(random, 8)];
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(moved, 0, largest_finite));
}

/// a / b to 60 bits: its nearest float is the exact one or a neighbour.
dyadic quotient(const dyadic& a, const dyadic& b) {
  return {(a.significand << 60) / b.significand, a.exponent - 60 - b.exponent};
}

/// Something that decides: a magnitude, a middle of two, or a threshold of a bit.
dyadic boundary(const block_facts& facts, std::mt19937_64& random) {
  const auto& grid = facts.magnitude;
  const std::size_t k = 1 + below(random, grid.size() - 1);
  dyadic x = below(random, 4) == 0 ? grid[k] : oracle::scaled(grid[k - 1] + grid[k], -1);
  if (!facts.levels.empty()) {
    const std::uint64_t choice = below(random, 4);
    if (choice < facts.levels.size()) {
      x = dyadic{1, facts.levels[choice].threshold};
    }
    x = oracle::scaled(x, static_cast<int>(below(random, facts.levels.size() + 1)));
  }
  return x;
}

/// Undoes the scaling of a boundary.
std::uint32_t unscaled(const block_facts& facts, const dyadic& boundary, const dyadic& scale) {
  return facts.scale == oracle::block_scale::e6m2
             ? oracle::nearest_float(quotient(boundary, oracle::bfloat16_reciprocal(scale)))
             : oracle::nearest_float(boundary * scale);
}

/// A largest magnitude at which the choice of the scale turns.
std::uint32_t turning_amax(const block_facts& facts, const dyadic& scale, const dyadic& next_scale,
                           std::mt19937_64& random) {
  const dyadic top = oracle::scaled(facts.largest(), static_cast<int>(facts.levels.size()));
  switch (below(random, 4)) {
    case 0:  // exactly the largest element
      return oracle::nearest_float(top * scale);
    case 1: {  // between two scales
      const dyadic middle = oracle::scaled(scale + next_scale, -1);
      return facts.scale == oracle::block_scale::e6m2
                 ? oracle::nearest_float(quotient(middle, dyadic{0x92, -10}))
                 : oracle::nearest_float(middle * top);
    }
    case 2:  // a power of two
      return oracle::nearest_float(dyadic{1, oracle::binade_of(top * scale)});
    default:  // anything that the scale covers
      return oracle::nearest_float(top * scale) - static_cast<std::uint32_t>(below(random, 1U << 22));
  }
}

std::vector<std::uint32_t> at_boundaries(const block_facts& facts, std::mt19937_64& random) {
  const std::uint64_t codes = facts.scale == oracle::block_scale::exponent  ? 0xF8
                              : facts.scale == oracle::block_scale::float16 ? 0x7BFE
                                                                            : 0x7C;
  const auto code = static_cast<std::uint32_t>(1 + below(random, codes));
  const dyadic scale = *oracle::scale_value(facts.scale, code);
  const dyadic next = *oracle::scale_value(facts.scale, code + 1);
  const std::uint32_t amax =
      std::min(nearby(turning_amax(facts, scale, next, random), random), largest_finite);
  std::vector<std::uint32_t> x;
  for (int i = 0; i < facts.elements; ++i) {
    // Now and then for the neighbouring scale, which may be the one that is chosen.
    const dyadic& used = below(random, 8) == 0 ? next : scale;
    x.push_back(std::min(nearby(unscaled(facts, boundary(facts, random), used), random), amax));
  }
  x[below(random, x.size())] = amax;
  return x;
}

}  // namespace

std::vector<std::uint32_t> adversarial_block(const block_facts& facts, std::mt19937_64& random) {
  const auto n = static_cast<std::size_t>(facts.elements);
  std::vector<std::uint32_t> x(n);
  const auto fill = [&](const auto& make) {
    for (std::uint32_t& element : x) {
      element = make();
    }
  };
  const std::uint64_t kind = below(random, 16);
  const int exponent = static_cast<int>(below(random, 60)) - 30;
  if (kind < 7) {
    x = at_boundaries(facts, random);
  } else if (kind < 10) {
    std::normal_distribution<float> normal(0, static_cast<float>(1U << below(random, 20)) * 0x1p-14F);
    fill([&] { return std::bit_cast<std::uint32_t>(normal(random)) & ~sign; });
  } else if (kind == 10) {
    fill([&] { return static_cast<std::uint32_t>(below(random, 0x7F800000)); });
  } else if (kind == 11) {  // a narrow range of binades
    const auto field = static_cast<std::uint32_t>(120 + exponent);
    fill([&] {
      return static_cast<std::uint32_t>((field + below(random, 4)) << 23 | below(random, 1U << 23));
    });
  } else if (kind == 12) {  // subnormals
    const std::uint64_t limit = std::uint64_t{2} << below(random, 24);
    fill([&] { return static_cast<std::uint32_t>(below(random, limit)); });
  } else if (kind == 13) {  // huge
    fill(
        [&] { return static_cast<std::uint32_t>((250 + below(random, 5)) << 23 | below(random, 1U << 23)); });
  } else if (kind == 14) {  // one outlier
    fill(
        [&] { return static_cast<std::uint32_t>((100 + below(random, 3)) << 23 | below(random, 1U << 23)); });
    x[below(random, n)] = static_cast<std::uint32_t>(below(random, 0x7F800000));
  } else {  // powers of two and zeros
    fill([&] {
      return below(random, 3) == 0 ? 0U
                                   : nearby(static_cast<std::uint32_t>(below(random, 255)) << 23, random);
    });
  }
  for (std::uint32_t& element : x) {
    element = (element > largest_finite ? largest_finite : element) | (below(random, 2) != 0 ? sign : 0);
  }
  return x;
}

}  // namespace block_test
