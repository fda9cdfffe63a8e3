// Products: pairs whose elements count as bytes and as floats, under scales of every kind, of rows that begin
// anywhere.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "products/product_inputs.hpp"
#include "products/product_types.hpp"
#include "products/typed_arrays.hpp"
#include "sections.hpp"

namespace emulation {
namespace {

using namespace narrowfp;

using byte_view = std::span<const std::uint8_t>;
using ::products::array_of;
using ::products::type_name;

/// Products of the first elements of two rows: of whole vectors and blocks, and of others.
constexpr std::size_t lengths[] = {1, 31, 64, 200, 515, 2100};
constexpr std::size_t longest = 2100;

template <class A, class B>
void compare_pair(comparison& all) {
  const oracle::packed_type& type_a = oracle::find_packed_type(type_name<A>);
  const oracle::packed_type& type_b = oracle::find_packed_type(type_name<B>);
  ::products::generator random(1);
  for (const ::products::inputs kind : ::products::all_inputs) {
    const auto a = make_array(type_a, kind, longest, random);
    const auto b = make_array(type_b, kind, longest, random);
    const auto near = make_array(type_b, ::products::inputs::near, longest, random);
    for (const auto* other : {&b, &near}) {
      all.check_in_every_environment(
          sizeof lengths, longest,
          [&](isa use, std::byte* bytes) {
            for (const std::size_t n : lengths) {
              const array_of<A> x(byte_view(a).first(type_a.bytes_of(n)), n % 7);
              const array_of<B> y(byte_view(*other).first(type_b.bytes_of(n)), n % 5);
              const double sum = dot<double>(x.view(), y.view(), n, {.use = use});
              std::memcpy(bytes, &sum, sizeof sum);
              bytes += sizeof sum;
            }
          },
          [&] {
            return std::string("products of ") + type_a.name + " and " + type_b.name + ", " + name_of(kind) +
                   (other == &b ? "" : " and near");
          });
    }
  }
}

/// Rows of a dense stream, which begin inside a byte.
template <class A, class B>
void compare_dense(comparison& all) {
  constexpr std::size_t rows = 9;
  constexpr std::size_t cols = 145;
  ::products::generator random(2);
  const array_of<A> values(
      make_array(oracle::find_packed_type(type_name<A>), ::products::inputs::any, rows * cols, random), 0);
  packed_vector<A> dense(rows * cols);
  for (std::size_t i = 0; i < rows * cols; ++i) {
    dense[i] = values.view()[i];
  }
  const array_of<B> x(
      make_array(oracle::find_packed_type(type_name<B>), ::products::inputs::near, cols, random), 0);
  all.check_in_every_environment(
      rows * sizeof(float), rows * cols,
      [&](isa use, std::byte* bytes) {
        matrix_vector_product(matrix_view<A>(dense, rows, cols), x.view(),
                              std::span(reinterpret_cast<float*>(bytes), rows), {.use = use});
      },
      [] { return std::string("products of dense ") + type_name<A> + " and " + type_name<B>; });
}

}  // namespace

void compare_products(comparison& all) {
  using namespace ::products;
  compare_pair<mxfp4, mxfp4>(all);
  compare_pair<nvfp4, nvfp4>(all);
  compare_pair<hif4, hif4>(all);
  compare_pair<mxint8, mxint8>(all);
  compare_pair<mxfp4, mxint8>(all);
  compare_pair<mxfp6_e2m3, mxfp6_e2m3>(all);
  compare_pair<mx9, mx9>(all);
  compare_pair<q8_0, q8_0>(all);
  compare_pair<fp8_e4m3, fp8_e4m3>(all);
  compare_pair<mxfp8_e4m3, mxfp8_e4m3>(all);
  compare_pair<hif8, hif8>(all);
  compare_pair<fp8_e5m2, fp8_e5m2>(all);
  compare_pair<fp8_per_128, fp8_per_128>(all);
  compare_pair<mxfp4, float>(all);
  compare_pair<nvfp4, bfloat16>(all);
  compare_pair<float16, fp6_e2m3>(all);
  compare_dense<fp4_e2m1, fp8_e4m3>(all);
  compare_dense<fp6_e2m3, fp6_e2m3>(all);
}

}  // namespace emulation
