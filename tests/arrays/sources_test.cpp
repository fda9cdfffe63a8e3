// What arrays are packed from and unpacked to besides floats: the compiler's own 16-bit types, integers, and
// 16-bit values at odd addresses.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/compiler_halves.hpp"
#include "support/report.hpp"

namespace {

using namespace narrowfp;

constexpr rounding modes[] = {rounding::native,      rounding::nearest_even,    rounding::nearest_away,
                              rounding::toward_zero, rounding::toward_positive, rounding::toward_negative,
                              rounding::to_odd,      rounding::stochastic};

/// The bits of x rounded once to H, by the oracle. (What clang++ 22 makes of a __bf16 that a function returns
/// needs a newer libgcc than Debian 12 has.)
template <class H>
std::uint16_t code_of(double x) {
  const oracle::format& f = oracle::find_format(
      std::is_same_v<typename detail::compiler_half_format<H>::type, formats::bfloat16> ? "bfloat16"
                                                                                        : "float16");
  return static_cast<std::uint16_t>(oracle::encode(f,
                                                   oracle::binary64.decode(std::bit_cast<std::uint64_t>(x)),
                                                   oracle::mode::nearest_even, oracle::policy::native));
}

/// The float of those bits.
template <class H>
float float_of(double x) {
  const H half = std::bit_cast<H>(code_of<H>(x));
  return static_cast<float>(half);
}

/// All 2^16 values of a 16-bit type, and the floats that the compiler makes of them.
template <class H>
struct all_halves {
  std::vector<H> halves;
  std::vector<float> floats;

  all_halves() {
    for (unsigned code = 0; code < 0x10000; ++code) {
      halves.push_back(std::bit_cast<H>(static_cast<std::uint16_t>(code)));
      floats.push_back(static_cast<float>(halves.back()));
    }
  }
};

/// The compiler's conversion to float is the witness: formats of 8 bits drop what it does to a NaN.
template <class H, class T>
void check_pack_halves(const char* name) {
  const all_halves<H> all;
  support::mismatches found(name);
  for (const isa use : support::available_isas()) {
    for (const rounding round : modes) {
      for (const overflow over : support::both_policies) {
        for (const float scale : {1.0F, 0.7F}) {
          const pack_options options{
              .round = round, .over = over, .scale = scale, .seed = 5, .first_index = 3, .use = use};
          std::vector<T> got(all.halves.size());
          std::vector<T> want(all.halves.size());
          packed_vector<T> dense(all.halves.size());
          pack(all.halves, got, options);
          pack(all.halves, dense, options);
          pack(all.floats, want, options);
          for (std::size_t i = 0; i < got.size(); ++i) {
            const auto context = [&] {
              return std::string(isa_name(use)) + ", " + support::name_of(round) + ", half " +
                     support::hex(i, 4);
            };
            found.expect_equal(got[i].bits(), want[i].bits(), context);
            found.expect_equal(T(dense[i]).bits(), want[i].bits(), context);
          }
        }
      }
    }
  }
}

/// The product is an exact double, which the oracle rounds.
template <class H, class T>
void check_unpack_halves(const char* name) {
  std::vector<T> codes;
  for (unsigned code = 0; code < 1U << T::format::width; ++code) {
    codes.push_back(T::from_bits(static_cast<typename T::code_type>(code)));
  }
  packed_vector<T> dense(codes.size());
  pack(codes, dense);
  support::mismatches found(name);
  for (const isa use : support::available_isas()) {
    for (const float scale : {1.0F, 0.7F, 300.0F, 0x1.8p-20F}) {
      std::vector<H> got(codes.size());
      std::vector<H> from_dense(codes.size());
      unpack(codes, got, {.scale = scale, .use = use});
      unpack(dense, from_dense, {.scale = scale, .use = use});
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const double exact = double{static_cast<float>(codes[i])} * double{scale};
        const auto got_bits = std::bit_cast<std::uint16_t>(got[i]);
        const auto context = [&] { return std::string(isa_name(use)) + ", code " + support::hex(i, 2); };
        found.expect_equal(std::bit_cast<std::uint16_t>(from_dense[i]), got_bits, context);
        if (std::isnan(exact)) {
          found.expect(std::isnan(static_cast<float>(got[i])), context);
        } else {
          found.expect_equal(got_bits, code_of<H>(exact), context);
        }
      }
    }
  }
}

