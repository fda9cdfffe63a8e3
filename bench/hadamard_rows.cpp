// hadamard: block size x instruction set, with random signs and without, beside a copy of the floats.
#include "hadamard_rows.hpp"

#include <narrowfp/hadamard.hpp>

#include <span>
#include <string>

#include "ceilings.hpp"
#include "support/instruction_sets.hpp"

namespace bench {

namespace {

using namespace narrowfp;

void transform(const std::byte* in, std::byte* out, std::size_t n, const hadamard_options& options) {
  hadamard(std::span<const float>(reinterpret_cast<const float*>(in), n),
           std::span<float>(reinterpret_cast<float*>(out), n), options);
}

}  // namespace

void add_hadamard_rows(std::deque<conversion>& rows) {
  for (const bool random : {false, true}) {
    for (const std::size_t block : {16U, 32U, 64U, 128U, 1024U}) {
      for (const isa set : instruction_sets_but({isa::generic, isa::avx512_vbmi})) {
        if (set == isa::scalar && block != 16) {
          continue;  // the definition adds in integers, some hundred times slower than vectors
        }
        conversion c;
        c.name = std::string(random ? "hadamard_random" : "hadamard") + "/f32_block" + std::to_string(block) +
                 "/" + isa_name(set);
        c.input = content::floats;
        c.in = c.out = {block, block * sizeof(float)};
        c.ceiling = &copy_f32();
        const hadamard_options options = {.block = block, .random = random, .seed = 1, .use = set};
        c.variants.emplace_back([options](const std::byte* in, std::byte* out, std::size_t n) {
          transform(in, out, n, options);
        });
        c.reference = [options](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
          hadamard_options by_definition = options;
          by_definition.use = isa::scalar;
          transform(in, out, n, by_definition);
        };
        rows.push_back(std::move(c));
      }
    }
  }
}

}  // namespace bench
