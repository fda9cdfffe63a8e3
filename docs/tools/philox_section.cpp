// The random draws of stochastic rounding, for those who write the generator anew.
#include <narrowfp/core/philox.hpp>

#include "sections.hpp"
#include "text.hpp"

namespace docs {

std::string philox_draws() {
  markdown_table table({"Seed", "n = 0", "1", "2", "3", "4", "5"});
  for (const std::uint64_t seed : {0ULL, 1ULL, 0x123456789ABCDEF0ULL}) {
    std::vector<std::string> row = {seed < 10 ? std::to_string(seed)
                                              : code_text(static_cast<std::uint32_t>(seed >> 32), 32) +
                                                    code_text(static_cast<std::uint32_t>(seed), 32)};
    for (std::uint64_t index = 0; index < 6; ++index) {
      row.push_back(code_text(narrowfp::core::draw(seed, index), 32));
    }
    table.add(row);
  }
  return table.text();
}

}  // namespace docs
