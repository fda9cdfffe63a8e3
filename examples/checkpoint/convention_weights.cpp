// Codes called `weight` or `weight_packed` with `weight_scale` beside them: compressed-tensors and NVIDIA
// Model-Optimizer. Sources: compressed-tensors 0.20.1 and nvidia-modelopt 0.47.0, as they write their files.
#include "conventions.hpp"
#include "failure.hpp"

namespace checkpoint {

namespace {

constexpr std::string_view compressed_tensors = "compressed-tensors";
constexpr std::string_view model_optimizer = "Model-Optimizer";

const dtype& e2m1() { return *find_safetensors_dtype("F4"); }

/// The name that scales are called after: "weight" of "x.weight", or the whole name.
std::string_view convention_of(const tensor_names& names, std::string_view otherwise) {
  const std::string& method = names.config().method;
  return method == "modelopt"             ? model_optimizer
         : method == "compressed-tensors" ? compressed_tensors
                                          : otherwise;
}

std::optional<parameter> nvfp4(const std::string& name, const tensor& codes, const tensor& scales,
                               const tensor& second, bool second_divides, std::string_view convention,
                               const tensor_names& names) {
  const std::uint64_t length = codes.type->name == "F4" ? codes.shape.back() : codes.shape.back() * 2;
  const auto shape = with_last_axis(codes.shape, length);
  require_group_size(codes, names, 16);
  require_shape(scales, codes, {with_last_axis(shape, length / 16 + (length % 16 != 0 ? 1 : 0))});
  if (second.elements != 1) {
    fail(second.file->path(), second.name,
         "has shape " + shape_text(second.shape) + "; the scale of a tensor is one number");
  }
  parameter p = quantized_parameter(name, "nvfp4", convention, shape, {codes, scales, second});
  p.packed = packing::dense_codes;
  // Each product and quotient is rounded to float by itself, as the packages do it.
  const float whole = single_value(second);
  const scale_reader stored = scales_of(scales);
  const scale_reader both = [stored, whole, second_divides](std::uint64_t first, std::span<float> out) {
    stored(first, out);
    for (float& s : out) {
      s = second_divides ? s / whole : s * whole;
    }
  };
  p.values = std::make_shared<scaled_source>(codes, e2m1(), groups_of(shape, 16), both);
  return p;
}

std::optional<parameter> mx(const std::string& name, std::string_view format, const tensor& codes,
                            const dtype& element, const std::vector<std::uint64_t>& shape,
                            const tensor& scales, std::string_view convention, const tensor_names& names) {
  require_group_size(codes, names, 32);
  parameter p = quantized_parameter(name, format, convention, shape, {codes, scales});
  p.packed = packing::dense_codes;
  const scale_reader powers = scales.type->name == "U8" ? powers_of_two(scales) : scales_of(scales);
  p.values = std::make_shared<scaled_source>(codes, element, groups_of(shape, 32), powers);
  return p;
}

/// A scale for the tensor, for each row, or for each tile.
std::optional<parameter> scaled_fp8(const std::string& name, const tensor& codes, const tensor& scales,
                                    std::string_view convention, const tensor_names& names) {
  const std::vector<std::uint64_t>& shape = codes.shape;
  const std::uint64_t columns = shape.empty() ? 1 : shape.back();
  const std::uint64_t rows = shape.size() < 2 ? 1 : shape[shape.size() - 2];
  scale_grid grid{std::max<std::uint64_t>(rows, 1), std::max<std::uint64_t>(columns, 1), 0, 0};
  std::vector<std::uint64_t> per_row(shape.begin(), shape.empty() ? shape.end() : shape.end() - 1);
  std::vector<std::uint64_t> per_row_kept = shape.empty() ? shape : with_last_axis(shape, 1);
  const quantization_config& config = names.config();
  grid.tile_rows = config.block_rows;
  grid.tile_columns = config.block_columns;
  std::vector<std::uint64_t> tiles = shape;
  if (shape.size() >= 2) {
    tiles[shape.size() - 2] = grid.rows();
    tiles[shape.size() - 1] = grid.columns();
  }
  std::string_view format = "fp8-block";
  const std::vector<std::uint64_t> model_optimizer_tiles =
      shape.size() == 2 ? std::vector<std::uint64_t>{tiles[0], 1, tiles[1], 1} : tiles;
  // One number with the axes of a matrix is a tile that covers it all, or the one row's.
  const bool are_tiles =
      shape.size() >= 2 && (scales.shape == tiles || scales.shape == model_optimizer_tiles);
  if (scales.elements == 1 && !are_tiles) {
    format = "fp8";
    // One scale for everything: the matrices are one.
    grid = {std::max<std::uint64_t>(codes.elements, 1), grid.row_length,
            std::max<std::uint64_t>(codes.elements, 1), grid.row_length};
  } else if (shape.size() >= 2 && !(are_tiles && convention == "DeepSeek") &&
             (scales.shape == per_row || scales.shape == per_row_kept)) {
    format = "fp8-channel";
    grid.tile_rows = 1;
    grid.tile_columns = grid.row_length;
  } else if (!are_tiles) {
    fail(scales.file->path(), scales.name,
         "has shape " + shape_text(scales.shape) + "; the codes '" + printable(codes.name) + "' of shape " +
             shape_text(shape) + " need one scale, one a row, or " +
             (shape.size() < 2 ? std::string("nothing else")
                               : shape_text(tiles) + " for tiles of " + std::to_string(config.block_rows) +
                                     " x " + std::to_string(config.block_columns)));
  }
  parameter p = quantized_parameter(name, format, convention, shape, {codes, scales});
  p.packed = packing::dense_codes;
  p.values = std::make_shared<scaled_source>(codes, *codes.type, grid, scales_of(scales));
  return p;
}

bool is_fp8(const tensor& codes) {
  const std::string_view type = codes.type->name;
  return type == "F8_E4M3" || type == "F8_E5M2" || type == "F8_E4M3FNUZ" || type == "F8_E5M2FNUZ";
}

}  // namespace

std::optional<parameter> recognise_compressed_tensors(const tensor& codes, const tensor_names& names) {
  const auto stem = before_suffix(codes.name, "weight_packed");
  // Integers of other packings are I32.
  if (!stem || codes.type->name != "U8" || codes.shape.empty() || codes.shape.back() == 0) {
    return std::nullopt;
  }
  const tensor* scales = names.find(*stem + "weight_scale");
  if (scales == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(*stem) + "weight_scale'");
  }
  const std::string name = *stem + "weight";
  const std::uint64_t bytes = codes.shape.back();
  if (const tensor* global = names.find(*stem + "weight_global_scale")) {
    if (scales->type->name != "F8_E4M3" || global->type->name != "F32") {
      fail(codes.file->path(), codes.name,
           "has scales of dtype " + std::string(scales->type->name) + " and a global scale of dtype " +
               std::string(global->type->name) + "; NVFP4 has F8_E4M3 and F32");
    }
    return nvfp4(name, codes, *scales, *global, true, compressed_tensors, names);
  }
  if (scales->type->name != "U8" && scales->type->name != "F8_E8M0") {
    fail(scales->file->path(), scales->name,
         "has dtype " + std::string(scales->type->name) + " beside '" + printable(codes.name) +
             "' and no weight_global_scale; MXFP4 and MXFP6 have U8, NVFP4 has the global scale");
  }
  const auto fits = [&](std::uint64_t length) {
    return length % 32 == 0 && scales->shape == with_last_axis(codes.shape, length / 32);
  };
  if (fits(bytes * 2)) {
    return mx(name, "mxfp4", codes, e2m1(), with_last_axis(codes.shape, bytes * 2), *scales,
              compressed_tensors, names);
  }
  if (bytes % 3 == 0 && fits(bytes / 3 * 4)) {
    return mx(name, "mxfp6", codes, *find_safetensors_dtype("F6_E2M3"),
              with_last_axis(codes.shape, bytes / 3 * 4), *scales, compressed_tensors, names);
  }
  fail(scales->file->path(), scales->name,
       "has shape " + shape_text(scales->shape) + ", which fits '" + printable(codes.name) + "' of shape " +
           shape_text(codes.shape) + " neither as MXFP4 nor as MXFP6, whose scales are one for 32 elements");
}

