// The calls of one value format.
#pragma once

#include <concepts>

#include "library.hpp"

namespace peers {

inline narrowfp::pack_options pack_options_of(const options& o) {
  return {.round = static_cast<narrowfp::rounding>(o.round),
          .over = static_cast<narrowfp::overflow>(o.over),
          .scale = o.scale,
          .seed = o.seed,
          .first_index = o.first_index,
          .use = static_cast<narrowfp::isa>(o.use)};
}

/// Calls function with a null pointer of the array's type.
template <class Function>
bool with_scalar(scalar s, Function function) {
  switch (s) {
    case scalar::float32:
      return function(static_cast<float*>(nullptr));
    case scalar::float64:
      return function(static_cast<double*>(nullptr));
    case scalar::bfloat16:
      return function(static_cast<narrowfp::bfloat16*>(nullptr));
    case scalar::float16:
      return function(static_cast<narrowfp::float16*>(nullptr));
    case scalar::int32:
      return function(static_cast<std::int32_t*>(nullptr));
    case scalar::int64:
      return function(static_cast<std::int64_t*>(nullptr));
  }
  return false;
}

template <class T>
struct calls_of {
  static bool pack(scalar from, const void* in, void* codes, std::size_t n, const options& o) {
    return with_scalar(from, [&]<class S>(S*) {
      narrowfp::pack(std::span<const S>(static_cast<const S*>(in), n),
                     std::span<T>(static_cast<T*>(codes), n), pack_options_of(o));
      return true;
    });
  }

  static bool unpack(const void* codes, scalar to, void* out, std::size_t n, const options& o) {
    return with_scalar(to, [&]<class S>(S*) {
      if constexpr (std::integral<S>) {
        return false;  // no target of unpack
      } else {
        narrowfp::unpack(std::span<const T>(static_cast<const T*>(codes), n),
                         std::span<S>(static_cast<S*>(out), n),
                         {.scale = o.scale, .use = static_cast<narrowfp::isa>(o.use)});
        return true;
      }
    });
  }

  template <class S>
  static bool round_from(const void* in, const std::uint32_t* random, void* codes, std::size_t n,
                         const options& o) {
    const auto* values = static_cast<const S*>(in);
    auto* results = static_cast<T*>(codes);
    for (std::size_t i = 0; i < n; ++i) {
      results[i] =
          narrowfp::round_to<T>(values[i], static_cast<narrowfp::rounding>(o.round),
                                static_cast<narrowfp::overflow>(o.over), random == nullptr ? 0 : random[i]);
    }
    return true;
  }

  static bool round(scalar from, const void* in, const std::uint32_t* random, void* codes, std::size_t n,
                    const options& o) {
    return with_scalar(from, [&]<class S>(S*) { return round_from<S>(in, random, codes, n, o); });
  }

  static void arithmetic(int operation, const void* a, const void* b, void* codes, std::size_t n) {
    const auto* x = static_cast<const T*>(a);
    const auto* y = static_cast<const T*>(b);
    auto* results = static_cast<T*>(codes);
    for (std::size_t i = 0; i < n; ++i) {
      switch (operation) {
        case 0:
          results[i] = x[i] + y[i];
          break;
        case 1:
          results[i] = x[i] - y[i];
          break;
        case 2:
          results[i] = x[i] * y[i];
          break;
        default:
          results[i] = x[i] / y[i];
          break;
      }
    }
  }
};

template <class T>
constexpr value_calls calls(const char* name) {
  return {name, calls_of<T>::pack, calls_of<T>::unpack, calls_of<T>::round, calls_of<T>::arithmetic};
}

}  // namespace peers
