// Wrong uses of pack and unpack, each refused with one line that says what to do instead.
#pragma once

#include <type_traits>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../pack.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class R>
concept any_array = contiguous_sized<R> || packed_range<R>;

template <class R>
concept array_of_constants = contiguous_sized<R> && std::is_const_v<element_of<R>>;

/// As seen from here, where blocks are not known.
template <class R>
concept array_of_blocks = contiguous_sized<R> && requires {
  std::remove_cv_t<element_of<R>>::bits_per_element;
};

template <class R>
concept not_pack_source = any_array<R> && !pack_source<R>;

template <class R>
concept not_values = contiguous_sized<R> && !values_source<R> && !array_of_blocks<R>;

template <class R>
concept constant_values = values_source<R> && array_of_constants<R>;

template <class R>
concept values_or_packed = values_source<R> || packed_range<R>;

template <class R>
concept not_unpack_target = any_array<R> && !unpack_target<R> && !array_of_constants<R>;

}  // namespace detail

namespace {

template <detail::not_pack_source In, detail::any_array Out>
NARROWFP_REFUSAL("narrowfp::pack reads float, double or value types: convert the elements of in")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <detail::pack_source In, detail::array_of_blocks Out>
NARROWFP_REFUSAL("narrowfp::pack fills arrays of values: for blocks call narrowfp::quantize(in, out)")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <detail::pack_source In, detail::constant_values Out>
NARROWFP_REFUSAL("narrowfp::pack writes to out: its elements must not be const")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <detail::pack_source In, detail::not_values Out>
NARROWFP_REFUSAL("narrowfp::pack fills value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <detail::array_of_blocks In, detail::any_array Out>
NARROWFP_REFUSAL("narrowfp::unpack reads arrays of values: for blocks call narrowfp::dequantize(in, out)")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <detail::not_values In, detail::any_array Out>
NARROWFP_REFUSAL("narrowfp::unpack reads value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <detail::values_or_packed In, detail::array_of_constants Out>
NARROWFP_REFUSAL("narrowfp::unpack writes to out: its elements must not be const")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <detail::values_or_packed In, detail::not_unpack_target Out>
NARROWFP_REFUSAL("narrowfp::unpack fills float, double or value types: let out have such elements")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
