// A Hadamard transform before quantizing to 4 bits spreads outliers over their block: what that gains, and
// where it loses.
#include <cstdint>
#include <cstdio>
#include <narrowfp/narrowfp.hpp>
#include <random>
#include <vector>

using namespace narrowfp;

namespace {

/// Normal values, but for one in 64 that is 16 times as large.
std::vector<float> values_with_outliers(std::size_t n) {
  std::mt19937_64 random(1);
  std::vector<float> x(n);
  for (float& value : x) {
    std::int64_t sum = 0;  // of twelve uniform integers: nearly normal, and the same on every machine
    for (int i = 0; i < 12; ++i) {
      sum += static_cast<std::int64_t>(random() >> 44) - (1 << 19);
    }
    value = static_cast<float>(sum) * 0x1p-20F * (random() % 64 == 0 ? 16.0F : 1.0F);
  }
  return x;
}

template <class B>
std::vector<float> restored_from(const std::vector<float>& x) {
  std::vector<B> blocks(block_count<B>(x.size()));
  std::vector<float> restored(x.size());
  quantize(x, blocks);
  dequantize(blocks, restored);
  return restored;
}

// [rotate]
template <class B>
double sqnr_of_rotated(const std::vector<float>& x, const hadamard_options& rotation) {
  std::vector<float> rotated(x.size());
  hadamard(x, rotated, rotation);
  std::vector<float> restored = restored_from<B>(rotated);  // quantize and dequantize
  hadamard_inverse(restored, restored, rotation);           // in place
  return compare(x, restored).sqnr_db;
}
// [end rotate]

template <class B>
void print_row(const char* name, const std::vector<float>& x) {
  std::printf("%-8s %6.1f", name, compare(x, restored_from<B>(x)).sqnr_db);
  for (const std::size_t block : {16U, 64U, 256U, 1024U}) {
    std::printf(" %6.1f", sqnr_of_rotated<B>(x, {.block = block, .random = true, .seed = 42}));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  const std::vector<float> x = values_with_outliers(1 << 16);
  std::printf("SQNR, dB  plain     16     64    256   1024\n");
  print_row<mxfp4>("mxfp4", x);
  print_row<hif4>("hif4", x);
  print_row<msfp12>("msfp12", x);
  print_row<nvfp4>("nvfp4", x);
}
