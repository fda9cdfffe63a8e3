// Formats that checkpoints are written in: numbers to codes and scales.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <narrowfp/block/job.hpp>

#include "losses.hpp"

namespace checkpoint {

/// How the scales of blocks are chosen; nothing: by the rule of the format and the recipe.
using scale_rule_choice = std::optional<narrowfp::scale_rule>;

template <class Choice>
struct named_choice {
  std::string_view name;
  Choice choice;
};
/// What `--scale-rule` and `--recipe` take, the default first.
std::span<const named_choice<scale_rule_choice>> scale_rules() noexcept;
std::span<const named_choice<narrowfp::recipe>> recipes() noexcept;

struct encoding_options {
  scale_rule_choice rule;
  narrowfp::recipe as = narrowfp::recipe::native;
  bool stochastic = false;
  std::uint64_t seed = 0;
  /// The scale of a whole tensor, for formats that have one; nothing: by its largest magnitude.
  std::optional<float> tensor_scale;
};

/// The scale of a whole tensor. One of the two is the other's reciprocal, rounded.
struct whole_scale {
  float factor = 1;   ///< what its values are multiplied by to be restored
  float divisor = 1;  ///< what they were multiplied by
};

/// A piece of a matrix: whole rows, or a part of one.
struct matrix_piece {
  std::span<const float> values;
  std::size_t row_length;
  std::uint64_t first;  ///< of the elements, counted in the parameter
  whole_scale whole;    ///< of the parameter and those that share its scale
};

/// Where a piece goes, as large as it becomes.
struct encoded_piece {
  std::span<std::byte> codes;
  std::span<std::byte> scales;
};

/// Numbers to codes and scales; keeps memory from call to call.
class encoder {
 public:
  virtual ~encoder() = default;
  virtual losses encode(const matrix_piece& piece, const encoded_piece& out) = 0;
};

enum class scale_span { none, tensor, row, tile, group };

/// A format by the name that `--to` takes.
struct target_format {
  std::string_view name;
  std::string_view summary;
  unsigned code_bits;    ///< of an element; 0: codes and scales are in blocks together
  unsigned block_bytes;  ///< of such a block of `group` elements
  scale_span span;
  unsigned group;        ///< elements of a row that share a scale, and that a row has to be a multiple of
  unsigned scale_bytes;  ///< of one scale
  bool is_plain_float;   ///< nothing is quantized
  /// To which magnitude a scale of the parameter brings its largest one; null: it has no such scale.
  float (*reach)() noexcept;
  std::unique_ptr<encoder> (*make)(const encoding_options& options);
  /// Whether the format has the rule and the recipe, together, and the rounding.
  bool (*offers)(const encoding_options& options);

  [[nodiscard]] bool has_whole_scale() const noexcept { return reach != nullptr; }

  /// Bytes of the codes of so many elements, whole blocks of them.
  [[nodiscard]] std::uint64_t code_bytes(std::uint64_t elements) const noexcept {
    return code_bits != 0 ? elements * code_bits / 8 : elements / group * block_bytes;
  }
};

inline constexpr std::uint64_t tile_rows = 128;
inline constexpr std::uint64_t tile_columns = 128;

std::span<const target_format> target_formats() noexcept;
const target_format* find_target_format(std::string_view name) noexcept;

/// The scale of the whole tensor: the one that is asked for, or what the format and the recipe derive from
/// the largest magnitude.
whole_scale whole_scale_of(const target_format& format, const encoding_options& options, float amax) noexcept;

}  // namespace checkpoint
