#include "gguf.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>

#include "failure.hpp"
#include "sources.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t longest_string = std::uint64_t{1} << 26;
constexpr std::uint64_t most_tensors = 10'000'000;
constexpr std::uint64_t most_axes = 4;

/// Values of blocks, decoded one after another.
class blocks_source final : public value_source {
 public:
  blocks_source(tensor stored, const gguf_type& type) : stored_(std::move(stored)), type_(type) {}

  std::uint64_t read(std::uint64_t first, std::span<float> out) const override {
    const std::uint64_t per_block = type_.block_elements;
    thread_local std::vector<std::byte> bytes;
    while (!out.empty()) {
      // A piece of whole blocks, of which the first and the last may be wanted in part.
      const std::uint64_t block = first / per_block;
      const auto skip = static_cast<std::size_t>(first % per_block);
      const std::size_t n = std::min(out.size(), std::size_t{1} << 16);
      const std::uint64_t blocks = (skip + n + per_block - 1) / per_block;
      bytes.resize(static_cast<std::size_t>(blocks * type_.block_bytes));
      stored_.file->read_at(stored_.offset + block * type_.block_bytes, bytes);
      type_.decode(bytes, out.first(n), skip);
      first += n;
      out = out.subspan(n);
    }
    return 0;
  }

 private:
  tensor stored_;
  const gguf_type& type_;
};

/// Reads the header field by field; every length is compared with what the file still has.
class header_reader {
 public:
  explicit header_reader(const input_file& file) : file_(file) {}

  [[nodiscard]] std::uint64_t place() const noexcept { return place_ - (buffer_.size() - used_); }

  std::uint64_t number(std::size_t bytes) {
    std::array<std::byte, 8> raw{};
    take(std::span(raw).first(bytes));
    std::uint64_t value = 0;
    std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }

  std::string string() {
    const std::uint64_t length = number(8);
    if (length > longest_string || length > left()) {
      problem("has a string of " + std::to_string(length) + " bytes");
    }
    std::string text(static_cast<std::size_t>(length), '\0');
    take(std::as_writable_bytes(std::span(text)));
    return text;
  }

  /// Passes over a value; an array within an array is refused, as llama.cpp does.
  void skip_value(std::uint64_t type, bool in_array = false) {
    static constexpr std::array<std::uint8_t, 13> sizes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    if (type >= sizes.size()) {
      problem("has a value of type " + std::to_string(type) + ", which GGUF does not define");
    }
    if (type == 8) {
      string();
    } else if (type == 9) {
      if (in_array) {
        problem("has an array of arrays");
      }
      const std::uint64_t element = number(4);
      const std::uint64_t count = number(8);
      if (element < sizes.size() && sizes[element] != 0) {
        if (count > left() / sizes[element]) {
          problem("has an array of " + std::to_string(count) + " values, more than the file holds");
        }
        skip(count * sizes[element]);
        return;
      }
      if (count > left() / 8 + 1) {
        problem("has an array of " + std::to_string(count) + " values, more than the file holds");
      }
      for (std::uint64_t i = 0; i < count; ++i) {
        skip_value(element, true);
      }
    } else {
      skip(sizes[type]);
    }
  }

  [[noreturn]] void problem(const std::string& text) const {
    fail(file_.path(), "GGUF header " + text + " (at byte " + std::to_string(place()) + ")");
  }

  [[nodiscard]] std::uint64_t left() const noexcept { return file_.size_bytes() - place(); }

 private:
  void take(std::span<std::byte> out) {
    if (out.size() > left()) {
      problem("ends with the file; the file is truncated");
    }
    while (!out.empty()) {
      if (used_ == buffer_.size()) {
        buffer_.resize(static_cast<std::size_t>(
            std::min<std::uint64_t>(file_.size_bytes() - place_, std::uint64_t{1} << 16)));
        file_.read_at(place_, buffer_);
        place_ += buffer_.size();
        used_ = 0;
      }
      const std::size_t n = std::min(out.size(), buffer_.size() - used_);
      std::memcpy(out.data(), buffer_.data() + used_, n);
      used_ += n;
      out = out.subspan(n);
    }
  }
  void skip(std::uint64_t n) {
    if (n > left()) {
      problem("ends with the file; the file is truncated");
    }
    const std::uint64_t to = place() + n;
    buffer_.clear();
    used_ = 0;
    place_ = to;
  }

  const input_file& file_;
  std::uint64_t place_ = 0;  // of the end of the buffer
  std::vector<std::byte> buffer_;
  std::size_t used_ = 0;
};

struct tensor_info {
  std::string name;
  std::vector<std::uint64_t> shape;  // slowest axis first
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
};

tensor_info read_info(header_reader& header) {
  tensor_info info;
  info.name = header.string();
  const std::uint64_t axes = header.number(4);
  if (axes > most_axes) {
    header.problem("gives tensor '" + printable(info.name) + "' " + std::to_string(axes) +
                   " axes; GGUF has 4 at most");
  }
  for (std::uint64_t i = 0; i < axes; ++i) {
    info.shape.insert(info.shape.begin(), header.number(8));
  }
  info.type = static_cast<std::uint32_t>(header.number(4));
  info.offset = header.number(8);
  return info;
}

std::uint64_t padded(std::uint64_t n, std::uint64_t alignment) noexcept {
  return (n + alignment - 1) / alignment * alignment;
}

