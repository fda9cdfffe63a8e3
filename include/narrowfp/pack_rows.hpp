// Matrices of values with a scale for each row (channel, token): pack_rows, unpack_rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>

#include "core/bit_packing.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "dispatch/convert.hpp"
#include "dispatch/isa.hpp"
#include "dispatch/kernel_elements.hpp"
#include "dispatch/row_scales.hpp"
#include "pack.hpp"
#include "packed.hpp"
#include "types.hpp"

namespace narrowfp::inline v0 {

namespace detail {

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

/// What pack_rows and unpack_rows have in common to check; `n` elements of in.
inline void require_rows(const char* function, std::size_t n, std::size_t out, std::size_t columns,
                         std::span<const float> scales, float common_scale) {
  const std::size_t rows = scales.size();
  if ((columns != 0 && rows > ~std::size_t{0} / columns) || n != columns * rows) {
    char problem[192];
    std::snprintf(problem, sizeof problem,
                  "has %zu elements, but columns * scales.size() = %zu * %zu are needed", n, columns, rows);
    fail(function, "in", problem);
  }
  require_size(function, "out", out, n, "one for each element of in");
  require_common_scale_one(function, common_scale);
  require_scales(function, "scales", scales);
}

// Dense rows follow bit on bit, so that a row may begin inside a byte; every eighth element begins at one.

/// Shorter rows go through a buffer of codes, eight rows at a time.
inline constexpr std::size_t long_row = 64;

/// How many elements from `index` on come before one that begins a byte for certain.
constexpr std::size_t elements_to_byte(std::size_t index) noexcept { return (8 - index % 8) % 8; }

template <scalar_format F, class S>
void encode_rows(isa set, const S* in, typename F::code_type* out, std::size_t columns,
                 std::span<const float> scales, kernels::encode_job job) {
  for (std::size_t row = 0; row < scales.size(); ++row) {
    job.scale = scales[row];
    dispatch::encode<F>(set, in + row * columns, out + row * columns, columns, job);
    job.first_index += columns;
  }
}

template <scalar_format F, class S>
void encode_short_dense_rows(isa set, const S* in, std::byte* out, std::size_t columns,
                             std::span<const float> scales, kernels::encode_job job) {
  typename F::code_type codes[8 * long_row] = {};
  for (std::size_t row = 0; row < scales.size(); row += 8) {
    const std::size_t rows = scales.size() - row < 8 ? scales.size() - row : 8;
    encode_rows<F>(set, in + row * columns, codes, columns, scales.subspan(row, rows), job);
    core::pack_dense<F::width>(codes, out + core::dense_size_bytes(row * columns, F::width), rows * columns);
    job.first_index += rows * columns;
  }
}

template <scalar_format F, class S>
void encode_long_dense_rows(isa set, const S* in, std::byte* out, std::size_t columns,
                            std::span<const float> scales, kernels::encode_job job) {
  for (std::size_t row = 0; row < scales.size(); ++row) {
    const std::size_t first = row * columns;
    const std::size_t head = elements_to_byte(first);
    job.scale = scales[row];
    typename F::code_type codes[8];
    kernels::scalar::encode<F>(in + first, codes, head, job);
    for (std::size_t i = 0; i < head; ++i) {
      core::store_dense<F::width>(out, first + i, codes[i]);
    }
    job.first_index += head;
    // Bits of the last byte that belong to the next row become 0; that row writes them next.
    dispatch::encode_dense<F>(set, in + first + head, out + core::dense_size_bytes(first + head, F::width),
                              columns - head, job);
    job.first_index += columns - head;
  }
}

template <scalar_format F, class S>
void encode_dense_rows(isa set, const S* in, std::byte* out, std::size_t columns,
                       std::span<const float> scales, const kernels::encode_job& job) {
  if (columns >= long_row) {
    encode_long_dense_rows<F>(set, in, out, columns, scales, job);
  } else if (columns != 0) {
    encode_short_dense_rows<F>(set, in, out, columns, scales, job);
  }
}

template <scalar_format F, class S>
void decode_rows(isa set, const typename F::code_type* in, S* out, std::size_t columns,
                 std::span<const float> scales) {
  for (std::size_t row = 0; row < scales.size(); ++row) {
    dispatch::decode<F>(set, in + row * columns, out + row * columns, columns, scales[row]);
  }
}

template <scalar_format F, class S>
void decode_short_dense_rows(isa set, const std::byte* in, S* out, std::size_t columns,
                             std::span<const float> scales) {
  typename F::code_type codes[8 * long_row] = {};
  for (std::size_t row = 0; row < scales.size(); row += 8) {
    const std::size_t rows = scales.size() - row < 8 ? scales.size() - row : 8;
    core::unpack_dense<F::width>(in + core::dense_size_bytes(row * columns, F::width), codes, rows * columns);
    decode_rows<F>(set, codes, out + row * columns, columns, scales.subspan(row, rows));
  }
}

template <scalar_format F, class S>
void decode_long_dense_rows(isa set, const std::byte* in, S* out, std::size_t columns,
                            std::span<const float> scales) {
  for (std::size_t row = 0; row < scales.size(); ++row) {
    const std::size_t first = row * columns;
    const std::size_t head = elements_to_byte(first);
    typename F::code_type codes[8];
    for (std::size_t i = 0; i < head; ++i) {
      codes[i] = static_cast<typename F::code_type>(core::load_dense<F::width>(in, first + i));
    }
    kernels::scalar::decode<F>(codes, out + first, head, scales[row]);
    dispatch::decode_dense<F>(set, in + core::dense_size_bytes(first + head, F::width), out + first + head,
                              columns - head, scales[row]);
  }
}

template <scalar_format F, class S>
void decode_dense_rows(isa set, const std::byte* in, S* out, std::size_t columns,
                       std::span<const float> scales) {
  if (columns >= long_row) {
    decode_long_dense_rows<F>(set, in, out, columns, scales);
  } else if (columns != 0) {
    decode_short_dense_rows<F>(set, in, out, columns, scales);
  }
}

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// Packs a row-major matrix: each row as pack does with the row's scale.
///
/// Shape     in: scales.size() rows of `columns` values of any type that pack takes. out: as many codes,
///           or as many densely stored values (packed_span, packed_vector), whose rows follow bit on bit.
/// Scales    value * scales[row], rounded once to float, is what is packed; the value itself where the
///           scale is 1. Element (r, c) draws by index first_index + r * columns + c.
/// Errors    sizes that do not fit, a scale that is not positive and finite, options.scale other than 1,
///           and those of pack: std::invalid_argument before anything is written. Does not allocate.
/// Cost      that of pack for each row.
template <class S, class T>
requires conversion_source<S> && narrow_value<T>
void pack_rows(std::span<const S> in, std::span<T> out, std::size_t columns, std::span<const float> scales,
               pack_options options = {}) {
  constexpr const char* function = "narrowfp::pack_rows";
  using F = typename T::format;
  const isa set = dispatch::resolve(function, options.use);
  detail::require_rows(function, in.size(), out.size(), columns, scales, options.scale);
  const kernels::encode_job job = detail::make_job<T>(options, function);
  if (columns != 0) {
    const detail::kernel_elements elements(in.data());
    detail::encode_rows<F>(set, elements.data(), reinterpret_cast<typename F::code_type*>(out.data()),
                           columns, scales, job);
  }
}
template <detail::pack_source In, detail::values_target Out>
void pack_rows(In&& in, Out&& out, std::size_t columns, std::span<const float> scales,
               pack_options options = {}) {
  using S = std::remove_const_t<detail::element_of<In>>;
  pack_rows<S, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), columns, scales,
                                        options);
}
template <detail::pack_source In, detail::packed_target Out>
void pack_rows(In&& in, Out&& out, std::size_t columns, std::span<const float> scales,
               pack_options options = {}) {
  constexpr const char* function = "narrowfp::pack_rows";
  using T = detail::packed_value<Out>;
  using F = typename T::format;
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const packed_span<T> target = out;
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const kernels::encode_job job = detail::make_job<T>(options, function);
  const detail::kernel_elements elements(source.data());
  detail::encode_dense_rows<F>(set, elements.data(), target.bytes().data(), columns, scales, job);
}
/// @}

