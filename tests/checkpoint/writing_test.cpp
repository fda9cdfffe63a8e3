// --write: what is stored is read back by a small reader written for the test and by the program itself.
#include <cmath>
#include <filesystem>
#include <regex>

#include <gtest/gtest.h>

#include "test_files.hpp"
#include "program.hpp"

namespace checkpoint_test {
namespace {

struct stored_tensor {
  std::string dtype;
  std::string shape;
  std::string bytes;
};

/// Reads the files that the program writes: a flat header with its keys in alphabetical order.
std::map<std::string, stored_tensor> stored_in(const std::string& path) {
  const std::string file = contents(path);
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  EXPECT_EQ(length % 8, 0U);
  const std::string header = file.substr(8, length);
  const std::regex entry(
      R"re("([^"]*)":\{"data_offsets":\[(\d+),(\d+)\],"dtype":"([A-Z0-9_]+)","shape":(\[[\d,]*\])\})re");
  std::map<std::string, stored_tensor> tensors;
  std::size_t data_bytes = 0;
  for (std::sregex_iterator i(header.begin(), header.end(), entry), end; i != end; ++i) {
    const std::size_t begin = std::stoul((*i)[2]);
    const std::size_t size = std::stoul((*i)[3]) - begin;
    tensors[(*i)[1]] = {(*i)[4], (*i)[5], file.substr(8 + length + begin, size)};
    data_bytes += size;
  }
  EXPECT_EQ(8 + length + data_bytes, file.size());
  return tensors;
}

float float_at(const stored_tensor& t, std::size_t i) {
  float x = 0;
  std::memcpy(&x, t.bytes.data() + 4 * i, 4);
  return x;
}

unsigned byte_at(const stored_tensor& t, std::size_t i) { return static_cast<unsigned char>(t.bytes.at(i)); }

unsigned nibble_at(const stored_tensor& t, std::size_t i) { return byte_at(t, i / 2) >> 4 * (i % 2) & 15; }

double decoded_e2m1(unsigned code) {
  constexpr double magnitudes[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
  return (code & 8 ? -1 : 1) * magnitudes[code & 7];
}

/// Sign, exponent, fraction by the formula of such formats; specials do not occur here.
double decoded(unsigned code, int exponent_bits, int fraction_bits, int bias) {
  const int exponent = static_cast<int>(code >> fraction_bits) & ((1 << exponent_bits) - 1);
  const double fraction = std::ldexp(code & ((1U << fraction_bits) - 1), -fraction_bits);
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, exponent - bias);
  return (code >> (exponent_bits + fraction_bits) & 1) != 0 ? -magnitude : magnitude;
}

double decoded_e4m3(unsigned code) { return decoded(code, 4, 3, 7); }
double decoded_e8m0(unsigned code) { return std::ldexp(1, static_cast<int>(code) - 127); }

constexpr std::size_t rows = 3;
constexpr std::size_t columns = 72;  // no multiple of a block

float original(std::size_t i) {
  return std::ldexp(static_cast<float>(static_cast<int>(i * 37 % 101) - 50),
                    static_cast<int>(i / columns) * 3 - 8);
}

std::string sample() {
  std::vector<float> values(rows * columns);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = original(i);
  }
  return bytes_of(values);
}

struct written_file {
  std::map<std::string, stored_tensor> tensors;
  csv_line expected;
};

written_file write_as(const std::string& format) {
  const folder scratch;
  const std::string file = scratch.file("m.safetensors", one_tensor("F32", "[3,72]", sample()));
  const auto lines =
      measured(file, {"--formats", format, "--min-snr", "3", "--write", scratch.path("q.safetensors")});
  written_file result{stored_in(scratch.path("q.safetensors")), lines.at("t/" + format)};
  EXPECT_TRUE(result.expected.chosen);
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors", "q.safetensors"}));
  // The program reads its own file.
  const outcome again = inspect({scratch.path("q.safetensors")});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.out.find("\nt  "), std::string::npos) << again.out;
  EXPECT_NE(again.out.find(" [3, 72], 216 values"), std::string::npos) << again.out;
  EXPECT_EQ(again.out.find("\nt_scale"), std::string::npos) << "a scale was taken for a parameter";
  return result;
}

template <class Restored>
double snr_of(Restored restored) {
  double signal = 0;
  double noise = 0;
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const double x = double{original(i)};
    signal += x * x;
    noise += (restored(i) - x) * (restored(i) - x);
  }
  return 10 * std::log10(signal / noise);
}

TEST(Write, Fp8WithAScaleForTheTensor) {
  const written_file file = write_as("fp8_e4m3");
  const stored_tensor& codes = file.tensors.at("t");
  const stored_tensor& scale = file.tensors.at("t_scale");
  EXPECT_EQ(file.tensors.size(), 2U);
  EXPECT_EQ(codes.dtype + codes.shape, "F8_E4M3[3,72]");
  EXPECT_EQ(scale.dtype + scale.shape, "F32[]");
  const double snr =
      snr_of([&](std::size_t i) { return decoded_e4m3(byte_at(codes, i)) * float_at(scale, 0); });
  EXPECT_NEAR(snr, file.expected.snr_db, 1e-3);
}

TEST(Write, Mxfp4) {
  const written_file file = write_as("mxfp4");
  const stored_tensor& codes = file.tensors.at("t");
  const stored_tensor& scale = file.tensors.at("t_scale");
  EXPECT_EQ(codes.dtype + codes.shape, "F4[3,72]");
  EXPECT_EQ(scale.dtype + scale.shape, "F8_E8M0[3,3]");
  const double snr = snr_of([&](std::size_t i) {
    return decoded_e2m1(nibble_at(codes, i)) *
           decoded_e8m0(byte_at(scale, i / columns * 3 + i % columns / 32));
  });
  EXPECT_NEAR(snr, file.expected.snr_db, 1e-3);
}

TEST(Write, Mxfp8) {
  const written_file file = write_as("mxfp8_e5m2");
  const stored_tensor& codes = file.tensors.at("t");
  const stored_tensor& scale = file.tensors.at("t_scale");
  EXPECT_EQ(codes.dtype + codes.shape, "F8_E5M2[3,72]");
  EXPECT_EQ(scale.dtype + scale.shape, "F8_E8M0[3,3]");
  const double snr = snr_of([&](std::size_t i) {
    return decoded(byte_at(codes, i), 5, 2, 15) *
           decoded_e8m0(byte_at(scale, i / columns * 3 + i % columns / 32));
  });
  EXPECT_NEAR(snr, file.expected.snr_db, 1e-3);
}

TEST(Write, Mxfp6IsADenseStreamOfBits) {
  const written_file file = write_as("mxfp6_e2m3");
  const stored_tensor& codes = file.tensors.at("t");
  const stored_tensor& scale = file.tensors.at("t_scale");
  EXPECT_EQ(codes.dtype + codes.shape, "F6_E2M3[3,72]");
  const double snr = snr_of([&](std::size_t i) {
    unsigned code = 0;
    for (std::size_t bit = 0; bit < 6; ++bit) {
      code |= (byte_at(codes, (6 * i + bit) / 8) >> (6 * i + bit) % 8 & 1) << bit;
    }
    return decoded(code, 2, 3, 1) * decoded_e8m0(byte_at(scale, i / columns * 3 + i % columns / 32));
  });
  EXPECT_NEAR(snr, file.expected.snr_db, 1e-3);
}

TEST(Write, Nvfp4WithTwoScales) {
  const written_file file = write_as("nvfp4");
  const stored_tensor& codes = file.tensors.at("t");
  const stored_tensor& scale = file.tensors.at("t_scale");
  const stored_tensor& second = file.tensors.at("t_scale_2");
  EXPECT_EQ(codes.dtype + codes.shape, "F4[3,72]");
  EXPECT_EQ(scale.dtype + scale.shape, "F8_E4M3[3,5]");
  EXPECT_EQ(second.dtype + second.shape, "F32[]");
  EXPECT_EQ(float_at(second, 0), std::ldexp(50.0F, -2) / 2688);
  const double snr = snr_of([&](std::size_t i) {
    return decoded_e2m1(nibble_at(codes, i)) *
           decoded_e4m3(byte_at(scale, i / columns * 5 + i % columns / 16)) * double{float_at(second, 0)};
  });
  EXPECT_NEAR(snr, file.expected.snr_db, 1e-2);
}

TEST(Write, KeepsWhatHasNoChoiceAndWhatIsNoFloat) {
  const folder scratch;
  const std::string integers = bytes_of<std::uint64_t>({1, 2});
  const std::string noise = bytes_of<float>({1, 1.0000001F});
  const std::string codes = "\x12\x34";
  const std::string file = scratch.file(
      "m.safetensors", safetensors(R"({"__metadata__":{"format":"pt"},)"
                                   R"("codes":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},)"
                                   R"("i":{"dtype":"I64","shape":[2],"data_offsets":[2,18]},)"
                                   R"("x":{"dtype":"F32","shape":[2],"data_offsets":[18,26]}})",
                                   codes + integers + noise));
  const outcome result = inspect({file, "--min-snr", "200", "--write", scratch.path("q")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find(": 0 quantized, 3 kept, "), std::string::npos) << result.out;
  const auto tensors = stored_in(scratch.path("q"));
  EXPECT_EQ(tensors.at("i").bytes, integers);
  EXPECT_EQ(tensors.at("x").bytes, noise);
  EXPECT_EQ(tensors.at("codes").dtype, "F8_E4M3");
  EXPECT_EQ(tensors.at("codes").bytes, codes);
  EXPECT_NE(contents(scratch.path("q")).find("\"format\":\"pt\""), std::string::npos);
}

TEST(Write, BringsFortranAndBigEndianArraysIntoOrder) {
  const folder scratch;
  const std::string file = scratch.file(
      "a.npy", npy(">f4", true, "(2, 2)",
                   std::string("\x3f\x80\0\0\x40\0\0\0", 8) + std::string("\x40\x40\0\0\x40\x80\0\1", 8)));
  ASSERT_EQ(inspect({file, "--formats", "fp8_e4m3", "--min-snr", "200", "--write", scratch.path("q")}).status,
            0);
  const stored_tensor kept = stored_in(scratch.path("q")).at("a");
  EXPECT_EQ(kept.bytes, bytes_of<float>({1, 3, 2, std::nextafter(4.0F, 5.0F)}));
}

TEST(Write, RefusesTwoTensorsOfOneName) {
  const folder scratch;
  const std::string file = scratch.file(
      "m.safetensors", safetensors(R"({"t":{"dtype":"F32","shape":[1,32],"data_offsets":[0,128]},)"
                                   R"("t_scale":{"dtype":"F32","shape":[],"data_offsets":[128,132]}})",
                                   std::string(132, '\x40')));
  const outcome result = inspect({file, "--formats", "mxfp8_e4m3", "--write", scratch.path("q.safetensors")});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("q.safetensors: tensor 't_scale': cannot be written"), std::string::npos);
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors"}));
}

TEST(Write, LeavesTheOldFileWhereItFails) {
  const folder scratch;
  const std::string file = scratch.file("m.safetensors", one_tensor("F32", "[3,72]", sample()));
  EXPECT_EQ(inspect({file, "--write", scratch.path("none/q")}).status, 1);
  const std::string broken = scratch.file("broken.safetensors", "x");
  const std::string old = scratch.file("q", "old");
  EXPECT_EQ(inspect({broken, "--write", old}).status, 1);
  EXPECT_EQ(contents(old), "old");
  EXPECT_EQ(scratch.names().size(), 3U) << "a temporary file is left";
}

TEST(Write, MayReplaceItsOwnInput) {
  const folder scratch;
  const std::string file = scratch.file("m.safetensors", one_tensor("F32", "[3,72]", sample()));
  ASSERT_EQ(inspect({file, "--formats", "mxfp4", "--min-snr", "3", "--write", file}).status, 0);
  EXPECT_EQ(stored_in(file).at("t").dtype, "F4");
}

}  // namespace
}  // namespace checkpoint_test
