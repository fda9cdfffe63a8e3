// The public contract of products, held at compile time; and each kind of operand and result instantiated
// once, so that a warning in one of them shows.
#include <narrowfp/narrowfp.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace narrowfp;

// Options: names, types and defaults, in this order.
static_assert(std::is_aggregate_v<dot_options> && std::is_aggregate_v<product_options>);
static_assert(std::is_trivially_copyable_v<product_options> && std::is_standard_layout_v<product_options>);
constexpr dot_options dot_fields = {.tensor_scale_a = 1, .tensor_scale_b = 1, .use = isa::automatic};
constexpr product_options product_fields = {.tensor_scale_a = 1,
                                            .tensor_scale_b = 1,
                                            .row_scales_a = {},
                                            .row_scales_b = {},
                                            .accumulate = false,
                                            .use = isa::automatic};
static_assert(dot_fields.use == dot_options{}.use && product_fields.use == product_options{}.use);
static_assert(product_options{}.row_scales_a.empty() && !product_options{}.accumulate);
static_assert(std::same_as<decltype(product_options::row_scales_a), std::span<const float>>);

// Results.
using blocks = std::vector<mxfp4>;
static_assert(std::same_as<decltype(dot(blocks(), blocks())), float>);
static_assert(std::same_as<decltype(dot<double>(blocks(), blocks(), 5)), double>);
static_assert(std::same_as<decltype(dot<bfloat16>(blocks(), blocks())), bfloat16>);
static_assert(std::same_as<decltype(dot_block(mxfp4{}, mxint8{})), double>&& noexcept(dot_block(hif4{},
                                                                                                hif4{})));

// A constant expression: 1.5 * 1.5.
constexpr double product_of_values = dot_block(fp4_e2m1(1.5), fp8_e4m3(1.5));
static_assert(product_of_values >= 2.25 && product_of_values <= 2.25);

// Views.
static_assert(std::is_trivially_copyable_v<matrix_view<nvfp4>> &&
              std::default_initializable<matrix_view<float>>);
static_assert(std::same_as<matrix_view<hif8>::value_type, hif8>);
static_assert(std::convertible_to<const block_matrix<hif4>&, matrix_view<hif4>>);
static_assert(std::same_as<decltype(matrix_view(std::declval<blocks&>(), 1, 32)), matrix_view<mxfp4>>);
static_assert(std::same_as<decltype(matrix_view(std::declval<const std::vector<float>&>(), 1, 32)),
                           matrix_view<float>>);
static_assert(std::same_as<decltype(matrix_view(std::declval<packed_span<const fp6_e2m3>>(), 1, 32)),
                           matrix_view<fp6_e2m3>>);
static_assert(std::same_as<decltype(matrix_view(std::declval<block_matrix<nvfp4>&>())), matrix_view<nvfp4>>);
static_assert(std::constructible_from<matrix_view<mxfp4>, const_split_blocks, std::size_t, std::size_t>);
static_assert(std::constructible_from<matrix_view<mxfp4>, split_blocks, std::size_t, std::size_t>);
static_assert(std::same_as<decltype(matrix_view<mxfp4>().rows(0, 0)), matrix_view<mxfp4>>);

template <class Out>
void multiply_all() {
  const blocks a(4);
  const std::vector<nvfp4> b(8);
  const std::array<float, 128> floats = {};
  const packed_vector<fp4_e2m1> dense(128);
  const fp8_e4m3 values[128] = {};
  const std::vector<float> scales(4, 1.0F);
  static_cast<void>(dot<Out>(a, b));
  static_cast<void>(dot<Out>(a, floats, 100, {.tensor_scale_b = 2}));
  static_cast<void>(dot<Out>(dense, values, std::uint8_t{128}));
  static_cast<void>(dot<Out>(packed_span<const fp4_e2m1>(dense), matrix_view(b, 1, 128), {}));
  std::vector<Out> y(4);
  Out c[16];
  const matrix_view rows(a, 4, 32);
  matrix_vector_product(rows, std::span(values).first(32), y);
  matrix_vector_product(rows.rows(1, 2), std::span(floats).first(32), std::span(y).subspan(1, 2),
                        {.row_scales_a = std::span(scales).first(2), .accumulate = true});
  matrix_product(rows, matrix_view(b, 4, 32), c);
  matrix_product(block_matrix<mxfp4>(4, 32), matrix_view(dense, 4, 32), c, {.row_scales_b = scales});
}

}  // namespace

// Called by nobody: instantiates what the checks above only name.
void narrowfp_contract_instantiates_products();
void narrowfp_contract_instantiates_products() {
  multiply_all<float>();
  multiply_all<double>();
  multiply_all<bfloat16>();
  multiply_all<float16>();
}
