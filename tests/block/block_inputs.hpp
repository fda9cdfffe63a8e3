// Blocks on which a quantizer can go wrong, made from the oracle's facts of the format.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "block_oracle.hpp"

namespace block_test {

/// Finite float patterns: ties of elements and their neighbours, thresholds of bits, scales at every
/// rounding boundary, powers of two and what is next to them, subnormals, huge values, outliers, zeros of
/// both signs, normal and uniform data.
std::vector<std::uint32_t> adversarial_block(const oracle::block_facts& facts, std::mt19937_64& random);

}  // namespace block_test
