// The Hadamard transform by every instruction set, against the compiler's float arithmetic: on bits, so that
// the program means the same under -ffast-math; small, so that a mutant is judged quickly.
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/hadamard.hpp>

#include "hadamard/inputs.hpp"

namespace {

using namespace hadamard_test;
using narrowfp::isa;

int failures = 0;

void expect(bool holds, const std::string& what, isa use) {
  if (!holds && failures++ < 3) {
    std::printf("%s by %s\n", what.c_str(), narrowfp::isa_name(use));
  }
}

constexpr isa all_isas[] = {isa::scalar, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon};

/// Patterns of floats as patterns of S, rounded, and back.
template <class S>
std::vector<bits_t<S>> narrowed(const std::vector<std::uint32_t>& floats) {
  std::vector<bits_t<S>> bits;
  for (const std::uint32_t x : floats) {
    using F = typename S::format;
    const auto value = narrowfp::core::decode<narrowfp::formats::binary32>(x);
    bits.push_back(
        narrowfp::core::encode<F>(value, narrowfp::rounding::nearest_even, narrowfp::overflow::native));
  }
  return bits;
}
template <class S>
std::vector<std::uint32_t> widened(const std::vector<bits_t<S>>& bits) {
  std::vector<std::uint32_t> floats;
  for (const bits_t<S> x : bits) {
    floats.push_back(narrowfp::core::encode<narrowfp::formats::binary32>(
        narrowfp::core::decode<typename S::format>(x), narrowfp::rounding::nearest_even,
        narrowfp::overflow::native));
  }
  return floats;
}

template <class S>
void check(const transform& t, kind k, std::size_t n) {
  const auto x = inputs<S>(k, n, n + static_cast<std::size_t>(k));
  std::vector<bits_t<S>> want;
  if constexpr (std::is_same_v<S, float>) {
    want = hadamard_reference::transformed(x, t);
  } else {
    want = narrowed<S>(hadamard_reference::transformed(widened<S>(x), t));
  }
  for (const isa use : all_isas) {
    if (narrowfp::isa_available(use)) {
      expect(result_of<S>(x, t, use) == want, name(t) + ", kind " + std::to_string(static_cast<int>(k)), use);
    }
  }
}

bool is_refused(std::size_t in, std::size_t out, std::size_t block) {
  std::vector<float> x(in);
  std::vector<float> y(out);
  try {
    narrowfp::hadamard(x, y, {.block = block});
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

}  // namespace

int main() {
  for (std::size_t block = smallest_block; block <= 4096; block *= 2) {
    const std::size_t n = block < 64 ? 7 * block : block < 1024 ? 2 * block : block;
    for (const transform& t : transforms_of(block)) {
      for (const kind k : kinds) {
        check<float>(t, k, n);
      }
      check<narrowfp::bfloat16>(t, kind::any_bits, n);
      check<narrowfp::bfloat16>(t, kind::moderate, n);
      check<narrowfp::float16>(t, kind::few_specials, n);
      check<narrowfp::float16>(t, kind::subnormal, n);
    }
  }
  expect(is_refused(24, 24, 16) && is_refused(16, 32, 16) && is_refused(48, 48, 24), "sizes", isa::scalar);
  expect(is_refused(16, 16, 1) && is_refused(65536, 65536, 65536) && !is_refused(32768, 32768, 32768),
         "blocks", isa::scalar);
  return failures == 0 ? 0 : 1;
}
