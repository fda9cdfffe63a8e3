// How other programs want a quantized parameter named, shaped and described: what a reader of that layout
// loads. examples/checkpoint/README.md states what each loader asks for.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encoding.hpp"
#include "parameter.hpp"

namespace checkpoint {

/// One tensor of an output.
struct output_part {
  std::string name;
  std::string_view type;
  std::vector<std::uint64_t> shape;
};

/// The tensors of one quantized parameter.
struct output_parts {
  output_part codes;
  std::optional<output_part> scales;
  std::optional<output_part> second;  ///< the scale of the tensor
  bool second_divides = false;        ///< it is stored as its reciprocal
};

struct layout {
  std::string_view name;
  std::vector<std::string_view> formats;  ///< that it knows, besides f32, bf16 and f16

  [[nodiscard]] bool takes(const target_format& format) const noexcept;
  /// The format as the layout arranges it: ggml keeps codes and scales together.
  [[nodiscard]] const target_format& arranged(const target_format& format) const noexcept;
};

const std::vector<layout>& all_layouts();
const layout* find_layout(std::string_view name);
/// The layout of a format for which none is named.
std::string_view default_layout(const target_format& format) noexcept;

/// Why the layout cannot hold a parameter of that name and shape; empty: it can.
std::string objection(const layout& to, const target_format& format, const std::string& name,
                      const std::vector<std::uint64_t>& shape);

/// The tensors that it becomes. `shape` is that of the matrix, convolutions flattened.
output_parts parts_of(const layout& to, const target_format& format, const std::string& name,
                      const std::vector<std::uint64_t>& shape);

/// What is known once it is decided which parameters are quantized.
struct written_names {
  std::vector<std::string> quantized;
  std::vector<std::string> as_they_were;  ///< of those, the ones whose parts are the input's own
  std::vector<std::string> kept_weights;  ///< matrices that loaders would take for quantized ones
};

/// Files for a folder beside the tensors: config.json, and hf_quant_config.json where the layout has one.
/// `config` is the text of the input's, empty if there was none.
std::map<std::string, std::string> config_files(const layout& to, const target_format& format,
                                                const std::string& config, const written_names& names);

/// __metadata__ of the safetensors files.
std::map<std::string, std::string> metadata_of(const layout& to, const target_format& format,
                                               std::map<std::string, std::string> metadata,
                                               const written_names& names,
                                               const std::vector<std::string>& all_names);

}  // namespace checkpoint
