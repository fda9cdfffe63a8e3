// A few calls over executors: the bytes of one thread. The other files have more formats and shapes.
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include <narrowfp/parallel.hpp>

#include "executors.hpp"

namespace {

using namespace narrowfp;
using parallel_tests::bytes_of;
using parallel_tests::expect_same_bytes;
using parallel_tests::parts_of_units;

constexpr std::size_t lengths[] = {1, 8'191, 16'385, 131'079};

TEST(ParallelCalls, PackDenseStochasticCodes) {
  const pack_options options = {.round = rounding::stochastic, .seed = 5, .first_index = 3};
  for (const std::size_t n : lengths) {
    const std::vector<float> in = parallel_tests::values_of(n);
    packed_vector<fp6_e2m3> want(n);
    pack(in, want, options);
    const auto packs = [&](auto execute, std::size_t tasks) {
      packed_vector<fp6_e2m3> out(n);
      parallel::pack(execute, tasks, in, out, options);
      return bytes_of<std::byte>(out.bytes());
    };
    expect_same_bytes("pack", bytes_of<std::byte>(want.bytes()), packs, parts_of_units(n, 8'192));
    std::vector<float> values(n);
    unpack(want, values);
    const auto unpacks = [&](auto execute, std::size_t tasks) {
      std::vector<float> out(n);
      parallel::unpack(execute, tasks, want, out);
      return bytes_of<float>(out);
    };
    expect_same_bytes("unpack", bytes_of<float>(values), unpacks, parts_of_units(n, 8'192));
  }
}

TEST(ParallelCalls, QuantizeBlocks) {
  for (const std::size_t n : lengths) {
    const std::vector<float> in = parallel_tests::values_of(n);
    std::vector<mxfp4> want(block_count<mxfp4>(n));
    quantize(in, want);
    const auto quantizes = [&](auto execute, std::size_t tasks) {
      std::vector<mxfp4> out(want.size());
      parallel::quantize(execute, tasks, in, out);
      return bytes_of<mxfp4>(out);
    };
    expect_same_bytes("quantize", bytes_of<mxfp4>(want), quantizes, parts_of_units(n, 8'192));
    std::vector<float> values(n);
    dequantize(want, values);
    const auto restores = [&](auto execute, std::size_t tasks) {
      std::vector<float> out(n);
      parallel::dequantize(execute, tasks, want, out);
      return bytes_of<float>(out);
    };
    expect_same_bytes("dequantize", bytes_of<float>(values), restores, parts_of_units(n, 8'192));
  }
}

}  // namespace
