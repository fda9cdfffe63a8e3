// Misuse of calls over an executor: std::invalid_argument that names the function, before the executor is
// called.
#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/parallel.hpp>

#include "executors.hpp"

namespace {

using namespace narrowfp;

constexpr std::size_t n = 40'000;  // enough for several tasks

/// Arguments that fit; each test spoils one.
struct arguments {
  std::vector<float> in = std::vector<float>(n, 1.0F);
  std::vector<float> out = std::vector<float>(n, 7.0F);
  std::vector<fp8_e4m3> codes = std::vector<fp8_e4m3>(n, fp8_e4m3(7.0F));
  packed_vector<fp6_e2m3> dense = packed_vector<fp6_e2m3>(n, fp6_e2m3(7.0F));
  std::vector<mxfp4> blocks = std::vector<mxfp4>(n / 32);
  std::vector<std::byte> block_codes = std::vector<std::byte>(n / 32 * 16);
  std::vector<std::byte> block_scales = std::vector<std::byte>(n / 32);
  block_matrix<mxfp4> matrix = block_matrix<mxfp4>(200, 200);
  std::vector<float> scales = std::vector<float>(200, 2.0F);
  std::vector<float> x = std::vector<float>(200, 1.0F);
  std::vector<float> y = std::vector<float>(200, 7.0F);

