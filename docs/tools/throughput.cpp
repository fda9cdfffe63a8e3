#include "throughput.hpp"

#include <algorithm>
#include <cstdio>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "text.hpp"

namespace docs {

namespace {

std::vector<std::string> parts_of(const std::string& name) {
  std::istringstream in(name);
  std::vector<std::string> parts;
  for (std::string part; std::getline(in, part, '/');) {
    parts.push_back(part);
  }
  return parts;
}

template <class T>
void add_new(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) {
    list.push_back(item);
  }
}

const throughput_row* find(const throughput_report& report, const throughput_row& wanted) {
  for (const throughput_row& row : report.rows) {
    if (row.call == wanted.call && row.conversion == wanted.conversion && row.isa == wanted.isa &&
        row.place == wanted.place) {
      return &row;
    }
  }
  return nullptr;
}

std::string figures(const throughput_row* row) {
  if (row == nullptr) {
    return "";
  }
  char text[64];
  std::snprintf(text, sizeof text, "%.2f (%.0f %%)", row->gelem_per_second, 100 * row->share);
  return text;
}

std::string context_list(const throughput_report& report) {
  std::string text;
  for (const auto& [name, value] : report.context) {
    text += std::string("- ").append(name).append(": ").append(value).append("\n");
  }
  return text;
}

std::string table_of(const throughput_report& report, const std::string& place,
                     const std::string& pattern_text) {
  std::vector<std::string> isas;
  std::vector<std::pair<std::string, std::string>> conversions;
  const std::regex pattern(pattern_text);
  for (const throughput_row& row : report.rows) {
    const bool wanted = std::regex_search(row.call + "/" + row.conversion, pattern);
    if (wanted && row.place == place) {
      add_new(isas, row.isa);
      add_new(conversions, {row.call, row.conversion});
    }
  }
  if (conversions.empty()) {
    throw std::runtime_error("the benchmark's figures have no such rows");
  }
  std::vector<std::string> header = {"In " + place, "Conversion"};
  header.insert(header.end(), isas.begin(), isas.end());
  markdown_table table(header);
  for (const auto& [call, conversion] : conversions) {
    std::vector<std::string> cells = {call, conversion};
    for (const std::string& isa : isas) {
      cells.push_back(figures(find(report, {call, conversion, isa, place, 0, 0, 0})));
    }
    table.add(cells);
  }
  return table.text();
}

}  // namespace

throughput_report read_throughput(const std::string& text) {
  throughput_report report;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string name;
    throughput_row row;
    double gigabytes = 0;
    if (fields >> name >> row.gelem_per_second >> row.median >> gigabytes >> row.share) {
      const auto parts = parts_of(name);
      if (parts.size() != 4) {
        continue;  // a ceiling has no instruction set
      }
      row.call = parts[0];
      row.conversion = parts[1];
      row.isa = parts[2];
      row.place = parts[3];
      row.share /= 100;
      report.rows.push_back(row);
    } else if (const std::size_t colon = line.find(": "); report.rows.empty() && colon != line.npos) {
      report.context.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
  }
  return report;
}

std::string throughput_section(const std::string& text, const std::vector<std::string>& words) {
  const std::string kind = words.size() > 1 ? words[1] : "";
  if (text.empty()) {
    return kind == "context" ? "No figures are kept: `docs/tools/record_benchmarks.sh` measures them.\n" : "";
  }
  const throughput_report report = read_throughput(text);
  if (kind == "context") {
    return context_list(report);
  }
  if (kind == "picture" && words.size() == 3) {
    return std::string("![Throughput in ") + words[2] + "](images/throughput_" + words[2] + ".svg)\n";
  }
  if (kind == "table" && words.size() >= 3) {
    return table_of(report, words[2], words.size() > 3 ? words[3] : "");
  }
  throw std::runtime_error("there is no section about throughput of the kind " + kind);
}

}  // namespace docs
