// One call of dot: what a translation unit with it costs. See ../include_cost.cmake.
#include <narrowfp/products.hpp>

float dot_one(std::span<const narrowfp::nvfp4> a, std::span<const narrowfp::nvfp4> b) {
  return narrowfp::dot(a, b);
}
