// What a conversion did: lines for people, JSON for programs.
#include <ostream>

#include <nlohmann/json.hpp>

#include "failure.hpp"
#include "report.hpp"

namespace checkpoint {

namespace {

std::string losses_text(const losses& lost) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* words) {
    if (count > 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + words;
    }
  };
  add(lost.not_finite, " NaN or infinite and not kept");
  add(lost.saturated, " saturated");
  add(lost.flushed, " flushed to zero");
  return text;
}

}  // namespace

void print_summary(std::ostream& out, const conversion_options& options, const conversion_summary& summary) {
  constexpr std::size_t most_lines = 20;
  for (std::size_t i = 0; i < summary.notes.size() && i < most_lines; ++i) {
    out << summary.notes[i] << '\n';
  }
  if (summary.notes.size() > most_lines) {
    out << "... and " << summary.notes.size() - most_lines << " more\n";
  }
  losses total;
  for (std::size_t i = 0; i < summary.lossy.size(); ++i) {
    total += summary.lossy[i].lost;
    if (i < most_lines) {
      out << "lost in " << printable(summary.lossy[i].name) << ": " << losses_text(summary.lossy[i].lost)
          << '\n';
    }
  }
  if (summary.lossy.size() > most_lines) {
    out << "... and in " << summary.lossy.size() - most_lines << " more; in all: " << losses_text(total)
        << '\n';
  }
  out << "wrote " << printable(options.out) << ": " << summary.converted << " to " << options.format->name;
  if (summary.carried > 0) {
    out << ", " << summary.carried << " carried over unchanged";
  }
  out << ", " << summary.kept << " kept";
  if (summary.dropped > 0) {
    out << ", " << summary.dropped << " scales of activations and caches dropped";
  }
  out << "; " << summary.output_bytes << " bytes in " << summary.files.size()
      << (summary.files.size() == 1 ? " file" : " files") << ", " << summary.input_bytes << " before\n";
  for (std::size_t i = 0; summary.files.size() > 1 && i < summary.files.size() && i < most_lines; ++i) {
    out << "  " << printable(summary.files[i].path) << ": " << summary.files[i].bytes << " bytes\n";
  }
  if (summary.files.size() > most_lines) {
    out << "  ... and " << summary.files.size() - most_lines << " more\n";
  }
  if (summary.output_bytes > summary.input_bytes && !options.format->is_plain_float) {
    out << "the output is larger than the input\n";
  }
}

std::string json_summary(const conversion_options& options, const conversion_summary& summary) {
  using nlohmann::json;
  json lossy = json::array();
  for (const lossy_parameter& each : summary.lossy) {
    lossy.push_back({{"name", each.name},
                     {"not_finite", each.lost.not_finite},
                     {"saturated", each.lost.saturated},
                     {"flushed", each.lost.flushed}});
  }
  json files = json::array();
  for (const sized_output& file : summary.files) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}});
  }
  const json document = {{"out", options.out},
                         {"format", options.format->name},
                         {"layout", options.to->name},
                         {"converted", summary.converted},
                         {"carried", summary.carried},
                         {"kept", summary.kept},
                         {"dropped", summary.dropped},
                         {"input_bytes", summary.input_bytes},
                         {"output_bytes", summary.output_bytes},
                         {"files", files},
                         {"notes", summary.notes},
                         {"lossy", lossy}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace checkpoint
