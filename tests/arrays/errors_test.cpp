// Misuse: std::invalid_argument that names function, argument, got and wanted, before anything is written.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"

namespace {

using narrowfp::fp4_e2m1;
using narrowfp::fp8_e4m3;
using narrowfp::isa;
using narrowfp::packed_span;
using narrowfp::packed_vector;
using narrowfp::rounding;

/// The message of the error that f must throw; fails the test if it does not.
template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (...) {
    ADD_FAILURE() << "threw something else";
    return {};
  }
  ADD_FAILURE() << "did not throw";
  return {};
}

void expect_words(const std::string& message, std::initializer_list<const char*> words) {
  for (const char* word : words) {
    EXPECT_NE(message.find(word), std::string::npos) << "no '" << word << "' in: " << message;
  }
}

TEST(ArrayErrors, PackWantsOneCodeForEachElement) {
  const std::vector<float> in(5, 1.0F);
  for (const std::size_t n : {0U, 4U, 6U}) {
    std::vector<fp8_e4m3> out(n, fp8_e4m3::from_bits(0x5A));
    const auto message = message_of([&] { narrowfp::pack(in, out); });
    expect_words(message, {"pack", "out", std::to_string(n).c_str(), "5"});
    for (const fp8_e4m3 x : out) {
      EXPECT_EQ(x.bits(), 0x5A) << "written before the error";
    }
  }
}

TEST(ArrayErrors, UnpackWantsOneElementForEachCode) {
  const std::vector<fp8_e4m3> in(5);
  for (const std::size_t n : {0U, 4U, 6U}) {
    std::vector<float> out(n, 77.0F);
    expect_words(message_of([&] { narrowfp::unpack(in, out); }),
                 {"unpack", "out", std::to_string(n).c_str(), "5"});
    for (const float x : out) {
      EXPECT_EQ(x, 77.0F) << "written before the error";
    }
  }
}

TEST(ArrayErrors, DenseStorageOfTheWrongSize) {
  const std::vector<float> in(5, 6.0F);
  packed_vector<fp4_e2m1> out(4, fp4_e2m1::from_bits(0x3));
  expect_words(message_of([&] { narrowfp::pack(in, out); }), {"pack", "out", "4", "5"});
  for (const fp4_e2m1 x : out) {
    EXPECT_EQ(x.bits(), 0x3);
  }
  std::vector<float> floats(3);
  expect_words(message_of([&] { narrowfp::unpack(out, floats); }), {"unpack", "out", "3", "4"});

  std::array<std::byte, 2> bytes{};
  expect_words(message_of([&] { packed_span<fp4_e2m1>(std::span<std::byte>(bytes), 5); }),
               {"packed_span", "bytes", "2", "3"});
  EXPECT_NO_THROW(packed_span<fp4_e2m1>(std::span<std::byte>(bytes), 4));
}

TEST(ArrayErrors, ACountThatOverflows) {
  constexpr std::size_t top = ~std::size_t{0};
  expect_words(message_of([] { (void)narrowfp::packed_size_bytes<narrowfp::float16>(top); }),
               {"packed_size_bytes"});
  std::array<std::byte, 2> bytes{};
  EXPECT_THROW(packed_span<fp4_e2m1>(std::span<std::byte>(bytes), top), std::invalid_argument);
  EXPECT_THROW(packed_span<narrowfp::float16>(std::span<std::byte>(bytes), top / 2 + 2),
               std::invalid_argument);
}

TEST(ArrayErrors, HybridIsARuleOfHif8Alone) {
  const std::vector<float> in(3, 20.0F);
  std::vector<fp8_e4m3> out(3);
  expect_words(message_of([&] { narrowfp::pack(in, out, {.round = rounding::hybrid}); }),
               {"pack", "round", "hybrid"});
  packed_vector<fp4_e2m1> dense(3);
  EXPECT_THROW(narrowfp::pack(in, dense, {.round = rounding::hybrid}), std::invalid_argument);
  std::vector<narrowfp::hif8> hif8(3);
  EXPECT_NO_THROW(narrowfp::pack(in, hif8, {.round = rounding::hybrid}));
}

