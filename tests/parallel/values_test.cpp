// pack and unpack over executors: the bytes of one thread.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "executors.hpp"

namespace {

using namespace narrowfp;
using parallel_tests::bytes_of;
using parallel_tests::expect_same_bytes;
using parallel_tests::parts_of_units;

/// Around the places where a call is cut, from one part to sixteen.
constexpr std::size_t lengths[] = {1, 511, 8191, 16383, 16384, 16385, 57347, 131072, 131079, 140003};

template <class S>
std::vector<S> elements_of(std::size_t n) {
  const std::vector<float> values = parallel_tests::values_of(n);
  std::vector<S> elements(n);
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (std::is_integral_v<S>) {
      elements[i] = static_cast<S>(i * 7 % 201) - 100;
    } else {
      elements[i] = static_cast<S>(values[i]);
    }
  }
  return elements;
}

template <class S, class T>
void expect_same_codes(const pack_options& options = {}) {
  for (const std::size_t n : lengths) {
    const std::vector<S> in = elements_of<S>(n);
    std::vector<T> want(n);
    pack(in, want, options);
    expect_same_bytes(
        std::to_string(T::format::width) + " bits, " + std::to_string(n), bytes_of<T>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<T> out(n);
          parallel::pack(execute, tasks, in, out, options);
          return bytes_of<T>(out);
        },
        parts_of_units(n, parallel::least_elements));
  }
}

template <class T, class S>
void expect_same_values(const unpack_options& options = {}) {
  for (const std::size_t n : lengths) {
    std::vector<T> in(n);
    for (std::size_t i = 0; i < n; ++i) {
      in[i] = T::from_bits(static_cast<typename T::code_type>(i * 40503U >> 5));
    }
    std::vector<S> want(n);
    unpack(in, want, options);
    expect_same_bytes(
        std::to_string(T::format::width) + " bits, " + std::to_string(n), bytes_of<S>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<S> out(n);
          parallel::unpack(execute, tasks, in, out, options);
          return bytes_of<S>(out);
        },
        parts_of_units(n, parallel::least_elements));
  }
}

/// Both ways, through bytes around which others must stay.
template <class T>
void expect_same_dense_bytes(const pack_options& options = {}) {
  for (const std::size_t n : lengths) {
    const std::vector<float> in = elements_of<float>(n);
    const std::size_t size = packed_size_bytes<T>(n);
    std::vector<std::byte> want(size + 64, std::byte{0xA5});
    pack(in, packed_span<T>(want, n), options);
    expect_same_bytes(
        std::to_string(T::format::width) + " bits, " + std::to_string(n), bytes_of<std::byte>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<std::byte> out(size + 64, std::byte{0xA5});
          parallel::pack(execute, tasks, in, packed_span<T>(out, n), options);
          return bytes_of<std::byte>(out);
        },
        parts_of_units(n, parallel::least_elements));

    std::vector<float> values(n);
    unpack(packed_span<const T>(want, n), values, {.scale = 0.3F});
    expect_same_bytes(
        std::to_string(T::format::width) + " bits, " + std::to_string(n), bytes_of<float>(values),
        [&](auto execute, std::size_t tasks) {
          std::vector<float> out(n);
          parallel::unpack(execute, tasks, packed_span<const T>(want, n), out, {.scale = 0.3F});
          return bytes_of<float>(out);
        },
        parts_of_units(n, parallel::least_elements));
  }
}

TEST(ParallelPack, GivesTheCodesOfOneThread) {
  expect_same_codes<float, fp8_e4m3>();
  expect_same_codes<float, hif8>({.over = overflow::saturate, .scale = 0.37F});
  expect_same_codes<float, bfloat16>();
  expect_same_codes<bfloat16, fp8_e5m2>({.round = rounding::toward_zero});
  expect_same_codes<int, fp6_e3m2>();
  expect_same_codes<double, float16>();
}

TEST(ParallelPack, DrawsByTheElementsPlaceInAll) {
  expect_same_codes<float, fp8_e4m3>({.round = rounding::stochastic, .seed = 5, .first_index = 3});
  // The index runs over the end of its range.
  expect_same_codes<float, fp4_e2m1>(
      {.round = rounding::stochastic, .seed = 6, .first_index = ~std::uint64_t{0} - 20000});
}

