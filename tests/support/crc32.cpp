#include "crc32.hpp"

#include <array>

namespace support {
namespace {

constexpr std::uint32_t polynomial = 0xEDB88320;

/// tables[k][b]: the register after byte b and k zero bytes, from a zero register.
constexpr auto tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> t{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t r = byte;
    for (int bit = 0; bit < 8; ++bit) {
      r = (r & 1) != 0 ? r >> 1 ^ polynomial : r >> 1;
    }
    t[0][byte] = r;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      t[k][byte] = t[k - 1][byte] >> 8 ^ t[0][t[k - 1][byte] & 0xFF];
    }
  }
  return t;
}();

/// a * b modulo the polynomial, both with the coefficient of x^0 in the top bit.
std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (std::uint32_t bit = std::uint32_t{1} << 31; bit != 0; bit >>= 1) {
    product ^= (a & bit) != 0 ? b : 0;
    b = (b & 1) != 0 ? b >> 1 ^ polynomial : b >> 1;
  }
  return product;
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t r = ~before;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::uint8_t* p = bytes.data() + i;
    const std::uint32_t low =
        r ^ (p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24);
    r = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
        tables[4][low >> 24] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
  }
  for (; i < bytes.size(); ++i) {
    r = r >> 8 ^ tables[0][(r ^ bytes[i]) & 0xFF];
  }
  return ~r;
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_size_bytes) {
  // Appending n bytes multiplies the register by x^(8n).
  std::uint32_t power = std::uint32_t{1} << 31;   // x^0
  std::uint32_t square = std::uint32_t{1} << 23;  // x^8
  for (std::uint64_t n = second_size_bytes; n != 0; n >>= 1) {
    power = (n & 1) != 0 ? multiply(power, square) : power;
    square = multiply(square, square);
  }
  return multiply(power, first) ^ second;
}

}  // namespace support