TEST(ArrayErrors, OptionsThatAreNoEnumerators) {
  const std::vector<float> in(3, 20.0F);
  std::vector<fp8_e4m3> out(3, fp8_e4m3::from_bits(0x5A));
  expect_words(message_of([&] { narrowfp::pack(in, out, {.round = static_cast<rounding>(99)}); }),
               {"narrowfp::pack: round", "none of the rounding modes"});
  expect_words(message_of([&] { narrowfp::pack(in, out, {.over = static_cast<narrowfp::overflow>(99)}); }),
               {"narrowfp::pack: over", "none of the overflow policies"});
  EXPECT_EQ(out[0].bits(), 0x5A);
}

TEST(ArrayErrors, AnInstructionSetThatIsNotThere) {
  const std::vector<float> in(3, 20.0F);
  std::vector<fp8_e4m3> out(3, fp8_e4m3::from_bits(0x5A));
  for (const isa use : support::all_isas) {
    if (narrowfp::isa_available(use)) {
      EXPECT_NO_THROW(narrowfp::pack(in, out, {.use = use}));
      continue;
    }
    out.assign(3, fp8_e4m3::from_bits(0x5A));
    expect_words(message_of([&] { narrowfp::pack(in, out, {.use = use}); }),
                 {"pack", "use", narrowfp::isa_name(use), "scalar"});
    EXPECT_EQ(out[0].bits(), 0x5A);
    std::vector<float> floats(3);
    EXPECT_THROW(narrowfp::unpack(out, floats, {.use = use}), std::invalid_argument);
  }
}

TEST(ArrayErrors, AsValuesWantsWholeAlignedObjects) {
  alignas(8) std::array<std::byte, 6> bytes{};
  EXPECT_EQ(narrowfp::as_values<fp8_e4m3>(bytes).size(), 6U);
  EXPECT_EQ(narrowfp::as_values<narrowfp::float16>(bytes).size(), 3U);
  EXPECT_THROW((void)narrowfp::as_values<narrowfp::float16>(std::span(bytes).first(5)),
               std::invalid_argument);
  EXPECT_THROW((void)narrowfp::as_values<narrowfp::float16>(std::span(bytes).subspan(1, 4)),
               std::invalid_argument);
  const auto view = narrowfp::as_values<fp8_e4m3>(std::span<const std::byte>(bytes));
  static_assert(std::is_same_v<decltype(view)::element_type, const fp8_e4m3>);
}

TEST(ArrayErrors, BuffersOfCharactersAreBytesToo) {
  std::vector<std::uint8_t> octets(4, 0x38);
  narrowfp::as_values<fp8_e4m3>(octets)[1] = fp8_e4m3(2.0F);
  EXPECT_EQ(octets[1], 0x40);
  const std::string text = "\x38\x40";
  const auto view = narrowfp::as_values<fp8_e4m3>(text);
  static_assert(std::is_same_v<decltype(view)::element_type, const fp8_e4m3>);
  EXPECT_EQ(view[1], 2.0F);
  EXPECT_EQ(narrowfp::as_blocks<narrowfp::nvfp4>(std::vector<std::uint8_t>(18)).size(), 2U);
}

// The environment is read once, at first use: each case needs a process of its own.
using ArrayErrorsDeathTest = testing::Test;

int run_with_environment(const char* value) {
  ::setenv("NARROWFP_ISA", value, 1);
  std::vector<fp8_e4m3> out(1);
  try {
    narrowfp::pack(std::vector<float>(1), out);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
  std::fprintf(stderr, "best is %s\n", narrowfp::isa_name(narrowfp::best_isa()));
  return 0;
}

TEST(ArrayErrorsDeathTest, EnvironmentCapsTheInstructionSet) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(run_with_environment("scalar")), testing::ExitedWithCode(0), "best is scalar");
}

int run_with_more_than_the_environment_allows() {
  ::setenv("NARROWFP_ISA", "scalar", 1);
  std::vector<fp8_e4m3> out(1);
  try {
    narrowfp::pack(std::vector<float>(1), out, {.use = isa::avx2});
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
  return 0;
}

TEST(ArrayErrorsDeathTest, TheErrorListsWhatTheEnvironmentLeaves) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(run_with_more_than_the_environment_allows()), testing::ExitedWithCode(3),
              "use is isa::avx2, .*NARROWFP_ISA leaves: scalar\n");
}

TEST(ArrayErrorsDeathTest, AnUnknownEnvironmentValueIsAnError) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(run_with_environment("avx9000")), testing::ExitedWithCode(3),
              "NARROWFP_ISA.*avx9000.*scalar");
}

}  // namespace
