// Fills a kernel probe for one value type.
#pragma once

#include <cstring>
#include <span>

#include "kernel_probe.hpp"

namespace kernels {

template <class T, class S>
void pack_as(const void* in, void* out, std::size_t n, bool dense, narrowfp::pack_options options) {
  const std::span<const S> source(static_cast<const S*>(in), n);
  if (dense) {
    const std::span<std::byte> bytes(static_cast<std::byte*>(out), narrowfp::packed_size_bytes<T>(n));
    narrowfp::pack(source, narrowfp::packed_span<T>(bytes, n), options);
  } else {
    narrowfp::pack(source, std::span<T>(static_cast<T*>(out), n), options);
  }
}

template <class T, class S>
void unpack_as(const void* in, void* out, std::size_t n, bool dense, narrowfp::unpack_options options) {
  const std::span<S> target(static_cast<S*>(out), n);
  if (dense) {
    const std::span<const std::byte> bytes(static_cast<const std::byte*>(in),
                                           narrowfp::packed_size_bytes<T>(n));
    narrowfp::unpack(narrowfp::packed_span<const T>(bytes, n), target, options);
  } else {
    narrowfp::unpack(std::span<const T>(static_cast<const T*>(in), n), target, options);
  }
}

template <class T>
probe make_probe(std::string name) {
  return {std::move(name), static_cast<std::size_t>(T::format::width),
          [](scalar source, const void* in, void* out, std::size_t n, bool dense,
             narrowfp::pack_options options) {
            source == scalar::f32   ? pack_as<T, float>(in, out, n, dense, options)
            : source == scalar::f16 ? pack_as<T, narrowfp::float16>(in, out, n, dense, options)
                                    : pack_as<T, narrowfp::bfloat16>(in, out, n, dense, options);
          },
          [](scalar target, const void* in, void* out, std::size_t n, bool dense,
             narrowfp::unpack_options options) {
            target == scalar::f32   ? unpack_as<T, float>(in, out, n, dense, options)
            : target == scalar::f16 ? unpack_as<T, narrowfp::float16>(in, out, n, dense, options)
                                    : unpack_as<T, narrowfp::bfloat16>(in, out, n, dense, options);
          }};
}

// One translation unit each.
void append_fp8(std::vector<probe>& probes);
void append_small(std::vector<probe>& probes);
void append_scale_and_wide(std::vector<probe>& probes);
void append_user(std::vector<probe>& probes);

}  // namespace kernels
