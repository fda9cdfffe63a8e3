#include <algorithm>
#include <array>

#include "failure.hpp"
#include "readers.hpp"
#include "safetensors_header.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t longest_header = 100'000'000;  // the limit of the reference implementation

std::string read_header_text(const input_file& file) {
  const std::string& path = file.path();
  if (file.size_bytes() < 8) {
    fail(path, "has " + std::to_string(file.size_bytes()) +
                   " bytes; a safetensors file begins with 8 bytes that give the header's length");
  }
  std::array<std::byte, 8> prefix{};
  file.read_at(0, prefix);
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) {
    length = length << 8 | static_cast<std::uint8_t>(prefix[static_cast<std::size_t>(i)]);
  }
  if (length > longest_header) {
    fail(path,
         "declares a header of " + std::to_string(length) + " bytes; more than 100000000 is not safetensors");
  }
  if (length > file.size_bytes() - 8) {
    fail(path, "declares a header of " + std::to_string(length) + " bytes, but only " +
                   std::to_string(file.size_bytes() - 8) + " follow");
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  file.read_at(8, std::as_writable_bytes(std::span(text)));
  return text;
}

tensor checked(const header_entry& entry, const std::shared_ptr<const input_file>& file,
               std::uint64_t data_start) {
  const std::string& path = file->path();
  const std::uint64_t begin = entry.data_offsets[0];
  const std::uint64_t end = entry.data_offsets[1];
  const std::uint64_t data_bytes = file->size_bytes() - data_start;
  if (begin > end) {
    fail(path, entry.name,
         "begins at byte " + std::to_string(begin) + " of the data and ends before, at " +
             std::to_string(end));
  }
  if (end > data_bytes) {
    fail(path, entry.name,
         "ends at byte " + std::to_string(end) + " of the data, but the file has only " +
             std::to_string(data_bytes));
  }
  const dtype* type = find_safetensors_dtype(entry.type);
  if (type == nullptr) {
    fail(path, entry.name, "has dtype '" + printable(entry.type) + "', which safetensors does not define");
  }
  const auto elements = element_count(entry.shape, type->width_bits);
  if (!elements) {
    fail(path, entry.name, "has shape " + shape_text(entry.shape) + ", whose product is too large");
  }
  const std::uint64_t bits = *elements * static_cast<unsigned>(type->width_bits);
  if (bits % 8 != 0) {
    fail(path, entry.name,
         "has " + std::to_string(*elements) + " elements of dtype " + entry.type +
             ", which do not fill whole bytes");
  }
  if (bits / 8 != end - begin) {
    fail(path, entry.name,
         "has " + std::to_string(end - begin) + " bytes, but dtype " + entry.type + " and shape " +
             shape_text(entry.shape) + " need " + std::to_string(bits / 8));
  }
  return {entry.name, type, entry.shape, *elements, data_start + begin, end - begin, false, false, file};
}

/// The format has no holes: each tensor begins where the one before it ends, the last ends the file.
void require_gapless(const std::vector<tensor>& tensors, const input_file& file, std::uint64_t data_start) {
  std::vector<const tensor*> order;
  for (const tensor& t : tensors) {
    order.push_back(&t);
  }
  std::sort(order.begin(), order.end(), [](const tensor* a, const tensor* b) {
    return a->offset != b->offset ? a->offset < b->offset : a->size_bytes < b->size_bytes;
  });
  std::uint64_t reached = data_start;
  for (const tensor* t : order) {
    if (t->offset < reached) {
      fail(file.path(), t->name,
           "overlaps another tensor: it begins at byte " + std::to_string(t->offset - data_start) +
               " of the data, and another ends at " + std::to_string(reached - data_start));
    }
    if (t->offset > reached) {
      fail(file.path(), t->name,
           "leaves a hole before it, bytes " + std::to_string(reached - data_start) + " to " +
               std::to_string(t->offset - data_start) + " of the data");
    }
    reached = t->offset + t->size_bytes;
  }
  if (reached != file.size_bytes()) {
    fail(file.path(), "has " + std::to_string(file.size_bytes() - reached) +
                          " bytes after its last tensor that belong to none");
  }
}

}  // namespace

tensor_collection read_safetensors(std::shared_ptr<const input_file> file) {
  const std::string text = read_header_text(*file);
  safetensors_header header = parse_safetensors_header(file->path(), text);
  const std::uint64_t data_start = 8 + text.size();
  tensor_collection collection;
  for (const header_entry& entry : header.entries) {
    collection.tensors.push_back(checked(entry, file, data_start));
  }
  require_gapless(collection.tensors, *file, data_start);
  collection.metadata = std::move(header.metadata);
  return collection;
}

}  // namespace checkpoint
