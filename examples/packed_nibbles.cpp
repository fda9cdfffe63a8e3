// Packed nibbles as a container: packed_vector holds two 4-bit values a byte and takes part in the standard
// algorithms; packed_span views bytes that come from elsewhere.
#include <algorithm>
#include <array>
#include <iostream>
#include <narrowfp/io.hpp>
#include <narrowfp/packed.hpp>

using namespace narrowfp;

int main() {
  packed_vector<fp4_e2m1> values = {fp4_e2m1(3.0F), fp4_e2m1(-0.5F), fp4_e2m1(6.0F)};
  values.push_back(fp4_e2m1(1.5F));
  values.push_back(fp4_e2m1(-4.0F));
  std::cout << values.size() << " values in " << values.bytes().size() << " bytes:";

  std::sort(values.begin(), values.end());
  for (const fp4_e2m1 x : values) {
    std::cout << ' ' << x;
  }

  values[1] = fp4_e2m1(2.0F);  // the other nibble of the byte stays as it is
  std::cout << "\nlargest " << *std::max_element(values.begin(), values.end()) << ", "
            << std::count_if(values.begin(), values.end(), [](fp4_e2m1 x) { return signbit(x); })
            << " negative\n";

  // A byte from torch, CUDA or a file: 0x72 is 1 (code 2) in the low nibble, then 6 (code 7).
  std::array<std::byte, 1> byte = {std::byte{0x72}};
  const packed_span<fp4_e2m1> view(byte, 2);
  std::cout << "0x72 holds " << view[0] << " and " << view[1] << '\n';
  view[0] = fp4_e2m1(-1.0F);
  std::cout << "after view[0] = -1: 0x" << std::hex << std::to_integer<int>(byte[0]) << '\n';
}
