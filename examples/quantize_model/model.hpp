// The model: the last characters, embedded, through two dense layers to the next character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "text.hpp"

namespace demo {

inline constexpr std::size_t context_size = 8;     // characters the model sees
inline constexpr std::size_t embedding_size = 32;  // floats a character
inline constexpr std::size_t input_size = context_size * embedding_size;
inline constexpr std::size_t hidden_size = 128;

/// A named matrix, row-major.
struct tensor {
  std::string name;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
};

/// hidden = relu(hidden_weight * embedded context + hidden_bias); logits = output_weight * hidden +
/// output_bias.
///
/// Weights are (outputs x inputs), as most frameworks store them: a row is what one dot product reads.
struct language_model {
  tensor embedding;      // alphabet x embedding
  tensor hidden_weight;  // hidden x input
  tensor output_weight;  // alphabet x hidden
  std::vector<float> hidden_bias;
  std::vector<float> output_bias;
};

/// A model of zeros; gradients and optimiser states have the same shape.
language_model zero_model();

/// Uniform random weights of variance 1 / inputs, the same for the same seed everywhere.
language_model random_model(std::uint64_t seed);

/// The values of a model's layers for a batch of contexts, and the gradients of the loss at the same places.
struct batch {
  explicit batch(std::size_t count);

  std::size_t count;
  std::vector<float> input;   // count x input: the embedded characters
  std::vector<float> hidden;  // count x hidden, after relu
  std::vector<float> logits;  // count x alphabet
  std::vector<float> input_gradient;
  std::vector<float> hidden_gradient;
  std::vector<float> logits_gradient;
};

/// Predicts the characters at `positions` (each at least context_size) of `source`; fills the layers of `at`
/// and, in nats, the loss of each character.
void forward(const language_model& model, const text& source, std::span<const std::size_t> positions,
             batch& at, std::span<float> losses);

/// The gradients of the mean loss of the batch that `forward` has just seen. Adds to `gradient`.
void backward(const language_model& model, const text& source, std::span<const std::size_t> positions,
              batch& at, language_model& gradient);

/// What flows through the model: matrices of a batch of contexts, in training and in use.
struct layer_values {
  std::vector<tensor> activations;  // what the two dense layers read
  std::vector<tensor> gradients;    // of the mean loss by the logits, the hidden layer and its input
};

/// Of contexts spread evenly over `source`.
layer_values sample_layers(const language_model& model, const text& source, std::size_t contexts);

/// out = in * transposed weight + bias, for `count` rows of in, in an arithmetic of its own. Several threads
/// call it at once.
using dense_layer = std::function<void(std::span<const float> in, std::span<float> out, std::size_t count)>;

/// A dense layer in float32. Refers to its arguments.
dense_layer float_layer(const tensor& weight, std::span<const float> bias);

/// The loss of every character of `source` but the first context_size, in nats.
std::vector<float> character_losses(const language_model& model, const text& source);

/// The same with other dense layers than the model's.
std::vector<float> character_losses(const tensor& embedding, const dense_layer& hidden,
                                    const dense_layer& output, const text& source);

}  // namespace demo
