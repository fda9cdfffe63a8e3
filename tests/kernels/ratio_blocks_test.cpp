#include <algorithm>
#include <cmath>

#include "block_suite.hpp"
#include "control_register.hpp"

namespace kernels {
namespace {

// Scales that are ratios; nvfp4's KernelBlocks are in named_blocks_test.cpp.
using ratio_types = testing::Types<nvfp4, block_format<fp8_e4m3, shared_scale<ue5m3, 16>>,
                                   block_format<fp4_e2m1, shared_scale<ue5m3, 16>>>;
using unnamed_ratio_types = testing::Types<block_format<fp8_e4m3, shared_scale<ue5m3, 16>>,
                                           block_format<fp4_e2m1, shared_scale<ue5m3, 16>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Ratio, KernelBlocks, unnamed_ratio_types, support::type_names);

template <class B>
class RatioBlocks : public KernelBlocks<B> {};
TYPED_TEST_SUITE(RatioBlocks, ratio_types, support::type_names);

/// Largest magnitudes where one scale ends and the next begins, the floats next to them, and the smallest
/// there are: a quotient of these may be denormal, or 0.
template <class B>
std::vector<float> at_turns_of_scales() {
  using SF = typename B::scale_format;
  std::vector<std::uint32_t> turns = {1, 2, 3, 0x400000, 0x7FFFFF, 0x800000, 0x7F7FFFFF};
  for (std::uint32_t code = 0; code < core::last_scale_code<SF>; ++code) {
    const auto value = [](std::uint32_t c) { return SF::from_code(static_cast<typename SF::code_type>(c)); };
    const core::real middle = core::multiply(core::add(value(code), value(code + 1)), core::finite(1, -1));
    for (const core::real& scale : {value(code), middle, value(code + 1)}) {
      const core::real amax = core::multiply(scale, B::facts::largest);
      const auto pattern = std::bit_cast<std::uint32_t>(core::to_floating<float>(amax));
      turns.insert(turns.end(), {pattern - (pattern != 0 ? 1U : 0U), pattern, pattern + 1});
    }
  }
  std::vector<float> x(turns.size() * B::elements);
  xorshift random;
  for (std::size_t b = 0; b < turns.size(); ++b) {
    for (std::size_t i = 0; i < B::elements; ++i) {
      const std::uint32_t below =
          turns[b] - std::min(turns[b], static_cast<std::uint32_t>(random() % (1U << 24)));
      x[b * B::elements + i] = std::bit_cast<float>(below | (random() % 2 == 0 ? 0x80000000U : 0U));
    }
    x[b * B::elements + random() % B::elements] = std::bit_cast<float>(turns[b]);
  }
  return x;
}

TYPED_TEST(RatioBlocks, ChooseScalesExactly) {
  const std::vector<float> x = at_turns_of_scales<TypeParam>();
  for (const scale_rule rule : {scale_rule::native, scale_rule::rceil}) {
    this->expect_equal(x, {.scale = rule});
  }
}

/// Against the exact codec, block by block, whatever the caller's environment.
TYPED_TEST(RatioBlocks, ChooseScalesExactlyInEveryEnvironment) {
  using B = TypeParam;
  const std::vector<float> x = at_turns_of_scales<B>();
  for (const scale_rule rule : {scale_rule::native, scale_rule::rceil}) {
    std::vector<B> want;
    for (std::size_t first = 0; first < x.size(); first += B::elements) {
      want.push_back(quantize_block<B>(std::span<const float, B::elements>(x.data() + first, B::elements),
                                       {.scale = rule}));
    }
    std::vector<B> got(want.size());
    std::vector<isa> sets = support::available_vector_isas();
    sets.push_back(isa::scalar);
    for (const isa use : sets) {
#if defined(KERNELS_CONTROL_REGISTER)
      for (const std::uint64_t value : control_values()) {
        const control_register set(value);
        quantize(x, got, {.scale = rule, .use = use});
        ASSERT_TRUE(got == want) << isa_name(use) << ", control " << value;
      }
#else
      quantize(x, got, {.scale = rule, .use = use});
      ASSERT_TRUE(got == want) << isa_name(use);
#endif
    }
  }
}

}  // namespace
}  // namespace kernels
