// Fills a probe for one value type.
#pragma once

#include <bit>
#include <functional>
#include <string>

#include "probe.hpp"

namespace support {

template <class T>
T value_of(code c) {
  return T::from_bits(static_cast<typename T::code_type>(c));
}

template <class T>
struct probe_of {
  template <class Source, class Bits>
  static code convert(std::uint64_t bits, narrowfp::rounding mode, narrowfp::overflow policy,
                      std::uint32_t random_bits) {
    return narrowfp::round_to<T>(std::bit_cast<Source>(static_cast<Bits>(bits)), mode, policy, random_bits)
        .bits();
  }

  static ordering compare(code a, code b) {
    const auto order = value_of<T>(a) <=> value_of<T>(b);
    return order < 0    ? ordering::less
           : order > 0  ? ordering::greater
           : order == 0 ? ordering::equal
                        : ordering::unordered;
  }

  static bool relations_agree(code ca, code cb, ordering want) {
    const T a = value_of<T>(ca);
    const T b = value_of<T>(cb);
    return (a == b) == (want == ordering::equal) && (a != b) == (want != ordering::equal) &&
           (a < b) == (want == ordering::less) && (a > b) == (want == ordering::greater) &&
           (a <= b) == (want == ordering::less || want == ordering::equal) &&
           (a >= b) == (want == ordering::greater || want == ordering::equal);
  }
};

template <class T>
probe make_probe(std::string name) {
  using narrowfp::bfloat16;
  using narrowfp::float16;
  using p = probe_of<T>;
  probe result;
  result.name = std::move(name);
  result.width = T::format::width;
  result.is_signed = T::format::is_signed;
  result.from_f32 = &p::template convert<float, std::uint32_t>;
  result.from_f64 = &p::template convert<double, std::uint64_t>;
  result.from_f16 = &p::template convert<float16, std::uint16_t>;
  result.from_bf16 = &p::template convert<bfloat16, std::uint16_t>;
  result.from_i64 = &p::template convert<std::int64_t, std::uint64_t>;
  result.from_u64 = &p::template convert<std::uint64_t, std::uint64_t>;
  result.construct = [](std::uint32_t bits) -> code { return T(std::bit_cast<float>(bits)).bits(); };
  result.construct_f64 = [](std::uint64_t bits) -> code { return T(std::bit_cast<double>(bits)).bits(); };
  result.to_f32 = [](code c) { return std::bit_cast<std::uint32_t>(static_cast<float>(value_of<T>(c))); };
  result.to_f64 = [](code c) { return std::bit_cast<std::uint64_t>(static_cast<double>(value_of<T>(c))); };
  result.is_nan = [](code c) { return isnan(value_of<T>(c)); };
  result.is_inf = [](code c) { return isinf(value_of<T>(c)); };
  result.is_finite = [](code c) { return isfinite(value_of<T>(c)); };
  result.sign_bit = [](code c) { return signbit(value_of<T>(c)); };
  if constexpr (requires(T t) { -t; }) {
    result.negate = [](code c) -> code { return (-value_of<T>(c)).bits(); };
  }
  result.absolute = [](code c) -> code { return abs(value_of<T>(c)).bits(); };
  result.add = [](code a, code b) -> code { return (value_of<T>(a) + value_of<T>(b)).bits(); };
  result.subtract = [](code a, code b) -> code { return (value_of<T>(a) - value_of<T>(b)).bits(); };
  result.multiply = [](code a, code b) -> code { return (value_of<T>(a) * value_of<T>(b)).bits(); };
  result.divide = [](code a, code b) -> code { return (value_of<T>(a) / value_of<T>(b)).bits(); };
  result.copy_sign = [](code a, code b) -> code { return copysign(value_of<T>(a), value_of<T>(b)).bits(); };
  result.next_after = [](code a, code b) -> code { return nextafter(value_of<T>(a), value_of<T>(b)).bits(); };
  result.compare = &p::compare;
  result.relations_agree = &p::relations_agree;
  result.hash = [](code c) { return std::hash<T>{}(value_of<T>(c)); };
  return result;
}

}  // namespace support
