// Checkpoints that other packages made, with the values that those packages give: tests/golden/checkpoints.
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <ostream>

#include <gtest/gtest.h>

#include "failure.hpp"
#include "test_files.hpp"
#include "models.hpp"

namespace checkpoint_test {
namespace {

namespace fs = std::filesystem;

struct sample {
  const char* folder;
  const char* convention;
  std::size_t parameters;  ///< that the expected file has
};

void PrintTo(const sample& s, std::ostream* out) { *out << s.folder; }

std::string folder_name(const ::testing::TestParamInfo<sample>& tested) { return tested.param.folder; }

class Sample : public ::testing::TestWithParam<sample> {};

TEST_P(Sample, HasTheValuesThatItsPackageGives) {
  const std::string folder = golden(GetParam().folder);
  const checkpoint::model read = checkpoint::read_model(folder, "");
  const checkpoint::model expected = checkpoint::read_model(folder + "/expected_f32.safetensors", "");
  ASSERT_EQ(expected.parameters.size(), GetParam().parameters);
  for (const checkpoint::parameter& e : expected.parameters) {
    const checkpoint::parameter* p = find(read, e.name);
    ASSERT_NE(p, nullptr) << e.name;
    EXPECT_EQ(p->shape, e.shape) << e.name;
    const std::vector<float> got = values_of(*p);
    const std::vector<float> wanted = values_of(e);
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      ASSERT_TRUE(same(got[i], wanted[i]))
          << e.name << ", element " << i << ": " << got[i] << " for " << wanted[i];
    }
    if (p->is_quantized()) {
      EXPECT_EQ(p->convention, GetParam().convention) << e.name;
    }
  }
}

TEST_P(Sample, HasTheSameValuesReadInPiecesOfAnyLength) {
  const checkpoint::model read = checkpoint::read_model(golden(GetParam().folder), "");
  for (const checkpoint::parameter& p : read.parameters) {
    if (!p.is_floating()) {
      continue;
    }
    const std::vector<float> whole = values_of(p);
    std::vector<float> piece;
    for (std::size_t first = 0, n = 1; first < whole.size(); first += piece.size(), n = n * 3 % 101) {
      piece.resize(std::min(n, whole.size() - first));
      p.values->read(first, piece);
      for (std::size_t i = 0; i < piece.size(); ++i) {
        ASSERT_TRUE(same(piece[i], whole[first + i])) << p.name << ", element " << first + i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Sample,
    ::testing::Values(
        sample{"ct_nvfp4", "compressed-tensors", 5}, sample{"ct_nvfp4a16_unfused", "compressed-tensors", 5},
        sample{"ct_mxfp4", "compressed-tensors", 5}, sample{"ct_mxfp6", "compressed-tensors", 5},
        sample{"ct_mxfp8", "compressed-tensors", 5}, sample{"ct_fp8_tensor", "compressed-tensors", 5},
        sample{"ct_fp8_channel", "compressed-tensors", 5}, sample{"ct_fp8_block", "compressed-tensors", 3},
        sample{"mo_nvfp4", "Model-Optimizer", 4}, sample{"mo_fp8", "Model-Optimizer", 4},
        sample{"mo_mxfp8", "Model-Optimizer", 4}, sample{"gptoss_mxfp4", "gpt-oss", 2},
        sample{"ds_fp8_ragged", "DeepSeek", 3}, sample{"ds_fp8_e8m0", "DeepSeek", 3},
        sample{"bnb_nf4", "bitsandbytes", 2}, sample{"bnb_nf4_nested", "bitsandbytes", 2},
        sample{"ao_mxfp8", "torchao", 1}, sample{"ao_mxfp4", "torchao", 1}, sample{"ao_mxfp6", "torchao", 1},
        sample{"ao_nvfp4", "torchao", 1}, sample{"ao_nvfp4_swizzled", "torchao", 1}),
    folder_name);

void expect_values(const std::string& file, const std::string& expected_file) {
  const checkpoint::model read = checkpoint::read_model(file, "");
  const checkpoint::model expected = checkpoint::read_model(expected_file, "");
  for (const checkpoint::parameter& e : expected.parameters) {
    const checkpoint::parameter* p = find(read, e.name);
    ASSERT_NE(p, nullptr) << e.name;
    EXPECT_EQ(p->shape, e.shape) << e.name;
    const std::vector<float> got = values_of(*p);
    const std::vector<float> wanted = values_of(e);
    for (std::size_t i = 0; i < got.size(); ++i) {
      ASSERT_TRUE(same(got[i], wanted[i]))
          << e.name << ", element " << i << ": " << got[i] << " for " << wanted[i];
    }
  }
}

TEST(SampleFiles, OfGguf) {
  for (const char* name : {"model.gguf", "model_align64.gguf"}) {
    expect_values(golden("gguf_mix/") + name, golden("gguf_mix/expected_f32.safetensors"));
  }
}

TEST(SampleFiles, OfTheOneByteDtypesOfSafetensors) {
  expect_values(golden("st_dtypes/model.safetensors"), golden("st_dtypes/expected_f32.safetensors"));
}

TEST(SampleFiles, TilesThatAreRaggedBothWays) {
  const checkpoint::model read = checkpoint::read_model(golden("ds_fp8_200x300"), "");
  const checkpoint::model rows =
      checkpoint::read_model(golden("ds_fp8_200x300/expected_f32_rows_126_129.safetensors"), "");
  ASSERT_EQ(read.parameters.size(), 1U);
  EXPECT_EQ(read.parameters[0].shape, (std::vector<std::uint64_t>{200, 300}));
  std::vector<float> got(4 * 300);
  read.parameters[0].values->read(126 * 300, got);
  const std::vector<float> wanted = values_of(rows.parameters[0]);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_TRUE(same(got[i], wanted[i])) << i;
  }
}

TEST(CaseFiles, KindsThatAreNoCheckpointAreNamed) {
  EXPECT_NE(inspect({case_file("obj.npy")}).err.find("holds Python objects"), std::string::npos);
  EXPECT_EQ(inspect({case_file("a.gguf")}).status, 0) << "a GGUF file without tensors";
}

TEST(CaseFiles, NpzIsReadMemberByMember) {
  const outcome result = inspect({case_file("twoc.npz"), "--formats", "bfloat16"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("\na  F32 [4, 64], 256 values, largest 2.87157\n"), std::string::npos)
      << result.out;
}

TEST(CaseFiles, FieldsThatSafetensorsDoesNotDefineArePassedOver) {
  const outcome result = inspect({case_file("extra_field.safetensors"), "--formats", "bfloat16"});
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST(CaseFiles, ControlCharactersBeyondAsciiAreEscaped) {
  const outcome result = inspect({case_file("name_c1.safetensors"), "--formats", "bfloat16"});
  EXPECT_EQ(result.out.find("\xc2\x9b"), std::string::npos);
  EXPECT_NE(result.out.find("a\\xc2\\x9b31mC1"), std::string::npos) << result.out;
}

TEST(CaseFiles, WhatWasLostIsNeverCalledExact) {
  const outcome result = inspect({case_file("allinf.safetensors"), "--formats", "bfloat16,fp8_e4m3"});
  EXPECT_NE(result.out.find("bfloat16             16.000     exact            0"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("     lost          512"), std::string::npos) << result.out;
  EXPECT_EQ(measured(case_file("oneinf.safetensors"), {"--formats", "bfloat16"}).at("a/bfloat16").saturated,
            0);
}

TEST(CaseFiles, ScalesOfAQuantizedWeightArePartOfIt) {
  const outcome result = inspect({case_file("deepseek_one.safetensors"), "--formats", "bfloat16"});
  EXPECT_NE(result.out.find("key.weight  fp8-block of DeepSeek [384, 384]"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("total of 1 tensor\n"), std::string::npos) << result.out;
}

struct broken_sample {
  const char* folder;
  const char* words;
};

TEST(BrokenSamples, AreRefusedWithOneLine) {
  const broken_sample cases[] = {
      {"config_group_size", "has a scale for 16 elements, but"},
      {"missing_scale", "has no scales: the checkpoint lacks"},
      {"truncated/model.safetensors", "but the file has only"},
      {"truncated/model.gguf", "it is truncated"},
      {"wrong_scale_shape", "need scales of shape [6, 6]"},
  };
  for (const broken_sample& each : cases) {
    const outcome result = inspect({golden("broken/") + each.folder});
    EXPECT_EQ(result.status, 1) << each.folder;
    EXPECT_NE(result.err.find(each.words), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  }
}

TEST(BrokenSamples, AScaleThatIsNaNMakesItsBlockNaN) {
  const checkpoint::model read = checkpoint::read_model(golden("broken/scale_nan"), "");
  const checkpoint::parameter* p = find(read, "model.layers.0.self_attn.q_proj.weight");
  ASSERT_NE(p, nullptr);
  const std::vector<float> values = values_of(*p);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::isnan(values[i]), i / 96 == 2 && i % 96 >= 16 && i % 96 < 32) << i;
  }
}

}  // namespace
}  // namespace checkpoint_test
