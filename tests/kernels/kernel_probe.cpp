#include "kernel_probe.hpp"

#include <algorithm>
#include <bit>

#include "make_kernel_probe.hpp"
#include "support/inputs.hpp"
#include "support/instruction_sets.hpp"
#include "support/oracle.hpp"

namespace kernels {

const std::vector<probe>& all_probes() {
  static const std::vector<probe> probes = [] {
    std::vector<probe> list;
    append_fp8(list);
    append_small(list);
    append_scale_and_wide(list);
    append_user(list);
    return list;
  }();
  return probes;
}

std::vector<subject> subjects() {
  std::vector<subject> list;
  for (const probe& p : all_probes()) {
    for (const narrowfp::isa use : support::family_isas()) {
      list.push_back({&p, use});
    }
  }
  return list;
}

std::string name_of(const testing::TestParamInfo<subject>& info) {
  return info.param.format->name + "_" + narrowfp::isa_name(info.param.use);
}

elements::elements(scalar kind, const std::vector<std::uint64_t>& bits) : kind_(kind) {
  for (const std::uint64_t b : bits) {
    for (std::size_t i = 0; i < size_of(kind); ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(b >> 8 * place_of(i)));
    }
  }
}

std::uint64_t elements::bits(std::size_t i) const {
  std::uint64_t b = 0;
  for (std::size_t byte = 0; byte < size_of(kind_); ++byte) {
    b |= std::uint64_t{bytes_[i * size_of(kind_) + byte]} << 8 * place_of(byte);
  }
  return b;
}

std::size_t elements::place_of(std::size_t byte) const {
  return std::endian::native == std::endian::little ? byte : size_of(kind_) - 1 - byte;
}

elements inputs_for(const probe& p, scalar source) {
  std::vector<std::uint64_t> bits;
  if (source != scalar::f32) {
    for (std::uint64_t b = 0; b < 0x10000; ++b) {
      bits.push_back(b);
    }
    return {source, bits};
  }
  const oracle::format& facts = oracle::find_format(p.name);
  bits = support::boundary_inputs(facts, oracle::binary32, support::stride_for(facts));
  const std::size_t boundaries = bits.size();
  xorshift random;
  for (int i = 0; i < 40000; ++i) {
    bits.push_back(random() >> 32);
    if (i % 16 == 0) {
      bits.push_back(random() >> 32 & 0x807FFFFF);  // denormal
    }
    // A boundary's exponent, another fraction.
    bits.push_back((bits[random() % boundaries] & 0xFF800000) | (random() >> 41));
  }
  return {source, bits};
}

}  // namespace kernels
