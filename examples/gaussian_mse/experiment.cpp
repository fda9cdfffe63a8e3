#include "experiment.hpp"

#include <cmath>
#include <narrowfp/narrowfp.hpp>
#include <numbers>
#include <random>
#include <span>

namespace gaussian_mse {
namespace {

/// Box and Muller's transform, which unlike std::normal_distribution is the same everywhere.
std::vector<float> draw(std::size_t samples, double sigma, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  std::vector<float> x;
  x.reserve(samples + 1);
  while (x.size() < samples) {
    const double radius = sigma * std::sqrt(-2 * std::log(uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    x.push_back(static_cast<float>(radius * std::cos(angle)));
    x.push_back(static_cast<float>(radius * std::sin(angle)));
  }
  x.resize(samples);
  return x;
}

}  // namespace

double sigma_of(int k) { return std::ldexp(0.01, k); }

errors measure(int k, std::size_t samples, std::uint64_t seed) {
  using namespace narrowfp;
  const std::vector<float> x = draw(samples, sigma_of(k), seed + static_cast<std::uint64_t>(k));
  const float tensor_scale = nvfp4_tensor_scale(x);
  return {compare<mxfp4>(x).mse, compare<nvfp4>(x).mse, compare<nvfp4>(x, {.tensor_scale = tensor_scale}).mse,
          compare<hif4>(x).mse};
}

double relative_mean(const std::vector<errors>& table, std::size_t f) {
  double sum = 0;
  for (int k = formats[f].first_k; k <= formats[f].last_k; ++k) {
    const errors& row = table[static_cast<std::size_t>(k)];
    sum += row[f] / row.back();
  }
  return sum / (formats[f].last_k - formats[f].first_k + 1);
}

}  // namespace gaussian_mse
