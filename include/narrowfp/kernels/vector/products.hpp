// Layer: kernels/vector. Exact sums of products of two rows, and what the dispatcher sees of them.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_bytes.hpp"
#include "product_elements.hpp"
#include "product_floats.hpp"
#include "product_readers.hpp"
#include "product_significands.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The kernel of a pair: elements as bytes where both are, as significands with exponents, else as floats.
template <class A, class B>
using products_of = std::conditional_t<multiplies_bytes<A, B, vector_bytes>, byte_products<A, B>,
                                       std::conditional_t<multiplies_significands<A, B, vector_bytes>,
                                                          significand_products<A, B>, float_products<A, B>>>;

/// Adds the products of the first n elements; dense rows begin at a byte.
template <class A, class B>
NARROWFP_TARGET [[gnu::noinline]] void add_products(const A& a, const B& b, std::size_t n,
                                                    product_sum<A, B>& sum) noexcept {
  using products = products_of<A, B>;
  constexpr std::size_t size = products::plan::whole;
  const std::size_t whole = n / size * size;
  products all = {a, b, sum, whole};
  for (std::size_t i = 0; i < whole; i += product_chunk) {
    all.add_chunk(i, whole - i < product_chunk ? whole - i : product_chunk);
  }
  if (whole != n) {
    const padded_row<A, size> last_a(a, whole, n - whole);
    const padded_row<B, size> last_b(b, whole, n - whole);
    const A row_a = last_a.row();
    const B row_b = last_b.row();
    products last = all.of(row_a, row_b, n - whole);
    last.add_chunk(0, size);
  }
}

/// Whether the set loads the codes of a row.
template <class Row>
inline constexpr bool loads_row = row_traits<Row>::bits >= 8 || loads_codes(row_traits<Row>::bits);

/// What the dispatcher sees of the set.
struct product_face {
  template <class A, class B>
  static constexpr bool offers() noexcept {
    return loads_row<A> && loads_row<B> &&
           (multiplies_bytes<A, B, vector_bytes> || multiplies_significands<A, B, vector_bytes> ||
            multiplies_floats<A, B, vector_bytes>);
  }
  template <class A, class B>
  static void add(const A& a, const B& b, std::size_t n, product_sum<A, B>& sum) noexcept {
    if constexpr (products_of<A, B>::plan::surveys) {
      const exact_environment guard(rounding::nearest_even);
      add_products(a, b, n, sum);
    } else {
      add_products(a, b, n, sum);
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
