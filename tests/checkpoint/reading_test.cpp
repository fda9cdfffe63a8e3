// Every element type, order and container is read as the numbers that it holds. The numbers are chosen so
// that one format keeps them exactly and another loses a known part.
#include <cmath>
#include <limits>
#include <ostream>

#include <unistd.h>

#include <gtest/gtest.h>

#include "test_files.hpp"
#include "program.hpp"

namespace checkpoint_test {
namespace {

struct encoded {
  const char* dtype;
  const char* shape;
  std::string bytes;
};

void PrintTo(const encoded& e, std::ostream* out) { *out << e.dtype; }
std::string name_of(const ::testing::TestParamInfo<encoded>& info) { return info.param.dtype; }

// 1, -2, 0.5, 4: exact in every signed type; of E8M0 the magnitudes.
class SafetensorsDtype : public ::testing::TestWithParam<encoded> {};

TEST_P(SafetensorsDtype, IsDecoded) {
  const folder scratch;
  const encoded& e = GetParam();
  const std::string file = scratch.file("m.safetensors", one_tensor(e.dtype, e.shape, e.bytes));
  const outcome result = inspect({file, "--formats", "fp4_e2m1,fp4_e1m2"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find(std::string("t  ") + e.dtype + " [4], 4 values, largest 4\n"), std::string::npos)
      << result.out;
  const auto lines = measured(file, {"--formats", "fp4_e2m1,fp4_e1m2"});
  EXPECT_TRUE(std::isinf(lines.at("t/fp4_e2m1").snr_db));
  // E1M2 under the scale 4 has the steps 1, so that 0.5 becomes 1: an error of 0.25 against 21.25.
  EXPECT_NEAR(lines.at("t/fp4_e1m2").snr_db, 10 * std::log10(21.25 / 0.25), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(
    All, SafetensorsDtype,
    ::testing::Values(encoded{"F64", "[4]", bytes_of<double>({1, -2, 0.5, 4})},
                      encoded{"F32", "[4]", bytes_of<float>({1, -2, 0.5F, 4})},
                      encoded{"F16", "[4]", bytes_of<std::uint16_t>({0x3C00, 0xC000, 0x3800, 0x4400})},
                      encoded{"BF16", "[4]", bytes_of<std::uint16_t>({0x3F80, 0xC000, 0x3F00, 0x4080})},
                      encoded{"F8_E4M3", "[4]", "\x38\xC0\x30\x48"},
                      encoded{"F8_E5M2", "[4]", "\x3C\xC0\x38\x44"},
                      encoded{"F8_E4M3FNUZ", "[4]", "\x40\xC8\x38\x50"},
                      encoded{"F8_E5M2FNUZ", "[4]", "\x40\xC4\x3C\x48"},
                      encoded{"F8_E8M0", "[4]", "\x7F\x80\x7E\x81"},
                      // 6-bit codes 0c 30 08 14 and 08 30 04 18, and 4-bit codes 2 c 1 6, lowest bits first
                      encoded{"F6_E3M2", "[4]", "\x0C\x8C\x50"}, encoded{"F6_E2M3", "[4]", "\x08\x4C\x60"},
                      encoded{"F4", "[4]", "\xC2\x61"}),
    name_of);

TEST(Safetensors, OtherDtypesAndEmptyTensorsAreNamedAndPassedOver) {
  const folder scratch;
  const std::string file = scratch.file(
      "m.safetensors", safetensors(R"({"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},)"
                                   R"("b":{"dtype":"F32","shape":[3,0],"data_offsets":[16,16]},)"
                                   R"("__metadata__":{"format":"pt"},)"
                                   R"("c":{"dtype":"F32","shape":[],"data_offsets":[16,20]}}   )",
                                   bytes_of<std::uint64_t>({7, 8}) + bytes_of<float>({2.5F})));
  const outcome result = inspect({file});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("not inspected: a  I64 [2], which holds no floating-point numbers\n"),
            std::string::npos);
  EXPECT_NE(result.out.find("not inspected: b  F32 [3, 0], which is empty\n"), std::string::npos);
  EXPECT_NE(result.out.find("c  F32 [], 1 values, largest 2.5\n"), std::string::npos);
}

TEST(Safetensors, DoublesBeyondFloatCountAsSaturated) {
  const folder scratch;
  const std::string file =
      scratch.file("m.safetensors", one_tensor("F64", "[4]", bytes_of<double>({1e300, 1, 2, 3})));
  const auto lines = measured(file, {"--formats", "bfloat16,fp8_e4m3"});
  EXPECT_EQ(lines.at("t/bfloat16").saturated, 1);
  EXPECT_EQ(lines.at("t/fp8_e4m3").saturated, 1);
  EXPECT_FALSE(lines.at("t/bfloat16").chosen);
}

TEST(Sharded, TensorsComeFromTheFilesThatTheIndexNames) {
  const folder scratch;
  scratch.file("one.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                                              bytes_of<float>({1, 2})));
  scratch.file("two.safetensors", safetensors(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                                              bytes_of<float>({8})));
  const std::string index = scratch.file("model.safetensors.index.json",
                                         R"({"metadata":{"total_size":12,"nested":[1,{"x":null}]},)"
                                         R"("weight_map":{"a":"one.safetensors","b":"two.safetensors"}})");
  const outcome result = inspect({index});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("a  F32 [2], 2 values, largest 2\n"), std::string::npos);
  EXPECT_NE(result.out.find("b  F32 [1], 1 values, largest 8\n"), std::string::npos);
  EXPECT_NE(result.out.find("total of 2 tensors\n"), std::string::npos);
}

/// The elements of a 3 x 2 x 32 array: rows of very different magnitude, so that an element in the wrong row
/// ruins its block.
float element(std::size_t i, std::size_t j, std::size_t k) {
  return std::ldexp(static_cast<float>(k % 13) - 6, static_cast<int>(10 * i + 4 * j));
}

std::string array_bytes(bool fortran_order) {
  std::vector<float> values(3 * 2 * 32);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      for (std::size_t k = 0; k < 32; ++k) {
        values[fortran_order ? i + 3 * (j + 2 * k) : (i * 2 + j) * 32 + k] = element(i, j, k);
      }
    }
  }
  return bytes_of(values);
}

