// A kernel's way, step by step, for the worked examples of docs/kernels: what each step computes is printed,
// and the last one has to be the core's answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/core/arithmetic.hpp>
#include <narrowfp/core/codec.hpp>
#include <narrowfp/core/real.hpp>
#include <narrowfp/core/rounding.hpp>
#include <narrowfp/formats/fp16.hpp>

#include "text.hpp"

namespace docs {

/// The steps of one input: name and result of each.
class steps {
 public:
  struct step {
    std::string name, result;
  };

  void add(std::string name, std::string result) { all_.push_back({std::move(name), std::move(result)}); }
  [[nodiscard]] const std::vector<step>& all() const { return all_; }

 private:
  std::vector<step> all_;
};

/// One column of a table of steps.
struct example {
  std::string input;
  steps way;
};

/// A table with a row for each step and a column for each input. All inputs must have the same steps.
std::string step_table(const std::vector<example>& examples);

/// Throws unless a kernel's way ends where the core does.
void require_core(const std::string& where, std::uint64_t by_kernel, std::uint64_t by_core);

// Patterns of floats, and float arithmetic as the core defines it: whatever the compiler's flags, one exact
// operation and one rounding.

using pattern = std::uint32_t;

inline narrowfp::core::real real_of(pattern bits) {
  return narrowfp::core::decode<narrowfp::formats::binary32>(bits);
}
inline pattern pattern_of(const narrowfp::core::real& x,
                          narrowfp::rounding mode = narrowfp::rounding::nearest_even) {
  return narrowfp::core::encode<narrowfp::formats::binary32>(x, mode, narrowfp::overflow::native);
}
/// a + b
inline pattern float_sum(pattern a, pattern b, narrowfp::rounding mode = narrowfp::rounding::nearest_even) {
  return pattern_of(narrowfp::core::add(real_of(a), real_of(b)), mode);
}
/// a * b
inline pattern float_product(pattern a, pattern b,
                             narrowfp::rounding mode = narrowfp::rounding::nearest_even) {
  return pattern_of(narrowfp::core::multiply(real_of(a), real_of(b)), mode);
}
/// a * b + c, rounded once
inline pattern fused(pattern a, pattern b, pattern c,
                     narrowfp::rounding mode = narrowfp::rounding::nearest_even) {
  return pattern_of(narrowfp::core::add(narrowfp::core::multiply(real_of(a), real_of(b)), real_of(c)), mode);
}
/// c - a * b, rounded once
inline pattern fused_difference(pattern c, pattern a, pattern b) { return fused(a ^ 0x80000000, b, c); }
/// a / b
inline pattern float_quotient(pattern a, pattern b) {
  return pattern_of(narrowfp::core::divide(real_of(a), real_of(b)));
}

inline constexpr pattern float_magnitude_bits = 0x7FFFFFFF;
inline constexpr pattern float_hidden = 0x00800000;
inline constexpr pattern float_fraction = 0x007FFFFF;

/// "3E99999A"
inline std::string hex(std::uint32_t bits, int width = 32) { return "`" + code_text(bits, width) + "`"; }

/// The value of a pattern, exactly.
double value_of(pattern bits);

/// A code and what it stands for: "`2A` = 0.3125".
template <class F>
std::string code_and_value(std::uint32_t code) {
  const auto value = narrowfp::core::decode<F>(static_cast<typename F::code_type>(code));
  return hex(code, F::width) + " = " + value_text(value_of(pattern_of(value)));
}

// The examples of docs/kernels, by the page's name.
std::string kernel_of_values(const std::string& page);
std::string kernel_of_blocks(const std::string& page);
std::string kernel_of_products(const std::string& page);
std::string hadamard_example();

}  // namespace docs
