// convert and compare: upcasts against the values that packages give, files in every layout read back, codes
// that are carried, and what is never harmed.
#include <array>
#include <csignal>
#include <filesystem>
#include <limits>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "models.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

constexpr const char* upcast_samples[] = {"ct_nvfp4",       "ct_nvfp4a16_unfused",
                                          "ct_mxfp4",       "ct_mxfp6",
                                          "ct_mxfp8",       "ct_fp8_tensor",
                                          "ct_fp8_channel", "ct_fp8_block",
                                          "mo_nvfp4",       "mo_mxfp8",
                                          "gptoss_mxfp4",   "ds_fp8_ragged",
                                          "ds_fp8_e8m0",    "bnb_nf4",
                                          "bnb_nf4_nested", "ao_mxfp8",
                                          "ao_mxfp4",       "ao_mxfp6",
                                          "ao_nvfp4",       "ao_nvfp4_swizzled"};

TEST(Upcast, GivesEachPackagesOwnBfloat16) {
  for (const char* sample : upcast_samples) {
    const folder scratch;
    const std::string out = scratch.path("out");
    const outcome result = convert({golden(sample), out, "--to", "bf16"});
    ASSERT_EQ(result.status, 0) << sample << ": " << result.err;
    const checkpoint::model expected =
        checkpoint::read_model(golden(sample) + "/expected_bf16.safetensors", "");
    for (const checkpoint::parameter& e : expected.parameters) {
      std::vector<float> wanted(static_cast<std::size_t>(e.elements));
      e.values->read(0, wanted);
      EXPECT_EQ(values_in(out, e.name), wanted) << sample << ", " << e.name;
    }
  }
}

