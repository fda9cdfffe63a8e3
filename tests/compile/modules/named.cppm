// A module of a user's own that exports what of the library has external linkage: all but the array calls.
module;
#include <narrowfp/narrowfp.hpp>
export module formats;

export namespace narrowfp {
using narrowfp::abs;
using narrowfp::best_isa;
using narrowfp::block_count;
using narrowfp::block_matrix;
using narrowfp::copysign;
using narrowfp::error_report;
using narrowfp::fp4_e2m1;
using narrowfp::fp8_e4m3;
using narrowfp::hif8;
using narrowfp::isa;
using narrowfp::isfinite;
using narrowfp::isinf;
using narrowfp::isnan;
using narrowfp::minifloat;
using narrowfp::narrow_float;
using narrowfp::nextafter;
using narrowfp::nvfp4;
using narrowfp::overflow;
using narrowfp::pack_options;
using narrowfp::packed_span;
using narrowfp::packed_vector;
using narrowfp::quantize_options;
using narrowfp::round_to;
using narrowfp::rounding;
using narrowfp::saturate_cast;
using narrowfp::signbit;
using narrowfp::specials;
}  // namespace narrowfp
