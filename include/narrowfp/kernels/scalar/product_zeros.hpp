// Layer: kernels/scalar. Parts of two rows whose products are zero whatever their scales are: padding under a
// scale that is far from the others must not keep these from being added together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../types/source.hpp"
#include "../facts/product_plan.hpp"
#include "../facts/value_span.hpp"
#include "../product_rows.hpp"
#include "product_scales.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels::scalar {

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

/// Whether the scales of n elements from `first` on are numbers.
template <class Row>
bool has_number_scales(const Row& row, std::size_t first, std::size_t n) noexcept {
  if constexpr (row_of_blocks<Row>) {
    constexpr std::size_t elements = Row::block::elements;
    scale_reader<Row, elements> scales(row, first);
    for (std::size_t i = first / elements * elements; i < first + n; i += elements) {
      if (scales.value().binade >= beyond_all) {
        return false;
      }
      scales.advance();
    }
  }
  return true;
}

inline bool all_bytes_are_0(const std::byte* bytes, std::size_t size) noexcept {
  std::uint64_t eight;
  for (; size >= sizeof eight; size -= sizeof eight, bytes += sizeof eight) {
    __builtin_memcpy(&eight, bytes, sizeof eight);
    if (eight != 0) {
      return false;
    }
  }
  for (; size != 0 && *bytes == std::byte{0}; --size) {
    ++bytes;
  }
  return size == 0;
}

/// Whether n elements from `first` on, parts of 8, have the code 0, under scales that are numbers.
template <class Row>
bool are_zeros(const Row& row, std::size_t first, std::size_t n) noexcept {
  if constexpr (row_of_blocks<Row>) {
    using B = typename Row::block;
    constexpr std::size_t most = B::elements;
    constexpr std::size_t bits = std::size_t{B::element_format::width};
    for (std::size_t i = first; i < first + n; i += most) {
      const std::size_t here = first + n - i < most ? first + n - i : most;
      const std::byte* const codes = from_block(row.places(), i / most).codes + i % most / 8 * bits;
      if (!all_bytes_are_0(codes, here / 8 * bits)) {
        return false;
      }
    }
    return has_number_scales(row, first, n);
  } else {
    const std::size_t bits = std::size_t{row_traits<Row>::bits};
    return all_bytes_are_0(row.codes + first / 8 * bits, n / 8 * bits);
  }
}

/// Elements from `first` to `end`.
struct element_run {
  std::size_t first, end;
};

/// The first run, from `first` on, of parts of Part elements whose products are not all known to be zero:
/// scales of those do not count, but for NaN. Zero times an element that is special is no zero.
template <std::size_t Part, class A, class B>
[[gnu::noinline]] element_run next_run(const A& a, const B& b, std::size_t first, std::size_t end) noexcept {
  constexpr bool a_is_finite = !span_of<typename A::element_format>.has_specials;
  constexpr bool b_is_finite = !span_of<typename B::element_format>.has_specials;
  const auto is_left_out = [&](std::size_t at) {
    if (are_zeros(a, at, Part)) {
      return (b_is_finite && has_number_scales(b, at, Part)) || are_zeros(b, at, Part);
    }
    return a_is_finite && are_zeros(b, at, Part) && has_number_scales(a, at, Part);
  };
  element_run run = {first, first};
  while (run.first < end && is_left_out(run.first)) {
    run.first += Part;
  }
  run.end = run.first;
  while (run.end < end && !is_left_out(run.end)) {
    run.end += Part;
  }
  return run;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels::scalar

#include "../target_end.hpp"
