// Results of 32 MiB and more, which kernels write past the caches. The input repeats every `period` elements,
// and so must the result, so that the scalar path computes one period only.
#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "block_calls.hpp"
#include "kernels/adversarial.hpp"
#include "sections.hpp"
#include "support/array_probe.hpp"

namespace emulation {
namespace {

using namespace narrowfp;

/// Whole blocks of each format, and whole bytes of dense codes.
constexpr std::size_t period = 3 * 1024;
/// Results as long as this are written past the caches: docs/kernels.md, "Streaming".
constexpr std::size_t long_bytes = std::size_t{32} << 20;
/// Behind them some elements that fill no vector.
constexpr std::size_t tail = 19;

template <class T>
std::vector<T> repeated(const std::vector<T>& one, std::size_t size) {
  std::vector<T> all(size);
  for (std::size_t done = 0; done < size; done += one.size()) {
    std::copy_n(one.begin(), std::min(one.size(), size - done),
                all.begin() + static_cast<std::ptrdiff_t>(done));
  }
  return all;
}

/// Whether the bytes repeat those of one period; at their end they may lack some.
bool repeats(const std::byte* got, std::size_t size, const std::vector<std::byte>& one) {
  for (std::size_t done = 0; done < size; done += one.size()) {
    if (std::memcmp(got + done, one.data(), std::min(one.size(), size - done)) != 0) {
      return false;
    }
  }
  return true;
}

/// convert(set, n, out) makes `bytes` bytes of n elements, and bytes_of_period of those of one period. The
/// result begins `behind_line` bytes behind a cache line, which kernels reach with their first elements.
template <class Convert>
void compare_long(comparison& all, const std::string& name, std::size_t n, std::size_t bytes_of_period,
                  std::size_t bytes, std::size_t behind_line, const Convert& convert) {
  constexpr std::byte guard{0xC3};
  std::vector<std::byte> one(bytes_of_period);
  convert(isa::scalar, period, one.data());
  std::vector<std::byte> memory(bytes + 3 * 64);
  std::byte* const out =
      memory.data() + 128 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64 + behind_line;
  for (const isa use : all.sets()) {
    std::fill(memory.begin(), memory.end(), guard);
    convert(use, n, out);
    all.check_that(repeats(out, bytes, one) && out[-1] == guard && out[bytes] == guard, n, use,
                   [&] { return name + ", " + std::to_string(n) + " elements"; });
  }
}

void compare_pack(comparison& all, const std::string& name, scalar source, const void* x) {
  const support::array_probe& p = support::find_array_probe(name);
  const std::size_t n = long_bytes / p.code_bytes(1, false) + tail;
  compare_long(all, "pack to " + name, n, p.code_bytes(period, false), p.code_bytes(n, false), 4,
               [&](isa use, std::size_t count, std::byte* out) {
                 p.pack_memory(source, x, out, count, false, {.use = use});
               });
}

void compare_unpack(comparison& all, const std::string& name, bool dense) {
  const support::array_probe& p = support::find_array_probe(name);
  const std::size_t n = long_bytes / sizeof(float) + tail;
  std::vector<std::uint8_t> one(p.code_bytes(period, dense));
  for (std::size_t i = 0; i < one.size(); ++i) {
    one[i] = static_cast<std::uint8_t>(i * 37 + i / 256);
  }
  const std::vector<std::uint8_t> codes = repeated(one, p.code_bytes(n, dense));
  compare_long(all, (dense ? "unpack dense " : "unpack ") + name, n, 4 * period, 4 * n, 32,
               [&](isa use, std::size_t count, std::byte* out) {
                 p.unpack_memory(scalar::f32, codes.data(), out, count, dense, {.use = use});
               });
}

void compare_dequantize(comparison& all, const std::string& name, const std::vector<float>& x) {
  for (const block_calls& b : all_block_calls()) {
    if (b.name == name) {
      const std::size_t n = long_bytes / sizeof(float) + tail;
      std::vector<std::byte> one(b.blocks_for(period) * b.bytes);
      b.quantize(scalar::f32, x.data(), period, one.data(), {.use = isa::scalar});
      const std::vector<std::byte> blocks = repeated(one, b.blocks_for(n) * b.bytes);
      compare_long(all, "dequantize " + name, n, 4 * period, 4 * n, 0,
                   [&](isa use, std::size_t count, std::byte* out) {
                     b.dequantize(scalar::f32, blocks.data(), out, count, {.use = use});
                   });
      return;
    }
  }
  throw std::logic_error("no block calls named " + name);
}

}  // namespace

void compare_long_arrays(comparison& all) {
  const std::vector<float> one = ::kernels::adversarial(64, period / 64, 13);
  const std::vector<float> x = repeated(one, long_bytes + tail);
  compare_pack(all, "fp8_e4m3", scalar::f32, x.data());
  compare_pack(all, "bfloat16", scalar::f32, x.data());
  compare_dequantize(all, "mxfp4", x);
  compare_dequantize(all, "hif4", x);
  compare_dequantize(all, "fp8_e4m3 under float for each 128", x);
  const std::vector<bfloat16> halves =
      repeated(std::vector<bfloat16>(one.begin(), one.end()), long_bytes + tail);
  compare_pack(all, "hif8", scalar::bf16, halves.data());
  compare_unpack(all, "fp8_e4m3", false);
  compare_unpack(all, "fp4_e2m1", true);
  compare_unpack(all, "bfloat16", false);
}

}  // namespace emulation
