// The caller's floating-point environment neither changes products nor is changed by them.
#include "kernels/control_register.hpp"
#include "product_inputs.hpp"
#include "product_probe.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

#if defined(KERNELS_CONTROL_REGISTER)

constexpr std::size_t length = 150;

/// Results that are normal, subnormal, or overflow.
struct scaled_result {
  result out;
  float tensor_scale;
};
constexpr scaled_result results[] = {{result::f32, 1},     {result::f64, 1},      {result::bf16, 1},
                                     {result::f16, 1},     {result::f32, 1e-40F}, {result::bf16, 1e-40F},
                                     {result::f16, 1e-6F}, {result::f32, 3e38F},  {result::f64, 1e-45F}};

TEST(ProductEnvironment, IsNeitherUsedNorChanged) {
  for (const pair_probe& pair : pairs()) {
    generator random(19);
    support::mismatches report(pair.name());
    for (const inputs kind :
         {inputs::near, inputs::any, inputs::low, inputs::high, inputs::zeros, inputs::nan}) {
      const byte_vector a = make_array(pair.a_type(), kind, length, random);
      const byte_vector b = make_array(pair.b_type(), kind, length, random);
      for (const scaled_result& r : results) {
        const std::uint64_t want = pair.dot(
            r.out, a, b, length, {.tensor_scale_a = r.tensor_scale, .use = narrowfp::isa::scalar}, 0);
        for (const narrowfp::isa use : support::available_isas()) {
          for (const std::uint64_t value : kernels::control_values()) {
            std::uint64_t before = 0;
            std::uint64_t after = 0;
            std::uint64_t got = 0;
            {
              const kernels::control_register set(value);
              before = kernels::read_control();
              got = pair.dot(r.out, a, b, length, {.tensor_scale_a = r.tensor_scale, .use = use}, 0);
              after = kernels::read_control();
            }
            const auto context = [&] {
              return std::string(name_of(kind)) + ", " + layout_of(r.out).name + ", " + isa_name(use) +
                     ", control " + support::hex(value, 8);
            };
            report.expect_equal(got, want, context);
            report.expect_equal(after, before, [&] { return "modes or flags of " + context(); });
          }
        }
      }
    }
  }
}

TEST(ProductEnvironment, IsNeitherUsedNorChangedByMatrices) {
  const pair_probe& pair = find_pair("fp8_e4m3", "fp8_e4m3");
  generator random(20);
  constexpr std::size_t rows = 3;
  const byte_vector a = make_array(pair.a_type(), inputs::any, rows * length, random);
  const byte_vector b = make_array(pair.b_type(), inputs::any, length, random);
  const float row_scales[rows] = {1e-44F, 1, 3e38F};
  for (const narrowfp::isa use : support::available_isas()) {
    const matrix_call call = {.out = result::f32,
                              .rows = rows,
                              .cols = length,
                              .options = {.row_scales_a = row_scales, .accumulate = true, .use = use}};
    // A subnormal, a tiny and a huge number are there before.
    const byte_vector start = {3, 0, 0, 0, 1, 0, 0x80, 0, 0xFF, 0xFF, 0x7F, 0x7F};
    byte_vector want = start;
    pair.matrix_vector(call, a, b, want);
    for (const std::uint64_t value : kernels::control_values()) {
      byte_vector y = start;
      std::uint64_t before = 0;
      std::uint64_t after = 0;
      {
        const kernels::control_register set(value);
        before = kernels::read_control();
        pair.matrix_vector(call, a, b, y);
        after = kernels::read_control();
      }
      EXPECT_EQ(y, want) << isa_name(use) << ", control " << value;
      EXPECT_EQ(after, before) << isa_name(use) << ", control " << value;
    }
  }
}

#endif

}  // namespace
}  // namespace products
