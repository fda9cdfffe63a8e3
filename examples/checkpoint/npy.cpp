// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include <array>
#include <charconv>

#include "failure.hpp"
#include "readers.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t longest_header = 1 << 20;
constexpr std::size_t most_axes = 64;  // numpy 2's limit

/// Reads the header: a Python dictionary of 'descr', 'fortran_order' and 'shape', written by numpy.
class header_parser {
 public:
  header_parser(const std::string& path, std::string_view text) : path_(path), rest_(text) {}

  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;

  void parse() {
    unsigned seen = 0;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      const unsigned bit = key == "descr" ? 1U : key == "fortran_order" ? 2U : key == "shape" ? 4U : 0U;
      if (bit == 0 || (seen & bit) != 0) {
        fail(path_, "header has " + std::string(bit == 0 ? "an unknown" : "a second") + " key '" +
                        printable(key) + "'");
      }
      seen |= bit;
      parse_value(bit);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (!rest_.empty()) {
      reject("the end");
    }
    if (seen != 7U) {
      fail(path_, "header lacks descr, fortran_order or shape");
    }
  }

 private:
  void parse_value(unsigned bit) {
    if (bit == 1U) {
      skip_blanks();
      if (rest_.starts_with('[')) {
        fail(path_, "holds structured elements; only arrays of plain numbers can be inspected");
      }
      descr = quoted();
    } else if (bit == 2U) {
      fortran_order = accept_word("True");
      if (!fortran_order && !accept_word("False")) {
        reject("True or False");
      }
    } else {
      expect('(');
      while (!accept(')')) {
        shape.push_back(number());
        if (shape.size() > most_axes) {
          fail(path_, "header has a shape of more than 64 axes");
        }
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
    }
  }

  void skip_blanks() {
    const std::size_t n = rest_.find_first_not_of(" \n\t");
    rest_.remove_prefix(n == rest_.npos ? rest_.size() : n);
  }
  [[noreturn]] void reject(const std::string& wanted) {
    fail(path_, "header has '" + printable(rest_.substr(0, 20)) + "' where " + wanted + " should be");
  }
  bool accept(char c) {
    skip_blanks();
    const bool there = rest_.starts_with(c);
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }
  bool accept_word(std::string_view word) {
    skip_blanks();
    const bool there = rest_.starts_with(word);
    rest_.remove_prefix(there ? word.size() : 0);
    return there;
  }
  void expect(char c) {
    if (!accept(c)) {
      reject(std::string("'") + c + "'");
    }
  }
  std::string quoted() {
    skip_blanks();
    const char quote = rest_.empty() ? ' ' : rest_.front();
    const std::size_t end = quote == '\'' || quote == '"' ? rest_.find(quote, 1) : rest_.npos;
    if (end == rest_.npos) {
      reject("a quoted word");
    }
    std::string word(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return word;
  }
  std::uint64_t number() {
    skip_blanks();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) {
      reject("a whole number below 2^64");
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    accept_word("L");  // as Python 2 wrote it
    return value;
  }

  const std::string& path_;
  std::string_view rest_;
};

struct described_type {
  const dtype* type;
  bool big_endian;
};

described_type type_of(const std::string& path, const std::string& descr, const std::string& npy_dtype) {
  if (descr.find('O') != descr.npos) {
    fail(path, "holds Python objects (dtype '" + printable(descr) +
                   "'), which are pickled; save an array of numbers");
  }
  if (descr.size() < 3) {
    fail(path, "has an array of dtype '" + printable(descr) + "', which numpy does not write");
  }
  const bool big_endian = descr[0] == '>';
  const std::string_view kind = std::string_view(descr).substr(1);
  if (kind == "V1" || kind == "V2") {
    // ml_dtypes' types are void to numpy. Two bytes can only be bfloat16, one byte can be eleven types.
    if (npy_dtype.empty() && kind == "V1") {
      fail(path,
           "has one-byte elements of an unnamed type, as ml_dtypes' arrays have; say which with "
           "--npy-dtype, such as --npy-dtype float8_e4m3fn");
    }
    const dtype* type = find_ml_dtype(npy_dtype.empty() ? "bfloat16" : npy_dtype);
    if (type == nullptr || type->width_bits != (kind == "V1" ? 8 : 16)) {
      fail(path, "has elements of " + std::string(kind == "V1" ? "one byte" : "two bytes") +
                     ", which --npy-dtype " + printable(npy_dtype) + " is not");
    }
    return {type, big_endian};
  }
  const dtype* type = kind == "f4"   ? find_safetensors_dtype("F32")
                      : kind == "f8" ? find_safetensors_dtype("F64")
                      : kind == "f2" ? find_safetensors_dtype("F16")
                      : kind == "f1" ? find_ml_dtype("float8_e5m2")  // the one that numpy takes for a float
                                     : nullptr;
  if (type == nullptr || (descr[0] != '<' && descr[0] != '>' && descr[0] != '|')) {
    fail(path, "has an array of dtype '" + printable(descr) +
                   "'; f2, f4, f8 and the types of ml_dtypes can be inspected");
  }
  return {type, big_endian};
}

std::string stem_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.ends_with(".npy")) {
    name.resize(name.size() - 4);
  }
  return name;
}

}  // namespace

tensor_collection read_npy(std::shared_ptr<const input_file> file, const std::string& npy_dtype) {
  const std::string& path = file->path();
  std::array<std::byte, 12> prefix{};
  file->read_at(0, std::span(prefix).first(10));
  const int version = static_cast<int>(prefix[6]);
  if (version < 1 || version > 3) {
    fail(path, "is of .npy version " + std::to_string(version) + "; 1, 2 and 3 exist");
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  file->read_at(8, std::span(prefix).subspan(8, length_bytes));
  std::uint64_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) {
    length = length << 8 | static_cast<std::uint8_t>(prefix[8 + i]);
  }
  const std::uint64_t header_start = 8 + length_bytes;
  if (length > longest_header) {
    fail(path, "declares a header of " + std::to_string(length) + " bytes; more than " +
                   std::to_string(longest_header) + " is not plausible");
  }
  if (length > file->size_bytes() - header_start) {
    fail(path, "declares a header of " + std::to_string(length) + " bytes, but only " +
                   std::to_string(file->size_bytes() - header_start) + " follow");
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  file->read_at(header_start, std::as_writable_bytes(std::span(text)));
  header_parser header(path, text);
  header.parse();

  const auto [type, big_endian] = type_of(path, header.descr, npy_dtype);
  const auto elements = element_count(header.shape, type->width_bits);
  if (!elements) {
    fail(path, "has shape " + shape_text(header.shape) + ", whose product is too large");
  }
  const std::uint64_t size_bytes = *elements * static_cast<unsigned>(type->width_bits) / 8;
  const std::uint64_t data_bytes = file->size_bytes() - header_start - length;
  if (size_bytes != data_bytes) {
    fail(path, "has " + std::to_string(data_bytes) + " bytes of data, but dtype " + header.descr +
                   " and shape " + shape_text(header.shape) + " need " + std::to_string(size_bytes));
  }
  tensor_collection collection;
  collection.tensors.push_back({stem_of(path), type, header.shape, *elements, header_start + length,
                                size_bytes, header.fortran_order, big_endian, file});
  return collection;
}

}  // namespace checkpoint
