// Layer: kernels/scalar. Sums of products of two rows by exact integer arithmetic: what every kernel must
// equal.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/bit_packing.hpp"
#include "../../core/codec.hpp"
#include "../../core/exact_sum.hpp"
#include "../../core/real.hpp"
#include "../facts/product_span.hpp"
#include "../product_rows.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels::scalar {

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

/// Adds the product of two numbers without sticky bits.
template <int Digits>
constexpr void add_product(core::exact_sum<Digits>& sum, const core::real& a, const core::real& b) noexcept {
  const core::real product = core::multiply(a, b);
  if (!product.sticky) {
    sum.add(product);
    return;
  }
  core::wide_integer<4> wide = core::wide_one<4>();
  wide.multiply(a);
  wide.multiply(b);
  sum.add(wide, product.negative);
}

/// Reads the elements of a row as exact numbers, in order.
template <class Row>
class row_reader;

template <scalar_format F>
class row_reader<code_row<F>> {
 public:
  explicit row_reader(const code_row<F>& row) noexcept : row_(row) {}

  [[nodiscard]] core::real at(std::size_t i) const noexcept {
    typename F::code_type code;
    __builtin_memcpy(&code, row_.codes + i * sizeof code, sizeof code);
    return core::decode<F>(code);
  }

 private:
  code_row<F> row_;
};

template <scalar_format F>
class row_reader<dense_row<F>> {
 public:
  explicit row_reader(const dense_row<F>& row) noexcept : row_(row) {}

  [[nodiscard]] core::real at(std::size_t i) const noexcept {
    return core::decode<F>(
        static_cast<typename F::code_type>(core::load_dense<F::width>(row_.codes, row_.first + i)));
  }

 private:
  dense_row<F> row_;
};

template <row_of_blocks Row>
class row_reader<Row> {
  using B = typename Row::block;

 public:
  explicit row_reader(const Row& row) noexcept : places_(row.places()) {}

  [[nodiscard]] core::real at(std::size_t i) noexcept {
    const std::size_t block = i / B::elements;
    if (block != loaded_) {
      const block_source from = from_block(places_, block);
      __builtin_memcpy(block_.bytes.data(), from.metadata, B::metadata_bytes);
      __builtin_memcpy(block_.bytes.data() + B::metadata_bytes, from.codes, B::code_bytes);
      loaded_ = block;
    }
    return block_.exact(i % B::elements);
  }

 private:
  block_source places_;
  B block_;
  std::size_t loaded_ = ~std::size_t{0};
};

/// Adds the products of elements first .. n - 1.
template <class A, class B>
[[gnu::noinline]] void add_products(const A& a, const B& b, std::size_t first, std::size_t n,
                                    product_sum<A, B>& sum) noexcept {
  row_reader<A> reader_a(a);
  row_reader<B> reader_b(b);
  for (std::size_t i = first; i < n; ++i) {
    add_product(sum, reader_a.at(i), reader_b.at(i));
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels::scalar

#include "../target_end.hpp"
