// Fills an array probe for one value type.
#pragma once

#include <bit>
#include <cstring>
#include <span>
#include <string>

#include "array_probe.hpp"

namespace support {

template <class X, class Bits>
std::vector<X> from_bits(const bit_vector& bits) {
  std::vector<X> values;
  values.reserve(bits.size());
  for (const std::uint64_t b : bits) {
    values.push_back(std::bit_cast<X>(static_cast<Bits>(b)));
  }
  return values;
}

template <class Bits, class X>
bit_vector to_bits(const std::vector<X>& values) {
  bit_vector bits;
  bits.reserve(values.size());
  for (const X x : values) {
    bits.push_back(std::bit_cast<Bits>(x));
  }
  return bits;
}

/// Calls f with an object of the element type and one of the integer type of its bits.
template <class F>
auto with_scalar(scalar s, F f) {
  switch (s) {
    case scalar::f32:
      return f(float{}, std::uint32_t{});
    case scalar::f64:
      return f(double{}, std::uint64_t{});
    case scalar::f16:
      return f(narrowfp::float16{}, std::uint16_t{});
    default:
      return f(narrowfp::bfloat16{}, std::uint16_t{});
  }
}

template <class T>
array_probe make_array_probe(std::string name) {
  using narrowfp::packed_span;
  using narrowfp::packed_vector;
  using code_type = typename T::code_type;
  array_probe p;
  p.name = std::move(name);
  p.width = T::format::width;
  p.pack = [](scalar source, const bit_vector& in, narrowfp::pack_options options) {
    return with_scalar(source, [&](auto element, auto bits) {
      std::vector<T> out(in.size());
      narrowfp::pack(from_bits<decltype(element), decltype(bits)>(in), out, options);
      return to_bits<code_type>(out);
    });
  };
  p.pack_dense = [](scalar source, const bit_vector& in, narrowfp::pack_options options) {
    return with_scalar(source, [&](auto element, auto bits) {
      packed_vector<T> out(in.size());
      narrowfp::pack(from_bits<decltype(element), decltype(bits)>(in), out, options);
      std::vector<std::uint8_t> bytes(out.bytes().size());
      std::memcpy(bytes.data(), out.bytes().data(), bytes.size());
      return bytes;
    });
  };
  p.unpack = [](scalar target, const bit_vector& codes, narrowfp::unpack_options options) {
    return with_scalar(target, [&](auto element, auto bits) {
      std::vector<decltype(element)> out(codes.size());
      narrowfp::unpack(from_bits<T, code_type>(codes), out, options);
      return to_bits<decltype(bits)>(out);
    });
  };
  p.unpack_dense = [](scalar target, const std::vector<std::uint8_t>& bytes, std::size_t n,
                      narrowfp::unpack_options options) {
    return with_scalar(target, [&](auto element, auto bits) {
      std::vector<decltype(element)> out(n);
      narrowfp::unpack(packed_span<const T>(std::as_bytes(std::span(bytes)), n), out, options);
      return to_bits<decltype(bits)>(out);
    });
  };
  return p;
}

}  // namespace support
