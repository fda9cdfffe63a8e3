// The kernel probes of a few formats that between them reach every kind of kernel: plain, tapered, without -0,
// 4 and 6 bits, unsigned without zero, 16 bits, and beyond the kernels' facts.
#include "kernels/make_kernel_probe.hpp"
#include "support/formats_under_test.hpp"

namespace kernels {

void append_fp8(std::vector<probe>& probes) {
  probes.push_back(make_probe<narrowfp::fp8_e4m3>("fp8_e4m3"));
  probes.push_back(make_probe<narrowfp::fp8_e5m2fnuz>("fp8_e5m2fnuz"));
}
void append_small(std::vector<probe>& probes) {
  probes.push_back(make_probe<narrowfp::hif8>("hif8"));
  probes.push_back(make_probe<narrowfp::fp6_e2m3>("fp6_e2m3"));
  probes.push_back(make_probe<narrowfp::fp4_e1m2>("fp4_e1m2"));
}
void append_scale_and_wide(std::vector<probe>& probes) {
  probes.push_back(make_probe<narrowfp::e8m0>("e8m0"));
  probes.push_back(make_probe<narrowfp::float16>("float16"));
}
void append_user(std::vector<probe>& probes) {
  probes.push_back(make_probe<support::e3m12b3_fnuz>("e3m12b3_fnuz"));
}

}  // namespace kernels
