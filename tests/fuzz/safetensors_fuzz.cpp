// .safetensors: the header, and the conventions that names, dtypes and metadata in it speak of.
#include "files.hpp"

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const auto rest = input.subspan(1);
  if (input[0] % 2 == 0) {
    return fuzz::read_all(fuzz::place().write("model.safetensors", rest));
  }
  // A header with its length put right, so that the JSON behind it is reached, and some bytes of data.
  const std::size_t data = rest.empty() ? 0 : rest[0] % 64;
  const auto text = rest.empty() ? rest : rest.subspan(1);
  std::vector<std::uint8_t> file;
  fuzz::append_number(file, text.size() > data ? text.size() - data : 0, 8);
  fuzz::append(file, text);
  fuzz::read_all(fuzz::place().write("model.safetensors", file));
}