/// `<name>` U8 or F4, `<name>_scale` F8_E4M3, `<name>_scale_2` F32: Model-Optimizer's NVFP4.
std::optional<parameter> recognise_nvfp4_weight(const tensor& codes, const tensor_names& names) {
  if ((codes.type->name != "U8" && codes.type->name != "F4") || codes.shape.empty()) {
    return std::nullopt;
  }
  const tensor* second = names.find(codes.name + "_scale_2", {"F32"});
  const tensor* scales = names.find(codes.name + "_scale", {"F8_E4M3"});
  if (second == nullptr && scales == nullptr) {
    return std::nullopt;
  }
  if (second == nullptr || scales == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(codes.name) +
             (second == nullptr ? "_scale_2' in F32" : "_scale' in F8_E4M3"));
  }
  return nvfp4(codes.name, codes, *scales, *second, false,
               codes.type->name == "F4" ? "safetensors" : model_optimizer, names);
}

/// `<name>` in a float of 8 bits or fewer and `<name>_scale`: FP8 of both packages, MXFP8, and this program's
/// plain layout.
std::optional<parameter> recognise_scaled_weight(const tensor& codes, const tensor_names& names) {
  if (!codes.type->is_floating() || codes.type->width_bits > 8 || codes.type->name == "F8_E8M0") {
    return std::nullopt;
  }
  const tensor* scales = names.find(codes.name + "_scale");
  if (scales == nullptr) {
    return std::nullopt;
  }
  const std::string_view type = scales->type->name;
  if (type == "U8" || type == "F8_E8M0") {
    if (codes.shape.empty()) {
      return std::nullopt;
    }
    const std::uint64_t length = codes.shape.back();
    require_shape(*scales, codes, {with_last_axis(codes.shape, length / 32 + (length % 32 != 0 ? 1 : 0))});
    const std::string_view format = codes.type->width_bits == 8   ? "mxfp8"
                                    : codes.type->width_bits == 6 ? "mxfp6"
                                                                  : "mxfp4";
    return mx(codes.name, format, codes, *codes.type, codes.shape, *scales,
              type == "U8" ? convention_of(names, compressed_tensors) : "safetensors", names);
  }
  if (!is_fp8(codes) || (type != "F32" && type != "BF16" && type != "F16")) {
    return std::nullopt;
  }
  return scaled_fp8(codes.name, codes, *scales, convention_of(names, "safetensors"), names);
}