template <class H, class B>
void check_blocks_of_halves(const char* name) {
  std::vector<H> x(5 * B::elements + 3);
  std::vector<float> floats(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = std::bit_cast<H>(code_of<H>(std::sin(static_cast<double>(i)) * 3.0));
    floats[i] = static_cast<float>(x[i]);
  }
  support::mismatches found(name);
  for (const isa use : support::available_isas()) {
    const auto context = [&] { return std::string(isa_name(use)); };
    for (const float tensor_scale : {1.0F, 0.3F}) {
      std::vector<B> got(block_count<B>(x.size()));
      std::vector<B> want = got;
      quantize(x, got, {.tensor_scale = tensor_scale, .use = use});
      quantize(floats, want, {.tensor_scale = tensor_scale, .use = use});
      found.expect(got == want, context);

      std::vector<H> restored(x.size());
      std::vector<double> exact(x.size());
      dequantize(got, restored, {.tensor_scale = tensor_scale, .use = use});
      dequantize(got, exact, {.tensor_scale = tensor_scale, .use = use});
      for (std::size_t i = 0; i < x.size(); ++i) {
        found.expect_equal(std::bit_cast<std::uint16_t>(restored[i]), code_of<H>(exact[i]), context);
      }
    }
    for (const block_axis axis : {block_axis::row, block_axis::column}) {
      block_matrix<B> got(x.size() / 3, 3, axis);
      block_matrix<B> want = got;
      const std::size_t n = got.rows() * got.cols();
      got.quantize(std::span(x).first(n), {.use = use});
      want.quantize(std::span(floats).first(n), {.use = use});
      found.expect(got == want, context);
      std::vector<H> restored(n);
      std::vector<float> wide(n);
      got.dequantize(restored, {.use = use});
      got.dequantize(wide, {.use = use});
      for (std::size_t i = 0; i < n; ++i) {
        found.expect(static_cast<float>(restored[i]) == float_of<H>(double{wide[i]}), context);
      }
      if constexpr (B::bit_levels == 0) {
        got.quantize_tiles(std::span(x).first(n), B::elements, {.use = use});
        want.quantize_tiles(std::span(floats).first(n), B::elements, {.use = use});
        found.expect(got == want, context);
      }
    }
  }
  EXPECT_EQ(nvfp4_tensor_scale(x), nvfp4_tensor_scale(floats));
}

/// Writes before and after the call must not move across it, though kernels read other types.
template <class H>
void check_that_writes_stay_in_place() {
  H sixteen[16];
  for (int i = 0; i < 16; ++i) {
    sixteen[i] = std::bit_cast<H>(code_of<H>(i));
  }
  const H other = std::bit_cast<H>(code_of<H>(99));
  H x[64];
  for (int i = 0; i < 64; ++i) {
    x[i] = sixteen[i % 16];
  }
  fp8_e4m3 codes[64];
  pack(x, codes, {.use = isa::scalar});
  for (H& h : x) {
    h = other;
  }
  unpack(codes, x, {.use = isa::scalar});
  for (int i = 0; i < 64; ++i) {
    ASSERT_EQ(static_cast<float>(codes[i]), static_cast<float>(i % 16));
    ASSERT_EQ(static_cast<float>(x[i]), static_cast<float>(i % 16));
  }
}

template <class H>
void check_values(const char* name) {
  const all_halves<H> all;
  support::mismatches found(name);
  for (std::size_t i = 0; i < all.halves.size(); ++i) {
    const H h = all.halves[i];
    const float x = all.floats[i];
    const auto context = [&] { return "half " + support::hex(i, 4); };
    found.expect_equal(fp8_e4m3(h).bits(), fp8_e4m3(x).bits(), context);
    found.expect_equal(saturate_cast<fp8_e5m2>(h).bits(), saturate_cast<fp8_e5m2>(x).bits(), context);
    found.expect_equal(round_to<fp4_e2m1>(h, rounding::to_odd).bits(),
                       round_to<fp4_e2m1>(x, rounding::to_odd).bits(), context);
    if (!std::isnan(x)) {
      found.expect_equal(std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<H>(hif8(h)))),
                         std::bit_cast<std::uint32_t>(float_of<H>(double{static_cast<float>(hif8(x))})),
                         context);
      found.expect_equal(float16(h).bits(), float16(x).bits(), context);
      found.expect_equal(bfloat16(h).bits(), bfloat16(x).bits(), context);
    }
  }
}

