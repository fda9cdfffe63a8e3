// The result as a table for people, as CSV and as a chart.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "experiment.hpp"

namespace demo {

std::string table_head();
std::string table_row(const result& row);
std::string table_rule();
/// What the columns mean and what they do not show.
std::string table_notes(std::size_t validation_characters);
/// What to take home: the best format of each width.
std::string summary(std::span<const result> rows, std::size_t weights, double loss);

/// Largest magnitude over root mean square, see crest().
struct crests {
  double weights, activations, gradients;
};
/// The same formats on what flows through the model.
std::string layer_table(std::span<const result> rows, const crests& tails);

/// Products of two narrow operands.
std::string products_head();
std::string products_row(const product_result& row);
std::string products_notes();

std::string csv(std::span<const result> rows, double loss);
std::string products_csv(std::span<const product_result> rows, double loss);

/// Change of the loss with error bars against bits a value.
std::string chart_svg(std::span<const result> rows, double loss);

/// Formats of about the same width stand together: 16, 8, 6, 4.
int width_class(double bits);
/// Whether a row is narrower than the last by a class.
bool starts_group(std::span<const result> before, const result& row);

}  // namespace demo
