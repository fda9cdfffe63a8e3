// Writes or checks the generated sections of every Markdown page:
//
//   generate_docs write ROOT     rewrites the pages that differ
//   generate_docs check ROOT     says which differ, and fails if any does
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "sections.hpp"
#include "throughput.hpp"

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error(std::string("cannot read ") + path.string());
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> pages_under(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> pages = {root / "README.md"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") {
      pages.push_back(entry.path());
    }
  }
  return pages;
}

/// The pages of a folder with their titles, except the index itself, as links from docs/index.md.
std::string list_pages(const std::filesystem::path& docs_folder, const std::string& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(docs_folder / folder)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".md" || path.filename() == "index.md") {
      continue;
    }
    const std::string text = read_file(path);
    const std::string title = text.substr(0, text.find('\n'));
    if (title.rfind("# ", 0) != 0) {
      throw std::runtime_error(path.string() + " does not begin with a title");
    }
    const std::string link = std::filesystem::relative(path, docs_folder).generic_string();
    lines.push_back("- [" + link + "](" + link + "): " + title.substr(2) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string list;
  for (const std::string& line : lines) {
    list += line;
  }
  return list;
}

std::string write_section(const std::filesystem::path& root, const std::vector<std::string>& words) {
  if (words.empty()) {
    throw std::runtime_error("a generated section has no name");
  }
  if (words[0] == "quote" && words.size() >= 2) {
    return docs::quote(read_file(root / words[1]), words.size() > 2 ? words[2] : "");
  }
  if (words[0] == "scalar_formats") {
    return docs::scalar_summary();
  }
  if (words[0] == "pages") {
    return list_pages(root / "docs", words.size() > 1 ? words[1] : "");
  }
  if (words[0] == "throughput") {
    const std::filesystem::path figures = root / "docs" / "benchmarks.txt";
    return docs::throughput_section(std::filesystem::exists(figures) ? read_file(figures) : "", words);
  }
  if (words[0] == "philox") {
    return docs::philox_draws();
  }
  if (words[0] == "tensor_scale") {
    return docs::tensor_scale_table();
  }
  if (words[0] == "kernel" && words.size() == 2) {
    return docs::kernel_example(words[1]);
  }
  if (words[0] == "demo_table") {
    return docs::demo_table(read_file(root / "docs" / "quantize_model.csv"));
  }
  if (words[0] == "demo_products") {
    return docs::demo_products(read_file(root / "docs" / "quantize_model_products.csv"));
  }
  if (words[0] == "block_formats") {
    return docs::block_summary();
  }
  return docs::scalar_section(words);
}

/// Returns how many pages differed.
int run(bool write, const std::filesystem::path& root) {
  int different = 0;
  for (const auto& path : pages_under(root)) {
    const std::string page = read_file(path);
    std::string wanted;
    try {
      wanted = docs::regenerate(page, [&](const auto& words) { return write_section(root, words); });
    } catch (const std::exception& error) {
      throw std::runtime_error(path.string() + ": " + error.what());
    }
    if (wanted == page) {
      continue;
    }
    ++different;
    std::printf("%s %s\n", path.string().c_str(), write ? "rewritten" : "is out of date");
    if (write) {
      std::ofstream(path, std::ios::binary) << wanted;
    }
  }
  return different;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count == 3 ? arguments[1] : "";
  if (mode != "write" && mode != "check") {
    std::fputs("usage: generate_docs write|check ROOT\n", stderr);
    return 2;
  }
  try {
    const int different = run(mode == "write", arguments[2]);
    if (mode == "check" && different > 0) {
      std::puts("build the target `docs` to write them anew");
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "generate_docs: %s\n", error.what());
    return 2;
  }
}
