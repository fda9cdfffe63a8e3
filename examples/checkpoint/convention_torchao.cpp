// torchao 0.18.0, torchao.prototype.safetensors: `M._weight_qdata`, `M._weight_scale` and
// `M._weight_per_tensor_scale`, described in the file's __metadata__ under the parameter's name.
#include <nlohmann/json.hpp>

#include <narrowfp/layouts.hpp>

#include "conventions.hpp"
#include "failure.hpp"

namespace checkpoint {

namespace {

using nlohmann::json;

const dtype table_e2m3{"F6_E2M3", 8, find_ml_dtype("float6_e2m3fn")->decode, "U8"};
const dtype table_e3m2{"F6_E3M2", 8, find_ml_dtype("float6_e3m2fn")->decode, "U8"};

struct described {
  std::string type;
  std::string element;
  bool swizzled = false;
  std::uint64_t block = 0;
};

/// What __metadata__ says of the parameter. Fails where it says nothing that can be read.
described description(const tensor& codes, const std::string& name, const tensor_names& names) {
  const auto text = names.metadata().find(name);
  if (text == names.metadata().end()) {
    fail(codes.file->path(), codes.name,
         "looks like torchao's, but __metadata__ does not describe '" + printable(name) + "'");
  }
  const json d = json::parse(text->second, nullptr, false);
  const auto problem = [&](const char* what) {
    fail(codes.file->path(), codes.name, std::string("has in __metadata__ a description without ") + what);
  };
  if (!d.is_object() || !d.contains("_type") || !d["_type"].is_string() || !d.contains("_data") ||
      !d["_data"].is_object()) {
    problem("_type and _data");
  }
  const json& data = d["_data"];
  described found;
  found.type = d["_type"].get<std::string>();
  found.swizzled = data.contains("is_swizzled_scales") && data["is_swizzled_scales"] == true;
  if (!data.contains("block_size") || !data["block_size"].is_number_unsigned()) {
    problem("a block_size");
  }
  found.block = data["block_size"].get<std::uint64_t>();
  if (data.contains("elem_dtype")) {
    const json& element = data["elem_dtype"];
    if (element.is_string()) {
      found.element = element.get<std::string>();
    } else if (element.is_object() && element.contains("_data") && element["_data"].is_string()) {
      found.element = element["_data"].get<std::string>();
    }
  }
  return found;
}

/// Scales in tiles of 128 rows by 4 columns, given row by row.
scale_reader unswizzled(const tensor& stored, std::uint64_t columns) {
  const dtype& type = *stored.type;
  return [stored, columns, &type](std::uint64_t first, std::span<float> out) {
    const std::uint64_t tile_bytes = (columns + 3) / 4 * 512;
    std::vector<std::byte> tiles;
    std::uint64_t held = ~std::uint64_t{0};
    std::vector<std::byte> codes(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::uint64_t row = (first + i) / columns;
      if (row / 128 != held) {
        held = row / 128;
        tiles.resize(static_cast<std::size_t>(tile_bytes));
        stored.file->read_at(stored.offset + held * tile_bytes, tiles);
      }
      const narrowfp::scale_matrix_shape tile{128, static_cast<std::size_t>(columns)};
      codes[i] = tiles[narrowfp::swizzled_scale_offset(tile, static_cast<std::size_t>(row % 128),
                                                       static_cast<std::size_t>((first + i) % columns))];
    }
    type.decode(codes, 0, out);
  };
}

}  // namespace

std::optional<parameter> recognise_torchao(const tensor& codes, const tensor_names& names) {
  const auto stem = before_suffix(codes.name, "_qdata");
  const std::size_t dot = stem ? stem->rfind("._") : std::string::npos;
  if (dot == std::string::npos || codes.shape.empty() || codes.shape.back() == 0) {
    return std::nullopt;
  }
  const std::string name = stem->substr(0, dot + 1) + stem->substr(dot + 2);
  const tensor* scales = names.find(*stem + "_scale");
  if (scales == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(*stem) + "_scale'");
  }
  const described about = description(codes, name, names);
  const bool is_nvfp4 = about.type == "NVFP4Tensor";
  const bool packs_nibbles = is_nvfp4 || about.element == "float4_e2m1fn_x2" || about.element == "fp4_e2m1";
  const dtype* element = packs_nibbles                      ? find_safetensors_dtype("F4")
                         : about.element == "fp6_e2m3"      ? &table_e2m3
                         : about.element == "fp6_e3m2"      ? &table_e3m2
                         : about.element == "float8_e4m3fn" ? find_safetensors_dtype("F8_E4M3")
                         : about.element == "float8_e5m2"   ? find_safetensors_dtype("F8_E5M2")
                                                            : nullptr;
  if (element == nullptr || codes.type->width_bits != 8 || (!is_nvfp4 && about.type != "MXTensor")) {
    fail(codes.file->path(), codes.name,
         "is of torchao's " + printable(about.type) + " with elements '" + printable(about.element) +
             "', which this program does not read; it reads MXTensor and NVFP4Tensor");
  }
  const std::uint64_t block = is_nvfp4 ? 16 : 32;
  if (about.block != block || scales->type->name != (is_nvfp4 ? "F8_E4M3" : "F8_E8M0")) {
    fail(scales->file->path(), scales->name,
         "has dtype " + std::string(scales->type->name) + " for blocks of " + std::to_string(about.block) +
             "; torchao's " + about.type + " has " + (is_nvfp4 ? "F8_E4M3 for 16" : "F8_E8M0 for 32"));
  }
  const auto shape = with_last_axis(codes.shape, codes.shape.back() * (packs_nibbles ? 2 : 1));
  const auto row_major = with_last_axis(shape, (shape.back() + block - 1) / block);
  const tensor* whole = names.find(*stem + "_per_tensor_scale", {"F32"});
  std::vector<tensor> parts = {codes, *scales};
  scale_reader stored = scales_of(*scales);
  if (about.swizzled) {
    const std::uint64_t rows = product(std::span(shape).first(shape.size() - 1));
    require_shape(*scales, codes, {{(rows + 127) / 128 * 32, (row_major.back() + 3) / 4 * 16}});
    stored = unswizzled(*scales, row_major.back());
  } else {
    require_shape(*scales, codes, {row_major});
  }
  if (is_nvfp4 && whole != nullptr) {
    if (whole->elements != 1) {
      fail(whole->file->path(), whole->name, "has shape " + shape_text(whole->shape) + "; it is one number");
    }
    parts.push_back(*whole);
    const float factor = single_value(*whole);
    stored = [inner = stored, factor](std::uint64_t first, std::span<float> out) {
      inner(first, out);
      for (float& s : out) {
        s *= factor;
      }
    };
  }
  const std::string_view format = is_nvfp4                  ? "nvfp4"
                                  : packs_nibbles           ? "mxfp4"
                                  : about.element[2] == '6' ? "mxfp6"
                                                            : "mxfp8";
  parameter p = quantized_parameter(name, format, "torchao", shape, std::move(parts));
  const bool one_code_a_byte = format == "mxfp6";
  p.packed = about.swizzled || one_code_a_byte ? packing::other : packing::dense_codes;
  p.values = std::make_shared<scaled_source>(codes, *element, groups_of(shape, block), stored);
  return p;
}

}  // namespace checkpoint
