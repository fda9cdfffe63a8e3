// Without exceptions a misuse ends the program, after the words that an exception would have carried.
#include <narrowfp/narrowfp.hpp>

#include <span>

int main() {
  const float in[3] = {1, 2, 3};
  narrowfp::fp8_e4m3 out[2] = {};
  narrowfp::pack(std::span<const float>(in), std::span<narrowfp::fp8_e4m3>(out));
}
