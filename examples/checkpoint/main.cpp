// Reads checkpoints of neural networks: what formats would cost them, the same in another format and layout,
// and whether two are equal.
//
//   checkpoint inspect model.safetensors --min-snr 30 --csv costs.csv --svg costs.svg
//   checkpoint convert DeepSeek-V3 DeepSeek-V3-bf16 --to bf16
//   checkpoint compare model quantized --min-snr 20
//
// Exit status: 0; 1 for a file that cannot be read or written; 2 for a command line that makes no sense; 3
// where checkpoints that were compared differ.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <new>

#include "comparison.hpp"
#include "conversion.hpp"
#include "failure.hpp"
#include "file_sizes.hpp"
#include "files.hpp"
#include "options.hpp"
#include "readers.hpp"
#include "report.hpp"
#include "writer.hpp"

namespace {

/// Fails where a table or a chart would replace what is read.
void require_apart(const checkpoint::command_line& line, const std::vector<std::string>& read) {
  for (const std::string* out : {&line.csv, &line.json, &line.svg}) {
    for (const std::string& in : read) {
      if (!out->empty() && checkpoint::same_file(*out, in)) {
        checkpoint::fail(*out, "is an input as well; name another output");
      }
    }
  }
}

/// Where people's lines go: not into an output that is written there as well.
std::ostream& lines_beside(std::initializer_list<const std::string*> outputs) {
  const bool is_taken = std::any_of(outputs.begin(), outputs.end(), [](const std::string* path) {
    return !path->empty() && checkpoint::is_standard_output(*path);
  });
  return is_taken ? std::cerr : std::cout;
}

void inspect(const checkpoint::command_line& line) {
  const checkpoint::model model = checkpoint::read_models(line.paths, line.npy_dtype);
  require_apart(line, model.files);
  for (const std::string& in : model.files) {
    if (!line.write.empty() && model.files.size() > 1 && checkpoint::same_file(line.write, in)) {
      checkpoint::fail(line.write, "is one of several inputs; name another output");
    }
  }
  const auto results = checkpoint::inspect(model, line.inspection);
  std::ostream& out = lines_beside({&line.csv, &line.json, &line.svg, &line.write});
  checkpoint::print_report(out, model, results, line.inspection);
  if (!line.csv.empty()) {
    checkpoint::write_text(line.csv, checkpoint::csv_report(model, results, line.inspection));
  }
  if (!line.json.empty()) {
    checkpoint::write_text(line.json, checkpoint::json_report(model, results, line.inspection));
  }
  if (!line.svg.empty()) {
    const std::string& path = line.paths.front();
    const std::string name = path.substr(path.find_last_of('/', path.size() - 2) + 1);
    checkpoint::write_text(line.svg,
                           checkpoint::svg_chart(checkpoint::printable(name, 60), results, line.inspection));
  }
  if (!line.write.empty()) {
    const std::uint64_t before = checkpoint::total_bytes(checkpoint::files_of(model));
    const checkpoint::written summary =
        checkpoint::write_quantized(line.write, model, results, line.inspection);
    out << "\nwrote " << checkpoint::printable(line.write) << ": " << summary.quantized << " quantized, "
        << summary.kept << " kept, " << summary.size_bytes << " bytes\n";
    if (summary.size_bytes > before) {
      out << "the output is larger than the input\n";
    }
  }
}

void convert(const checkpoint::command_line& line) {
  const checkpoint::model model = checkpoint::read_model(line.paths.front(), line.npy_dtype);
  require_apart(line, model.files);
  const checkpoint::conversion_summary summary = checkpoint::convert(model, line.paths, line.conversion);
  checkpoint::print_summary(lines_beside({&line.conversion.out, &line.json}), line.conversion, summary);
  if (!line.json.empty()) {
    checkpoint::write_text(line.json, checkpoint::json_summary(line.conversion, summary));
  }
}

bool compare(const checkpoint::command_line& line) {
  const checkpoint::model a = checkpoint::read_model(line.paths[0], line.npy_dtype);
  const checkpoint::model b = checkpoint::read_model(line.paths[1], line.npy_dtype);
  require_apart(line, a.files);
  require_apart(line, b.files);
  const checkpoint::comparison result = checkpoint::compare(a, b, line.threads);
  if (!line.csv.empty()) {
    checkpoint::write_text(line.csv, checkpoint::csv_comparison(result, line.comparison));
  }
  if (!line.json.empty()) {
    checkpoint::write_text(line.json, checkpoint::json_comparison(result, line.comparison));
  }
  return checkpoint::print_comparison(lines_beside({&line.csv, &line.json}), result, line.comparison);
}

int run(const checkpoint::command_line& line) {
  bool near_enough = true;
  switch (line.what) {
    case checkpoint::command::help:
      std::cout << line.help;
      break;
    case checkpoint::command::inspect:
      inspect(line);
      break;
    case checkpoint::command::convert:
      convert(line);
      break;
    case checkpoint::command::compare:
      near_enough = compare(line);
      break;
  }
  std::cout.flush();
  if (!std::cout) {
    checkpoint::fail("standard output", "cannot be written");
  }
  return near_enough ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
  checkpoint::install_signal_handlers();
  try {
    return run(checkpoint::parse_command_line(argc, argv));
  } catch (const checkpoint::usage_error& error) {
    std::cerr << "checkpoint: " << error.what() << "; see --help\n";
    return 2;
  } catch (const std::bad_alloc&) {
    std::cerr << "checkpoint: not enough memory\n";
  } catch (const std::exception& error) {
    std::cerr << "checkpoint: " << error.what() << '\n';
  }
  return 1;
}
