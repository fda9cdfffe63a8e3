#include "failure.hpp"

namespace checkpoint {

std::string printable(std::string_view text, std::size_t longest) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out.size() >= longest) {
      return out + "...";
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    const auto escape = [&](unsigned char c) { out += {'\\', 'x', digits[c >> 4], digits[c & 15]}; };
    if (byte < 0x20 || byte == 0x7F) {
      escape(byte);
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      // U+0080 to U+009F in UTF-8: terminals obey these as well.
      escape(byte);
      escape(next);
      ++i;
    } else {
      out += text[i];
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
