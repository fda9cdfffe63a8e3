#include "kernel_steps.hpp"

#include <bit>
#include <stdexcept>

#include "sections.hpp"

namespace docs {

std::string step_table(const std::vector<example>& examples) {
  std::vector<std::string> header = {"Step"};
  for (const example& e : examples) {
    header.push_back(e.input);
  }
  markdown_table table(header);
  const auto& names = examples.front().way.all();
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<std::string> row = {names[i].name};
    for (const example& e : examples) {
      if (e.way.all().size() != names.size() || e.way.all()[i].name != names[i].name) {
        throw std::runtime_error("the examples '" + examples.front().input + "' and '" + e.input +
                                 "' have not the same steps");
      }
      row.push_back(e.way.all()[i].result);
    }
    table.add(row);
  }
  return table.text();
}

void require_core(const std::string& where, std::uint64_t by_kernel, std::uint64_t by_core) {
  if (by_kernel != by_core) {
    throw std::runtime_error(where + ": the steps give " + std::to_string(by_kernel) + ", the core " +
                             std::to_string(by_core));
  }
}

std::string kernel_example(const std::string& page) {
  if (page == "hadamard") {
    return hadamard_example();
  }
  std::string text = kernel_of_values(page);
  if (text.empty()) {
    text = kernel_of_blocks(page);
  }
  if (text.empty()) {
    text = kernel_of_products(page);
  }
  if (text.empty()) {
    throw std::runtime_error("no kernel example is named '" + page + "'");
  }
  return text;
}

double value_of(pattern bits) { return static_cast<double>(std::bit_cast<float>(bits)); }

}  // namespace docs
