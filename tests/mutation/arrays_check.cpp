// One format's arrays by every instruction set, against the values one at a time; small, so that a mutant is
// judged quickly. FORMAT names the format, SOURCE the type that is packed, float by default.
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <vector>

#include <narrowfp/pack.hpp>

#include "support/philox.hpp"

#ifndef SOURCE
#define SOURCE float
#endif

namespace {

using namespace narrowfp;
using T = FORMAT;
using S = SOURCE;
using code_type = T::code_type;

int failures = 0;

void expect(bool holds, const char* what, narrowfp::isa set, std::size_t n) {
  if (!holds && failures++ < 3) {
    std::printf("%s by %s, %zu elements\n", what, narrowfp::isa_name(set), n);
  }
}

/// Every exponent with fractions that are values, ties and neither; specials; both signs.
std::vector<S> inputs() {
  std::vector<S> x;
  std::uint32_t state = 1;
  for (std::uint32_t exponent = 0; exponent < 256; ++exponent) {
    for (std::uint32_t fraction = 0; fraction < 64; ++fraction) {
      state = state * 1664525 + 1013904223;
      const std::uint32_t low = fraction % 4 == 0   ? 0
                                : fraction % 4 == 1 ? 1
                                : fraction % 4 == 2 ? 0x1FFFF
                                                    : state >> 15;
      x.push_back(S(std::bit_cast<float>(exponent << 23 | fraction << 17 | low | (state & 0x80000000))));
    }
  }
  for (const std::uint32_t bits : {0U, 1U, 0x7F800000U, 0x7FC00000U}) {
    x.push_back(S(std::bit_cast<float>(bits)));
    x.push_back(S(std::bit_cast<float>(bits | 0x80000000U)));
  }
  // The same in another order, so that specials lie between others.
  const std::size_t count = x.size();
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(x[i * 7919 % count]);
  }
  return x;
}

/// Neither x nor x * scale is subnormal, infinite or NaN, zero or not.
bool is_normal(float x, float scale) {
  const auto field = [](float v) { return std::bit_cast<std::uint32_t>(v) >> 23 & 0xFF; };
  return field(x) > 1 && field(x) < 254 && field(x) + field(scale) > 128 && field(x) + field(scale) < 380;
}

void check(const std::vector<S>& x, std::size_t n, const narrowfp::pack_options& options) {
  std::vector<T> codes(n + 1, T::from_bits(1));
  narrowfp::pack(std::span(x).first(n), std::span(codes).first(n), options);
  narrowfp::packed_vector<T> dense(n);
  narrowfp::pack(std::span(x).first(n), dense, options);
  std::vector<float> values(n + 1, 7.0F);
  narrowfp::unpack(std::span(codes).first(n), std::span(values).first(n),
                   {.scale = options.scale, .use = options.use});
  std::vector<float> from_dense(n);
  narrowfp::unpack(dense, from_dense, {.scale = options.scale, .use = options.use});
  bool packed = codes[n].bits() == 1;
  bool packed_dense = true;
  bool unpacked = values[n] == 7.0F;
  const bool is_scaled = std::bit_cast<std::uint32_t>(options.scale) != std::bit_cast<std::uint32_t>(1.0F);
  for (std::size_t i = 0; i < n; ++i) {
    const float value = static_cast<float>(codes[i]);
    // Products are this program's own, which it may be told to flush: those of subnormal floats are left out.
    const auto source = static_cast<float>(x[i]);
    if (!is_scaled || is_normal(source, options.scale)) {
      const auto draw = oracle::draw(options.seed, options.first_index + i);
      const T want = is_scaled ? round_to<T>(source * options.scale, options.round, options.over, draw)
                               : round_to<T>(x[i], options.round, options.over, draw);
      packed = packed && codes[i].bits() == want.bits();
      packed_dense = packed_dense && dense[i].bits() == want.bits();
    }
    if (!is_scaled || is_normal(value, options.scale)) {
      // Not one product with a choice of factors, which could flush the value itself.
      const auto bits = is_scaled ? std::bit_cast<std::uint32_t>(value * options.scale)
                                  : std::bit_cast<std::uint32_t>(value);
      unpacked = unpacked && std::bit_cast<std::uint32_t>(values[i]) == bits &&
                 std::bit_cast<std::uint32_t>(from_dense[i]) == bits;
    }
  }
  expect(packed, "pack", options.use, n);
  expect(packed_dense, "pack, dense", options.use, n);
  expect(unpacked, "unpack", options.use, n);
}

/// Scales that leave the range of floats, and one that makes -0 of the zeros behind the last element: as the
/// scalar path has them.
void check_extreme_scales(const std::vector<S>& x, narrowfp::isa set) {
  for (const std::uint32_t scale :
       {0x7F800000U, 0xFF800000U, 0x7FC00000U, 0x00000001U, 0x7F7FFFFFU, 0xC0200000U}) {
    const float factor = std::bit_cast<float>(scale);
    std::vector<T> want(x.size());
    std::vector<T> got(x.size());
    narrowfp::pack(x, want, {.scale = factor, .use = narrowfp::isa::scalar});
    narrowfp::pack(x, got, {.scale = factor, .use = set});
    expect(std::memcmp(want.data(), got.data(), want.size() * sizeof(T)) == 0, "pack by a scale", set,
           x.size());
    // Dense, and ending inside a byte: pad bits are 0 whatever 0 * scale is.
    packed_vector<T> want_dense(13);
    packed_vector<T> dense(13);
    narrowfp::pack(std::span(x).first(13), want_dense, {.scale = factor, .use = narrowfp::isa::scalar});
    narrowfp::pack(std::span(x).first(13), dense, {.scale = factor, .use = set});
    expect(std::ranges::equal(want_dense.bytes(), dense.bytes()), "pack by a scale, dense", set, 13);
    narrowfp::pack(x, want, {.use = set});
    std::vector<float> want_values(x.size());
    std::vector<float> values(x.size());
    narrowfp::unpack(want, want_values, {.scale = factor, .use = narrowfp::isa::scalar});
    narrowfp::unpack(want, values, {.scale = factor, .use = set});
    expect(std::memcmp(want_values.data(), values.data(), 4 * x.size()) == 0, "unpack by a scale", set,
           x.size());
  }
}

}  // namespace

int main() {
  using narrowfp::isa;
  using narrowfp::overflow;
  using narrowfp::rounding;
  const auto x = inputs();
  for (const isa set : {isa::scalar, isa::generic, isa::avx2, isa::avx512, isa::avx512_vbmi}) {
    if (!narrowfp::isa_available(set)) {
      continue;
    }
    for (const rounding mode : {rounding::native, rounding::nearest_even, rounding::nearest_away,
                                rounding::toward_zero, rounding::stochastic, rounding::to_odd}) {
      for (const overflow policy : {overflow::native, overflow::saturate}) {
        for (const float scale : {1.0F, 0.37F}) {
          check(x, x.size(),
                {.round = mode, .over = policy, .scale = scale, .seed = 3, .first_index = 5, .use = set});
        }
      }
    }
    check_extreme_scales(x, set);
    // Under seed 0 the draws of these elements are 0 and 2^32 - 1.
    for (const std::uint64_t extreme : {std::uint64_t{5992377491}, std::uint64_t{6153212237}}) {
      for (std::uint64_t before = 0; before < 70; before += 3) {
        check(x, 100, {.round = rounding::stochastic, .first_index = extreme - before, .use = set});
      }
    }
    for (std::size_t n = 0; n < 140; ++n) {
      check(std::vector<S>(x.begin() + 7000, x.end()), n, {.use = set});
    }
  }
  return failures != 0;
}
