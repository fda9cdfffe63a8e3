#include "tensor_reader.hpp"

#include <algorithm>
#include <cstring>

namespace checkpoint {

namespace {

constexpr std::size_t piece_elements = std::size_t{1} << 18;
constexpr std::uint64_t slab_elements = std::uint64_t{1} << 22;

}  // namespace

tensor_reader::tensor_reader(const tensor& source)
    : source_(source),
      element_bytes_(source.type->width_bits >= 8 ? static_cast<std::size_t>(source.type->width_bits) / 8
                                                  : 0) {
  if (!source.fortran_order || source.elements == 0) {
    return;
  }
  suffix_ = source.elements;
  for (split_axis_ = 0; split_axis_ < source.shape.size(); ++split_axis_) {
    suffix_ /= source.shape[split_axis_];
    if (suffix_ <= slab_elements) {
      break;
    }
    prefix_ *= source.shape[split_axis_];
  }
}

void tensor_reader::read(std::span<float> out) {
  while (!out.empty()) {
    const std::size_t n = std::min(out.size(), piece_elements);
    if (element_bytes_ == 0) {
      // Begin at a multiple of eight elements, which is at a byte for every width.
      const std::size_t skip = static_cast<std::size_t>(next_ % 8);
      const auto width = static_cast<unsigned>(source_.type->width_bits);
      raw_.resize(((skip + n) * width + 7) / 8);
      source_.file->read_at(source_.offset + (next_ - skip) * width / 8, raw_);
      next_ += n;
      beyond_float_ += source_.type->decode(raw_, skip, out.first(n));
    } else {
      raw_.resize(n * element_bytes_);
      read_raw(n, raw_);
      beyond_float_ += source_.type->decode(raw_, 0, out.first(n));
    }
    out = out.subspan(n);
  }
}

void tensor_reader::read_raw(std::size_t n, std::span<std::byte> out) {
  if (element_bytes_ == 0) {
    source_.file->read_at(source_.offset + next_ * static_cast<unsigned>(source_.type->width_bits) / 8, out);
    next_ += n;
    return;
  }
  if (source_.fortran_order) {
    read_fortran(n, out.data());
  } else {
    source_.file->read_at(source_.offset + next_ * element_bytes_, out);
    next_ += n;
  }
  if (source_.big_endian) {
    for (std::size_t i = 0; i < out.size(); i += element_bytes_) {
      std::reverse(out.data() + i, out.data() + i + element_bytes_);
    }
  }
}

void tensor_reader::read_fortran(std::size_t n, std::byte* out) {
  while (n > 0) {
    if (slab_used_ == slab_.size()) {
      fill_slab();
    }
    const std::size_t bytes = std::min(n * element_bytes_, slab_.size() - slab_used_);
    std::memcpy(out, slab_.data() + slab_used_, bytes);
    slab_used_ += bytes;
    out += bytes;
    n -= bytes / element_bytes_;
    next_ += bytes / element_bytes_;
  }
}

void tensor_reader::fill_slab() {
  const std::uint64_t length = source_.shape.empty() ? 1 : source_.shape[split_axis_];
  const std::uint64_t first = next_ / suffix_ % length;
  // In the file a range of the axis comes with everything before it, of which one element in prefix_ counts.
  const std::uint64_t most = std::max<std::uint64_t>(slab_elements / std::max(suffix_, prefix_), 1);
  gather(first, std::min(most, length - first));
  slab_used_ = 0;
}

void tensor_reader::gather(std::uint64_t first_index, std::uint64_t count) {
  const std::vector<std::uint64_t>& shape = source_.shape;
  const std::uint64_t length = shape.empty() ? 1 : shape[split_axis_];
  const std::size_t after = shape.empty() ? 0 : split_axis_ + 1;

  // The position among the axes before, which C order counts with the last of them fastest.
  std::uint64_t before = 0;
  std::uint64_t rest = next_ / suffix_ / length;
  std::uint64_t stride = prefix_;
  for (std::size_t axis = split_axis_; axis-- > 0;) {
    stride /= shape[axis];
    before += rest % shape[axis] * stride;
    rest /= shape[axis];
  }

  const auto width = static_cast<std::size_t>(count);
  slab_.resize(width * static_cast<std::size_t>(suffix_) * element_bytes_);
  column_.resize(((width - 1) * static_cast<std::size_t>(prefix_) + 1) * element_bytes_);
  std::vector<std::uint64_t> index(shape.size(), 0);  // of the axes after, counted in C order
  for (std::uint64_t column = 0; column < suffix_; ++column) {
    std::uint64_t place = 0;
    for (std::size_t axis = shape.size(); axis-- > after;) {
      place = place * shape[axis] + index[axis];
    }
    const std::uint64_t element = before + prefix_ * (first_index + length * place);
    source_.file->read_at(source_.offset + element * element_bytes_, column_);
    for (std::size_t i = 0; i < width; ++i) {
      std::memcpy(slab_.data() + (i * static_cast<std::size_t>(suffix_) + static_cast<std::size_t>(column)) *
                                     element_bytes_,
                  column_.data() + i * static_cast<std::size_t>(prefix_) * element_bytes_, element_bytes_);
    }
    for (std::size_t axis = shape.size(); axis-- > after && ++index[axis] == shape[axis];) {
      index[axis] = 0;
    }
  }
}

}  // namespace checkpoint
