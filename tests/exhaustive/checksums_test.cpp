// All 2^32 floats: the checksums of the reference implementations, for every format and policy that equals
// one of their columns, by every instruction set of this machine.
//
// A checksum is compared chunk by chunk (2^24 inputs that share the top byte), so that a mismatch is located,
// then as a whole. Where the library differs from a reference by rule, the library's codes are first turned
// into the reference's at just those inputs; a difference anywhere else still shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/crc32.hpp"
#include "support/golden.hpp"
#include "support/parallel.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;
using std::uint32_t;
using std::uint8_t;

constexpr uint32_t magnitude_of(uint32_t bits) { return bits & 0x7FFFFFFF; }
constexpr bool is_nan(uint32_t bits) { return magnitude_of(bits) > 0x7F800000; }
constexpr bool is_infinite(uint32_t bits) { return magnitude_of(bits) == 0x7F800000; }
constexpr bool is_negative(uint32_t bits) { return bits >> 31 != 0; }

/// The reference's code for an input at which it differs from the library's `code`.
using difference = uint8_t (*)(uint32_t bits, uint8_t code);

uint8_t none(uint32_t, uint8_t code) { return code; }
/// The sign of a NaN, and which NaN it is, are not compared.
uint8_t nan0(uint32_t bits, uint8_t code) { return is_nan(bits) ? 0 : code; }
/// ml_dtypes does not saturate infinity.
template <uint8_t Positive, uint8_t Negative>
uint8_t infinity_stays(uint32_t bits, uint8_t code) {
  return is_infinite(bits) ? (is_negative(bits) ? Negative : Positive) : code;
}
/// ml_dtypes gives FP6 and FP4 a zero of the opposite sign for NaN.
template <uint8_t NegativeZero>
uint8_t nan_is_zero(uint32_t bits, uint8_t code) {
  return is_nan(bits) ? (is_negative(bits) ? 0 : NegativeZero) : code;
}
/// ml_dtypes' E8M0: zero is NaN, and what lies above 2^-127 goes up from the subnormals.
uint8_t e8m0_native(uint32_t bits, uint8_t code) {
  const uint32_t m = magnitude_of(bits);
  return m == 0 ? 0xFF : !is_negative(bits) && m > 0x00400000 && m < 0x00600000 ? 0x01 : code;
}
/// The same, saturating: zero is 00, infinity stays NaN.
uint8_t e8m0_saturate(uint32_t bits, uint8_t code) {
  const uint32_t m = magnitude_of(bits);
  const bool rounds_up = !is_negative(bits) && m > 0x00400000 && m < 0x00600000;
  return is_infinite(bits) ? 0xFF : rounds_up ? 0x01 : code;
}

/// A column of the reference and where it differs.
struct expectation {
  const char* variant;
  difference differs = none;
  bool compares_nan0 = false;
};

struct sweep {
  std::string name;
  std::string format;
  rounding mode;
  overflow policy;
  unsigned chunks;  ///< 256, or 128 where the reference agrees on positive inputs only
  std::vector<expectation> expectations;

  friend void PrintTo(const sweep& s, std::ostream* out) { *out << s.name; }
};

sweep native(const std::string& format, std::vector<expectation> expectations) {
  return {format + "_native", format, rounding::native, overflow::native, 256, std::move(expectations)};
}
sweep saturating(const std::string& format, std::vector<expectation> expectations) {
  return {format + "_saturate", format, rounding::native, overflow::saturate, 256, std::move(expectations)};
}
sweep e8m0_positive(const char* name, rounding mode, overflow policy, const char* variant) {
  return {name, "e8m0", mode, policy, 128, {{variant}}};
}