parameter checked(const tensor_info& info, const std::shared_ptr<const input_file>& file,
                  std::uint64_t data_start, std::uint64_t alignment) {
  const std::string& path = file->path();
  const gguf_type* type = find_gguf_type(info.type);
  if (type == nullptr || type->block_elements == 0) {
    fail(
        path, info.name,
        "is of GGUF type " + (type == nullptr ? std::to_string(info.type) : std::string(type->name)) +
            ", which this program does not read; llama.cpp's llama-quantize turns it into F16, BF16 or Q8_0");
  }
  const auto elements = element_count(info.shape, 64);
  if (!elements) {
    fail(path, info.name, "has shape " + shape_text(info.shape) + ", whose product is too large");
  }
  if (!info.shape.empty() && info.shape.back() % type->block_elements != 0) {
    fail(path, info.name,
         "has rows of " + std::to_string(info.shape.back()) + " elements, which are not whole blocks of " +
             std::to_string(type->block_elements));
  }
  const std::uint64_t size_bytes = *elements / type->block_elements * type->block_bytes;
  if (info.offset % alignment != 0) {
    fail(path, info.name,
         "begins at byte " + std::to_string(info.offset) +
             " of the data, which is not a multiple of the alignment " + std::to_string(alignment));
  }
  const std::uint64_t data_bytes = file->size_bytes() > data_start ? file->size_bytes() - data_start : 0;
  if (info.offset > data_bytes || size_bytes > data_bytes - info.offset) {
    fail(path, info.name,
         "ends at byte " + std::to_string(info.offset) + " + " + std::to_string(size_bytes) +
             " of the data, but the file has only " + std::to_string(data_bytes) + "; it is truncated");
  }
  tensor stored;
  stored.name = info.name;
  stored.type = find_safetensors_dtype("U8");
  stored.shape = info.shape;
  stored.elements = *elements;
  stored.offset = data_start + info.offset;
  stored.size_bytes = size_bytes;
  stored.file = file;
  // Plain types are the same bytes in safetensors.
  const dtype* same = type->block_elements == 1 ? find_safetensors_dtype(type->name) : nullptr;
  if (same != nullptr) {
    stored.type = same;
    return plain_parameter(stored);
  }
  parameter p;
  p.name = info.name;
  p.shape = info.shape;
  p.elements = *elements;
  p.size_bytes = size_bytes;
  p.format = type->name;
  p.convention = "GGUF";
  p.parts = {stored};
  p.values = std::make_shared<blocks_source>(stored, *type);
  return p;
}

}  // namespace

model read_gguf(const std::shared_ptr<const input_file>& file) {
  header_reader header(*file);
  header.number(4);  // "GGUF", by which the file was told
  const std::uint64_t version = header.number(4);
  if (version != 2 && version != 3) {
    fail(file->path(), "is of GGUF version " + std::to_string(version) +
                           (version > 0xFFFF ? ", so it is big-endian;" : ";") +
                           " little-endian files of version 2 and 3 can be read");
  }
  const std::uint64_t tensors = header.number(8);
  const std::uint64_t values = header.number(8);
  // Each takes 12 bytes at least.
  if (tensors > most_tensors || tensors > header.left() / 12 || values > header.left() / 12) {
    header.problem("declares " + std::to_string(tensors) + " tensors and " + std::to_string(values) +
                   " values, more than the file holds");
  }
  std::uint64_t alignment = 32;
  std::unordered_set<std::string> names;
  model m;
  for (std::uint64_t i = 0; i < values; ++i) {
    const std::uint64_t begin = header.place();
    const std::string key = header.string();
    if (!names.insert(key).second) {
      header.problem("has the key '" + printable(key) + "' twice");
    }
    const std::uint64_t type = header.number(4);
    if (key != "general.alignment") {
      header.skip_value(type);
      std::string encoded(static_cast<std::size_t>(header.place() - begin), '\0');
      file->read_at(begin, std::as_writable_bytes(std::span(encoded)));
      m.gguf_values += encoded;
      ++m.gguf_value_count;
      continue;
    }
    alignment = type == 4 ? header.number(4) : 0;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
      header.problem("has a general.alignment that is not a 32-bit power of two");
    }
  }
  std::vector<tensor_info> infos;
  names.clear();
  for (std::uint64_t i = 0; i < tensors; ++i) {
    infos.push_back(read_info(header));
    if (!names.insert(infos.back().name).second) {
      header.problem("names tensor '" + printable(infos.back().name) + "' twice");
    }
  }
  const std::uint64_t data_start = padded(header.place(), alignment);
  for (const tensor_info& info : infos) {
    m.parameters.push_back(checked(info, file, data_start, alignment));
  }
  // Tensors may lie in any order, but not on one another.
  std::vector<const tensor*> order;
  for (const parameter& p : m.parameters) {
    order.push_back(&p.parts.front());
  }
  std::sort(order.begin(), order.end(),
            [](const tensor* a, const tensor* b) { return a->offset < b->offset; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i - 1]->offset + order[i - 1]->size_bytes > order[i]->offset) {
      fail(file->path(), order[i]->name, "overlaps tensor '" + printable(order[i - 1]->name) + "'");
    }
  }
  return m;
}

}  // namespace checkpoint
