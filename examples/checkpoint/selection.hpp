// Which parameters are converted, and which of them share a scale.
#pragma once

#include <string>
#include <vector>

#include "parameter.hpp"

namespace checkpoint {

/// Whether a shell pattern such as "*.self_attn.*" matches the whole name.
bool matches(const std::string& name, const std::vector<std::string>& patterns);

/// Why a parameter is kept unless it is asked for: an embedding, a norm, a bias, a router, a head, a scale, a
/// vector, no floats. Empty: it is a weight of a linear or convolution layer.
std::string reason_to_keep(const parameter& p);

/// The matrix that blocks run along: experts as they are, convolutions as output channels by the rest.
std::vector<std::uint64_t> matrix_shape(const parameter& p);
/// The last axis of that.
std::uint64_t matrix_row_length(const parameter& p);

/// A name that fused projections have in common, which loaders give one scale: q, k and v, gate and up. Other
/// parameters have their own name.
std::string fused_group(const std::string& name);

}  // namespace checkpoint
