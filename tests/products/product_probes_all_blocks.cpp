// All pairs of blocks.
#include "all_pairs.hpp"

namespace products {

void add_all_pairs_of_blocks(std::vector<pair_probe>& list) { add_pairs<block_types, block_types>(list); }

}  // namespace products
