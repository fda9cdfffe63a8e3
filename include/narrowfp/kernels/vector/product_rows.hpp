// Layer: kernels/vector. The rows of exact products in vectors: where codes lie, and the last ones.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Where a row's codes lie, Step elements after the other.
template <class Row, std::size_t Step>
struct code_cursor {
  using F = typename Row::element_format;
  static constexpr std::size_t pieces = 1;
  const std::uint8_t* at;

  NARROWFP_INLINE code_cursor(const Row& row, std::size_t first) noexcept
      : at(reinterpret_cast<const std::uint8_t*>(row.codes) +
           first / 8 * std::size_t{row_traits<Row>::bits}) {}
  NARROWFP_INLINE void advance() noexcept { at += Step / 8 * std::size_t{row_traits<Row>::bits}; }
  /// Of pieces.
  [[nodiscard]] NARROWFP_INLINE static std::size_t stride() noexcept { return 0; }
};

template <row_of_blocks Row, std::size_t Step>
struct code_cursor<Row, Step> {
  using B = typename Row::block;
  static constexpr std::size_t bytes = Step / 8 * std::size_t{B::element_format::width};
  static constexpr std::size_t pieces = B::elements >= Step ? 1 : Step / B::elements;
  static constexpr std::size_t parts = B::elements >= Step ? B::elements / Step : 1;  ///< of a block
  const std::uint8_t* at;

  NARROWFP_INLINE code_cursor(const Row& row, std::size_t first) noexcept
      : at(reinterpret_cast<const std::uint8_t*>(row.places().codes) +
           first / B::elements * row.places().code_stride + first % B::elements / Step * bytes),
        stride_(row.places().code_stride),
        part_(first % B::elements / Step) {}
  NARROWFP_INLINE void advance() noexcept {
    if constexpr (parts == 1) {
      at += pieces * stride();
    } else if (++part_ == parts) {
      part_ = 0;
      at += stride() - (parts - 1) * bytes;
    } else {
      at += bytes;
    }
  }
  [[nodiscard]] NARROWFP_INLINE std::size_t stride() const noexcept {
    return Row::is_whole ? sizeof(B) : stride_;
  }

 private:
  std::size_t stride_;
  std::size_t part_;
};

/// A vector of codes of up to 8 bits, one a byte.
template <class Row>
NARROWFP_TARGET NARROWFP_INLINE byte_vector
load_row_codes(const code_cursor<Row, vector_bytes>& from) noexcept {
  using F = typename Row::element_format;
  constexpr int bits = row_traits<Row>::bits;
  constexpr std::size_t pieces = code_cursor<Row, vector_bytes>::pieces;
  const byte_vector codes = load_code_bytes<bits, pieces>(from.at, from.stride());
  return F::width < bits ? low_bits_of_bytes(codes, (1 << F::width) - 1) : codes;
}

/// The magnitude of k of codes whose sign is a bit, one a byte.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE byte_vector integer_magnitudes_of_codes(byte_vector codes) noexcept {
  const byte_vector magnitudes = low_bits_of_bytes(codes, (1 << (F::width - 1)) - 1);
  if constexpr (magnitudes_are_integers<F>) {
    return magnitudes;
  } else {
    return look_up_bytes<(1 << (F::width - 1)) / 16>(integer_bytes<F>.data(), magnitudes);
  }
}

/// k of codes, one a byte.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE byte_vector integers_of_codes(byte_vector codes) noexcept {
  if constexpr (codes_are_integers<F>) {
    return codes;
  } else if constexpr (F::width <= 4) {
    return look_up_bytes<1>(integer_bytes<F>.data(), codes);
  } else if constexpr (integers_have_signs<F>) {
    return negated_by_bit<F::width - 1>(integer_magnitudes_of_codes<F>(codes), codes);
  } else {
    return look_up_bytes<(1 << F::width) / 16>(integer_bytes<F>.data(), codes);
  }
}

