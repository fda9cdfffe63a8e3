#include "comparison.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernels/control_register.hpp"

namespace emulation {
namespace {

constexpr std::size_t margin = 64;
constexpr std::byte guard{0xC3};
constexpr int shown = 8;
constexpr std::uint64_t flags = 0x3F;  // of MXCSR

std::string bytes_at(const std::byte* bytes, std::size_t size, std::size_t at) {
  std::string text;
  for (std::size_t i = at; i < std::min(at + 4, size); ++i) {
    char byte[8];
    std::snprintf(byte, sizeof byte, " %02x", std::to_integer<unsigned>(bytes[i]));
    text += byte;
  }
  return text;
}

/// Whether float16 numbers at this place differ as ties do that are rounded away from zero instead of to
/// even.
bool is_tie_away(const std::byte* got, const std::byte* want, std::size_t at) {
  std::uint16_t g = 0;
  std::uint16_t w = 0;
  std::memcpy(&g, got + at, 2);
  std::memcpy(&w, want + at, 2);
  return w % 2 == 0 && g == w + 1;
}

bool is_guard(std::byte b) { return b == guard; }

}  // namespace

void comparison::check(std::size_t size, std::size_t elements, const call& run, const description& describe,
                       bool is_float16) {
  // No flag is raised.
  check_under({kernels::control_values().front()}, size, elements, run, describe, is_float16);
}

void comparison::check_in_every_environment(std::size_t size, std::size_t elements, const call& run,
                                            const description& describe, bool is_float16) {
  static const std::vector<std::uint64_t> environments = [] {
    const std::vector<std::uint64_t> all_pairs = kernels::control_values();
    std::vector<std::uint64_t> diagonal;
    for (std::size_t i = 0; i < all_pairs.size(); i += 5) {
      diagonal.push_back(all_pairs[i]);
    }
    return diagonal;
  }();
  check_under(environments, size, elements, run, describe, is_float16);
}

void comparison::check_that(bool is_equal, std::size_t elements, narrowfp::isa use,
                            const description& describe) {
  compared_ += elements;
  if (!is_equal) {
    report(use, describe, "differs");
  }
}

void comparison::check_under(const std::vector<std::uint64_t>& environments, std::size_t size,
                             std::size_t elements, const call& run, const description& describe,
                             bool is_float16) {
  want_.assign(size, std::byte{0});
  run(narrowfp::isa::scalar, want_.data());
  const std::size_t before = margin + calls_++ % 16 * 4;  // 16-bit codes and floats stay aligned
  got_.assign(before + size + margin, guard);
  opposite_.resize(size);
  std::transform(want_.begin(), want_.end(), opposite_.begin(), [](std::byte b) { return ~b; });
  std::byte* const out = got_.data() + before;
  for (const narrowfp::isa use : sets_) {
    for (const std::uint64_t environment : environments) {
      std::copy(opposite_.begin(), opposite_.end(), out);  // so that a byte that is left out differs
      std::uint64_t after = 0;
      {
        const kernels::control_register modes(environment);
        run(use, out);
        after = kernels::read_control();
      }
      compared_ += elements;
      const std::size_t at = first_difference(out, is_float16);
      if (at != size) {
        report(use, describe,
               "byte " + std::to_string(at) + " of " + std::to_string(size) + ": got" +
                   bytes_at(out, size, at) + ", want" + bytes_at(want_.data(), size, at));
      } else if (!std::all_of(got_.data(), out, is_guard)) {
        report(use, describe, "writes before its result");
      } else if (!std::all_of(out + size, got_.data() + got_.size(), is_guard)) {
        report(use, describe, "writes behind its result");
      } else if (((after ^ environment) & (is_emulated_ ? ~flags : ~std::uint64_t{0})) != 0) {
        report(use, describe, "changes modes or flags of the processor");
      } else {
        continue;
      }
      std::fill(got_.begin(), got_.end(), guard);
    }
  }
}

/// The place of the first byte that is not as it should be; the size if there is none.
std::size_t comparison::first_difference(const std::byte* got, bool is_float16) const {
  const std::size_t size = want_.size();
  if (size == 0 || std::memcmp(got, want_.data(), size) == 0) {
    return size;
  }
  std::size_t at = 0;
  while (at != size && (got[at] == want_[at] ||
                        (is_float16 && is_emulated_ && is_tie_away(got, want_.data(), at / 2 * 2)))) {
    ++at;
  }
  return at;
}

void comparison::report(narrowfp::isa use, const description& describe, const std::string& what) {
  if (differences_++ < shown) {
    std::printf("DIFFERENCE by %s: %s: %s\n", narrowfp::isa_name(use), describe().c_str(), what.c_str());
  }
}

}  // namespace emulation
