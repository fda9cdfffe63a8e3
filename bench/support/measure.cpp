#include "measure.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace bench {

namespace {

enum class place { cache, memory };

bool wrong_result = false;

/// The inputs of a conversion, as many as settings::pool_elements; made once for each kind and size, or for a
/// conversion that prepares its own.
const buffer& pool_of(const conversion& c) {
  using key = std::tuple<content, std::size_t, const conversion*>;
  static std::map<key, buffer> pools;
  const settings& s = current_settings();
  const std::size_t size = c.in.size_bytes(s.pool_elements);
  buffer& pool = pools[key{c.input, size, c.prepare ? &c : nullptr}];
  if (pool.size() == 0) {
    pool = make_input(c.input, s.floats, size);
    if (c.prepare) {
      c.prepare(pool.data(), s.pool_elements);
    }
  }
  return pool;
}

/// A working buffer that is kept between rows, so that memory is touched once.
std::byte* working_buffer(int which, std::size_t size) {
  static buffer buffers[2];
  if (buffers[which].size() < size) {
    buffers[which] = buffer();
    buffers[which] = buffer(size);
  }
  return buffers[which].data();
}

/// One conversion and its buffers in one place.
class experiment {
 public:
  experiment(const conversion& c, place where) : conversion_(c), where_(where) {
    const settings& s = current_settings();
    n_ = where == place::cache ? s.cache_elements : s.memory_elements;
    period_ = std::min(n_, s.pool_elements);
    in_ = working_buffer(0, c.in.size_bytes(n_));
    out_ = working_buffer(1, c.out.size_bytes(n_));
    expected_ = buffer(c.out.size_bytes(period_));
    fill(0);
  }

  /// Seconds per call, of as many calls as make up a sample; then the next inputs are put in place.
  double sample(const convert_function& convert) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    for (int i = 0; i < calls_; ++i) {
      convert(in_, out_, n_);
      benchmark::ClobberMemory();
    }
    const double seconds = std::chrono::duration<double>(clock::now() - start).count() / calls_;
    if (where_ == place::cache) {
      check();
      next_window();
      const double wanted = current_settings().call_group_seconds / std::max(seconds, 1e-9);
      calls_ = std::clamp(static_cast<int>(wanted), 1, 64);
    }
    return seconds;
  }

  /// Compares the whole output with the reference.
  void check() {
    if (failed_) {
      return;
    }
    const std::size_t period_bytes = conversion_.out.size_bytes(period_);
    for (std::size_t done = 0; done < n_; done += period_) {
      if (conversion_.numbered && done > 0 && done + period_ < n_) {
        continue;  // results that do not repeat: the first and the last stretch
      }
      if (!expected_is_made_ || conversion_.numbered) {
        make_expected(done);
      }
      const std::byte* got = out_ + conversion_.out.size_bytes(done);
      if (std::memcmp(got, expected_.data(), period_bytes) != 0) {
        report_difference(got, done);
        return;
      }
    }
  }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t elements() const { return n_; }
  [[nodiscard]] std::size_t traffic_bytes() const {
    return conversion_.in.size_bytes(n_) + conversion_.out.size_bytes(n_);
  }

 private:
  /// Puts inputs in place, from the given window of the pool on, repeated as often as they fit.
  void fill(std::size_t window) {
    const buffer& pool = pool_of(conversion_);
    const std::size_t bytes = conversion_.in.size_bytes(period_);
    for (std::size_t done = 0; done < n_; done += period_) {
      std::memcpy(in_ + conversion_.in.size_bytes(done), pool.data() + window * bytes, bytes);
    }
    expected_is_made_ = false;
  }

  void next_window() {
    const std::size_t windows = current_settings().pool_elements / period_;
    window_ = (window_ + 1) % windows;
    fill(window_);
  }

  void make_expected(std::size_t first) {
    const std::byte* in = in_ + conversion_.in.size_bytes(first);
    auto& known = expected_of_window_[window_];
    if (known.size() == 0 || conversion_.numbered) {
      known = buffer(conversion_.out.size_bytes(period_));
      conversion_.reference(in, known.data(), period_, first);
    }
    std::memcpy(expected_.data(), known.data(), known.size());
    expected_is_made_ = true;
  }

