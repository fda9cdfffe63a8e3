// The public contract of block formats, held at compile time; and every block call instantiated once, so
// that a warning in one of them shows.
#include <narrowfp/narrowfp.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "../../support/compiler_halves.hpp"

namespace {

using namespace narrowfp;

template <class B, std::size_t Elements, std::size_t Bytes>
constexpr bool is_block_type_of() {
  static_assert(B::elements == Elements && sizeof(B) == Bytes && alignof(B) == 1);
  static_assert(std::is_trivially_copyable_v<B> && std::is_standard_layout_v<B>);
  static_assert(std::has_unique_object_representations_v<B>);
  static_assert(std::same_as<decltype(B::bits_per_element), const double>);
  static_assert(B::bits_per_element * Elements >= 8 * Bytes && B::bits_per_element * Elements <= 8 * Bytes);
  static_assert(requires { typename B::element_type; });
  static_assert(std::same_as<decltype(B::max_finite()), double> && B::max_finite() > 1);
  static_assert(std::same_as<decltype(B::min_positive()), double> && B::min_positive() > 0);
  static_assert(std::same_as<decltype(B{}.scale_code(0, 0)), std::uint32_t>);
  static_assert(std::unsigned_integral<decltype(B{}.code(0))>);
  static_assert(std::same_as<decltype(B{}[0]), float>);
  static_assert(block_count<B>(0) == 0 && block_count<B>(1) == 1);
  static_assert(block_count<B>(Elements) == 1 && block_count<B>(Elements + 1) == 2);
  static_assert(std::same_as<decltype(as_blocks<B>(std::span<std::byte>{})), std::span<B>>);
  static_assert(std::same_as<decltype(as_blocks<B>(std::span<const std::byte>{})), std::span<const B>>);
  return true;
}
static_assert(is_block_type_of<mxfp8_e4m3, 32, 33>() && is_block_type_of<mxfp8_e5m2, 32, 33>());
static_assert(is_block_type_of<mxfp6_e3m2, 32, 25>() && is_block_type_of<mxfp6_e2m3, 32, 25>());
static_assert(is_block_type_of<mxint8, 32, 33>() && is_block_type_of<mxfp4, 32, 17>());
static_assert(is_block_type_of<nvfp4, 16, 9>() && is_block_type_of<q8_0, 32, 34>());
static_assert(is_block_type_of<hif4, 64, 36>() && is_block_type_of<hif5, 64, 44>());
static_assert(is_block_type_of<mx9, 16, 18>() && is_block_type_of<mx6, 16, 12>() &&
              is_block_type_of<mx4, 16, 8>());
static_assert(is_block_type_of<msfp12, 16, 9>() && is_block_type_of<msfp16, 16, 17>());
static_assert(is_block_type_of<bfp<1, 8>, 8, 3>() && is_block_type_of<bfp<15, 4>, 4, 9>());
static_assert(std::same_as<hifloat4, hif4>);
static_assert(std::same_as<msfp12, bfp<3, 16>> && std::same_as<msfp13, bfp<4, 16>> &&
              std::same_as<msfp14, bfp<5, 16>> && std::same_as<msfp15, bfp<6, 16>> &&
              std::same_as<msfp16, bfp<7, 16>>);
static_assert(std::same_as<mxfp4::element_type, fp4_e2m1> && std::same_as<nvfp4::element_type, fp4_e2m1>);
static_assert(std::same_as<mxfp8_e5m2::element_type, fp8_e5m2> && std::same_as<hif4::element_type, fp4_e1m2>);

// Options: names, types and defaults.
constexpr quantize_options quantizing = {.round = rounding::native,
                                         .over = overflow::native,
                                         .scale = scale_rule::native,
                                         .as = recipe::native,
                                         .tensor_scale = 1,
                                         .seed = 0,
                                         .first_index = 0,
                                         .use = isa::automatic};
constexpr dequantize_options dequantizing = {.as = recipe::native, .tensor_scale = 1, .use = isa::automatic};
static_assert(quantize_options{}.scale == quantizing.scale && quantize_options{}.as == quantizing.as);
static_assert(quantize_options{}.seed == 0 && quantize_options{}.first_index == 0);
static_assert(dequantize_options{}.as == dequantizing.as);
static_assert(std::same_as<decltype(quantize_options::tensor_scale), float>);
static_assert(std::same_as<decltype(dequantize_options::tensor_scale), float>);
static_assert(quantize_options{}.tensor_scale >= 1 && quantize_options{}.tensor_scale <= 1);
constexpr scale_rule rules[] = {scale_rule::native,       scale_rule::floor, scale_rule::ceil,
                                scale_rule::rceil,        scale_rule::even,  scale_rule::search_mse,
                                scale_rule::four_over_six};
constexpr recipe recipes[] = {
    recipe::native, recipe::transformer_engine, recipe::torchao,     recipe::model_optimizer,
    recipe::ggml,   recipe::hif4_bf16,          recipe::microxcaling};
template <class T, std::size_t N>
constexpr bool are_distinct(const T (&values)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (values[i] == values[j]) {
        return false;
      }
    }
  }
  return true;
}
static_assert(are_distinct(rules) && are_distinct(recipes));

