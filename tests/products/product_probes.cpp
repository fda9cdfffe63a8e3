#include "product_probe.hpp"

#include <stdexcept>

namespace products {

const std::vector<pair_probe>& pairs() {
  static const std::vector<pair_probe> list = [] {
    std::vector<pair_probe> made;
    add_block_pairs(made);
    add_mixed_pairs(made);
    add_value_pairs(made);
    add_all_pairs(made);
    return made;
  }();
  return list;
}

const pair_probe& find_pair(const std::string& a, const std::string& b) {
  for (const pair_probe& pair : pairs()) {
    if (a == pair.a && b == pair.b) {
      return pair;
    }
  }
  throw std::invalid_argument("no pair " + a + " . " + b);
}

result result_named(const std::string& name) {
  for (const result out : all_results) {
    if (name == layout_of(out).name) {
      return out;
    }
  }
  throw std::invalid_argument("no type of results named " + name);
}

}  // namespace products
