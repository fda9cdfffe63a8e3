// What the programs here do with the library: one call of each kind, and a hash of all results.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <narrowfp/narrowfp.hpp>

namespace concurrency {

inline std::uint64_t mix(std::uint64_t hash, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) {
    hash = (hash ^ bytes[i]) * 0x100000001B3;
  }
  return hash;
}

namespace {

/// Packs, unpacks, quantizes and dequantizes; the kind of call to begin with differs from caller to caller.
std::uint64_t hash_of_calls(int first, narrowfp::isa use = narrowfp::isa::automatic) {
  using namespace narrowfp;
  std::array<float, 200> in{};
  for (std::size_t i = 0; i < in.size(); ++i) {
    in[i] = (static_cast<float>(i) - 77.0F) * 0.37F;
  }
  std::array<fp8_e4m3, 200> codes{};
  std::array<fp4_e2m1, 200> stochastic{};
  std::array<float, 200> values{};
  std::array<hif4, 4> blocks{};
  std::array<float, 200> restored{};
  for (int call = 0; call < 4; ++call) {
    switch ((first + call) % 4) {
      case 0:
        pack(in, codes, {.use = use});
        break;
      case 1:
        quantize<hif4>(in, blocks, {.use = use});
        break;
      case 2:
        pack(in, stochastic, {.round = rounding::stochastic, .seed = 5, .use = use});
        break;
      default:
        if (best_isa() == isa::automatic || !isa_available(best_isa())) {
          return 0;
        }
    }
  }
  unpack(codes, values, {.scale = 0.3F, .use = use});
  dequantize(blocks, restored, {.use = use});
  std::uint64_t hash = 0xCBF29CE484222325;
  hash = mix(hash, codes.data(), sizeof codes);
  hash = mix(hash, stochastic.data(), sizeof stochastic);
  hash = mix(hash, values.data(), sizeof values);
  hash = mix(hash, blocks.data(), sizeof blocks);
  return mix(hash, restored.data(), sizeof restored);
}

}  // namespace
}  // namespace concurrency
