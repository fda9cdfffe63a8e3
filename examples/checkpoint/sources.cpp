#include "sources.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "number_loops.hpp"
#include "parallel.hpp"
#include "tensor_reader.hpp"

namespace checkpoint {

namespace {

constexpr std::uint64_t reordered_elements = std::uint64_t{1} << 18;

/// Memory of a thread that is used again by the next call.
std::vector<std::byte>& raw_bytes() {
  thread_local std::vector<std::byte> bytes;
  return bytes;
}

std::uint16_t infinity_of(const dtype& type) noexcept { return type.name == "F16" ? 0x7C00 : 0x7F80; }

}  // namespace

float value_source::largest(std::uint64_t first, std::uint64_t n) const {
  thread_local std::vector<float> values;
  float found = 0;
  for (std::uint64_t done = 0; done < n; done += values.size()) {
    values.resize(static_cast<std::size_t>(std::min(n - done, piece_elements)));
    read(first + done, values);
    found = std::max(found, largest_finite(values));
  }
  return found;
}

std::uint64_t read_elements(const tensor& stored, const dtype& type, std::uint64_t first,
                            std::span<float> out) {
  std::uint64_t beyond = 0;
  const auto width = static_cast<unsigned>(type.width_bits);
  std::vector<std::byte>& raw = raw_bytes();
  while (!out.empty()) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), piece_elements));
    // Eight elements begin at a byte, whatever their width.
    const auto skip = static_cast<std::size_t>(width % 8 == 0 ? 0 : first % 8);
    raw.resize(((skip + n) * width + 7) / 8);
    stored.file->read_at(stored.offset + (first - skip) * width / 8, raw);
    if (stored.big_endian) {
      const std::size_t step = width / 8;
      for (std::size_t i = 0; i + step <= raw.size(); i += step) {
        std::reverse(raw.data() + i, raw.data() + i + step);
      }
    }
    beyond += type.decode(raw, skip, out.first(n));
    first += n;
    out = out.subspan(n);
  }
  return beyond;
}

const tensor& plain_source::in_order() const {
  if (!stored_.fortran_order || stored_.elements == 0) {
    return stored_;
  }
  std::call_once(ordered_once_, [this] {
    unnamed_file out(stored_.file->path());
    tensor_reader reader(stored_);
    std::vector<std::byte> bytes;
    const auto width = static_cast<std::uint64_t>(stored_.type->width_bits) / 8;
    for (std::uint64_t done = 0; done < stored_.elements;) {
      const std::uint64_t n = std::min(stored_.elements - done, reordered_elements);
      bytes.resize(static_cast<std::size_t>(n * width));
      reader.read_raw(static_cast<std::size_t>(n), bytes);
      out.write_at(done * width, bytes);
      done += n;
    }
    ordered_ = stored_;
    ordered_.fortran_order = false;
    ordered_.big_endian = false;
    ordered_.offset = 0;
    ordered_.file = out.for_reading();
  });
  return ordered_;
}

std::uint64_t plain_source::read(std::uint64_t first, std::span<float> out) const {
  return read_elements(in_order(), *stored_.type, first, out);
}

float plain_source::largest(std::uint64_t first, std::uint64_t n) const {
  const tensor& source = in_order();
  const dtype& type = *source.type;
  if (source.big_endian || (type.name != "BF16" && type.name != "F16")) {
    return value_source::largest(first, n);
  }
  // Patterns of 16 bits are ordered as the numbers are: only the largest need be decoded.
  thread_local std::vector<std::uint16_t> patterns;
  std::uint16_t found = 0;
  for (std::uint64_t done = 0; done < n; done += patterns.size()) {
    patterns.resize(static_cast<std::size_t>(std::min(n - done, piece_elements)));
    source.file->read_at(source.offset + (first + done) * 2, std::as_writable_bytes(std::span(patterns)));
    found = std::max(found, largest_finite(patterns, infinity_of(type)));
  }
  float value = 0;
  type.decode(std::as_bytes(std::span(&found, 1)), 0, std::span(&value, 1));
  return value;
}

