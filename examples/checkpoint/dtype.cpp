#include "dtype.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include <narrowfp/narrowfp.hpp>

namespace checkpoint {

namespace {

// Both file formats are little-endian; so is what is read from them without a look at its bytes.
static_assert(std::endian::native == std::endian::little, "this example needs a little-endian machine");

std::uint64_t decode_float(std::span<const std::byte> raw, std::size_t, std::span<float> out) {
  std::memcpy(out.data(), raw.data(), out.size_bytes());
  return 0;
}

std::uint64_t decode_double(std::span<const std::byte> raw, std::size_t, std::span<float> out) {
  std::uint64_t beyond = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    double x = 0;
    std::memcpy(&x, raw.data() + i * sizeof x, sizeof x);
    out[i] = static_cast<float>(x);
    beyond += std::isinf(out[i]) && !std::isinf(x) ? 1U : 0U;
  }
  return beyond;
}

template <class T>
std::uint64_t decode_bytes(std::span<const std::byte> raw, std::size_t, std::span<float> out) {
  narrowfp::unpack(narrowfp::as_values<T>(raw.first(out.size() * sizeof(T))), out);
  return 0;
}

template <class T>
std::uint64_t decode_dense(std::span<const std::byte> raw, std::size_t skip, std::span<float> out) {
  const narrowfp::packed_span<const T> values(raw, skip + out.size());
  if (skip == 0) {
    narrowfp::unpack(values, out);
    return 0;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(values[skip + i]);
  }
  return 0;
}

using namespace narrowfp;

constexpr dtype safetensors_dtypes[] = {
    {"F64", 64, decode_double, "F64"},
    {"F32", 32, decode_float, "F32"},
    {"F16", 16, decode_bytes<float16>, "F16"},
    {"BF16", 16, decode_bytes<bfloat16>, "BF16"},
    {"F8_E4M3", 8, decode_bytes<fp8_e4m3>, "F8_E4M3"},
    {"F8_E5M2", 8, decode_bytes<fp8_e5m2>, "F8_E5M2"},
    {"F8_E4M3FNUZ", 8, decode_bytes<fp8_e4m3fnuz>, "F8_E4M3FNUZ"},
    {"F8_E5M2FNUZ", 8, decode_bytes<fp8_e5m2fnuz>, "F8_E5M2FNUZ"},
    {"F8_E8M0", 8, decode_bytes<e8m0>, "F8_E8M0"},
    {"F6_E3M2", 6, decode_dense<fp6_e3m2>, "F6_E3M2"},
    {"F6_E2M3", 6, decode_dense<fp6_e2m3>, "F6_E2M3"},
    {"F4", 4, decode_dense<fp4_e2m1>, "F4"},
    {"BOOL", 8, nullptr, "BOOL"},
    {"U8", 8, nullptr, "U8"},
    {"I8", 8, nullptr, "I8"},
    {"U16", 16, nullptr, "U16"},
    {"I16", 16, nullptr, "I16"},
    {"U32", 32, nullptr, "U32"},
    {"I32", 32, nullptr, "I32"},
    {"U64", 64, nullptr, "U64"},
    {"I64", 64, nullptr, "I64"},
    {"C64", 64, nullptr, "C64"},
};

// safetensors has no name for the last ones; their bytes can be kept as U8.
constexpr dtype ml_dtypes[] = {
    {"bfloat16", 16, decode_bytes<bfloat16>, "BF16"},
    {"float8_e4m3fn", 8, decode_bytes<fp8_e4m3>, "F8_E4M3"},
    {"float8_e5m2", 8, decode_bytes<fp8_e5m2>, "F8_E5M2"},
    {"float8_e4m3fnuz", 8, decode_bytes<fp8_e4m3fnuz>, "F8_E4M3FNUZ"},
    {"float8_e5m2fnuz", 8, decode_bytes<fp8_e5m2fnuz>, "F8_E5M2FNUZ"},
    {"float8_e8m0fnu", 8, decode_bytes<e8m0>, "F8_E8M0"},
    {"float8_e4m3b11fnuz", 8, decode_bytes<fp8_e4m3b11fnuz>, "U8"},
    {"float8_e4m3", 8, decode_bytes<fp8_e4m3_ieee>, "U8"},
    {"float8_e3m4", 8, decode_bytes<fp8_e3m4>, "U8"},
    {"float6_e3m2fn", 8, decode_bytes<fp6_e3m2>, "U8"},
    {"float6_e2m3fn", 8, decode_bytes<fp6_e2m3>, "U8"},
    {"float4_e2m1fn", 8, decode_bytes<fp4_e2m1>, "U8"},
};

template <std::size_t N>
const dtype* find(const dtype (&table)[N], std::string_view name) noexcept {
  for (const dtype& candidate : table) {
    if (candidate.name == name) {
      return &candidate;
    }
  }
  return nullptr;
}

}  // namespace

const dtype* find_safetensors_dtype(std::string_view name) noexcept { return find(safetensors_dtypes, name); }

const dtype* find_ml_dtype(std::string_view name) noexcept { return find(ml_dtypes, name); }

}  // namespace checkpoint