std::vector<sweep> sweeps() {
  return {
      native("fp8_e4m3", {{"e4m3fn_nosat.ml_dtypes"}, {"e4m3fn_nosat.cuda", nan0, true}}),
      saturating("fp8_e4m3",
                 {{"e4m3fn_sat.cuda", nan0, true}, {"e4m3fn_sat.ml_dtypes", infinity_stays<0x7F, 0xFF>}}),
      native("fp8_e5m2", {{"e5m2_nosat.ml_dtypes"}, {"e5m2_nosat.cuda", nan0, true}}),
      saturating("fp8_e5m2",
                 {{"e5m2_sat.cuda", nan0, true}, {"e5m2_sat.ml_dtypes", infinity_stays<0x7C, 0xFC>}}),
      native("fp8_e3m4", {{"e3m4_nosat.ml_dtypes"}}),
      saturating("fp8_e3m4", {{"e3m4_sat.ml_dtypes", infinity_stays<0x70, 0xF0>}}),
      native("fp8_e4m3_ieee", {{"e4m3_nosat.ml_dtypes"}}),
      saturating("fp8_e4m3_ieee", {{"e4m3_sat.ml_dtypes", infinity_stays<0x78, 0xF8>}}),
      native("fp8_e4m3fnuz", {{"e4m3fnuz_nosat.ml_dtypes"}}),
      saturating("fp8_e4m3fnuz", {{"e4m3fnuz_sat.ml_dtypes", infinity_stays<0x80, 0x80>}}),
      native("fp8_e5m2fnuz", {{"e5m2fnuz_nosat.ml_dtypes"}}),
      saturating("fp8_e5m2fnuz", {{"e5m2fnuz_sat.ml_dtypes", infinity_stays<0x80, 0x80>}}),
      native("fp8_e4m3b11fnuz", {{"e4m3b11fnuz_nosat.ml_dtypes"}}),
      saturating("fp8_e4m3b11fnuz", {{"e4m3b11fnuz_sat.ml_dtypes", infinity_stays<0x80, 0x80>}}),
      native("fp6_e3m2", {{"e3m2fn.cuda"}, {"e3m2fn.ml_dtypes", nan_is_zero<0x20>}}),
      saturating("fp6_e3m2", {{"e3m2fn.cuda"}}),
      native("fp6_e2m3", {{"e2m3fn.cuda"}, {"e2m3fn.ml_dtypes", nan_is_zero<0x20>}}),
      saturating("fp6_e2m3", {{"e2m3fn.cuda"}}),
      native("fp4_e2m1", {{"e2m1fn.cuda"}, {"e2m1fn.ml_dtypes", nan_is_zero<0x08>}}),
      saturating("fp4_e2m1", {{"e2m1fn.cuda"}}),
      native("hif8", {{"hif8.hif8"}}),
      native("e8m0", {{"e8m0fnu_rne_nosat.ml_dtypes", e8m0_native}}),
      saturating("e8m0", {{"e8m0fnu_rne_sat.ml_dtypes", e8m0_saturate}}),
      e8m0_positive("e8m0_toward_zero_native", rounding::toward_zero, overflow::native,
                    "e8m0fnu_rz_nosat.cuda"),
      e8m0_positive("e8m0_toward_zero_saturate", rounding::toward_zero, overflow::saturate,
                    "e8m0fnu_rz_sat.cuda"),
      e8m0_positive("e8m0_toward_positive_native", rounding::toward_positive, overflow::native,
                    "e8m0fnu_rp_nosat.cuda"),
      e8m0_positive("e8m0_toward_positive_saturate", rounding::toward_positive, overflow::saturate,
                    "e8m0fnu_rp_sat.cuda"),
  };
}

constexpr std::uint64_t chunk_size = std::uint64_t{1} << 24;

/// Differences are at zeros, subnormals, infinities and NaNs only.
constexpr bool may_differ(uint32_t bits) {
  const uint32_t field = bits >> 23 & 0xFF;
  return field == 0 || field == 0xFF;
}

