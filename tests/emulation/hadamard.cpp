// Hadamard transforms: every element type and block size, in the registers of a set and beyond them.
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "kernels/adversarial.hpp"
#include "sections.hpp"

namespace emulation {
namespace {

using namespace narrowfp;

template <class S>
void compare_transforms(comparison& all, const char* type) {
  for (std::size_t block = 2; block <= 4096; block *= 2) {
    const std::size_t n = block < 512 ? 3 * block + 64 / block * block : block;
    const std::vector<float> x = ::kernels::adversarial(n, 1, static_cast<std::uint32_t>(block));
    const std::vector<S> in(x.begin(), x.end());
    for (const bool random : {false, true}) {
      for (const bool inverse : {false, true}) {
        all.check_in_every_environment(
            n * sizeof(S), n,
            [&](isa use, std::byte* bytes) {
              const hadamard_options options = {.block = block, .random = random, .seed = block, .use = use};
              const std::span<S> out(reinterpret_cast<S*>(bytes), n);
              if (inverse) {
                hadamard_inverse(in, out, options);
              } else {
                hadamard(in, out, options);
              }
            },
            [&] {
              return std::string("Hadamard transform of ") + type + ", blocks of " + std::to_string(block) +
                     (random ? ", signs" : "") + (inverse ? ", inverse" : "");
            },
            std::same_as<S, float16>);
      }
    }
  }
}

}  // namespace

void compare_hadamard(comparison& all) {
  compare_transforms<float>(all, "float");
  compare_transforms<bfloat16>(all, "bfloat16");
  compare_transforms<float16>(all, "float16");
}

}  // namespace emulation
