// Codes and scales that are carried over, in every convention, and conversions there and back that lose
// nothing.
#include <cstdint>
#include <ostream>

#include <gtest/gtest.h>

#include "models.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

/// Whether two checkpoints have the same parameters, of the same type, stored as the same bytes.
void expect_same_parts(const std::string& a_path, const std::string& b_path) {
  const checkpoint::model a = checkpoint::read_model(a_path, "");
  const checkpoint::model b = checkpoint::read_model(b_path, "");
  std::size_t quantized = 0;
  for (const checkpoint::parameter& p : a.parameters) {
    const checkpoint::parameter* q = find(b, p.name);
    if (q == nullptr) {
      EXPECT_TRUE(!p.is_quantized()) << p.name << " is missing";
      continue;
    }
    quantized += p.is_quantized() ? 1U : 0U;
    EXPECT_EQ(p.type_text(), q->type_text()) << p.name;
    EXPECT_EQ(p.shape, q->shape) << p.name;
    ASSERT_EQ(p.parts.size(), q->parts.size()) << p.name;
    for (std::size_t i = 0; i < p.parts.size(); ++i) {
      EXPECT_EQ(p.parts[i].name, q->parts[i].name);
      EXPECT_EQ(p.parts[i].type, q->parts[i].type) << p.parts[i].name;
      EXPECT_EQ(p.parts[i].shape, q->parts[i].shape) << p.parts[i].name;
      EXPECT_TRUE(bytes_of_part(p.parts[i]) == bytes_of_part(q->parts[i])) << p.parts[i].name;
    }
  }
  EXPECT_GT(quantized, 0U);
}

/// Whether b has every number of a, but for the scales of activations, which belong to what is quantized.
void expect_same_values(const std::string& a_path, const std::string& b_path) {
  const checkpoint::model a = checkpoint::read_model(a_path, "");
  const checkpoint::model b = checkpoint::read_model(b_path, "");
  for (const checkpoint::parameter& p : a.parameters) {
    const checkpoint::parameter* q = find(b, p.name);
    if (q == nullptr && (p.name.ends_with("input_scale") || p.name.ends_with("input_global_scale"))) {
      continue;
    }
    ASSERT_NE(q, nullptr) << p.name << " is missing";
    ASSERT_EQ(p.shape, q->shape) << p.name;
    const std::vector<float> x = values_of(p);
    const std::vector<float> y = values_of(*q);
    std::size_t different = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      different += same(x[i], y[i]) ? 0U : 1U;
    }
    EXPECT_EQ(different, 0U) << p.name << " in " << b_path;
  }
}

/// A sample, or a checkpoint that this program makes of the source, and what it is.
struct convention {
  const char* sample;  ///< null: made here
  const char* format;
  const char* layout;
};

void PrintTo(const convention& tested, std::ostream* out) {
  *out << (tested.sample != nullptr ? tested.sample : "made") << ' ' << tested.format << ' ' << tested.layout;
}

std::string name_of(const ::testing::TestParamInfo<convention>& tested) {
  std::string name = tested.param.sample != nullptr
                         ? std::string(tested.param.sample)
                         : std::string("made_") + tested.param.format + '_' + tested.param.layout;
  for (char& c : name) {
    c = c == '-' || c == '/' || c == '.' ? '_' : c;
  }
  return name;
}

std::string prepared(const folder& scratch, const convention& which) {
  if (which.sample != nullptr) {
    return golden(which.sample);
  }
  const bool is_gguf = std::string(which.layout) == "gguf";
  const std::string made = scratch.path(is_gguf ? "made.gguf" : "made");
  const outcome result = convert({golden("source_bf16.safetensors"), is_gguf ? made : made + '/', "--to",
                                  which.format, "--layout", which.layout});
  EXPECT_EQ(result.status, 0) << result.err;
  return made;
}

class Convention : public ::testing::TestWithParam<convention> {};

