// Measures, blocks taken one at a time and conversions to float, decided on bits, so that the program means
// the same under -ffast-math. Inputs come from bit patterns through memory that the compiler cannot see
// through.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include <narrowfp/narrowfp.hpp>

namespace {

using namespace narrowfp;

int failures = 0;

void expect(bool holds, const char* what) {
  if (!holds) {
    ++failures;
    std::printf("wrong: %s\n", what);
  }
}

std::vector<float> floats(const std::vector<std::uint32_t>& patterns) {
  std::vector<float> x(patterns.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const volatile std::uint32_t pattern = patterns[i];
    const std::uint32_t copy = pattern;
    std::memcpy(&x[i], &copy, sizeof copy);
  }
  return x;
}

std::uint64_t bits_of(const double& x) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
std::uint32_t bits_of(const float& x) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

constexpr std::uint64_t infinity = 0x7FF0000000000000;
constexpr std::uint64_t minus_infinity = 0xFFF0000000000000;

void two_arrays() {
  const std::vector<float> x = floats({0x3F800000, 0x40000000, 0x40400000, 0xC0800000});  // 1, 2, 3, -4
  const error_report equal = compare(x, x);
  expect(bits_of(equal.sqnr_db) == infinity && bits_of(equal.mse) == 0, "equal arrays");
  expect(equal.cosine > 0.999999 && equal.cosine < 1.000001, "cosine of equal arrays");

  const std::vector<float> zeros(4);
  const error_report nothing = compare(zeros, x);
  expect(bits_of(nothing.sqnr_db) == minus_infinity && nothing.mse == 7.5, "nothing but error");
  expect(bits_of(compare(zeros, zeros).sqnr_db) == infinity, "zeros");
  expect(bits_of(compare({}, std::vector<float>{}).sqnr_db) == infinity, "no elements");

  // NaN; 1 -> infinity; 1 -> NaN; infinity; -infinity -> 0; 2^-149 -> 0; -0 -> 0; 2^-149 kept.
  const std::vector<float> original =
      floats({0x7FC00000, 0x3F800000, 0x3F800000, 0x7F800000, 0xFF800000, 1, 0x80000000, 1});
  const std::vector<float> restored = floats({0, 0xFF800000, 0xFFC00001, 0x7F800000, 0, 0, 0, 1});
  const error_report r = compare(original, restored);
  expect(r.count == 8 && r.nan == 1 && r.overflowed == 2 && r.flushed == 1, "counts");
  expect(bits_of(r.max_abs_error) == 0x36A0000000000000, "2^-149 is a number");
  expect(r.sqnr_db > 3.01 && r.sqnr_db < 3.02, "3.01 dB");
}

void by_type() {
  // 1, 1e6, -infinity, NaN, 2^-149
  const std::vector<float> x = floats({0x3F800000, 0x49742400, 0xFF800000, 0x7FC00000, 1});
  const error_report native = compare<fp8_e5m2>(x);
  expect(native.overflowed == 1 && native.nan == 1 && native.flushed == 1 && native.saturated == 0,
         "fp8_e5m2");
  expect(bits_of(native.sqnr_db) != infinity, "an error of 2^-149");
  const error_report kept = compare<fp8_e5m2>(x, {.over = overflow::saturate});
  expect(kept.overflowed == 0 && kept.saturated == 2, "fp8_e5m2 saturated");
  const error_report scaled = compare<fp8_e4m3>(x, {.over = overflow::saturate, .scale = 1.0F / 4096});
  expect(scaled.saturated == 1 && scaled.flushed == 2, "fp8_e4m3 scaled");
  expect(compare<fp8_e4m3>(floats({0x3F800000, 0xC0400000})).mse == 0, "fp8_e4m3 exact");
  expect(bits_of(compare<fp8_e4m3>(floats({0x3F800000, 0xC0400000})).sqnr_db) == infinity,
         "fp8_e4m3 exact, dB");
  const error_report large = compare<bfloat16>(floats({0x7F7FFFFF, 0x3F800000}));
  expect(large.overflowed == 1 && bits_of(large.sqnr_db) == infinity, "bfloat16");
}

void by_block() {
  std::vector<float> x = floats(std::vector<std::uint32_t>(40, 0x3F800000));  // 1
  expect(bits_of(compare<mxfp4>(x).sqnr_db) == infinity, "mxfp4 exact");
  expect(bits_of(compare<nvfp4>(x, {.tensor_scale = 0.25F}).sqnr_db) != infinity, "nvfp4");
  x[35] = floats({0x7F800000})[0];
  const error_report native = compare<mxfp4>(x);
  expect(native.overflowed == 7 && native.nan == 0, "an infinity makes its block NaN");
  expect(bits_of(native.sqnr_db) == infinity, "the other block");
  const error_report saturated = compare<mxfp4>(x, {.over = overflow::saturate});
  expect(saturated.overflowed == 0 && saturated.flushed == 7 && saturated.saturated == 1,
         "a saturated infinity");
}

template <class T>
void conversions(const char* name) {
  constexpr std::size_t count = std::size_t{1} << T::format::width;
  std::vector<T> codes(count);
  std::vector<float> unpacked(count);
  for (std::size_t i = 0; i < count; ++i) {
    codes[i] = T::from_bits(static_cast<typename T::code_type>(i));
  }
  unpack(codes, unpacked, {.use = isa::scalar});
  std::size_t different = 0;
  std::vector<float> converted(count);
  for (std::size_t i = 0; i < count; ++i) {
    converted[i] = static_cast<float>(codes[i]);
    different += bits_of(converted[i]) != bits_of(unpacked[i]) ? 1 : 0;
    different += T(unpacked[i]) != codes[i] && !isnan(codes[i]) ? 1 : 0;
    different += isnan(codes[i]) != isnan(T(unpacked[i])) ? 1 : 0;
  }
  expect(different == 0, name);
}

template <class B>
void one_block(const char* name) {
  std::vector<float> x = floats(std::vector<std::uint32_t>(B::elements, 0x7FC00000));
  x[1] = 3;
  const B block = quantize_block<B>(std::span<const float, B::elements>(x.data(), B::elements));
  const std::array<float, B::elements> values = dequantize_block(block);
  std::vector<B> blocks(1);
  quantize(x, blocks);
  std::vector<float> restored(B::elements);
  dequantize(blocks, restored);
  expect(block == blocks[0], name);
  expect(std::memcmp(values.data(), restored.data(), sizeof values) == 0, name);
  std::vector<float> elements(B::elements);
  for (std::size_t i = 0; i < B::elements; ++i) {
    elements[i] = block[i];
    expect((bits_of(elements[i]) & 0x7FFFFFFF) > 0x7F800000, name);
  }
}

}  // namespace

int main() {
  two_arrays();
  by_type();
  by_block();
  conversions<fp8_e4m3>("fp8_e4m3");
  conversions<fp8_e5m2>("fp8_e5m2");
  conversions<hif8>("hif8");
  conversions<e8m0>("e8m0");
  conversions<float16>("float16");
  conversions<bfloat16>("bfloat16");
  one_block<mxfp4>("mxfp4");
  one_block<nvfp4>("nvfp4");
  one_block<mxfp8_e5m2>("mxfp8_e5m2");
  one_block<hif4>("hif4");
  return failures;
}
