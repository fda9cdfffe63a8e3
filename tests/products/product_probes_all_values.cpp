// All pairs of values.
#include "all_pairs.hpp"

namespace products {

void add_all_pairs_of_values(std::vector<pair_probe>& list) { add_pairs<value_types, value_types>(list); }

}  // namespace products
