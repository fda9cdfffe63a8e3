// .npy: versions, dictionaries, orders and dtypes.
#include "files.hpp"

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const auto rest = input.subspan(1);
  const char* dtype = fuzz::npy_dtype(input[0]);
  if (input[0] < 0x80) {
    return fuzz::read_all(fuzz::place().write("array.npy", rest), dtype);
  }
  // The dictionary alone, up to a line break, under a version and a length that fit; the data behind it.
  const auto end = std::find(rest.begin(), rest.end(), '\n');
  const auto length = static_cast<std::size_t>(end - rest.begin()) + (end == rest.end() ? 0 : 1);
  std::vector<std::uint8_t> file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  fuzz::append_number(file, length, 2);
  fuzz::append(file, rest);
  fuzz::read_all(fuzz::place().write("array.npy", file), dtype);
}
