// Arrays of values: every format by every mode and policy from every source, scaled, dense, and of every
// length.
#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/fenced_memory.hpp"
#include "sections.hpp"
#include "support/array_probe.hpp"
#include "support/inputs.hpp"
#include "support/names.hpp"

namespace emulation {
namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::pack_options;
using narrowfp::rounding;
using narrowfp::unpack_options;
using support::array_probe;
using support::byte_vector;
using support::scalar;

/// The element types that have kernels.
constexpr scalar sources[] = {scalar::f32, scalar::f16, scalar::bf16};

constexpr float specials[] = {0.0F, std::numeric_limits<float>::infinity(), 1e-42F, 3e38F};

std::string context(const array_probe& p, const char* what, scalar kind, std::size_t n, bool dense,
                    float scale) {
  return p.name + ", " + what + ' ' + support::layout_of(kind).name + ", " + std::to_string(n) +
         (dense ? " elements, dense" : " elements") + ", scale " + std::to_string(scale);
}

/// n elements of memory at `in`.
struct elements {
  scalar kind;
  const std::uint8_t* in;
  std::size_t n;
};

void compare_pack(comparison& all, const array_probe& p, const elements& x, bool dense, const pack_options& o,
                  bool in_every_environment = false) {
  const call run = [&](isa use, std::byte* out) {
    pack_options options = o;
    options.use = use;
    p.pack_memory(x.kind, x.in, out, x.n, dense, options);
  };
  const description describe = [&] {
    return context(p, "pack from", x.kind, x.n, dense, o.scale) + ", " + support::name_of(o.round) + ", " +
           support::name_of(o.over) + ", first index " + std::to_string(o.first_index);
  };
  const std::size_t size = p.code_bytes(x.n, dense);
  in_every_environment ? all.check_in_every_environment(size, x.n, run, describe, p.name == "float16")
                       : all.check(size, x.n, run, describe, p.name == "float16");
}

void compare_unpack(comparison& all, const array_probe& p, const elements& codes, bool dense, float scale,
                    bool in_every_environment = false) {
  const call run = [&](isa use, std::byte* out) {
    p.unpack_memory(codes.kind, codes.in, out, codes.n, dense, {.scale = scale, .use = use});
  };
  const description describe = [&] { return context(p, "unpack to", codes.kind, codes.n, dense, scale); };
  const std::size_t size = codes.n * support::size_of(codes.kind);
  in_every_environment
      ? all.check_in_every_environment(size, codes.n, run, describe, codes.kind == scalar::f16)
      : all.check(size, codes.n, run, describe, codes.kind == scalar::f16);
}

/// Boundaries of the format as the source sees them, in another order, so that neighbours and specials stand
/// among others; 400 elements or more.
byte_vector inputs_for(const oracle::format& facts, scalar source) {
  const auto sorted =
      support::boundary_inputs(facts, support::layout_of(source), facts.width <= 8 ? 1 : 4099);
  std::size_t step = 7919;
  while (sorted.size() % step == 0) {
    ++step;
  }
  support::bit_vector bits(std::max(sorted.size(), std::size_t{400}));
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bits[i] = sorted[i * step % sorted.size()];
  }
  return support::to_memory(bits, support::size_of(source));
}

/// Every code at several places of a vector; of 16 bits a part of them, both ends included.
byte_vector codes_for(const array_probe& p) {
  byte_vector bytes;
  if (p.width <= 8) {
    for (unsigned i = 0; i < 3 * 257; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(i * 37 + i / 257));
    }
  } else {
    for (unsigned code = 0; code < 0x10000; code += (code & 0x3FF) < 8 || (code & 0x3FF) > 0x3F8 ? 1 : 61) {
      bytes.push_back(static_cast<std::uint8_t>(code));
      bytes.push_back(static_cast<std::uint8_t>(code >> 8));
    }
  }
  return bytes;
}

