// The library's main job on real data: a language model's weights through every narrow format.
//
// quantize_model --help says how to run it. Some twenty seconds: trains the model (training.cpp), converts
// its weights (value_formats.cpp, block_formats.cpp), runs it again with each format's weights
// (experiment.cpp), and with products of packed weights and packed activations (packed_layers.cpp).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <vector>

#include "experiment.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "report.hpp"
#include "terminal.hpp"
#include "training.hpp"

namespace demo {
namespace {

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::size_t count(std::span<const tensor> matrices) {
  std::size_t values = 0;
  for (const tensor& matrix : matrices) {
    values += matrix.values.size();
  }
  return values;
}

/// The table of the weights, a row as soon as its loss is known.
std::vector<result> run_formats(const language_model& model, std::span<const converted_model> converted,
                                const text& validation, std::span<const float> before) {
  print(table_head());
  std::vector<result> rows;
  for (const converted_model& each : converted) {
    result row = each.row;
    row.loss_change = loss_change(model, each.weights, validation, before);
    if (starts_group(rows, row)) {
      print("\n");
    }
    print(table_row(row));
    rows.push_back(row);
  }
  print(table_rule());
  return rows;
}

/// The table of products, likewise.
std::vector<product_result> run_pairs(const language_model& model, std::span<const converted_model> converted,
                                      const text& validation, std::span<const float> before) {
  print("Both operands narrow: the model computed by products of packed weights and activations:\n\n" +
        products_head());
  std::vector<product_result> rows;
  for (const format_pair& pair : format_pairs()) {
    const auto of_weights = std::ranges::find(converted, pair.weights,
                                              [](const converted_model& each) { return each.row.format; });
    rows.push_back(run_products(pair, model, of_weights->weights, validation, before));
    print(products_row(rows.back()));
  }
  print(table_rule() + products_notes());
  return rows;
}

void run(const options& chosen) {
  std::optional<output_file> csv_file, products_file, svg_file;
  if (!chosen.csv.empty()) {
    csv_file.emplace(chosen.csv);
  }
  if (!chosen.products.empty()) {
    products_file.emplace(chosen.products);
  }
  if (!chosen.svg.empty()) {
    svg_file.emplace(chosen.svg);
  }
  const corpus texts = load_corpus(chosen.data);
  print(format(
      "A language model learns from %s characters of licence texts and is judged by %s of another.\n\n",
      grouped(texts.training.size()).c_str(), grouped(texts.validation.size() - context_size).c_str()));

  progress bar(chosen.steps);
  const training_options training{.steps = chosen.steps};
  const language_model model =
      train(texts.training, training, [&](std::size_t step, double loss) { bar.show(step, loss); });

  const std::vector<float> losses = character_losses(model, texts.validation);
  const double loss = mean(losses);
  std::fputs("\n", stderr);
  print(format(
      "In float32 it predicts the unseen text with a loss of %.4f nats a character, as unsure as one who\n"
      "guesses among %.1f equally likely characters.\n\n",
      loss, std::exp(loss)));

  const layer_values layers = sample_layers(model, texts.training, 512);
  const std::vector<converted_model> converted = convert_all(model, layers);
  const std::vector<result> rows = run_formats(model, converted, texts.validation, losses);
  print(table_notes(losses.size()) + "\n");
  print(layer_table(rows, {crest(weights_of(model)), crest(layers.activations), crest(layers.gradients)}) +
        "\n");
  const std::vector<product_result> products = run_pairs(model, converted, texts.validation, losses);
  print("\n");
  print(summary(rows, count(weights_of(model)), loss));
  if (csv_file) {
    csv_file->write(csv(rows, loss));
    print("\nTable written to " + chosen.csv.string() + "\n");
  }
  if (products_file) {
    products_file->write(products_csv(products, loss));
    print("\nTable of products written to " + chosen.products.string() + "\n");
  }
  if (svg_file) {
    svg_file->write(chart_svg(rows, loss));
    print("\nChart written to " + chosen.svg.string() + "\n");
  }
}

}  // namespace
}  // namespace demo

int main(int argument_count, char** arguments) {
  try {
    const std::span all(arguments, static_cast<std::size_t>(argument_count));
    const demo::options chosen = demo::parse_options(all.empty() ? all : all.subspan(1));
    if (chosen.help) {
      demo::print(demo::usage());
      return 0;
    }
    demo::run(chosen);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "quantize_model: %s\nTry --help.\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quantize_model: %s\n", error.what());
    return 1;
  }
  return 0;
}