template <class H>
void check_half_type(const char* name) {
  check_values<H>(name);
  check_pack_halves<H, fp8_e4m3>(name);
  check_pack_halves<H, fp4_e2m1>(name);
  check_pack_halves<H, hif8>(name);
  check_pack_halves<H, e6m2>(name);
  check_unpack_halves<H, fp8_e4m3>(name);
  check_unpack_halves<H, fp6_e2m3>(name);
  check_unpack_halves<H, hif8>(name);
  check_blocks_of_halves<H, mxfp4>(name);
  check_blocks_of_halves<H, nvfp4>(name);
  check_blocks_of_halves<H, hif4>(name);
  check_blocks_of_halves<H, mxfp6_e3m2>(name);
  check_that_writes_stay_in_place<H>();
}

#if defined(NARROWFP_TEST_FLOAT16)
TEST(CompilerHalves, Float16) { check_half_type<NARROWFP_TEST_FLOAT16>("_Float16"); }

TEST(CompilerHalves, HybridRoundingGoesByTheSourceType) {
  const all_halves<NARROWFP_TEST_FLOAT16> all;
  std::vector<float16> same(all.halves.size());
  std::memcpy(static_cast<void*>(same.data()), all.halves.data(), 2 * same.size());
  std::vector<hif8> got(same.size());
  std::vector<hif8> want(same.size());
  pack(all.halves, got, {.round = rounding::hybrid});
  pack(same, want, {.round = rounding::hybrid});
  for (std::size_t i = 0; i < same.size(); ++i) {
    ASSERT_EQ(got[i].bits(), want[i].bits()) << i;
    ASSERT_EQ(round_to<hif8>(all.halves[i], rounding::hybrid).bits(), want[i].bits()) << i;
  }
}
#endif
#if defined(NARROWFP_TEST_BFLOAT16) && !defined(NARROWFP_TEST_BFLOAT16_DOES_NOT_LINK)
TEST(CompilerHalves, Bfloat16) { check_half_type<NARROWFP_TEST_BFLOAT16>("__bf16"); }
#endif

/// Values around every power of two, and the ends.
template <class I>
std::vector<I> integers() {
  std::vector<I> x;
  for (int shift = 0; shift < std::numeric_limits<I>::digits; ++shift) {
    const I power = static_cast<I>(I{1} << shift);
    for (const int step : {-1, 0, 1}) {
      const I v = static_cast<I>(power + static_cast<I>(step));
      x.push_back(v);
      x.push_back(static_cast<I>(I{0} - v));
    }
  }
  for (int small = 0; small < 127; ++small) {
    x.push_back(static_cast<I>(small));
  }
  x.push_back(std::numeric_limits<I>::min());
  x.push_back(std::numeric_limits<I>::max());
  return x;
}

oracle::number number_of(std::int64_t x) {
  return oracle::finite({x < 0 ? ~static_cast<std::uint64_t>(x) + 1 : static_cast<std::uint64_t>(x), 0},
                        x < 0);
}
oracle::number number_of(std::uint64_t x) { return oracle::finite({x, 0}); }

template <class I, class T>
void check_integers(const char* name) {
  const oracle::format& f = oracle::find_format(name);
  const std::vector<I> x = integers<I>();
  using wide = std::conditional_t<std::is_signed_v<I>, std::int64_t, std::uint64_t>;
  support::mismatches found(name);
  for (const isa use : support::available_isas()) {
    for (const auto over : support::both_policies) {
      std::vector<T> got(x.size());
      std::vector<T> scaled(x.size());
      pack(x, got, {.over = over, .use = use});
      pack(x, scaled, {.over = over, .scale = 0.75F, .use = use});
      const auto policy = over == overflow::native ? oracle::policy::native : oracle::policy::saturate;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto context = [&] { return std::to_string(x[i]) + ", " + isa_name(use); };
        found.expect_equal(got[i].bits(),
                           oracle::encode(f, number_of(static_cast<wide>(x[i])), f.native, policy), context);
        // Three quarters of an integer below 2^62, exactly, rounded once by the compiler.
        if (x[i] <= (std::numeric_limits<I>::max() >> 2) && x[i] >= (std::numeric_limits<I>::min() >> 2)) {
          const bool negative = x[i] < 0;
          const auto magnitude = static_cast<std::uint64_t>(negative ? -static_cast<wide>(x[i]) : x[i]);
          const float quarters = static_cast<float>(magnitude * 3) * (negative ? -0.25F : 0.25F);
          found.expect_equal(
              scaled[i].bits(),
              oracle::encode(f, oracle::binary32.decode(std::bit_cast<std::uint32_t>(quarters)), f.native,
                             policy),
              context);
        }
      }
    }
  }
}

