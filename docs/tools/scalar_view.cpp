#include "scalar_view.hpp"

#include <stdexcept>

namespace docs {

const std::vector<scalar_view>& all_scalars() {
  using namespace narrowfp;
  static const std::vector<scalar_view> views = {
      view_of<fp8_e4m3>(fixed_fields{4, 3, 7}),         view_of<fp8_e5m2>(fixed_fields{5, 2, 15}),
      view_of<fp8_e3m4>(fixed_fields{3, 4, 3}),         view_of<fp8_e4m3_ieee>(fixed_fields{4, 3, 7}),
      view_of<fp8_e4m3fnuz>(fixed_fields{4, 3, 8}),     view_of<fp8_e5m2fnuz>(fixed_fields{5, 2, 16}),
      view_of<fp8_e4m3b11fnuz>(fixed_fields{4, 3, 11}), view_of<hif8>(),
      view_of<fp6_e3m2>(fixed_fields{3, 2, 3}),         view_of<fp6_e2m3>(fixed_fields{2, 3, 1}),
      view_of<fp4_e2m1>(fixed_fields{2, 1, 1}),         view_of<fp4_e1m2>(fixed_fields{1, 2, 1}),
      view_of<e8m0>(fixed_fields{8, 0, 127}),           view_of<ue4m3>(fixed_fields{4, 3, 7}),
      view_of<ue5m3>(fixed_fields{5, 3, 15}),           view_of<e6m2>(fixed_fields{6, 2, 48}),
      view_of<bfloat16>(fixed_fields{8, 7, 127}),       view_of<float16>(fixed_fields{5, 10, 15}),
  };
  return views;
}

const scalar_view& scalar_named(const std::string& name) {
  for (const scalar_view& view : all_scalars()) {
    if (view.name == name) {
      return view;
    }
  }
  throw std::runtime_error("there is no scalar format named " + name);
}

}  // namespace docs