void compare_format(comparison& all, const array_probe& p) {
  const oracle::format& facts = oracle::find_format(p.name);
  const byte_vector codes = codes_for(p);
  const std::size_t n_codes = codes.size() / (p.width <= 8 ? 1 : 2);
  for (const scalar kind : sources) {
    const byte_vector memory = inputs_for(facts, kind);
    const elements x{kind, memory.data(), memory.size() / support::size_of(kind)};
    for (int mode = 0; mode <= static_cast<int>(rounding::hybrid); ++mode) {
      if (static_cast<rounding>(mode) == rounding::hybrid && p.name != "hif8") {
        continue;
      }
      for (const overflow over : {overflow::native, overflow::saturate}) {
        const pack_options o{.round = static_cast<rounding>(mode), .over = over, .seed = 7, .first_index = 3};
        compare_pack(all, p, x, false, o);
        if (p.width < 8 || o.round == rounding::native) {  // 8 and 16 bits are dense as they are
          compare_pack(all, p, x, true, o);
        }
      }
    }
    // Under seed 0 the draws of these elements are 0 and 2^32 - 1.
    for (const std::uint64_t extreme : {std::uint64_t{5992377491}, std::uint64_t{6153212237}}) {
      compare_pack(all, p, x, false, {.round = rounding::stochastic, .first_index = extreme - 100});
    }
    for (const float scale : {0.75F, -3.0F, 0x1p-20F, 0x1p24F}) {
      for (const rounding mode : {rounding::native, rounding::toward_zero, rounding::stochastic}) {
        compare_pack(all, p, x, false, {.round = mode, .scale = scale, .seed = 7});
        compare_pack(all, p, x, true, {.round = mode, .over = overflow::saturate, .scale = scale, .seed = 7});
      }
      const elements all_codes{kind, codes.data(), n_codes};
      compare_unpack(all, p, all_codes, false, scale);
      compare_unpack(all, p, {kind, codes.data(), codes.size() * 8 / p.width}, true, scale);
    }
    for (const float scale : specials) {
      compare_pack(all, p, x, false, {.scale = scale});
      compare_unpack(all, p, {kind, codes.data(), n_codes}, false, scale);
    }
    const elements few{kind, memory.data(), std::min(x.n, std::size_t{500})};
    compare_pack(all, p, few, false, {}, true);
    compare_pack(all, p, few, true, {.over = overflow::saturate, .scale = 0.7F}, true);
    for (const bool dense : {false, true}) {
      const std::size_t n = dense ? codes.size() * 8 / p.width : n_codes;
      compare_unpack(all, p, {kind, codes.data(), n}, dense, 1.0F, true);
    }
  }
}

/// Every length up to more than two vectors of codes, from memory that ends where no more can be read.
void compare_lengths(comparison& all, const array_probe& p) {
  constexpr std::size_t longest = 140;
  const byte_vector codes = codes_for(p);
  for (const scalar kind : sources) {
    const byte_vector memory = inputs_for(oracle::find_format(p.name), kind);
    const kernels::fenced_memory wide(4 * longest);
    const kernels::fenced_memory narrow(2 * longest);
    for (std::size_t n = 0; n <= longest; ++n) {
      const std::size_t size = n * support::size_of(kind);
      std::uint8_t* const in = wide.end() - size;
      std::memcpy(in, memory.data() + n % 8 * 8, size);
      for (const bool dense : {false, true}) {
        compare_pack(all, p, {kind, in, n}, dense, {.seed = 7});
        const std::size_t code_bytes = p.code_bytes(n, dense);
        std::memcpy(narrow.end() - code_bytes, codes.data() + n % 8 * 2, code_bytes);
        compare_unpack(all, p, {kind, narrow.end() - code_bytes, n}, dense, 1.0F);
        if (n % 5 == 0) {
          compare_pack(all, p, {kind, in, n}, dense,
                       {.round = rounding::stochastic, .seed = 7, .first_index = n});
          compare_pack(all, p, {kind, in, n}, dense, {.round = rounding::toward_zero, .scale = -0.7F});
          compare_unpack(all, p, {kind, narrow.end() - code_bytes, n}, dense, -0.7F);
        }
      }
    }
  }
}

}  // namespace

void compare_values(comparison& all) {
  for (const array_probe& p : support::array_probes()) {
    compare_format(all, p);
    compare_lengths(all, p);
  }
}

}  // namespace emulation
