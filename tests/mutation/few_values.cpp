// The probes of a few value types that between them take every way through the core, so that a mutant is
// judged quickly.
#include "support/formats_under_test.hpp"
#include "support/make_probe.hpp"

namespace support {

std::vector<probe> library_probes() {
  return {
      make_probe<narrowfp::fp8_e4m3>("fp8_e4m3"), make_probe<narrowfp::fp8_e4m3b11fnuz>("fp8_e4m3b11fnuz"),
      make_probe<narrowfp::fp4_e2m1>("fp4_e2m1"), make_probe<narrowfp::hif8>("hif8"),
      make_probe<narrowfp::e8m0>("e8m0"),         make_probe<narrowfp::e6m2>("e6m2"),
      make_probe<narrowfp::float16>("float16")};
}
std::vector<probe> user_probes() { return {make_probe<e8m3b100_ieee>("e8m3b100_ieee")}; }

}  // namespace support
