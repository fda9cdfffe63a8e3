// Sweeps of the scalar definition: against arrays over a dense stride, the whole of bfloat16 against its
// well-known integer formula, and stochastic rounding over every draw.
#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/count.hpp"
#include "support/parallel.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using std::uint32_t;

constexpr unsigned chunks = 256;
constexpr std::uint64_t chunk_size = (std::uint64_t{1} << 32) / chunks;

/// Fails with the first input at which two of the sweep's results differ.
struct first_mismatch {
  std::atomic<std::uint64_t> bits{~std::uint64_t{0}};
  void add(std::uint64_t x) {
    std::uint64_t old = bits;
    while (x < old && !bits.compare_exchange_weak(old, x)) {
    }
  }
  void expect_none(const std::string& what) const {
    if (bits != ~std::uint64_t{0}) {
      ADD_FAILURE() << what << " first differs at " << support::show(oracle::binary32, bits);
    }
  }
};

class ArraysAgreeWithScalar : public support::format_suite {};

TEST_P(ArraysAgreeWithScalar, OnEvery61stFloat) {
  constexpr std::uint64_t stride = 61;
  const support::array_probe& arrays = support::find_array_probe(GetParam());
  const std::vector<narrowfp::isa> isas = support::available_isas();
  for (const overflow policy : support::both_policies) {
    std::vector<first_mismatch> found(isas.size());
    support::for_each_in_parallel(chunks, [&](unsigned chunk) {
      std::vector<float> in;
      std::vector<support::code> want;
      for (std::uint64_t at = 0; at < chunk_size; at += stride) {
        const auto bits = static_cast<uint32_t>(chunk * chunk_size + at);
        in.push_back(std::bit_cast<float>(bits));
        want.push_back(subject().from_f32(bits, rounding::native, policy, 0));
      }
      support::byte_vector out(arrays.code_bytes(in.size(), false));
      for (std::size_t k = 0; k < isas.size(); ++k) {
        arrays.pack_memory(support::scalar::f32, in.data(), out.data(), in.size(), false,
                           {.over = policy, .use = isas[k]});
        const support::bit_vector got = support::from_memory(out, arrays.code_bytes(1, false));
        for (std::size_t i = 0; i < in.size(); ++i) {
          if (got[i] != want[i]) {
            found[k].add(std::bit_cast<uint32_t>(in[i]));
          }
        }
      }
    });
    for (std::size_t k = 0; k < isas.size(); ++k) {
      support::count_compared(chunks * (chunk_size / stride + 1));
      found[k].expect_none(GetParam() + ", " + support::name_of(policy) + ", " + narrowfp::isa_name(isas[k]));
    }
  }
}

SUPPORT_FOR_FORMATS(ArraysAgreeWithScalar, support::array_types());

/// Round to nearest even by adding just under half a unit; NaN keeps its leading payload and becomes quiet.
uint32_t bfloat16_by_formula(uint32_t bits) {
  return (bits & 0x7FFFFFFF) > 0x7F800000 ? bits >> 16 | 0x40 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

TEST(AllFloats, Bfloat16EqualsItsIntegerFormula) {
  const support::array_probe& arrays = support::find_array_probe("bfloat16");
  first_mismatch found;
  support::for_each_in_parallel(chunks, [&](unsigned chunk) {
    constexpr std::size_t piece = 1 << 15;
    std::vector<float> in(piece);
    std::vector<std::uint16_t> out(piece);
    for (std::uint64_t done = 0; done < chunk_size; done += piece) {
      const auto first = static_cast<uint32_t>(chunk * chunk_size + done);
      for (uint32_t i = 0; i < piece; ++i) {
        in[i] = std::bit_cast<float>(first + i);
      }
      arrays.pack_memory(support::scalar::f32, in.data(), out.data(), piece, false, {});
      for (uint32_t i = 0; i < piece; ++i) {
        if (out[i] != bfloat16_by_formula(first + i)) {
          found.add(first + i);
        }
      }
    }
  });
  support::count_compared(chunks * chunk_size);
  found.expect_none("bfloat16");
}

// Of all 2^32 draws exactly f send x = lo + f * 2^-32 * ulp up.
TEST(AllDraws, StochasticRoundingIsExactInTheMean) {
  constexpr std::uint64_t fraction = 0x9E3779B1;
  constexpr double x = 1.25 + static_cast<double>(fraction) * 0x1p-32 * 0.125;
  std::atomic<std::uint64_t> ups{0};
  support::for_each_in_parallel(chunks, [&](unsigned chunk) {
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < chunk_size; ++i) {
      const auto random_bits = static_cast<uint32_t>(chunk * chunk_size + i);
      const auto got =
          narrowfp::round_to<narrowfp::fp8_e4m3>(x, rounding::stochastic, overflow::native, random_bits);
      count += got.bits() == 0x3B ? 1U : 0U;
    }
    ups += count;
  });
  EXPECT_EQ(ups, fraction);
}

}  // namespace
