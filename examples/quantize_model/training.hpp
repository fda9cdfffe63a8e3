// Training: Adam with weight decay on random minibatches.
#pragma once

#include <cstddef>
#include <functional>

#include "model.hpp"
#include "text.hpp"

namespace demo {

struct training_options {
  std::size_t steps = 8000;
  std::size_t batch_size = 64;
  float learning_rate = 3e-3F;  // falls linearly to zero
  float weight_decay = 0.1F;    // a step shrinks each parameter by this times the learning rate
};

/// Called after each step with its number, from 1, and the running mean of the training loss in nats.
using training_progress = std::function<void(std::size_t step, double loss)>;

language_model train(const text& source, const training_options& options, const training_progress& report);

}  // namespace demo
