// pack and unpack of every format with any options, lengths and addresses: every instruction set gives the
// scalar path's bytes and writes nothing beside them; an option is refused by all or by none.
#include <algorithm>
#include <bit>
#include <cstring>

#include "fuzz.hpp"
#include "kernels/kernel_suite.hpp"
#include "support/philox.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;

constexpr std::size_t most_elements = 700;
constexpr std::uint8_t guard = 0xA5;
constexpr auto one = std::bit_cast<std::uint32_t>(1.0F);

/// Bytes at an offset from an aligned address, with guards around them.
class buffer {
 public:
  buffer(std::size_t size, std::size_t offset)
      : storage_(size + offset + 64, guard), begin_(offset), size_(size) {}
  std::uint8_t* data() { return storage_.data() + begin_; }
  [[nodiscard]] std::vector<std::uint8_t> result() const {
    const auto first = storage_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto last = first + static_cast<std::ptrdiff_t>(size_);
    const auto is_guard = [](std::uint8_t byte) { return byte == guard; };
    fuzz::require(
        std::all_of(storage_.begin(), first, is_guard) && std::all_of(last, storage_.end(), is_guard),
        "wrote outside the array");
    return {first, last};
  }

 private:
  std::vector<std::uint8_t> storage_;
  std::size_t begin_;
  std::size_t size_;
};

/// The bytes that a call leaves, or nothing but "refused" where it throws.
template <class Call>
std::vector<std::uint8_t> outcome(std::size_t size, std::size_t offset, Call call) {
  buffer out(size, offset);
  try {
    call(out.data());
  } catch (const std::invalid_argument&) {
    const auto untouched = out.result();
    fuzz::require(std::all_of(untouched.begin(), untouched.end(), [](auto byte) { return byte == guard; }),
                  "wrote before it refused");
    return {'r', 'e', 'f', 'u', 's', 'e', 'd'};
  }
  return out.result();
}

/// A scale: 1, any float, or one of ordinary size.
float scale_of(fuzz::bytes& in) {
  switch (in.below(4)) {
    case 0:
      return std::bit_cast<float>(in.take<std::uint32_t>());
    case 1:
      return std::bit_cast<float>(in.take<std::uint32_t>() % 0x10000000 + 0x38000000);
    default:
      return 1;
  }
}

/// Elements: any bytes first, then a sequence that reaches every exponent.
std::vector<std::uint8_t> elements_of(fuzz::bytes& in, std::size_t n, std::size_t width) {
  std::vector<std::uint8_t> bytes = in.take_bytes(std::min(in.left(), n * width));
  std::uint64_t state = 0x9E3779B97F4A7C15 + n;
  while (bytes.size() < n * width) {
    state = state * 6364136223846793005 + 1442695040888963407;
    bytes.push_back(static_cast<std::uint8_t>(state >> 56));
  }
  return bytes;
}

/// Codes of the scalar path against the oracle.
void require_oracle_codes(const kernels::probe& subject, kernels::scalar kind,
                          const std::vector<std::uint8_t>& values, const std::vector<std::uint8_t>& codes,
                          std::size_t n, const narrowfp::pack_options& options) {
  const oracle::format& f = oracle::find_format(subject.name);
  const oracle::source_layout& layout = support::layout_of(kind);
  const std::size_t width = kernels::size_of(kind);
  const std::size_t code_width = subject.width <= 8 ? 1 : 2;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, values.data() + i * width, width);
    std::uint32_t code = 0;
    std::memcpy(&code, codes.data() + i * code_width, code_width);
    const auto draw = oracle::draw(options.seed, options.first_index + i);
    fuzz::require(code == oracle::encode(f, layout.decode(bits), support::oracle_mode(options.round, f),
                                         support::oracle_policy(options.over), draw),
                  [&] { return support::describe(f.name, options.round, options.over, layout, bits, draw); });
  }
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  const kernels::probe& subject = in.one_of(support::array_probes());
  const auto kind = kernels::fast_scalars[in.below(3)];
  const std::size_t width = kernels::size_of(kind);
  const std::size_t n = in.below(4) == 0 ? in.below(most_elements) : in.below(70);
  const bool dense = in.flag();
  // Offsets keep the alignment of the elements, as the types demand.
  const std::size_t value_offset = in.below(16) * width;
  const std::size_t code_offset = dense || subject.width <= 8 ? in.below(64) : 2 * in.below(32);
  const std::size_t code_bytes = subject.code_bytes(n, dense);

  narrowfp::pack_options pack;
  pack.round = in.choice(rounding::hybrid);
  pack.over = static_cast<overflow>(in.below(2));
  pack.scale = scale_of(in);
  pack.seed = in.take<std::uint64_t>();
  pack.first_index = in.take<std::uint64_t>();
  narrowfp::unpack_options unpack;
  unpack.scale = scale_of(in);

  if (in.flag()) {
    const auto bytes = elements_of(in, n, width);
    std::vector<std::uint8_t> values(bytes.size() + value_offset);
    std::copy(bytes.begin(), bytes.end(), values.begin() + static_cast<std::ptrdiff_t>(value_offset));
    std::vector<std::uint8_t> want;
    for (const isa set : fuzz::sets()) {
      pack.use = set;
      const auto got = outcome(code_bytes, code_offset, [&](std::uint8_t* out) {
        subject.pack_memory(kind, values.data() + value_offset, out, n, dense, pack);
      });
      want = set == isa::scalar ? got : want;
      fuzz::require(got == want, [&] { return "pack " + subject.name + " by " + narrowfp::isa_name(set); });
    }
    if (std::endian::native == std::endian::little && !dense && pack.round < rounding::hybrid &&
        std::bit_cast<std::uint32_t>(pack.scale) == one) {
      require_oracle_codes(subject, kind, bytes, want, n, pack);
    }
  } else {
    const auto bytes = elements_of(in, code_bytes, 1);
    std::vector<std::uint8_t> codes(code_bytes + code_offset);
    std::copy(bytes.begin(), bytes.end(), codes.begin() + static_cast<std::ptrdiff_t>(code_offset));
    std::vector<std::uint8_t> want;
    for (const isa set : fuzz::sets()) {
      unpack.use = set;
      const auto got = outcome(n * width, value_offset, [&](std::uint8_t* out) {
        subject.unpack_memory(kind, codes.data() + code_offset, out, n, dense, unpack);
      });
      want = set == isa::scalar ? got : want;
      fuzz::require(got == want, [&] { return "unpack " + subject.name + " by " + narrowfp::isa_name(set); });
    }
  }
}
