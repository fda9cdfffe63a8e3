#include "experiment.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <narrowfp/measure.hpp>
#include <numeric>
#include <utility>

namespace demo {

std::vector<tensor> weights_of(const language_model& model) {
  return {model.embedding, model.hidden_weight, model.output_weight};
}

double mean(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

format_error error_of(std::span<const tensor> matrices, const conversion& converted) {
  std::vector<float> original, restored;
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    original.insert(original.end(), matrices[i].values.begin(), matrices[i].values.end());
    restored.insert(restored.end(), converted.restored[i].begin(), converted.restored[i].end());
  }
  const narrowfp::error_report error = narrowfp::compare(original, restored);
  return {.count = error.count,
          .sqnr_db = error.sqnr_db,
          .max_abs_error = error.max_abs_error,
          .flushed = error.flushed,
          .saturated = converted.saturated};
}

std::vector<converted_model> convert_all(const language_model& model, const layer_values& layers) {
  std::vector<number_format> formats = value_formats();
  std::ranges::move(block_formats(), std::back_inserter(formats));

  const std::vector<tensor> weights = weights_of(model);
  std::vector<converted_model> all;
  for (const number_format& format : formats) {
    conversion converted = format.convert(weights);
    const format_error error = error_of(weights, converted);
    const double bits = 8.0 * static_cast<double>(converted.stored_bytes) / static_cast<double>(error.count);
    all.push_back(
        {.row = {.format = format.name,
                 .bits = std::round(bits * 100) / 100,  // leaves out a float for a whole matrix
                 .has_block_scales = format.has_block_scales,
                 .smallest = format.smallest,
                 .largest = format.largest,
                 .scales = converted.scales,
                 .error = error,
                 .stored_bytes = converted.stored_bytes,
                 .loss_change = {},
                 .layers = {.activations = error_of(layers.activations, format.convert(layers.activations)),
                            .gradients = error_of(layers.gradients, format.convert(layers.gradients))}},
         .weights = std::move(converted)});
  }
  std::ranges::stable_sort(all, [](const converted_model& a, const converted_model& b) {
    return a.row.bits != b.row.bits ? a.row.bits > b.row.bits : a.row.error.sqnr_db > b.row.error.sqnr_db;
  });
  return all;
}

double crest(std::span<const tensor> matrices) {
  double largest = 0, squares = 0, count = 0;
  for (const tensor& matrix : matrices) {
    for (const float x : matrix.values) {
      largest = std::fmax(largest, std::fabs(double{x}));
      squares += double{x} * double{x};
    }
    count += static_cast<double>(matrix.values.size());
  }
  return largest / std::sqrt(squares / count);
}

estimate loss_change(const language_model& model, const conversion& converted, const text& validation,
                     std::span<const float> before) {
  language_model narrowed = model;
  narrowed.embedding.values = converted.restored[0];
  narrowed.hidden_weight.values = converted.restored[1];
  narrowed.output_weight.values = converted.restored[2];
  return paired_difference(before, character_losses(narrowed, validation));
}

product_result run_products(const format_pair& pair, const language_model& model, const conversion& converted,
                            const text& validation, std::span<const float> before) {
  language_model narrowed = model;
  narrowed.hidden_weight.values = converted.restored[1];
  narrowed.output_weight.values = converted.restored[2];
  product_result row{
      pair.weights, pair.activations, paired_difference(before, character_losses(narrowed, validation)), {}};
  for (std::size_t i = 0; i < rotations.size(); ++i) {
    const dense_layer hidden = pair.layer(model.hidden_weight, model.hidden_bias, rotations[i]);
    const dense_layer output = pair.layer(model.output_weight, model.output_bias, rotations[i]);
    row.packed[i] = paired_difference(before, character_losses(model.embedding, hidden, output, validation));
  }
  return row;
}

estimate paired_difference(std::span<const float> before, std::span<const float> after) {
  constexpr std::size_t block_size = 128;
  const std::size_t blocks = before.size() / block_size;
  std::vector<double> block_means(blocks);
  double total = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double difference = double{after[i]} - double{before[i]};
    total += difference;
    if (i / block_size < blocks) {
      block_means[i / block_size] += difference / block_size;
    }
  }
  const double center =
      std::accumulate(block_means.begin(), block_means.end(), 0.0) / static_cast<double>(blocks);
  double squares = 0;
  for (const double x : block_means) {
    squares += (x - center) * (x - center);
  }
  const auto n = static_cast<double>(blocks);
  return {total / static_cast<double>(before.size()), std::sqrt(squares / (n - 1) / n)};
}

}  // namespace demo
