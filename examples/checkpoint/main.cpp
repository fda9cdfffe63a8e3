// Reads checkpoints of neural networks: what formats would cost them, the same in another format and layout,
// and whether two are equal.
//
//   checkpoint inspect model.safetensors --min-snr 30 --csv costs.csv --svg costs.svg
//   checkpoint convert DeepSeek-V3 DeepSeek-V3-bf16 --to bf16
//   checkpoint compare model quantized --min-snr 20
//
// Exit status: 0; 1 for a file that cannot be read or written; 2 for a command line that makes no sense; 3
// where checkpoints that were compared differ.
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>

#include "comparison.hpp"
#include "conversion.hpp"
#include "failure.hpp"
#include "files.hpp"
#include "options.hpp"
#include "readers.hpp"
#include "report.hpp"
#include "writer.hpp"

namespace {

void inspect(const checkpoint::command_line& line) {
  const checkpoint::model model = checkpoint::read_models(line.paths, line.npy_dtype);
  const auto results = checkpoint::inspect(model, line.inspection);
  for (const std::string& path : line.paths) {
    std::cout << checkpoint::printable(path) << '\n';
  }
  checkpoint::print_report(std::cout, model, results, line.inspection);
  if (!line.csv.empty()) {
    checkpoint::write_text(line.csv, checkpoint::csv_report(results, line.inspection));
  }
  if (!line.json.empty()) {
    checkpoint::write_text(line.json, checkpoint::json_report(results, line.inspection));
  }
  if (!line.svg.empty()) {
    checkpoint::write_text(line.svg, checkpoint::svg_chart(checkpoint::printable(line.paths.front(), 40),
                                                           results, line.inspection));
  }
  if (!line.write.empty()) {
    const checkpoint::written summary =
        checkpoint::write_quantized(line.write, model, results, line.inspection);
    std::cout << "\nwrote " << checkpoint::printable(line.write) << ": " << summary.quantized
              << " quantized, " << summary.kept << " kept, " << summary.size_bytes << " bytes\n";
  }
}

void convert(const checkpoint::command_line& line) {
  const checkpoint::model model = checkpoint::read_model(line.paths.front(), line.npy_dtype);
  const checkpoint::conversion_summary summary = checkpoint::convert(model, line.paths, line.conversion);
  checkpoint::print_summary(checkpoint::is_standard_output(line.conversion.out) ? std::cerr : std::cout,
                            line.conversion, summary);
}

bool compare(const checkpoint::command_line& line) {
  const checkpoint::model a = checkpoint::read_model(line.paths[0], line.npy_dtype);
  const checkpoint::model b = checkpoint::read_model(line.paths[1], line.npy_dtype);
  const checkpoint::comparison result = checkpoint::compare(a, b, line.threads);
  return checkpoint::print_comparison(std::cout, result, line.only_differences,
                                      line.has_min_snr ? &line.min_snr_db : nullptr);
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
