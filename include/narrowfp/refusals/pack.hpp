// Wrong uses of pack and unpack, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../pack.hpp"
#include "shapes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class In, class Out>
constexpr fault pack_fault() {
  if constexpr (pack_source<In> && (values_target<Out> || packed_target<Out>)) {
    return fault::none;
  } else if constexpr (shape_fault<In, Out>() != fault::none) {
    return shape_fault<In, Out>();
  } else if constexpr (!any_array<In> || !any_array<Out>) {
    return fault::none;
  } else if constexpr (!pack_source<In>) {
    return fault::source;
  } else if constexpr (array_of_blocks<Out>) {
    return fault::out_blocks;
  } else {
    return values_source<Out> || packed_range<Out> ? fault::is_constant : fault::target;
  }
}

template <class In, class Out>
constexpr fault unpack_fault() {
  if constexpr ((values_source<In> || packed_range<In>)&&unpack_target<Out>) {
    return fault::none;
  } else if constexpr (shape_fault<In, Out>() != fault::none) {
    return shape_fault<In, Out>();
  } else if constexpr (!any_array<In> || !any_array<Out>) {
    return fault::none;
  } else if constexpr (array_of_blocks<In>) {
    return fault::in_blocks;
  } else if constexpr (!values_source<In> && !packed_range<In>) {
    return fault::source;
  } else {
    return array_of_constants<Out> ? fault::is_constant : fault::target;
  }
}

template <class Out, class In, fault Fault>
concept wrong_pack = pack_fault<In, Out>()
== Fault;
template <class Out, class In, fault Fault>
concept wrong_unpack = unpack_fault<In, Out>()
== Fault;

}  // namespace detail

namespace {

template <class In, detail::wrong_pack<In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::pack needs to know sizes: write pack(std::span(in, n), std::span(out, n))")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::pack needs to know sizes: write pack(std::span(in, n), std::span(out, n))")
pack(In&& in, Out&& out, Count n, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::pack needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, "
    "std::list): copy them there")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class X, std::size_t N, class Out>
NARROWFP_REFUSAL("narrowfp::pack reads arrays: give the list a name, const float in[] = {...}")
pack(const X (&&in)[N], Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::pack reads and writes ordinary memory: in and out must not be volatile")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::source> Out>
NARROWFP_REFUSAL(
    "narrowfp::pack reads float, double, integers (not bool or characters) or value types: convert the "
    "elements of "
    "in")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::out_blocks> Out>
NARROWFP_REFUSAL("narrowfp::pack fills arrays of values: for blocks call narrowfp::quantize(in, out)")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::pack writes to out: its elements must not be const")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::pack fills value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::unpack needs to know sizes: write unpack(std::span(in, n), std::span(out, n))")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::unpack needs to know sizes: write unpack(std::span(in, n), std::span(out, n))")
unpack(In&& in, Out&& out, Count n, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::unpack needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::unpack reads and writes ordinary memory: in and out must not be volatile")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::in_blocks> Out>
NARROWFP_REFUSAL("narrowfp::unpack reads arrays of values: for blocks call narrowfp::dequantize(in, out)")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::unpack reads value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::unpack writes to out: its elements must not be const")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::unpack fills float, double or value types: let out have such elements")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
