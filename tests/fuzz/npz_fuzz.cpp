// .npz: any bytes as an archive, and an archive whose members are any bytes.
#include "files.hpp"
#include "support/stored_zip.hpp"

void fuzz_one(std::span<const std::uint8_t> input) {
  if (input.empty()) {
    return;
  }
  const auto rest = input.subspan(1);
  const char* dtype = fuzz::npy_dtype(input[0]);
  if (input[0] < 0x80) {
    return fuzz::read_all(fuzz::place().write("arrays.npz", rest), dtype);
  }
  // One or two members: a name up to a zero byte, and half of what is left each.
  const auto end = std::find(rest.begin(), rest.end(), 0);
  const std::string name(rest.begin(), end);
  const std::string bytes(end == rest.end() ? end : end + 1, rest.end());
  std::vector<support::zip_member> members = {{name + ".npy", bytes}};
  if (input[0] / 4 % 2 != 0) {
    members = {{name + ".npy", bytes.substr(0, bytes.size() / 2)}, {"b.npy", bytes.substr(bytes.size() / 2)}};
  }
  const std::string archive = support::stored_zip(members);
  const std::vector<std::uint8_t> file(archive.begin(), archive.end());
  fuzz::read_all(fuzz::place().write("arrays.npz", file), dtype);
}
