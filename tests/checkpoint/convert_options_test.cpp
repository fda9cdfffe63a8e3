// What convert may be told: recipes, rules of scales, the scale of a tensor, rounding, patterns; and that
// what a format or a layout does not have is refused in one line.
#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "program.hpp"
#include "readers.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

std::string golden(const std::string& name) {
  return std::string(CHECKPOINT_GOLDEN) + "/checkpoints/" + name;
}

outcome convert(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "convert");
  return run(arguments);
}

/// A matrix of floats.
std::string matrix(std::size_t rows, std::size_t columns, const std::vector<float>& values) {
  return one_tensor("F32", '[' + std::to_string(rows) + ',' + std::to_string(columns) + ']',
                    bytes_of(values));
}

std::vector<float> uneven(std::size_t n) {
  std::vector<float> values(n);
  std::uint32_t state = 7;
  for (float& x : values) {
    state = state * 1664525 + 1013904223;
    x = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-33F;
  }
  return values;
}

/// The bytes of one stored tensor.
std::string stored(const std::string& path, const std::string& name) {
  const checkpoint::model m = checkpoint::read_model(path, "");
  for (const checkpoint::parameter& p : m.parameters) {
    for (const checkpoint::tensor& part : p.parts) {
      if (part.name == name) {
        return contents(part.file->path()).substr(part.offset, part.size_bytes);
      }
    }
  }
  ADD_FAILURE() << path << " has no " << name;
  return {};
}