/// The metadata of the blocks of Step elements from i on, of each in the lanes of its elements.
template <std::size_t Step, row_of_blocks Row>
NARROWFP_TARGET NARROWFP_INLINE dwords load_metadata_lanes(const Row& row, std::size_t i) noexcept {
  using B = typename Row::block;
  constexpr std::size_t blocks = B::elements >= Step ? 1 : Step / B::elements;
  std::uint32_t metadata[lanes] = {};
#pragma GCC unroll 8
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::byte* const from = from_block(row.places(), i / B::elements + b).metadata;
    if constexpr (B::metadata_bytes == 4) {
      __builtin_memcpy(&metadata[b], from, 4);
    } else {  // in a register: a copy of fewer bytes could not be read as 32 bits before it is stored
      for (std::size_t byte = 0; byte < B::metadata_bytes; ++byte) {
        metadata[b] |= static_cast<std::uint32_t>(from[byte]) << 8 * byte;
      }
    }
  }
  return spread<blocks>(metadata);
}

/// Sets where the bit of an element lies at a level below the scale: the byte among those of a block's
/// metadata in the same 32-bit lane, and the bit. Levels that B has not stay without a bit.
template <block_type B, class Table>
constexpr void place_bit(Table& table, std::size_t at, std::size_t element, std::size_t level) noexcept {
  if (level < B::levels) {
    const std::size_t place =
        8 * B::layout::offset[level] + element % B::elements / B::layout::group_elements[level];
    table.byte[at] = static_cast<std::uint8_t>(at % 16 / 4 * 4 + place / 8);
    table.bit[at] = static_cast<std::uint8_t>(1U << place % 8);
  }
}

/// The last elements, fewer than `Whole`, copied and completed with zeros. The scales of blocks that are not
/// there are those of the last one.
template <class Row, std::size_t Whole>
struct padded_row;
template <row_of_blocks Row, std::size_t Whole>
struct padded_row<Row, Whole> {
  using B = typename Row::block;
  B blocks[Whole / B::elements];

  padded_row(const Row& row, std::size_t first, std::size_t n) noexcept {
    const std::size_t here = (n + B::elements - 1) / B::elements;
    for (std::size_t b = 0; b < Whole / B::elements; ++b) {
      std::uint8_t* const bytes = blocks[b].bytes.data();
      const block_source from = from_block(row.places(), first / B::elements + (b < here ? b : here - 1));
      __builtin_memcpy(bytes, from.metadata, B::metadata_bytes);
      if (b < here) {
        __builtin_memcpy(bytes + B::metadata_bytes, from.codes, B::code_bytes);
      }
    }
    for (std::size_t i = n; i < here * B::elements; ++i) {
      blocks[i / B::elements].set_code(i % B::elements, 0);
    }
  }
  [[nodiscard]] Row row() const noexcept {
    const auto* const bytes = reinterpret_cast<const std::byte*>(blocks);
    if constexpr (Row::is_whole) {
      return {bytes};
    } else {
      return {whole_row<B>{bytes}.places()};
    }
  }
};
template <scalar_format F, std::size_t Whole>
struct padded_row<code_row<F>, Whole> {
  std::byte codes[Whole * sizeof(typename F::code_type)] = {};

  padded_row(const code_row<F>& row, std::size_t first, std::size_t n) noexcept {
    constexpr std::size_t size = sizeof(typename F::code_type);
    __builtin_memcpy(codes, row.codes + first * size, n * size);
  }
  [[nodiscard]] code_row<F> row() const noexcept { return {codes}; }
};
template <scalar_format F, std::size_t Whole>
struct padded_row<dense_row<F>, Whole> {
  std::byte codes[Whole / 8 * F::width] = {};

  padded_row(const dense_row<F>& row, std::size_t first, std::size_t n) noexcept {
    __builtin_memcpy(codes, row.codes + first / 8 * F::width, core::dense_size_bytes(n, F::width));
    for (std::size_t i = n; i < Whole && i % 8 != 0; ++i) {
      core::store_dense<F::width>(codes, i, 0);
    }
  }
  [[nodiscard]] dense_row<F> row() const noexcept { return {codes, 0}; }
};

/// Adds the products of n elements in runs between those that are zero, whose scales do not count:
/// products.add_run takes a run if it can, add_groups any.
template <class Products>
NARROWFP_TARGET [[gnu::noinline]] void add_runs(Products& products, std::size_t first,
                                                std::size_t n) noexcept {
  const std::size_t end = first + n;
  for (std::size_t at = first; at < end;) {
    const scalar::element_run run = scalar::next_run<Products::plan::whole>(products.a, products.b, at, end);
    const std::size_t size = run.end - run.first;
    if (size != 0 && (size == n || !products.add_run(run.first, size))) {
      products.add_groups(run.first, size);
    }
    at = run.end;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