std::string reversed_words(std::string bytes, std::size_t width) {
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + width));
  }
  return bytes;
}

TEST(Npy, OrdersAndByteOrdersGiveTheSameBlocks) {
  const folder scratch;
  const std::string c_order = scratch.file("a.npy", npy("<f4", false, "(3, 2, 32)", array_bytes(false)));
  const auto expected = measured(c_order).at("a/mxfp4");
  EXPECT_EQ(expected.shape, "[3, 2, 32]");
  EXPECT_EQ(expected.bits_per_value, 4.25);
  const std::string files[] = {
      npy("<f4", true, "(3, 2, 32)", array_bytes(true)),
      npy(">f4", false, "(3, 2, 32)", reversed_words(array_bytes(false), 4)),
      npy(">f4", true, "(3, 2, 32)", reversed_words(array_bytes(true), 4)),
  };
  for (const std::string& bytes : files) {
    EXPECT_EQ(measured(scratch.file("a.npy", bytes)).at("a/mxfp4").snr_db, expected.snr_db);
  }
  // The same bytes in the other order are other blocks.
  const std::string mistaken = scratch.file("a.npy", npy("<f4", true, "(3, 2, 32)", array_bytes(false)));
  EXPECT_NE(measured(mistaken).at("a/mxfp4").snr_db, expected.snr_db);
}

