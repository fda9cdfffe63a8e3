#include "inspection.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "parallel.hpp"
#include "progress.hpp"
#include "selection.hpp"

namespace checkpoint {

namespace {

std::optional<std::size_t> choose(const parameter_result& result, const inspection_options& options) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < result.tallies.size(); ++i) {
    const tally& candidate = result.tallies[i];
    if (candidate.saturated > 0 || !(candidate.snr_db() >= options.min_snr_db)) {
      continue;
    }
    if (options.only_storable && !can_store(*options.formats[i], matrix_row_length(*result.source))) {
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

/// What a thread works with.
struct worker {
  std::vector<std::unique_ptr<trial>> trials;
  std::vector<float> values;
};

}  // namespace

std::vector<parameter_result> inspect(const model& m, const inspection_options& options) {
  std::vector<parameter_result> results;
  std::vector<chunk> chunks;
  std::uint64_t bytes = 0;
  for (const parameter& p : m.parameters) {
    if (p.is_floating() && p.elements > 0) {
      append_chunks(results.size(), p.elements, matrix_row_length(p), chunks);
      results.push_back({&p, 0, {}, {}});
      bytes += p.size_bytes;
    }
  }
  // Each byte is work for every format, and for the pass that finds amax.
  const std::uint64_t formats = options.formats.size();
  progress shown(bytes * (formats + 1), formats + 1);
  const auto new_worker = [&] {
    worker w;
    for (const number_format* format : options.formats) {
      w.trials.push_back(format->make());
    }
    return w;
  };
  const auto read = [&](worker& w, const chunk& c) {
    w.values.resize(c.elements);
    return results[c.parameter].source->values->read(c.first, w.values);
  };

  std::vector<float> amax(chunks.size());
  in_parallel(
      chunks.size(), options.threads, [] { return 0; },
      [&](int, std::size_t i) {
        const chunk& c = chunks[i];
        const parameter& source = *results[c.parameter].source;
        amax[i] = source.values->largest(c.first, c.elements);
        shown.advance(source.bytes_of(c.elements), source.name);
      });
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    float& largest = results[chunks[i].parameter].amax;
    largest = std::max(largest, amax[i]);
  }

  // Sums of a chunk are kept until all are there: added in their order they do not depend on the threads.
  std::vector<std::vector<tally>> tallies(chunks.size());
  std::vector<std::uint64_t> beyond(chunks.size());
  in_parallel(chunks.size(), options.threads, new_worker, [&](worker& w, std::size_t i) {
    const chunk& c = chunks[i];
    beyond[i] = read(w, c);
    for (const auto& each : w.trials) {
      each->begin(results[c.parameter].amax);
      each->add(w.values, c.row_length);
      tallies[i].push_back(each->result());
    }
    const parameter& source = *results[c.parameter].source;
    shown.advance(source.bytes_of(c.elements) * formats, source.name);
  });
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    parameter_result& result = results[chunks[i].parameter];
    if (result.tallies.empty()) {
      for (const number_format* format : options.formats) {
        result.tallies.emplace_back();
        result.tallies.back().bits = format->tensor_scale_bits;
      }
    }
    for (std::size_t f = 0; f < formats; ++f) {
      tally& sum = result.tallies[f];
      // Numbers beyond float became infinities on reading; bfloat16 and others may keep those.
      tallies[i][f].saturated = std::max(tallies[i][f].saturated, beyond[i]);
      sum += tallies[i][f];
    }
    tallies[i] = {};
  }
  for (parameter_result& result : results) {
    result.chosen = choose(result, options);
  }
  return results;
}

}  // namespace checkpoint
