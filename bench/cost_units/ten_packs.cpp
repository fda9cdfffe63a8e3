// Ten formats: what a translation unit that packs all of them costs. See ../include_cost.cmake.
#include <narrowfp/pack.hpp>

namespace {

template <class... T>
void pack_all(std::span<const float> in, std::span<T>... out) {
  (narrowfp::pack(in, out), ...);
}

}  // namespace

void pack_ten(std::span<const float> in, std::span<narrowfp::fp8_e4m3> e4m3,
              std::span<narrowfp::fp8_e5m2> e5m2, std::span<narrowfp::fp8_e4m3fnuz> e4m3fnuz,
              std::span<narrowfp::fp8_e5m2fnuz> e5m2fnuz, std::span<narrowfp::hif8> hif8,
              std::span<narrowfp::fp6_e2m3> e2m3, std::span<narrowfp::fp6_e3m2> e3m2,
              std::span<narrowfp::fp4_e2m1> e2m1, std::span<narrowfp::e8m0> e8m0,
              std::span<narrowfp::bfloat16> bfloat16) {
  pack_all(in, e4m3, e5m2, e4m3fnuz, e5m2fnuz, hif8, e2m3, e3m2, e2m1, e8m0, bfloat16);
}
