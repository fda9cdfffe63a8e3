// Every instruction set gives tiles the blocks of the scalar path.
#include <utility>

#include <narrowfp/block_matrix.hpp>

#include "block_suite.hpp"

namespace kernels {
namespace {

template <class B>
class Tiles : public testing::Test {};
using tile_types = testing::Types<
    block_format<fp8_e4m3, shared_scale<float, 128>>, block_format<hif8, shared_scale<float, 128>>,
    block_format<fp8_e4m3, shared_scale<e8m0, 128>>, block_format<hif8, shared_scale<e8m0, 32>>, mxfp8_e5m2,
    mxfp6_e2m3, mxfp4, mxint8, nvfp4, q8_0, msfp16>;
TYPED_TEST_SUITE(Tiles, tile_types, support::type_names);

template <class B, class S>
void expect_equal_tiles(const std::vector<S>& x, std::size_t rows, std::size_t cols, std::size_t edge,
                        block_axis axis, quantize_options options) {
  options.use = isa::scalar;
  block_matrix<B> want(rows, cols, axis);
  want.quantize_tiles(x, edge, options);
  for (const isa use : support::available_vector_isas()) {
    options.use = use;
    block_matrix<B> got(rows, cols, axis);
    got.quantize_tiles(x, edge, options);
    support::count_compared(x.size());
    ASSERT_TRUE(got == want) << isa_name(use) << ", " << rows << " x " << cols << ", edge " << edge;
  }
}

/// Tiles of one character each: few binades, but for some rows of anything.
template <class B>
std::vector<float> adversarial_tiles(std::size_t rows, std::size_t cols) {
  constexpr std::size_t edge = B::elements;
  std::vector<float> x = adversarial(cols, rows, static_cast<unsigned>(rows + cols));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto tile = static_cast<std::uint32_t>((i % cols / edge * 37 + i / cols / edge * 101) % 250);
    if (i / cols % edge != 7 || tile % 3 != 0) {
      const auto bits = std::bit_cast<std::uint32_t>(x[i]);
      const std::uint32_t field = std::max(tile + (bits >> 23) % 5, std::uint32_t{1});
      x[i] = std::bit_cast<float>((bits & 0x807FFFFF) | field << 23);
    }
  }
  return x;
}

TYPED_TEST(Tiles, AreThoseOfTheScalarPath) {
  using B = TypeParam;
  constexpr std::size_t e = B::elements;
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    for (const auto& [rows, cols] :
         {std::pair{e + 3, 3 * e}, std::pair{2 * e, 2 * e - 1}, std::pair{e, std::size_t{1}}}) {
      const std::vector<float> x = adversarial_tiles<B>(rows, cols);
      expect_equal_tiles<B>(x, rows, cols, e, axis, {});
      expect_equal_tiles<B>(x, rows, cols, 2 * e, axis, {});
      const std::vector<bfloat16> halves(x.begin(), x.end());
      expect_equal_tiles<B>(halves, rows, cols, e, axis, {.over = overflow::saturate});
    }
  }
  const std::vector<float> x = adversarial_tiles<B>(e, 2 * e);
  expect_equal_tiles<B>(x, e, 2 * e, e, block_axis::row, {.tensor_scale = 0.7F});
  expect_equal_tiles<B>(x, e, 2 * e, e, block_axis::row, {.round = rounding::toward_zero});
  if (blocks::offers_rule<B>(recipe::native, scale_rule::rceil)) {
    expect_equal_tiles<B>(x, e, 2 * e, e, block_axis::column, {.scale = scale_rule::rceil});
  }
}

#if defined(KERNELS_CONTROL_REGISTER)
TYPED_TEST(Tiles, NeitherUseNorChangeTheFloatingPointEnvironment) {
  using B = TypeParam;
  constexpr std::size_t e = B::elements;
  const std::vector<float> x = adversarial_tiles<B>(2 * e, 3 * e);
  block_matrix<B> want(2 * e, 3 * e);
  want.quantize_tiles(x, e, {.use = isa::scalar});
  for (const isa use : support::available_vector_isas()) {
    for (const std::uint64_t value : control_values()) {
      block_matrix<B> got(2 * e, 3 * e);
      std::uint64_t before = 0;
      std::uint64_t after = 0;
      {
        const control_register set(value);
        before = read_control();
        got.quantize_tiles(x, e, {.use = use});
        after = read_control();
      }
      ASSERT_EQ(after, before) << isa_name(use) << ": flags or modes changed";
      ASSERT_TRUE(got == want) << isa_name(use) << ", control " << value;
    }
  }
}
#endif

}  // namespace
}  // namespace kernels
