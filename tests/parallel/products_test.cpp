// Products over executors: the bits of one thread.
#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "executors.hpp"

namespace {

using namespace narrowfp;
using parallel_tests::bytes_of;
using parallel_tests::expect_same_bytes;
using parallel_tests::parts_of_units;

struct shape {
  std::size_t m, n, k;
};

std::vector<float> scales_of(std::size_t rows) {
  std::vector<float> scales(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    scales[r] = 0.1F * static_cast<float>(r % 13 + 1);
  }
  return scales;
}

/// Without special values, so that sums are numbers.
std::vector<float> numbers_of(std::size_t n, unsigned seed) {
  std::vector<float> values = parallel_tests::values_of(n, seed);
  for (float& x : values) {
    x = x - x == 0 ? x : 1.0F;
  }
  return values;
}

std::size_t least_rows(std::size_t terms) { return (parallel::least_elements - 1) / terms + 1; }

template <class Out>
void expect_same_vector_products() {
  for (const shape s :
       {shape{1, 1, 100'000}, shape{7, 1, 5'000}, shape{100, 1, 1'000}, shape{3'000, 1, 50}}) {
    block_matrix<mxfp4> a(s.m, s.k);
    a.quantize(numbers_of(s.m * s.k, 1));
    std::vector<nvfp4> x(block_count<nvfp4>(s.k));
    quantize(numbers_of(s.k, 2), x);
    const std::vector<float> scales = scales_of(s.m);
    const std::vector<float> of_x = {0.7F};
    const product_options options = {
        .tensor_scale_b = 0.3F, .row_scales_a = scales, .row_scales_b = of_x, .accumulate = true};
    std::vector<Out> want(s.m, Out(0.25F));
    matrix_vector_product(a, x, want, options);
    expect_same_bytes(
        std::to_string(s.m) + " x " + std::to_string(s.k), bytes_of<Out>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<Out> y(s.m, Out(0.25F));
          parallel::matrix_vector_product(execute, tasks, a, x, y, options);
          return bytes_of<Out>(y);
        },
        parts_of_units(s.m, least_rows(s.k)));
  }
}

TEST(ParallelProducts, OfMatrixAndVectorAreTheBitsOfOneThread) {
  expect_same_vector_products<float>();
  expect_same_vector_products<bfloat16>();
}

TEST(ParallelProducts, OfMatricesAreCutByTheRowsOfTheLarger) {
  for (const shape s : {shape{3, 500, 300}, shape{400, 5, 300}, shape{1, 30, 3'000}, shape{16, 16, 65}}) {
    const std::vector<float> values_b = numbers_of(s.n * s.k, 2);
    packed_vector<fp4_e2m1> a(s.m * s.k);
    pack(numbers_of(s.m * s.k, 1), a);
    block_matrix<mxfp8_e4m3> b(s.n, s.k);
    b.quantize(values_b);
    const std::vector<float> scales_a = scales_of(s.m);
    const std::vector<float> scales_b = scales_of(s.n);
    const product_options options = {.row_scales_a = scales_a, .row_scales_b = scales_b, .accumulate = true};
    const matrix_view view_a(a, s.m, s.k);
    std::vector<double> want(s.m * s.n, -1.5);
    matrix_product(view_a, b, want, options);
    const std::size_t more = s.m > s.n ? s.m : s.n;
    const std::size_t fewer = s.m > s.n ? s.n : s.m;
    expect_same_bytes(
        std::to_string(s.m) + " x " + std::to_string(s.n), bytes_of<double>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<double> c(want.size(), -1.5);
          parallel::matrix_product(execute, tasks, view_a, b, c, options);
          return bytes_of<double>(c);
        },
        parts_of_units(more, least_rows(fewer * s.k)));
  }
}

TEST(ParallelProducts, WithoutTermsAreZeros) {
  parallel_tests::calls seen;
  std::vector<float> y(3, 5.0F);
  parallel::matrix_vector_product(executor_of(parallel_tests::order::forward, seen), 7,
                                  block_matrix<mxfp4>(3, 0), std::vector<float>(), y);
  EXPECT_EQ(y, std::vector<float>(3));
  EXPECT_EQ(seen.tasks, 1U);
}

}  // namespace
