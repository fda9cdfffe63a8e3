#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <nlohmann/json.hpp>

#include "failure.hpp"
#include "file_sizes.hpp"
#include "text.hpp"

namespace checkpoint {

namespace {

/// "exact" where nothing at all was lost; "lost" where what was lost has no ratio, as an infinity has none.
std::string snr_text(const tally& sums) {
  return sums.is_exact() ? "exact" : std::isinf(sums.snr_db()) ? "lost" : number("%.2f", sums.snr_db());
}

void print_row(std::ostream& out, std::string_view name, const tally& sums, const char* mark,
               const std::string& more = "") {
  char line[256];
  std::snprintf(line, sizeof line, "%-2s%-16.*s %10.3f %9s %12llu %12llu", mark,
                static_cast<int>(name.size()), name.data(), sums.bits_per_value(), snr_text(sums).c_str(),
                static_cast<unsigned long long>(sums.saturated),
                static_cast<unsigned long long>(sums.flushed));
  out << line << more << '\n';
}

void print_heading(std::ostream& out, const char* more = "") {
  char line[128];
  std::snprintf(line, sizeof line, "  %-16s %10s %9s %12s %12s", "format", "bits/value", "SNR dB",
                "saturated", "flushed");
  out << line << more << '\n';
}

std::string bytes_column(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, " %15llu", static_cast<unsigned long long>(bytes));
  return text;
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
void print_mixture(std::ostream& out, const std::vector<parameter_result>& results, std::uint64_t bytes) {
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
  print_row(out, "chosen for each", mixture, "", bytes_column(bytes));
  if (kept > 0) {
    out << "  (" << kept << " without a choice, counted as they are)\n";
  }
}

std::string csv_row(std::string_view scope, std::string_view name, std::string_view type,
                    std::string_view shape, std::string_view format, const tally& sums, bool chosen,
                    std::uint64_t bytes) {
  std::string row(scope);
  row += ',' + csv_quoted(name) + ',';
  row.append(type).append(",").append(csv_quoted(shape)).append(",");
  row += std::to_string(sums.values) + ',';
  row.append(format);
  row += ',' + number("%.6f", sums.bits_per_value()) + ',' + number("%.4f", sums.snr_db()) + ',' +
         std::to_string(sums.saturated) + ',' + std::to_string(sums.flushed) + ',' + (chosen ? "1," : "0,") +
         std::to_string(bytes) + '\n';
  return row;
}

/// Every file that was read, or the first of many.
void print_files(std::ostream& out, const std::vector<sized_file>& files) {
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < files.size() && i < most; ++i) {
    const sized_file& file = files[i];
    out << printable(file.path) << ": " << file.bytes << " bytes";
    if (file.header_bytes > 0) {
      out << ", " << file.header_bytes << " of them header";
    }
    out << ", " << file.tensors << (file.tensors == 1 ? " tensor\n" : " tensors\n");
  }
  if (files.size() > most) {
    out << "... and " << files.size() - most << " more files\n";
  }
  if (files.size() > 1) {
    out << "in all " << total_bytes(files) << " bytes\n";
  }
}

std::uint64_t bytes_of_bits(std::uint64_t bits) noexcept { return bits / 8 + (bits % 8 != 0 ? 1 : 0); }

void add_as_it_is(safetensors_size& size, const parameter& p) {
  for (const tensor& part : p.parts) {
    size.add(p.parts.size() == 1 ? p.name : part.name, "", part.type->stored_name, part.shape,
             part.size_bytes);
  }
}

void add_in_format(safetensors_size& size, const parameter& p, const number_format& format, const tally& t) {
  const std::uint64_t bytes = bytes_of_bits(t.bits);
  const bool has_scale =
      format.stored != nullptr ? !format.stored->scale_dtype.empty() : format.tensor_scale_bits > 0;
  if (!has_scale) {
    const std::string_view dtype = format.stored != nullptr ? format.stored->code_dtype : "U8";
    size.add(p.name, "", dtype, p.shape, bytes);
    return;
  }
  const storage stored = format.stored != nullptr ? *format.stored : storage{"U8", "F32", 8, 0, false};
  const std::uint64_t second = stored.has_second_scale ? 4 : 0;
  if (stored.block_elements == 0) {
    size.add(p.name, "", stored.code_dtype, p.shape, bytes - 4);
    size.add(p.name, "_scale", stored.scale_dtype, {}, 4);
    return;
  }
  std::vector<std::uint64_t> scales = p.shape.empty() ? std::vector<std::uint64_t>{1} : p.shape;
  scales.back() =
      scales.back() / stored.block_elements + (scales.back() % stored.block_elements != 0 ? 1 : 0);
  const std::uint64_t count = product(scales);
  size.add(p.name, "", stored.code_dtype, p.shape, bytes - count - second);
  size.add(p.name, "_scale", stored.scale_dtype, scales, count);
  if (second != 0) {
    size.add(p.name, "_scale_2", "F32", {}, second);
  }
}

}  // namespace

