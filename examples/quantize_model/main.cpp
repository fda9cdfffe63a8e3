// The library's main job on real data: a language model's weights through every narrow format.
//
// quantize_model --help says how to run it. A dozen seconds: trains the model (training.cpp), converts its
// weights (value_formats.cpp), and runs it again with each format's weights (experiment.cpp).
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
std::vector<result> run_formats(const language_model& model, const layer_values& layers,
                                const text& validation, std::span<const float> before) {
  print(table_head());
  std::vector<result> rows;
  for (const converted_model& each : convert_all(model, layers)) {
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

void run(const options& chosen) {
  std::optional<output_file> csv_file, svg_file;
  if (!chosen.csv.empty()) {
    csv_file.emplace(chosen.csv);
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
  const std::vector<result> rows = run_formats(model, layers, texts.validation, losses);
  print(table_notes(losses.size()) + "\n");
  print(layer_table(rows, {crest(weights_of(model)), crest(layers.activations), crest(layers.gradients)}) +
        "\n");
  print(summary(rows, count(weights_of(model)), loss));
  if (csv_file) {
    csv_file->write(csv(rows, loss));
    print("\nTable written to " + chosen.csv.string() + "\n");
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
