// Wrong uses of pack_rows and unpack_rows, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../pack.hpp"
#include "pack.hpp"
#include "shapes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class R>
concept not_row_scales = !std::convertible_to<R, std::span<const float>>;

}  // namespace detail

namespace {

template <class In, detail::wrong_pack<In, detail::fault::pointer> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::pack_rows needs to know sizes: give spans, such as std::span(in, n)")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_scattered> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::pack_rows needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_volatile> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::pack_rows reads and writes ordinary memory: in and out must not be volatile")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::source> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::pack_rows reads float, double, integers (not bool or characters) or value types: convert the "
    "elements of in")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::out_blocks> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::pack_rows fills arrays of values: for blocks with row scales see narrowfp::block_matrix")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::target> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::pack_rows fills value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::is_constant> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::pack_rows writes to out: its elements must not be const")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::none> Out, detail::not_row_scales Scales>
NARROWFP_REFUSAL("narrowfp::pack_rows: scales must be floats in a row, one for each row")
pack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_pack<In, detail::fault::none> Out, class X, std::size_t N>
NARROWFP_REFUSAL("narrowfp::pack_rows: give the list of scales a name, const float scales[] = {...}")
pack_rows(In&& in, Out&& out, std::size_t columns, const X (&&scales)[N],
          pack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::pointer> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::unpack_rows needs to know sizes: give spans, such as std::span(in, n)")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_scattered> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::unpack_rows needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_volatile> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::unpack_rows reads and writes ordinary memory: in and out must not be volatile")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::in_blocks> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::unpack_rows reads arrays of values: for blocks with row scales see narrowfp::block_matrix")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::source> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::unpack_rows reads value types such as fp8_e4m3: view raw bytes by as_values<T>(bytes)")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::target> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::unpack_rows fills float, double or value types: let out have such elements")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::is_constant> Out, class Scales>
NARROWFP_REFUSAL("narrowfp::unpack_rows writes to out: its elements must not be const")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::none> Out, detail::not_row_scales Scales>
NARROWFP_REFUSAL("narrowfp::unpack_rows: scales must be floats in a row, one for each row")
unpack_rows(In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_unpack<In, detail::fault::none> Out, class X, std::size_t N>
NARROWFP_REFUSAL("narrowfp::unpack_rows: give the list of scales a name, const float scales[] = {...}")
unpack_rows(In&& in, Out&& out, std::size_t columns, const X (&&scales)[N],
            unpack_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
