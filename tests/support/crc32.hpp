// CRC-32 as zlib has it: reflected polynomial edb88320, initial value and final xor ffffffff.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace support {

/// The checksum of `bytes` appended to a sequence whose checksum is `before`; 0 for the empty sequence.
std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

/// The checksum of a sequence from those of its two parts and the size of the second.
std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_size_bytes);

}  // namespace support