TEST_P(Convention, IsReadAndWrittenWithoutQuantizingAgain) {
  const folder scratch;
  const std::string in = prepared(scratch, GetParam());
  const bool is_gguf = std::string(GetParam().layout) == "gguf";
  const std::string out = scratch.path(is_gguf ? "out.gguf" : "out");
  const outcome result =
      convert({in, is_gguf ? out : out + '/', "--to", GetParam().format, "--layout", GetParam().layout});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("carried over unchanged"), std::string::npos) << result.out;
  expect_same_parts(in, out);
  EXPECT_EQ(run({"compare", in, out}).status, 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, Convention,
    ::testing::Values(convention{"ct_nvfp4", "nvfp4", "compressed-tensors"},
                      convention{"ct_nvfp4a16_unfused", "nvfp4", "compressed-tensors"},
                      convention{"ct_mxfp4", "mxfp4", "compressed-tensors"},
                      convention{"ct_mxfp6", "mxfp6", "compressed-tensors"},
                      convention{"ct_mxfp8", "mxfp8", "compressed-tensors"},
                      convention{"ct_fp8_tensor", "fp8", "compressed-tensors"},
                      convention{"ct_fp8_channel", "fp8-channel", "compressed-tensors"},
                      convention{"ct_fp8_block", "fp8-block", "compressed-tensors"},
                      convention{"mo_nvfp4", "nvfp4", "modelopt"}, convention{"mo_fp8", "fp8", "modelopt"},
                      convention{"mo_mxfp8", "mxfp8", "modelopt"},
                      convention{"gptoss_mxfp4", "mxfp4", "gpt-oss"},
                      convention{"ds_fp8_ragged", "fp8-block", "deepseek"},
                      convention{"ds_fp8_200x300", "fp8-block", "deepseek"},
                      convention{"ao_mxfp8", "mxfp8", "torch"}, convention{"ao_mxfp4", "mxfp4", "torch"},
                      convention{"ao_nvfp4", "nvfp4", "torch"},
                      convention{"ao_nvfp4_swizzled", "nvfp4", "torch"},
                      convention{"gguf_quantized/q8_0.gguf", "q8_0", "gguf"},
                      convention{"gguf_quantized/q4_0.gguf", "q4_0", "gguf"},
                      convention{"gguf_quantized/q4_1.gguf", "q4_1", "gguf"},
                      convention{"gguf_quantized/mxfp4.gguf", "mxfp4", "gguf"},
                      convention{nullptr, "fp8-channel", "modelopt"}, convention{nullptr, "nvfp4", "plain"},
                      convention{nullptr, "mxfp4", "plain"}, convention{nullptr, "mxfp6", "plain"},
                      convention{nullptr, "mxfp8", "plain"}, convention{nullptr, "fp8", "plain"},
                      convention{nullptr, "fp8-channel", "plain"}, convention{nullptr, "fp8-block", "plain"},
                      convention{nullptr, "hif8", "plain"}),
    name_of);

TEST(Carry, UnitsOfHif4) {
  const folder scratch;
  std::vector<float> values(4 * 128);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(static_cast<int>(i * 2654435761U % 2001) - 1000) / 512;
  }
  const std::string in = scratch.file("in.safetensors", one_tensor("F32", "[4,128]", bytes_of(values)));
  const std::string once = scratch.path("once.safetensors");
  const std::string twice = scratch.path("twice.safetensors");
  ASSERT_EQ(convert({in, once, "--to", "hif4"}).status, 0);
  ASSERT_EQ(convert({once, twice, "--to", "hif4"}).status, 0);
  expect_same_parts(once, twice);
}

// Dense weights of DeepSeek V4 and, kept, its experts of 4 bits.
TEST(Carry, DeepSeekV4IsWrittenAsItWas) {
  const folder scratch;
  const std::string out = scratch.path("out");
  ASSERT_EQ(convert({golden("ds_fp8_e8m0"), out + '/', "--to", "fp8-block", "--layout", "deepseek",
                     "--exclude", "*.experts.*"})
                .status,
            0);
  expect_same_parts(golden("ds_fp8_e8m0"), out);
}

