// The public contract of array calls, instruction sets and measures, held at compile time; and every array
// call instantiated once, so that a warning in one of them shows.
#include <narrowfp/narrowfp.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include "../../support/compiler_halves.hpp"

namespace {

using namespace narrowfp;

// Options: names, types and defaults.
static_assert(std::is_aggregate_v<pack_options> && std::is_aggregate_v<unpack_options>);
constexpr pack_options packing = {.round = rounding::native,
                                  .over = overflow::native,
                                  .scale = 1,
                                  .seed = 0,
                                  .first_index = 0,
                                  .use = isa::automatic};
constexpr pack_options packing_defaults;
static_assert(packing.round == packing_defaults.round && packing.over == packing_defaults.over &&
              packing.seed == packing_defaults.seed && packing.first_index == packing_defaults.first_index &&
              packing.use == packing_defaults.use && packing_defaults.scale >= 1 &&
              packing_defaults.scale <= 1);
constexpr unpack_options unpacking = {.scale = 1, .use = isa::automatic};
static_assert(unpacking.use == unpack_options{}.use);
static_assert(std::same_as<decltype(pack_options::scale), float>);
static_assert(std::same_as<decltype(pack_options::seed), std::uint64_t>);
static_assert(std::same_as<decltype(pack_options::first_index), std::uint64_t>);
static_assert(std::same_as<decltype(unpack_options::scale), float>);

// Instruction sets, in order.
static_assert(isa::scalar < isa::generic && isa::generic < isa::avx2 && isa::avx2 < isa::avx512 &&
              isa::avx512 < isa::avx512_vbmi);
static_assert(isa::neon != isa::automatic && isa::automatic != isa::scalar);
static_assert(std::same_as<decltype(isa_available(isa::scalar)), bool>);
static_assert(std::same_as<decltype(best_isa()), isa>);
static_assert(std::same_as<decltype(isa_name(isa::scalar)), const char*>);

// Spans with explicit template arguments, and any contiguous sized range.
template <class S, class T>
void convert_spans(std::span<const S> in, std::span<T> out, std::span<S> back) {
  pack<S, T>(in, out);
  pack<S, T>(in, out, packing);
  unpack<T, S>(std::span<const T>(out), back);
  unpack<T, S>(std::span<const T>(out), back, unpacking);
}

template <class T, class S>
void convert_ranges() {
  std::vector<S> values(4);
  const std::vector<S> constant = values;
  std::array<T, 4> codes = {};
  T c_array[4] = {};
  pack(values, codes);
  pack(constant, c_array, {.over = overflow::saturate});
  pack(std::span(values), std::span(codes));
  pack(std::span<const S>(constant), codes);
  unpack(codes, values);
  unpack(std::span<const T>(c_array), std::span(values), {.scale = 2});
}

// Dense storage.
template <class T>
void convert_dense() {
  std::array<float, 5> values = {};
  packed_vector<T> owned(values.size());
  pack(values, owned);
  unpack(owned, values);
  std::array<std::byte, 16> bytes = {};
  packed_span<T> view(std::span<std::byte>(bytes), values.size());
  pack(values, view, packing);
  const packed_span<const T> constant = view;
  unpack(constant, values, unpacking);
  unpack(view, values);
}

// A scale for each row.
template <class T>
void convert_rows() {
  std::vector<float> values(6);
  const std::vector<float> constant = values;
  const std::vector<float> scales = {1, 2};
  std::array<T, 6> codes = {};
  pack_rows(values, codes, 3, scales);
  pack_rows(constant, codes, 3, std::span<const float>(scales), packing);
  pack_rows(std::span<const float>(values), std::span<T>(codes), 3, scales, {.seed = 1, .first_index = 2});
  pack_rows(std::span(values), std::span(codes), 3, std::array<float, 2>{1, 2}, {});
  pack_rows<float, T>(constant, codes, 3, scales);
  pack_rows(std::vector<int>(6), codes, 3, scales);
  unpack_rows(codes, values, 3, scales);
  unpack_rows(std::span<const T>(codes), std::span<float>(values), 3, scales, unpacking);
  unpack_rows<T, float>(codes, values, 3, scales, {.use = isa::scalar});
  std::vector<bfloat16> halves(6);
  unpack_rows(codes, halves, 3, std::span(scales), {});
  packed_vector<T> owned(values.size());
  pack_rows(values, owned, 3, scales);
  pack_rows(values, packed_span<T>(owned), 3, scales, packing);
  unpack_rows(owned, values, 3, scales);
  unpack_rows(packed_span<const T>(owned), values, 3, scales, unpacking);
}

template <class In, class Out>
concept can_pack = requires(In& in, Out& out) {
  pack(in, out);
};

template <class T>
constexpr bool is_dense_storage_of() {
  using span = packed_span<T>;
  using constant_span = packed_span<const T>;
  using vector = packed_vector<T>;
  static_assert(std::constructible_from<span, std::span<std::byte>, std::size_t>);
  static_assert(std::constructible_from<constant_span, std::span<const std::byte>, std::size_t>);
  static_assert(std::convertible_to<span, constant_span> && !std::convertible_to<constant_span, span>);
  static_assert(std::random_access_iterator<decltype(span{}.begin())>);
  static_assert(std::random_access_iterator<decltype(constant_span{}.begin())>);
  static_assert(std::random_access_iterator<decltype(std::declval<vector&>().begin())>);
  static_assert(std::convertible_to<decltype(span{}[0]), T>);
  static_assert(std::is_assignable_v<decltype(span{}[0]), T>);
  static_assert(std::is_assignable_v<decltype(span{}[0]), decltype(span{}[0])>);
  static_assert(!std::is_assignable_v<decltype(constant_span{}[0]), int>);
  static_assert(!std::is_assignable_v<decltype(span{}[0]), float> &&
                !std::is_assignable_v<decltype(span{}[0]), int>);
  static_assert(can_pack<std::vector<float>, span> && can_pack<std::vector<float>, vector>);
  static_assert(!can_pack<std::vector<float>, constant_span> && !can_pack<std::vector<float>, const vector>);
  static_assert(std::sortable<decltype(span{}.begin())> &&
                std::sortable<decltype(std::declval<vector&>().begin())>);
  static_assert(std::sized_sentinel_for<decltype(constant_span{}.end()), decltype(span{}.begin())>);
  static_assert(std::ranges::view<span> && std::ranges::borrowed_range<constant_span>);
  static_assert(std::ranges::random_access_range<const vector> && std::ranges::sized_range<vector>);
  static_assert(std::same_as<decltype(packed_span(std::declval<vector&>())), span> &&
                std::same_as<decltype(packed_span(std::declval<const vector&>())), constant_span>);
  static_assert(std::same_as<decltype(span{}.bytes()), std::span<std::byte>>);
  static_assert(std::same_as<decltype(constant_span{}.bytes()), std::span<const std::byte>>);
  static_assert(std::same_as<decltype(packed_size_bytes<T>(1)), std::size_t>);
  return true;
}
static_assert(is_dense_storage_of<fp4_e2m1>() && is_dense_storage_of<fp6_e3m2>());
static_assert(is_dense_storage_of<fp4_e1m2>() && is_dense_storage_of<fp6_e2m3>() &&
              is_dense_storage_of<ue4m3>());
static_assert(packed_size_bytes<fp4_e2m1>(3) == 2 && packed_size_bytes<fp6_e3m2>(32) == 24);
static_assert(packed_size_bytes<ue4m3>(8) == 7 && packed_size_bytes<fp8_e4m3>(5) == 5);

// Raw buffers.
static_assert(std::same_as<decltype(as_values<fp8_e4m3>(std::span<std::byte>{})), std::span<fp8_e4m3>>);
static_assert(
    std::same_as<decltype(as_values<float16>(std::span<const std::byte>{})), std::span<const float16>>);

template <class Byte>
constexpr bool is_byte_type() {
  static_assert(std::same_as<decltype(as_values<hif8>(std::span<Byte>{})), std::span<hif8>> &&
                std::same_as<decltype(as_values<hif8>(std::span<const Byte>{})), std::span<const hif8>>);
  using span = packed_span<fp4_e2m1>;
  using constant_span = packed_span<const fp4_e2m1>;
  static_assert(std::constructible_from<span, std::span<Byte>, std::size_t> &&
                std::constructible_from<constant_span, std::span<Byte>, std::size_t> &&
                std::constructible_from<constant_span, std::span<const Byte>, std::size_t> &&
                !std::constructible_from<span, std::span<const Byte>, std::size_t>);
  static_assert(std::constructible_from<span, std::vector<Byte>&, std::size_t> &&
                std::constructible_from<constant_span, const std::vector<Byte>&, int> &&
                !std::constructible_from<span, const std::vector<Byte>&, std::size_t> &&
                !std::constructible_from<span, std::vector<Byte>, std::size_t>);
  return true;
}
static_assert(is_byte_type<std::byte>() && is_byte_type<unsigned char>() && is_byte_type<std::uint8_t>());

// Sources: integers too, but bool and characters; targets: not integers, which have no NaN.
static_assert(can_pack<std::vector<int>, std::vector<fp8_e4m3>> &&
              can_pack<std::vector<unsigned long long>, packed_vector<fp4_e2m1>> &&
              can_pack<std::vector<std::int8_t>, std::vector<bfloat16>> &&
              can_pack<const std::vector<std::uint16_t>, std::vector<e8m0>> &&
              can_pack<std::vector<double>, std::vector<float16>>);
static_assert(!can_pack<bool[4], std::vector<fp8_e4m3>> && !can_pack<char32_t[4], std::vector<fp8_e4m3>>);

// Measures.
using report = decltype(compare(std::span<const float>{}, std::span<const float>{}));
static_assert(std::same_as<report, error_report>);
static_assert(
    std::same_as<decltype(compare<fp8_e4m3>(std::span<const float>{}, pack_options{})), error_report>);
static_assert(std::same_as<decltype(compare<hif8>(std::span<const float>{})), error_report>);
static_assert(std::same_as<decltype(error_report::mse), double> &&
              std::same_as<decltype(error_report::sqnr_db), double> &&
              std::same_as<decltype(error_report::max_abs_error), double> &&
              std::same_as<decltype(error_report::mean_error), double> &&
              std::same_as<decltype(error_report::cosine), double>);
static_assert(std::unsigned_integral<decltype(error_report::overflowed)> &&
              std::unsigned_integral<decltype(error_report::flushed)> &&
              std::unsigned_integral<decltype(error_report::nan)> &&
              std::unsigned_integral<decltype(error_report::saturated)>);

}  // namespace

