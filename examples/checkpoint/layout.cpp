#include "layout.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "failure.hpp"

namespace checkpoint {

namespace {

using nlohmann::json;
using shape_type = std::vector<std::uint64_t>;

std::uint64_t quotient_up(std::uint64_t n, std::uint64_t d) noexcept { return n / d + (n % d != 0 ? 1 : 0); }

shape_type with_last(shape_type shape, std::uint64_t length) {
  shape.back() = length;
  return shape;
}

std::string without_suffix(const std::string& name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

/// The module of a weight: "a.b" of "a.b.weight".
std::string module_of(const std::string& name) { return without_suffix(name, ".weight"); }

shape_type tiles_of(shape_type shape) {
  shape[shape.size() - 2] = quotient_up(shape[shape.size() - 2], tile_rows);
  shape[shape.size() - 1] = quotient_up(shape[shape.size() - 1], tile_columns);
  return shape;
}

/// Shape of the scales in tensors of their own.
shape_type scale_shape(const target_format& format, const shape_type& shape) {
  switch (format.span) {
    case scale_span::row:
      return with_last(shape, 1);
    case scale_span::tile:
      return tiles_of(shape);
    case scale_span::group:
      return with_last(shape, shape.back() / format.group);
    case scale_span::tensor:
    case scale_span::none:
      break;
  }
  return {};
}

bool is_nvfp4(const target_format& format) noexcept { return format.name == "nvfp4"; }

/// Codes of 8 bits are floats to loaders, smaller ones bytes.
output_part codes_as(const std::string& name, const target_format& format, const shape_type& shape) {
  if (format.code_bits == 8) {
    return {name, format.name == "hif8" ? "U8" : "F8_E4M3", shape};
  }
  return {name, "U8", with_last(shape, shape.back() * format.code_bits / 8)};
}

output_parts compressed_tensors_parts(const target_format& format, const std::string& name,
                                      const shape_type& shape) {
  const std::string stem = without_suffix(name, "weight");
  output_parts parts;
  parts.codes = codes_as(format.code_bits == 8 ? name : stem + "weight_packed", format, shape);
  parts.scales = {stem + "weight_scale",
                  is_nvfp4(format)                   ? "F8_E4M3"
                  : format.span == scale_span::group ? "U8"
                                                     : "F32",
                  format.span == scale_span::tensor ? shape_type{1} : scale_shape(format, shape)};
  if (is_nvfp4(format)) {
    parts.second = {stem + "weight_global_scale", "F32", {1}};
    parts.second_divides = true;
  }
  return parts;
}

output_parts model_optimizer_parts(const target_format& format, const std::string& name,
                                   const shape_type& shape) {
  output_parts parts;
  parts.codes = codes_as(name, format, shape);
  shape_type scales = scale_shape(format, shape);
  if (format.span == scale_span::row) {
    scales.pop_back();
  } else if (format.span == scale_span::tile) {
    scales = {scales[0], 1, scales[1], 1};
  }
  parts.scales = {name + "_scale",
                  is_nvfp4(format)                   ? "F8_E4M3"
                  : format.span == scale_span::group ? "U8"
                                                     : "F32",
                  scales};
  if (is_nvfp4(format)) {
    parts.second = {name + "_scale_2", "F32", {}};
  }
  return parts;
}

output_parts torchao_parts(const target_format& format, const std::string& name, const shape_type& shape) {
  const std::size_t dot = name.rfind('.');
  const std::string stem =
      dot == std::string::npos ? "_" + name : name.substr(0, dot + 1) + "_" + name.substr(dot + 1);
  output_parts parts;
  parts.codes = codes_as(stem + "_qdata", format, shape);
  parts.scales = {stem + "_scale", is_nvfp4(format) ? "F8_E4M3" : "F8_E8M0", scale_shape(format, shape)};
  if (is_nvfp4(format)) {
    parts.second = {stem + "_per_tensor_scale", "F32", {}};
  }
  return parts;
}

output_parts gpt_oss_parts(const std::string& name, const shape_type& shape) {
  shape_type groups = with_last(shape, shape.back() / 32);
  shape_type blocks = groups;
  blocks.push_back(16);
  output_parts parts;
  parts.codes = {name + "_blocks", "U8", blocks};
  parts.scales = {name + "_scales", "U8", groups};
  return parts;
}

output_parts plain_parts(const target_format& format, const std::string& name, const shape_type& shape) {
  output_parts parts;
  if (format.name == "hif4") {
    parts.codes = {name, "U8", with_last(shape, shape.back() / 64 * 36)};
    return parts;
  }
  parts = model_optimizer_parts(format, name, shape);
  if (format.span == scale_span::row || format.span == scale_span::tile) {
    parts.scales->shape = scale_shape(format, shape);
  }
  return parts;
}

std::string_view gguf_type_of(const target_format& format) noexcept {
  return format.name == "q8_0"         ? "Q8_0"
         : format.name == "q4_0"       ? "Q4_0"
         : format.name == "q4_1"       ? "Q4_1"
         : format.name == "ggml-mxfp4" ? "MXFP4"
         : format.name == "ggml-nvfp4" ? "NVFP4"
         : format.name == "bf16"       ? "BF16"
         : format.name == "f16"        ? "F16"
                                       : "F32";
}

std::string_view plain_type_of(const target_format& format) noexcept {
  return format.name == "bf16" ? "BF16" : format.name == "f16" ? "F16" : "F32";
}

json compressed_tensors_config(const target_format& format, const written_names& names) {
  const bool nv = is_nvfp4(format);
  const std::string_view form = nv                       ? "nvfp4-pack-quantized"
                                : format.name == "mxfp4" ? "mxfp4-pack-quantized"
                                : format.name == "mxfp6" ? "mxfp6-pack-quantized"
                                : format.name == "mxfp8" ? "mxfp8-quantized"
                                                         : "naive-quantized";
  json weights = {{"num_bits", format.code_bits},
                  {"type", "float"},
                  {"symmetric", true},
                  {"dynamic", false},
                  {"strategy", nv                                 ? "tensor_group"
                               : format.span == scale_span::group ? "group"
                               : format.span == scale_span::row   ? "channel"
                               : format.span == scale_span::tile  ? "block"
                                                                  : "tensor"}};
  if (format.span == scale_span::group) {
    weights["group_size"] = format.group;
    weights["scale_dtype"] = nv ? "torch.float8_e4m3fn" : "torch.uint8";
  }
  if (format.span == scale_span::tile) {
    weights["block_structure"] = {tile_rows, tile_columns};
  }
  json ignore = json::array();
  for (const std::string& name : names.kept_weights) {
    ignore.push_back(module_of(name));
  }
  return {{"quant_method", "compressed-tensors"},
          {"format", form},
          {"quantization_status", "compressed"},
          {"ignore", ignore},
          {"config_groups",
           {{"group_0",
             {{"targets", {"Linear"}},
              {"format", form},
              {"weights", weights},
              {"input_activations", nullptr}}}}}};
}

std::string_view model_optimizer_algorithm(const target_format& format) noexcept {
  return is_nvfp4(format)               ? "W4A16_NVFP4"
         : format.name == "mxfp8"       ? "MXFP8"
         : format.name == "fp8-channel" ? "FP8_PER_CHANNEL_PER_TOKEN"
         : format.name == "fp8-block"   ? "FP8_PB_WO"
                                        : "FP8";
}

json excluded_modules(const written_names& names) {
  json modules = json::array();
  for (const std::string& name : names.kept_weights) {
    modules.push_back(module_of(name));
  }
  return modules;
}

}  // namespace

bool layout::takes(const target_format& format) const noexcept {
  return format.is_plain_float || std::find(formats.begin(), formats.end(), format.name) != formats.end();
}

const target_format& layout::arranged(const target_format& format) const noexcept {
  const target_format* blocks =
      name == "gguf" ? find_target_format("ggml-" + std::string(format.name)) : nullptr;
  return blocks != nullptr ? *blocks : format;
}

const std::vector<layout>& all_layouts() {
  static const std::vector<layout> all = {
      {"compressed-tensors", {"nvfp4", "mxfp4", "mxfp6", "mxfp8", "fp8", "fp8-channel", "fp8-block"}},
      {"modelopt", {"nvfp4", "mxfp8", "fp8", "fp8-channel", "fp8-block"}},
      {"gpt-oss", {"mxfp4"}},
      {"deepseek", {"fp8-block"}},
      {"torch", {"nvfp4", "mxfp4", "mxfp8"}},
      {"gguf", {"q8_0", "q4_0", "q4_1", "mxfp4", "nvfp4"}},
      {"plain", {"nvfp4", "mxfp4", "mxfp6", "mxfp8", "fp8", "fp8-channel", "fp8-block", "hif8", "hif4"}},
  };
  return all;
}

const layout* find_layout(std::string_view name) {
  for (const layout& each : all_layouts()) {
    if (each.name == name) {
      return &each;
    }
  }
  return nullptr;
}

std::string_view default_layout(const target_format& format) noexcept {
  if (format.is_plain_float || format.name == "hif4" || format.name == "hif8") {
    return "plain";
  }
  if (format.code_bits == 0) {
    return "gguf";
  }
  return format.name == "fp8-block" ? "deepseek" : "compressed-tensors";
}

std::string objection(const layout& to, const target_format& format, const std::string& name,
                      const std::vector<std::uint64_t>& shape) {
  if (format.is_plain_float) {
    return {};
  }
  if (shape.empty() ||
      (shape.size() < 2 && (format.span == scale_span::row || format.span == scale_span::tile))) {
    return "it has no rows";
  }
  if (shape.back() % format.group != 0) {
    return "rows of " + std::to_string(shape.back()) + " elements are not whole blocks of " +
           std::to_string(format.group);
  }
  if (to.name == "compressed-tensors" && !name.ends_with("weight")) {
    return "compressed-tensors quantizes what is called weight";
  }
  if (to.name == "compressed-tensors" && shape.size() != 2) {
    return "compressed-tensors quantizes matrices";
  }
  if (to.name == "modelopt" && format.name == "fp8-block" &&
      (shape.size() != 2 || shape[0] % tile_rows != 0 || shape[1] % tile_columns != 0)) {
    return "FP8_PB_WO needs rows and columns in multiples of 128";
  }
  if (to.name == "gpt-oss" && shape.size() != 3) {
    return "gpt-oss quantizes the weights of experts, which have three axes";
  }
  if (to.name == "deepseek" && (shape.size() != 2 || !name.ends_with("weight"))) {
    return "DeepSeek quantizes matrices called weight";
  }
  return {};
}

output_parts parts_of(const layout& to, const target_format& format, const std::string& name,
                      const std::vector<std::uint64_t>& shape) {
  if (to.name == "gguf") {
    output_parts parts;
    parts.codes = {name, gguf_type_of(format), shape};
    return parts;
  }
  if (format.is_plain_float) {
    output_parts parts;
    parts.codes = {name, plain_type_of(format), shape};
    return parts;
  }
  if (to.name == "compressed-tensors") {
    return compressed_tensors_parts(format, name, shape);
  }
  if (to.name == "modelopt") {
    return model_optimizer_parts(format, name, shape);
  }
  if (to.name == "gpt-oss") {
    return gpt_oss_parts(name, shape);
  }
  if (to.name == "torch") {
    return torchao_parts(format, name, shape);
  }
  if (to.name == "deepseek") {
    output_parts parts;
    parts.codes = codes_as(name, format, shape);
    parts.scales = {name + "_scale_inv", "F32", scale_shape(format, shape)};
    return parts;
  }
  return plain_parts(format, name, shape);
}

std::map<std::string, std::string> config_files(const layout& to, const target_format& format,
                                                const std::string& config, const written_names& names) {
  json document = config.empty() ? json::object() : json::parse(config, nullptr, false);
  if (!document.is_object()) {
    document = json::object();
  }
  document.erase("quantization_config");
  document.erase("expert_dtype");
  std::map<std::string, std::string> files;
  const auto dumped = [](const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
  };
  if (format.is_plain_float) {
    const char* dtype = format.name == "bf16" ? "bfloat16" : format.name == "f16" ? "float16" : "float32";
    for (const char* key : {"dtype", "torch_dtype"}) {
      if (document.contains(key)) {
        document[key] = dtype;
      }
    }
  } else if (to.name == "compressed-tensors") {
    document["quantization_config"] = compressed_tensors_config(format, names);
  } else if (to.name == "modelopt") {
    const json producer = {{"name", "modelopt"}, {"version", "0.47.0"}};
    json quantization = {{"quant_algo", model_optimizer_algorithm(format)},
                         {"kv_cache_quant_algo", nullptr},
                         {"exclude_modules", excluded_modules(names)}};
    if (format.span == scale_span::group) {
      quantization["group_size"] = format.group;
    }
    files["hf_quant_config.json"] = dumped({{"producer", producer}, {"quantization", quantization}});
    document["quantization_config"] = {{"quant_method", "modelopt"},
                                       {"quant_algo", model_optimizer_algorithm(format)},
                                       {"ignore", excluded_modules(names)},
                                       {"producer", producer}};
  } else if (to.name == "gpt-oss") {
    document["quantization_config"] = {{"quant_method", "mxfp4"},
                                       {"modules_to_not_convert", excluded_modules(names)}};
  } else if (to.name == "deepseek") {
    document["quantization_config"] = {{"quant_method", "fp8"},
                                       {"fmt", "e4m3"},
                                       {"activation_scheme", "dynamic"},
                                       {"weight_block_size", {tile_rows, tile_columns}}};
  }
  if (!config.empty() || !format.is_plain_float) {
    files["config.json"] = dumped(document);
  }
  return files;
}

std::map<std::string, std::string> metadata_of(const layout& to, const target_format& format,
                                               std::map<std::string, std::string> metadata,
                                               const written_names& names,
                                               const std::vector<std::string>& all_names) {
  const std::map<std::string, std::string> before = metadata;
  // What described another packing is true no longer.
  for (auto entry = metadata.begin(); entry != metadata.end();) {
    const bool stale = entry->first == "tensor_names" || entry->second.starts_with("{\"_type\"") ||
                       entry->first.starts_with("narrowfp.") || entry->first == "narrowfp_formats";
    entry = stale ? metadata.erase(entry) : std::next(entry);
  }
  if (format.is_plain_float) {
    return metadata;
  }
  if (to.name == "plain") {
    for (const std::string& name : names.quantized) {
      metadata["narrowfp." + name] = std::string(format.name);
    }
  }
  if (to.name == "torch") {
    json list = json::array();
    for (const std::string& name : all_names) {
      list.push_back(name);
      metadata[name] = json({{"_type", "Tensor"}}).dump(-1, ' ', false, json::error_handler_t::replace);
    }
    metadata["tensor_names"] = list.dump(-1, ' ', false, json::error_handler_t::replace);
    const bool nv = is_nvfp4(format);
    const json bfloat16 = {{"_type", "torch.dtype"}, {"_data", "bfloat16"}};
    for (const std::string& name : names.quantized) {
      json data = {{"block_size", format.group},
                   {"orig_dtype", bfloat16},
                   {"act_quant_kwargs", nullptr},
                   {"is_swizzled_scales", false}};
      json parts = {"qdata", "scale"};
      if (nv) {
        data["use_triton_kernel"] = false;
        parts = {"per_tensor_scale", "qdata", "scale"};
      } else {
        data["elem_dtype"] = {{"_type", "torch.dtype"},
                              {"_data", format.code_bits == 4 ? "float4_e2m1fn_x2" : "float8_e4m3fn"}};
        data["kernel_preference"] = {{"_type", "KernelPreference"}, {"_data", "EMULATED"}};
      }
      metadata[name] =
          json({{"_type", nv ? "NVFP4Tensor" : "MXTensor"}, {"_data", data}, {"_tensor_data_names", parts}})
              .dump(-1, ' ', false, json::error_handler_t::replace);
    }
    // Such as swizzled scales.
    for (const std::string& name : names.as_they_were) {
      if (const auto entry = before.find(name); entry != before.end()) {
        metadata[name] = entry->second;
      }
    }
  }
  return metadata;
}

}  // namespace checkpoint
