// The second unit of before_main.
#include "hash.hpp"

extern const std::uint64_t other_hash;
extern const narrowfp::isa other_best;
const std::uint64_t other_hash = concurrency::hash_of_calls(3);
const narrowfp::isa other_best = narrowfp::best_isa();