TEST(Upcast, LeavesNothingOfTheQuantizationBehind) {
  const folder scratch;
  const std::string out = scratch.path("out");
  ASSERT_EQ(convert({golden("mo_fp8"), out, "--to", "bf16"}).status, 0);
  EXPECT_EQ(contents(out + "/config.json").find("quantization_config"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(out + "/hf_quant_config.json"));
  const checkpoint::model m = checkpoint::read_model(out, "");
  for (const checkpoint::parameter& p : m.parameters) {
    EXPECT_EQ(p.format, "BF16") << p.name;
    EXPECT_EQ(p.name.find("scale"), std::string::npos) << p.name;
  }
}

TEST(Upcast, GgufToFloat) {
  const folder scratch;
  const std::string out = scratch.path("out.safetensors");
  ASSERT_EQ(convert({golden("gguf_mix/model.gguf"), out, "--to", "f32"}).status, 0);
  const checkpoint::model expected = checkpoint::read_model(golden("gguf_mix/expected_f32.safetensors"), "");
  for (const checkpoint::parameter& e : expected.parameters) {
    std::vector<float> wanted(static_cast<std::size_t>(e.elements));
    e.values->read(0, wanted);
    EXPECT_EQ(values_in(out, e.name), wanted) << e.name;
  }
}

struct pair_case {
  const char* layout;
  const char* format;
  const char* expected_type;  ///< as the readers call it
  double least_db;
};

TEST(Quantize, EveryLayoutIsReadBackAsItself) {
  const pair_case cases[] = {{"compressed-tensors", "nvfp4", "nvfp4 of compressed-tensors", 15},
                             {"compressed-tensors", "mxfp4", "mxfp4 of compressed-tensors", 12},
                             {"compressed-tensors", "mxfp6", "mxfp6 of compressed-tensors", 23},
                             {"compressed-tensors", "mxfp8", "mxfp8 of compressed-tensors", 25},
                             {"compressed-tensors", "fp8", "fp8 of compressed-tensors", 25},
                             {"compressed-tensors", "fp8-channel", "fp8-channel of compressed-tensors", 25},
                             {"compressed-tensors", "fp8-block", "fp8-block of compressed-tensors", 25},
                             {"modelopt", "nvfp4", "nvfp4 of Model-Optimizer", 15},
                             {"modelopt", "mxfp8", "mxfp8 of Model-Optimizer", 25},
                             {"modelopt", "fp8", "fp8 of Model-Optimizer", 25},
                             {"modelopt", "fp8-channel", "fp8-channel of Model-Optimizer", 25},
                             {"deepseek", "fp8-block", "fp8-block of DeepSeek", 25},
                             {"torch", "nvfp4", "nvfp4 of torchao", 15},
                             {"torch", "mxfp4", "mxfp4 of torchao", 12},
                             {"torch", "mxfp8", "mxfp8 of torchao", 25},
                             {"plain", "hif8", "hif8 of safetensors", 20},
                             {"plain", "mxfp4", "mxfp4 of safetensors", 12},
                             {"plain", "mxfp6", "mxfp6 of safetensors", 23},
                             {"plain", "nvfp4", "nvfp4 of Model-Optimizer", 15},
                             {"gguf", "q8_0", "Q8_0 of GGUF", 30},
                             {"gguf", "q4_0", "Q4_0 of GGUF", 12},
                             {"gguf", "q4_1", "Q4_1 of GGUF", 12},
                             {"gguf", "mxfp4", "MXFP4 of GGUF", 12}};
  const std::string source = golden("source_bf16.safetensors");
  for (const pair_case& each : cases) {
    const folder scratch;
    const bool is_gguf = std::string(each.layout) == "gguf";
    const std::string out = scratch.path(is_gguf ? "out.gguf" : "out/");
    const outcome made = convert({source, out, "--to", each.format, "--layout", each.layout});
    ASSERT_EQ(made.status, 0) << each.layout << ' ' << each.format << ": " << made.err;
    const checkpoint::model m = checkpoint::read_model(out, "");
    std::size_t quantized = 0;
    for (const checkpoint::parameter& p : m.parameters) {
      if (p.name == "model.layers.0.self_attn.q_proj.weight") {
        EXPECT_EQ(p.type_text(), each.expected_type) << each.layout;
        EXPECT_EQ(p.shape, (std::vector<std::uint64_t>{6, 96}));
      }
      quantized += p.is_quantized() ? 1U : 0U;
      // Heads, embeddings, norms and biases stay.
      if (p.name == "lm_head.weight" || p.name == "model.embed_tokens.weight" ||
          p.name == "model.norm.weight" || p.name.ends_with("bias")) {
        EXPECT_EQ(p.format, "BF16") << p.name;
      }
    }
    EXPECT_GE(quantized, 4U) << each.layout << ' ' << each.format;
    const outcome near = run({"compare", source, out, "--min-snr", std::to_string(each.least_db)});
    EXPECT_EQ(near.status, 0) << each.layout << ' ' << each.format << '\n' << near.out << near.err;
    EXPECT_EQ(run({"compare", source, out}).status, 3) << each.layout << ' ' << each.format;
  }
}

TEST(Quantize, GgufBlocksAreThoseOfGgufPy) {
  for (const char* format : {"q8_0", "q4_0", "q4_1", "mxfp4"}) {
    const folder scratch;
    const std::string out = scratch.path("out.gguf");
    ASSERT_EQ(convert({golden("source_bf16.safetensors"), out, "--to", format}).status, 0) << format;
    const std::string expected_path = golden(std::string("gguf_quantized/") + format + ".gguf");
    const checkpoint::model made = checkpoint::read_model(out, "");
    const checkpoint::model expected = checkpoint::read_model(expected_path, "");
    ASSERT_EQ(expected.parameters.size(), 5U);
    for (const checkpoint::parameter& e : expected.parameters) {
      for (const checkpoint::parameter& p : made.parameters) {
        if (p.name == e.name) {
          EXPECT_EQ(p.type_text(), e.type_text());
          EXPECT_EQ(p.shape, e.shape);
          EXPECT_TRUE(contents(out).substr(p.parts[0].offset, p.size_bytes) ==
                      contents(expected_path).substr(e.parts[0].offset, e.size_bytes))
              << format << ' ' << p.name;
        }
      }
    }
  }
}

TEST(Gguf, KeysAndValuesOfTheInputStay) {
  const folder scratch;
  const std::string out = scratch.path("out.gguf");
  ASSERT_EQ(convert({golden("gguf_mix/model_align64.gguf"), out, "--to", "f32"}).status, 0);
  const checkpoint::model before = checkpoint::read_model(golden("gguf_mix/model_align64.gguf"), "");
  const checkpoint::model after = checkpoint::read_model(out, "");
  EXPECT_GT(before.gguf_value_count, 5U);
  EXPECT_EQ(after.gguf_values, before.gguf_values);
  EXPECT_EQ(run({"compare", golden("gguf_mix/model_align64.gguf"), out}).status, 0);
}

TEST(Quantize, FusedProjectionsShareTheScaleOfTheTensor) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  const auto scale_of = [&](const std::string& out, const char* part) {
    const checkpoint::model m = checkpoint::read_model(out, "");
    for (const checkpoint::parameter& p : m.parameters) {
      if (p.name == std::string("model.layers.0.self_attn.") + part + ".weight") {
        return contents(out + "/model.safetensors").substr(p.parts[2].offset, 4);
      }
    }
    return std::string();
  };
  const std::string together = scratch.path("together");
  ASSERT_EQ(convert({source, together + "/", "--to", "nvfp4", "--layout", "modelopt"}).status, 0);
  EXPECT_EQ(scale_of(together, "q_proj").size(), 4U);
  EXPECT_EQ(scale_of(together, "q_proj"), scale_of(together, "k_proj"));
  EXPECT_EQ(scale_of(together, "q_proj"), scale_of(together, "v_proj"));
  const std::string apart = scratch.path("apart");
  ASSERT_EQ(
      convert({source, apart + "/", "--to", "nvfp4", "--layout", "modelopt", "--separate-scales"}).status, 0);
  EXPECT_NE(scale_of(apart, "q_proj"), scale_of(apart, "k_proj"));
}

