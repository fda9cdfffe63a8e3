// Misuse: std::invalid_argument that names function, argument, got and wanted, before anything is written.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "support/instruction_sets.hpp"

namespace products {
namespace {

using narrowfp::const_split_blocks;
using narrowfp::dot;
using narrowfp::fp4_e2m1;
using narrowfp::fp8_e4m3;
using narrowfp::isa;
using narrowfp::matrix_product;
using narrowfp::matrix_vector_product;
using narrowfp::matrix_view;
using narrowfp::mxfp4;
using narrowfp::packed_vector;

/// Fails unless f throws std::invalid_argument with all the words.
template <class F>
void expect_refusal(F f, std::initializer_list<std::string> words) {
  try {
    f();
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    for (const std::string& word : words) {
      EXPECT_NE(message.find(word), std::string::npos) << "no '" << word << "' in: " << message;
    }
    return;
  } catch (...) {
    ADD_FAILURE() << "threw something else";
    return;
  }
  ADD_FAILURE() << "did not throw: " << (words.size() != 0 ? *words.begin() : std::string());
}

const std::vector<float> no_scales = {0.0F,
                                      -0.0F,
                                      -1.0F,
                                      std::numeric_limits<float>::infinity(),
                                      -std::numeric_limits<float>::infinity(),
                                      std::numeric_limits<float>::quiet_NaN(),
                                      -std::numeric_limits<float>::denorm_min()};

TEST(ProductRefusals, DotWantsAsManyBlocksOrCodesAsElements) {
  const std::vector<float> codes(40);
  const std::vector<mxfp4> blocks(2);
  EXPECT_NO_THROW((void)dot(blocks, codes));
  EXPECT_NO_THROW((void)dot(blocks, codes, 40));
  expect_refusal([&] { (void)dot(blocks, codes, 39); }, {"narrowfp::dot", " b ", "40", "39"});
  expect_refusal([&] { (void)dot(codes, blocks, 39); }, {"narrowfp::dot", " a ", "40", "39"});
  expect_refusal([&] { (void)dot(blocks, codes, 41); }, {"narrowfp::dot", " b ", "40", "41"});
  expect_refusal([&] { (void)dot(blocks, blocks, 32); }, {"narrowfp::dot", " a ", "2", "1"});
  expect_refusal([&] { (void)dot(blocks, blocks, 65); }, {"narrowfp::dot", " a ", "2", "3"});
  expect_refusal([&] { (void)dot(blocks, blocks, 0); }, {"narrowfp::dot", " a ", "2", "0"});
  expect_refusal([&] { (void)dot(codes, codes, -1); }, {"narrowfp::dot", "n"});
  EXPECT_NO_THROW((void)dot(blocks, blocks, 33));
  // Without n it is the smaller count, of which the other operand has blocks too many.
  expect_refusal([&] { (void)dot(blocks, std::vector<float>(32)); }, {"narrowfp::dot", " a ", "2", "1"});
  expect_refusal([&] { (void)dot(codes, std::vector<float>(41)); }, {"narrowfp::dot", " b ", "41", "40"});
  expect_refusal([&] { (void)dot(std::vector<narrowfp::nvfp4>(3), std::vector<mxfp4>(1)); },
                 {"narrowfp::dot", " a ", "3", "2"});
  expect_refusal([&] { (void)dot(packed_vector<fp4_e2m1>(7), std::vector<float>(6)); },
                 {"narrowfp::dot", " a ", "7", "6"});
}

TEST(ProductRefusals, DotWantsViewsOfOneRow) {
  const std::vector<float> x(8);
  expect_refusal([&] { (void)dot(matrix_view<float>(x, 2, 4), std::vector<float>(4)); },
                 {"narrowfp::dot", " a ", "2", "1"});
  expect_refusal([&] { (void)dot(std::vector<float>(4), matrix_view<float>(x, 2, 4).rows(0, 0)); },
                 {"narrowfp::dot", " b ", "0", "1"});
}

TEST(ProductRefusals, TensorScalesArePositiveAndFinite) {
  const std::vector<float> x(3, 1.0F);
  const matrix_view<float> a(x, 1, 3);
  for (const float bad : no_scales) {
    expect_refusal([&] { (void)dot(x, x, {.tensor_scale_a = bad}); }, {"narrowfp::dot", "tensor_scale_a"});
    expect_refusal([&] { (void)dot(x, x, 3, {.tensor_scale_b = bad}); }, {"narrowfp::dot", "tensor_scale_b"});
    std::vector<float> y(1, 77.0F);
    expect_refusal([&] { matrix_vector_product(a, x, y, {.tensor_scale_a = bad}); },
                   {"narrowfp::matrix_vector_product", "tensor_scale_a"});
    expect_refusal([&] { matrix_vector_product(a, x, y, {.tensor_scale_b = bad}); },
                   {"narrowfp::matrix_vector_product", "tensor_scale_b"});
    expect_refusal([&] { matrix_product(a, a, y, {.tensor_scale_a = bad}); },
                   {"narrowfp::matrix_product", "tensor_scale_a"});
    expect_refusal([&] { matrix_product(a, a, y, {.tensor_scale_b = bad}); },
                   {"narrowfp::matrix_product", "tensor_scale_b"});
    EXPECT_EQ(y[0], 77.0F) << "written before the error";
  }
  // Of an empty product as well.
  expect_refusal([&] { (void)dot(std::vector<float>(), std::vector<float>(), {.tensor_scale_a = 0}); },
                 {"narrowfp::dot", "tensor_scale_a"});
}

TEST(ProductRefusals, RowScalesArePositiveAndFiniteAndOneForEachRow) {
  const std::vector<float> values(6, 1.0F);
  const matrix_view<float> a(values, 3, 2);
  const matrix_view<float> b(values, 2, 2 + 1);
  const std::vector<float> x(2, 1.0F);
  std::vector<float> y(3, 77.0F);
  std::vector<float> c(9, 77.0F);
  for (const std::size_t n : {1U, 2U, 4U}) {
    const std::vector<float> scales(n, 1.0F);
    expect_refusal([&] { matrix_vector_product(a, x, y, {.row_scales_a = scales}); },
                   {"narrowfp::matrix_vector_product", "row_scales_a", std::to_string(n), "3"});
    expect_refusal([&] { matrix_product(a, a, c, {.row_scales_a = scales}); },
                   {"narrowfp::matrix_product", "row_scales_a", std::to_string(n), "3"});
    expect_refusal([&] { matrix_product(a, a, c, {.row_scales_b = scales}); },
                   {"narrowfp::matrix_product", "row_scales_b", std::to_string(n), "3"});
  }
  const std::vector<float> two(2, 1.0F);
  expect_refusal([&] { matrix_vector_product(a, x, y, {.row_scales_b = two}); },
                 {"narrowfp::matrix_vector_product", "row_scales_b", "2", "1"});
  for (const float bad : no_scales) {
    // The last of them: nothing is written while they are looked through.
    const std::vector<float> scales = {1, 1, bad};
    expect_refusal([&] { matrix_vector_product(a, x, y, {.row_scales_a = scales}); },
                   {"narrowfp::matrix_vector_product", "row_scales_a"});
    expect_refusal([&] { matrix_vector_product(a, x, y, {.row_scales_b = std::span(scales).last(1)}); },
                   {"narrowfp::matrix_vector_product", "row_scales_b"});
    expect_refusal([&] { matrix_product(a, a, c, {.row_scales_b = scales}); },
                   {"narrowfp::matrix_product", "row_scales_b"});
  }
  for (const float written : y) {
    EXPECT_EQ(written, 77.0F) << "written before the error";
  }
  for (const float written : c) {
    EXPECT_EQ(written, 77.0F) << "written before the error";
  }
}

TEST(ProductRefusals, ShapesOfMatrices) {
  const std::vector<mxfp4> blocks(6);
  const matrix_view<mxfp4> a(blocks, 3, 40);
  std::vector<float> y(3, 77.0F);
  const std::vector<float> x(40);
  EXPECT_NO_THROW(matrix_vector_product(a, x, y));
  y.assign(3, 77.0F);
  expect_refusal([&] { matrix_vector_product(a, std::vector<float>(39), y); },
                 {"narrowfp::matrix_vector_product", " x ", "39", "40"});
  expect_refusal([&] { matrix_vector_product(a, std::vector<mxfp4>(3), y); },
                 {"narrowfp::matrix_vector_product", " x ", "3", "2"});
  EXPECT_NO_THROW(matrix_vector_product(a, std::vector<mxfp4>(2), std::vector<float>(3)));
  y.assign(3, 77.0F);
  for (const std::size_t n : {0U, 2U, 4U}) {
    std::vector<float> wrong(n, 77.0F);
    expect_refusal([&] { matrix_vector_product(a, x, wrong); },
                   {"narrowfp::matrix_vector_product", " y ", std::to_string(n), "3"});
    for (const float written : wrong) {
      EXPECT_EQ(written, 77.0F);
    }
  }
  std::vector<double> c(9, 77.0);
  const std::vector<float> values(3 * 41);
  expect_refusal([&] { matrix_product(a, matrix_view<float>(values, 3, 41), c); },
                 {"narrowfp::matrix_product", "b_transposed", "41", "40"});
  std::vector<double> wrong(8, 77.0);
  expect_refusal([&] { matrix_product(a, matrix_view<float>(std::vector<float>(120), 3, 40), wrong); },
                 {"narrowfp::matrix_product", " c ", "8", "9"});
  for (const double written : wrong) {
    EXPECT_EQ(written, 77.0);
  }
}

TEST(ProductRefusals, ViewsWantExactlyTheirBlocksOrCodes) {
  const std::vector<mxfp4> blocks(6);
  EXPECT_NO_THROW((matrix_view<mxfp4>(blocks, 3, 33)));
  EXPECT_NO_THROW((matrix_view<mxfp4>(blocks, 2, 96)));
  expect_refusal([&] { matrix_view<mxfp4>(blocks, 3, 32); }, {"narrowfp::matrix_view", "6", "3"});
  expect_refusal([&] { matrix_view<mxfp4>(blocks, 3, 65); }, {"narrowfp::matrix_view", "6", "9"});
  const std::vector<fp8_e4m3> codes(6);
  expect_refusal([&] { matrix_view<fp8_e4m3>(codes, 1, 5); }, {"narrowfp::matrix_view", "6", "5"});
  expect_refusal([&] { matrix_view<fp8_e4m3>(codes, 7, 1); }, {"narrowfp::matrix_view", "6", "7"});
  expect_refusal([&] { matrix_view<fp8_e4m3>(codes, ~std::size_t{0} / 2, 4); }, {"narrowfp::matrix_view"});
  const packed_vector<fp4_e2m1> dense(6);
  expect_refusal([&] { matrix_view<fp4_e2m1>(dense, 1, 5); }, {"narrowfp::matrix_view", "6", "5"});
  const std::vector<std::byte> code_bytes(32);
  const std::vector<std::byte> scale_bytes(2);
  EXPECT_NO_THROW((matrix_view<mxfp4>(const_split_blocks(code_bytes, scale_bytes), 1, 64)));
  expect_refusal([&] { matrix_view<mxfp4>(const_split_blocks(code_bytes, scale_bytes), 1, 65); },
                 {"narrowfp::matrix_view", "32", "48"});
  expect_refusal(
      [&] { matrix_view<mxfp4>(const_split_blocks(code_bytes, std::vector<std::byte>(3)), 1, 64); },
      {"narrowfp::matrix_view", "3", "2"});
  const matrix_view<mxfp4> view(blocks, 3, 40);
  EXPECT_NO_THROW((void)view.rows(0, 3));
  EXPECT_NO_THROW((void)view.rows(3, 0));
  expect_refusal([&] { (void)view.rows(0, 4); }, {"narrowfp::matrix_view::rows", "4", "3"});
  expect_refusal([&] { (void)view.rows(4, 0); }, {"narrowfp::matrix_view::rows", "4", "3"});
  expect_refusal([&] { (void)view.rows(2, ~std::size_t{0}); }, {"narrowfp::matrix_view::rows", "3"});
}

TEST(ProductRefusals, AnInstructionSetThatIsNotThere) {
  const std::vector<float> x(3, 1.0F);
  const matrix_view<float> a(x, 1, 3);
  for (const isa use : support::all_isas) {
    std::vector<float> y(1, 77.0F);
    if (narrowfp::isa_available(use)) {
      EXPECT_EQ(dot(x, x, {.use = use}), 3.0F);
      continue;
    }
    expect_refusal([&] { (void)dot(x, x, {.use = use}); },
                   {"narrowfp::dot", "use", narrowfp::isa_name(use), "scalar"});
    expect_refusal([&] { matrix_vector_product(a, x, y, {.use = use}); },
                   {"narrowfp::matrix_vector_product", "use", narrowfp::isa_name(use)});
    expect_refusal([&] { matrix_product(a, a, y, {.use = use}); },
                   {"narrowfp::matrix_product", "use", narrowfp::isa_name(use)});
    EXPECT_EQ(y[0], 77.0F) << "written before the error";
  }
}

// What is no operand does not take part in overload resolution.

template <class Out, class A, class B>
concept has_dot = requires(A a, B b) {
  narrowfp::dot<Out>(a, b);
};
template <class A, class B>
concept has_dot_block = requires(A a, B b) {
  narrowfp::dot_block(a, b);
};
template <class A, class X, class Y>
concept has_matrix_vector_product = requires(A a, X x, Y y) {
  narrowfp::matrix_vector_product(a, x, y);
};
using floats = std::vector<float>;
static_assert(has_dot<float, floats, std::vector<mxfp4>>);
static_assert(has_dot<narrowfp::float16, std::span<const fp8_e4m3>, narrowfp::packed_span<fp4_e2m1>>);
static_assert(!has_dot<int, floats, floats>);
static_assert(!has_dot<fp8_e4m3, floats, floats>);
static_assert(!has_dot<float, std::vector<int>, floats>);
static_assert(!has_dot<float, floats, std::vector<std::string>>);
static_assert(!has_dot<float, float, floats>);
static_assert(has_dot_block<mxfp4, narrowfp::mxint8> && has_dot_block<fp8_e4m3, narrowfp::hif8>);
static_assert(!has_dot_block<mxfp4, narrowfp::nvfp4>);
static_assert(!has_dot_block<mxfp4, fp8_e4m3>);
static_assert(has_matrix_vector_product<matrix_view<mxfp4>, floats, floats&>);
static_assert(!has_matrix_vector_product<matrix_view<mxfp4>, floats, const floats&>);
static_assert(!has_matrix_vector_product<matrix_view<mxfp4>, floats, std::vector<fp8_e4m3>&>);
static_assert(!has_matrix_vector_product<std::vector<mxfp4>, floats, floats&>);

}  // namespace
}  // namespace products
