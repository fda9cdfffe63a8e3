#include "options.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace demo {
namespace {

constexpr std::size_t max_steps = 1'000'000;

std::size_t parse_steps(std::string_view value) {
  std::size_t steps = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, steps);
  if (error != std::errc{} || stop != end || steps == 0 || steps > max_steps) {
    throw std::invalid_argument("--steps wants a number from 1 to " + std::to_string(max_steps) + ", not '" +
                                std::string(value) + "'");
  }
  return steps;
}

void refuse_same_file(const char* one, const std::filesystem::path& file, const char* other,
                      const std::filesystem::path& other_file) {
  if (!file.empty() && file == other_file) {
    throw std::invalid_argument(std::string(one) + " and " + other + " name the same file, '" +
                                file.string() + "'");
  }
}

}  // namespace

options parse_options(std::span<char* const> arguments) {
  options result;
  result.data = NARROWFP_EXAMPLE_DATA;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--help" || name == "-h") {
      result.help = true;
      continue;
    }
    if (name != "--steps" && name != "--data" && name != "--csv" && name != "--products" && name != "--svg") {
      throw std::invalid_argument("unknown option '" + std::string(name) + "'");
    }
    if (++i == arguments.size() || *arguments[i] == '\0') {
      throw std::invalid_argument(std::string(name) + " wants a value");
    }
    const std::string_view value = arguments[i];
    if (name == "--steps") {
      result.steps = parse_steps(value);
    } else {
      (name == "--data"       ? result.data
       : name == "--csv"      ? result.csv
       : name == "--products" ? result.products
                              : result.svg) = value;
    }
  }
  refuse_same_file("--csv", result.csv, "--svg", result.svg);
  refuse_same_file("--csv", result.csv, "--products", result.products);
  refuse_same_file("--products", result.products, "--svg", result.svg);
  return result;
}

std::string usage() {
  return "usage: quantize_model [--steps N] [--data DIR] [--csv FILE] [--products FILE]\n"
         "                      [--svg FILE]\n"
         "\n"
         "Trains a small character-level language model on licence texts, converts its weights to\n"
         "every narrow format, and shows what each costs in accuracy; then multiplies packed weights\n"
         "by packed activations. Takes about twenty seconds.\n"
         "\n"
         "  --steps N        training steps, " +
         std::to_string(options{}.steps) +
         " by default; fewer are faster and worse\n"
         "  --data DIR       the folder of the texts, examples/data by default\n"
         "  --csv FILE       write the table of formats as CSV\n"
         "  --products FILE  write the table of products as CSV\n"
         "  --svg FILE       write a chart: change of the loss against bits a value\n"
         "  --help           show this\n"
         "\n"
         "The table goes to standard output, progress to standard error. NO_COLOR=1 switches colours off.\n"
         "Exit status: 0 done, 1 a file could not be read or written, 2 bad arguments.\n";
}

}  // namespace demo
