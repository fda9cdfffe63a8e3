// quantize and dequantize: block format x direction x instruction set.
#include "block_rows.hpp"

#include <narrowfp/quantize.hpp>

#include <algorithm>
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

/// The rows of one block format and element type: float or bfloat16.
template <class B, class S = float>
struct rows_of {
  static constexpr bool is_float = sizeof(S) == sizeof(float);
  static constexpr bool is_4_bit = B::bits_per_element < 5;
  static constexpr side elements = {1, sizeof(S)};
  static constexpr side blocks = {B::elements, sizeof(B)};
  static constexpr const char* element_name = is_float ? "f32" : "bfloat16";

  static conversion quantizing(const std::string& label, const std::string& name, isa set,
                               quantize_options options) {
    conversion c;
    c.name = label + "/" + element_name + "_to_" + name + "/" + isa_name(set);
    c.input = is_float ? content::floats : content::bfloat16s;
    c.in = elements;
    c.out = blocks;
    c.ceiling = is_float ? (is_4_bit ? &truncate_f32_to_nibbles() : &truncate_f32_to_u8())
                         : (is_4_bit ? &truncate_u16_to_nibbles() : &truncate_u16_to_u8());
    options.use = set;
    c.numbered = options.round == rounding::stochastic;
    c.variants.emplace_back([options](const std::byte* in, std::byte* out, std::size_t n) {
      quantize(std::span<const S>(reinterpret_cast<const S*>(in), n),
               std::span<B>(reinterpret_cast<B*>(out), block_count<B>(n)), options);
    });
    c.reference = [options](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t first) {
      quantize_options of_block = options;
      for (std::size_t i = 0; i < n / B::elements; ++i) {
        of_block.first_index = first + i * B::elements;
        std::array<S, B::elements> source;
        std::memcpy(static_cast<void*>(source.data()), in + i * sizeof source, sizeof source);
        std::array<float, B::elements> values;
        std::copy(source.begin(), source.end(), values.begin());
        const B block = quantize_block<B>(values, of_block);
        std::memcpy(out + i * sizeof(B), &block, sizeof(B));
      }
    };
    return c;
  }

  /// Scales of any bits would often be no numbers, or so small or large that no product is a float: this one
  /// is between 1 and 2.
  static void give_usual_scale(std::byte* at) {
    B block;
    std::memcpy(&block, at, sizeof(B));
    const float scale = 1 + static_cast<float>(block.scale_code(0, 0) % 1024) / 1024;
    block.set_scale_code(
        core::encode<typename B::scale_format>(core::read(scale), rounding::nearest_even, overflow::native));
    std::memcpy(at, &block, sizeof(B));
  }

  static conversion dequantizing(const std::string& name, isa set) {
    conversion c;
    c.name = "dequantize/" + name + "_to_" + element_name + "/" + isa_name(set);
    c.input = content::codes_8;
    if (B::scale_format::width > 8) {
      c.prepare = [](std::byte* in, std::size_t n) {
        for (std::size_t i = 0; i < n / B::elements; ++i) {
          give_usual_scale(in + i * sizeof(B));
        }
      };
    }
    c.in = blocks;
    c.out = elements;
    c.ceiling = is_float ? (is_4_bit ? &extend_nibbles_to_f32() : &extend_u8_to_f32())
                         : (is_4_bit ? &extend_nibbles_to_u16() : &extend_u8_to_u16());
    c.variants.emplace_back([set](const std::byte* in, std::byte* out, std::size_t n) {
      dequantize(std::span<const B>(reinterpret_cast<const B*>(in), block_count<B>(n)),
                 std::span<S>(reinterpret_cast<S*>(out), n), {.use = set});
    });
    c.reference = [](const std::byte* in, std::byte* out, std::size_t n, std::uint64_t) {
      for (std::size_t i = 0; i < n / B::elements; ++i) {
        B block;
        std::memcpy(&block, in + i * sizeof(B), sizeof(B));
        for (std::size_t j = 0; j < B::elements; ++j) {
          const S value(block[j]);  // these formats' values are floats
          std::memcpy(out + (i * B::elements + j) * sizeof(S), &value, sizeof(S));
        }
      }
    };
    return c;
  }
};

template <class B, class S = float>
void add_rows(std::deque<conversion>& rows, const char* format) {
  for (const isa set : instruction_sets()) {
    rows.push_back(rows_of<B, S>::quantizing("quantize", format, set, {}));
    rows.push_back(rows_of<B, S>::dequantizing(format, set));
  }
}

template <class B>
void add_other_rows(std::deque<conversion>& rows, const char* format) {
  for (const isa set : instruction_sets()) {
    rows.push_back(
        rows_of<B>::quantizing("quantize_stochastic", format, set, {.round = rounding::stochastic}));
    rows.push_back(
        rows_of<B>::quantizing("quantize_search_mse", format, set, {.scale = scale_rule::search_mse}));
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
  add_rows<q8_0>(rows, "q8_0");
  add_rows<hif4>(rows, "hif4");
  add_rows<hif5>(rows, "hif5");
  add_rows<mx9>(rows, "mx9");
  add_rows<mx6>(rows, "mx6");
  add_rows<mx4>(rows, "mx4");
  add_rows<msfp12>(rows, "msfp12");
  add_rows<msfp16>(rows, "msfp16");
  add_rows<block_format<fp8_e4m3, shared_scale<float, 128>>>(rows, "fp8_per_128");
  add_rows<mxfp8_e4m3, bfloat16>(rows, "mxfp8_e4m3");
  add_rows<mxfp4, bfloat16>(rows, "mxfp4");
  add_rows<nvfp4, bfloat16>(rows, "nvfp4");
  add_rows<hif4, bfloat16>(rows, "hif4");
  add_other_rows<mxfp4>(rows, "mxfp4");
  add_other_rows<nvfp4>(rows, "nvfp4");
}

}  // namespace bench
