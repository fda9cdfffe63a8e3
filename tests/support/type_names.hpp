// Names of value and block types for typed suites: the library's public names, and of other types what they
// are made of.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>

#include <narrowfp/block/bfp.hpp>
#include <narrowfp/block/hif4.hpp>
#include <narrowfp/block/mx.hpp>
#include <narrowfp/block/nvfp4.hpp>
#include <narrowfp/block/q8_0.hpp>
#include <narrowfp/types.hpp>

namespace support {

/// In a name: m2 for -2.
inline std::string name_of_number(int n) { return n < 0 ? 'm' + std::to_string(-n) : std::to_string(n); }

template <class T>
struct type_name;

template <>
struct type_name<float> {
  static std::string text() { return "float"; }
};

/// Descriptors of the library's formats have a name.
template <narrowfp::scalar_format F>
struct type_name<narrowfp::narrow_float<F>> {
  static std::string text() { return F::name; }
};

/// As formats_under_test.hpp calls them: e3m3b3_fn.
template <int E, int M, int Bias, narrowfp::specials S>
struct type_name<narrowfp::narrow_float<narrowfp::minifloat<E, M, Bias, S>>> {
  static std::string text() {
    using narrowfp::specials;
    const char* const kind = S == specials::ieee   ? "_ieee"
                             : S == specials::fn   ? "_fn"
                             : S == specials::fnuz ? "_fnuz"
                                                   : "_none";
    return 'e' + name_of_number(E) + 'm' + name_of_number(M) + 'b' + name_of_number(Bias) + kind;
  }
};

template <int M, narrowfp::rounding Native>
struct type_name<narrowfp::sign_magnitude<M, Native>> {
  static_assert(Native == narrowfp::rounding::nearest_even || Native == narrowfp::rounding::nearest_away);
  static std::string text() {
    return "sign_magnitude" + name_of_number(M) +
           (Native == narrowfp::rounding::nearest_away ? "_nearest_away" : "");
  }
};

template <>
struct type_name<narrowfp::scale_rules::shared_exponent> {
  static std::string text() { return "shared_exponent"; }
};
template <>
struct type_name<narrowfp::scale_rules::power_of_two> {
  static std::string text() { return "power_of_two"; }
};
template <>
struct type_name<narrowfp::scale_rules::nearest_ratio> {
  static std::string text() { return "nearest_ratio"; }
};
template <int Divisor>
struct type_name<narrowfp::scale_rules::bfloat16_reciprocal<Divisor>> {
  static std::string text() { return "bfloat16_reciprocal" + name_of_number(Divisor); }
};

/// The rule only where it is not the usual one; so with thresholds.
template <class Scale, std::size_t N, class Rule>
struct type_name<narrowfp::shared_scale<Scale, N, Rule>> {
  static std::string text() {
    const bool is_usual = std::is_same_v<Rule, narrowfp::usual_scale_rule<Scale>>;
    return type_name<Scale>::text() + "_per_" + std::to_string(N) +
           (is_usual ? "" : '_' + type_name<Rule>::text());
  }
};
template <std::size_t N, int Threshold>
struct type_name<narrowfp::shared_bit<N, Threshold>> {
  static std::string text() {
    const bool is_usual = Threshold == narrowfp::usual_threshold;
    return "bit_per_" + std::to_string(N) + (is_usual ? "" : "_at_" + name_of_number(Threshold));
  }
};

template <class Element, class... Levels>
struct type_name<narrowfp::block_format<Element, Levels...>> {
  static std::string text() { return (type_name<Element>::text() + ... + ('_' + type_name<Levels>::text())); }
};

#define SUPPORT_NAME(block)                      \
  template <>                                    \
  struct type_name<narrowfp::block> {            \
    static std::string text() { return #block; } \
  };
SUPPORT_NAME(mxfp8_e4m3)
SUPPORT_NAME(mxfp8_e5m2)
SUPPORT_NAME(mxfp6_e3m2)
SUPPORT_NAME(mxfp6_e2m3)
SUPPORT_NAME(mxfp4)
SUPPORT_NAME(mxint8)
SUPPORT_NAME(nvfp4)
SUPPORT_NAME(q8_0)
SUPPORT_NAME(hif4)
SUPPORT_NAME(hif5)
SUPPORT_NAME(mx9)
SUPPORT_NAME(mx6)
SUPPORT_NAME(mx4)
SUPPORT_NAME(msfp12)
SUPPORT_NAME(msfp13)
SUPPORT_NAME(msfp14)
SUPPORT_NAME(msfp15)
SUPPORT_NAME(msfp16)
#undef SUPPORT_NAME

/// The third argument of TYPED_TEST_SUITE, and the fourth of INSTANTIATE_TYPED_TEST_SUITE_P.
struct type_names {
  template <class T>
  static std::string GetName(int) {
    return type_name<T>::text();
  }
};

}  // namespace support
