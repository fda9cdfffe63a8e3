// Files written byte by byte: an independent writer, and the broken files that no writer makes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace checkpoint_test {

/// A folder of its own for one test; removed with everything in it.
class folder {
 public:
  folder();
  ~folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  [[nodiscard]] const std::string& root() const noexcept { return root_; }
  [[nodiscard]] std::string path(const std::string& name) const { return root_ + '/' + name; }
  /// Writes a file and returns its path.
  std::string file(const std::string& name, const std::string& bytes) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::string root_;
};

std::string contents(const std::string& path);

/// The bytes of numbers, little-endian.
template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  if (!numbers.empty()) {
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
  }
  return bytes;
}

/// A safetensors file of any header and any data.
std::string safetensors(const std::string& header, const std::string& data);
/// The same, of one tensor called t whose offsets fit its data.
std::string one_tensor(const std::string& dtype, const std::string& shape, const std::string& data);

/// A .npy file of version 1 whose header is this dictionary, padded as numpy pads it.
std::string npy(const std::string& dictionary, const std::string& data);
std::string npy(const std::string& descr, bool fortran_order, const std::string& shape,
                const std::string& data);

}  // namespace checkpoint_test
