// Imports the value types as a header unit.
import "narrowfp/types.hpp";

using namespace narrowfp;

int main() {
  fp8_e4m3 x(1.0F);
  x += 2;
  const bool values = x == 3.0F && -x < x && nextafter(x, fp8_e4m3(4.0F)) == 3.25F && !isnan(x);
  const bool limits = std::numeric_limits<hif8>::max() == 32768.0F;
  return values && limits && round_to<fp4_e2m1>(5.0F, rounding::toward_zero) == 4.0F ? 0 : 1;
}
