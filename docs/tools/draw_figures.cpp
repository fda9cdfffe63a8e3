// Writes or checks the pictures of the documentation:
//
//   draw_figures write ROOT
//   draw_figures check ROOT     says which differ, and fails if any does
//
// The pictures of throughput are drawn from docs/benchmarks.txt, where that exists.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "svg.hpp"
#include "throughput.hpp"

namespace {

using picture = std::pair<std::string, std::string>;  // file name, content

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<picture> draw_all(const std::filesystem::path& docs_folder) {
  std::vector<picture> pictures = {
      {"number_line.svg", docs::number_line()},
      {"relative_error.svg", docs::relative_error()},
      {"kernel_layers.svg", docs::kernel_layers()},
      {"kernel_call.svg", docs::kernel_call()},
  };
  const std::filesystem::path figures = docs_folder / "benchmarks.txt";
  if (std::filesystem::exists(figures)) {
    const docs::throughput_report report = docs::read_throughput(read_file(figures));
    for (const char* place : {"cache", "memory"}) {
      pictures.emplace_back(std::string("throughput_") + place + ".svg",
                            docs::throughput_chart(report, place));
    }
  }
  return pictures;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count == 3 ? arguments[1] : "";
  if (mode != "write" && mode != "check") {
    std::fputs("usage: draw_figures write|check ROOT\n", stderr);
    return 2;
  }
  int different = 0;
  const std::filesystem::path docs_folder = std::filesystem::path(arguments[2]) / "docs";
  for (const auto& [name, content] : draw_all(docs_folder)) {
    const std::filesystem::path path = docs_folder / "images" / name;
    if (read_file(path) == content) {
      continue;
    }
    if (mode == "write") {
      std::ofstream(path, std::ios::binary) << content;
    }
    std::printf("%s %s\n", path.string().c_str(), mode == "write" ? "rewritten" : "is out of date");
    ++different;
  }
  return mode == "check" && different > 0 ? 1 : 0;
}