// One block, in constant expressions too.
constexpr std::array<float, 16> sample = {1, -2, 3, -4, 6, -0.5F};
constexpr nvfp4 sample_block = quantize_block<nvfp4>(sample);
static_assert(dequantize_block(sample_block)[4] >= 6 && dequantize_block(sample_block)[4] <= 6);
static_assert(
    std::same_as<decltype(quantize_block<mxfp4>(std::declval<std::span<const float, 32>>())), mxfp4>);
static_assert(std::same_as<decltype(dequantize_block<hif4>(hif4{})), std::array<float, 64>>);

// Split storage.
static_assert(std::convertible_to<split_blocks, const_split_blocks>);
static_assert(std::same_as<decltype(split_blocks::codes), std::span<std::byte>> &&
              std::same_as<decltype(split_blocks::scales), std::span<std::byte>>);
static_assert(std::same_as<decltype(const_split_blocks::codes), std::span<const std::byte>> &&
              std::same_as<decltype(const_split_blocks::scales), std::span<const std::byte>>);

// It is made of two ranges of bytes, whatever type they are kept in, and never drops const.
template <class Bytes>
constexpr bool is_writable_storage = std::is_constructible_v<split_blocks, Bytes&, Bytes&>&&
    std::is_constructible_v<const_split_blocks, Bytes&, Bytes&>;
template <class Bytes>
constexpr bool is_constant_storage = !std::is_constructible_v<split_blocks, Bytes&, Bytes&> &&
                                     std::is_constructible_v<const_split_blocks, Bytes&, Bytes&>;
template <class Byte>
constexpr bool is_byte_type() {
  static_assert(is_writable_storage<std::vector<Byte>> && is_constant_storage<const std::vector<Byte>>);
  static_assert(is_writable_storage<std::array<Byte, 4>> && is_constant_storage<const std::array<Byte, 4>>);
  static_assert(is_writable_storage<Byte[4]> && is_constant_storage<const Byte[4]>);
  static_assert(is_writable_storage<std::span<Byte>> && is_writable_storage<const std::span<Byte>>);
  static_assert(is_constant_storage<std::span<const Byte>>);
  static_assert(!std::is_constructible_v<split_blocks, std::vector<Byte>, std::vector<Byte>>);
  static_assert(!std::is_constructible_v<split_blocks, std::vector<Byte>&, const std::vector<Byte>&>);
  static_assert(std::same_as<decltype(as_blocks<nvfp4>(std::span<Byte>{})), std::span<nvfp4>> &&
                std::same_as<decltype(as_blocks<nvfp4>(std::span<const Byte>{})), std::span<const nvfp4>>);
  return true;
}
static_assert(is_byte_type<std::byte>() && is_byte_type<unsigned char>() && is_byte_type<std::uint8_t>());
static_assert(!std::is_constructible_v<const_split_blocks, std::vector<int>&, std::vector<int>&>);
constexpr std::array<std::byte, 4> constant_bytes = {};
static_assert(const_split_blocks(constant_bytes, constant_bytes).codes.size() == 4);
static_assert(std::is_nothrow_default_constructible_v<split_blocks> &&
              std::is_trivially_copyable_v<split_blocks> && std::is_trivially_copyable_v<const_split_blocks>);

static_assert(std::same_as<decltype(nvfp4_tensor_scale(std::span<const float>{})), float>);
static_assert(
    std::same_as<decltype(compare<mxfp4>(std::span<const float>{}, quantize_options{})), error_report>);

