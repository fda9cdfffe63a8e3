// Products in a unit of their own, compiled several times with different -m and -O flags. Only raw buffers
// are used, so that every function in the object belongs to the products.
#include <narrowfp/products.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "hash.hpp"

namespace {

using namespace narrowfp;

constexpr std::size_t rows = 3;
constexpr std::size_t cols = 1000;  // ends inside a block of every size

float input[rows * 1024];
std::byte bytes_a[rows * 4096];
std::byte bytes_b[rows * 4096];
float products[rows * rows];

/// Codes that are not all special, under scales that lie near each other in the first row and anywhere later.
void fill_with_codes() {
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < sizeof bytes_a; ++i) {
    state = state * 1664525U + 1013904223U;
    bytes_a[i] = static_cast<std::byte>(i < 4096 ? 0x38U | (state >> 24 & 0x87U) : state >> 24);
    bytes_b[i] = static_cast<std::byte>(i < 4096 ? 0x38U | (state >> 16 & 0x87U) : state >> 16 & 0xFFU);
  }
}

template <class T>
matrix_view<T> view_of(const std::byte* bytes) {
  const std::size_t units = rows * detail::units_of<T>(cols);
  return {std::span(reinterpret_cast<const T*>(bytes), units), rows, cols};
}

template <class A, class B>
void multiply(fnv_hash& hash) {
  matrix_product(view_of<A>(bytes_a), view_of<B>(bytes_b), std::span(products),
                 {.tensor_scale_a = 0.37F, .accumulate = true});
  hash.add(products, sizeof products);
  for (const float x : products) {  // what is added next time is a number
    if (!(x * 0 <= 0)) {
      std::memset(products, 0, sizeof products);
    }
  }
}

}  // namespace

// Defined to a name of its own for each object.
std::uint64_t NARROWFP_TEST_UNIT() {
  fnv_hash hash;
  std::memset(products, 0, sizeof products);  // of a call before
  fill_with_codes();
  fill_with_floats(input);
  multiply<mxfp4, mxfp4>(hash);
  multiply<nvfp4, mxint8>(hash);
  multiply<hif4, hif4>(hash);
  multiply<q8_0, mxfp6_e2m3>(hash);
  multiply<mxfp8_e4m3, mxfp4>(hash);
  multiply<fp8_e4m3, hif8>(hash);
  multiply<mx6, fp4_e2m1>(hash);
  const matrix_view<mxfp4> a = view_of<mxfp4>(bytes_a);
  const std::span<const float> x = std::span(input).first(cols);
  matrix_vector_product(a.rows(1, 2), x, std::span(products).first(2));
  products[2] = dot(a.rows(0, 1), x, {.tensor_scale_b = 3});
  hash.add(products, 3 * sizeof(float));
  return hash.state;
}
