// Formats that checkpoints are written in: numbers to codes and scales.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace checkpoint {

/// What was lost by writing.
struct losses {
  std::uint64_t not_finite = 0;  ///< NaN and infinities that the format does not keep
  std::uint64_t saturated = 0;   ///< finite, and beyond the format's reach
  std::uint64_t flushed = 0;     ///< not zero, written as zero

  losses& operator+=(const losses& other) noexcept;
};

enum class scale_rule_name { by_format, floor, ceil, rceil, even, search_mse, four_over_six };

struct encoding_options {
  scale_rule_name rule = scale_rule_name::by_format;
  bool stochastic = false;
  std::uint64_t seed = 0;
};

/// A piece of a matrix: whole rows, or a part of one.
struct matrix_piece {
  std::span<const float> values;
  std::size_t row_length;
  std::uint64_t first;  ///< of the elements, counted in the parameter
  float tensor_amax;    ///< of the whole parameter and those that share its scale; 0 if the format has no use
};

/// Numbers to codes and scales; keeps memory from call to call.
class encoder {
 public:
  virtual ~encoder() = default;
  /// Replaces the contents of codes and scales.
  virtual losses encode(const matrix_piece& piece, std::vector<std::byte>& codes,
                        std::vector<std::byte>& scales) = 0;
};

enum class scale_span { none, tensor, row, tile, group };

/// A format by the name that `--to` takes.
struct target_format {
  std::string_view name;
  std::string_view summary;
  unsigned code_bits;
  scale_span span;
  unsigned group;        ///< elements of a row that share a scale, and that a row has to be a multiple of
  unsigned scale_bytes;  ///< of one scale
  bool needs_amax;       ///< of the parameter
  bool is_plain_float;   ///< nothing is quantized
  std::unique_ptr<encoder> (*make)(const encoding_options& options);
};

inline constexpr std::uint64_t tile_rows = 128;
inline constexpr std::uint64_t tile_columns = 128;

std::span<const target_format> target_formats() noexcept;
const target_format* find_target_format(std::string_view name) noexcept;

/// The scale of the whole tensor that the format derives from its largest magnitude: a factor.
float tensor_scale_of(const target_format& format, float amax) noexcept;

}  // namespace checkpoint
