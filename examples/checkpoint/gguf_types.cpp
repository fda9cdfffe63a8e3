// Values of ggml's blocks, as gguf-py 0.19.0 computes them in float.
#include <bit>
#include <cmath>
#include <cstring>

#include <narrowfp/types.hpp>

#include "gguf.hpp"

namespace checkpoint {

namespace {

unsigned byte_at(const std::byte* block, std::size_t i) noexcept {
  return std::to_integer<unsigned>(block[i]);
}

float half_at(const std::byte* block, std::size_t i) noexcept {
  const auto bits = static_cast<std::uint16_t>(byte_at(block, i) | byte_at(block, i + 1) << 8);
  return static_cast<float>(narrowfp::float16::from_bits(bits));
}

template <class T>
void decode_one(const std::byte* block, float* out) {
  T value;
  std::memcpy(&value, block, sizeof value);
  *out = static_cast<float>(value);
}

void decode_f16(const std::byte* block, float* out) { *out = half_at(block, 0); }

void decode_bf16(const std::byte* block, float* out) {
  *out = std::bit_cast<float>((byte_at(block, 0) | byte_at(block, 1) << 8) << 16);
}

void decode_q8_0(const std::byte* block, float* out) {
  const float d = half_at(block, 0);
  for (std::size_t i = 0; i < 32; ++i) {
    out[i] = d * static_cast<float>(static_cast<signed char>(block[2 + i]));
  }
}

/// Element j in the low nibble of byte j, element j + half in the high one.
template <class Value>
void decode_halves(const std::byte* nibbles, std::size_t half, float* out, Value value) {
  for (std::size_t j = 0; j < half; ++j) {
    out[j] = value(byte_at(nibbles, j) & 15U);
    out[j + half] = value(byte_at(nibbles, j) >> 4);
  }
}

void decode_q4_0(const std::byte* block, float* out) {
  const float d = half_at(block, 0);
  decode_halves(block + 2, 16, out,
                [d](unsigned q) { return d * static_cast<float>(static_cast<int>(q) - 8); });
}

void decode_q4_1(const std::byte* block, float* out) {
  const float d = half_at(block, 0);
  const float m = half_at(block, 2);
  // Two roundings, which no compiler may fuse: the sum is of a float that has been stored.
  decode_halves(block + 4, 16, out, [d, m](unsigned q) {
    const volatile float product = d * static_cast<float>(q);
    return product + m;
  });
}

void decode_iq4_nl(const std::byte* block, float* out) {
  static constexpr signed char table[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                            1,    13,   25,  38,  53,  69,  89,  113};
  const float d = half_at(block, 0);
  decode_halves(block + 2, 16, out, [d](unsigned q) { return d * static_cast<float>(table[q]); });
}

// E2M1 in halves, so that the scale is halved as well.
constexpr signed char doubled_e2m1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

void decode_mxfp4(const std::byte* block, float* out) {
  const unsigned e = byte_at(block, 0);
  // 2^(e - 128); 255 is an exponent like any other.
  const float d = std::bit_cast<float>(e < 2 ? 0x0020'0000U << e : (e - 1) << 23);
  decode_halves(block + 1, 16, out, [d](unsigned q) { return d * static_cast<float>(doubled_e2m1[q]); });
}

void decode_nvfp4(const std::byte* block, float* out) {
  for (std::size_t s = 0; s < 4; ++s) {
    const unsigned code = byte_at(block, s) & 0x7FU;
    const float d =
        code == 0x7F
            ? 0.0F
            : static_cast<float>(narrowfp::fp8_e4m3::from_bits(static_cast<std::uint8_t>(code))) * 0.5F;
    decode_halves(block + 4 + 8 * s, 8, out + 16 * s,
                  [d](unsigned q) { return d * static_cast<float>(doubled_e2m1[q]); });
  }
}

constexpr gguf_type types[] = {
    {0, "F32", 1, 4, decode_one<float>},
    {1, "F16", 1, 2, decode_f16},
    {2, "Q4_0", 32, 18, decode_q4_0},
    {3, "Q4_1", 32, 20, decode_q4_1},
    {6, "Q5_0", 0, 0, nullptr},
    {7, "Q5_1", 0, 0, nullptr},
    {8, "Q8_0", 32, 34, decode_q8_0},
    {9, "Q8_1", 0, 0, nullptr},
    {10, "Q2_K", 0, 0, nullptr},
    {11, "Q3_K", 0, 0, nullptr},
    {12, "Q4_K", 0, 0, nullptr},
    {13, "Q5_K", 0, 0, nullptr},
    {14, "Q6_K", 0, 0, nullptr},
    {15, "Q8_K", 0, 0, nullptr},
    {16, "IQ2_XXS", 0, 0, nullptr},
    {17, "IQ2_XS", 0, 0, nullptr},
    {18, "IQ3_XXS", 0, 0, nullptr},
    {19, "IQ1_S", 0, 0, nullptr},
    {20, "IQ4_NL", 32, 18, decode_iq4_nl},
    {21, "IQ3_S", 0, 0, nullptr},
    {22, "IQ2_S", 0, 0, nullptr},
    {23, "IQ4_XS", 0, 0, nullptr},
    {24, "I8", 1, 1, nullptr},
    {25, "I16", 1, 2, nullptr},
    {26, "I32", 1, 4, nullptr},
    {27, "I64", 1, 8, nullptr},
    {28, "F64", 1, 8, decode_one<double>},
    {29, "IQ1_M", 0, 0, nullptr},
    {30, "BF16", 1, 2, decode_bf16},
    {34, "TQ1_0", 0, 0, nullptr},
    {35, "TQ2_0", 0, 0, nullptr},
    {39, "MXFP4", 32, 17, decode_mxfp4},
    {40, "NVFP4", 64, 36, decode_nvfp4},
};

}  // namespace

const gguf_type* find_gguf_type(std::uint32_t id) noexcept {
  for (const gguf_type& type : types) {
    if (type.id == id) {
      return &type;
    }
  }
  return nullptr;
}

}  // namespace checkpoint