TEST(Quantize, BitsDoNotDependOnTheThreads) {
  const folder scratch;
  const std::size_t n = std::size_t{3} << 20;
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = static_cast<float>(static_cast<int>(i * 2654435761U % 2001) - 1000) / 512;
  }
  const std::string file = scratch.file("m.safetensors", one_tensor("F32", "[1536,2048]", bytes_of(values)));
  for (const char* format : {"nvfp4", "fp8", "fp8-channel", "fp8-block", "mxfp6", "bf16"}) {
    ASSERT_EQ(
        convert({file, scratch.path("one"), "--to", format, "--layout", "plain", "--threads", "1"}).status,
        0);
    ASSERT_EQ(
        convert({file, scratch.path("three"), "--to", format, "--layout", "plain", "--threads", "3"}).status,
        0);
    EXPECT_TRUE(contents(scratch.path("one")) == contents(scratch.path("three"))) << format;
  }
}

TEST(Quantize, ConvolutionsAreOutputChannelsByTheRest) {
  const folder scratch;
  const std::string source = std::string(CHECKPOINT_GOLDEN) + "/files/conv.safetensors";
  ASSERT_EQ(convert({source, scratch.path("q"), "--to", "mxfp8", "--layout", "plain"}).status, 1)
      << "144 elements are not whole blocks of 32";
  const outcome result = convert({source, scratch.path("q"), "--to", "nvfp4", "--layout", "plain"});
  ASSERT_EQ(result.status, 0) << result.err;
  const checkpoint::model m = checkpoint::read_model(scratch.path("q"), "");
  ASSERT_EQ(m.parameters.size(), 1U);
  EXPECT_EQ(m.parameters[0].shape, (std::vector<std::uint64_t>{16, 144}));
}

