// .npz: any bytes as an archive, and an archive whose members are any bytes.
#include "files.hpp"

namespace {

/// CRC-32 as ZIP has it, a bit at a time.
std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ (crc % 2 != 0 ? 0xEDB88320 : 0);
    }
  }
  return ~crc;
}

struct member {
  std::string name;
  std::span<const std::uint8_t> bytes;
};

/// A ZIP archive of members that are stored as they are; APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16.
std::vector<std::uint8_t> archive_of(std::span<const member> members) {
  std::vector<std::uint8_t> archive;
  std::vector<std::uint8_t> directory;
  for (const member& each : members) {
    const std::size_t begin = archive.size();
    std::vector<std::uint8_t> shared;          // by the member's own header and the directory's
    fuzz::append_number(shared, 20, 2);        // version that is needed
    fuzz::append_number(shared, 0, 2 + 2);     // flags, method
    fuzz::append_number(shared, 0x210000, 4);  // time and date
    fuzz::append_number(shared, crc32(each.bytes), 4);
    fuzz::append_number(shared, each.bytes.size(), 4);
    fuzz::append_number(shared, each.bytes.size(), 4);
    fuzz::append_number(shared, each.name.size(), 2);
    fuzz::append_number(shared, 0, 2);  // extra field
    fuzz::append(archive, "PK\x03\x04");
    fuzz::append(archive, shared);
    fuzz::append(archive, each.name);
    fuzz::append(archive, each.bytes);
    fuzz::append(directory, "PK\x01\x02");
    fuzz::append_number(directory, 20, 2);
    fuzz::append(directory, shared);
    fuzz::append_number(directory, 0, 2 + 2 + 2);  // comment, disk, internal attributes
    fuzz::append_number(directory, 0, 4);          // external attributes
    fuzz::append_number(directory, begin, 4);
    fuzz::append(directory, each.name);
  }
  const std::size_t begin = archive.size();
  fuzz::append(archive, directory);
  fuzz::append(archive, "PK\x05\x06");
  fuzz::append_number(archive, 0, 2 + 2);
  fuzz::append_number(archive, members.size(), 2);
  fuzz::append_number(archive, members.size(), 2);
  fuzz::append_number(archive, directory.size(), 4);
  fuzz::append_number(archive, begin, 4);
  fuzz::append_number(archive, 0, 2);
  return archive;
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const auto rest = input.subspan(1);
  const char* dtype = fuzz::npy_dtype(input[0]);
  if (input[0] < 0x80) {
    return fuzz::read_all(fuzz::place().write("arrays.npz", rest), dtype);
  }
  // Two members: a name up to a zero byte, and half of what is left each.
  const auto end = std::find(rest.begin(), rest.end(), 0);
  const std::string name(rest.begin(), end);
  const auto bytes = end == rest.end() ? rest.last(0) : rest.subspan(name.size() + 1);
  const std::size_t half = input[0] / 4 % 2 == 0 ? bytes.size() : bytes.size() / 2;
  const member members[] = {{name + ".npy", bytes.first(half)}, {"b.npy", bytes.subspan(half)}};
  const std::size_t count = half == bytes.size() ? 1 : 2;
  fuzz::read_all(fuzz::place().write("arrays.npz", archive_of(std::span(members).first(count))), dtype);
}
