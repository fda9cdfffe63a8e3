// No call: what it costs to include pack.hpp. See ../include_cost.cmake.
#include <narrowfp/pack.hpp>