TEST(Npy, AFortranArrayOfWhichOneIndexFillsTheMemoryForMany) {
  constexpr std::size_t axes[] = {2, 3, 1'500'000};
  std::vector<std::uint16_t> in_c_order;
  for (std::size_t i = 0; i < axes[0] * axes[1] * axes[2]; ++i) {
    const std::size_t row = i / axes[2];
    // float16 of a binade and of fractions that are the row's own
    in_c_order.push_back(static_cast<std::uint16_t>((2 + 4 * row) << 10 | (i % axes[2] * 7 & 0x3FF) >> row));
  }
  std::vector<std::uint16_t> in_fortran_order(in_c_order.size());
  for (std::size_t i = 0; i < in_c_order.size(); ++i) {
    const std::size_t k = i % axes[2];
    const std::size_t j = i / axes[2] % axes[1];
    in_fortran_order[i / axes[2] / axes[1] + axes[0] * (j + axes[1] * k)] = in_c_order[i];
  }
  const folder scratch;
  const std::vector<std::string> arguments = {"--formats", "mxfp4"};
  const std::string c_file =
      scratch.file("a.npy", npy("<f2", false, "(2, 3, 1500000)", bytes_of(in_c_order)));
  const auto expected = measured(c_file, arguments).at("a/mxfp4");
  EXPECT_GT(expected.snr_db, 15);
  const std::string fortran =
      scratch.file("a.npy", npy("<f2", true, "(2, 3, 1500000)", bytes_of(in_fortran_order)));
  EXPECT_EQ(measured(fortran, arguments).at("a/mxfp4").snr_db, expected.snr_db);
}

TEST(Npy, TypesOfNumpyAndOfMlDtypes) {
  struct {
    const char* descr;
    const char* dtype;
    std::string bytes;
    std::vector<std::string> arguments;
  } const cases[] = {
      {"<f2", "F16", bytes_of<std::uint16_t>({0x3C00, 0xC000, 0x3800, 0x4400}), {}},
      {"<f8", "F64", bytes_of<double>({1, -2, 0.5, 4}), {}},
      {"<V2", "bfloat16", bytes_of<std::uint16_t>({0x3F80, 0xC000, 0x3F00, 0x4080}), {}},
      {"<f1", "float8_e5m2", "\x3C\xC0\x38\x44", {}},
      {"<V1", "float8_e4m3fn", "\x38\xC0\x30\x48", {"--npy-dtype", "float8_e4m3fn"}},
      {"|V1", "float4_e2m1fn", "\x02\x0C\x01\x06", {"--npy-dtype", "float4_e2m1fn"}},
      {"|V1", "float8_e3m4", "\x30\xC0\x20\x50", {"--npy-dtype", "float8_e3m4"}},
  };
  for (const auto& each : cases) {
    const folder scratch;
    const std::string file = scratch.file("a.npy", npy(each.descr, false, "(4,)", each.bytes));
    std::vector<std::string> arguments = each.arguments;
    arguments.insert(arguments.end(), {"--formats", "fp4_e2m1"});
    const auto line = measured(file, arguments).at("a/fp4_e2m1");
    EXPECT_EQ(line.dtype, each.dtype);
    EXPECT_TRUE(std::isinf(line.snr_db)) << each.descr;
    arguments.push_back(file);
    EXPECT_NE(inspect(arguments).out.find("largest 4\n"), std::string::npos) << each.descr;
  }
}

TEST(Npy, LaterVersionsHaveALongerLengthField) {
  for (const char version : {'\x02', '\x03'}) {
    const folder scratch;
    const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n";
    const std::string file =
        scratch.file("a.npy", std::string("\x93NUMPY") + version + '\0' +
                                  bytes_of<std::uint32_t>({static_cast<std::uint32_t>(header.size())}) +
                                  header + bytes_of<float>({1.5F}));
    EXPECT_EQ(measured(file).at("a/bfloat16").values, "1");
  }
}

TEST(Streaming, AFileLargerThanTheMemoryUsed) {
  const folder scratch;
  const std::string file = scratch.path("big.npy");
  const std::size_t elements = std::size_t{64} << 20;  // 256 MiB of float
  {
    std::string start = npy("<f4", false, "(" + std::to_string(elements) + ",)", bytes_of<float>({3, 5}));
    scratch.file("big.npy", start);
    ASSERT_EQ(0, ::truncate(file.c_str(), static_cast<off_t>(start.size() - 8 + 4 * elements)));
  }
  const outcome result = inspect({file, "--formats", "bfloat16", "--threads", "1"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("67108864 values, largest 5\n"), std::string::npos) << result.out;
  EXPECT_LT(result.peak_kib, 128 * 1024);
}

}  // namespace
}  // namespace checkpoint_test
