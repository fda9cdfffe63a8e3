// Fills an array probe for one value type.
#pragma once

#include <span>
#include <string>

#include "array_probe.hpp"

namespace support {

/// Calls f with an object of the element type.
template <class F>
void with_scalar(scalar s, F f) {
  switch (s) {
    case scalar::f32:
      return f(float{});
    case scalar::f64:
      return f(double{});
    case scalar::f16:
      return f(narrowfp::float16{});
    default:
      return f(narrowfp::bfloat16{});
  }
}

template <class T>
array_probe make_array_probe(std::string name) {
  using narrowfp::packed_size_bytes;
  using narrowfp::packed_span;
  return {std::move(name), static_cast<std::size_t>(T::format::width),
          [](scalar source, const void* in, void* out, std::size_t n, bool dense,
             narrowfp::pack_options options) {
            with_scalar(source, [&]<class S>(S) {
              const std::span<const S> elements(static_cast<const S*>(in), n);
              if (dense) {
                const std::span bytes(static_cast<std::byte*>(out), packed_size_bytes<T>(n));
                narrowfp::pack(elements, packed_span<T>(bytes, n), options);
              } else {
                narrowfp::pack(elements, std::span<T>(static_cast<T*>(out), n), options);
              }
            });
          },
          [](scalar target, const void* in, void* out, std::size_t n, bool dense,
             narrowfp::unpack_options options) {
            with_scalar(target, [&]<class S>(S) {
              const std::span<S> elements(static_cast<S*>(out), n);
              if (dense) {
                const std::span bytes(static_cast<const std::byte*>(in), packed_size_bytes<T>(n));
                narrowfp::unpack(packed_span<const T>(bytes, n), elements, options);
              } else {
                narrowfp::unpack(std::span<const T>(static_cast<const T*>(in), n), elements, options);
              }
            });
          }};
}

}  // namespace support