float stored_float(const std::string& path, const std::string& name) {
  const std::string bytes = stored(path, name);
  float value = 0;
  EXPECT_EQ(bytes.size(), sizeof value);
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

struct refusal {
  std::vector<std::string> options;
  const char* words;  ///< of the one line
};

TEST(ConvertOptions, WhatAFormatDoesNotHaveIsRefusedInOneLine) {
  const refusal refusals[] = {
      {{"--to", "mxfp4", "--recipe", "transformer_engine"},
       "--recipe transformer_engine is not one that mxfp4 in the layout compressed-tensors has; it has "
       "native, "
       "torchao, ggml, microxcaling;"},
      {{"--to", "nvfp4", "--recipe", "microxcaling"},
       "it has native, transformer_engine, torchao, "
       "model_optimizer, ggml;"},
      {{"--to", "mxfp8", "--recipe", "ggml"}, "it has native, transformer_engine, torchao, microxcaling;"},
      {{"--to", "hif4", "--recipe", "ggml"}, "it has native, hif4_bf16;"},
      {{"--to", "fp8", "--recipe", "torchao"}, "it has native;"},
      {{"--to", "q8_0", "--recipe", "torchao"}, "it has native, ggml;"},
      {{"--to", "mxfp4", "--layout", "gguf", "--recipe", "torchao"}, "it has native, ggml;"},
      {{"--to", "mxfp4", "--recipe", "own"},
       "--recipe does not know 'own'; it takes native, transformer_engine, torchao"},
      {{"--to", "nvfp4", "--scale-rule", "floor"}, "it has default, rceil, search_mse, four_over_six;"},
      {{"--to", "mxfp8", "--scale-rule", "four_over_six"},
       "it has default, floor, ceil, rceil, even, search_mse;"},
      {{"--to", "mxfp4", "--recipe", "microxcaling", "--scale-rule", "rceil"},
       "with --recipe microxcaling; it has default, floor;"},
      {{"--to", "fp8-block", "--scale-rule", "rceil"}, "it has default;"},
      {{"--to", "mxfp8", "--scale-rule", "round"}, "--scale-rule does not know 'round'"},
      {{"--to", "q4_0", "--rounding", "stochastic"}, "--rounding stochastic is not one that q4_0"},
      {{"--to", "f32", "--rounding", "stochastic"}, "--rounding stochastic is not one that f32"},
      {{"--to", "mxfp4", "--recipe", "ggml", "--rounding", "stochastic"}, "its recipe has its own"},
      {{"--to", "mxfp8", "--rounding", "down"}, "--rounding takes nearest or stochastic, not 'down'"},
      {{"--to", "mxfp8", "--seed", "3"}, "--seed is of --rounding stochastic"},
      {{"--to", "mxfp4", "--tensor-scale", "none"},
       "--tensor-scale is not for mxfp4 in the layout compressed-tensors, which stores no scale"},
      {{"--to", "fp8-channel", "--tensor-scale", "2"}, "--tensor-scale is not for fp8-channel"},
      {{"--to", "nvfp4", "--layout", "gguf", "--tensor-scale", "amax"},
       "--tensor-scale is not for nvfp4 in the layout gguf"},
      {{"--to", "nvfp4", "--tensor-scale", "0"}, "--tensor-scale takes amax, none, or a positive number"},
      {{"--to", "nvfp4", "--tensor-scale", "-1"}, "--tensor-scale"},
      {{"--to", "fp8", "--tensor-scale", "nan"}, "not 'nan'"},
      {{"--to", "fp8", "--tensor-scale", "1e39"}, "not '1e39'"},
      {{"--to", "fp8", "--tensor-scale", "2x"}, "not '2x'"},
  };
  for (const refusal& each : refusals) {
    std::vector<std::string> arguments = {"no-such-input", "no-such-output"};
    arguments.insert(arguments.end(), each.options.begin(), each.options.end());
    const outcome result = convert(arguments);
    EXPECT_EQ(result.status, 2) << each.words;
    // The line ends with a hint at --help.
    EXPECT_NE((result.err).find(each.words), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

TEST(ConvertOptions, EveryRecipeAndRuleOfAFormatWrites) {
  const folder scratch;
  const std::string in = scratch.file("m", matrix(16, 128, uneven(16 * 128)));
  const struct {
    const char* format;
    std::vector<const char*> recipes;
    std::vector<const char*> rules;
  } formats[] = {
      {"mxfp4",
       {"native", "torchao", "ggml", "microxcaling"},
       {"floor", "ceil", "rceil", "even", "search_mse"}},
      {"mxfp6", {"native", "torchao", "microxcaling"}, {"floor", "ceil", "rceil", "even", "search_mse"}},
      {"mxfp8",
       {"native", "transformer_engine", "torchao", "microxcaling"},
       {"floor", "ceil", "rceil", "even", "search_mse"}},
      {"nvfp4",
       {"native", "transformer_engine", "torchao", "model_optimizer", "ggml"},
       {"search_mse", "four_over_six"}},
      {"hif4", {"native", "hif4_bf16"}, {}},
  };
  for (const auto& each : formats) {
    const auto near_with = [&](const char* option, const char* value) {
      const std::string out = scratch.path("out");
      const outcome made = convert({in, out, "--to", each.format, "--layout", "plain", option, value});
      ASSERT_EQ(made.status, 0) << each.format << ' ' << value << ": " << made.err;
      EXPECT_EQ(run({"compare", in, out, "--min-snr", "12"}).status, 0) << each.format << ' ' << value;
    };
    for (const char* recipe : each.recipes) {
      near_with("--recipe", recipe);
    }
    for (const char* rule : each.rules) {
      near_with("--scale-rule", rule);
    }
  }
}

TEST(ConvertOptions, GgmlsRecipeMakesTheNumbersOfGgufPy) {
  const folder scratch;
  const std::string out = scratch.path("out");
  ASSERT_EQ(convert({golden("source_bf16.safetensors"), out, "--to", "mxfp4", "--layout", "plain", "--recipe",
                     "ggml", "--exclude", "*experts*"})
                .status,
            0);
  const checkpoint::model made = checkpoint::read_model(out, "");
  const checkpoint::model expected = checkpoint::read_model(golden("gguf_quantized/mxfp4.gguf"), "");
  std::size_t compared = 0;
  for (const checkpoint::parameter& e : expected.parameters) {
    for (const checkpoint::parameter& p : made.parameters) {
      if (p.name == e.name && p.is_quantized()) {
        std::vector<float> a(static_cast<std::size_t>(p.elements));
        std::vector<float> b(a.size());
        p.values->read(0, a);
        e.values->read(0, b);
        EXPECT_EQ(a, b) << p.name;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 4U);
}

TEST(ConvertOptions, TransformerEnginesScaleIsTheOneItMultipliesBy) {
  const folder scratch;
  const std::vector<float> values = uneven(64 * 64);
  const std::string in = scratch.file("m", matrix(64, 64, values));
  float amax = 0;
  for (const float x : values) {
    amax = std::max(amax, std::fabs(x));
  }
  // compressed-tensors stores the divisor, which it computes by the same quotient.
  const std::string named = scratch.file("w", [&] {
    const std::string bytes = bytes_of(values);
    return safetensors("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[64,64],\"data_offsets\":[0,16384]}}",
                       bytes);
  }());
  const std::string out = scratch.path("out");
  ASSERT_EQ(convert({named, out, "--to", "nvfp4", "--recipe", "transformer_engine"}).status, 0);
  EXPECT_EQ(stored_float(out, "a.weight_global_scale"), 2688 / amax);
  EXPECT_EQ(run({"compare", named, out, "--min-snr", "18"}).status, 0);
  ASSERT_EQ(
      convert({in, out, "--to", "nvfp4", "--layout", "modelopt", "--recipe", "transformer_engine"}).status,
      0);
  EXPECT_EQ(stored_float(out, "t_scale_2"), 1 / (2688 / amax));
}

TEST(TensorScale, IsStoredAsItIsGiven) {
  const folder scratch;
  const std::string in = scratch.file("m", matrix(4, 64, uneven(256)));
  const std::string out = scratch.path("out");
  const auto scale_with = [&](const char* format, const char* layout, const char* option, const char* name) {
    const outcome made = convert({in, out, "--to", format, "--layout", layout, "--tensor-scale", option});
    EXPECT_EQ(made.status, 0) << made.err;
    return stored_float(out, name);
  };
  EXPECT_EQ(scale_with("nvfp4", "modelopt", "none", "t_scale_2"), 1);
  EXPECT_EQ(scale_with("nvfp4", "modelopt", "0.00025", "t_scale_2"), 0.00025F);
  EXPECT_EQ(scale_with("nvfp4", "torch", "0.5", "_t_per_tensor_scale"), 0.5F);
  EXPECT_EQ(scale_with("fp8", "modelopt", "none", "t_scale"), 1);
  EXPECT_EQ(scale_with("fp8", "plain", "0.001", "t_scale"), 0.001F);
  EXPECT_EQ(scale_with("hif8", "plain", "0.125", "t_scale"), 0.125F);
  // The default is the largest magnitude's.
  ASSERT_EQ(convert({in, scratch.path("a"), "--to", "fp8", "--layout", "plain"}).status, 0);
  ASSERT_EQ(
      convert({in, scratch.path("b"), "--to", "fp8", "--layout", "plain", "--tensor-scale", "amax"}).status,
      0);
  EXPECT_EQ(contents(scratch.path("a")), contents(scratch.path("b")));
}

TEST(TensorScale, BringsTheLargestMagnitudeToWhatTheFormatReaches) {
  const folder scratch;
  std::vector<float> values(256, 0.25F);
  values[7] = -19.7F;
  const std::string in = scratch.file("m", matrix(4, 64, values));
  const std::string out = scratch.path("out");
  const auto scale_of = [&](const char* format, const char* layout, const char* name) {
    const outcome made = convert({in, out, "--to", format, "--layout", layout});
    EXPECT_EQ(made.status, 0) << made.err;
    return stored_float(out, name);
  };
  EXPECT_EQ(scale_of("fp8", "plain", "t_scale"), 19.7F / 448);
  EXPECT_EQ(scale_of("nvfp4", "modelopt", "t_scale_2"), 19.7F / (448 * 6));
  // hif8's most precise binades end at 15.
  EXPECT_EQ(scale_of("hif8", "plain", "t_scale"), 19.7F / 15);
}

TEST(TensorScale, WhatItClipsIsSaid) {
  const folder scratch;
  // 464 is where E4M3 still rounds to 448; 900 and -1000 are beyond it.
  std::vector<float> values(32, 1.0F);
  values[3] = 464;
  values[5] = 900;
  values[9] = -1000;
  const std::string in = scratch.file("m", matrix(1, 32, values));
  const outcome fp8 =
      convert({in, scratch.path("q"), "--to", "fp8", "--layout", "plain", "--tensor-scale", "none"});
  ASSERT_EQ(fp8.status, 0) << fp8.err;
  EXPECT_NE(fp8.out.find("lost in t: 2 saturated\n"), std::string::npos) << fp8.out;
  // NVFP4 without a scale for the tensor reaches 448 * 6 = 2688.
  values[9] = 5000;
  const std::string far = scratch.file("f", matrix(1, 32, values));
  const outcome nv =
      convert({far, scratch.path("q"), "--to", "nvfp4", "--layout", "plain", "--tensor-scale", "none"});
  ASSERT_EQ(nv.status, 0) << nv.err;
  EXPECT_NE(nv.out.find("lost in t: 1 saturated"), std::string::npos) << nv.out;
  const outcome by_amax = convert({far, scratch.path("q"), "--to", "nvfp4", "--layout", "plain"});
  EXPECT_EQ(by_amax.out.find("saturated"), std::string::npos) << by_amax.out;
}

TEST(Rounding, StochasticGoesByTheSeedAndByNothingElse) {
  const folder scratch;
  const std::size_t rows = 1024;
  const std::string in = scratch.file("m", matrix(rows, 1024, uneven(rows * 1024)));
  const auto made_with = [&](const char* format, const char* seed, const char* threads) {
    const std::string out = scratch.path("out");
    const outcome result = convert({in, out, "--to", format, "--layout", "plain", "--rounding", "stochastic",
                                    "--seed", seed, "--threads", threads});
    EXPECT_EQ(result.status, 0) << format << ": " << result.err;
    return contents(out);
  };
  for (const char* format : {"mxfp8", "mxfp6", "mxfp4", "nvfp4", "fp8", "fp8-channel", "fp8-block", "hif8",
                             "hif4", "bf16", "f16"}) {
    const std::string one = made_with(format, "1", "1");
    EXPECT_TRUE(one == made_with(format, "1", "3")) << format;
    EXPECT_FALSE(one == made_with(format, "2", "3")) << format;
  }
}

TEST(Patterns, IncludeAndExclude) {
  const folder scratch;
  const std::string in = golden("source_bf16.safetensors");
  const std::string out = scratch.path("out");
  const auto quantized = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {in, out, "--to", "mxfp8", "--layout", "plain"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const outcome made = convert(arguments);
    EXPECT_EQ(made.status, 0) << made.err;
    std::vector<std::string> names;
    for (const checkpoint::parameter& p : checkpoint::read_model(out, "").parameters) {
      if (p.is_quantized()) {
        names.push_back(p.name);
      }
    }
    return names;
  };
  const auto has = [](const std::vector<std::string>& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  EXPECT_FALSE(has(quantized({}), "lm_head.weight"));
  EXPECT_TRUE(has(quantized({"--include", "lm_head.*"}), "lm_head.weight"));
  const char* q = "model.layers.0.self_attn.q_proj.weight";
  EXPECT_TRUE(has(quantized({}), q));
  EXPECT_FALSE(has(quantized({"--exclude", "*.self_attn.*"}), q));
  // What is excluded stays, whatever includes it.
  EXPECT_FALSE(has(quantized({"--include", "*q_proj*", "--exclude", "*.self_attn.*"}), q));
}

}  // namespace
}  // namespace checkpoint_test
