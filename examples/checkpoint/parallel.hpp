// Work in pieces that fit in memory, on several threads. Who does which piece changes no result.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace checkpoint {

/// About as many elements as a thread holds at once. A multiple of 64, which every block size divides.
inline constexpr std::uint64_t chunk_elements = std::uint64_t{1} << 19;

/// About as many elements as are worked on at once, one step after another, while a processor has them at
/// hand. A multiple of 64 as well.
inline constexpr std::uint64_t piece_elements = std::uint64_t{1} << 15;

/// Elements of one parameter: whole rows, or a part of one row in multiples of 64 or to its end.
struct chunk {
  std::size_t parameter;
  std::uint64_t first;
  std::size_t elements;
  std::size_t row_length;  ///< of these elements; elements where they are a part of a row
};

/// Appends the chunks of a parameter in order. A chunk of whole rows has a multiple of `rows` of them,
/// counted from the first row of its matrix of `matrix_rows` rows; or ends with the matrix.
inline void append_chunks(std::size_t parameter, std::uint64_t elements, std::uint64_t row_length,
                          std::vector<chunk>& chunks, std::uint64_t rows = 1, std::uint64_t matrix_rows = 1) {
  const auto add = [&](std::uint64_t first, std::uint64_t n, std::uint64_t row) {
    chunks.push_back({parameter, first, static_cast<std::size_t>(n), static_cast<std::size_t>(row)});
  };
  if (elements == 0) {
    return;
  }
  if (rows == 1 && row_length > chunk_elements) {
    for (std::uint64_t done = 0; done < elements;) {
      const std::uint64_t in_row = row_length - done % row_length;
      const std::uint64_t n = in_row < chunk_elements ? in_row : chunk_elements;
      add(done, n, n);
      done += n;
    }
    return;
  }
  const std::uint64_t total_rows = elements / row_length;
  const std::uint64_t fitting = chunk_elements / row_length / rows * rows;
  const std::uint64_t at_once = fitting == 0 ? rows : fitting;
  for (std::uint64_t row = 0; row < total_rows;) {
    std::uint64_t n = total_rows - row < at_once ? total_rows - row : at_once;
    if (rows > 1) {
      const std::uint64_t in_matrix = matrix_rows - row % matrix_rows;
      n = in_matrix < at_once ? in_matrix : at_once;
    }
    add(row * row_length, n * row_length, row_length);
    row += n;
  }
}

/// Calls work(state, i) for every i below count; each thread has a state, made by make_state(). Throws what a
/// call threw; the others then stop soon.
template <class MakeState, class Work>
void in_parallel(std::size_t count, unsigned threads, MakeState make_state, Work work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr thrown;
  std::atomic_flag has_thrown = ATOMIC_FLAG_INIT;
  const auto run = [&] {
    try {
      auto state = make_state();
      for (std::size_t i = next++; i < count; i = next++) {
        work(state, i);
      }
    } catch (...) {
      next = count;
      if (!has_thrown.test_and_set()) {
        thrown = std::current_exception();
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && i < count; ++i) {
    others.emplace_back(run);
  }
  run();
  for (std::thread& other : others) {
    other.join();
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

}  // namespace checkpoint
