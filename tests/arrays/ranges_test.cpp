// What array functions accept, and conversions between value types.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <span>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/formats_under_test.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::fp8_e4m3;
using narrowfp::hif8;

TEST(Ranges, AnyContiguousSizedRange) {
  const std::vector<float> vector{1.0F, 2.5F, -3.0F};
  const std::array<float, 3> array{1.0F, 2.5F, -3.0F};
  const float c_array[] = {1.0F, 2.5F, -3.0F};
  std::vector<float> non_const = vector;
  const std::array<std::uint8_t, 3> want{0x38, 0x42, 0xC4};

  std::vector<fp8_e4m3> out(3);
  const auto check = [&](const char* what) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(out[i].bits(), want[i]) << what;
    }
    std::fill(out.begin(), out.end(), fp8_e4m3{});
  };
  narrowfp::pack(vector, out);
  check("vector");
  narrowfp::pack(array, out);
  check("std::array");
  narrowfp::pack(c_array, out);
  check("C array");
  narrowfp::pack(std::span<float>(non_const), std::span<fp8_e4m3>(out));
  check("span of non-const");
  narrowfp::pack(std::span<const float>(vector), std::span<fp8_e4m3>(out));
  check("span of const");

  std::array<fp8_e4m3, 3> fixed{};
  narrowfp::pack(vector, fixed);
  float floats[3] = {};
  narrowfp::unpack(fixed, floats);
  EXPECT_EQ(floats[1], 2.5F);
  std::vector<double> doubles(3);
  narrowfp::unpack(std::span<const fp8_e4m3>(fixed), doubles);
  EXPECT_EQ(doubles[2], -3.0);
}

TEST(Ranges, EmptyInputs) {
  std::vector<fp8_e4m3> codes;
  std::vector<float> floats;
  EXPECT_NO_THROW(narrowfp::pack(floats, codes));
  EXPECT_NO_THROW(narrowfp::unpack(codes, floats));
  EXPECT_NO_THROW(narrowfp::pack(std::span<const float>(), std::span<fp8_e4m3>()));
  narrowfp::packed_vector<narrowfp::fp4_e2m1> dense;
  EXPECT_NO_THROW(narrowfp::pack(floats, dense));
}

TEST(Ranges, NothingOutsideTheOutputIsWritten) {
  for (const narrowfp::isa use : support::available_isas()) {
    for (std::size_t n = 0; n < 140; ++n) {
      const std::vector<float> in(n, 1.0F);
      std::vector<fp8_e4m3> out(n + 2, fp8_e4m3::from_bits(0xA5));
      narrowfp::pack(in, std::span(out).subspan(1, n), {.use = use});
      ASSERT_EQ(out.front().bits(), 0xA5) << n;
      ASSERT_EQ(out.back().bits(), 0xA5) << n;
      std::vector<float> floats(n + 2, 77.0F);
      narrowfp::unpack(std::span<const fp8_e4m3>(out).subspan(1, n), std::span(floats).subspan(1, n),
                       {.use = use});
      ASSERT_EQ(floats.front(), 77.0F) << n;
      ASSERT_EQ(floats.back(), 77.0F) << n;
      for (std::size_t i = 1; i <= n; ++i) {
        ASSERT_EQ(floats[i], 1.0F) << n;
      }
    }
  }
}

/// Transcoding arrays: every code of From, as round_to does one.
template <class From, class To>
void check_transcoding() {
  std::vector<From> in;
  for (unsigned c = 0; c < 1U << From::format::width; ++c) {
    in.push_back(From::from_bits(static_cast<typename From::code_type>(c)));
  }
  for (const narrowfp::isa use : support::available_isas()) {
    for (const auto policy : support::both_policies) {
      std::vector<To> out(in.size());
      narrowfp::pack(in, out, {.over = policy, .use = use});
      std::vector<To> unpacked(in.size());
      narrowfp::unpack(in, unpacked, {.use = use});
      for (std::size_t i = 0; i < in.size(); ++i) {
        ASSERT_EQ(out[i].bits(), narrowfp::round_to<To>(in[i], narrowfp::rounding::native, policy).bits())
            << "pack, code " << i;
        ASSERT_EQ(unpacked[i].bits(), narrowfp::round_to<To>(in[i], narrowfp::rounding::nearest_even).bits())
            << "unpack, code " << i;
      }
    }
  }
}

TEST(Transcoding, ArraysAsOneAtATime) {
  check_transcoding<narrowfp::fp8_e5m2, fp8_e4m3>();
  check_transcoding<fp8_e4m3, hif8>();
  check_transcoding<hif8, narrowfp::fp8_e4m3fnuz>();
  check_transcoding<hif8, narrowfp::fp4_e2m1>();
  check_transcoding<narrowfp::e8m0, hif8>();
  check_transcoding<narrowfp::fp4_e2m1, narrowfp::e6m2>();
  check_transcoding<narrowfp::float16, narrowfp::bfloat16>();
  check_transcoding<narrowfp::bfloat16, narrowfp::float16>();
  check_transcoding<narrowfp::float16, narrowfp::ue5m3>();
  check_transcoding<support::e10m5b511_none, narrowfp::fp8_e5m2>();
  check_transcoding<support::e4m3b200_fn, support::e10m5b511_none>();
  check_transcoding<support::e10m5b511_none, narrowfp::bfloat16>();
}

}  // namespace
