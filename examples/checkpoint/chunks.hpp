// Cuts a tensor into pieces that fit in memory and respect its rows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor.hpp"

namespace checkpoint {

/// About as many elements as are held at once. A multiple of 64, which every block size divides.
inline constexpr std::uint64_t chunk_elements = std::uint64_t{1} << 20;

/// Calls visit(n, row_length) for consecutive pieces: n elements that are whole rows, or a part of one row.
template <class Visit>
void for_each_chunk(const tensor& t, Visit visit) {
  if (t.elements == 0) {
    return;
  }
  const std::uint64_t row = t.row_length();
  if (row > chunk_elements) {
    for (std::uint64_t done = 0; done < t.elements;) {
      const std::uint64_t in_row = row - done % row;
      const std::uint64_t n = in_row < chunk_elements ? in_row : chunk_elements;
      visit(static_cast<std::size_t>(n), static_cast<std::size_t>(n));
      done += n;
    }
    return;
  }
  const std::uint64_t rows_at_once = chunk_elements / row;
  for (std::uint64_t done = 0; done < t.elements;) {
    const std::uint64_t left = t.elements - done;
    const std::uint64_t n = left < rows_at_once * row ? left : rows_at_once * row;
    visit(static_cast<std::size_t>(n), static_cast<std::size_t>(row));
    done += n;
  }
}

}  // namespace checkpoint