std::uint64_t file_bytes(const model& m, const std::vector<parameter_result>& results,
                         const inspection_options& options, std::size_t format, bool chosen) {
  safetensors_size size(m.metadata);
  auto result = results.begin();
  for (const parameter& p : m.parameters) {
    if (result == results.end() || result->source != &p) {
      add_as_it_is(size, p);
      continue;
    }
    const std::size_t taken = chosen ? result->chosen.value_or(options.formats.size()) : format;
    if (taken < options.formats.size()) {
      add_in_format(size, p, *options.formats[taken], result->tallies[taken]);
    } else {
      add_as_it_is(size, p);
    }
    ++result;
  }
  return size.bytes();
}

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
  const std::vector<sized_file> files = files_of(m);
  print_files(out, files);
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
  print_heading(out, "      file bytes");
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    print_row(out, options.formats[i]->name, sums[i], "", bytes_column(file_bytes(m, results, options, i)));
  }
  print_mixture(out, results, file_bytes(m, results, options, 0, true));
  char line[96];
  std::snprintf(line, sizeof line, "  %-64s%s\n", "as it is", bytes_column(total_bytes(files)).c_str());
  out << line;
}

std::string json_report(const model& m, const std::vector<parameter_result>& results,
                        const inspection_options& options) {
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
  const auto dumped = [](const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
  };
  // Tensor by tensor: a tree of all of them would take more memory than everything else.
  std::string tensors;
  for (const parameter_result& result : results) {
    const json entry = {{"name", result.source->name},
                        {"type", result.source->type_text()},
                        {"shape", result.source->shape},
                        {"bytes", result.source->size_bytes},
                        {"largest", result.amax},
                        {"chosen", result.chosen ? json(options.formats[*result.chosen]->name) : json()},
                        {"formats", figures(result.tallies)}};
    tensors += (tensors.empty() ? "" : ",\n") + dumped(entry);
  }
  json total = figures(totals(results, options.formats.size()));
  for (std::size_t i = 0; i < options.formats.size(); ++i) {
    total[std::string(options.formats[i]->name)]["file_bytes"] = file_bytes(m, results, options, i);
  }
  json files = json::array();
  for (const sized_file& file : files_of(m)) {
    files.push_back({{"path", file.path},
                     {"bytes", file.bytes},
                     {"header_bytes", file.header_bytes},
                     {"tensors", file.tensors}});
  }
  return "{\"files\":" + dumped(files) + ",\n\"tensors\":[\n" + tensors + "],\n\"total\":" + dumped(total) +
         "}\n";
}

std::string csv_report(const model& m, const std::vector<parameter_result>& results,
                       const inspection_options& options) {
  std::string text =
      "scope,tensor,dtype,shape,values,format,bits_per_value,snr_db,saturated,flushed,chosen,bytes\n";
  for (const parameter_result& result : results) {
    for (std::size_t i = 0; i < options.formats.size(); ++i) {
      text += csv_row("tensor", result.source->name, result.source->type_text(),
                      shape_text(result.source->shape), options.formats[i]->name, result.tallies[i],
                      result.chosen == i, bytes_of_bits(result.tallies[i].bits));
    }
  }
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    text += csv_row("total", "", "", "", options.formats[i]->name, sums[i], false,
                    file_bytes(m, results, options, i));
  }
  return text;
}

}  // namespace checkpoint