template <class T>
void check_all_integers(const char* name) {
  check_integers<signed char, T>(name);
  check_integers<unsigned char, T>(name);
  check_integers<short, T>(name);
  check_integers<unsigned short, T>(name);
  check_integers<int, T>(name);
  check_integers<unsigned, T>(name);
  check_integers<long, T>(name);
  check_integers<unsigned long, T>(name);
  check_integers<long long, T>(name);
  check_integers<unsigned long long, T>(name);
}

TEST(Integers, PackAsTheOracleHasThem) {
  check_all_integers<fp8_e4m3>("fp8_e4m3");
  check_all_integers<fp8_e5m2>("fp8_e5m2");
  check_all_integers<hif8>("hif8");
  check_all_integers<fp4_e2m1>("fp4_e2m1");
  check_all_integers<e8m0>("e8m0");
  check_all_integers<bfloat16>("bfloat16");
}

TEST(Integers, PackDensely) {
  const int x[] = {1, 2, -3, 6, 100};
  packed_vector<fp4_e2m1> out(5);
  pack(x, out);
  const std::uint8_t want[] = {0x42, 0x7D, 0x07};
  EXPECT_EQ(std::memcmp(out.bytes().data(), want, 3), 0);
}

TEST(UnalignedData, PackedSpanReadsAndWritesSixteenBits) {
  for (const std::size_t n : {0U, 1U, 5U, 63U, 64U, 300U}) {
    std::vector<float> x(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = std::sin(static_cast<float>(i)) * 100.0F;
    }
    // bfloat16 by hand: the upper half of a float, rounded half to even.
    std::vector<std::uint8_t> file(2 * n + 3, 0xA5);
    for (std::size_t i = 0; i < n; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(x[i]);
      const std::uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
      file[1 + 2 * i] = static_cast<std::uint8_t>(rounded & 0xFF);
      file[2 + 2 * i] = static_cast<std::uint8_t>(rounded >> 8);
    }
    const auto odd = std::span(file).subspan(1, 2 * n);
    for (const isa use : support::available_isas()) {
      std::vector<float> back(n);
      unpack(packed_span<const bfloat16>(odd, n), back, {.use = use});
      std::vector<std::uint8_t> written(file.size(), 0xA5);
      pack(x, packed_span<bfloat16>(std::span(written).subspan(1, 2 * n), n), {.use = use});
      EXPECT_EQ(written, file) << n;
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t high = file[1 + 2 * i] | std::uint32_t{file[2 + 2 * i]} << 8;
        ASSERT_EQ(std::bit_cast<std::uint32_t>(back[i]), high << 16) << n;
      }
      std::vector<fp8_e4m3> transcoded(n);
      std::vector<double> doubles(n);
      unpack(packed_span<const bfloat16>(odd, n), transcoded, {.use = use});
      unpack(packed_span<const bfloat16>(odd, n), doubles, {.scale = 3, .use = use});
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(transcoded[i].bits(), fp8_e4m3(back[i]).bits());
        ASSERT_EQ(doubles[i], 3.0 * double{back[i]});
      }
    }
  }
}

TEST(RawBytes, EveryByteTypeIsOneView) {
  std::vector<std::uint8_t> unsigned_bytes{0x38, 0x40, 0x44, 0x48};
  std::vector<std::byte> bytes(4);
  std::memcpy(bytes.data(), unsigned_bytes.data(), 4);
  EXPECT_EQ(as_values<fp8_e4m3>(unsigned_bytes)[2], 3);
  EXPECT_EQ(as_values<fp8_e4m3>(bytes)[2], 3);
  EXPECT_EQ(packed_span<const fp4_e2m1>(unsigned_bytes, 8)[3], 2);
  EXPECT_EQ(packed_span<fp4_e2m1>(bytes, 8)[3], 2);
  packed_span<fp4_e2m1>(unsigned_bytes, 8)[0] = fp4_e2m1(6);
  EXPECT_EQ(unsigned_bytes[0], 0x37);
  EXPECT_THROW(packed_span<const fp4_e2m1>(unsigned_bytes, 9), std::invalid_argument);
}

}  // namespace
