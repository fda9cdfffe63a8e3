// What programs and files made with one version of the library and read by another depend on: the sizes and
// layouts of what is stored, the order and the values of what is named. A change here is a decision: see
// docs/versions.md.
#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace {

using namespace narrowfp;

// --- the version lives in the type names ---
static_assert(NARROWFP_VERSION_MAJOR == 0 && std::same_as<fp8_e4m3, narrowfp::v0::fp8_e4m3>,
              "the inline namespace is named after the major version");

// --- enumerations: a new enumerator comes last, or where its order has a meaning (isa) ---
template <class E, class... Es>
constexpr bool counts_from_zero(E first, Es... rest) {
  static_assert(std::same_as<std::underlying_type_t<E>, std::uint8_t> && sizeof(E) == 1);
  int next = static_cast<int>(first);
  return next == 0 && ((static_cast<int>(rest) == ++next) && ...);
}
static_assert(counts_from_zero(rounding::native, rounding::nearest_even, rounding::nearest_away,
                               rounding::toward_zero, rounding::toward_positive, rounding::toward_negative,
                               rounding::to_odd, rounding::stochastic, rounding::hybrid));
static_assert(counts_from_zero(overflow::native, overflow::saturate));
static_assert(counts_from_zero(specials::ieee, specials::fn, specials::fnuz, specials::none));
static_assert(counts_from_zero(isa::automatic, isa::scalar, isa::generic, isa::avx2, isa::avx512,
                               isa::avx512_vbmi, isa::neon));
static_assert(counts_from_zero(scale_rule::native, scale_rule::floor, scale_rule::ceil, scale_rule::rceil,
                               scale_rule::even, scale_rule::search_mse, scale_rule::four_over_six));
static_assert(counts_from_zero(recipe::native, recipe::transformer_engine, recipe::torchao,
                               recipe::model_optimizer, recipe::ggml, recipe::hif4_bf16,
                               recipe::microxcaling));
static_assert(counts_from_zero(block_axis::row, block_axis::column));

// --- values: one code and nothing else; any bytes are a value ---
template <class T>
constexpr bool is_stored_as(std::size_t size) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
  static_assert(std::has_unique_object_representations_v<T> && std::is_trivially_destructible_v<T>);
  return sizeof(T) == size && alignof(T) == size;
}
template <class... Ts>
constexpr bool are_bytes = (is_stored_as<Ts>(1) && ...);
static_assert(
    are_bytes<fp8_e4m3, fp8_e5m2, fp8_e3m4, fp8_e4m3_ieee, fp8_e4m3fnuz, fp8_e5m2fnuz, fp8_e4m3b11fnuz,
              fp6_e3m2, fp6_e2m3, fp4_e2m1, fp4_e1m2, hif8, e8m0, ue4m3, ue5m3, e6m2>);
static_assert(is_stored_as<bfloat16>(2) && is_stored_as<float16>(2));

// --- blocks: bytes, without padding, at any address ---
template <class B>
constexpr bool is_block_of(std::size_t elements, std::size_t scale_bytes, std::size_t bytes) {
  static_assert(std::is_trivially_copyable_v<B> && std::is_standard_layout_v<B> && alignof(B) == 1);
  static_assert(std::has_unique_object_representations_v<B> && offsetof(B, bytes) == 0);
  static_assert(sizeof(B) == sizeof(B::bytes) && B::metadata_bytes + B::code_bytes == sizeof(B));
  return B::elements == elements && B::metadata_bytes == scale_bytes && sizeof(B) == bytes;
}
static_assert(is_block_of<mxfp8_e4m3>(32, 1, 33) && is_block_of<mxfp8_e5m2>(32, 1, 33));
static_assert(is_block_of<mxfp6_e3m2>(32, 1, 25) && is_block_of<mxfp6_e2m3>(32, 1, 25));
static_assert(is_block_of<mxfp4>(32, 1, 17) && is_block_of<mxint8>(32, 1, 33));
static_assert(is_block_of<nvfp4>(16, 1, 9) && is_block_of<q8_0>(32, 2, 34));
static_assert(is_block_of<hif4>(64, 4, 36) && is_block_of<hif5>(64, 4, 44));
static_assert(is_block_of<mx9>(16, 2, 18) && is_block_of<mx6>(16, 2, 12) && is_block_of<mx4>(16, 2, 8));
static_assert(is_block_of<msfp12>(16, 1, 9) && is_block_of<msfp13>(16, 1, 11));
static_assert(is_block_of<msfp14>(16, 1, 13) && is_block_of<msfp15>(16, 1, 15));
static_assert(is_block_of<msfp16>(16, 1, 17) && is_block_of<bfp<15, 64>>(64, 1, 129));
static_assert(sizeof(ggml_block_mxfp4) == 17 && sizeof(ggml_block_nvfp4) == 36 &&
              sizeof(ggml_block_q8_0) == 34);
static_assert(sizeof(ggml_block_q4_0) == 18 && sizeof(ggml_block_q4_1) == 20 &&
              sizeof(ggml_block_q5_0) == 22 && sizeof(ggml_block_q5_1) == 24 &&
              sizeof(ggml_block_iq4_nl) == 18 && sizeof(ggml_block_iq4_xs) == 136);
static_assert(sizeof(ggml_block_q2_k) == 84 && sizeof(ggml_block_q3_k) == 110 &&
              sizeof(ggml_block_q4_k) == 144 && sizeof(ggml_block_q5_k) == 176 &&
              sizeof(ggml_block_q6_k) == 210);

// --- options: aggregates, whose members are named in this order ---
template <class Options>
constexpr bool is_plain = [] {
  return std::is_aggregate_v<Options> && std::is_trivially_copyable_v<Options> &&
         std::is_standard_layout_v<Options>;
}();
static_assert(is_plain<pack_options> && is_plain<unpack_options>);
static_assert(is_plain<quantize_options> && is_plain<dequantize_options>);
static_assert(std::is_aggregate_v<error_report>);
[[maybe_unused]] constexpr pack_options pack_fields = {.round = rounding::native,
                                                       .over = overflow::native,
                                                       .scale = 1,
                                                       .seed = 0,
                                                       .first_index = 0,
                                                       .use = isa::automatic};
[[maybe_unused]] constexpr unpack_options unpack_fields = {.scale = 1, .use = isa::automatic};
[[maybe_unused]] constexpr quantize_options quantize_fields = {.round = rounding::native,
                                                               .over = overflow::native,
                                                               .scale = scale_rule::native,
                                                               .as = recipe::native,
                                                               .tensor_scale = 1,
                                                               .seed = 0,
                                                               .first_index = 0,
                                                               .use = isa::automatic};
[[maybe_unused]] constexpr dequantize_options dequantize_fields = {
    .as = recipe::native, .tensor_scale = 1, .use = isa::automatic};
constexpr bool words_are_aligned = alignof(std::uint64_t) == 8;  // not on 32-bit x86
static_assert(!words_are_aligned || (sizeof(pack_options) == 32 && sizeof(quantize_options) == 32));
static_assert(sizeof(unpack_options) == 8 && sizeof(dequantize_options) == 12);

// --- views are a pointer and a size; nothing has a virtual function ---
static_assert(sizeof(packed_span<fp4_e2m1>) == 2 * sizeof(void*));
static_assert(std::is_trivially_copyable_v<packed_span<fp4_e2m1>> &&
              std::is_trivially_copyable_v<packed_span<const fp6_e3m2>>);
static_assert(!std::is_polymorphic_v<packed_vector<fp4_e2m1>> && !std::is_polymorphic_v<block_matrix<mxfp4>>);

}  // namespace
