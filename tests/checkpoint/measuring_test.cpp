// The numbers in the report, against values worked out by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "test_files.hpp"
#include "program.hpp"

namespace checkpoint_test {
namespace {

std::vector<float> padded(std::vector<float> values, std::size_t n) {
  values.resize(n);
  return values;
}

TEST(Measure, NoiseOfOneBlock) {
  const folder scratch;
  // Under the scale 1, 6 is exact, 5 is a tie that goes to 4, and 0.1 is flushed.
  const std::string file = scratch.file("m", one_tensor("F32", "[32]", bytes_of(padded({6, 5, 0.1F}, 32))));
  const auto line = measured(file).at("t/mxfp4");
  EXPECT_NEAR(line.snr_db, 10 * std::log10((36 + 25 + 0.01) / (1 + 0.01)), 1e-3);
  EXPECT_EQ(line.flushed, 1);
  EXPECT_EQ(line.saturated, 0);
  EXPECT_EQ(line.bits_per_value, 4.25);
}

TEST(Measure, BlocksEndWithTheirRow) {
  const folder scratch;
  const std::vector<float> values(4 * 40, 1.0F);
  const auto lines = measured(scratch.file("m", one_tensor("F32", "[4, 40]", bytes_of(values))),
                              {"--formats", "mxfp4,nvfp4,fp8_e4m3,bfloat16"});
  EXPECT_NEAR(lines.at("t/mxfp4").bits_per_value, 2 * 17 * 8 / 40.0, 1e-6);
  EXPECT_NEAR(lines.at("t/nvfp4").bits_per_value, 3 * 9 * 8 / 40.0 + 32 / 160.0, 1e-6);
  EXPECT_NEAR(lines.at("t/fp8_e4m3").bits_per_value, 8 + 32 / 160.0, 1e-6);
  EXPECT_EQ(lines.at("t/bfloat16").bits_per_value, 16);
}

TEST(Measure, SaturationIsCountedAndNotChosen) {
  const folder scratch;
  const std::string file = scratch.file("m", one_tensor("F32", "[4]", bytes_of<float>({70000, 1, 2, 3})));
  const auto lines = measured(file, {"--formats", "float16,bfloat16", "--min-snr", "10"});
  EXPECT_EQ(lines.at("t/float16").saturated, 1);
  EXPECT_FALSE(lines.at("t/float16").chosen);
  EXPECT_EQ(lines.at("t/bfloat16").saturated, 0);
  EXPECT_TRUE(lines.at("t/bfloat16").chosen);
  // 65519 still rounds to 65504, the largest float16.
  const auto close = measured(scratch.file("m", one_tensor("F32", "[1]", bytes_of<float>({65519}))));
  EXPECT_EQ(close.at("t/float16").saturated, 0);
}

TEST(Measure, NonFiniteValuesMustBeKept) {
  const folder scratch;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::string file =
      scratch.file("m", one_tensor("F32", "[32]", bytes_of(padded({nan, 1, infinity}, 32))));
  const auto lines = measured(file, {"--formats", "bfloat16,fp8_e4m3,fp4_e2m1,mxfp4"});
  EXPECT_EQ(lines.at("t/fp8_e4m3").saturated, 1) << "infinity alone";
  EXPECT_EQ(lines.at("t/fp4_e2m1").saturated, 2) << "NaN as well";
  EXPECT_EQ(lines.at("t/mxfp4").saturated, 31) << "all of the block but its NaN";
  EXPECT_FALSE(lines.at("t/mxfp4").chosen);
}

TEST(Measure, HasAScaleForFormatsOfNarrowRange) {
  const folder scratch;
  // All of them powers of two within E4M3's range once 2^40 is brought to 256.
  const std::vector<float> values = {0x1p40F, 0x1p30F, -0x1p26F};
  const auto lines = measured(scratch.file("m", one_tensor("F32", "[3]", bytes_of(values))));
  EXPECT_TRUE(std::isinf(lines.at("t/fp8_e4m3").snr_db));
  EXPECT_TRUE(std::isinf(lines.at("t/hif8").snr_db));
  EXPECT_EQ(lines.at("t/fp8_e4m3").saturated, 0);
}

TEST(Measure, ExtremeMagnitudes) {
  const folder scratch;
  const float largest = 0x1p127F;
  const float smallest = std::numeric_limits<float>::denorm_min();
  for (const std::vector<float>& values :
       {std::vector<float>{largest, -largest}, std::vector<float>{smallest, -smallest},
        std::vector<float>{largest, smallest}, std::vector<float>{0.0F, -0.0F}}) {
    const auto lines =
        measured(scratch.file("m", one_tensor("F32", "[2]", bytes_of(values))), {"--formats", "all"});
    EXPECT_EQ(lines.at("t/fp8_e4m3").saturated, 0);
    EXPECT_EQ(lines.at("t/hif8").saturated, 0);
    EXPECT_EQ(lines.at("t/fp8_e4m3").values, "2");
  }
}

TEST(Measure, RoundedBeyondFloatIsSaturated) {
  const folder scratch;
  const std::vector<float> values = {std::numeric_limits<float>::max()};
  const auto lines = measured(scratch.file("m", one_tensor("F32", "[1]", bytes_of(values))));
  EXPECT_EQ(lines.at("t/fp8_e4m3").saturated, 1) << "256 * 2^120";
}

TEST(Choice, SmallestThatIsGoodEnough) {
  const folder scratch;
  const std::string file = scratch.file("m", one_tensor("F32", "[32]", bytes_of(padded({6, 5}, 32))));
  // mxfp4 has 10 log10(61) = 17.85 dB; E2M3 is exact.
  const auto loose = measured(file, {"--formats", "bfloat16,mxfp6_e2m3,mxfp4", "--min-snr", "17.8"});
  EXPECT_TRUE(loose.at("t/mxfp4").chosen);
  EXPECT_FALSE(loose.at("t/mxfp6_e2m3").chosen);
  const auto strict = measured(file, {"--formats", "bfloat16,mxfp6_e2m3,mxfp4", "--min-snr", "17.9"});
  EXPECT_FALSE(strict.at("t/mxfp4").chosen);
  EXPECT_TRUE(strict.at("t/mxfp6_e2m3").chosen);
  const outcome none = inspect({file, "--formats", "mxfp4", "--min-snr", "40"});
  EXPECT_NE(none.out.find("none of these has at least 40 dB and no saturation"), std::string::npos);
}

TEST(Total, AddsUpOverTensors) {
  const folder scratch;
  const std::string file =
      scratch.file("m", safetensors(R"({"a":{"dtype":"F32","shape":[32],"data_offsets":[0,128]},)"
                                    R"("b":{"dtype":"F32","shape":[32],"data_offsets":[128,256]}})",
                                    bytes_of(padded({6, 5}, 32)) + bytes_of(padded({6, 0.1F}, 32))));
  const auto lines = measured(file);
  EXPECT_EQ(lines.at("/mxfp4").values, "64");
  EXPECT_NEAR(lines.at("/mxfp4").snr_db, 10 * std::log10((61 + 36.01) / (1 + 0.01)), 1e-3);
  EXPECT_EQ(lines.at("/mxfp4").flushed, 1);
}

TEST(Threads, DoNotChangeTheReport) {
  const folder scratch;
  std::vector<float> values(100 * 1000);
  std::uint32_t state = 1;
  for (float& x : values) {
    state = state * 1664525 + 1013904223;
    x = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-33F;
  }
  const std::string file = scratch.file("m", one_tensor("F32", "[100, 1000]", bytes_of(values)));
  EXPECT_EQ(inspect({file, "--threads", "1"}).out, inspect({file, "--threads", "7"}).out);
}

}  // namespace
}  // namespace checkpoint_test
