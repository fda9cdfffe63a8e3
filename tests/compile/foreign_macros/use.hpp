// Uses the library while macros.hpp is in force: instantiates what templates would hide.
#include <array>
#include <vector>

namespace {

using namespace narrowfp;

static_assert((abs)(fp8_e4m3(-1.0F)) == fp8_e4m3(1.0F));
static_assert((std::numeric_limits<fp8_e4m3>::max)() == 448.0F);
static_assert(nextafter(fp4_e2m1(4.0F), fp4_e2m1(6.0F)) == 6.0F);
static_assert(round_to<hif8>(1.0F, rounding::hybrid) == 1.0F);
static_assert(float(hif8(1.0F) + hif8(1.0F) * hif8(2.0F)) == 3.0F);

template <class T>
void values(std::vector<float>& x) {
  std::vector<T> codes(x.size());
  packed_vector<T> dense(x.size());
  pack(x, codes, {.round = rounding::stochastic, .over = overflow::saturate, .scale = 2, .seed = 1});
  unpack(codes, x, {.scale = 2});
  pack(x, dense);
  unpack(dense, x);
  (void)compare<T>(x);
  (void)to_string(codes[0]);
}

template <class B>
void blocks_of(std::vector<float>& x) {
  std::vector<B> blocks(block_count<B>(x.size()));
  quantize(x, blocks, {.round = rounding::stochastic, .scale = scale_rule::search_mse});
  dequantize(blocks, x);
  (void)compare<B>(x);
  block_matrix<B> matrix(1, x.size());
  matrix.quantize(x);
  matrix.dequantize(x);
}

template <class A, class B>
void products_of(std::vector<float>& x) {
  const std::vector<A> a(block_count<A>(x.size()));
  const std::vector<B> b(block_count<B>(x.size()));
  static_cast<void>(dot<double>(a, b, x.size(), {.tensor_scale_a = 2}));
  static_cast<void>(dot(a, x));
  const matrix_view view(a, 1, x.size());
  std::vector<float> y(1);
  matrix_vector_product(view.rows(0, 1), x, y, {.accumulate = true});
  matrix_product(view, matrix_view(b, 1, x.size()), y);
  static_cast<void>(dot_block(a[0], a[0]));
}

}  // namespace

void use_under_foreign_macros(std::vector<float>& x);
void use_under_foreign_macros(std::vector<float>& x) {
  values<fp8_e4m3>(x);
  values<hif8>(x);
  values<fp6_e2m3>(x);
  values<e8m0>(x);
  values<bfloat16>(x);
  values<narrow_float<minifloat<3, 3, 3, specials::fn>>>(x);
  blocks_of<mxfp4>(x);
  blocks_of<mxint8>(x);
  blocks_of<nvfp4>(x);
  blocks_of<hif4>(x);
  products_of<mxfp4, mxfp4>(x);
  products_of<nvfp4, mxint8>(x);
  products_of<hif4, hif4>(x);
  products_of<mxfp8_e4m3, mxfp6_e3m2>(x);
}
