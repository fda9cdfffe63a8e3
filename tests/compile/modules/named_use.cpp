import formats;

using namespace narrowfp;

int main() {
  const fp8_e4m3 x = round_to<fp8_e4m3>(1000.0F, rounding::native, overflow::saturate);
  const bool functions = !isnan(x) && isfinite(x) && nextafter(x, fp8_e4m3(0.0F)) == 416.0F;
  return functions && float(x) == 448.0F && block_count<nvfp4>(17) == 2 ? 0 : 1;
}
