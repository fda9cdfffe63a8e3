#include "sections.hpp"

#include <sstream>
#include <stdexcept>

namespace docs {

namespace {

const std::string begin_marker = "\n<!-- generated:begin ";  // at the start of a line
const std::string end_marker = "<!-- generated:end -->";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

/// Removes the indentation that all lines share.
std::string unindented(const std::string& code) {
  std::istringstream lines(code);
  std::size_t shared = std::string::npos;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent != std::string::npos) {
      shared = std::min(shared, indent);
    }
  }
  lines = std::istringstream(code);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    result += (line.size() > shared ? line.substr(shared) : "") + "\n";
  }
  return result;
}

}  // namespace

std::string regenerate(const std::string& page, const section_writer& write) {
  std::string result;
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = page.find(begin_marker, at);
    if (begin == std::string::npos) {
      return result + page.substr(at);
    }
    const std::size_t body = page.find("-->\n", begin);
    const std::size_t end = page.find(end_marker, begin);
    const std::size_t next = page.find(begin_marker, begin + 1);
    if (body == std::string::npos || end == std::string::npos || end < body || next < end) {
      throw std::runtime_error(std::string("a generated section has no end: ") + page.substr(begin + 1, 60));
    }
    const std::size_t name = begin + begin_marker.size();
    result += page.substr(at, body + 4 - at);
    const std::string section = write(words_of(page.substr(name, body - name)));
    if (!section.empty()) {
      result.append("\n").append(section).append("\n");
    }
    at = end;
    result += end_marker;
    at += end_marker.size();
  }
}

std::string quote(const std::string& file_text, const std::string& name) {
  std::size_t begin = 0;
  std::size_t end = file_text.size();
  if (name.empty()) {
    while (file_text.compare(begin, 2, "//") == 0) {
      begin = file_text.find('\n', begin) + 1;
    }
    begin = file_text.find_first_not_of('\n', begin);
  } else {
    const std::size_t marker = file_text.find("// [" + name + "]\n");
    const std::size_t end_of_part = file_text.find("// [end " + name + "]");
    if (marker == std::string::npos || end_of_part == std::string::npos) {
      throw std::runtime_error("a quoted file lacks the marks of [" + name + "]");
    }
    begin = file_text.find('\n', marker) + 1;
    end = file_text.rfind('\n', end_of_part) + 1;
  }
  return std::string("```cpp\n") + unindented(file_text.substr(begin, end - begin)) + "```\n";
}

}  // namespace docs
