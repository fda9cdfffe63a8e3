#include "product_probe.hpp"

#include <algorithm>
#include <stdexcept>

namespace products {

const std::vector<pair_probe>& pairs() {
  static const std::vector<pair_probe> list = [] {
    std::vector<pair_probe> all;
    for (const auto add : {add_vector_pairs, add_mixed_vector_pairs, add_user_pairs, add_all_pairs_of_values,
                           add_all_pairs_of_blocks, add_all_pairs_of_both}) {
      add(all);
    }
    std::vector<pair_probe> made;
    for (const pair_probe& pair : all) {
      const auto is_same = [&](const pair_probe& other) { return pair.name() == other.name(); };
      if (std::none_of(made.begin(), made.end(), is_same)) {
        made.push_back(pair);
      }
    }
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