TEST(Carry, CodesAndScalesOfTheSameConventionAreTheSameBytes) {
  for (const auto& [sample, format, layout] :
       {std::array<const char*, 3>{"ct_nvfp4", "nvfp4", "compressed-tensors"},
        std::array<const char*, 3>{"ct_mxfp6", "mxfp6", "compressed-tensors"},
        std::array<const char*, 3>{"ct_fp8_block", "fp8-block", "compressed-tensors"},
        std::array<const char*, 3>{"mo_nvfp4", "nvfp4", "modelopt"},
        std::array<const char*, 3>{"gptoss_mxfp4", "mxfp4", "gpt-oss"},
        std::array<const char*, 3>{"ds_fp8_ragged", "fp8-block", "deepseek"}}) {
    const folder scratch;
    const std::string out = scratch.path("out");
    const outcome result = convert({golden(sample), out, "--to", format, "--layout", layout});
    ASSERT_EQ(result.status, 0) << sample << ": " << result.err;
    EXPECT_NE(result.out.find(" 0 to "), std::string::npos) << result.out;
    const checkpoint::model before = checkpoint::read_model(golden(sample), "");
    const checkpoint::model after = checkpoint::read_model(out, "");
    for (const checkpoint::parameter& p : before.parameters) {
      for (const checkpoint::parameter& q : after.parameters) {
        if (p.name != q.name) {
          continue;
        }
        ASSERT_EQ(p.parts.size(), q.parts.size()) << p.name;
        for (std::size_t i = 0; i < p.parts.size(); ++i) {
          EXPECT_EQ(p.parts[i].name, q.parts[i].name);
          EXPECT_EQ(p.parts[i].shape, q.parts[i].shape);
          const std::string a =
              contents(p.parts[i].file->path()).substr(p.parts[i].offset, p.parts[i].size_bytes);
          const std::string b =
              contents(q.parts[i].file->path()).substr(q.parts[i].offset, q.parts[i].size_bytes);
          EXPECT_TRUE(a == b) << p.parts[i].name;
        }
      }
    }
  }
}

