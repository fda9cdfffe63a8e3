#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "numeric.hpp"

namespace demo {
namespace {

constexpr std::uint64_t seed = 1;

/// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
class adam {
 public:
  /// One step for one array of parameters; clears the gradient.
  static void update(std::span<float> parameters, std::span<float> gradient, std::span<float> mean,
                     std::span<float> square, float rate, float shrink, float mean_correction,
                     float square_correction) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      mean[i] = mean_decay * mean[i] + (1 - mean_decay) * gradient[i];
      square[i] = square_decay * square[i] + (1 - square_decay) * (gradient[i] * gradient[i]);
      const float direction =
          (mean[i] * mean_correction) / (std::sqrt(square[i] * square_correction) + 1e-8F);
      parameters[i] = parameters[i] * shrink - rate * direction;
      gradient[i] = 0;
    }
  }

  void step(language_model& model, language_model& gradient, float rate, float decay) {
    mean_power_ *= mean_decay;
    square_power_ *= square_decay;
    const float m = 1 / (1 - mean_power_);
    const float s = 1 / (1 - square_power_);
    const auto each = [&](auto member) {
      update(member(model), member(gradient), member(mean_), member(square_), rate, 1 - rate * decay, m, s);
    };
    each([](language_model& x) { return std::span(x.embedding.values); });
    each([](language_model& x) { return std::span(x.hidden_weight.values); });
    each([](language_model& x) { return std::span(x.output_weight.values); });
    each([](language_model& x) { return std::span(x.hidden_bias); });
    each([](language_model& x) { return std::span(x.output_bias); });
  }

 private:
  static constexpr float mean_decay = 0.9F;
  static constexpr float square_decay = 0.999F;
  language_model mean_ = zero_model();
  language_model square_ = zero_model();
  float mean_power_ = 1;
  float square_power_ = 1;
};

}  // namespace

language_model train(const text& source, const training_options& options, const training_progress& report) {
  language_model model = random_model(seed);
  language_model gradient = zero_model();
  adam optimiser;
  random_source random(seed + 1);
  batch at(options.batch_size);
  std::vector<std::size_t> positions(options.batch_size);
  std::vector<float> losses(options.batch_size);
  double running_loss = 0;
  for (std::size_t step = 1; step <= options.steps; ++step) {
    for (std::size_t& position : positions) {
      position = context_size + random.below(source.size() - context_size);
    }
    forward(model, source, positions, at, losses);
    backward(model, source, positions, at, gradient);
    const float remaining = static_cast<float>(options.steps - step + 1) / static_cast<float>(options.steps);
    optimiser.step(model, gradient, options.learning_rate * remaining, options.weight_decay);

    const double loss =
        std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(options.batch_size);
    const double weight = 1.0 / static_cast<double>(std::min<std::size_t>(step, 200));
    running_loss += (loss - running_loss) * weight;
    report(step, running_loss);
  }
  return model;
}

}  // namespace demo
