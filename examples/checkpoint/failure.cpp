#include "failure.hpp"

namespace checkpoint {

std::string printable(std::string_view text, std::size_t longest) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if (out.size() >= longest) {
      return out + "...";
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

void fail(std::string_view file, std::string_view problem) {
  throw failure(printable(file, 4096) + ": " + std::string(problem));
}

void fail(std::string_view file, std::string_view tensor, std::string_view problem) {
  fail(file, "tensor '" + printable(tensor) + "': " + std::string(problem));
}

}  // namespace checkpoint
