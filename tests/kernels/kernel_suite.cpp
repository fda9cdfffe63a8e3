#include "kernel_suite.hpp"

#include "support/inputs.hpp"
#include "support/instruction_sets.hpp"
#include "support/oracle.hpp"

namespace kernels {

std::vector<subject> subjects() {
  std::vector<subject> list;
  for (const probe& p : support::array_probes()) {
    for (const narrowfp::isa use : support::family_isas()) {
      list.push_back({&p, use});
    }
  }
  return list;
}

std::string name_of(const testing::TestParamInfo<subject>& info) {
  return info.param.format->name + "_" + narrowfp::isa_name(info.param.use);
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
