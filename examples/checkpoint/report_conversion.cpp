#include <cmath>
#include <cstdio>
#include <ostream>

#include "failure.hpp"
#include "report.hpp"

namespace checkpoint {

namespace {

std::string number(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

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

std::string place_text(std::uint64_t place, const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    text.insert(0, (axis == 0 ? "" : ", ") + std::to_string(place % shape[axis]));
    place /= shape[axis];
  }
  return '[' + text + ']';
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
  out << "; " << summary.output_bytes << " bytes in " << summary.files
      << (summary.files == 1 ? " file" : " files") << ", " << summary.input_bytes << " before\n";
  if (summary.output_bytes > summary.input_bytes && !options.format->is_plain_float) {
    out << "the output is larger than the input\n";
  }
}

bool print_comparison(std::ostream& out, const comparison& result, bool only_differences,
                      const double* min_snr_db) {
  std::size_t equal = 0;
  std::size_t near = 0;
  std::size_t different = 0;
  for (const compared_parameter& p : result.parameters) {
    const bool infinite = std::isinf(p.largest);
    const bool is_near =
        p.problem.empty() && !p.is_equal && !infinite && min_snr_db != nullptr && p.snr_db() >= *min_snr_db;
    (p.is_equal ? equal : is_near ? near : different) += 1;
    if (only_differences && p.is_equal) {
      continue;
    }
    out << printable(p.name) << "  " << p.types << ' ' << shape_text(p.shape) << ": ";
    if (!p.problem.empty()) {
      out << p.problem << '\n';
    } else if (p.is_equal) {
      out << "equal\n";
    } else {
      out << (p.noise > 0 ? number("%.2f dB", p.snr_db()) : "no ratio") << ", " << p.different
          << " differ, most at " << place_text(p.place, p.shape) << ": " << number("%.9g", double{p.in_a})
          << " and " << number("%.9g", double{p.in_b}) << '\n';
    }
  }
  out << equal << " equal";
  if (min_snr_db != nullptr) {
    out << ", " << near << " within " << number("%g dB", *min_snr_db);
  }
  out << ", " << different << " different\n";
  return different == 0;
}

}  // namespace checkpoint
