// Products read nothing outside their operands, of any length, whether these begin or end at a protected
// page.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "kernels/fenced_memory.hpp"
#include "product_inputs.hpp"
#include "product_types.hpp"
#include "support/instruction_sets.hpp"
#include "typed_arrays.hpp"

namespace products {
namespace {

using narrowfp::isa;
using narrowfp::matrix_view;

constexpr std::size_t longest = 200;

/// Where copies of the bytes lie: behind a protected page, or before one.
class place {
 public:
  explicit place(bool at_end) : memory_(1 << 14), at_end_(at_end) {}

  /// A copy; another one takes its place.
  [[nodiscard]] std::span<const std::uint8_t> copy(std::span<const std::uint8_t> bytes) const {
    std::uint8_t* const at = at_end_ ? memory_.end() - bytes.size() : memory_.begin();
    std::copy(bytes.begin(), bytes.end(), at);
    return {at, bytes.size()};
  }
  template <class T>
  [[nodiscard]] std::span<const T> copy_of(std::span<const T> values) const {
    const auto bytes = copy({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
    return {reinterpret_cast<const T*>(bytes.data()), values.size()};
  }

 private:
  kernels::fenced_memory memory_;
  bool at_end_;
};

/// The product of every length. make_a and make_b give views of one row that lie at such places.
template <class MakeA, class MakeB>
void expect_to_read_within(const MakeA& make_a, const MakeB& make_b) {
  for (const bool at_end : {true, false}) {
    const place codes_a(at_end);
    const place scales_a(at_end);
    const place codes_b(at_end);
    const place scales_b(at_end);
    for (std::size_t n = 0; n <= longest; ++n) {
      const auto a = make_a(n, codes_a, scales_a);
      const auto b = make_b(n, codes_b, scales_b);
      const auto want = bits_of(narrowfp::dot<double>(a, b, n, {.use = isa::scalar}));
      for (const isa use : support::available_vector_isas()) {
        EXPECT_EQ(bits_of(narrowfp::dot<double>(a, b, n, {.use = use})), want) << n << ", " << isa_name(use);
      }
    }
  }
}

template <class T>
std::vector<T> values_of(inputs kind, std::size_t n) {
  generator random(n);
  const array_of<T> made(make_array(oracle::find_packed_type(type_name<T>), kind, n, random), 0);
  return {made.view().begin(), made.view().end()};
}

/// An array of values or of blocks.
template <class T>
auto array_at(inputs kind) {
  return [kind](std::size_t n, const place& codes, const place&) {
    const std::vector<T> values = values_of<T>(kind, n);
    return matrix_view<T>(codes.copy_of(std::span<const T>(values)), 1, n);
  };
}

/// Blocks whose codes and scales lie apart.
template <class B>
auto split_at(inputs kind) {
  return [kind](std::size_t n, const place& codes, const place& scales) {
    std::vector<std::uint8_t> all_codes;
    std::vector<std::uint8_t> all_scales;
    for (const B& block : values_of<B>(kind, n)) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(&block);
      all_scales.insert(all_scales.end(), bytes, bytes + B::metadata_bytes);
      all_codes.insert(all_codes.end(), bytes + B::metadata_bytes, bytes + sizeof(B));
    }
    return matrix_view<B>(narrowfp::const_split_blocks(codes.copy(all_codes), scales.copy(all_scales)), 1, n);
  };
}

/// Values as a dense stream.
template <class T>
auto dense_at(inputs kind) {
  return [kind](std::size_t n, const place& codes, const place&) {
    const std::vector<T> values = values_of<T>(kind, n);
    narrowfp::packed_vector<T> dense(n);
    for (std::size_t i = 0; i < n; ++i) {
      dense[i] = values[i];
    }
    const auto bytes = codes.copy_of(std::span<const std::byte>(dense.bytes()));
    return matrix_view<T>(narrowfp::packed_span<const T>(bytes, n), 1, n);
  };
}

TEST(ProductMemory, ValuesEndAndBeginAtAProtectedPage) {
  using namespace narrowfp;
  for (const inputs kind : {inputs::near, inputs::any}) {
    expect_to_read_within(array_at<fp8_e4m3>(kind), array_at<fp8_e4m3>(kind));
    expect_to_read_within(array_at<fp6_e2m3>(kind), array_at<fp6_e2m3>(kind));
    expect_to_read_within(array_at<bfloat16>(kind), array_at<float>(kind));
  }
}

TEST(ProductMemory, DenseValuesEndAndBeginAtAProtectedPage) {
  using namespace narrowfp;
  for (const inputs kind : {inputs::near, inputs::any}) {
    expect_to_read_within(dense_at<fp4_e2m1>(kind), dense_at<fp4_e2m1>(kind));
    expect_to_read_within(dense_at<fp6_e2m3>(kind), dense_at<fp6_e2m3>(kind));
    expect_to_read_within(dense_at<fp6_e3m2>(kind), array_at<float>(kind));
    expect_to_read_within(dense_at<fp4_e2m1>(kind), array_at<mxfp4>(kind));
  }
}

TEST(ProductMemory, BlocksEndAndBeginAtAProtectedPage) {
  using namespace narrowfp;
  for (const inputs kind : {inputs::near, inputs::any}) {  // the latter leave a kernel's windows
    expect_to_read_within(array_at<mxfp4>(kind), array_at<mxfp4>(kind));
    expect_to_read_within(array_at<nvfp4>(kind), array_at<nvfp4>(kind));
    expect_to_read_within(array_at<hif4>(kind), array_at<hif4>(kind));
    expect_to_read_within(array_at<mxfp6_e2m3>(kind), array_at<mxint8>(kind));
    expect_to_read_within(array_at<mx9>(kind), array_at<mx9>(kind));
    expect_to_read_within(array_at<mxfp8_e5m2>(kind), array_at<bfloat16>(kind));
    expect_to_read_within(array_at<fp8_per_128>(kind), array_at<fp8_per_128>(kind));
  }
}

TEST(ProductMemory, SplitBlocksEndAndBeginAtAProtectedPage) {
  using namespace narrowfp;
  for (const inputs kind : {inputs::near, inputs::any}) {
    expect_to_read_within(split_at<mxfp4>(kind), split_at<mxfp4>(kind));
    expect_to_read_within(split_at<nvfp4>(kind), array_at<nvfp4>(kind));
    expect_to_read_within(split_at<hif4>(kind), split_at<hif4>(kind));
    expect_to_read_within(split_at<mxfp6_e2m3>(kind), split_at<mxint8>(kind));
    expect_to_read_within(split_at<mx9>(kind), split_at<mx9>(kind));
    expect_to_read_within(split_at<mxfp8_e5m2>(kind), array_at<float>(kind));
    expect_to_read_within(split_at<fp8_per_128>(kind), split_at<fp8_per_128>(kind));
  }
}

/// Five rows of n elements at such a place.
template <class T>
matrix_view<T> rows_at(const place& where, inputs kind, std::size_t n) {
  constexpr std::size_t rows = 5;
  std::vector<T> all;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::vector<T> line = values_of<T>(kind, n);
    all.insert(all.end(), line.begin(), line.end());
  }
  return matrix_view<T>(where.copy_of(std::span<const T>(all)), rows, n);
}

/// Products of matrices prepare rows.
TEST(ProductMemory, MatricesEndAndBeginAtAProtectedPage) {
  using namespace narrowfp;
  for (const bool at_end : {true, false}) {
    for (const inputs kind : {inputs::near, inputs::any}) {
      for (std::size_t n = 60; n <= longest; n += 7) {
        const place place_a(at_end);
        const place place_b(at_end);
        const auto a = rows_at<hif4>(place_a, kind, n);
        const auto b = rows_at<nvfp4>(place_b, kind, n);
        std::vector<double> want(a.rows() * b.rows());
        matrix_product(a, b, want, {.use = isa::scalar});
        for (const isa use : support::available_vector_isas()) {
          std::vector<double> c(want.size());
          matrix_product(a, b, c, {.use = use});
          std::vector<double> y(a.rows());
          matrix_vector_product(a, b.rows(0, 1), y, {.use = use});
          for (std::size_t i = 0; i < c.size(); ++i) {
            EXPECT_EQ(bits_of(c[i]), bits_of(want[i])) << n << ", " << isa_name(use);
          }
          for (std::size_t i = 0; i < y.size(); ++i) {
            EXPECT_EQ(bits_of(y[i]), bits_of(want[i * b.rows()])) << n << ", " << isa_name(use);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace products
