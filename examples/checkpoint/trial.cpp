#include "trial.hpp"

#include <cmath>
#include <limits>

namespace checkpoint {

double tally::bits_per_value() const noexcept {
  return values == 0 ? 0 : static_cast<double>(bits) / static_cast<double>(values);
}

double tally::snr_db() const noexcept {
  return noise > 0 ? 10 * std::log10(signal / noise) : std::numeric_limits<double>::infinity();
}

tally& tally::operator+=(const tally& other) noexcept {
  values += other.values;
  bits += other.bits;
  saturated += other.saturated;
  flushed += other.flushed;
  signal += other.signal;
  noise += other.noise;
  return *this;
}

void tally::add(float original, float restored, double reach) noexcept {
  if (!std::isfinite(original) || !std::isfinite(restored)) {
    const bool kept = original == restored || (std::isnan(original) && std::isnan(restored));
    saturated += kept ? 0 : 1;
    return;
  }
  const double x = double{original};
  const double error = double{restored} - x;
  signal += x * x;
  noise += error * error;
  saturated += std::fabs(x) > reach ? 1 : 0;
  flushed += original != 0 && restored == 0 ? 1 : 0;
}

std::vector<const number_format*> all_formats() {
  std::vector<const number_format*> all;
  for (const number_format& format : value_formats()) {
    all.push_back(&format);
  }
  for (const number_format& format : block_formats()) {
    all.push_back(&format);
  }
  return all;
}

bool can_store(const number_format& format, std::uint64_t row_length) noexcept {
  return format.stored != nullptr &&
         row_length % 8 * static_cast<unsigned>(format.stored->code_bits) % 8 == 0;
}

}  // namespace checkpoint
