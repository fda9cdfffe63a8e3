// A parameter of a model: what one tensor, or several of a quantized layer, stand for as numbers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor.hpp"

namespace checkpoint {

/// The numbers of a parameter, wherever and however they are stored. Any thread may read at any time.
class value_source {
 public:
  value_source() = default;
  virtual ~value_source() = default;
  value_source(const value_source&) = delete;
  value_source& operator=(const value_source&) = delete;

  /// The elements from `first` on in C order, as many as `out` has. Returns how many finite numbers are
  /// beyond the range of float; they become infinities.
  virtual std::uint64_t read(std::uint64_t first, std::span<float> out) const = 0;

  /// The largest finite magnitude among `n` elements from `first` on; 0 where there is none.
  virtual float largest(std::uint64_t first, std::uint64_t n) const;
};

/// How the bytes of a parameter are arranged, for those who want to carry them instead of the numbers.
enum class packing {
  other,        ///< as its convention has them
  dense_codes,  ///< codes in C order, a dense little-endian stream; scales row-major
};

struct parameter {
  std::string name;  ///< of the parameter in a model that is not quantized
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 0;
  std::uint64_t size_bytes = 0;  ///< of all parts in their files

  std::string_view format;      ///< "BF16", or of a quantized one "nvfp4"
  std::string_view convention;  ///< whose names and scales: "compressed-tensors"; empty for a plain tensor
  packing packed = packing::other;
  /// The stored tensors: codes, scales, the scale of the tensor and others. One for a plain tensor.
  std::vector<tensor> parts;

  std::shared_ptr<const value_source> values;  ///< null: not floating-point numbers

  [[nodiscard]] bool is_quantized() const noexcept { return !convention.empty(); }
  [[nodiscard]] bool is_floating() const noexcept { return values != nullptr; }
  [[nodiscard]] const std::string& file() const { return parts.front().file->path(); }
  /// The last axis, along which blocks run; 1 for a scalar.
  [[nodiscard]] std::uint64_t row_length() const noexcept { return shape.empty() ? 1 : shape.back(); }
  /// About how many bytes of its files so many elements are.
  [[nodiscard]] std::uint64_t bytes_of(std::uint64_t n) const noexcept {
    const double part = elements == 0 ? 1 : static_cast<double>(n) / static_cast<double>(elements);
    return static_cast<std::uint64_t>(part * static_cast<double>(size_bytes));
  }
  /// What reports call its type: "BF16", or "nvfp4 of compressed-tensors".
  [[nodiscard]] std::string type_text() const {
    return std::string(format) + (is_quantized() ? " of " + std::string(convention) : "");
  }
};

/// A checkpoint, or several, as numbers.
struct model {
  std::vector<parameter> parameters;
  std::map<std::string, std::string> metadata;  ///< of its safetensors files
  std::vector<std::string> files;               ///< everything that was read, its configuration included
  std::string folder;                           ///< where it is one: the other files of the model lie there
  std::string config;                           ///< the text of its config.json; empty if there is none
  std::string gguf_values;             ///< keys and values of a GGUF file, encoded, without its alignment
  std::uint64_t gguf_value_count = 0;  ///< how many those are
};

}  // namespace checkpoint
