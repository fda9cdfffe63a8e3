// Wrong uses of hadamard and hadamard_inverse, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../hadamard.hpp"
#include "shapes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class In, class Out>
constexpr fault hadamard_fault() {
  if constexpr (hadamard_target_of<Out, In>) {
    return fault::none;
  } else if constexpr (shape_fault<In, Out>() != fault::none) {
    return shape_fault<In, Out>();
  } else if constexpr (!any_array<In> || !any_array<Out>) {
    return fault::none;
  } else if constexpr (!hadamard_source<In>) {
    return fault::source;
  } else {
    return array_of_constants<Out> ? fault::is_constant : fault::target;
  }
}

template <class Out, class In, fault Fault>
concept wrong_hadamard = hadamard_fault<In, Out>()
== Fault;

}  // namespace detail

namespace {

template <class In, detail::wrong_hadamard<In, detail::fault::pointer> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard needs to know sizes: write hadamard(std::span(in, n), std::span(out, n))")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL(
    "narrowfp::hadamard needs to know sizes: write hadamard(std::span(in, n), std::span(out, n))")
hadamard(In&& in, Out&& out, Count n, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard needs elements in a row, as in std::vector, std::array or std::span: copy them there")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class X, std::size_t N, class Out>
NARROWFP_REFUSAL("narrowfp::hadamard reads arrays: give the list a name, const float in[] = {...}")
hadamard(const X (&&in)[N], Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::hadamard reads and writes ordinary memory: in and out must not be volatile")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::hadamard transforms float, bfloat16 or float16: convert the elements of in")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::hadamard writes to out: its elements must not be const")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::target> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard writes what it reads: let the elements of out have the type of those of in")
hadamard(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::pointer> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse needs to know sizes: write hadamard_inverse(std::span(in, n), std::span(out, "
    "n))")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse needs to know sizes: write hadamard_inverse(std::span(in, n), std::span(out, "
    "n))")
hadamard_inverse(In&& in, Out&& out, Count n, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse needs elements in a row, as in std::vector, std::array or std::span: copy "
    "them there")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class X, std::size_t N, class Out>
NARROWFP_REFUSAL("narrowfp::hadamard_inverse reads arrays: give the list a name, const float in[] = {...}")
hadamard_inverse(const X (&&in)[N], Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse reads and writes ordinary memory: in and out must not be volatile")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::source> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse transforms float, bfloat16 or float16: convert the elements of in")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::hadamard_inverse writes to out: its elements must not be const")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_hadamard<In, detail::fault::target> Out>
NARROWFP_REFUSAL(
    "narrowfp::hadamard_inverse writes what it reads: let the elements of out have the type of those of in")
hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
