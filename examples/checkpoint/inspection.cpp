#include "inspection.hpp"

#include <atomic>
#include <cmath>
#include <exception>
#include <thread>

#include "chunks.hpp"
#include "progress.hpp"
#include "tensor_reader.hpp"

namespace checkpoint {

namespace {

/// Calls work(i) for every i below count, on several threads. Throws what a call threw.
template <class Work>
void in_parallel(std::size_t count, unsigned threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr thrown;
  std::atomic_flag has_thrown = ATOMIC_FLAG_INIT;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
      }
    } catch (...) {
      if (!has_thrown.test_and_set()) {
        thrown = std::current_exception();
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && i < count; ++i) {
    others.emplace_back(run);
  }
  run();
  for (std::thread& other : others) {
    other.join();
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

float largest_finite(const tensor& t, std::vector<float>& values, progress& shown) {
  tensor_reader reader(t);
  float amax = 0;
  for_each_chunk(t, [&](std::size_t n, std::size_t) {
    values.resize(n);
    reader.read(values);
    for (const float x : values) {
      const float magnitude = std::fabs(x);
      amax = magnitude > amax && !std::isinf(magnitude) ? magnitude : amax;
    }
    shown.advance(n, t.name);
  });
  return amax;
}

std::optional<std::size_t> choose(const tensor_result& result, const inspection_options& options) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < result.tallies.size(); ++i) {
    const tally& candidate = result.tallies[i];
    if (candidate.saturated > 0 || !(candidate.snr_db() >= options.min_snr_db)) {
      continue;
    }
    if (options.only_storable && !can_store(*options.formats[i], result.source->row_length())) {
      continue;
    }
    if (best) {
      const tally& held = result.tallies[*best];
      if (candidate.bits > held.bits ||
          (candidate.bits == held.bits && candidate.snr_db() <= held.snr_db())) {
        continue;
      }
    }
    best = i;
  }
  return best;
}

}  // namespace

std::vector<tensor_result> inspect_tensors(const tensor_collection& collection,
                                           const inspection_options& options) {
  std::uint64_t elements = 0;
  for (const tensor& t : collection.tensors) {
    elements += t.type->is_floating() ? t.elements : 0;
  }
  // One unit of work an element and format, and one for the pass that finds amax.
  const std::uint64_t formats = options.formats.size();
  progress shown(elements * (formats + 1));

  std::vector<std::unique_ptr<trial>> trials;
  for (const number_format* format : options.formats) {
    trials.push_back(format->make());
  }
  std::vector<tensor_result> results;
  std::vector<float> values;
  for (const tensor& t : collection.tensors) {
    if (!t.type->is_floating() || t.elements == 0) {
      continue;
    }
    tensor_result result{&t, largest_finite(t, values, shown), {}, {}};
    for (const auto& each : trials) {
      each->begin(result.amax);
    }
    tensor_reader reader(t);
    for_each_chunk(t, [&](std::size_t n, std::size_t row_length) {
      values.resize(n);
      reader.read(values);
      in_parallel(trials.size(), n < 4096 ? 1 : options.threads,
                  [&](std::size_t i) { trials[i]->add(values, row_length); });
      shown.advance(n * formats, t.name);
    });
    for (const auto& each : trials) {
      result.tallies.push_back(each->result());
      // Numbers beyond float became infinities on reading; bfloat16 and others may keep those.
      tally& last = result.tallies.back();
      last.saturated = std::max(last.saturated, reader.beyond_float());
    }
    result.chosen = choose(result, options);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace checkpoint