template <class B, class S>
void convert_spans(std::span<const S> in, std::span<B> blocks, std::span<S> out) {
  quantize<B, S>(in, blocks);
  quantize<B, S>(in, blocks, quantizing);
  dequantize<B, S>(std::span<const B>(blocks), out);
  dequantize<B, S>(std::span<const B>(blocks), out, dequantizing);
}

template <class B, class S>
void convert_ranges() {
  std::vector<S> values(100);
  const std::vector<S> constant = values;
  std::vector<B> blocks(block_count<B>(values.size()));
  quantize(constant, blocks);
  quantize<B>(values, blocks, {.scale = scale_rule::search_mse});
  dequantize(blocks, values);
  dequantize<B>(blocks, values, {.tensor_scale = 2});
  const std::vector<B> constant_blocks = blocks;
  dequantize(constant_blocks, std::span(values));
  const split_blocks split = {};
  quantize<B>(constant, split);
  quantize<B>(std::span<const S>(constant), split, quantizing);
  dequantize<B>(split, values);
  std::vector<unsigned char> codes(blocks.size() * B::code_bytes);
  std::vector<std::uint8_t> scales(blocks.size() * B::metadata_bytes);
  quantize<B>(values, split_blocks{codes, scales});
  quantize<B>(values, {codes, scales}, {.over = overflow::saturate});
  const std::vector<unsigned char> constant_codes = codes;
  dequantize<B>({constant_codes, scales}, values);
  dequantize<B>(const_split_blocks(constant_codes, scales), std::span(values), {});
  const const_split_blocks constant_split = split;
  dequantize<B>(constant_split, std::span(values), dequantizing);
}

template <class B>
void use_matrix() {
  block_matrix<B> matrix(3, 100);
  const std::size_t counts[] = {matrix.rows(), matrix.cols(), matrix.blocks_per_row()};
  static_cast<void>(counts);
  std::vector<float> values(300);
  matrix.quantize(std::span<const float>(values), quantizing);
  const block_matrix<B>& constant = matrix;
  constant.dequantize(std::span<float>(values), dequantizing);
  // A tensor scale for each line; {} alone still means the options.
  const std::vector<float> row_scales(matrix.rows(), 2.0F);
  matrix.quantize(values, {});
  matrix.quantize(values, row_scales);
  matrix.quantize(std::span<const float>(values), std::span<const float>(row_scales), quantizing);
  matrix.quantize(values, row_scales, {.tensor_scale = 2});
  constant.dequantize(values, {});
  constant.dequantize(row_scales, values);
  constant.dequantize(std::span<const float>(row_scales), std::span(values), dequantizing);
  constant.dequantize(std::array<float, 3>{1, 2, 3}, values, {.tensor_scale = 2});
  static_assert(std::convertible_to<decltype(constant.row(0)), std::span<const B>>);
  static_assert(std::convertible_to<decltype(constant.blocks()), std::span<const B>>);
  static_assert(std::convertible_to<decltype(matrix.row(0)), std::span<B>>);
}

}  // namespace

// Called by nobody: instantiates what the checks above only name.
void narrowfp_contract_instantiates_blocks();
void narrowfp_contract_instantiates_blocks() {
  convert_spans<mxfp8_e4m3, float>({}, {}, {});
  convert_spans<mxfp4, bfloat16>({}, {}, {});
  convert_spans<nvfp4, float16>({}, {}, {});
  convert_ranges<hif4, float>();
  convert_ranges<mx9, float>();
  convert_ranges<mxint8, bfloat16>();
  convert_ranges<bfp<5, 24>, float>();
  convert_ranges<mxfp6_e2m3, float>();
#if defined(NARROWFP_TEST_FLOAT16)
  convert_spans<mxfp4, NARROWFP_TEST_FLOAT16>({}, {}, {});
  convert_ranges<nvfp4, NARROWFP_TEST_FLOAT16>();
#endif
#if defined(NARROWFP_TEST_BFLOAT16)
  convert_spans<hif4, NARROWFP_TEST_BFLOAT16>({}, {}, {});
  convert_ranges<mxfp8_e4m3, NARROWFP_TEST_BFLOAT16>();
#endif
  use_matrix<mxfp4>();
  use_matrix<hif5>();
}
