// Dot products of any bytes: every instruction set gives the bits of the scalar definition.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "products/exact_dot.hpp"
#include "products/product_probe.hpp"

namespace {

/// The bytes of n elements: of the input, or of a generator that it seeds, since long rows need many. Random
/// scales lie far apart: in three cases of four all blocks have scales like the first one's.
std::vector<std::uint8_t> operand(fuzz::bytes& in, const oracle::packed_type& type, std::size_t n) {
  const std::size_t size = type.bytes_of(n);
  const std::size_t kind = in.below(4);
  std::uint64_t state = kind == 0 ? 0 : in.take<std::uint64_t>();
  std::vector<std::uint8_t> bytes = in.take_bytes(size);
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(byte ^ state >> 56);
    state = state * 6364136223846793005U + (state != 0 ? 1442695040888963407U : 0);
  }
  if (kind < 3 && type.is_block()) {
    for (std::size_t at = type.bytes(); at < size; at += type.bytes()) {
      bytes[at] = static_cast<std::uint8_t>(bytes[0] + bytes[at] % 4);
    }
  }
  return bytes;
}

float scale_of(fuzz::bytes& in) {
  const float scales[] = {1, 1, 0.75F, 0x1p-140F, 0x1p120F, 3};
  return scales[in.below(6)];
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  const products::pair_probe& pair = in.one_of(products::pairs());
  const std::size_t n = in.flag() ? in.below(256) : in.below(4096);
  const products::result out = products::all_results[in.below(4)];
  const std::size_t shift = in.below(3);
  narrowfp::dot_options options;
  options.tensor_scale_a = scale_of(in);
  options.tensor_scale_b = scale_of(in);
  const std::vector<std::uint8_t> a = operand(in, pair.a_type(), n);
  const std::vector<std::uint8_t> b = operand(in, pair.b_type(), n);
  std::uint64_t want = 0;
  for (const narrowfp::isa set : fuzz::sets()) {
    options.use = set;
    const std::uint64_t got = pair.dot(out, a, b, n, options, shift);
    want = set == narrowfp::isa::scalar ? got : want;
    fuzz::require(got == want, [&] {
      return pair.name() + " of " + std::to_string(n) + " elements by " + narrowfp::isa_name(set);
    });
  }
}
