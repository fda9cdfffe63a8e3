// No kernel reads outside its input or writes outside its output, at any length and address.
#include <algorithm>
#include <cstdint>

#include "fenced_memory.hpp"
#include "kernel_suite.hpp"
#include "support/instruction_sets.hpp"

namespace kernels {
namespace {

using narrowfp::isa;
using narrowfp::rounding;

constexpr std::size_t longest = 300;

class KernelMemory : public kernel_suite {
 protected:
  struct layout {
    bool dense;
    scalar element;
  };
  std::vector<layout> layouts() const {
    std::vector<layout> list;
    for (const scalar s : fast_scalars) {
      list.push_back({false, s});
      if (format().width < 8) {
        list.push_back({true, s});
      }
    }
    return list;
  }
};

TEST_P(KernelMemory, EndsAndBeginsAtAProtectedPage) {
  const fenced_memory wide(4 * longest);
  const fenced_memory narrow(4 * longest);
  for (const layout l : layouts()) {
    for (std::size_t n = 0; n <= longest; n += n < 140 ? 1 : 7) {
      const std::size_t wide_bytes = n * size_of(l.element);
      const std::size_t code_bytes = format().code_bytes(n, l.dense);
      for (const bool at_end : {true, false}) {
        std::uint8_t* elements_at = at_end ? wide.end() - wide_bytes : wide.begin();
        std::uint8_t* codes_at = at_end ? narrow.end() - code_bytes : narrow.begin();
        format().pack_memory(l.element, elements_at, codes_at, n, l.dense, {.use = GetParam().use});
        format().pack_memory(l.element, elements_at, codes_at, n, l.dense,
                             {.round = rounding::stochastic, .scale = 0.7F, .use = GetParam().use});
        format().unpack_memory(l.element, codes_at, elements_at, n, l.dense, {.use = GetParam().use});
      }
    }
  }
}

TEST_P(KernelMemory, KeepsGuardBytesAndAgreesWithScalarAtEveryAddressAndLength) {
  constexpr std::uint8_t guard = 0xC3;
  constexpr std::size_t margin = 64;
  const elements floats = inputs_for(format(), scalar::f32);
  const elements halves = inputs_for(format(), scalar::f16);
  for (const layout l : layouts()) {
    const std::size_t element_bytes = size_of(l.element);
    const std::uint8_t* source = l.element == scalar::f32 ? floats.data() : halves.data();
    for (std::size_t n = 0; n <= 200; n += n < 70 ? 1 : 13) {
      const std::size_t size = format().code_bytes(n, l.dense);
      const std::size_t offset = n % 61 / (format().width > 8 ? 2 : 1) * (format().width > 8 ? 2 : 1);
      const std::size_t element_offset = n * 7 % 31 * element_bytes;
      std::vector<std::uint8_t> want(size);
      std::vector<std::uint8_t> got(size + 2 * margin + offset, guard);
      const std::uint8_t* in = source + 64 * element_bytes + element_offset;
      format().pack_memory(l.element, in, want.data(), n, l.dense, {.use = isa::scalar});
      format().pack_memory(l.element, in, got.data() + margin + offset, n, l.dense, {.use = GetParam().use});
      const auto first = got.begin() + static_cast<std::ptrdiff_t>(margin + offset);
      const auto last = first + static_cast<std::ptrdiff_t>(size);
      ASSERT_TRUE(std::equal(first, last, want.begin())) << "pack, n = " << n;
      ASSERT_EQ(std::count(got.begin(), first, guard), first - got.begin()) << "before, n = " << n;
      ASSERT_EQ(std::count(last, got.end(), guard), got.end() - last) << "after, n = " << n;

      std::vector<std::uint8_t> want_values(n * element_bytes);
      std::vector<std::uint8_t> values(n * element_bytes + 2 * margin + element_offset, guard);
      format().unpack_memory(l.element, want.data(), want_values.data(), n, l.dense, {.use = isa::scalar});
      format().unpack_memory(l.element, got.data() + margin + offset, values.data() + margin + element_offset,
                             n, l.dense, {.use = GetParam().use});
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(margin + element_offset);
      const auto to = from + static_cast<std::ptrdiff_t>(n * element_bytes);
      ASSERT_TRUE(std::equal(from, to, want_values.begin())) << "unpack, n = " << n;
      ASSERT_EQ(std::count(values.begin(), from, guard), from - values.begin()) << "before, n = " << n;
      ASSERT_EQ(std::count(to, values.end(), guard), values.end() - to) << "after, n = " << n;
    }
  }
}

// Stores of more than 32 MiB may go past the caches; from any address.
TEST(KernelMemoryOfManyElements, IsThatOfTheScalarPath) {
  constexpr std::size_t n = (std::size_t{33} << 20) + 77;
  const probe& p = support::array_probes().front();
  xorshift random;
  std::vector<std::uint64_t> words(n / 4 + 1);
  std::generate(words.begin(), words.end(), random);
  const auto* elements_at = reinterpret_cast<const std::uint8_t*>(words.data());
  std::vector<std::uint8_t> want(n);
  p.pack_memory(scalar::bf16, elements_at, want.data(), n, false, {.use = isa::scalar});
  std::vector<std::uint8_t> want_values(n / 4 * 4);
  p.unpack_memory(scalar::f32, want.data(), want_values.data(), n / 4, false, {.use = isa::scalar});
  for (const isa use : support::available_vector_isas()) {
    for (const std::size_t offset : {std::size_t{0}, std::size_t{5}}) {
      std::vector<std::uint8_t> got(n + 64);
      p.pack_memory(scalar::bf16, elements_at, got.data() + offset, n, false, {.use = use});
      EXPECT_TRUE(std::equal(want.begin(), want.end(), got.data() + offset)) << narrowfp::isa_name(use);
      p.unpack_memory(scalar::f32, want.data(), got.data() + 4 * offset, n / 4, false, {.use = use});
      EXPECT_TRUE(std::equal(want_values.begin(), want_values.end(), got.data() + 4 * offset))
          << narrowfp::isa_name(use);
    }
  }
}

TEST(KernelMemoryOfManyElements, IsThatOfTheScalarPathFor16Bits) {
  constexpr std::size_t n = (std::size_t{17} << 20) + 33;
  xorshift random;
  std::vector<std::uint64_t> words(n / 2 + 1);
  std::generate(words.begin(), words.end(), random);
  for (const char* name : {"bfloat16", "float16"}) {
    const probe& p = support::find_array_probe(name);
    std::vector<std::uint8_t> want(2 * n);
    p.pack_memory(scalar::f32, words.data(), want.data(), n, false, {.use = isa::scalar});
    std::vector<std::uint8_t> want_values(2 * n);
    p.unpack_memory(scalar::f32, want.data(), want_values.data(), n / 2, false, {.use = isa::scalar});
    for (const isa use : support::available_vector_isas()) {
      std::vector<std::uint8_t> got(2 * n + 4);
      p.pack_memory(scalar::f32, words.data(), got.data() + 4, n, false, {.use = use});
      EXPECT_TRUE(std::equal(want.begin(), want.end(), got.begin() + 4))
          << name << ' ' << narrowfp::isa_name(use);
      p.unpack_memory(scalar::f32, want.data(), got.data() + 4, n / 2, false, {.use = use});
      EXPECT_TRUE(std::equal(want_values.begin(), want_values.end() - 2, got.begin() + 4))
          << name << ' ' << narrowfp::isa_name(use);
    }
  }
}

KERNEL_SUITE(KernelMemory);

}  // namespace
}  // namespace kernels
