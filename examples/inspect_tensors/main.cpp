// Reads tensors from real files and says what each number format would cost them.
//
//   inspect_tensors model.safetensors --min-snr 30 --csv costs.csv --svg costs.svg --write small.safetensors
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

void run(const inspect::command_line& line) {
  const inspect::tensor_collection collection = inspect::read_tensors(line.file, line.npy_dtype);
  const auto results = inspect::inspect_tensors(collection, line.inspection);
  std::cout << inspect::printable(line.file) << '\n';
  inspect::print_report(std::cout, collection, results, line.inspection);
  if (!line.csv.empty()) {
    inspect::write_text(line.csv, inspect::csv_report(results, line.inspection));
  }
  if (!line.svg.empty()) {
    inspect::write_text(line.svg,
                        inspect::svg_chart(inspect::printable(line.file, 40), results, line.inspection));
  }
  if (!line.write.empty()) {
    const inspect::written summary =
        inspect::write_quantized(line.write, collection, results, line.inspection);
    std::cout << "\nwrote " << inspect::printable(line.write) << ": " << summary.quantized << " quantized, "
              << summary.kept << " kept, " << summary.size_bytes << " bytes\n";
  }
  std::cout.flush();
  if (!std::cout) {
    inspect::fail("standard output", "cannot be written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const inspect::command_line line = inspect::parse_command_line(argc, argv);
    if (line.help) {
      std::cout << inspect::help_text();
      return 0;
    }
    run(line);
    return 0;
  } catch (const inspect::usage_error& error) {
    std::cerr << "inspect_tensors: " << error.what() << "; see --help\n";
    return 2;
  } catch (const std::bad_alloc&) {
    std::cerr << "inspect_tensors: not enough memory\n";
  } catch (const std::exception& error) {
    std::cerr << "inspect_tensors: " << error.what() << '\n';
  }
  return 1;
}
