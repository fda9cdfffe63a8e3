// Layer: kernels/vector. A face that declines all work: the base of the faces of sets that do some of it.
// What a set does, its own face declares again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../hadamard_job.hpp"
#include "includes.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

struct no_work {
  template <scalar_format F, int Bits, class S>
  static constexpr bool encode(const S*, std::uint8_t*, std::size_t, const encode_job&) noexcept {
    return false;
  }
  template <scalar_format F, int Bits, class S>
  static constexpr bool decode(const std::uint8_t*, S*, std::size_t, float) noexcept {
    return false;
  }
  template <scalar_format F>
  static constexpr bool encode_half(const float*, std::uint16_t*, std::size_t, const encode_job&) noexcept {
    return false;
  }
  template <scalar_format F>
  static constexpr bool decode_half(const std::uint16_t*, float*, std::size_t) noexcept {
    return false;
  }
  template <class S>
  static constexpr bool divide(const S*, float*, std::size_t, float) noexcept {
    return false;
  }
  template <class S>
  static constexpr bool hadamard(const S*, S*, std::size_t, const hadamard_job&) noexcept {
    return false;
  }
  template <block_type B, rounding Mode, class S>
  static constexpr bool quantizes() noexcept {
    return false;
  }
  template <block_type B>
  static constexpr bool dequantizes() noexcept {
    return false;
  }
  template <block_type B>
  static constexpr bool encodes_columns() noexcept {
    return false;
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