void plain_source::read_raw(std::uint64_t first, std::uint64_t n, std::span<std::byte> out) const {
  const tensor& source = in_order();
  const auto width = static_cast<unsigned>(source.type->width_bits);
  source.file->read_at(source.offset + first * width / 8, out.first((n * width + 7) / 8));
  if (source.big_endian) {
    for (std::size_t i = 0; i + width / 8 <= out.size(); i += width / 8) {
      std::reverse(out.data() + i, out.data() + i + width / 8);
    }
  }
}

scale_reader scales_of(const tensor& stored, const dtype& type) {
  return
      [stored, &type](std::uint64_t first, std::span<float> out) { read_elements(stored, type, first, out); };
}

scale_reader scales_of(const tensor& stored) { return scales_of(stored, *stored.type); }

scale_reader powers_of_two(const tensor& stored) {
  return [stored](std::uint64_t first, std::span<float> out) {
    std::vector<std::byte> bytes(out.size());
    stored.file->read_at(stored.offset + first, bytes);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto code = std::to_integer<std::uint32_t>(bytes[i]);
      // 0 is 2^-127, which is subnormal; 255 has the bits of infinity.
      out[i] = std::bit_cast<float>(code == 0 ? 0x0040'0000U : code << 23);
    }
  };
}

float single_value(const tensor& stored) {
  std::array<float, 1> value{};
  read_elements(stored, *stored.type, 0, value);
  return value[0];
}

void scaled_source::scale(std::span<float> values, float scale) const noexcept {
  if (keeps_zeros_ && std::isinf(scale)) {
    for (float& x : values) {
      x = x == 0 ? x : x * scale;
    }
    return;
  }
  multiply(values, scale);
}

/// Whether the elements are whole groups of one row after another, their scales consecutive.
bool scaled_source::are_whole_groups(std::uint64_t first, std::size_t n) const noexcept {
  return grid_.matrix_rows == 1 && grid_.tile_rows == 1 && grid_.row_length % grid_.tile_columns == 0 &&
         first % grid_.tile_columns == 0 && n % grid_.tile_columns == 0;
}

std::uint64_t scaled_source::read(std::uint64_t first, std::span<float> out) const {
  if (out.empty()) {
    return 0;
  }
  read_elements(codes_, element_, first, out);
  thread_local std::vector<float> scales;
  if (!keeps_zeros_ && are_whole_groups(first, out.size())) {
    const auto group = static_cast<std::size_t>(grid_.tile_columns);
    scales.resize(out.size() / group);
    scales_(first / group, scales);
    multiply_groups(out, group, scales);
    return 0;
  }
  const std::uint64_t last = first + out.size() - 1;
  const std::uint64_t first_row = first / grid_.row_length;
  const std::uint64_t last_row = last / grid_.row_length;
  const bool one_row = first_row == last_row;
  const std::uint64_t columns = grid_.columns();
  const std::uint64_t from =
      grid_.index(first_row) + (one_row ? first % grid_.row_length / grid_.tile_columns : 0);
  const std::uint64_t until =
      grid_.index(last_row) + (one_row ? last % grid_.row_length / grid_.tile_columns + 1 : columns);
  scales.resize(static_cast<std::size_t>(until - from));
  scales_(from, scales);

  std::uint64_t place = first;
  std::span<float> rest = out;
  while (!rest.empty()) {
    const std::uint64_t row = place / grid_.row_length;
    const std::uint64_t column = place % grid_.row_length;
    const std::uint64_t in_tile = grid_.tile_columns - column % grid_.tile_columns;
    const auto n = static_cast<std::size_t>(
        std::min({in_tile, grid_.row_length - column, static_cast<std::uint64_t>(rest.size())}));
    const std::uint64_t index = grid_.index(row) + column / grid_.tile_columns - from;
    this->scale(rest.first(n), scales[static_cast<std::size_t>(index)]);
    place += n;
    rest = rest.subspan(n);
  }
  return 0;
}

parameter plain_parameter(const tensor& stored) {
  parameter p;
  p.name = stored.name;
  p.shape = stored.shape;
  p.elements = stored.elements;
  p.size_bytes = stored.size_bytes;
  p.format = stored.type->name;
  p.parts = {stored};
  if (stored.type->is_floating()) {
    p.values = std::make_shared<plain_source>(stored);
  }
  return p;
}

}  // namespace checkpoint
