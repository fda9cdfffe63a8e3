#include "tensor.hpp"

#include <limits>

namespace checkpoint {

std::optional<std::uint64_t> element_count(const std::vector<std::uint64_t>& shape, int width_bits) noexcept {
  const std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) /
                             static_cast<unsigned>(width_bits);
  std::uint64_t count = 1;
  for (const std::uint64_t axis : shape) {
    if (axis > most || (axis != 0 && count > most / axis)) {
      return std::nullopt;
    }
    count *= axis;
  }
  return count;
}

std::uint64_t product(std::span<const std::uint64_t> axes) noexcept {
  std::uint64_t count = 1;
  for (const std::uint64_t axis : axes) {
    count *= axis;
  }
  return count;
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "[";
  for (const std::uint64_t axis : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(axis);
  }
  return text + "]";
}

}  // namespace checkpoint
