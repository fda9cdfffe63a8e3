// ZIP archives whose members are stored as they are; APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crc32.hpp"

namespace support {

struct zip_member {
  std::string name;
  std::string bytes;
};

inline void append_little_endian(std::string& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(number >> 8 * i & 0xFF);
  }
}

inline std::string stored_zip(const std::vector<zip_member>& members) {
  std::string archive;
  std::string directory;
  for (const zip_member& each : members) {
    const std::size_t begin = archive.size();
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(each.bytes.data()), each.bytes.size());
    std::string shared;                             // by the member's own header and the directory's
    append_little_endian(shared, 20, 2);            // version that is needed
    append_little_endian(shared, 0, 2 + 2);         // flags, method
    append_little_endian(shared, 0x210000, 2 + 2);  // time and date: 1980-01-01
    append_little_endian(shared, crc32(bytes), 4);
    append_little_endian(shared, each.bytes.size(), 4);
    append_little_endian(shared, each.bytes.size(), 4);
    append_little_endian(shared, each.name.size(), 2);
    append_little_endian(shared, 0, 2);  // extra field
    archive += "PK\x03\x04" + shared + each.name + each.bytes;
    directory += "PK\x01\x02";
    append_little_endian(directory, 20, 2);
    directory += shared;
    append_little_endian(directory, 0, 2 + 2 + 2);  // comment, disk, internal attributes
    append_little_endian(directory, 0, 4);          // external attributes
    append_little_endian(directory, begin, 4);
    directory += each.name;
  }
  const std::size_t begin = archive.size();
  archive += directory + "PK\x05\x06";
  append_little_endian(archive, 0, 2 + 2);
  append_little_endian(archive, members.size(), 2);
  append_little_endian(archive, members.size(), 2);
  append_little_endian(archive, directory.size(), 4);
  append_little_endian(archive, begin, 4);
  append_little_endian(archive, 0, 2);
  return archive;
}

}  // namespace support
