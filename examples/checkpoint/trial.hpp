// What one format makes of one tensor: how many bits, how near, how much lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace checkpoint {

/// Sums over one tensor, or over several.
struct tally {
  std::uint64_t values = 0;
  std::uint64_t bits = 0;
  std::uint64_t saturated = 0;  ///< beyond the format's reach: clipped, or not finite and not kept
  std::uint64_t flushed = 0;    ///< not zero, stored as zero
  double signal = 0;            ///< sum of squares of the finite values
  double noise = 0;             ///< sum of squares of their errors

  [[nodiscard]] double bits_per_value() const noexcept;
  [[nodiscard]] double snr_db() const noexcept;  ///< infinity where no finite value changed
  [[nodiscard]] bool is_exact() const noexcept { return noise == 0 && saturated == 0; }
  tally& operator+=(const tally& other) noexcept;

  /// `reach` is the magnitude beyond which the original counts as clipped.
  void add(float original, float restored, double reach) noexcept;
};

/// How a format's codes and scales are called in a safetensors file.
struct storage {
  std::string_view code_dtype;
  std::string_view scale_dtype;  ///< empty: none
  int code_bits;
  std::uint64_t block_elements;  ///< 0: one scale, or none, for the whole tensor
  bool has_second_scale;         ///< an F32 for the whole tensor under the scales of the blocks
};

/// A format at work on a tensor, or on a part of one. begin, then add or store until the part ends.
class trial {
 public:
  virtual ~trial() = default;

  /// `amax` is the tensor's largest finite magnitude: what scales for the whole tensor are chosen by.
  virtual void begin(float amax) = 0;
  /// The next values in C order: whole rows of this length, or a part of a row in multiples of 64 or to its
  /// end. `row_length` is at most values.size().
  virtual void add(std::span<const float> values, std::size_t row_length) = 0;
  [[nodiscard]] const tally& result() const noexcept { return result_; }

  /// Appends the codes and the blocks' scales, as storage describes them. For formats that have one.
  virtual void store(std::span<const float> values, std::size_t row_length, std::vector<std::byte>& codes,
                     std::vector<std::byte>& scales) = 0;
  /// The scale of the whole tensor that restores the values; 1 if there is none.
  [[nodiscard]] float tensor_scale() const noexcept { return tensor_scale_; }

 protected:
  tally result_;
  float tensor_scale_ = 1;
};

struct number_format {
  std::string_view name;
  std::string_view summary;
  bool by_default;
  const storage* stored;       ///< null: safetensors has no convention for it
  unsigned tensor_scale_bits;  ///< of a scale for the whole tensor, in addition to what a trial counts
  std::unique_ptr<trial> (*make)();
};

/// All formats: floats for single values, then blocks.
std::span<const number_format> value_formats() noexcept;
std::span<const number_format> block_formats() noexcept;
std::vector<const number_format*> all_formats();

/// Whether a tensor with rows of this length can be stored: each row has to fill whole bytes.
bool can_store(const number_format& format, std::uint64_t row_length) noexcept;

}  // namespace checkpoint
