#include "conventions.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "failure.hpp"

namespace checkpoint {

tensor_names::tensor_names(const tensor_collection& collection, quantization_config config)
    : config_(std::move(config)), metadata_(&collection.metadata) {
  for (const tensor& t : collection.tensors) {
    by_name_.emplace(t.name, &t);
  }
}

const tensor* tensor_names::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const tensor* tensor_names::find(const std::string& name,
                                 std::initializer_list<std::string_view> dtypes) const {
  const tensor* found = find(name);
  return found != nullptr && std::find(dtypes.begin(), dtypes.end(), found->type->name) != dtypes.end()
             ? found
             : nullptr;
}

std::optional<std::string> before_suffix(const std::string& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) {
    return std::nullopt;
  }
  return name.substr(0, name.size() - suffix.size());
}

void require_shape(const tensor& stored, const tensor& codes,
                   std::initializer_list<std::vector<std::uint64_t>> shapes) {
  if (std::find(shapes.begin(), shapes.end(), stored.shape) == shapes.end()) {
    fail(stored.file->path(), stored.name,
         "has shape " + shape_text(stored.shape) + "; the codes '" + printable(codes.name) + "' of shape " +
             shape_text(codes.shape) + " need scales of shape " + shape_text(*shapes.begin()));
  }
}

void require_group_size(const tensor& codes, const tensor_names& names, std::uint64_t size) {
  const std::vector<std::uint64_t>& declared = names.config().group_sizes;
  if (!declared.empty() && std::find(declared.begin(), declared.end(), size) == declared.end()) {
    fail(codes.file->path(), codes.name,
         "has a scale for " + std::to_string(size) + " elements, but " + printable(names.config().path) +
             " says group_size " + std::to_string(declared.front()));
  }
}

std::vector<std::uint64_t> with_last_axis(std::vector<std::uint64_t> shape, std::uint64_t length) {
  shape.back() = length;
  return shape;
}

scale_grid groups_of(const std::vector<std::uint64_t>& shape, std::uint64_t block) {
  return {1, std::max<std::uint64_t>(shape.empty() ? 1 : shape.back(), 1), 1, block};
}

parameter quantized_parameter(std::string name, std::string_view format, std::string_view convention,
                              std::vector<std::uint64_t> shape, std::vector<tensor> parts) {
  const auto elements = element_count(shape, 64);
  if (!elements) {
    fail(parts.front().file->path(), parts.front().name,
         "stands for shape " + shape_text(shape) + ", whose product is too large");
  }
  parameter p;
  p.name = std::move(name);
  p.shape = std::move(shape);
  p.elements = *elements;
  for (const tensor& part : parts) {
    p.size_bytes += part.size_bytes;
  }
  p.format = format;
  p.convention = convention;
  p.parts = std::move(parts);
  return p;
}

bool is_companion(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 20> suffixes = {
      "_scale",   "_scale_inv",        "_scale_2",       ".scale",
      "_scales",  ".scales",           "_global_scale",  "_zero_point",
      ".absmax",  ".quant_map",        ".nested_absmax", ".nested_quant_map",
      "_scale_1", "_per_tensor_scale", ".qscale_weight", "_blocks",
      ".blocks",  "_packed",           "_qdata",         ".qscale_act"};
  return std::any_of(suffixes.begin(), suffixes.end(), [&](auto s) { return name.ends_with(s); }) ||
         name.find(".quant_state.") != name.npos;
}

std::vector<parameter> recognise(const tensor_collection& collection, const quantization_config& config) {
  static constexpr recogniser recognisers[] = {recognise_plain,        recognise_compressed_tensors,
                                               recognise_nvfp4_weight, recognise_scaled_weight,
                                               recognise_deepseek,     recognise_gpt_oss,
                                               recognise_torchao,      recognise_bitsandbytes};
  const tensor_names names(collection, config);
  std::vector<std::optional<parameter>> found(collection.tensors.size());
  std::unordered_set<std::string> used;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const recogniser each : recognisers) {
      found[i] = each(collection.tensors[i], names);
      if (found[i]) {
        for (const tensor& part : found[i]->parts) {
          used.insert(part.name);
        }
        break;
      }
    }
  }
  std::vector<parameter> parameters;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) {
      parameters.push_back(std::move(*found[i]));
    } else if (used.count(collection.tensors[i].name) == 0) {
      parameters.push_back(plain_parameter(collection.tensors[i]));
    }
  }
  return parameters;
}

}  // namespace checkpoint
