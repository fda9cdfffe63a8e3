// bitsandbytes 0.50.2, NF4 and FP4: `P.weight` U8, two codes a byte with the even element in the high nibble;
// `P.weight.absmax`, `P.weight.quant_map`, and JSON in `P.weight.quant_state.bitsandbytes__nf4`. Blocks run
// over the flattened tensor.
#include <array>

#include <narrowfp/layouts/bitsandbytes.hpp>

#include <nlohmann/json.hpp>

#include "conventions.hpp"
#include "failure.hpp"

namespace checkpoint {

namespace {

using nlohmann::json;

/// An entry of a table of 16 values, times the block's scale.
class table_source final : public value_source {
 public:
  table_source(tensor codes, std::array<float, 16> table, std::uint64_t block, scale_reader scales)
      : codes_(std::move(codes)), table_(table), block_(block), scales_(std::move(scales)) {}

  std::uint64_t read(std::uint64_t first, std::span<float> out) const override {
    if (out.empty()) {
      return 0;
    }
    const std::uint64_t last = first + out.size() - 1;
    thread_local std::vector<std::byte> bytes;
    bytes.resize(static_cast<std::size_t>(last / 2 - first / 2 + 1));
    codes_.file->read_at(codes_.offset + first / 2, bytes);
    thread_local std::vector<float> scales;
    scales.resize(static_cast<std::size_t>(last / block_ - first / block_ + 1));
    scales_(first / block_, scales);
    narrowfp::dequantize_bitsandbytes(bytes, table_, scales, out, static_cast<std::size_t>(block_),
                                      static_cast<std::size_t>(first % block_));
    return 0;
  }

 private:
  tensor codes_;
  std::array<float, 16> table_;
  std::uint64_t block_;
  scale_reader scales_;
};

const tensor& required(const tensor& codes, const tensor_names& names, const char* suffix,
                       std::string_view type, std::uint64_t elements) {
  const std::string name = codes.name + suffix;
  const tensor* found = names.find(name, {type});
  if (found == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(name) + "' in " + std::string(type));
  }
  if (found->elements != elements) {
    fail(found->file->path(), found->name,
         "has shape " + shape_text(found->shape) + "; '" + printable(codes.name) + "' needs " +
             std::to_string(elements) + " elements");
  }
  return *found;
}

struct state {
  std::string type;
  std::uint64_t block = 0;
  std::uint64_t nested_block = 0;
  float nested_offset = 0;
  std::vector<std::uint64_t> shape;
};

state parsed_state(const tensor& stored) {
  if (stored.size_bytes > 65536) {
    fail(stored.file->path(), stored.name, "has " + std::to_string(stored.size_bytes) + " bytes of JSON");
  }
  std::string text(static_cast<std::size_t>(stored.size_bytes), '\0');
  stored.file->read_at(stored.offset, std::as_writable_bytes(std::span(text)));
  const json d = json::parse(text, nullptr, false);
  const auto number = [&](const char* name) -> std::uint64_t {
    if (!d.contains(name) || !d[name].is_number_unsigned() || d[name].get<std::uint64_t>() == 0 ||
        d[name].get<std::uint64_t>() > (1U << 30)) {
      fail(stored.file->path(), stored.name,
           std::string("has no ") + name + " that is a positive whole number");
    }
    return d[name].get<std::uint64_t>();
  };
  if (!d.is_object()) {
    fail(stored.file->path(), stored.name, "is not a JSON object");
  }
  state found;
  found.block = number("blocksize");
  if (found.block % 2 != 0) {
    fail(stored.file->path(), stored.name,
         "has blocksize " + std::to_string(found.block) + "; bitsandbytes has even ones");
  }
  if (d.contains("nested_blocksize")) {
    found.nested_block = number("nested_blocksize");
    if (!d.contains("nested_offset") || !d["nested_offset"].is_number()) {
      fail(stored.file->path(), stored.name, "has a nested_blocksize but no nested_offset");
    }
    found.nested_offset = d["nested_offset"].get<float>();
  }
  if (!d.contains("shape") || !d["shape"].is_array() || d["shape"].size() > 32) {
    fail(stored.file->path(), stored.name, "has no shape");
  }
  for (const json& axis : d["shape"]) {
    if (!axis.is_number_unsigned()) {
      fail(stored.file->path(), stored.name, "has a shape that is not of whole numbers");
    }
    found.shape.push_back(axis.get<std::uint64_t>());
  }
  return found;
}

}  // namespace

std::optional<parameter> recognise_bitsandbytes(const tensor& codes, const tensor_names& names) {
  if (codes.type->name != "U8") {
    return std::nullopt;
  }
  const tensor* about = nullptr;
  std::string_view format;
  for (const std::string_view type : {"nf4", "fp4"}) {
    if (const tensor* found =
            names.find(codes.name + ".quant_state.bitsandbytes__" + std::string(type), {"U8"})) {
      about = found;
      format = type;
    }
  }
  if (about == nullptr) {
    return std::nullopt;
  }
  const state s = parsed_state(*about);
  const auto elements = element_count(s.shape, 64);
  if (!elements || (*elements + 1) / 2 != codes.elements) {
    fail(codes.file->path(), codes.name,
         "has " + std::to_string(codes.elements) + " bytes, which are not the codes of shape " +
             shape_text(s.shape));
  }
  const std::uint64_t blocks = (*elements + s.block - 1) / s.block;
  const tensor& map = required(codes, names, ".quant_map", "F32", 16);
  std::array<float, 16> table{};
  read_elements(map, *map.type, 0, table);
  std::vector<tensor> parts = {codes};
  scale_reader scales;
  if (s.nested_block == 0) {
    parts.push_back(required(codes, names, ".absmax", "F32", blocks));
    scales = scales_of(parts.back());
  } else {
    const tensor& absmax = required(codes, names, ".absmax", "U8", blocks);
    const tensor& nested =
        required(codes, names, ".nested_absmax", "F32", (blocks + s.nested_block - 1) / s.nested_block);
    const tensor& nested_map = required(codes, names, ".nested_quant_map", "F32", 256);
    std::array<float, 256> values{};
    read_elements(nested_map, *nested_map.type, 0, values);
    parts.insert(parts.end(), {absmax, nested, nested_map});
    scales = [absmax, outer = scales_of(nested), values, s](std::uint64_t first, std::span<float> out) {
      std::vector<std::byte> bytes(out.size());
      absmax.file->read_at(absmax.offset + first, bytes);
      const std::uint64_t from = first / s.nested_block;
      std::vector<float> factors(
          static_cast<std::size_t>((first + out.size() - 1) / s.nested_block - from + 1));
      outer(from, factors);
      narrowfp::bitsandbytes_absmax(bytes, values, factors, s.nested_offset, out,
                                    static_cast<std::size_t>(s.nested_block),
                                    static_cast<std::size_t>(first % s.nested_block));
    };
  }
  parts.insert(parts.end(), {map, *about});
  parameter p = quantized_parameter(codes.name, format, "bitsandbytes", s.shape, std::move(parts));
  p.values = std::make_shared<table_source>(codes, table, s.block, scales);
  return p;
}

}  // namespace checkpoint
