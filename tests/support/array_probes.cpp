#include <bit>
#include <stdexcept>

#include "array_probe.hpp"

namespace support {

std::vector<array_probe> fp8_array_probes();             // array_probes_fp8.cpp
std::vector<array_probe> small_array_probes();           // array_probes_small.cpp
std::vector<array_probe> scale_and_wide_array_probes();  // array_probes_scale_and_wide.cpp
std::vector<array_probe> user_array_probes();            // array_probes_user.cpp, or array_probes_no_user.cpp

namespace {

/// How far to shift the byte at this place of a number.
std::size_t shift_at(std::size_t place, std::size_t size) {
  return 8 * (std::endian::native == std::endian::little ? place : size - 1 - place);
}

}  // namespace

byte_vector to_memory(const bit_vector& bits, std::size_t size) {
  byte_vector bytes;
  bytes.reserve(bits.size() * size);
  for (const std::uint64_t b : bits) {
    for (std::size_t place = 0; place < size; ++place) {
      bytes.push_back(static_cast<std::uint8_t>(b >> shift_at(place, size)));
    }
  }
  return bytes;
}

bit_vector from_memory(const byte_vector& bytes, std::size_t size) {
  bit_vector bits(bytes.size() / size);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bits[i / size] |= std::uint64_t{bytes[i]} << shift_at(i % size, size);
  }
  return bits;
}

bit_vector array_probe::pack(scalar source, const bit_vector& in, narrowfp::pack_options options) const {
  byte_vector codes(code_bytes(in.size(), false));
  pack_memory(source, to_memory(in, size_of(source)).data(), codes.data(), in.size(), false, options);
  return from_memory(codes, code_bytes(1, false));
}

byte_vector array_probe::pack_dense(scalar source, const bit_vector& in,
                                    narrowfp::pack_options options) const {
  byte_vector bytes(code_bytes(in.size(), true));
  pack_memory(source, to_memory(in, size_of(source)).data(), bytes.data(), in.size(), true, options);
  return bytes;
}

bit_vector array_probe::unpack(scalar target, const bit_vector& codes,
                               narrowfp::unpack_options options) const {
  byte_vector out(codes.size() * size_of(target));
  unpack_memory(target, to_memory(codes, code_bytes(1, false)).data(), out.data(), codes.size(), false,
                options);
  return from_memory(out, size_of(target));
}

bit_vector array_probe::unpack_dense(scalar target, const byte_vector& bytes, std::size_t n,
                                     narrowfp::unpack_options options) const {
  byte_vector out(n * size_of(target));
  unpack_memory(target, bytes.data(), out.data(), n, true, options);
  return from_memory(out, size_of(target));
}

const std::vector<array_probe>& array_probes() {
  static const std::vector<array_probe> list = [] {
    std::vector<array_probe> all = fp8_array_probes();
    const auto add = [&all](const std::vector<array_probe>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    add(small_array_probes());
    add(scale_and_wide_array_probes());
    add(user_array_probes());
    return all;
  }();
  return list;
}

const array_probe& find_array_probe(const std::string& name) {
  for (const array_probe& p : array_probes()) {
    if (p.name == name) {
      return p;
    }
  }
  throw std::invalid_argument("no array probe named " + name);
}

const std::vector<std::string>& array_types() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> names;
    for (const array_probe& p : array_probes()) {
      names.push_back(p.name);
    }
    return names;
  }();
  return list;
}

}  // namespace support
