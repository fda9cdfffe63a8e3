// The public contract of the value types, held at compile time: names, signatures, traits.
#include <narrowfp/types.hpp>

#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>

#include "../../support/compiler_halves.hpp"

namespace {

using namespace narrowfp;

template <class T>
using code = typename T::code_type;

// Every type of the table, with its width and its storage.
template <class T, int Width, class Code>
constexpr bool is_value_type_of() {
  static_assert(std::same_as<T, narrow_float<typename T::format>>);
  static_assert(std::same_as<code<T>, Code>);
  static_assert(T::format::width == Width);
  static_assert(sizeof(T) == sizeof(Code) && alignof(T) == alignof(Code));
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
  static_assert(std::has_unique_object_representations_v<T>);
  static_assert(T{}.bits() == 0);
  return true;
}
static_assert(is_value_type_of<fp8_e4m3, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e5m2, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e3m4, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e4m3_ieee, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e4m3fnuz, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e5m2fnuz, 8, std::uint8_t>());
static_assert(is_value_type_of<fp8_e4m3b11fnuz, 8, std::uint8_t>());
static_assert(is_value_type_of<fp6_e3m2, 6, std::uint8_t>());
static_assert(is_value_type_of<fp6_e2m3, 6, std::uint8_t>());
static_assert(is_value_type_of<fp4_e2m1, 4, std::uint8_t>());
static_assert(is_value_type_of<fp4_e1m2, 4, std::uint8_t>());
static_assert(is_value_type_of<hif8, 8, std::uint8_t>());
static_assert(is_value_type_of<e8m0, 8, std::uint8_t>());
static_assert(is_value_type_of<ue4m3, 7, std::uint8_t>());
static_assert(is_value_type_of<ue5m3, 8, std::uint8_t>());
static_assert(is_value_type_of<e6m2, 8, std::uint8_t>());
static_assert(is_value_type_of<bfloat16, 16, std::uint16_t>());
static_assert(is_value_type_of<float16, 16, std::uint16_t>());
static_assert(std::same_as<hifloat8, hif8>);

// A user's own format, at every storage size and with every kind of specials.
using own_fn = narrow_float<minifloat<3, 3, 3, specials::fn>>;
using own_ieee = narrow_float<minifloat<6, 9, 31, specials::ieee>>;
using own_fnuz = narrow_float<minifloat<4, 2, 8, specials::fnuz>>;
using own_none = narrow_float<minifloat<2, 0, 1, specials::none>>;
using own_wide = narrow_float<minifloat<9, 3, 255, specials::ieee>>;  // reaches beyond float
static_assert(is_value_type_of<own_fn, 7, std::uint8_t>());
static_assert(is_value_type_of<own_ieee, 16, std::uint16_t>());
static_assert(is_value_type_of<own_fnuz, 7, std::uint8_t>());
static_assert(is_value_type_of<own_none, 3, std::uint8_t>());
static_assert(is_value_type_of<own_wide, 13, std::uint16_t>());

template <class... Ts>
struct type_list {};
using all_types = type_list<fp8_e4m3, fp8_e5m2, fp8_e3m4, fp8_e4m3_ieee, fp8_e4m3fnuz, fp8_e5m2fnuz,
                            fp8_e4m3b11fnuz, fp6_e3m2, fp6_e2m3, fp4_e2m1, fp4_e1m2, hif8, e8m0, ue4m3, ue5m3,
                            e6m2, bfloat16, float16, own_fn, own_ieee, own_fnuz, own_none>;

template <class T, class X>
constexpr bool explicit_from_one =
    [] { return std::is_nothrow_constructible_v<T, X> && !std::is_convertible_v<X, T>; }();
template <class T, class... Xs>
constexpr bool explicit_from = (explicit_from_one<T, Xs> && ...);

// Conversion in: explicit from every source, never from bool or a character.
template <class T>
constexpr bool converts_in() {
  static_assert(explicit_from<T, float, double, signed char, unsigned char, short, unsigned short, int,
                              unsigned, long, unsigned long, long long, unsigned long long>);
  static_assert(!std::is_constructible_v<T, bool>);
  static_assert(!std::is_constructible_v<T, void*>);
  static_assert(!std::is_constructible_v<T, const char*>);
  static_assert(std::is_nothrow_constructible_v<T, fp8_e4m3> && std::is_nothrow_constructible_v<T, e8m0> &&
                std::is_nothrow_constructible_v<T, float16> && std::is_nothrow_constructible_v<T, own_wide>);
  static_assert(noexcept(T::from_bits(code<T>{})));
  static_assert(noexcept(T{}.bits()));
  static_assert(std::same_as<decltype(T::from_bits(code<T>{})), T>);
  static_assert(std::same_as<decltype(T{}.bits()), code<T>>);
  static_assert(std::same_as<decltype(round_to<T>(1.0F)), T>);
  static_assert(std::same_as<decltype(round_to<T>(1.0, rounding::to_odd, overflow::saturate, 7U)), T>);
  static_assert(std::same_as<decltype(saturate_cast<T>(1)), T>);
  static_assert(noexcept(round_to<T>(1.0F)));
  static_assert(noexcept(saturate_cast<T>(1.0F)));
  return true;
}

// Assignment: from T alone, and code can ask.
template <class T>
constexpr bool is_assigned_from_itself() {
  static_assert(std::is_trivially_copy_assignable_v<T> && std::is_trivially_move_assignable_v<T>);
  static_assert(!std::is_assignable_v<T&, float> && !std::is_assignable_v<T&, double>);
  static_assert(!std::is_assignable_v<T&, int> && !std::is_assignable_v<T&, bool>);
  static_assert(!std::is_assignable_v<T&, own_wide> && !std::is_assignable_v<T&, void*>);
  static_assert(requires(T x) { x = {}; });
  return true;
}

// Conversion out: implicit to float where that is exact.
template <class T>
constexpr bool converts_out() {
  static_assert(std::is_nothrow_convertible_v<T, float>);
  static_assert(std::is_nothrow_constructible_v<float, T> && std::is_nothrow_constructible_v<double, T>);
  return true;
}
static_assert(!std::is_convertible_v<own_wide, float> && std::is_nothrow_constructible_v<float, own_wide>);

// Operators: T op T is T; with a built-in type or another format it is what float gives.
template <class T>
constexpr bool has_operators() {
  static_assert(std::same_as<decltype(T{} + T{}), T> && std::same_as<decltype(T{} - T{}), T>);
  static_assert(std::same_as<decltype(T{} * T{}), T> && std::same_as<decltype(T{} / T{}), T>);
  static_assert(std::same_as<decltype(T{} + 1), float> && std::same_as<decltype(1U * T{}), float>);
  static_assert(std::same_as<decltype(T{} - 1.0F), float> && std::same_as<decltype(1.0 / T{}), double>);
  static_assert(std::same_as<decltype(T{} < T{}), bool> && std::same_as<decltype(T{} == T{}), bool>);
  static_assert(std::same_as<decltype(T{} <=> T{}), std::partial_ordering>);
  static_assert(std::same_as<decltype(T{} < 1.0F), bool> && std::same_as<decltype(1 == T{}), bool>);
  static_assert(noexcept(T{} + T{}));
  static_assert(noexcept(T{} == T{}));
  return true;
}
static_assert(std::same_as<decltype(fp8_e4m3{} + fp8_e5m2{}), float>);
static_assert(std::same_as<decltype(fp8_e4m3{} < bfloat16{}), bool>);

template <class T, class U>
concept has_compound_operators = requires(T t, U u) {
  { t += u } -> std::same_as<T&>;
  { t -= u } -> std::same_as<T&>;
  { t *= u } -> std::same_as<T&>;
  { t /= u } -> std::same_as<T&>;
};
static_assert(has_compound_operators<fp8_e4m3, fp8_e4m3> && has_compound_operators<fp8_e4m3, float>);
static_assert(has_compound_operators<fp8_e4m3, double> && has_compound_operators<fp8_e4m3, int>);
static_assert(has_compound_operators<hif8, bfloat16> && has_compound_operators<e8m0, e8m0>);

template <class T>
concept can_negate = requires(T t) {
  -t;
};
static_assert(can_negate<fp8_e4m3> && can_negate<hif8> && can_negate<fp8_e5m2fnuz> && can_negate<fp4_e1m2>);
static_assert(!can_negate<e8m0> && !can_negate<ue4m3> && !can_negate<ue5m3> && !can_negate<e6m2>);

template <class T>
constexpr bool has_functions() {
  static_assert(std::same_as<decltype(isnan(T{})), bool> && std::same_as<decltype(isinf(T{})), bool>);
  static_assert(std::same_as<decltype(isfinite(T{})), bool> && std::same_as<decltype(signbit(T{})), bool>);
  static_assert(std::same_as<decltype(abs(T{})), T> && std::same_as<decltype(copysign(T{}, T{})), T>);
  static_assert(std::same_as<decltype(nextafter(T{}, T{})), T>);
  static_assert(std::same_as<decltype(std::hash<T>{}(T{})), std::size_t>);
  return true;
}

// numeric_limits: what a format lacks is absent.
template <class T>
concept has_infinity = requires {
  std::numeric_limits<T>::infinity();
};
template <class T>
concept has_quiet_nan = requires {
  std::numeric_limits<T>::quiet_NaN();
};
template <class T>
concept has_signaling_nan = requires {
  std::numeric_limits<T>::signaling_NaN();
};
template <class T>
concept has_epsilon = requires {
  std::numeric_limits<T>::epsilon();
};

template <class T>
constexpr bool has_limits() {
  using limits = std::numeric_limits<T>;
  static_assert(limits::is_specialized && limits::radix == 2 && !limits::is_integer && limits::is_bounded);
  static_assert(has_infinity<T> == limits::has_infinity);
  static_assert(has_quiet_nan<T> == limits::has_quiet_NaN);
  static_assert(has_signaling_nan<T> == limits::has_signaling_NaN);
  static_assert(std::same_as<decltype(limits::max()), T> && std::same_as<decltype(limits::lowest()), T>);
  static_assert(std::same_as<decltype(limits::min()), T> && std::same_as<decltype(limits::denorm_min()), T>);
  return true;
}
static_assert(has_infinity<fp8_e5m2> && has_infinity<hif8> && has_infinity<fp8_e4m3_ieee>);
static_assert(!has_infinity<fp8_e4m3> && !has_infinity<fp8_e4m3fnuz> && !has_infinity<e8m0>);
static_assert(!has_infinity<fp4_e2m1> && !has_quiet_nan<fp4_e2m1> && !has_quiet_nan<fp6_e3m2>);
static_assert(has_quiet_nan<e8m0> && has_quiet_nan<hif8> && has_quiet_nan<fp8_e4m3fnuz>);
static_assert(!has_signaling_nan<fp8_e4m3> && !has_signaling_nan<fp4_e2m1>);
static_assert(has_epsilon<fp8_e4m3> && has_epsilon<hif8> && has_epsilon<e8m0>);

template <class... Ts>
constexpr bool hold_for_all(type_list<Ts...>) {
  return ((converts_in<Ts>() && is_assigned_from_itself<Ts>() && converts_out<Ts>() && has_operators<Ts>() &&
           has_functions<Ts>() && has_limits<Ts>()) &&
          ...);
}
static_assert(hold_for_all(all_types{}));

// Everything is usable in constant expressions.
static_assert(fp8_e4m3(464.0F) == 448.0F);
static_assert(fp8_e4m3::from_bits(0x7E) == std::numeric_limits<fp8_e4m3>::max());
static_assert(fp4_e2m1::from_bits(0xF7).bits() == 0x7);
static_assert(float(fp8_e4m3(1) + fp8_e4m3(0.125F)) == 1.125F);
static_assert(round_to<hif8>(1.0F, rounding::hybrid, overflow::native, 0U) == hif8(1));
static_assert(saturate_cast<fp8_e5m2>(1e9) == 57344);
static_assert(nextafter(fp4_e2m1(6), fp4_e2m1(6)) == 6);
static_assert(-fp8_e4m3(1) < fp8_e4m3(0) && abs(-fp8_e4m3(1)) == 1);
static_assert(isnan(fp8_e4m3::from_bits(0x7F)) && isinf(fp8_e5m2::from_bits(0x7C)));
static_assert(!isfinite(hif8::from_bits(0x6F)) && signbit(hif8::from_bits(0xEF)));

// The enumerators of the two conversion policies, all distinct.
static_assert(rounding{} == rounding::native && overflow{} == overflow::native);
constexpr rounding modes[] = {rounding::native,      rounding::nearest_even,    rounding::nearest_away,
                              rounding::toward_zero, rounding::toward_positive, rounding::toward_negative,
                              rounding::to_odd,      rounding::stochastic,      rounding::hybrid};
constexpr bool distinct_modes() {
  for (const rounding& a : modes) {
    for (const rounding& b : modes) {
      if (&a != &b && a == b) {
        return false;
      }
    }
  }
  return true;
}
static_assert(distinct_modes() && overflow::native != overflow::saturate);
static_assert(specials::ieee != specials::fn && specials::fnuz != specials::none);

// The compiler's own 16-bit types are sources and, explicitly, targets where it has them.
template <class H>
constexpr bool is_half_type() {
  static_assert(floating_source<H> && compiler_half<H>);
  static_assert(std::is_nothrow_constructible_v<fp8_e4m3, H> && std::is_nothrow_constructible_v<hif8, H> &&
                std::is_nothrow_constructible_v<bfloat16, H>);
  static_assert(!std::is_convertible_v<H, fp8_e4m3> && !std::is_convertible_v<H, float16>);
  static_assert(std::is_nothrow_constructible_v<H, fp8_e4m3> && std::is_nothrow_constructible_v<H, hif8>);
  static_assert(std::is_nothrow_constructible_v<H, narrow_float<minifloat<9, 3, 255, specials::ieee>>>);
  constexpr H three = static_cast<H>(3.0F);
  static_assert(fp8_e4m3(three).bits() == 0x44 && round_to<fp4_e2m1>(three).bits() == 0x5);
  static_assert(saturate_cast<fp8_e4m3>(static_cast<H>(6e4F)).bits() == 0x7E);
  static_assert(static_cast<H>(fp8_e4m3(3)) == three);
  static_assert(std::same_as<decltype(fp8_e4m3(1) + three), float> &&
                std::same_as<decltype(three / hif8(1)), float>);
  static_assert(fp8_e4m3(2) * three == 6 && three - fp8_e4m3(2) == 1 && fp8_e4m3(2) < three &&
                three == fp8_e4m3(3) && three != hif8(2));
  constexpr fp8_e4m3 product = [] {
    fp8_e4m3 x(2);
    x *= static_cast<H>(3.0F);
    return x;
  }();
  static_assert(product == 6);
  return true;
}
#if defined(NARROWFP_TEST_FLOAT16)
static_assert(is_half_type<NARROWFP_TEST_FLOAT16>());
#endif
#if defined(NARROWFP_TEST_BFLOAT16)
static_assert(is_half_type<NARROWFP_TEST_BFLOAT16>());
#endif
#if defined(__STDCPP_FLOAT16_T__)
static_assert(is_half_type<decltype(0.0f16)>());
#endif
#if defined(__STDCPP_BFLOAT16_T__)
static_assert(is_half_type<decltype(0.0bf16)>());
#endif
static_assert(!compiler_half<float> && !compiler_half<bfloat16> && !floating_source<long double>);

}  // namespace