  split_blocks split() { return {block_codes, block_scales}; }
  bool operator==(const arguments& other) const {
    const auto same_codes = [](const auto& a, const auto& b) {
      return a.size() == b.size() &&
             parallel_tests::bytes_of<fp8_e4m3>(a) == parallel_tests::bytes_of<fp8_e4m3>(b);
    };
    return out == other.out && same_codes(codes, other.codes) && dense == other.dense &&
           blocks == other.blocks && block_codes == other.block_codes && block_scales == other.block_scales &&
           matrix == other.matrix && y == other.y;
  }
};

/// call(arguments, execute) must throw with all the words; the executor is not called, and nothing is
/// written.
template <class Call>
void expect_refusal(std::initializer_list<std::string> words, Call call) {
  arguments given;
  bool is_called = false;
  const auto execute = [&](std::size_t, const parallel::task&) { is_called = true; };
  try {
    call(given, execute);
    ADD_FAILURE() << "did not throw: " << *words.begin();
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    for (const std::string& word : words) {
      EXPECT_NE(message.find(word), std::string::npos) << "no '" << word << "' in: " << message;
    }
  }
  EXPECT_FALSE(is_called);
  EXPECT_TRUE(given == arguments());
}

TEST(ParallelRefusals, NoTasks) {
  expect_refusal({"narrowfp::parallel::pack:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::pack(e, 0, a.in, a.codes); });
  expect_refusal({"narrowfp::parallel::pack:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::pack(e, 0, a.in, a.dense); });
  expect_refusal({"narrowfp::parallel::unpack:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::unpack(e, 0, a.codes, a.out); });
  expect_refusal({"narrowfp::parallel::unpack:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::unpack(e, 0, a.dense, a.out); });
  expect_refusal({"narrowfp::parallel::pack_rows:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::pack_rows(e, 0, a.in, a.codes, 200, a.scales); });
  expect_refusal({"narrowfp::parallel::unpack_rows:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::unpack_rows(e, 0, a.dense, a.out, 200, a.scales); });
  expect_refusal({"narrowfp::parallel::quantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::quantize(e, 0, a.in, a.blocks); });
  expect_refusal({"narrowfp::parallel::quantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::quantize<mxfp4>(e, 0, a.in, a.split()); });
  expect_refusal({"narrowfp::parallel::quantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::quantize(e, 0, a.in, a.matrix); });
  expect_refusal({"narrowfp::parallel::quantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::quantize(e, 0, a.in, a.matrix, a.scales); });
  expect_refusal({"narrowfp::parallel::quantize_tiles:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::quantize_tiles(e, 0, a.in, a.matrix); });
  expect_refusal({"narrowfp::parallel::dequantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::dequantize(e, 0, a.blocks, a.out); });
  expect_refusal({"narrowfp::parallel::dequantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::dequantize<mxfp4>(e, 0, a.split(), a.out); });
  expect_refusal({"narrowfp::parallel::dequantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::dequantize(e, 0, a.matrix, a.out); });
  expect_refusal({"narrowfp::parallel::dequantize:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::dequantize(e, 0, a.matrix, a.out, a.scales); });
  expect_refusal({"narrowfp::parallel::matrix_vector_product:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::matrix_vector_product(e, 0, a.matrix, a.x, a.y); });
  expect_refusal({"narrowfp::parallel::matrix_product:", "tasks is 0"},
                 [](auto& a, auto e) { parallel::matrix_product(e, 0, a.matrix, a.matrix, a.out); });
}

TEST(ParallelRefusals, SizesThatDoNotFit) {
  expect_refusal({"narrowfp::parallel::pack:", "out has 39999", "40000"},
                 [](auto& a, auto e) { parallel::pack(e, 2, a.in, std::span(a.codes).first(n - 1)); });
  expect_refusal({"narrowfp::parallel::pack:", "out has 40000", "39999"},
                 [](auto& a, auto e) { parallel::pack(e, 2, std::span(a.in).first(n - 1), a.dense); });
  expect_refusal({"narrowfp::parallel::unpack:", "out has 39999", "40000"},
                 [](auto& a, auto e) { parallel::unpack(e, 2, a.codes, std::span(a.out).first(n - 1)); });
  expect_refusal({"narrowfp::parallel::unpack:", "out has 39999", "40000"},
                 [](auto& a, auto e) { parallel::unpack(e, 2, a.dense, std::span(a.out).first(n - 1)); });
  expect_refusal({"narrowfp::parallel::pack_rows:", "in has 40000", "199 * 200"},
                 [](auto& a, auto e) { parallel::pack_rows(e, 2, a.in, a.codes, 199, a.scales); });
  expect_refusal({"narrowfp::parallel::pack_rows:", "in has 40000", "199 * 200"},
                 [](auto& a, auto e) { parallel::pack_rows(e, 2, a.in, a.dense, 199, a.scales); });
  expect_refusal({"narrowfp::parallel::unpack_rows:", "in has 40000", "199 * 200"},
                 [](auto& a, auto e) { parallel::unpack_rows(e, 2, a.codes, a.out, 199, a.scales); });
  expect_refusal({"narrowfp::parallel::unpack_rows:", "in has 40000", "199 * 200"},
                 [](auto& a, auto e) { parallel::unpack_rows(e, 2, a.dense, a.out, 199, a.scales); });
  expect_refusal({"narrowfp::parallel::quantize:", "out has 1249", "1250"}, [](auto& a, auto e) {
    parallel::quantize<mxfp4>(e, 2, a.in, std::span(a.blocks).first(1249));
  });
  expect_refusal({"narrowfp::parallel::quantize:", "split.codes has 20000", "19984"}, [](auto& a, auto e) {
    parallel::quantize<mxfp4>(e, 2, std::span(a.in).first(n - 32), a.split());
  });
  expect_refusal({"narrowfp::parallel::quantize:", "in has 39999", "40000"},
                 [](auto& a, auto e) { parallel::quantize(e, 2, std::span(a.in).first(n - 1), a.matrix); });
  expect_refusal({"narrowfp::parallel::quantize:", "row_scales has 199", "200"}, [](auto& a, auto e) {
    parallel::quantize(e, 2, a.in, a.matrix, std::span(a.scales).first(199));
  });
  expect_refusal({"narrowfp::parallel::quantize_tiles:", "edge is 33"},
                 [](auto& a, auto e) { parallel::quantize_tiles(e, 2, a.in, a.matrix, 33); });
  expect_refusal({"narrowfp::parallel::dequantize:", "in has 1249", "1250"},
                 [](auto& a, auto e) { parallel::dequantize(e, 2, std::span(a.blocks).first(1249), a.out); });
  expect_refusal({"narrowfp::parallel::dequantize:", "split.codes has 20000", "19984"}, [](auto& a, auto e) {
    parallel::dequantize<mxfp4>(e, 2, a.split(), std::span(a.out).first(n - 32));
  });
  expect_refusal({"narrowfp::parallel::dequantize:", "out has 39999", "40000"}, [](auto& a, auto e) {
    parallel::dequantize(e, 2, a.matrix, std::span(a.out).first(n - 1));
  });
  expect_refusal({"narrowfp::parallel::matrix_vector_product:", "y has 199", "200"}, [](auto& a, auto e) {
    parallel::matrix_vector_product(e, 2, a.matrix, a.x, std::span(a.y).first(199));
  });
  expect_refusal({"narrowfp::parallel::matrix_vector_product:", "x has 199", "200"}, [](auto& a, auto e) {
    parallel::matrix_vector_product(e, 2, a.matrix, std::span(a.x).first(199), a.y);
  });
  expect_refusal({"narrowfp::parallel::matrix_product:", "c has 39999", "40000"}, [](auto& a, auto e) {
    parallel::matrix_product(e, 2, a.matrix, a.matrix, std::span(a.out).first(n - 1));
  });
}

TEST(ParallelRefusals, OptionsThatTheFunctionOfOneThreadRefuses) {
  expect_refusal({"narrowfp::parallel::pack:", "round is rounding::hybrid"},
                 [](auto& a, auto e) { parallel::pack(e, 2, a.in, a.codes, {.round = rounding::hybrid}); });
  expect_refusal({"narrowfp::parallel::pack:", "use is"},
                 [](auto& a, auto e) { parallel::pack(e, 2, a.in, a.dense, {.use = static_cast<isa>(99)}); });
  expect_refusal({"narrowfp::parallel::unpack:", "use is"}, [](auto& a, auto e) {
    parallel::unpack(e, 2, a.dense, a.out, {.use = static_cast<isa>(99)});
  });
  expect_refusal({"narrowfp::parallel::pack_rows:", "scales has 0 at [150]"}, [](auto& a, auto e) {
    std::vector<float> scales = a.scales;
    scales[150] = 0;
    parallel::pack_rows(e, 2, a.in, a.codes, 200, scales);
  });
  expect_refusal({"narrowfp::parallel::quantize:", "scale is scale_rule::four_over_six"},
                 [](auto& a, auto e) {
                   std::vector<mxint8> blocks(n / 32);
                   parallel::quantize(e, 2, a.in, blocks, {.scale = scale_rule::four_over_six});
                 });
  expect_refusal({"narrowfp::parallel::quantize:", "tensor_scale is inf"}, [](auto& a, auto e) {
    parallel::quantize<mxfp4>(e, 2, a.in, a.split(),
                              {.tensor_scale = std::numeric_limits<float>::infinity()});
  });
  expect_refusal({"narrowfp::parallel::quantize:", "row_scales has -1 at [199]"}, [](auto& a, auto e) {
    std::vector<float> scales = a.scales;
    scales[199] = -1;
    parallel::quantize(e, 2, a.in, a.matrix, scales);
  });
  expect_refusal({"narrowfp::parallel::quantize_tiles:", "as must be recipe::native"}, [](auto& a, auto e) {
    parallel::quantize_tiles(e, 2, a.in, a.matrix, 32, {.as = recipe::ggml});
  });
  expect_refusal({"narrowfp::parallel::dequantize:", "tensor_scale is 0"},
                 [](auto& a, auto e) { parallel::dequantize(e, 2, a.blocks, a.out, {.tensor_scale = 0}); });
  expect_refusal({"narrowfp::parallel::matrix_product:", "row_scales_b has -1 at [199]"},
                 [](auto& a, auto e) {
                   std::vector<float> scales = a.scales;
                   scales[199] = -1;
                   parallel::matrix_product(e, 2, a.matrix, a.matrix, a.out, {.row_scales_b = scales});
                 });
}

TEST(ParallelRefusals, WhatTheExecutorThrowsIsPassedOn) {
  struct no_more_threads {};
  arguments given;
  const auto execute = [](std::size_t, const parallel::task& task) {
    task(0);
    throw no_more_threads();
  };
  EXPECT_THROW(parallel::pack(execute, 2, given.in, given.codes), no_more_threads);
  EXPECT_EQ(given.codes.front().bits(), fp8_e4m3(1.0F).bits());
  EXPECT_EQ(given.codes.back().bits(), fp8_e4m3(7.0F).bits());
  EXPECT_THROW(parallel::quantize(execute, 2, given.in, given.matrix), no_more_threads);
}

}  // namespace
