// Dense layers that multiply packed weights by packed activations, without unpacking either.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"

namespace demo {

/// What a layer stores its weights in, and what it rounds the activations to that it reads.
struct format_pair {
  std::string weights;
  std::string activations;
  /// Makes the layer; refers to the bias alone.
  ///
  /// Each sum of products is exact and rounded once to float; the bias is added in float. Weights
  /// and activations are first rotated, along what the products sum over, by a Hadamard transform with random
  /// signs; the same on both sides, it leaves the products as they are. Its blocks of `rotation` elements
  /// divide the layer's inputs; 0: not rotated.
  std::function<dense_layer(const tensor& weight, std::span<const float> bias, std::size_t rotation)> layer;
};

/// Pairs that hardware multiplies or that servers of models use, the narrowest first.
std::vector<format_pair> format_pairs();

}  // namespace demo
