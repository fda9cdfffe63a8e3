// Reads tensors from real files and says what each number format would cost them.
//
//   checkpoint inspect model.safetensors --min-snr 30 --csv costs.csv --svg costs.svg --write
//   small.safetensors
//
// Exit status: 0, 1 for a file that cannot be read or written, 2 for a command line that makes no sense.
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>

#include "failure.hpp"
#include "files.hpp"
#include "options.hpp"
#include "readers.hpp"
#include "report.hpp"
#include "writer.hpp"

namespace {

void run(const checkpoint::command_line& line) {
  const checkpoint::tensor_collection collection = checkpoint::read_tensors(line.paths, line.npy_dtype);
  const auto results = checkpoint::inspect_tensors(collection, line.inspection);
  for (const std::string& path : line.paths) {
    std::cout << checkpoint::printable(path) << '\n';
  }
  checkpoint::print_report(std::cout, collection, results, line.inspection);
  if (!line.csv.empty()) {
    checkpoint::write_text(line.csv, checkpoint::csv_report(results, line.inspection));
  }
  if (!line.svg.empty()) {
    checkpoint::write_text(line.svg, checkpoint::svg_chart(checkpoint::printable(line.paths.front(), 40),
                                                           results, line.inspection));
  }
  if (!line.write.empty()) {
    const checkpoint::written summary =
        checkpoint::write_quantized(line.write, collection, results, line.inspection);
    std::cout << "\nwrote " << checkpoint::printable(line.write) << ": " << summary.quantized
              << " quantized, " << summary.kept << " kept, " << summary.size_bytes << " bytes\n";
  }
  std::cout.flush();
  if (!std::cout) {
    checkpoint::fail("standard output", "cannot be written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const checkpoint::command_line line = checkpoint::parse_command_line(argc, argv);
    if (!line.help.empty()) {
      std::cout << line.help;
      return 0;
    }
    run(line);
    return 0;
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