TEST(Carry, BetweenConventionsOfTheSameBlocksNoValueChanges) {
  const folder scratch;
  const std::string out = scratch.path("out");
  const outcome result = convert({golden("ct_mxfp4"), out, "--to", "mxfp4", "--layout", "torch"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("carried over unchanged"), std::string::npos) << result.out;
  EXPECT_EQ(run({"compare", golden("ct_mxfp4"), out}).status, 0);
}

TEST(Shards, HaveAnIndexThatTheProgramReads) {
  const folder scratch;
  const std::string out = scratch.path("out");
  ASSERT_EQ(convert({golden("ct_mxfp8"), out, "--to", "bf16", "--shard-size", "2000"}).status, 0);
  EXPECT_TRUE(std::filesystem::exists(out + "/model.safetensors.index.json"));
  EXPECT_TRUE(std::filesystem::exists(out + "/model-00001-of-00004.safetensors"));
  EXPECT_EQ(run({"compare", golden("ct_mxfp8"), out, "--min-snr", "1000"}).out.find("only in A: only"),
            std::string::npos);
  EXPECT_EQ(inspect({out, "--formats", "bfloat16"}).status, 0);
}

TEST(Compare, NamesTheLargestDifference) {
  const folder scratch;
  const std::string a = scratch.file("a", one_tensor("F32", "[2,2]", bytes_of<float>({1, 2, 3, 4})));
  const std::string b = scratch.file("b", one_tensor("F32", "[2,2]", bytes_of<float>({1, 2, 3, 4.5F})));
  EXPECT_EQ(run({"compare", a, a}).status, 0);
  const outcome result = run({"compare", a, b});
  EXPECT_EQ(result.status, 3);
  EXPECT_NE(result.out.find("t  F32 [2, 2]: 20.79 dB, 1 differ, most at [1, 1]: 4 and 4.5\n"),
            std::string::npos)
      << result.out;
  EXPECT_EQ(run({"compare", a, b, "--min-snr", "20"}).status, 0);
  EXPECT_EQ(run({"compare", a, b, "--min-snr", "21"}).status, 3);
  EXPECT_EQ(run({"compare", a}).status, 2);
}

TEST(Losses, AreSaid) {
  const folder scratch;
  const std::string f = scratch.file(
      "a", one_tensor("F32", "[1,4]",
                      bytes_of<float>({1e30F, 2, std::numeric_limits<float>::infinity(), 1e-30F})));
  const outcome result = convert({f, scratch.path("q"), "--to", "f16"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("lost in t: 1 saturated, 1 flushed to zero\n"), std::string::npos) << result.out;
}

TEST(NeverHarm, ALayoutThatLacksAFormatIsSaidInOneLine) {
  const outcome result = convert({"a", "b", "--to", "hif4", "--layout", "modelopt"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("the layout modelopt has no hif4; it takes f32, bf16, f16, nvfp4"),
            std::string::npos)
      << result.err;
}

TEST(NeverHarm, AnOutputOverOneOfSeveralInputsIsRefused) {
  const folder scratch;
  const std::string shards = scratch.path("shards");
  ASSERT_EQ(convert({golden("ct_mxfp8"), shards, "--to", "bf16", "--shard-size", "2000"}).status, 0);
  const std::string shard = shards + "/model-00001-of-00004.safetensors";
  const std::string before = contents(shard);
  const outcome result = convert({shards, shard, "--to", "f32", "--include", "*"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("is an input as well"), std::string::npos) << result.err;
  EXPECT_EQ(convert({shards, shards, "--to", "f32", "--include", "*"}).status, 1);
  EXPECT_EQ(contents(shard), before);
}

TEST(NeverHarm, AnOutputOverItsOnlyInputWorks) {
  const folder scratch;
  const std::string file = scratch.file("m.safetensors", contents(golden("source_bf16.safetensors")));
  ASSERT_EQ(convert({file, file, "--to", "f32"}).status, 0);
  EXPECT_EQ(run({"compare", golden("source_bf16.safetensors"), file}).status, 0);
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors"}));
}

TEST(NeverHarm, DevicesAreWrittenToAndSymbolicLinksAreFollowed) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  struct stat before {};
  ASSERT_EQ(0, ::stat("/dev/null", &before));
  EXPECT_EQ(convert({source, "/dev/null", "--to", "f32"}).status, 0);
  struct stat after {};
  ASSERT_EQ(0, ::stat("/dev/null", &after));
  EXPECT_TRUE(S_ISCHR(after.st_mode) && before.st_ino == after.st_ino);
  EXPECT_EQ(convert({source, "/dev/full", "--to", "f32"}).status, 1);
  scratch.file("target", "old");
  ASSERT_EQ(0, ::symlink("target", scratch.path("link").c_str()));
  EXPECT_EQ(convert({source, scratch.path("link"), "--to", "f32"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path("link")));
  EXPECT_EQ(run({"compare", source, scratch.path("target")}).status, 0);
  const outcome table = inspect({source, "--csv", "/dev/stdout"});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_NE(table.out.find("scope,tensor,dtype"), std::string::npos);
}

/// Runs a conversion under a limit of what a file may hold, or ends it by a signal after some milliseconds.
int run_disturbed(const std::string& in, const std::string& out, rlim_t most_bytes, int milliseconds) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (most_bytes != 0) {
      const rlimit limit{most_bytes, most_bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execl(CHECKPOINT_PROGRAM, "checkpoint", "convert", in.c_str(), out.c_str(), "--to", "f32", nullptr);
    std::_Exit(127);
  }
  if (milliseconds != 0) {
    ::usleep(static_cast<useconds_t>(milliseconds) * 1000);
    ::kill(child, SIGINT);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(NeverHarm, AnInterruptedOrFailedRunLeavesNothing) {
  const folder scratch;
  const std::size_t n = std::size_t{8} << 20;
  const std::string file =
      scratch.file("m.safetensors", one_tensor("BF16", "[4096,2048]", std::string(2 * n, '\x3F')));
  for (const char* out : {"out.safetensors", "out/"}) {
    EXPECT_EQ(run_disturbed(file, scratch.path(out), 1 << 20, 0), 1) << out;
    EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors"})) << out;
    for (const int after : {1, 3, 7, 12, 20, 40}) {
      const int status = run_disturbed(file, scratch.path(out), 0, after);
      std::vector<std::string> expected = {"m.safetensors"};
      if (status == 0) {
        expected.push_back(std::string(out).substr(0, std::string(out).find('/')));
        std::filesystem::remove_all(scratch.path(expected.back()));
        expected.pop_back();
      } else {
        EXPECT_EQ(status, 128 + SIGINT);
      }
      EXPECT_EQ(scratch.names(), expected) << out << " after " << after << " ms, status " << status;
    }
  }
}

TEST(NeverHarm, NamesThatClashAreFoundBeforeTheWork) {
  const folder scratch;
  const std::string source = std::string(CHECKPOINT_GOLDEN) + "/files/names_clash.safetensors";
  const outcome result = convert({source, scratch.path("q"), "--to", "mxfp8", "--layout", "plain"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("has that name already"), std::string::npos) << result.err;
  EXPECT_TRUE(scratch.names().empty());
}

}  // namespace
}  // namespace checkpoint_test
