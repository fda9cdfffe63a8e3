// The conventions by which quantized checkpoints name and shape their tensors. Which one holds is decided
// tensor by tensor, from the names beside it and the dtypes; a configuration is compared with what was found.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parameter.hpp"
#include "quantization_config.hpp"
#include "sources.hpp"
#include "tensor.hpp"

namespace checkpoint {

/// The tensors of a checkpoint by name, and what else is known of it.
class tensor_names {
 public:
  tensor_names(const tensor_collection& collection, quantization_config config);

  [[nodiscard]] const tensor* find(const std::string& name) const;
  /// The tensor of that name, if its dtype is one of these.
  [[nodiscard]] const tensor* find(const std::string& name,
                                   std::initializer_list<std::string_view> dtypes) const;
  [[nodiscard]] const quantization_config& config() const noexcept { return config_; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const noexcept { return *metadata_; }

 private:
  std::unordered_map<std::string, const tensor*> by_name_;
  quantization_config config_;
  const std::map<std::string, std::string>* metadata_;
};

/// Nothing where the tensor does not hold the codes of a parameter of that convention. Fails where it does
/// and a scale is missing or has another shape than the codes ask for.
using recogniser = std::optional<parameter> (*)(const tensor& codes, const tensor_names& names);

std::optional<parameter> recognise_plain(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_compressed_tensors(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_nvfp4_weight(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_scaled_weight(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_deepseek(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_gpt_oss(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_torchao(const tensor& codes, const tensor_names& names);
std::optional<parameter> recognise_bitsandbytes(const tensor& codes, const tensor_names& names);

/// Every tensor of the collection, those of quantized parameters together. What only says how to quantize
/// activations stays a tensor of its own.
std::vector<parameter> recognise(const tensor_collection& collection, const quantization_config& config);

/// Whether a tensor of that name is a scale or another companion of some parameter, so that it is not a
/// parameter itself.
bool is_companion(std::string_view name) noexcept;

// What the recognisers share.

/// The name before the suffix, or nothing.
std::optional<std::string> before_suffix(const std::string& name, std::string_view suffix);

/// Fails unless the tensor has one of the shapes, of which the first is named.
void require_shape(const tensor& stored, const tensor& codes,
                   std::initializer_list<std::vector<std::uint64_t>> shapes);

/// Fails where the configuration declares group sizes and this is none of them.
void require_group_size(const tensor& codes, const tensor_names& names, std::uint64_t size);

/// The shape with another last axis.
std::vector<std::uint64_t> with_last_axis(std::vector<std::uint64_t> shape, std::uint64_t length);

/// One scale for `block` elements of a row.
scale_grid groups_of(const std::vector<std::uint64_t>& shape, std::uint64_t block);

/// A parameter of codes and scales, whose values are still to be given.
parameter quantized_parameter(std::string name, std::string_view format, std::string_view convention,
                              std::vector<std::uint64_t> shape, std::vector<tensor> parts);

}  // namespace checkpoint