/// The CRC-32 of one chunk under each expectation.
std::vector<uint32_t> checksums_of_chunk(const sweep& s, unsigned chunk, isa use) {
  constexpr uint32_t piece = 1 << 15;
  const bool one_checksum_serves_all = (chunk & 0x7F) != 0 && (chunk & 0x7F) != 0x7F;
  std::vector<uint32_t> sums(s.expectations.size(), 0);
  const support::array_probe& arrays = support::find_array_probe(s.format);
  std::vector<float> inputs(piece);
  std::vector<uint8_t> codes(piece);
  for (std::uint64_t done = 0; done < chunk_size; done += piece) {
    const auto first = static_cast<uint32_t>(chunk * chunk_size + done);
    for (uint32_t i = 0; i < piece; ++i) {
      inputs[i] = std::bit_cast<float>(first + i);
    }
    arrays.pack_memory(support::scalar::f32, inputs.data(), codes.data(), piece, false,
                       {.round = s.mode, .over = s.policy, .use = use});
    if (one_checksum_serves_all) {
      sums[0] = support::crc32(codes, sums[0]);
      continue;
    }
    for (std::size_t e = 0; e < sums.size(); ++e) {
      std::vector<uint8_t> referred = codes;
      for (uint32_t i = 0; i < piece; ++i) {
        if (may_differ(first + i)) {
          referred[i] = s.expectations[e].differs(first + i, codes[i]);
        }
      }
      sums[e] = support::crc32(referred, sums[e]);
    }
  }
  if (one_checksum_serves_all) {
    std::fill(sums.begin(), sums.end(), sums[0]);
  }
  return sums;
}

class AllFloats : public testing::TestWithParam<sweep> {
 protected:
  void check(isa use) const {
    const sweep& s = GetParam();
    std::vector<std::vector<uint32_t>> sums(s.chunks);
    support::for_each_in_parallel(s.chunks,
                                  [&](unsigned chunk) { sums[chunk] = checksums_of_chunk(s, chunk, use); });

    const support::golden_table chunks("exhaustive/chunks.csv");
    const support::golden_table nan0_chunks("exhaustive/nan0_chunks.csv");
    for (std::size_t e = 0; e < s.expectations.size(); ++e) {
      const expectation& want = s.expectations[e];
      support::mismatches found(s.name + " against " + want.variant + ", " + narrowfp::isa_name(use));
      uint32_t whole = 0;
      for (unsigned chunk = 0; chunk < s.chunks; ++chunk) {
        const bool holds_nan = (chunk & 0x7F) == 0x7F;
        const auto listed = want.compares_nan0 && holds_nan
                                ? nan0_chunks.hex(chunk == 0x7F ? 0 : 1, want.variant)
                                : chunks.hex(chunk, want.variant);
        found.expect_equal(sums[chunk][e], listed, [&] {
          return "inputs " + support::hex(chunk, 2) + "000000 to " + support::hex(chunk, 2) + "ffffff";
        });
        whole = support::crc32_combine(whole, sums[chunk][e], chunk_size);
      }
      support::count_compared(std::uint64_t{s.chunks} * chunk_size);
      if (s.chunks == 256) {
        found.expect_equal(whole, whole_checksum(want), [] { return std::string("all inputs"); });
        RecordProperty(std::string("checksum ") + want.variant, support::hex(whole, 8));
      }
    }
  }

 private:
  static std::uint64_t whole_checksum(const expectation& want) {
    const support::golden_table table("exhaustive/checksums.csv");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.text(row, "variant") == want.variant) {
        return table.hex(row, want.compares_nan0 ? "crc32_nan0" : "crc32");
      }
    }
    throw std::invalid_argument(std::string("no checksum of ") + want.variant);
  }
};

TEST_P(AllFloats, EqualTheReference) {
  for (const isa use : support::available_isas()) {
    check(use);
  }
}

INSTANTIATE_TEST_SUITE_P(Sweeps, AllFloats, testing::ValuesIn(sweeps()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
