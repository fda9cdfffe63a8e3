// Array calls in a unit of their own, compiled several times with different -m and -O flags. Only raw
// buffers are used, so that every function in the object belongs to the array calls.
#include <narrowfp/narrowfp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

#include "hash.hpp"

namespace {

using namespace narrowfp;

constexpr std::size_t count = 1031;  // not a multiple of any vector

float input[count];
float output[count];
std::uint8_t bytes[4 * count];

template <class T>
void pack_with(fnv_hash& hash, const pack_options& options) {
  auto* codes = reinterpret_cast<T*>(bytes);
  pack(std::span<const float>(input, count), std::span<T>(codes, count), options);
  hash.add(bytes, count * sizeof(T));
}

template <class T>
void convert_all(fnv_hash& hash) {
  for (const rounding mode : {rounding::native, rounding::nearest_even, rounding::nearest_away,
                              rounding::toward_zero, rounding::to_odd, rounding::stochastic}) {
    pack_with<T>(hash, {.round = mode, .over = overflow::saturate, .seed = 7, .first_index = 3});
  }
  pack_with<T>(hash, {.scale = 0.37F});
  pack_with<T>(hash, {});
  const auto* codes = reinterpret_cast<const T*>(bytes);
  unpack(std::span<const T>(codes, count), std::span<float>(output, count));
  hash.add(output, sizeof output);
  unpack(std::span<const T>(codes, count), std::span<float>(output, count), {.scale = 1.7F});
  hash.add(output, sizeof output);
}

template <class T>
void convert_dense(fnv_hash& hash) {
  const packed_span<T> dense(std::as_writable_bytes(std::span<std::uint8_t>(bytes)), count);
  pack(std::span<const float>(input, count), dense);
  hash.add(bytes, dense.bytes().size());
  unpack(packed_span<const T>(dense), std::span<float>(output, count));
  hash.add(output, sizeof output);
}

template <class S>
void transform(fnv_hash& hash) {
  constexpr std::size_t whole = 1024;
  auto* values = reinterpret_cast<S*>(bytes);
  for (const std::size_t block : {std::size_t{16}, std::size_t{128}, whole}) {
    const std::span<S> all(values, whole);
    if constexpr (sizeof(S) == sizeof(float)) {
      __builtin_memcpy(values, input, sizeof(float) * whole);
    } else {
      pack(std::span<const float>(input, whole), all);
    }
    hadamard(all, all, {.block = block, .random = true, .seed = 5});
    hash.add(bytes, whole * sizeof(S));
    hadamard_inverse(all, all, {.block = block});
    hash.add(bytes, whole * sizeof(S));
  }
}

}  // namespace

// Defined to a name of its own for each object.
std::uint64_t NARROWFP_TEST_UNIT() {
  fnv_hash hash;
  fill_with_floats(input);
  convert_all<fp8_e4m3>(hash);
  convert_all<fp8_e5m2>(hash);
  convert_all<hif8>(hash);
  convert_all<e8m0>(hash);
  convert_all<fp6_e3m2>(hash);
  convert_all<fp4_e2m1>(hash);
  convert_all<bfloat16>(hash);
  convert_all<float16>(hash);
  convert_all<narrow_float<minifloat<3, 4, 3, specials::fnuz>>>(hash);
  convert_dense<fp6_e2m3>(hash);
  convert_dense<fp4_e2m1>(hash);
  transform<float>(hash);
  transform<bfloat16>(hash);
  transform<float16>(hash);
  return hash.state;
}
