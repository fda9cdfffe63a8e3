// GGUF: keys and values, infos of tensors, blocks.
#include "files.hpp"

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const auto rest = input.subspan(1);
  if (input[0] % 2 == 0) {
    return fuzz::read_all(fuzz::place().write("model.gguf", rest));
  }
  // The first bytes given, and the data made long enough for small tensors, so that values are reached.
  std::vector<std::uint8_t> file = {'G', 'G', 'U', 'F', static_cast<std::uint8_t>(2 + input[0] / 2 % 2),
                                    0,   0,   0};
  fuzz::append(file, rest);
  file.insert(file.end(), input[0] / 4 * std::size_t{16}, std::uint8_t{0x5A});
  fuzz::read_all(fuzz::place().write("model.gguf", file));
}
