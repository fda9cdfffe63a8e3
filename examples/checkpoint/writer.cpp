#include "writer.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "parallel.hpp"
#include "failure.hpp"
#include "progress.hpp"
#include "selection.hpp"
#include "sources.hpp"

namespace checkpoint {

namespace {

struct output_tensor {
  std::string name;
  std::string type;
  std::vector<std::uint64_t> shape;
  std::uint64_t size_bytes;
  int width_bits;
  std::uint64_t offset = 0;
};

/// One parameter and where its parts go, as indices of output tensors.
struct plan {
  const parameter* source;
  const number_format* format = nullptr;  // null: kept
  float amax = 0;
  std::size_t codes = 0;  // of a kept one: its first part
  std::size_t scale = 0;
  std::size_t second_scale = 0;
};

class layout {
 public:
  explicit layout(std::string path) : path_(std::move(path)), names_{"__metadata__"} {}

  std::vector<output_tensor> tensors;

  std::size_t add(const std::string& name, std::string_view type, std::vector<std::uint64_t> shape) {
    if (!names_.insert(name).second) {
      fail(path_, name, "cannot be written: a scale or another tensor has that name already");
    }
    const int width = find_safetensors_dtype(type)->width_bits;
    const std::uint64_t size_bytes = product(shape) * static_cast<unsigned>(width) / 8;
    tensors.push_back({name, std::string(type), std::move(shape), size_bytes, width});
    return tensors.size() - 1;
  }

  /// Wide types first, so that each tensor is aligned for its type; returns the bytes of data.
  std::uint64_t place() {
    std::vector<output_tensor*> order;
    for (output_tensor& t : tensors) {
      order.push_back(&t);
    }
    std::stable_sort(order.begin(), order.end(), [](const output_tensor* a, const output_tensor* b) {
      return a->width_bits > b->width_bits;
    });
    std::uint64_t reached = 0;
    for (output_tensor* t : order) {
      t->offset = reached;
      reached += t->size_bytes;
    }
    return reached;
  }

