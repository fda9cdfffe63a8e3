// GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "parameter.hpp"

namespace checkpoint {

/// A type of tensors in GGUF files. Elements lie in blocks along the fastest axis.
struct gguf_type {
  std::uint32_t id;
  std::string_view name;
  unsigned block_elements;  ///< 0: this program knows the type by its name only
  unsigned block_bytes;
  /// Values of a part of some blocks, from element `first` of the first one on; null where it holds single
  /// numbers.
  void (*decode)(std::span<const std::byte> blocks, std::span<float> out, std::size_t first);
};

/// Null for an id that ggml has not given to any type.
const gguf_type* find_gguf_type(std::uint32_t id) noexcept;

/// The parameters of a file of version 2 or 3.
model read_gguf(const std::shared_ptr<const input_file>& file);

}  // namespace checkpoint
