// The experiment: a model's weights through a format, and what that costs.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "formats.hpp"
#include "model.hpp"
#include "packed_layers.hpp"
#include "text.hpp"

namespace demo {

/// A mean with its standard error.
struct estimate {
  double mean = 0;
  double standard_error = 0;

  /// Farther from zero than three standard errors; with so many rows, two are exceeded by chance.
  [[nodiscard]] bool is_significant() const {
    return mean > 3 * standard_error || mean < -3 * standard_error;
  }
};

/// The tables' part of narrowfp::error_report: a file that only prints it need not compile the library.
struct format_error {
  std::size_t count = 0;  // values
  double sqnr_db = 0;
  double max_abs_error = 0;
  std::size_t flushed = 0;
  std::size_t saturated = 0;
};

/// What a format does to activations and gradients.
struct layer_errors {
  format_error activations;
  format_error gradients;
};

/// One row of the tables.
struct result {
  std::string format;
  double bits = 0;  // a value, scales included
  bool has_block_scales = false;
  double smallest = 0, largest = 0;
  std::string scales;
  format_error error;  // over all weights together
  std::size_t stored_bytes = 0;
  estimate loss_change;  // from float32, nats a character
  layer_errors layers;
};

/// The weight matrices; biases stay as they are, being few.
std::vector<tensor> weights_of(const language_model& model);

/// The error of converted matrices, all of them together.
format_error error_of(std::span<const tensor> matrices, const conversion& converted);

/// A row, but for its loss, and the weights as its format gives them back.
struct converted_model {
  result row;
  conversion weights;
};
/// Wide formats come first; of equal width, the more precise.
std::vector<converted_model> convert_all(const language_model& model, const layer_values& layers);

/// Largest magnitude over root mean square: how heavy the tails are that a common scale must cover.
double crest(std::span<const tensor> matrices);

/// What the converted weights change in the model's loss on `validation`, whose losses were `before`.
estimate loss_change(const language_model& model, const conversion& converted, const text& validation,
                     std::span<const float> before);

/// Blocks in which the operands of products are rotated; 0: not rotated.
inline constexpr std::array<std::size_t, 3> rotations{0, 16, 128};
static_assert(input_size % 128 == 0 && hidden_size % 128 == 0, "whole blocks of every rotation");

/// A row of the table of products; changes of the loss from float32, nats a character. The embedding stays in
/// float32, as no product reads it.
struct product_result {
  std::string weights, activations;  // their formats
  estimate weights_only;             // weights dequantized, activations in float32
  std::array<estimate, rotations.size()> packed;
};
/// `converted` is the model in the pair's format of weights.
product_result run_products(const format_pair& pair, const language_model& model, const conversion& converted,
                            const text& validation, std::span<const float> before);

/// The mean of paired differences. Neighbouring characters share their context and are not independent, so
/// the standard error is taken over the means of blocks of 128.
estimate paired_difference(std::span<const float> before, std::span<const float> after);

double mean(std::span<const float> values);

}  // namespace demo
