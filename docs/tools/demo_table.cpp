// The tables of docs/choose_a_format.md: what examples/quantize_model measured, from docs/quantize_model.csv
// and docs/quantize_model_products.csv.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>

#include "sections.hpp"
#include "text.hpp"

namespace docs {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> fields;
  for (std::string field; std::getline(in, field, ',');) {
    fields.push_back(field);
  }
  return fields;
}

std::string rounded(const std::string& number, int decimals, double unit = 1) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::strtod(number.c_str(), nullptr) / unit);
  return text;
}

/// The rows of a table with a head, by the names of its columns.
std::vector<std::map<std::string, std::string>> rows_of(const std::string& csv) {
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> names = fields_of(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() != names.size()) {
      throw std::runtime_error("the demo's table has a row of another length: " + line);
    }
    std::map<std::string, std::string>& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) {
      row[names[i]] = fields[i];
    }
  }
  return rows;
}

}  // namespace

std::string demo_table(const std::string& csv) {
  markdown_table table({"Type", "Bits", "Weights, dB", "Activations, dB", "Gradients, dB", "Gradients lost",
                        "Loss, 0.001 nat", "Error of it"});
  for (std::map<std::string, std::string>& row : rows_of(csv)) {
    table.add({row["format"], row["bits"], rounded(row["sqnr_db"], 1), rounded(row["activations_sqnr_db"], 1),
               rounded(row["gradients_sqnr_db"], 1), row["gradients_flushed"],
               rounded(row["loss_change"], 2, 0.001), rounded(row["loss_change_standard_error"], 2, 0.001)});
  }
  return table.text();
}

std::string demo_products(const std::string& csv) {
  markdown_table table(
      {"Weights", "Activations", "Weights only", "Packed both", "Rotated by 16", "Rotated by 128"});
  for (std::map<std::string, std::string>& row : rows_of(csv)) {
    std::vector<std::string> cells{row["weights"], row["activations"]};
    for (const char* name : {"weights_only", "packed", "packed_rotated_16", "packed_rotated_128"}) {
      cells.push_back(rounded(row[name], 1, 0.001) + " ± " +
                      rounded(row[std::string(name) + "_standard_error"], 1, 0.001));
    }
    table.add(cells);
  }
  return table.text();
}

}  // namespace docs