TEST(ParallelPack, CutsDenseStreamsAtBytes) {
  expect_same_dense_bytes<fp4_e2m1>({.round = rounding::stochastic, .seed = 1});
  expect_same_dense_bytes<fp6_e2m3>();
  expect_same_dense_bytes<narrow_float<minifloat<2, 2, 1, specials::none>>>();   // 5 bits
  expect_same_dense_bytes<narrow_float<minifloat<3, 3, 3, specials::fn>>>();     // 7 bits
  expect_same_dense_bytes<narrow_float<minifloat<2, 0, 1, specials::none>>>();   // 3 bits
  expect_same_dense_bytes<narrow_float<minifloat<5, 5, 15, specials::ieee>>>();  // 11 bits
  expect_same_dense_bytes<bfloat16>();
}

TEST(ParallelUnpack, GivesTheValuesOfOneThread) {
  expect_same_values<fp8_e4m3, float>();
  expect_same_values<hif8, float>({.scale = 0.3F});
  expect_same_values<float16, double>();
  expect_same_values<fp8_e5m2, bfloat16>();
}

TEST(ParallelPack, TakesAnyRangesAndExecutors) {
  const std::vector<float> in = parallel_tests::values_of(20000);
  std::vector<fp8_e4m3> want(in.size());
  pack(in, want);
  std::vector<fp8_e4m3> out(in.size());
  // A function that is no template; a callable object that is const; one that takes everything by value.
  struct const_executor {
    void operator()(std::size_t n, const std::function<void(std::size_t)>& task) const {
      for (std::size_t i = 0; i < n; ++i) {
        task(i);
      }
    }
  };
  const const_executor constant;
  parallel::pack(constant, 2, std::span(in), std::span(out), {});
  EXPECT_TRUE(bytes_of<fp8_e4m3>(out) == bytes_of<fp8_e4m3>(want));
  out.assign(out.size(), fp8_e4m3());
  parallel::pack([](std::size_t n, parallel::task task) { parallel_tests::run_on_threads(2, n, task); }, 3,
                 in, out);
  EXPECT_TRUE(bytes_of<fp8_e4m3>(out) == bytes_of<fp8_e4m3>(want));
  packed_vector<fp4_e2m1> dense(in.size());
  packed_vector<fp4_e2m1> wanted(in.size());
  pack(in, wanted);
  parallel::pack(constant, 2, in, dense);
  EXPECT_TRUE(bytes_of<std::byte>(dense.bytes()) == bytes_of<std::byte>(wanted.bytes()));
}

TEST(ParallelPack, AsksTheExecutorForNothingWhereThereIsNothingToDo) {
  parallel_tests::calls seen;
  const auto execute = executor_of(parallel_tests::order::forward, seen);
  const std::vector<float> none;
  std::vector<float> no_values;
  std::vector<fp8_e4m3> no_codes;
  std::vector<mxfp4> no_blocks;
  packed_vector<fp4_e2m1> no_dense;
  parallel::pack(execute, 7, none, no_codes);
  parallel::pack(execute, 7, none, no_dense);
  parallel::unpack(execute, 7, no_codes, no_values);
  parallel::unpack(execute, 7, no_dense, no_values);
  parallel::pack_rows(execute, 7, none, no_codes, 0, std::vector<float>(3, 1.0F));
  parallel::unpack_rows(execute, 7, no_dense, no_values, 5, none);
  parallel::quantize(execute, 7, none, no_blocks);
  parallel::quantize<mxfp4>(execute, 7, none, split_blocks());
  parallel::dequantize(execute, 7, no_blocks, no_values);
  block_matrix<mxfp4> matrix(0, 32);
  parallel::quantize(execute, 7, none, matrix);
  parallel::dequantize(execute, 7, block_matrix<mxfp4>(3, 0), no_values);
  parallel::quantize_tiles(execute, 7, none, matrix);
  parallel::matrix_vector_product(execute, 7, matrix, std::vector<mxfp4>(1), no_values);
  EXPECT_EQ(seen.count, 0U);
}

}  // namespace