  void report_difference(const std::byte* got, std::size_t first) {
    std::size_t at = 0;
    while (got[at] == expected_.data()[at]) {
      ++at;
    }
    std::fprintf(stderr, "%s: output byte %zu is %02x, the scalar core gives %02x\n",
                 conversion_.name.c_str(), conversion_.out.size_bytes(first) + at,
                 std::to_integer<unsigned>(got[at]), std::to_integer<unsigned>(expected_.data()[at]));
    failed_ = true;
    wrong_result = true;
  }

  const conversion& conversion_;
  place where_;
  std::size_t n_ = 0;
  std::size_t period_ = 0;
  std::size_t window_ = 0;
  std::byte* in_ = nullptr;
  std::byte* out_ = nullptr;
  buffer expected_;
  std::map<std::size_t, buffer> expected_of_window_;
  bool expected_is_made_ = false;
  bool failed_ = false;
  int calls_ = 1;
};

/// Seconds per call of some samples, sorted.
std::vector<double> take_samples(experiment& e, const convert_function& convert, const effort& wanted) {
  std::vector<double> samples;
  double total = 0;
  while (samples.size() < wanted.min_samples || total < wanted.seconds) {
    samples.push_back(e.sample(convert));
    total += samples.back();
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

/// The fastest seconds per call of the fastest variant: what the machine can do at this moment.
double best_seconds(const conversion& c, place where) {
  const settings& s = current_settings();
  const effort wanted = where == place::cache ? s.cache_ceiling : s.memory_ceiling;
  experiment e(c, where);
  double best = take_samples(e, c.variants.front(), wanted).front();
  for (std::size_t i = 1; i < c.variants.size(); ++i) {
    best = std::min(best, take_samples(e, c.variants[i], wanted).front());
  }
  return best;
}

const convert_function& fastest_variant(const conversion& c, experiment& e) {
  std::size_t fastest = 0;
  double best = take_samples(e, c.variants.front(), {3, 0}).front();
  for (std::size_t i = 1; i < c.variants.size(); ++i) {
    const double seconds = take_samples(e, c.variants[i], {3, 0}).front();
    if (seconds < best) {
      best = seconds;
      fastest = i;
    }
  }
  return c.variants[fastest];
}

/// One row: a single iteration to Google Benchmark, which holds all the samples.
void run_row(benchmark::State& state, const conversion& c, place where) {
  const settings& s = current_settings();
  // The ceiling is measured next to every row: neighbours on the machine come and go.
  const double ceiling_seconds = c.ceiling != nullptr ? best_seconds(*c.ceiling, where) : 0;
  experiment e(c, where);
  const convert_function& convert = c.variants.size() > 1 ? fastest_variant(c, e) : c.variants.front();
  std::vector<double> samples;
  for (auto _ : state) {
    samples = take_samples(e, convert, where == place::cache ? s.cache_row : s.memory_row);
    state.SetIterationTime(samples.front());
  }
  if (where == place::memory) {
    e.check();
  }
  if (e.failed()) {
    state.SkipWithError("the result differs from the scalar core's");
    return;
  }
  const double best = samples.front();
  const double median = samples[samples.size() / 2];
  const auto elements = static_cast<double>(e.elements());
  state.counters["Gelem/s"] = elements / best * 1e-9;
  state.counters["median"] = elements / median * 1e-9;
  state.counters["GB/s"] = static_cast<double>(e.traffic_bytes()) / best * 1e-9;
  state.counters["share"] = c.ceiling != nullptr ? ceiling_seconds / best : 1.0;
}

void register_row(const conversion& c, place where, const char* place_name) {
  benchmark::RegisterBenchmark((c.name + "/" + place_name).c_str(),
                               [&c, where](benchmark::State& state) { run_row(state, c, where); })
      ->UseManualTime()
      ->Iterations(1);
}

}  // namespace

settings& current_settings() {
  static settings s;
  return s;
}

bool any_result_was_wrong() { return wrong_result; }

void register_rows(const conversion& c) {
  register_row(c, place::cache, "cache");
  if (current_settings().memory_elements > 0) {
    register_row(c, place::memory, "memory");
  }
}

}  // namespace bench