struct route {
  const char* sample;
  const char* format;
  const char* layout;  ///< of the sample
  const char* other;   ///< layout
  bool same_bytes;     ///< and not only the same values, when it is back
};

void PrintTo(const route& r, std::ostream* out) { *out << r.sample << " by " << r.other; }

class ThereAndBack : public ::testing::TestWithParam<route> {};

TEST_P(ThereAndBack, LosesNothing) {
  const route& r = GetParam();
  const folder scratch;
  const auto place = [&](const char* name, const std::string& layout) {
    return scratch.path(layout == "gguf" ? std::string(name) + ".gguf" : std::string(name) + "/");
  };
  const std::string there = place("there", r.other);
  const std::string back = place("back", r.layout);
  const outcome first = convert({golden(r.sample), there, "--to", r.format, "--layout", r.other});
  ASSERT_EQ(first.status, 0) << first.err;
  expect_same_values(golden(r.sample), there);
  ASSERT_EQ(convert({there, back, "--to", r.format, "--layout", r.layout}).status, 0);
  expect_same_values(golden(r.sample), back);
  if (r.same_bytes) {
    expect_same_parts(golden(r.sample), back);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ThereAndBack,
    ::testing::Values(route{"ct_mxfp4", "mxfp4", "compressed-tensors", "torch", true},
                      route{"ct_mxfp4", "mxfp4", "compressed-tensors", "plain", true},
                      route{"ct_mxfp4", "mxfp4", "compressed-tensors", "gguf", false},
                      route{"ct_mxfp6", "mxfp6", "compressed-tensors", "plain", true},
                      route{"ct_mxfp8", "mxfp8", "compressed-tensors", "modelopt", true},
                      route{"ct_mxfp8", "mxfp8", "compressed-tensors", "torch", true},
                      route{"ct_mxfp8", "mxfp8", "compressed-tensors", "plain", true},
                      route{"mo_mxfp8", "mxfp8", "modelopt", "compressed-tensors", true},
                      route{"ao_mxfp8", "mxfp8", "torch", "compressed-tensors", true},
                      route{"ao_mxfp4", "mxfp4", "torch", "compressed-tensors", true},
                      route{"gptoss_mxfp4", "mxfp4", "gpt-oss", "plain", true},
                      route{"gptoss_mxfp4", "mxfp4", "gpt-oss", "torch", true},
                      route{"gptoss_mxfp4", "mxfp4", "gpt-oss", "gguf", false},
                      route{"gguf_quantized/mxfp4.gguf", "mxfp4", "gguf", "compressed-tensors", false},
                      route{"mo_nvfp4", "nvfp4", "modelopt", "torch", true},
                      route{"mo_nvfp4", "nvfp4", "modelopt", "plain", true},
                      route{"ao_nvfp4", "nvfp4", "torch", "modelopt", true},
                      route{"ct_fp8_tensor", "fp8", "compressed-tensors", "modelopt", true},
                      route{"mo_fp8", "fp8", "modelopt", "compressed-tensors", true},
                      route{"ct_fp8_channel", "fp8-channel", "compressed-tensors", "modelopt", false},
                      route{"ct_fp8_block", "fp8-block", "compressed-tensors", "deepseek", false},
                      route{"ds_fp8_ragged", "fp8-block", "deepseek", "compressed-tensors", true},
                      route{"ds_fp8_200x300", "fp8-block", "deepseek", "plain", true}),
    [](const auto& tested) {
      std::string name = std::string(tested.param.sample) + "_by_" + tested.param.other;
      for (char& c : name) {
        c = c == '-' || c == '/' || c == '.' ? '_' : c;
      }
      return name;
    });

constexpr const char* quantized_samples[] = {
    "ct_nvfp4",          "ct_mxfp4",           "ct_mxfp6",       "ct_mxfp8",    "ct_fp8_tensor",
    "ct_fp8_channel",    "ct_fp8_block",       "mo_nvfp4",       "mo_fp8",      "mo_mxfp8",
    "gptoss_mxfp4",      "ds_fp8_ragged",      "ds_fp8_200x300", "ds_fp8_e8m0", "bnb_nf4",
    "bnb_nf4_nested",    "ao_mxfp8",           "ao_mxfp4",       "ao_mxfp6",    "ao_nvfp4",
    "ao_nvfp4_swizzled", "gguf_mix/model.gguf"};

// Float holds what every convention stores; back from there, nothing more is lost.
TEST(Upcast, ToFloatChangesNoValue) {
  for (const char* sample : quantized_samples) {
    const folder scratch;
    const std::string out = scratch.path("out/");
    ASSERT_EQ(convert({golden(sample), out, "--to", "f32", "--layout", "plain"}).status, 0) << sample;
    expect_same_values(golden(sample), out);
  }
}

TEST(Upcast, PlainFormatsThereAndBackAreTheSameBits) {
  // Every 16-bit pattern but NaN, whose payloads are no values.
  for (const bool is_half : {false, true}) {
    std::vector<std::uint16_t> patterns;
    for (std::uint32_t code = 0; code < 0x10000; ++code) {
      if ((code & 0x7FFFU) <= (is_half ? 0x7C00U : 0x7F80U)) {
        patterns.push_back(static_cast<std::uint16_t>(code));
      }
    }
    const folder scratch;
    const char* type = is_half ? "F16" : "BF16";
    const std::string in = scratch.file(
        "in.safetensors", one_tensor(type, "[" + std::to_string(patterns.size()) + "]", bytes_of(patterns)));
    const std::string wide = scratch.path("wide.safetensors");
    const std::string back = scratch.path("back.safetensors");
    ASSERT_EQ(convert({in, wide, "--to", "f32", "--include", "*"}).status, 0);
    ASSERT_EQ(convert({wide, back, "--to", is_half ? "f16" : "bf16", "--include", "*"}).status, 0);
    const checkpoint::model m = checkpoint::read_model(back, "");
    ASSERT_EQ(m.parameters.size(), 1U);
    EXPECT_EQ(m.parameters[0].format, type);
    EXPECT_TRUE(bytes_of_part(m.parameters[0].parts[0]) == bytes_of(patterns)) << type;
  }
}

TEST(Upcast, GgufAndSafetensorsHaveTheSameFloats) {
  for (const char* format : {"f32", "f16"}) {
    const folder scratch;
    const std::string plain = scratch.path("plain.safetensors");
    const std::string blocks = scratch.path("blocks.gguf");
    const std::string back = scratch.path("back.safetensors");
    for (const std::string& out : {plain, blocks}) {
      const outcome result =
          convert({golden("source_bf16.safetensors"), out, "--to", format, "--include", "*"});
      ASSERT_EQ(result.status, 0) << result.err;
    }
    expect_same_values(plain, blocks);
    ASSERT_EQ(convert({blocks, back, "--to", "bf16", "--include", "*"}).status, 0);
    expect_same_values(plain, back);
  }
}

// What is quantized and has no layout to be written in is refused rather than kept as bytes that nothing
// explains.
TEST(Carry, WhatALayoutDoesNotHaveIsNeverWrittenAsBytes) {
  for (const char* sample : {"bnb_nf4", "ao_mxfp6", "ct_mxfp6"}) {
    const folder scratch;
    const outcome result = convert({golden(sample), scratch.path("out/"), "--to", "bf16", "--exclude", "*"});
    EXPECT_EQ(result.status, 1) << sample;
    EXPECT_EQ(scratch.names().size(), 0U) << sample;
    EXPECT_NE(result.err.find("would be kept"), std::string::npos) << result.err;
  }
}

}  // namespace
}  // namespace checkpoint_test
