#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <nlohmann/json.hpp>

#include "failure.hpp"

namespace checkpoint {

namespace {

std::string number(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

/// "exact" where nothing at all was lost; "lost" where what was lost has no ratio, as an infinity has none.
std::string snr_text(const tally& sums) {
  return sums.is_exact() ? "exact" : std::isinf(sums.snr_db()) ? "lost" : number("%.2f", sums.snr_db());
}

void print_row(std::ostream& out, std::string_view name, const tally& sums, const char* mark) {
  char line[256];
  std::snprintf(line, sizeof line, "%-2s%-16.*s %10.3f %9s %12llu %12llu\n", mark,
                static_cast<int>(name.size()), name.data(), sums.bits_per_value(), snr_text(sums).c_str(),
                static_cast<unsigned long long>(sums.saturated),
                static_cast<unsigned long long>(sums.flushed));
  out << line;
}

void print_heading(std::ostream& out) {
  char line[128];
  std::snprintf(line, sizeof line, "  %-16s %10s %9s %12s %12s\n", "format", "bits/value", "SNR dB",
                "saturated", "flushed");
  out << line;
}

std::string wanted(const inspection_options& options) {
  return number("%g dB", options.min_snr_db) + " and no saturation" +
         (options.only_storable ? ", among those that can be written" : "");
}

void print_tensor(std::ostream& out, const parameter_result& result, const inspection_options& options) {
  const parameter& p = *result.source;
  out << '\n'
      << printable(p.name) << "  " << p.type_text() << ' ' << shape_text(p.shape) << ", " << p.elements
      << " values, largest " << number("%.6g", double{result.amax}) << '\n';
  print_heading(out);
  for (std::size_t i = 0; i < options.formats.size(); ++i) {
    print_row(out, options.formats[i]->name, result.tallies[i], result.chosen == i ? "*" : "");
  }
  if (result.chosen) {
    out << "  smallest with at least " << wanted(options) << ": " << options.formats[*result.chosen]->name
        << '\n';
  } else {
    out << "  none of these has at least " << wanted(options) << '\n';
  }
}

/// What is obtained where each tensor has its own format; those without a choice count as they are.
void print_mixture(std::ostream& out, const std::vector<parameter_result>& results) {
  tally mixture;
  std::size_t kept = 0;
  for (const parameter_result& result : results) {
    if (result.chosen) {
      mixture += result.tallies[*result.chosen];
    } else {
      mixture.values += result.source->elements;
      mixture.bits += result.source->size_bytes * 8;
      mixture.signal += result.tallies.empty() ? 0 : result.tallies.front().signal;
      ++kept;
    }
  }
  print_row(out, "chosen for each", mixture, "");
  if (kept > 0) {
    out << "  (" << kept << " without a choice, counted as they are)\n";
  }
}

std::string csv_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + '"';
}

std::string csv_row(std::string_view scope, std::string_view name, std::string_view type,
                    std::string_view shape, std::string_view format, const tally& sums, bool chosen) {
  std::string row(scope);
  row += ',' + csv_quoted(name) + ',';
  row.append(type).append(",").append(csv_quoted(shape)).append(",");
  row += std::to_string(sums.values) + ',';
  row.append(format);
  row += ',' + number("%.6f", sums.bits_per_value()) + ',' + number("%.4f", sums.snr_db()) + ',' +
         std::to_string(sums.saturated) + ',' + std::to_string(sums.flushed) + ',' + (chosen ? '1' : '0') +
         '\n';
  return row;
}

}  // namespace

std::vector<tally> totals(const std::vector<parameter_result>& results, std::size_t formats) {
  std::vector<tally> sums(formats);
  for (const parameter_result& result : results) {
    for (std::size_t i = 0; i < formats; ++i) {
      sums[i] += result.tallies[i];
    }
  }
  return sums;
}

void print_report(std::ostream& out, const model& m, const std::vector<parameter_result>& results,
                  const inspection_options& options) {
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(options.most_shown, results.size()));
  std::vector<const parameter_result*> shown;
  for (const parameter_result& result : results) {
    shown.push_back(&result);
  }
  if (most < shown.size()) {
    // The largest, in the order of the file.
    std::vector<const parameter_result*> largest = shown;
    std::stable_sort(largest.begin(), largest.end(),
                     [](const auto* a, const auto* b) { return a->source->elements > b->source->elements; });
    largest.resize(most);
    std::sort(largest.begin(), largest.end());
    shown = std::move(largest);
  }
  for (const parameter_result* result : shown) {
    print_tensor(out, *result, options);
  }
  if (most < results.size()) {
    out << "\n" << results.size() - most << " of " << results.size() << " tensors not shown\n";
  }
  std::size_t passed_over = 0;
  for (const parameter& p : m.parameters) {
    if (p.is_floating() && p.elements > 0) {
      continue;
    }
    if (passed_over++ < options.most_shown) {
      out << (passed_over == 1 ? "\n" : "") << "not inspected: " << printable(p.name) << "  " << p.type_text()
          << ' ' << shape_text(p.shape)
          << (p.elements == 0 ? ", which is empty\n" : ", which holds no floating-point numbers\n");
    }
  }
  if (passed_over > options.most_shown) {
    out << passed_over << " tensors not inspected: empty, or without floating-point numbers\n";
  }
  if (results.empty()) {
    out << "\nno floating-point tensors\n";
    return;
  }
  out << "\ntotal of " << results.size() << (results.size() == 1 ? " tensor" : " tensors") << '\n';
  print_heading(out);
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    print_row(out, options.formats[i]->name, sums[i], "");
  }
  print_mixture(out, results);
}

std::string json_report(const std::vector<parameter_result>& results, const inspection_options& options) {
  using nlohmann::json;
  const auto figures = [&](const std::vector<tally>& sums) {
    json formats = json::object();
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double db = sums[i].snr_db();
      formats[std::string(options.formats[i]->name)] = {{"bits_per_value", sums[i].bits_per_value()},
                                                        {"snr_db", std::isinf(db) ? json() : json(db)},
                                                        {"exact", sums[i].is_exact()},
                                                        {"saturated", sums[i].saturated},
                                                        {"flushed", sums[i].flushed}};
    }
    return formats;
  };
  json tensors = json::array();
  for (const parameter_result& result : results) {
    tensors.push_back({{"name", result.source->name},
                       {"type", result.source->type_text()},
                       {"shape", result.source->shape},
                       {"bytes", result.source->size_bytes},
                       {"largest", result.amax},
                       {"chosen", result.chosen ? json(options.formats[*result.chosen]->name) : json()},
                       {"formats", figures(result.tallies)}});
  }
  const json document = {{"tensors", tensors}, {"total", figures(totals(results, options.formats.size()))}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string csv_report(const std::vector<parameter_result>& results, const inspection_options& options) {
  std::string text =
      "scope,tensor,dtype,shape,values,format,bits_per_value,snr_db,saturated,flushed,chosen\n";
  for (const parameter_result& result : results) {
    for (std::size_t i = 0; i < options.formats.size(); ++i) {
      text +=
          csv_row("tensor", result.source->name, result.source->type_text(), shape_text(result.source->shape),
                  options.formats[i]->name, result.tallies[i], result.chosen == i);
    }
  }
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    text += csv_row("total", "", "", "", options.formats[i]->name, sums[i], false);
  }
  return text;
}

}  // namespace checkpoint
