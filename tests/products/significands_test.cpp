// Borders of sums of significands with exponents, and of scales that are left out: every set gives the scalar
// definition's bits.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "product_inputs.hpp"
#include "product_probe.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

using narrowfp::isa;

constexpr std::size_t chunk = 2048;
constexpr std::size_t block = 32;

struct mx_pair {
  const char* a;
  const char* b;
  std::uint8_t largest_a, largest_b;  ///< in every byte of codes
};
constexpr mx_pair mx_pairs[] = {{"mxfp8_e4m3", "mxfp8_e4m3", 0x7E, 0x7E},
                                {"mxfp4", "mxfp8_e4m3", 0x77, 0x7E},
                                {"mxfp8_e5m2", "mxfp8_e4m3", 0x7B, 0x7E},
                                {"mxfp4", "mxfp4", 0x77, 0x77}};

/// Blocks of one code byte under one scale.
byte_vector blocks_of(const oracle::packed_type& type, std::size_t n, std::uint8_t scale, std::uint8_t code) {
  byte_vector bytes(type.bytes_of(n), code);
  for (std::size_t i = 0; i < bytes.size(); i += type.bytes()) {
    bytes[i] = scale;
  }
  return bytes;
}
void set_scale(const oracle::packed_type& type, byte_vector& bytes, std::size_t at, int scale) {
  bytes[at * type.bytes()] = static_cast<std::uint8_t>(scale);
}
void set_codes(const oracle::packed_type& type, byte_vector& bytes, std::size_t at, std::uint8_t code) {
  const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at * type.bytes() + 1);
  std::fill_n(first, type.bytes() - 1, code);
}

/// The bits that all sets give, and the oracle.
std::uint64_t expect_exact(support::mismatches& report, const pair_probe& pair, const byte_vector& a,
                           const byte_vector& b, std::size_t n, const std::string& what) {
  const oracle::exact_dot exact = sum_of_products(pair.a_type(), a, pair.b_type(), b, n);
  const std::uint64_t want = exact.rounded(oracle::binary64);
  for (const isa use : support::available_isas()) {
    narrowfp::dot_options options;
    options.use = use;
    report.expect_equal(pair.dot(result::f64, a, b, n, options, 0), want,
                        [&] { return pair.name() + ", " + what + ", " + isa_name(use); });
  }
  return want;
}

/// All products as large as there are, of one sign, and one block whose scale is 0 to 60 binades lower or
/// higher: on both sides of every window.
TEST(ProductSignificands, HoldTheLargestSumsUnderScalesOfEveryDistance) {
  for (const mx_pair& names : mx_pairs) {
    const pair_probe& pair = find_pair(names.a, names.b);
    support::mismatches report(pair.name());
    const byte_vector b = blocks_of(pair.b_type(), chunk, 127, names.largest_b);
    for (int distance = -60; distance <= 60; ++distance) {
      for (const std::size_t at : {std::size_t{0}, std::size_t{5}, chunk / block - 1}) {
        byte_vector a = blocks_of(pair.a_type(), chunk, 100, names.largest_a);
        set_scale(pair.a_type(), a, at, 100 + distance);
        expect_exact(report, pair, a, b, chunk, "distance " + std::to_string(distance));
        set_codes(pair.a_type(), a, at, 0x11);
        expect_exact(report, pair, a, b, chunk, "small elements, distance " + std::to_string(distance));
      }
    }
  }
}

/// Codes of zero under the lowest scale, as padding is: the sum of the others, and NaN where a scale is NaN.
TEST(ProductSignificands, LeaveOutScalesOfZerosButForNan) {
  constexpr std::uint64_t nan = 0x7FF8000000000000;
  for (const mx_pair& names : mx_pairs) {
    const pair_probe& pair = find_pair(names.a, names.b);
    support::mismatches report(pair.name());
    generator random(31);
    for (int repeat = 0; repeat < 60; ++repeat) {
      const std::size_t n = block * (1 + below(100, random));
      byte_vector a = make_array(pair.a_type(), inputs::near, n, random);
      byte_vector b = make_array(pair.b_type(), inputs::near, n, random);
      for (std::size_t at = 0; at < n / block; ++at) {
        if (below(3, random) == 0 || at >= n / block / 2) {
          set_scale(pair.a_type(), a, at, 0);
          set_codes(pair.a_type(), a, at, 0);
        }
        if (below(4, random) == 0) {
          set_scale(pair.b_type(), b, at, repeat % 2 == 0 ? 254 : 0);
          set_codes(pair.b_type(), b, at, 0);
        }
      }
      expect_exact(report, pair, a, b, n, "zeros");
      const std::size_t at = n / block - 1;
      byte_vector special = b;
      set_scale(pair.b_type(), special, at, 255);
      report.expect_equal(expect_exact(report, pair, a, special, n, "a scale of NaN over zeros"), nan,
                          [] { return std::string("NaN"); });
    }
  }
}

/// Each special code at each place, where the other row has zeros under a far scale as well.
TEST(ProductSignificands, FindEverySpecialCode) {
  struct of_pair {
    const char* a;
    const char* b;
    std::vector<std::uint8_t> codes;  ///< infinity and NaN of b
    std::size_t b_from;               ///< the first byte of codes
  };
  const of_pair all[] = {{"mxfp4", "mxfp8_e4m3", {0x7F, 0xFF}, 1},
                         {"mxfp8_e4m3", "mxfp8_e4m3", {0x7F, 0xFF}, 1},
                         {"fp8_e5m2", "fp8_e5m2", {0x7C, 0xFC, 0x7D, 0x7E, 0x7F, 0xFF}, 0},
                         {"hif8", "hif8", {0x80, 0x6F, 0xEF}, 0}};
  for (const of_pair& names : all) {
    const pair_probe& pair = find_pair(names.a, names.b);
    support::mismatches report(pair.name());
    generator random(32);
    const std::size_t n = 128;
    byte_vector a = make_array(pair.a_type(), inputs::near, n, random);
    const byte_vector b = make_array(pair.b_type(), inputs::near, n, random);
    for (const bool has_zeros : {false, true}) {
      if (has_zeros) {
        for (std::size_t at = 0; at < a.size() / pair.a_type().bytes(); ++at) {
          std::fill_n(a.begin() + static_cast<std::ptrdiff_t>(at * pair.a_type().bytes()),
                      pair.a_type().bytes(), std::uint8_t{0});
        }
      }
      for (std::size_t i = 0; i < n; ++i) {
        for (const std::uint8_t code : names.codes) {
          byte_vector special = b;
          special[names.b_from == 0 ? i : i / block * pair.b_type().bytes() + 1 + i % block] = code;
          expect_exact(report, pair, a, special, n, "special at " + std::to_string(i));
        }
      }
    }
  }
}

}  // namespace
}  // namespace products
