// The rounding vectors: directed modes, double and integer sources, hybrid and stochastic rounding.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/golden.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::code;
using support::golden_bytes;
using support::golden_table;

/// The mode and policy that a column is named after.
struct column {
  std::string name;
  rounding mode = rounding::native;
  overflow policy = overflow::native;
};

std::vector<column> columns_for(std::initializer_list<rounding> modes) {
  std::vector<column> list;
  for (const rounding mode : modes) {
    list.push_back({std::string(support::name_of(mode)) + "_native", mode, overflow::native});
    list.push_back({std::string(support::name_of(mode)) + "_saturate", mode, overflow::saturate});
  }
  return list;
}

class RoundingVectors : public testing::TestWithParam<support::golden_name> {
 protected:
  const support::probe& subject() const { return support::find_probe(GetParam().library); }
  std::string file(const std::string& rest) const {
    return std::string("rounding/") + GetParam().golden + "_" + rest;
  }

  void check_f32(support::mismatches& found, std::uint32_t bits, const column& c, std::uint64_t want,
                 std::uint32_t random_bits = 0) const {
    found.expect_equal(subject().from_f32(bits, c.mode, c.policy, random_bits), want, [&] {
      return support::describe(subject().name, c.mode, c.policy, oracle::binary32, bits, random_bits);
    });
  }

  void check_table(const std::string& rest, const std::vector<column>& columns) const {
    const golden_table table(file(rest));
    support::mismatches found(subject().name);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      for (const column& c : columns) {
        check_f32(found, static_cast<std::uint32_t>(table.hex(row, "f32_bits")), c, table.hex(row, c.name));
      }
    }
  }

  void check_records(const std::string& rest, const std::vector<column>& columns, std::size_t record) const {
    const auto bytes = golden_bytes(file(rest));
    ASSERT_EQ(bytes.size() % record, 0U);
    support::mismatches found(subject().name);
    for (std::size_t offset = 0; offset < bytes.size(); offset += record) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        check_f32(found, support::word_at(bytes, offset), columns[i], bytes[offset + 4 + i]);
      }
    }
  }
};

// In the order of the record files.
const std::vector<column> directed =
    columns_for({rounding::toward_zero, rounding::toward_positive, rounding::toward_negative,
                 rounding::nearest_away, rounding::nearest_even, rounding::to_odd});

TEST_P(RoundingVectors, DirectedTable) { check_table("directed.csv", directed); }
TEST_P(RoundingVectors, DirectedRecords) { check_records("directed.bin", directed, 4 + directed.size()); }

TEST_P(RoundingVectors, FromDouble) {
  const golden_table table(file("from_f64.csv"));
  support::mismatches found(subject().name);
  for (const column& c : columns_for({rounding::nearest_even, rounding::nearest_away})) {
    if (!table.has(c.name)) {
      continue;  // only hif8 lists nearest_away
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::uint64_t bits = table.hex(row, "f64_bits");
      found.expect_equal(subject().from_f64(bits, c.mode, c.policy, 0), table.hex(row, c.name), [&] {
        return support::describe(subject().name, c.mode, c.policy, oracle::binary64, bits);
      });
    }
  }
}

std::string library_name(const testing::TestParamInfo<support::golden_name>& instance) {
  return instance.param.library;
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundingVectors, testing::ValuesIn(support::rounded_formats), library_name);

class StochasticVectors : public RoundingVectors {};

TEST_P(StochasticVectors, Table) {
  const golden_table table(file("stochastic.csv"));
  support::mismatches found(subject().name);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto bits = static_cast<std::uint32_t>(table.hex(row, "f32_bits"));
    const auto random_bits = static_cast<std::uint32_t>(table.hex(row, "random_bits"));
    check_f32(found, bits, {"", rounding::stochastic, overflow::native}, table.hex(row, "native"),
              random_bits);
    check_f32(found, bits, {"", rounding::stochastic, overflow::saturate}, table.hex(row, "saturate"),
              random_bits);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, StochasticVectors,
                         testing::Values(support::golden_name{"e4m3fn", "fp8_e4m3"},
                                         support::golden_name{"e5m2", "fp8_e5m2"},
                                         support::golden_name{"e2m1fn", "fp4_e2m1"},
                                         support::golden_name{"hif8", "hif8"}),
                         library_name);

class IntegerVectors : public RoundingVectors {};

TEST_P(IntegerVectors, Table) {
  const golden_table table(file("from_int.csv"));
  support::mismatches found(subject().name);
  for (const column& c : columns_for({rounding::nearest_even, rounding::nearest_away})) {
    if (!table.has(c.name)) {
      continue;  // only hif8 lists nearest_away
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const bool is_signed = table.text(row, "type") == "i64";
      const auto convert = is_signed ? subject().from_i64 : subject().from_u64;
      found.expect_equal(
          convert(table.hex(row, "int_bits"), c.mode, c.policy, 0), table.hex(row, c.name),
          [&] { return c.name + " of " + table.text(row, "type") + " " + table.text(row, "int_bits"); });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, IntegerVectors,
                         testing::Values(support::golden_name{"e4m3fn", "fp8_e4m3"},
                                         support::golden_name{"e5m2", "fp8_e5m2"},
                                         support::golden_name{"hif8", "hif8"},
                                         support::golden_name{"bfloat16", "bfloat16"},
                                         support::golden_name{"binary16", "float16"}),
                         library_name);

class HybridVectors : public RoundingVectors {};

TEST_P(HybridVectors, FloatTable) { check_table("hybrid_from_f32.csv", columns_for({rounding::hybrid})); }

// A record also holds two codes of a mode that is not offered.
TEST_P(HybridVectors, FloatRecords) {
  check_records("hybrid_from_f32.bin", columns_for({rounding::hybrid}), 8);
}

TEST_P(HybridVectors, EveryFloat16) {
  for (const column& c : columns_for({rounding::hybrid})) {
    const bool native = c.policy == overflow::native;
    const auto bytes =
        golden_bytes(file(native ? "hybrid_from_f16_native.bin" : "hybrid_from_f16_saturate.bin"));
    ASSERT_EQ(bytes.size(), 65536U);
    support::mismatches found(subject().name);
    for (std::uint32_t bits = 0; bits < bytes.size(); ++bits) {
      found.expect_equal(subject().from_f16(bits, c.mode, c.policy, 0), bytes[bits], [&] {
        return support::describe(subject().name, c.mode, c.policy, oracle::binary16, bits);
      });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, HybridVectors, testing::Values(support::golden_name{"hif8", "hif8"}),
                         library_name);

}  // namespace