/// @{
/// Unpacks a row-major matrix: each row as unpack does with the row's scale.
///
/// Shape     in: scales.size() rows of `columns` codes, or densely stored values. out: as many values of any
///           type that unpack fills.
/// Scales    value * scales[row] is rounded once, nearest even, native overflow.
/// Errors    as pack_rows.
/// Cost      that of unpack for each row.
template <class T, class S>
requires narrow_value<T> && array_scalar<S>
void unpack_rows(std::span<const T> in, std::span<S> out, std::size_t columns, std::span<const float> scales,
                 unpack_options options = {}) {
  constexpr const char* function = "narrowfp::unpack_rows";
  using F = typename T::format;
  const isa set = dispatch::resolve(function, options.use);
  detail::require_rows(function, in.size(), out.size(), columns, scales, options.scale);
  if (columns != 0) {
    const detail::kernel_elements elements(out.data());
    detail::decode_rows<F>(set, reinterpret_cast<const typename F::code_type*>(in.data()), elements.data(),
                           columns, scales);
  }
}
template <detail::values_source In, detail::unpack_target Out>
void unpack_rows(In&& in, Out&& out, std::size_t columns, std::span<const float> scales,
                 unpack_options options = {}) {
  using T = std::remove_const_t<detail::element_of<In>>;
  unpack_rows<T, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), columns, scales,
                                          options);
}
template <detail::packed_range In, detail::unpack_target Out>
void unpack_rows(In&& in, Out&& out, std::size_t columns, std::span<const float> scales,
                 unpack_options options = {}) {
  constexpr const char* function = "narrowfp::unpack_rows";
  using T = std::remove_const_t<detail::packed_value<In>>;
  using F = typename T::format;
  const isa set = dispatch::resolve(function, options.use);
  const packed_span<const T> source = in;
  const auto target = detail::as_span(out);
  detail::require_rows(function, source.size(), target.size(), columns, scales, options.scale);
  const detail::kernel_elements elements(target.data());
  detail::decode_dense_rows<F>(set, source.bytes().data(), elements.data(), columns, scales);
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0

#include "refusals/pack_rows.hpp"