// Called by nobody: instantiates what the checks above only name.
void narrowfp_contract_instantiates_arrays();
void narrowfp_contract_instantiates_arrays() {
  using own = narrow_float<minifloat<3, 3, 3, specials::fn>>;
  using wide = narrow_float<minifloat<9, 3, 255, specials::ieee>>;
  convert_spans<float, fp8_e4m3>({}, {}, {});
  convert_spans<float, hif8>({}, {}, {});
  convert_spans<bfloat16, fp8_e5m2>({}, {}, {});
  convert_spans<float16, hif8>({}, {}, {});
  convert_spans<double, bfloat16>({}, {}, {});
  convert_spans<fp8_e4m3, fp8_e5m2>({}, {}, {});
  convert_spans<hif8, fp4_e2m1>({}, {}, {});
  convert_spans<float, wide>({}, {}, {});
  convert_ranges<fp8_e4m3, float>();
  convert_ranges<own, float>();
  convert_ranges<float16, double>();
  convert_ranges<e8m0, bfloat16>();
  convert_dense<fp4_e2m1>();
  convert_dense<fp6_e3m2>();
  convert_dense<ue4m3>();
  convert_dense<own>();
  convert_rows<fp8_e4m3>();
  convert_rows<fp4_e2m1>();
  convert_rows<float16>();
  std::array<hif8, 2> codes = {};
  pack(std::array<short, 2>{1, 2}, codes);
  pack<long, fp8_e4m3>({}, {}, packing);
  pack<unsigned char, bfloat16>({}, {});
#if defined(NARROWFP_TEST_FLOAT16)
  convert_spans<NARROWFP_TEST_FLOAT16, fp8_e4m3>({}, {}, {});
  convert_ranges<fp4_e2m1, NARROWFP_TEST_FLOAT16>();
#endif
#if defined(NARROWFP_TEST_BFLOAT16)
  convert_spans<NARROWFP_TEST_BFLOAT16, fp8_e4m3>({}, {}, {});
  convert_ranges<hif8, NARROWFP_TEST_BFLOAT16>();
#endif
}
