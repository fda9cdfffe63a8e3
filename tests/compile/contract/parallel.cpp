// The contract of narrowfp/parallel.hpp: each call with each kind of argument once, and executors of any
// kind.
#include <narrowfp/parallel.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <span>
#include <type_traits>
#include <vector>

namespace {

using namespace narrowfp;

// Tasks are small, and copies do the same.
static_assert(std::is_trivially_copyable_v<parallel::task> && sizeof(parallel::task) <= 2 * sizeof(void*));
static_assert(std::is_nothrow_invocable_v<const parallel::task&, std::size_t>);
static_assert(std::is_convertible_v<const parallel::task&, std::function<void(std::size_t)>>);
static_assert(parallel::least_elements == 8192);

// Executors.
struct by_value {
  void operator()(std::size_t n, parallel::task task) const;
};
struct by_template {
  template <class Task>
  bool operator()(std::size_t n, const Task& task);
};
struct by_function {
  void operator()(std::size_t n, const std::function<void(std::size_t)>& task);
};
static_assert(parallel::executor<by_value> && parallel::executor<const by_value&>);
static_assert(parallel::executor<by_template> && parallel::executor<by_template&>);
static_assert(parallel::executor<by_function> &&
              parallel::executor<void (*)(std::size_t, const parallel::task&)>);
static_assert(!parallel::executor<int> && !parallel::executor<void (*)(std::size_t)>);
static_assert(!parallel::executor<const by_template>);

template <class E>
void call_all(E execute) {
  std::vector<float> x(64);
  const std::vector<float> constant = x;
  const std::array<float, 2> scales = {1, 1};
  fp8_e4m3 codes[64];
  packed_vector<fp6_e2m3> dense(64);
  std::vector<mxfp4> blocks(2);
  std::vector<std::byte> code_bytes(32);
  std::vector<std::byte> scale_bytes(2);
  const split_blocks split(code_bytes, scale_bytes);
  block_matrix<mxfp4> matrix(2, 32);
  parallel::pack(execute, 2, constant, codes);
  parallel::pack(execute, 2U, std::span(constant), std::span(codes), {.round = rounding::stochastic});
  parallel::pack(execute, std::size_t{2}, x, dense, pack_options());
  parallel::pack(execute, 2, x, packed_span<fp6_e2m3>(dense));
  parallel::unpack(execute, 2, codes, x);
  parallel::unpack(execute, 2, dense, std::span(x), {.scale = 2});
  parallel::unpack(execute, 2, packed_span<const fp6_e2m3>(dense), x);
  parallel::pack_rows(execute, 2, constant, codes, 32, scales);
  parallel::pack_rows(execute, 2, constant, dense, 32, scales, {.seed = 1});
  parallel::unpack_rows(execute, 2, codes, x, 32, scales);
  parallel::unpack_rows(execute, 2, dense, x, 32, scales, {});
  parallel::quantize(execute, 2, constant, blocks);
  parallel::quantize<mxfp4>(execute, 2, std::span(constant), std::span(blocks), {.scale = scale_rule::ceil});
  parallel::quantize<mxfp4>(execute, 2, constant, split, {});
  parallel::quantize(execute, 2, constant, matrix, {});
  parallel::quantize(execute, 2, constant, matrix, scales, {.tensor_scale = 2});
  parallel::quantize_tiles(execute, 2, constant, matrix);
  parallel::quantize_tiles(execute, 2, constant, matrix, 32, {});
  parallel::dequantize(execute, 2, blocks, x);
  parallel::dequantize<mxfp4>(execute, 2, std::span(blocks), std::span(x), {.tensor_scale = 2});
  parallel::dequantize<mxfp4>(execute, 2, split, x);
  parallel::dequantize<mxfp4>(execute, 2, const_split_blocks(split), x, {});
  parallel::dequantize(execute, 2, matrix, x, {});
  parallel::dequantize(execute, 2, matrix, x, scales, {});
  std::vector<bfloat16> y(2);
  double c[4];
  parallel::matrix_vector_product(execute, 2, matrix, std::span(constant).first(32), y);
  parallel::matrix_vector_product(execute, 2, matrix_view(blocks, 2, 32), matrix.row(0), y,
                                  {.row_scales_a = scales, .accumulate = true});
  parallel::matrix_product(execute, 2, matrix, matrix_view(dense, 2, 32), c);
  parallel::matrix_product(execute, 2, matrix_view(blocks, 2, 32), matrix, c, {.row_scales_b = scales});
}

// What is refused, code can ask for.
template <class E, class In, class Out>
concept can_pack = requires(E& e, In& in, Out& out) {
  parallel::pack(e, 2, in, out);
};
template <class E, class In, class Out>
concept can_quantize = requires(E& e, In& in, Out& out) {
  parallel::quantize(e, 2, in, out);
};
template <class E, class In, class Out>
concept can_dequantize = requires(E& e, In& in, Out& out) {
  parallel::dequantize(e, 2, in, out);
};
template <class E, class A, class X, class Y>
concept can_multiply = requires(E& e, A& a, X& x, Y& y) {
  parallel::matrix_vector_product(e, 2, a, x, y);
};
using floats = std::vector<float>;
using values = std::vector<fp8_e4m3>;
using blocks = std::vector<mxfp4>;
using matrix = block_matrix<mxfp4>;
static_assert(can_pack<by_value, floats, values> && !can_pack<int, floats, values>);
static_assert(!can_pack<by_value, floats, blocks> && !can_pack<by_value, floats, const values>);
static_assert(!can_pack<by_value, std::list<float>, values> && !can_pack<by_value, float*, fp8_e4m3*>);
static_assert(can_quantize<by_value, floats, blocks> && can_quantize<by_value, floats, matrix>);
static_assert(!can_quantize<by_value, floats, values> && !can_quantize<by_value, floats, split_blocks>);
static_assert(!can_quantize<int, floats, blocks> && !can_quantize<by_value, std::vector<int>, blocks>);
static_assert(can_dequantize<by_value, const blocks, floats> &&
              can_dequantize<by_value, const matrix, floats>);
static_assert(!can_dequantize<by_value, values, floats> && !can_dequantize<by_value, blocks, const floats>);
static_assert(can_multiply<by_value, matrix, blocks, floats> && !can_multiply<int, matrix, blocks, floats>);
static_assert(!can_multiply<by_value, blocks, blocks, floats> &&
              !can_multiply<by_value, matrix, matrix, floats>);

}  // namespace

// Called by nobody: instantiates what the checks above only name.
void narrowfp_contract_instantiates_parallel();
void narrowfp_contract_instantiates_parallel() {
  call_all([](std::size_t n, const auto& task) {
    for (std::size_t i = 0; i < n; ++i) {
      task(i);
    }
  });
}
