// pack_rows and unpack_rows over executors: the bytes of one thread.
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
  std::size_t rows, columns;
};
constexpr shape shapes[] = {{1, 100'000}, {3, 40'000}, {100, 1'001}, {2'345, 63}, {30'011, 5}, {16, 8'192}};

std::vector<float> scales_of(std::size_t rows) {
  std::vector<float> scales(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    scales[r] = r % 3 == 0 ? 1.0F : 0.1F * static_cast<float>(r % 17 + 1);
  }
  return scales;
}

std::size_t least_rows(std::size_t columns) { return (parallel::least_elements - 1) / columns + 1; }
std::size_t least_dense_rows(std::size_t columns) { return (least_rows(columns) + 7) / 8 * 8; }

template <class T>
void expect_same_rows(const pack_options& options = {}) {
  for (const auto& [rows, columns] : shapes) {
    const std::string what = std::to_string(rows) + " x " + std::to_string(columns);
    const std::vector<float> in = parallel_tests::values_of(rows * columns);
    const std::vector<float> scales = scales_of(rows);
    std::vector<T> codes(in.size());
    pack_rows(in, codes, columns, scales, options);
    expect_same_bytes(
        what, bytes_of<T>(codes),
        [&, columns = columns](auto execute, std::size_t tasks) {
          std::vector<T> out(in.size());
          parallel::pack_rows(execute, tasks, in, out, columns, scales, options);
          return bytes_of<T>(out);
        },
        parts_of_units(rows, least_rows(columns)));
    std::vector<float> values(in.size());
    unpack_rows(codes, values, columns, scales);
    expect_same_bytes(
        what, bytes_of<float>(values),
        [&, columns = columns](auto execute, std::size_t tasks) {
          std::vector<float> out(in.size());
          parallel::unpack_rows(execute, tasks, codes, out, columns, scales);
          return bytes_of<float>(out);
        },
        parts_of_units(rows, least_rows(columns)));
  }
}

template <class T>
void expect_same_dense_rows(const pack_options& options = {}) {
  for (const auto& [rows, columns] : shapes) {
    const std::string what = "dense " + std::to_string(rows) + " x " + std::to_string(columns);
    const std::vector<float> in = parallel_tests::values_of(rows * columns);
    const std::vector<float> scales = scales_of(rows);
    packed_vector<T> codes(in.size());
    pack_rows(in, codes, columns, scales, options);
    expect_same_bytes(
        what, bytes_of<std::byte>(codes.bytes()),
        [&, columns = columns](auto execute, std::size_t tasks) {
          packed_vector<T> out(in.size());
          parallel::pack_rows(execute, tasks, in, out, columns, scales, options);
          return bytes_of<std::byte>(out.bytes());
        },
        parts_of_units(rows, least_dense_rows(columns)));
    std::vector<float> values(in.size());
    unpack_rows(codes, values, columns, scales);
    expect_same_bytes(
        what, bytes_of<float>(values),
        [&, columns = columns](auto execute, std::size_t tasks) {
          std::vector<float> out(in.size());
          parallel::unpack_rows(execute, tasks, codes, out, columns, scales);
          return bytes_of<float>(out);
        },
        parts_of_units(rows, least_dense_rows(columns)));
  }
}

TEST(ParallelRows, GiveTheBytesOfOneThread) {
  expect_same_rows<fp8_e4m3>();
  expect_same_rows<hif8>({.round = rounding::stochastic, .seed = 3, .first_index = 9});
}

TEST(ParallelRows, OfDenseCodesBeginAtBytes) {
  expect_same_dense_rows<fp4_e2m1>();
  expect_same_dense_rows<fp6_e3m2>({.round = rounding::stochastic, .seed = 4, .first_index = 1});
  expect_same_dense_rows<narrow_float<minifloat<2, 2, 1, specials::none>>>();
}

}  // namespace
