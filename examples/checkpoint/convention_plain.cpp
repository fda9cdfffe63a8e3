// This program's plain layout: a parameter's codes under its own name, scales in `<name>_scale` and
// `<name>_scale_2`, the format in the metadata under "narrowfp.<name>". For formats that no loader has names
// for.
#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "conventions.hpp"
#include "failure.hpp"

namespace checkpoint {

namespace {

std::uint64_t decode_hif8(std::span<const std::byte> raw, std::size_t, std::span<float> out) {
  narrowfp::unpack(narrowfp::as_values<narrowfp::hif8>(raw.first(out.size())), out);
  return 0;
}

const dtype hif8_type{"U8", 8, decode_hif8, "U8"};

/// HiF4 units of 36 bytes and 64 elements.
class units_source final : public value_source {
 public:
  explicit units_source(tensor stored) : stored_(std::move(stored)) {}

  std::uint64_t read(std::uint64_t first, std::span<float> out) const override {
    using narrowfp::hif4;
    thread_local std::vector<hif4> units;
    thread_local std::vector<float> values;
    while (!out.empty()) {
      const auto skip = static_cast<std::size_t>(first % hif4::elements);
      const std::size_t n = std::min(out.size(), std::size_t{1} << 16);
      units.resize((skip + n + hif4::elements - 1) / hif4::elements);
      stored_.file->read_at(stored_.offset + first / hif4::elements * sizeof(hif4),
                            std::as_writable_bytes(std::span(units)));
      values.resize(units.size() * hif4::elements);
      narrowfp::dequantize(units, values);
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(skip), n, out.begin());
      first += n;
      out = out.subspan(n);
    }
    return 0;
  }

 private:
  tensor stored_;
};

const tensor& scales_beside(const tensor& codes, const tensor_names& names,
                            std::initializer_list<std::string_view> dtypes) {
  const tensor* found = names.find(codes.name + "_scale", dtypes);
  if (found == nullptr) {
    fail(codes.file->path(), codes.name,
         "has no scales: the checkpoint lacks '" + printable(codes.name) + "_scale' in " +
             std::string(*dtypes.begin()));
  }
  return *found;
}

parameter units_of(const tensor& codes, std::uint64_t last) {
  if (last % 36 != 0) {
    fail(codes.file->path(), codes.name,
         "has shape " + shape_text(codes.shape) + ", whose rows are not whole units of 36 bytes");
  }
  parameter p = quantized_parameter(codes.name, "hif4", "safetensors",
                                    with_last_axis(codes.shape, last / 36 * 64), {codes});
  p.values = std::make_shared<units_source>(codes);
  return p;
}

parameter bytes_under_powers(const tensor& codes, const tensor_names& names, bool is_mxfp4,
                             std::uint64_t last) {
  if (!is_mxfp4 && last % 3 != 0) {
    fail(codes.file->path(), codes.name,
         "has shape " + shape_text(codes.shape) + ", whose rows are not whole groups of 3 bytes");
  }
  const auto shape = with_last_axis(codes.shape, is_mxfp4 ? last * 2 : last / 3 * 4);
  const tensor& scales = scales_beside(codes, names, {"U8"});
  require_shape(scales, codes, {with_last_axis(shape, (shape.back() + 31) / 32)});
  parameter p =
      quantized_parameter(codes.name, is_mxfp4 ? "mxfp4" : "mxfp6", "safetensors", shape, {codes, scales});
  p.packed = packing::dense_codes;
  p.values = std::make_shared<scaled_source>(codes, *find_safetensors_dtype(is_mxfp4 ? "F4" : "F6_E2M3"),
                                             groups_of(shape, 32), powers_of_two(scales));
  return p;
}

}  // namespace

std::optional<parameter> recognise_plain(const tensor& codes, const tensor_names& names) {
  const auto entry = names.metadata().find("narrowfp." + codes.name);
  if (entry == names.metadata().end() || codes.type->name != "U8" || codes.shape.empty()) {
    return std::nullopt;
  }
  const std::string& format = entry->second;
  const std::uint64_t last = codes.shape.back();
  if (format == "hif4") {
    return units_of(codes, last);
  }
  if (format == "mxfp4" || format == "mxfp6") {
    return bytes_under_powers(codes, names, format == "mxfp4", last);
  }
  if (format == "hif8") {
    const tensor& scale = scales_beside(codes, names, {"F32"});
    require_shape(scale, codes, {std::vector<std::uint64_t>()});
    parameter p = quantized_parameter(codes.name, "hif8", "safetensors", codes.shape, {codes, scale});
    p.packed = packing::dense_codes;
    const std::uint64_t rows = std::max<std::uint64_t>(codes.elements, 1);
    const std::uint64_t row = std::max<std::uint64_t>(last, 1);
    p.values =
        std::make_shared<scaled_source>(codes, hif8_type, scale_grid{rows, row, rows, row}, scales_of(scale));
    return p;
  }
  return std::nullopt;
}

}  // namespace checkpoint
