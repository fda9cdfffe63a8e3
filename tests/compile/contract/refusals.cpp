// A wrong use is refused where overload resolution sees it: code can ask whether a call would compile.
#include <narrowfp/narrowfp.hpp>

#include <array>
#include <cstddef>
#include <list>
#include <span>
#include <vector>

namespace {

using namespace narrowfp;

template <class In, class Out>
concept can_pack = requires(In& in, Out& out) {
  pack(in, out);
};
template <class In, class Out>
concept can_unpack = requires(In& in, Out& out) {
  unpack(in, out);
};
template <class In, class Out>
concept can_quantize = requires(In& in, Out& out) {
  quantize(in, out);
};
template <class B, class In, class Out>
concept can_quantize_as = requires(In& in, Out& out) {
  quantize<B>(in, out);
};
template <class In, class Out>
concept can_dequantize = requires(In& in, Out& out) {
  dequantize(in, out);
};

using floats = std::vector<float>;
using ints = std::vector<int>;
using values = std::vector<fp8_e4m3>;
using blocks = std::vector<mxfp4>;
using bytes = std::vector<std::byte>;

static_assert(can_pack<floats, values> && can_pack<floats, packed_vector<fp4_e2m1>>);
static_assert(can_pack<ints, values> && !can_pack<floats, floats> && !can_pack<floats, blocks>);
static_assert(!can_pack<floats, const values> && !can_pack<floats, bytes> && !can_pack<float, values>);

static_assert(can_unpack<values, floats> && can_unpack<const packed_vector<fp4_e2m1>, floats>);
static_assert(!can_unpack<blocks, floats> && !can_unpack<bytes, floats> && !can_unpack<values, ints>);
static_assert(!can_unpack<values, const floats> && !can_unpack<packed_vector<fp4_e2m1>, ints>);

static_assert(can_quantize<floats, blocks> && can_quantize_as<mxfp4, floats, blocks>);
static_assert(!can_quantize<ints, blocks> && !can_quantize<std::vector<double>, blocks>);
static_assert(!can_quantize<floats, values> && !can_quantize<floats, const blocks>);
static_assert(!can_quantize<floats, bytes> && !can_quantize_as<nvfp4, floats, blocks>);

static_assert(can_dequantize<blocks, floats> && can_dequantize<const blocks, std::array<double, 32>>);
static_assert(!can_dequantize<values, floats> && !can_dequantize<bytes, floats>);
static_assert(!can_dequantize<blocks, ints> && !can_dequantize<blocks, const floats>);

// What is no array in ordinary memory.
using list = std::list<float>;
using bits = std::vector<bool>;
using hardware = volatile float[32];
using nibbles = packed_vector<fp4_e2m1>;
static_assert(!can_pack<list, values> && !can_pack<bits, values> && !can_pack<hardware, values>);
static_assert(!can_pack<float*, fp8_e4m3*> && !can_pack<floats, volatile fp8_e4m3[32]>);
static_assert(!can_unpack<values, list> && !can_unpack<nibbles, bits> && !can_unpack<values, hardware>);
static_assert(!can_unpack<volatile fp8_e4m3[32], floats> && !can_unpack<fp8_e4m3*, float*>);
static_assert(!can_quantize<list, blocks> && !can_quantize<hardware, blocks> &&
              !can_quantize<float*, mxfp4*>);
static_assert(!can_quantize<floats, nibbles> && !can_quantize_as<fp8_e4m3, floats, values>);
static_assert(!can_quantize<floats, split_blocks> && can_quantize_as<mxfp4, floats, split_blocks>);
static_assert(!can_dequantize<blocks, list> && !can_dequantize<blocks, hardware>);
static_assert(!can_dequantize<nibbles, floats> && !can_dequantize<const_split_blocks, floats>);

// Options: {} is the defaults, and a factor is no scale rule.
static_assert(requires(floats & in, blocks& out) {
  quantize(in, out, {});
  quantize(in, out, {.scale = scale_rule::ceil, .tensor_scale = 2});
  quantize<mxfp4>(in, out, {.over = overflow::saturate});
  dequantize(out, in, {});
  dequantize<mxfp4>(out, in, {.tensor_scale = 2});
});
template <class In, class Out>
concept can_quantize_with_factor = requires(In& in, Out& out) {
  quantize(in, out, {.scale = 4.0F});
};
template <class In, class Out>
concept can_dequantize_with_factor = requires(In& in, Out& out) {
  dequantize(in, out, {.scale = 4.0F});
};
static_assert(!can_quantize_with_factor<floats, blocks> && !can_dequantize_with_factor<blocks, floats>);

// Products.
template <class A, class B>
concept can_dot = requires(A& a, B& b) {
  dot(a, b);
  dot(a, b, 3);
  dot(a, b, 3U, {});
  dot<double>(a, b, {.tensor_scale_a = 2});
};
template <class A, class B>
concept can_dot_to_int = requires(A& a, B& b) {
  dot<int>(a, b);
};
template <class A, class B>
concept can_dot_block = requires(A& a, B& b) {
  dot_block(a, b);
};
template <class A, class X, class Y>
concept can_multiply_vector = requires(A& a, X& x, Y& y) {
  matrix_vector_product(a, x, y);
  matrix_vector_product(a, x, y, {.accumulate = true});
};
template <class A, class B, class C>
concept can_multiply = requires(A& a, B& b, C& c) {
  matrix_product(a, b, c);
  matrix_product(a, b, c, {});
};
using view = matrix_view<mxfp4>;
using matrix = block_matrix<nvfp4>;
static_assert(can_dot<blocks, blocks> && can_dot<const blocks, floats> && can_dot<nibbles, const values>);
static_assert(can_dot<packed_span<const fp6_e2m3>, matrix_view<nvfp4>> &&
              can_dot<floats, std::array<hif4, 2>>);
static_assert(!can_dot<mxfp4*, mxfp4*> && !can_dot<list, blocks> && !can_dot<hardware, blocks>);
static_assert(!can_dot<bytes, blocks> && !can_dot<blocks, std::vector<double>> && !can_dot<ints, values>);
static_assert(!can_dot<const_split_blocks, blocks> && !can_dot<matrix, blocks>);
static_assert(!can_dot_to_int<blocks, blocks>);
static_assert(can_dot_block<const mxfp4, mxint8> && can_dot_block<fp8_e4m3, hif8>);
static_assert(!can_dot_block<mxfp4, nvfp4> && !can_dot_block<mxfp4, fp4_e2m1>);
static_assert(can_multiply_vector<view, blocks, floats> &&
              can_multiply_vector<const matrix, floats, bfloat16[3]>);
static_assert(can_multiply_vector<matrix, const nibbles, std::vector<double>>);
static_assert(!can_multiply_vector<blocks, blocks, floats> && !can_multiply_vector<view, matrix, floats>);
static_assert(!can_multiply_vector<view, blocks, const floats> && !can_multiply_vector<view, blocks, ints>);
static_assert(!can_multiply_vector<view, blocks, float*> && !can_multiply_vector<view, mxfp4*, floats>);
static_assert(can_multiply<view, matrix, floats> && can_multiply<matrix, view, std::vector<float16>>);
static_assert(!can_multiply<view, blocks, floats> && !can_multiply<view, view, values>);
static_assert(!can_multiply<view, view, const floats> && !can_multiply<view, view, list>);

// A call with a function of one's own that also fits is still that function's.
struct my_buffer {};
[[maybe_unused]] constexpr bool pack(my_buffer&, values&) { return true; }
static_assert(requires(my_buffer & in, values& out) { pack(in, out); });
[[maybe_unused]] constexpr bool dot(my_buffer&, blocks&) { return true; }
[[maybe_unused]] constexpr bool dot(const double*, const double*, int) { return true; }
[[maybe_unused]] constexpr bool dot(const std::vector<double>&, const std::vector<double>&) { return true; }
static_assert(requires(my_buffer & in, blocks& out, double* p, std::vector<double>& v) {
  dot(in, out);
  dot(p, p, 3);
  dot(v, v);
});

}  // namespace
