// What the tests of the Hadamard transform have in common: elements as bit patterns, inputs, calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/hadamard.hpp>

#include "reference.hpp"

namespace hadamard_test {

using hadamard_reference::transform;

inline constexpr std::size_t smallest_block = 2;
inline constexpr std::size_t largest_block = 32768;

/// The unsigned integer of an element's bits. Tests compare these: under -ffast-math floats are not what they
/// were.
template <class S>
struct bits_of {
  using type = std::uint16_t;
};
template <>
struct bits_of<float> {
  using type = std::uint32_t;
};
template <class S>
using bits_t = typename bits_of<S>::type;

template <class S>
std::vector<S> elements(const std::vector<bits_t<S>>& bits) {
  std::vector<S> x(bits.size());
  std::memcpy(static_cast<void*>(x.data()), bits.data(), bits.size() * sizeof(S));
  return x;
}
template <class S>
std::vector<bits_t<S>> patterns(std::span<const S> x) {
  std::vector<bits_t<S>> bits(x.size());
  std::memcpy(bits.data(), x.data(), x.size() * sizeof(S));
  return bits;
}

template <class S>
void call(std::span<const S> in, std::span<S> out, const transform& t, narrowfp::isa use) {
  const narrowfp::hadamard_options options = {
      .block = t.block, .random = t.random, .seed = t.seed, .use = use};
  if (t.inverse) {
    narrowfp::hadamard_inverse(in, out, options);
  } else {
    narrowfp::hadamard(in, out, options);
  }
}
template <class S>
std::vector<bits_t<S>> result_of(const std::vector<bits_t<S>>& x, const transform& t, narrowfp::isa use) {
  const std::vector<S> in = elements<S>(x);
  std::vector<S> out(in.size());
  call<S>(in, out, t, use);
  return patterns<S>(out);
}

/// What a block may be full of.
enum class kind { moderate, wide, subnormal, huge, any_bits, few_specials };
inline constexpr kind kinds[] = {kind::moderate, kind::wide,     kind::subnormal,
                                 kind::huge,     kind::any_bits, kind::few_specials};

/// n patterns of S; special means an infinity, a NaN with a payload and either sign, signaling or not, or a
/// zero.
template <class S>
std::vector<bits_t<S>> inputs(kind k, std::size_t n, std::uint64_t seed) {
  constexpr int fraction = std::is_same_v<S, float> ? 23 : std::is_same_v<S, narrowfp::bfloat16> ? 7 : 10;
  constexpr int width = 8 * int{sizeof(S)};
  constexpr std::uint32_t top = (1U << (width - 1 - fraction)) - 1;  // exponent field of infinity
  std::mt19937_64 random(seed);
  std::vector<bits_t<S>> x(n);
  for (bits_t<S>& element : x) {
    const std::uint64_t r = random();
    const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(r >> 40) % limit; };
    std::uint32_t field = static_cast<std::uint32_t>(r >> 32) & top;
    std::uint32_t rest = static_cast<std::uint32_t>(r) & ((1U << fraction) - 1);
    switch (k) {
      case kind::moderate:
        field = top / 2 - 2 + below(4);
        break;
      case kind::wide:
        field = below(top);
        break;
      case kind::subnormal:
        field = below(8) == 0 ? 1 + below(3) : 0;
        break;
      case kind::huge:
        field = top - 1 - below(4);
        break;
      case kind::any_bits:
        break;
      case kind::few_specials:
        field = below(64) == 0 ? top : below(64) == 1 ? 0 : top / 2 + below(3);
        rest = field == top / 2 || below(128) < 64 ? rest : 0;
        break;
    }
    element = static_cast<bits_t<S>>((r >> 63) << (width - 1) | field << fraction | rest);
  }
  return x;
}

inline std::string name(const transform& t) {
  return "blocks of " + std::to_string(t.block) +
         (t.random ? ", signs of seed " + std::to_string(t.seed) : "") + (t.inverse ? ", inverse" : "");
}

/// Forward and inverse, with and without signs.
inline std::vector<transform> transforms_of(std::size_t block) {
  const std::uint64_t seed = 0x9E3779B97F4A7C15 * block;
  return {{block, false, false, 0},
          {block, false, true, 0},
          {block, true, false, seed},
          {block, true, true, seed}};
}

}  // namespace hadamard_test
