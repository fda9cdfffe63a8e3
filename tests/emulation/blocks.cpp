// Arrays of blocks: every format by every mode, policy, rule and recipe from every source, under tensor
// scales, in two arrays, and of every length.
#include <algorithm>
#include <cstring>
#include <random>

#include "block/block_inputs.hpp"
#include "block_calls.hpp"
#include "kernels/adversarial.hpp"
#include "kernels/fenced_memory.hpp"
#include "sections.hpp"
#include "support/names.hpp"

namespace emulation {

const std::vector<block_calls>& all_block_calls() {
  static const std::vector<block_calls> list = [] {
    std::vector<block_calls> all = microscaling_calls();
    for (const auto& more : {ratio_calls(), shared_bit_calls(), integer_calls(), single_calls()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return list;
}

namespace {

using namespace narrowfp;

constexpr scalar sources[] = {scalar::f32, scalar::f16, scalar::bf16};
constexpr float tensor_scales[] = {0.3F, 3e-39F, 1e-37F, 2e-27F, 3e38F};

/// Blocks aimed at the format's own decisions where the oracle knows them, then blocks of every character.
std::vector<float> inputs_for(const block_calls& b, std::size_t blocks) {
  std::vector<float> x;
  for (const oracle::block_facts& facts : oracle::block_formats()) {
    if (facts.name == b.name) {
      std::mt19937_64 random(1);
      while (x.size() < blocks / 2 * b.elements) {
        for (const std::uint32_t bits : block_test::adversarial_block(facts, random)) {
          x.push_back(std::bit_cast<float>(bits));
        }
      }
    }
  }
  const std::vector<float> more = ::kernels::adversarial(b.elements, blocks - x.size() / b.elements, 3);
  x.insert(x.end(), more.begin(), more.end());
  return x;
}

/// Elements of one kind, as they lie in memory.
struct elements {
  scalar kind;
  std::vector<std::byte> memory;
  std::size_t n;

  elements(scalar s, const std::vector<float>& x)
      : kind(s), memory(x.size() * support::size_of(s)), n(x.size()) {
    if (kind == scalar::f32) {
      std::memcpy(memory.data(), x.data(), memory.size());
    }
    for (std::size_t i = 0; i < n && kind != scalar::f32; ++i) {
      const std::uint16_t bits = kind == scalar::f16 ? float16(x[i]).bits() : bfloat16(x[i]).bits();
      std::memcpy(memory.data() + 2 * i, &bits, 2);
    }
  }
};

void compare_quantize(comparison& all, const block_calls& b, scalar kind, const void* in, std::size_t n,
                      const quantize_options& o, bool in_every_environment = false) {
  const call run = [&](isa use, std::byte* out) {
    quantize_options options = o;
    options.use = use;
    b.quantize(kind, in, n, out, options);
  };
  const description describe = [&] {
    return b.name + ", quantize from " + support::layout_of(kind).name + ", " + std::to_string(n) +
           " elements, " + support::name_of(o.round) + ", " + support::name_of(o.over) + ", " +
           detail::name_of(o.scale) + ", " + detail::name_of(o.as) + ", tensor scale " +
           std::to_string(o.tensor_scale);
  };
  const std::size_t size = b.blocks_for(n) * b.bytes;
  in_every_environment ? all.check_in_every_environment(size, n, run, describe)
                       : all.check(size, n, run, describe);
}

void compare_dequantize(comparison& all, const block_calls& b, scalar kind, const void* in, std::size_t n,
                        const dequantize_options& o, bool in_every_environment = false) {
  const call run = [&](isa use, std::byte* out) {
    dequantize_options options = o;
    options.use = use;
    b.dequantize(kind, in, out, n, options);
  };
  const description describe = [&] {
    return b.name + ", dequantize to " + support::layout_of(kind).name + ", " + std::to_string(n) +
           " elements, " + detail::name_of(o.as) + ", tensor scale " + std::to_string(o.tensor_scale);
  };
  const std::size_t size = n * support::size_of(kind);
  in_every_environment ? all.check_in_every_environment(size, n, run, describe, kind == scalar::f16)
                       : all.check(size, n, run, describe, kind == scalar::f16);
}

/// Half of them what the scalar path makes of the inputs, half any bytes.
std::vector<std::byte> blocks_for(const block_calls& b, const std::vector<float>& x) {
  const std::size_t bytes = b.blocks_for(x.size()) * b.bytes;
  std::vector<std::byte> blocks(2 * bytes);
  b.quantize(scalar::f32, x.data(), x.size(), blocks.data(), {.use = isa::scalar});
  ::kernels::xorshift random;
  std::generate(blocks.begin() + static_cast<std::ptrdiff_t>(bytes), blocks.end(),
                [&] { return static_cast<std::byte>(random() >> 56); });
  return blocks;
}

void compare_options(comparison& all, const block_calls& b, const elements& x) {
  const auto compare = [&](const quantize_options& o) {
    compare_quantize(all, b, x.kind, x.memory.data(), x.n, o);
  };
  for (int mode = 0; mode < static_cast<int>(rounding::hybrid); ++mode) {
    for (const overflow over : {overflow::native, overflow::saturate}) {
      const auto round = static_cast<rounding>(mode);
      compare({.round = round, .over = over, .seed = 7, .first_index = 3});
      compare({.round = round, .over = over, .tensor_scale = 0.3F, .seed = 7, .first_index = 3});
    }
  }
  for (const float tensor_scale : tensor_scales) {
    compare({.tensor_scale = tensor_scale});
  }
  for (int as = 0; as <= static_cast<int>(recipe::microxcaling); ++as) {
    for (int rule = 0; rule <= static_cast<int>(scale_rule::four_over_six); ++rule) {
      const quantize_options o{.scale = static_cast<scale_rule>(rule), .as = static_cast<recipe>(as)};
      if (b.offers(o.as, o.scale)) {
        compare(o);
      }
    }
  }
}

void compare_format(comparison& all, const block_calls& b) {
  // More than three runs of sixteen blocks, and of blocks taken one at a time a few.
  const std::vector<float> x = inputs_for(b, b.elements <= 64 ? 67 : 24);
  const std::vector<std::byte> blocks = blocks_for(b, x);
  for (const scalar kind : sources) {
    const elements source(kind, x);
    compare_options(all, b, source);
    compare_quantize(all, b, kind, source.memory.data(), x.size() - b.elements / 2, {}, true);
    for (int as = 0; as <= static_cast<int>(recipe::microxcaling); ++as) {
      if (b.offers(static_cast<recipe>(as), scale_rule::native)) {
        compare_dequantize(all, b, kind, blocks.data(), 2 * x.size(), {.as = static_cast<recipe>(as)});
      }
    }
    for (const float tensor_scale : tensor_scales) {
      compare_dequantize(all, b, kind, blocks.data(), 2 * x.size(), {.tensor_scale = tensor_scale});
    }
    for (const float tensor_scale : {1.0F, 0.3F}) {
      compare_dequantize(all, b, kind, blocks.data(), x.size() - b.elements / 2,
                         {.tensor_scale = tensor_scale}, true);
    }
  }
}

void compare_apart(comparison& all, const block_calls& b) {
  const std::vector<float> x = inputs_for(b, 37);
  const std::size_t n = x.size() - 3;
  const std::size_t count = b.blocks_for(n);
  const auto describe = [&](const char* what) { return [&b, what] { return b.name + what; }; };
  all.check(
      count * b.bytes, n, [&](isa use, std::byte* out) { b.quantize_apart(x.data(), n, out, {.use = use}); },
      describe(", quantize into two arrays"));
  std::vector<std::byte> both(count * b.bytes);
  b.quantize_apart(x.data(), n, both.data(), {.use = isa::scalar});
  all.check(
      4 * n, n,
      [&](isa use, std::byte* out) {
        b.dequantize_apart(both.data(), reinterpret_cast<float*>(out), n, {.use = use});
      },
      describe(", dequantize from two arrays"));
}

/// Every length up to two blocks and more, from memory that ends where no more can be read.
void compare_lengths(comparison& all, const block_calls& b) {
  const std::size_t longest = std::min(2 * b.elements + 70, std::size_t{200});
  const std::vector<float> x = ::kernels::adversarial(b.elements, b.blocks_for(longest), 7);
  const std::vector<std::byte> blocks = blocks_for(b, x);
  for (const scalar kind : sources) {
    const elements source(kind, x);
    const ::kernels::fenced_memory elements_memory(source.memory.size());
    const ::kernels::fenced_memory blocks_memory(blocks.size());
    for (std::size_t n = 0; n <= longest; n += n < 70 || kind == scalar::f32 ? 1 : 7) {
      const std::size_t size = n * support::size_of(kind);
      std::memcpy(elements_memory.end() - size, source.memory.data(), size);
      compare_quantize(all, b, kind, elements_memory.end() - size, n, {});
      const std::size_t bytes = b.blocks_for(n) * b.bytes;
      std::memcpy(blocks_memory.end() - bytes, blocks.data(), bytes);
      compare_dequantize(all, b, kind, blocks_memory.end() - bytes, n, {});
    }
  }
}

}  // namespace

void compare_blocks(comparison& all) {
  for (const block_calls& b : all_block_calls()) {
    compare_format(all, b);
    compare_apart(all, b);
    compare_lengths(all, b);
  }
}

}  // namespace emulation
