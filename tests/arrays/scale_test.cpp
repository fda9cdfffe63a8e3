// pack_options::scale and unpack_options::scale: the product is rounded once.
#include <gtest/gtest.h>

#include <bit>

#include "support/array_probe.hpp"
#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;
using support::bit_vector;
using support::scalar;

/// x * scale rounded once to binary32, nearest even: exact product, then the nearer neighbour by comparison.
std::uint32_t product_bits(const oracle::number& x, float scale) {
  const oracle::number s = oracle::binary32.decode(std::bit_cast<std::uint32_t>(scale));
  const oracle::number product = oracle::exact(oracle::operation::multiply, x, s);
  const std::uint32_t sign = product.negative ? 0x80000000 : 0;
  if (product.kind == oracle::kind::nan) {
    // Of a NaN source the payload may be kept; every format here drops it.
    return sign | 0x7FC00000;
  }
  const auto infinity = static_cast<std::uint32_t>(oracle::binary32.infinity());
  if (product.kind == oracle::kind::infinity) {
    return sign | infinity;
  }
  const auto low = static_cast<std::uint32_t>(oracle::binary32.at_or_below(product.numerator));
  const oracle::dyadic below = oracle::binary32.decode(low).numerator;
  // Beyond the largest float its spacing goes on.
  const oracle::dyadic above =
      low + 1 < infinity ? oracle::binary32.decode(low + 1).numerator : oracle::dyadic{1, 128};
  const auto to_middle = compare(product.numerator, oracle::scaled(below + above, -1));
  return sign | (low + (to_middle > 0 || (to_middle == 0 && (low & 1) != 0) ? 1 : 0));
}

constexpr float scales[] = {2.0F,        0.5F,     3.0F,      0.1F,          -1.0F, -0.7F,
                            0x1.8p-100F, 0x1p100F, 0x1p-149F, 3.4028235e38F, 0.0F,  1.0000001F};

class Scale : public support::format_suite {
 protected:
  const support::array_probe& arrays() const { return support::find_array_probe(GetParam()); }

  void check_pack(scalar source) const {
    const oracle::format& f = facts();
    const oracle::source_layout& layout = support::layout_of(source);
    const bit_vector inputs = support::boundary_inputs(f, layout, 8 * support::stride_for(f));
    for (const isa use : support::available_isas()) {
      support::mismatches found(GetParam() + " from " + layout.name + ", " + narrowfp::isa_name(use));
      for (const float scale : scales) {
        for (const rounding mode : {rounding::native, rounding::toward_positive, rounding::hybrid}) {
          if (mode == rounding::hybrid && GetParam() != "hif8") {
            continue;
          }
          const overflow policy = mode == rounding::native ? overflow::native : overflow::saturate;
          const bit_vector got =
              arrays().pack(source, inputs, {.round = mode, .over = policy, .scale = scale, .use = use});
          for (std::size_t i = 0; i < inputs.size(); ++i) {
            const std::uint32_t product = product_bits(layout.decode(inputs[i]), scale);
            if (f.width > 8 && layout.decode(inputs[i]).kind == oracle::kind::nan) {
              found.expect(f.values[got[i]].kind == oracle::kind::nan || !f.has_nan, [&] { return "NaN"; });
              continue;
            }
            found.expect_equal(got[i], subject().from_f32(product, mode, policy, 0), [&] {
              return support::describe(GetParam(), mode, policy, layout, inputs[i]) + ", scale " +
                     support::show(oracle::binary32, std::bit_cast<std::uint32_t>(scale));
            });
          }
        }
      }
    }
  }

  void check_unpack(scalar target) const {
    const oracle::format& f = facts();
    bit_vector codes;
    for (std::uint64_t code = 0; code < f.values.size(); code += f.width <= 12 ? 1 : 37) {
      codes.push_back(code);
    }
    for (const isa use : support::available_isas()) {
      support::mismatches found(GetParam() + " to " + support::layout_of(target).name + ", " +
                                narrowfp::isa_name(use));
      for (const float scale : {1.0F, 2.0F, 0.1F, -3.0F, 0x1.8p-100F, 0x1p120F}) {
        const bit_vector got = arrays().unpack(target, codes, {.scale = scale, .use = use});
        for (std::size_t i = 0; i < codes.size(); ++i) {
          found.expect_equal(got[i], unpacked(f.values[codes[i]], scale, target), [&] {
            return "code " + support::hex(codes[i], 2) + ", scale " +
                   support::show(oracle::binary32, std::bit_cast<std::uint32_t>(scale));
          });
        }
      }
    }
  }

 private:
  /// value * scale rounded once to the target. The product of at most 16 and 24 bits is an exact double in
  /// all these formats, or so small that it is zero in every narrower target.
  static std::uint64_t unpacked(const oracle::number& value, float scale, scalar target) {
    const double product = to_double(value) * double{scale};
    const bool is_nan = value.kind == oracle::kind::nan;
    switch (target) {
      case scalar::f64:
        return is_nan ? 0x7FF8000000000000 | std::uint64_t{value.negative} << 63
                      : std::bit_cast<std::uint64_t>(product);
      case scalar::f32:
        return is_nan ? 0x7FC00000 | std::uint64_t{value.negative} << 31
                      : std::bit_cast<std::uint32_t>(static_cast<float>(product));
      default: {
        const oracle::format& f = oracle::find_format(target == scalar::f16 ? "float16" : "bfloat16");
        const oracle::number exact =
            is_nan ? value : oracle::binary64.decode(std::bit_cast<std::uint64_t>(product));
        return oracle::encode(f, exact, oracle::mode::nearest_even, oracle::policy::native);
      }
    }
  }
};

TEST_P(Scale, PackFloats) { check_pack(scalar::f32); }
TEST_P(Scale, PackDoubles) { check_pack(scalar::f64); }
TEST_P(Scale, PackBfloat16) { check_pack(scalar::bf16); }
TEST_P(Scale, UnpackToFloat) { check_unpack(scalar::f32); }
TEST_P(Scale, UnpackToDouble) { check_unpack(scalar::f64); }
TEST_P(Scale, UnpackToFloat16) { check_unpack(scalar::f16); }
TEST_P(Scale, UnpackToBfloat16) { check_unpack(scalar::bf16); }

SUPPORT_FOR_FORMATS(Scale, support::array_types());

}  // namespace