/// deepseek-ai/DeepSeek-V3 (`weight_scale_inv`, a factor for 128 x 128 elements, despite its name) and V4
/// (`scale` beside `weight`, of F8_E8M0; experts of two E2M1 codes in an I8).
std::optional<parameter> recognise_deepseek(const tensor& codes, const tensor_names& names) {
  if (is_fp8(codes)) {
    if (const tensor* scales = names.find(codes.name + "_scale_inv", {"F32", "BF16", "F16"})) {
      return scaled_fp8(codes.name, codes, *scales, "DeepSeek", names);
    }
  }
  const auto stem = before_suffix(codes.name, "weight");
  const tensor* scales = stem ? names.find(*stem + "scale", {"F8_E8M0", "F32", "BF16"}) : nullptr;
  if (scales == nullptr) {
    return std::nullopt;
  }
  if (is_fp8(codes)) {
    return scaled_fp8(codes.name, codes, *scales, "DeepSeek", names);
  }
  if (codes.type->name != "I8" || scales->type->name != "F8_E8M0" || codes.shape.empty()) {
    return std::nullopt;
  }
  const auto shape = with_last_axis(codes.shape, codes.shape.back() * 2);
  require_shape(*scales, codes, {with_last_axis(shape, shape.back() / 32)});
  parameter p = quantized_parameter(codes.name, "mxfp4", "DeepSeek", shape, {codes, *scales});
  p.packed = packing::dense_codes;
  p.values = std::make_shared<scaled_source>(codes, e2m1(), groups_of(shape, 32), scales_of(*scales));
  return p;
}

/// openai/gpt-oss: `<name>_blocks` [..., rows, groups, 16] and `<name>_scales` [..., rows, groups], in its
/// original files `<name>.blocks` and `<name>.scales`.
std::optional<parameter> recognise_gpt_oss(const tensor& codes, const tensor_names& names) {
  auto stem = before_suffix(codes.name, "_blocks");
  std::string scale_name = stem ? *stem + "_scales" : "";
  if (!stem) {
    stem = before_suffix(codes.name, ".blocks");
    scale_name = stem ? *stem + ".scales" : "";
  }
  if (!stem || codes.type->name != "U8" || codes.shape.size() < 2 || codes.shape.back() != 16) {
    return std::nullopt;
  }
  const tensor* scales = names.find(scale_name, {"U8"});
  if (scales == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(scale_name) + "' in U8");
  }
  std::vector<std::uint64_t> groups = codes.shape;
  groups.pop_back();
  require_shape(*scales, codes, {groups});
  const auto shape = with_last_axis(groups, groups.back() * 32);
  parameter p = quantized_parameter(*stem, "mxfp4", "gpt-oss", shape, {codes, *scales});
  p.packed = packing::dense_codes;
  const auto source =
      std::make_shared<scaled_source>(codes, e2m1(), groups_of(shape, 32), powers_of_two(*scales));
  source->keep_zeros();
  p.values = source;
  return p;
}

}  // namespace checkpoint