 private:
  std::string path_;
  std::unordered_set<std::string> names_;
};

plan planned(const parameter& source, const parameter_result* result, const inspection_options& options,
             layout& out) {
  plan p{&source};
  // Codes of 8 bits and fewer are someone's quantization already, and their scales are not numbers to round;
  // and what is no weight of a linear layer or a convolution is kept, as convert does.
  const bool smaller = result != nullptr && result->chosen && !source.is_quantized() &&
                       reason_to_keep(source).empty() && source.parts.front().type->width_bits >= 16 &&
                       result->tallies[*result->chosen].bits < source.size_bytes * 8;
  if (!smaller) {
    p.codes = out.tensors.size();
    for (const tensor& part : source.parts) {
      out.add(source.parts.size() == 1 ? source.name : part.name, part.type->stored_name, part.shape);
    }
    return p;
  }
  p.format = options.formats[*result->chosen];
  p.amax = result->amax;
  const storage& stored = *p.format->stored;
  const std::vector<std::uint64_t> shape = matrix_shape(source);
  p.codes = out.add(source.name, stored.code_dtype, shape);
  if (!stored.scale_dtype.empty()) {
    std::vector<std::uint64_t> scales;
    if (stored.block_elements != 0) {
      scales = shape;
      scales.back() =
          scales.back() / stored.block_elements + (scales.back() % stored.block_elements != 0 ? 1 : 0);
    }
    p.scale = out.add(source.name + "_scale", stored.scale_dtype, scales);
  }
  if (stored.has_second_scale) {
    p.second_scale = out.add(source.name + "_scale_2", "F32", {});
  }
  return p;
}

std::string header_text(const std::vector<plan>& plans, const layout& out, const model& m) {
  using nlohmann::json;
  json formats = json::object();
  for (const plan& p : plans) {
    formats[p.source->name] =
        p.format != nullptr ? std::string(p.format->name) : "kept as " + p.source->type_text();
  }
  json header = json::object();
  header["__metadata__"] = m.metadata;
  header["__metadata__"]["narrowfp_formats"] = formats.dump(-1, ' ', false, json::error_handler_t::replace);
  for (const output_tensor& t : out.tensors) {
    header[t.name] = {
        {"dtype", t.type}, {"shape", t.shape}, {"data_offsets", {t.offset, t.offset + t.size_bytes}}};
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data begins at a multiple of 8
  return text;
}

/// Writes consecutive bytes from a place on.
class cursor {
 public:
  cursor(output_file& file, std::uint64_t offset) : file_(file), offset_(offset) {}
  void write(std::span<const std::byte> bytes) {
    file_.write_at(offset_, bytes);
    offset_ += bytes.size();
  }

 private:
  output_file& file_;
  std::uint64_t offset_;
};

void write_float(output_file& file, std::uint64_t offset, float value) {
  file.write_at(offset, std::as_bytes(std::span(&value, 1)));
}

void write_kept(const tensor& part, cursor out, progress& shown) {
  const plain_source source(part);
  std::vector<std::byte> bytes;
  for (std::uint64_t done = 0; done < part.elements;) {
    const std::uint64_t n = std::min(part.elements - done, chunk_elements);
    bytes.resize(static_cast<std::size_t>(n * static_cast<unsigned>(part.type->width_bits) / 8));
    source.read_raw(done, n, bytes);
    out.write(bytes);
    done += n;
    shown.advance(bytes.size(), part.name);
  }
}

void write_codes(const plan& p, const layout& out, std::uint64_t data_start, output_file& file,
                 progress& shown) {
  const std::unique_ptr<trial> made = p.format->make();
  made->begin(p.amax);
  const storage& stored = *p.format->stored;
  cursor codes(file, data_start + out.tensors[p.codes].offset);
  cursor scales(file, data_start + out.tensors[p.scale].offset);
  std::vector<float> values;
  std::vector<std::byte> code_bytes;
  std::vector<std::byte> scale_bytes;
  std::vector<chunk> chunks;
  append_chunks(0, p.source->elements, matrix_row_length(*p.source), chunks);
  for (const chunk& c : chunks) {
    values.resize(c.elements);
    p.source->values->read(c.first, values);
    code_bytes.clear();
    scale_bytes.clear();
    made->store(values, c.row_length, code_bytes, scale_bytes);
    codes.write(code_bytes);
    scales.write(scale_bytes);
    shown.advance(p.source->bytes_of(c.elements), p.source->name);
  }
  if (stored.block_elements == 0 && !stored.scale_dtype.empty()) {
    write_float(file, data_start + out.tensors[p.scale].offset, made->tensor_scale());
  }
  if (stored.has_second_scale) {
    write_float(file, data_start + out.tensors[p.second_scale].offset, made->tensor_scale());
  }
}

}  // namespace

written write_quantized(const std::string& path, const model& m, const std::vector<parameter_result>& results,
                        const inspection_options& options) {
  layout out(path);
  std::vector<plan> plans;
  std::uint64_t bytes = 0;
  auto result = results.begin();
  for (const parameter& each : m.parameters) {
    const bool inspected = result != results.end() && result->source == &each;
    plans.push_back(planned(each, inspected ? &*result : nullptr, options, out));
    result += inspected ? 1 : 0;
    bytes += each.size_bytes;
  }
  const std::uint64_t data_bytes = out.place();
  const std::string header = header_text(plans, out, m);
  if (header.size() > 100'000'000) {
    fail(path, "would have a header of more than 100000000 bytes, which safetensors does not allow");
  }
  const std::uint64_t data_start = 8 + header.size();

  output_file file(path);
  const std::uint64_t length = header.size();
  file.write_at(0, std::as_bytes(std::span(&length, 1)));
  file.write_at(8, std::as_bytes(std::span(header)));
  progress shown(bytes);
  written summary{0, 0, data_start + data_bytes};
  for (const plan& p : plans) {
    if (p.format == nullptr) {
      for (std::size_t i = 0; i < p.source->parts.size(); ++i) {
        write_kept(p.source->parts[i], cursor(file, data_start + out.tensors[p.codes + i].offset), shown);
      }
      ++summary.kept;
    } else {
      write_codes(p, out, data_start, file, shown);
      ++summary.quantized;
    }
  }
  file.commit();
  return summary;
}

}  // namespace checkpoint
