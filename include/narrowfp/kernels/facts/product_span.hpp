// Layer: kernels/facts. How wide exact sums of products of two rows are.
#pragma once

#include "../../core/exact_sum.hpp"
#include "../product_rows.hpp"
#include "value_span.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// In which integers the elements of a row count.
template <class Row>
inline constexpr value_span span_of_row = [] {
  if constexpr (row_of_blocks<Row>) {
    return span_of_block<typename Row::block>;
  } else {
    return span_of<typename Row::element_format>;
  }
}();

/// Every product is a multiple of 2^lowest_product.
template <class A, class B>
inline constexpr int lowest_product = span_of_row<A>.unit + span_of_row<B>.unit;

/// Digits for the sum of up to 2^64 products: one of few numbers, so that many pairs share their code.
template <class A, class B>
inline constexpr int product_digits = [] {
  const int bits = span_of_row<A>.top + span_of_row<B>.top + 2 + 64 - lowest_product<A, B>;
  const int digits = bits / 32 + 3;
  return digits <= 28 ? 28 : (digits + 31) / 32 * 32;
}();

template <class A, class B>
using product_sum = core::exact_sum<product_digits<A, B>>;

}  // namespace
}  // namespace narrowfp::inline v0::kernels
