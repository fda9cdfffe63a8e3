// The types behind the names of operands.
#pragma once

#include <narrowfp/narrowfp.hpp>

#include "support/formats_under_test.hpp"

namespace products {

using narrowfp::block_format;
using narrowfp::shared_scale;

using fp8_per_128 = block_format<narrowfp::fp8_e4m3, shared_scale<float, 128>>;
using hif8_per_128 = block_format<narrowfp::hif8, shared_scale<float, 128>>;
using fp6_per_64 = block_format<narrowfp::fp6_e3m2, shared_scale<narrowfp::bfloat16, 64>>;
using e5m2_per_32 = block_format<narrowfp::fp8_e5m2, shared_scale<narrowfp::float16, 32>>;
using half_per_16 = block_format<narrowfp::float16, shared_scale<float, 16>>;
using e3m3_per_24 = block_format<support::e3m3b3_fn, shared_scale<narrowfp::ue5m3, 24>>;
using fp4_bits =
    block_format<narrowfp::fp4_e2m1, shared_scale<narrowfp::fp8_e4m3, 16>, narrowfp::shared_bit<4>>;
using e2m3_per_5 = block_format<narrowfp::fp6_e2m3, shared_scale<narrowfp::e8m0, 5>>;
using bfp_3_16 = narrowfp::bfp<3, 16>;
using bfp_7_16 = narrowfp::bfp<7, 16>;
using bfp_1_8 = narrowfp::bfp<1, 8>;
using bfp_15_64 = narrowfp::bfp<15, 64>;

/// What the oracle calls the type.
template <class T>
inline constexpr const char* type_name = nullptr;

#define PRODUCTS_NAME(type, name) \
  template <>                     \
  inline constexpr const char* type_name<type> = name;
#define PRODUCTS_VALUE(type, name) PRODUCTS_NAME(type, #name)
#define PRODUCTS_OWN_NAME(type) PRODUCTS_NAME(type, #type)
#define PRODUCTS_LIBRARY_NAME(type) PRODUCTS_NAME(narrowfp::type, #type)
PRODUCTS_NAME(float, "float")
SUPPORT_FOR_EACH_TYPE(PRODUCTS_VALUE)
PRODUCTS_LIBRARY_NAME(mxfp8_e4m3)
PRODUCTS_LIBRARY_NAME(mxfp8_e5m2)
PRODUCTS_LIBRARY_NAME(mxfp6_e3m2)
PRODUCTS_LIBRARY_NAME(mxfp6_e2m3)
PRODUCTS_LIBRARY_NAME(mxfp4)
PRODUCTS_LIBRARY_NAME(mxint8)
PRODUCTS_LIBRARY_NAME(nvfp4)
PRODUCTS_LIBRARY_NAME(q8_0)
PRODUCTS_LIBRARY_NAME(hif4)
PRODUCTS_LIBRARY_NAME(hif5)
PRODUCTS_LIBRARY_NAME(mx9)
PRODUCTS_LIBRARY_NAME(mx6)
PRODUCTS_LIBRARY_NAME(mx4)
PRODUCTS_NAME(bfp_3_16, "bfp<3,16>")
PRODUCTS_NAME(bfp_7_16, "bfp<7,16>")
PRODUCTS_NAME(bfp_1_8, "bfp<1,8>")
PRODUCTS_NAME(bfp_15_64, "bfp<15,64>")
PRODUCTS_OWN_NAME(fp8_per_128)
PRODUCTS_OWN_NAME(hif8_per_128)
PRODUCTS_OWN_NAME(fp6_per_64)
PRODUCTS_OWN_NAME(e5m2_per_32)
PRODUCTS_OWN_NAME(half_per_16)
PRODUCTS_OWN_NAME(e3m3_per_24)
PRODUCTS_OWN_NAME(fp4_bits)
PRODUCTS_OWN_NAME(e2m3_per_5)
#undef PRODUCTS_LIBRARY_NAME
#undef PRODUCTS_OWN_NAME
#undef PRODUCTS_VALUE
#undef PRODUCTS_NAME

}  // namespace products
