// Products of a pair of types, reached through function pointers that take and return bytes, so that one
// run-time suite covers every pair by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "exact_dot.hpp"

namespace products {

using byte_view = std::span<const std::uint8_t>;
using byte_vector = std::vector<std::uint8_t>;

enum class result { f32, f64, bf16, f16 };
inline constexpr result all_results[] = {result::f32, result::f64, result::bf16, result::f16};

/// What the oracle calls a type of results.
inline const oracle::source_layout& layout_of(result out) {
  switch (out) {
    case result::f32:
      return oracle::binary32;
    case result::f64:
      return oracle::binary64;
    case result::bf16:
      return oracle::brain16;
    default:
      return oracle::binary16;
  }
}
/// Throws for a name of none.
result result_named(const std::string& name);

struct matrix_call {
  result out = result::f32;
  std::size_t rows = 1;
  std::size_t cols = 0;
  std::size_t b_rows = 1;  ///< of the second matrix
  narrowfp::product_options options{};
};

/// The functions of a pair. Arrays begin `shift` objects after an aligned address.
struct pair_probe {
  const char* a;
  const char* b;
  /// Bits of dot<out>(a, b, n, options).
  std::uint64_t (*dot)(result out, byte_view a, byte_view b, std::size_t n, narrowfp::dot_options options,
                       std::size_t shift);
  /// Of pairs that have them, else null. `y` and `c` are bytes of the result's type, before and after the
  /// call.
  void (*matrix_vector)(const matrix_call& call, byte_view a, byte_view x, byte_vector& y) = nullptr;
  void (*matrix)(const matrix_call& call, byte_view a, byte_view b, byte_vector& c) = nullptr;

  [[nodiscard]] const oracle::packed_type& a_type() const { return oracle::find_packed_type(a); }
  [[nodiscard]] const oracle::packed_type& b_type() const { return oracle::find_packed_type(b); }
  [[nodiscard]] std::string name() const { return std::string(a) + " . " + b; }
};

/// Those of the vectors, then a few of users' formats; in the full tests all pairs of many types. None twice.
const std::vector<pair_probe>& pairs();
/// Throws if there is none.
const pair_probe& find_pair(const std::string& a, const std::string& b);

/// What the units of the list add.
void add_vector_pairs(std::vector<pair_probe>& list);
void add_mixed_vector_pairs(std::vector<pair_probe>& list);
void add_user_pairs(std::vector<pair_probe>& list);
void add_all_pairs_of_values(std::vector<pair_probe>& list);
void add_all_pairs_of_blocks(std::vector<pair_probe>& list);
void add_all_pairs_of_both(std::vector<pair_probe>& list);

}  // namespace products
