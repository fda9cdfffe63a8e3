// quantize and dequantize: block format x direction x instruction set.
#include "block_rows.hpp"

#include <narrowfp/quantize.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "ceilings.hpp"
#include "support/instruction_sets.hpp"

namespace bench {

namespace {

using namespace narrowfp;

template <class B>
void add_rows(std::deque<conversion>& rows, const char* format, scale_rule rule = scale_rule::native) {
  constexpr side floats = {1, sizeof(float)};
  constexpr side blocks = {B::elements, sizeof(B)};
  constexpr bool is_4_bit = B::bits_per_element < 5;
  const std::string label = rule == scale_rule::native ? "" : "_search_mse";
  for (const isa set : instruction_sets()) {
    conversion c;
    c.name = "quantize" + label + "/f32_to_" + format + "/" + isa_name(set);
    c.input = content::floats;
    c.in = floats;
    c.out = blocks;
    c.ceiling = is_4_bit ? &truncate_f32_to_nibbles() : &truncate_f32_to_u8();
    const quantize_options options = {.scale = rule, .use = set};
    c.variants.emplace_back([options](const std::byte* in, std::byte* out, std::size_t n) {
      quantize(std::span<const float>(reinterpret_cast<const float*>(in), n),
               std::span<B>(reinterpret_cast<B*>(out), block_count<B>(n)), options);
    });
    c.reference = [options](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      for (std::size_t i = 0; i < n / B::elements; ++i) {
        std::array<float, B::elements> values;
        std::memcpy(values.data(), in + i * sizeof values, sizeof values);
        const B block = quantize_block<B>(values, {.scale = options.scale});
        std::memcpy(out + i * sizeof(B), &block, sizeof(B));
      }
    };
    rows.push_back(c);
    if (rule != scale_rule::native) {
      continue;
    }
    c.name = std::string("dequantize/") + format + "_to_f32/" + isa_name(set);
    c.input = content::codes_8;
    c.in = blocks;
    c.out = floats;
    c.ceiling = is_4_bit ? &extend_nibbles_to_f32() : &extend_u8_to_f32();
    c.variants = {[set](const std::byte* in, std::byte* out, std::size_t n) {
      dequantize(std::span<const B>(reinterpret_cast<const B*>(in), block_count<B>(n)),
                 std::span<float>(reinterpret_cast<float*>(out), n), {.use = set});
    }};
    c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      for (std::size_t i = 0; i < n / B::elements; ++i) {
        B block;
        std::memcpy(&block, in + i * sizeof(B), sizeof(B));
        const auto values = dequantize_block(block);
        std::memcpy(out + i * sizeof values, values.data(), sizeof values);
      }
    };
    rows.push_back(std::move(c));
  }
}

}  // namespace

void add_block_rows(std::deque<conversion>& rows) {
  add_rows<mxfp8_e4m3>(rows, "mxfp8_e4m3");
  add_rows<mxfp8_e5m2>(rows, "mxfp8_e5m2");
  add_rows<mxfp6_e3m2>(rows, "mxfp6_e3m2");
  add_rows<mxfp6_e2m3>(rows, "mxfp6_e2m3");
  add_rows<mxfp4>(rows, "mxfp4");
  add_rows<mxint8>(rows, "mxint8");
  add_rows<nvfp4>(rows, "nvfp4");
  add_rows<hif4>(rows, "hif4");
  add_rows<hif5>(rows, "hif5");
  add_rows<mx9>(rows, "mx9");
  add_rows<mx6>(rows, "mx6");
  add_rows<mx4>(rows, "mx4");
  add_rows<msfp12>(rows, "msfp12");
  add_rows<msfp16>(rows, "msfp16");
  add_rows<mxfp4>(rows, "mxfp4", scale_rule::search_mse);
  add_rows<nvfp4>(rows, "nvfp4", scale_rule::search_mse);
}

}  // namespace bench
