// What a comparison found: lines for people, CSV and JSON for programs.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <nlohmann/json.hpp>

#include "failure.hpp"
#include "report.hpp"
#include "text.hpp"

namespace checkpoint {

namespace {

std::string place_text(std::uint64_t place, const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    text.insert(0, (axis == 0 ? "" : ", ") + std::to_string(place % shape[axis]));
    place /= shape[axis];
  }
  return '[' + text + ']';
}

/// How little two parameters have in common: what was not compared first, then by the ratio, equal ones last.
double order_of(const compared_parameter& p) noexcept {
  if (!p.problem.empty()) {
    return -2e9;
  }
  if (p.is_equal) {
    return 2e9;
  }
  return std::isinf(p.largest) ? -1e9 : std::clamp(p.snr_db(), -1e8, 1e8);
}

/// Those that are to be shown, in the order of A.
std::vector<const compared_parameter*> shown_of(const comparison& result, const comparison_report& how) {
  std::vector<const compared_parameter*> shown;
  for (const compared_parameter& p : result.parameters) {
    if (!how.only_differences || !p.is_equal) {
      shown.push_back(&p);
    }
  }
  if (shown.size() > how.most_shown) {
    std::stable_sort(shown.begin(), shown.end(),
                     [](const auto* a, const auto* b) { return order_of(*a) < order_of(*b); });
    shown.resize(static_cast<std::size_t>(how.most_shown));
    std::sort(shown.begin(), shown.end());
  }
  return shown;
}

const char* verdict(const compared_parameter& p, const comparison_report& how) {
  return p.is_equal ? "equal" : how.is_near(p) ? "near" : "different";
}

}  // namespace

bool comparison_report::is_near(const compared_parameter& p) const noexcept {
  return p.problem.empty() && !p.is_equal && !std::isinf(p.largest) && min_snr_db &&
         p.snr_db() >= *min_snr_db;
}

bool print_comparison(std::ostream& out, const comparison& result, const comparison_report& how) {
  std::size_t equal = 0;
  std::size_t near = 0;
  std::size_t candidates = 0;
  for (const compared_parameter& p : result.parameters) {
    equal += p.is_equal ? 1U : 0U;
    near += how.is_near(p) ? 1U : 0U;
    candidates += how.only_differences && p.is_equal ? 0U : 1U;
  }
  const std::vector<const compared_parameter*> shown = shown_of(result, how);
  for (const compared_parameter* each : shown) {
    const compared_parameter& p = *each;
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
  if (shown.size() < candidates) {
    out << candidates - shown.size() << " of " << candidates << " parameters not shown\n";
  }
  const std::size_t different = result.parameters.size() - equal - near;
  out << equal << " equal";
  if (how.min_snr_db) {
    out << ", " << near << " within " << number("%g dB", *how.min_snr_db);
  }
  out << ", " << different << " different\n";
  return different == 0;
}

std::string csv_comparison(const comparison& result, const comparison_report& how) {
  std::string text =
      "parameter,types,shape,verdict,snr_db,different,largest_difference,place,in_a,in_b,problem\n";
  for (const compared_parameter& p : result.parameters) {
    const bool compared = p.problem.empty() && !p.is_equal;
    text += csv_quoted(p.name) + ',' + csv_quoted(p.types) + ',' + csv_quoted(shape_text(p.shape)) + ',' +
            verdict(p, how) + ',' + (compared && p.noise > 0 ? number("%.4f", p.snr_db()) : "") + ',' +
            std::to_string(p.different) + ',' + number("%.9g", p.largest) + ',' +
            (compared ? csv_quoted(place_text(p.place, p.shape)) : "") + ',' +
            (compared ? number("%.9g", double{p.in_a}) : "") + ',' +
            (compared ? number("%.9g", double{p.in_b}) : "") + ',' + csv_quoted(p.problem) + '\n';
  }
  return text;
}

std::string json_comparison(const comparison& result, const comparison_report& how) {
  using nlohmann::json;
  const auto finite = [](double x) { return std::isfinite(x) ? json(x) : json(); };
  json parameters = json::array();
  for (const compared_parameter& p : result.parameters) {
    json entry = {{"name", p.name}, {"types", p.types}, {"shape", p.shape}, {"verdict", verdict(p, how)}};
    if (!p.problem.empty()) {
      entry["problem"] = p.problem;
    } else if (!p.is_equal) {
      entry["snr_db"] = p.noise > 0 ? finite(p.snr_db()) : json();
      entry["different"] = p.different;
      entry["largest_difference"] = finite(p.largest);
      entry["place"] = p.place;
      entry["in_a"] = finite(double{p.in_a});
      entry["in_b"] = finite(double{p.in_b});
    }
    parameters.push_back(std::move(entry));
  }
  return json({{"parameters", parameters}}).dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace checkpoint
