#include "comparison.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "conventions.hpp"
#include "parallel.hpp"
#include "progress.hpp"

namespace checkpoint {

namespace {

struct sums {
  std::uint64_t different = 0;
  double signal = 0;
  double noise = 0;
  double largest = -1;
  std::uint64_t place = 0;
  float in_a = 0;
  float in_b = 0;
};

bool same(float x, float y) noexcept { return x == y || (std::isnan(x) && std::isnan(y)); }

sums summed(std::span<const float> a, std::span<const float> b, std::uint64_t first) noexcept {
  sums s;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool both = std::isfinite(a[i]) && std::isfinite(b[i]);
    const double difference = both               ? double{b[i]} - double{a[i]}
                              : same(a[i], b[i]) ? 0.0
                                                 : std::numeric_limits<double>::infinity();
    s.signal += std::isfinite(a[i]) ? double{a[i]} * double{a[i]} : 0;
    s.noise += both ? difference * difference : 0;
    s.different += same(a[i], b[i]) ? 0U : 1U;
    if (std::fabs(difference) > s.largest) {
      s.largest = std::fabs(difference);
      s.place = first + i;
      s.in_a = a[i];
      s.in_b = b[i];
    }
  }
  return s;
}

/// Numbers that no reader turns into floats are equal where their bytes are.
bool same_bytes(const parameter& a, const parameter& b) {
  if (a.parts.size() != b.parts.size() || a.size_bytes != b.size_bytes) {
    return false;
  }
  std::vector<std::byte> in_a;
  std::vector<std::byte> in_b;
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    const tensor& x = a.parts[i];
    const tensor& y = b.parts[i];
    if (x.size_bytes != y.size_bytes) {
      return false;
    }
    for (std::uint64_t done = 0; done < x.size_bytes; done += in_a.size()) {
      in_a.resize(static_cast<std::size_t>(std::min<std::uint64_t>(x.size_bytes - done, 1U << 20)));
      in_b.resize(in_a.size());
      x.file->read_at(x.offset + done, in_a);
      y.file->read_at(y.offset + done, in_b);
      if (in_a != in_b) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

double compared_parameter::snr_db() const noexcept {
  return noise > 0 ? 10 * std::log10(signal / noise) : std::numeric_limits<double>::infinity();
}

bool comparison::is_equal() const noexcept {
  return std::all_of(parameters.begin(), parameters.end(), [](const auto& p) { return p.is_equal; });
}

comparison compare(const model& a, const model& b, unsigned threads) {
  comparison result;
  std::unordered_map<std::string, const parameter*> in_b;
  for (const parameter& p : b.parameters) {
    in_b.emplace(p.name, &p);
  }
  struct pair {
    const parameter* a;
    const parameter* b;
  };
  std::vector<pair> pairs;
  std::vector<chunk> chunks;
  std::uint64_t bytes = 0;
  for (const parameter& p : a.parameters) {
    compared_parameter c;
    c.name = p.name;
    c.shape = p.shape;
    c.types = p.type_text();
    const auto found = in_b.find(p.name);
    const parameter* other = found == in_b.end() ? nullptr : found->second;
    if (other == nullptr) {
      c.problem = "only in A";
    } else {
      in_b.erase(found);
      c.types += other->type_text() == p.type_text() ? "" : ", " + other->type_text();
      if (other->shape != p.shape) {
        c.problem = "shapes " + shape_text(p.shape) + " and " + shape_text(other->shape);
      } else if (p.is_floating() != other->is_floating()) {
        c.problem = "numbers of different kinds";
      } else if (!p.is_floating()) {
        c.is_equal = p.format == other->format && same_bytes(p, *other);
        c.problem = c.is_equal ? "" : "bytes differ";
      } else {
        c.is_equal = true;
        append_chunks(result.parameters.size(), p.elements, p.row_length(), chunks);
        bytes += p.size_bytes + other->size_bytes;
      }
    }
    pairs.push_back({&p, other});
    result.parameters.push_back(std::move(c));
  }
  for (const parameter& p : b.parameters) {
    if (in_b.count(p.name) != 0) {
      compared_parameter c;
      c.name = p.name;
      c.shape = p.shape;
      c.types = p.type_text();
      c.problem = "only in B";
      result.parameters.push_back(std::move(c));
    }
  }

  struct worker {
    std::vector<float> a;
    std::vector<float> b;
  };
  progress shown(bytes);
  std::vector<sums> all(chunks.size());
  in_parallel(
      chunks.size(), threads, [] { return worker{}; },
      [&](worker& w, std::size_t i) {
        const chunk& c = chunks[i];
        w.a.resize(c.elements);
        w.b.resize(c.elements);
        pairs[c.parameter].a->values->read(c.first, w.a);
        pairs[c.parameter].b->values->read(c.first, w.b);
        all[i] = summed(w.a, w.b, c.first);
        const pair& both = pairs[c.parameter];
        shown.advance(both.a->bytes_of(c.elements) + both.b->bytes_of(c.elements), both.a->name);
      });
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    compared_parameter& c = result.parameters[chunks[i].parameter];
    const sums& s = all[i];
    c.different += s.different;
    c.is_equal = c.different == 0;
    c.signal += s.signal;
    c.noise += s.noise;
    if (s.largest > c.largest) {
      c.largest = s.largest;
      c.place = s.place;
      c.in_a = s.in_a;
      c.in_b = s.in_b;
    }
  }
  return result;
}

}  // namespace checkpoint
