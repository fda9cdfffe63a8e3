// All pairs of a block and a value.
#include "all_pairs.hpp"

namespace products {

void add_all_pairs_of_both(std::vector<pair_probe>& list) { add_pairs<block_types, value_types>(list); }

}  // namespace products
