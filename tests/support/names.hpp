// What tests call rounding modes and overflow policies in their messages.
#pragma once

#include <narrowfp/types.hpp>

namespace support {

inline const char* name_of(narrowfp::rounding mode) {
  using narrowfp::rounding;
  switch (mode) {
    case rounding::native:
      return "native";
    case rounding::nearest_even:
      return "nearest_even";
    case rounding::nearest_away:
      return "nearest_away";
    case rounding::toward_zero:
      return "toward_zero";
    case rounding::toward_positive:
      return "toward_positive";
    case rounding::toward_negative:
      return "toward_negative";
    case rounding::to_odd:
      return "to_odd";
    case rounding::stochastic:
      return "stochastic";
    case rounding::hybrid:
      return "hybrid";
  }
  return "?";
}
inline const char* name_of(narrowfp::overflow policy) {
  return policy == narrowfp::overflow::native ? "native overflow" : "saturate";
}

}  // namespace support
