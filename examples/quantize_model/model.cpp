#include "model.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "numeric.hpp"

// Compiled for vectors of eight besides, which the loader takes where the processor has them: the same sums.
// Its choice comes before the thread sanitizer is ready.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define WIDER_TOO [[gnu::target_clones("avx2", "default")]]
#else
#define WIDER_TOO
#endif

namespace demo {
namespace {

/// c += a * b for row-major a (m x k), b (k x n), c (m x n).
WIDER_TOO void multiply_add(std::span<const float> a, std::span<const float> b, std::span<float> c,
                            std::size_t m, std::size_t k, std::size_t n) {
  std::size_t i = 0;
  for (; i + 2 <= m; i += 2) {  // two rows a pass: half of the loads of b
    const float* x = a.data() + i * k;
    const float* y = x + k;
    float* __restrict out = c.data() + i * n;
    float* __restrict out_2 = out + n;
    std::size_t p = 0;
    for (; p + 4 <= k; p += 4) {
      const float* b0 = b.data() + p * n;
      const float* b1 = b0 + n;
      const float* b2 = b1 + n;
      const float* b3 = b2 + n;
      const float x0 = x[p], x1 = x[p + 1], x2 = x[p + 2], x3 = x[p + 3];
      const float y0 = y[p], y1 = y[p + 1], y2 = y[p + 2], y3 = y[p + 3];
      for (std::size_t j = 0; j < n; ++j) {
        const float v0 = b0[j], v1 = b1[j], v2 = b2[j], v3 = b3[j];
        out[j] = out[j] + x0 * v0 + x1 * v1 + x2 * v2 + x3 * v3;
        out_2[j] = out_2[j] + y0 * v0 + y1 * v1 + y2 * v2 + y3 * v3;
      }
    }
    for (; p < k; ++p) {
      const float* b0 = b.data() + p * n;
      for (std::size_t j = 0; j < n; ++j) {
        out[j] += x[p] * b0[j];
        out_2[j] += y[p] * b0[j];
      }
    }
  }
  for (; i < m; ++i) {
    const float* x = a.data() + i * k;
    float* out = c.data() + i * n;
    std::size_t p = 0;
    for (; p + 4 <= k; p += 4) {  // four rows of b a pass: a quarter of the loads and stores of c
      const float* b0 = b.data() + p * n;
      const float* b1 = b0 + n;
      const float* b2 = b1 + n;
      const float* b3 = b2 + n;
      const float x0 = x[p], x1 = x[p + 1], x2 = x[p + 2], x3 = x[p + 3];
      for (std::size_t j = 0; j < n; ++j) {
        out[j] = out[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
      }
    }
    for (; p < k; ++p) {
      const float* b0 = b.data() + p * n;
      for (std::size_t j = 0; j < n; ++j) {
        out[j] += x[p] * b0[j];
      }
    }
  }
}

tensor zeros(const char* name, std::size_t rows, std::size_t columns) {
  return {name, rows, columns, std::vector<float>(rows * columns)};
}

void fill_random(tensor& t, std::size_t inputs, random_source& random) {
  const float bound = std::sqrt(3.0F / static_cast<float>(inputs));  // variance 1 / inputs
  for (float& x : t.values) {
    x = bound * random.symmetric();
  }
}

/// out = in * transposed weight + bias, for `count` rows of in.
void dense(const tensor& weight, std::span<const float> bias, std::span<const float> in, std::span<float> out,
           std::size_t count) {
  std::vector<float> columns(weight.values.size());
  transpose(weight.values, columns, weight.rows, weight.columns);
  for (std::size_t i = 0; i < count; ++i) {
    std::copy(bias.begin(), bias.end(), out.begin() + static_cast<std::ptrdiff_t>(i * weight.rows));
  }
  multiply_add(in, columns, out, count, weight.columns, weight.rows);
}

/// The gradients of a dense layer, given that of its output; the one of its input is overwritten.
void dense_gradient(const tensor& weight, std::span<const float> in, std::span<const float> out_gradient,
                    std::size_t count, tensor& weight_gradient, std::span<float> bias_gradient,
                    std::span<float> in_gradient) {
  std::vector<float> columns(out_gradient.size());
  transpose(out_gradient, columns, count, weight.rows);
  multiply_add(columns, in, weight_gradient.values, weight.rows, count, weight.columns);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < weight.rows; ++j) {
      bias_gradient[j] += out_gradient[i * weight.rows + j];
    }
  }
  std::fill(in_gradient.begin(), in_gradient.end(), 0.0F);
  multiply_add(out_gradient, weight.values, in_gradient, count, weight.rows, weight.columns);
}

/// Turns logits into the gradient of their loss, and returns the loss.
float softmax(std::span<const float> logits, std::size_t target, std::span<float> gradient) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  for (std::size_t j = 0; j < logits.size(); ++j) {
    gradient[j] = exp_nonpositive(logits[j] - largest);
  }
  float sum = 0;
  for (const float x : gradient) {
    sum += x;
  }
  const float inverse = 1.0F / sum;
  for (float& x : gradient) {
    x *= inverse;
  }
  gradient[target] -= 1.0F;
  return static_cast<float>(std::log(static_cast<double>(sum)) -
                            (static_cast<double>(logits[target]) - largest));
}

void forward(const tensor& embedding, const dense_layer& hidden, const dense_layer& output,
             const text& source, std::span<const std::size_t> positions, batch& at, std::span<float> losses) {
  for (std::size_t i = 0; i < at.count; ++i) {
    for (std::size_t c = 0; c < context_size; ++c) {
      const std::size_t row = source[positions[i] - context_size + c];
      std::copy_n(embedding.values.begin() + static_cast<std::ptrdiff_t>(row * embedding_size),
                  embedding_size,
                  at.input.begin() + static_cast<std::ptrdiff_t>((i * context_size + c) * embedding_size));
    }
  }
  hidden(at.input, at.hidden, at.count);
  for (float& x : at.hidden) {
    x = x > 0 ? x : 0;
  }
  output(at.hidden, at.logits, at.count);
  for (std::size_t i = 0; i < at.count; ++i) {
    const std::span logits = std::span(at.logits).subspan(i * alphabet_size, alphabet_size);
    const std::span gradient = std::span(at.logits_gradient).subspan(i * alphabet_size, alphabet_size);
    losses[i] = softmax(logits, source[positions[i]], gradient);
  }
}

}  // namespace

language_model zero_model() {
  return {zeros("embedding", alphabet_size, embedding_size), zeros("hidden layer", hidden_size, input_size),
          zeros("output layer", alphabet_size, hidden_size), std::vector<float>(hidden_size),
          std::vector<float>(alphabet_size)};
}

language_model random_model(std::uint64_t seed) {
  language_model model = zero_model();
  random_source random(seed);
  fill_random(model.embedding, 1, random);
  fill_random(model.hidden_weight, input_size, random);
  fill_random(model.output_weight, hidden_size, random);
  return model;
}

batch::batch(std::size_t n)
    : count(n),
      input(n * input_size),
      hidden(n * hidden_size),
      logits(n * alphabet_size),
      input_gradient(n * input_size),
      hidden_gradient(n * hidden_size),
      logits_gradient(n * alphabet_size) {}

void forward(const language_model& model, const text& source, std::span<const std::size_t> positions,
             batch& at, std::span<float> losses) {
  forward(model.embedding, float_layer(model.hidden_weight, model.hidden_bias),
          float_layer(model.output_weight, model.output_bias), source, positions, at, losses);
}

void backward(const language_model& model, const text& source, std::span<const std::size_t> positions,
              batch& at, language_model& gradient) {
  const float share = 1.0F / static_cast<float>(at.count);  // the loss is the batch's mean
  for (float& x : at.logits_gradient) {
    x *= share;
  }
  dense_gradient(model.output_weight, at.hidden, at.logits_gradient, at.count, gradient.output_weight,
                 gradient.output_bias, at.hidden_gradient);
  for (std::size_t i = 0; i < at.hidden.size(); ++i) {
    at.hidden_gradient[i] = at.hidden[i] > 0 ? at.hidden_gradient[i] : 0;
  }
  dense_gradient(model.hidden_weight, at.input, at.hidden_gradient, at.count, gradient.hidden_weight,
                 gradient.hidden_bias, at.input_gradient);
  for (std::size_t i = 0; i < at.count; ++i) {
    for (std::size_t c = 0; c < context_size; ++c) {
      const std::size_t row = source[positions[i] - context_size + c];
      for (std::size_t k = 0; k < embedding_size; ++k) {
        gradient.embedding.values[row * embedding_size + k] +=
            at.input_gradient[(i * context_size + c) * embedding_size + k];
      }
    }
  }
}

layer_values sample_layers(const language_model& model, const text& source, std::size_t contexts) {
  std::vector<std::size_t> positions(contexts);
  for (std::size_t i = 0; i < contexts; ++i) {
    positions[i] = context_size + i * (source.size() - context_size) / contexts;
  }
  batch at(contexts);
  std::vector<float> losses(contexts);
  language_model gradient = zero_model();
  forward(model, source, positions, at, losses);
  backward(model, source, positions, at, gradient);
  return {{{"input", contexts, input_size, at.input}, {"hidden layer", contexts, hidden_size, at.hidden}},
          {{"input", contexts, input_size, at.input_gradient},
           {"hidden layer", contexts, hidden_size, at.hidden_gradient},
           {"output layer", contexts, alphabet_size, at.logits_gradient}}};
}

dense_layer float_layer(const tensor& weight, std::span<const float> bias) {
  return [&weight, bias](std::span<const float> in, std::span<float> out, std::size_t count) {
    dense(weight, bias, in, out, count);
  };
}

std::vector<float> character_losses(const language_model& model, const text& source) {
  return character_losses(model.embedding, float_layer(model.hidden_weight, model.hidden_bias),
                          float_layer(model.output_weight, model.output_bias), source);
}

std::vector<float> character_losses(const tensor& embedding, const dense_layer& hidden,
                                    const dense_layer& output, const text& source) {
  constexpr std::size_t batch_size = 256;
  std::vector<float> losses(source.size() - context_size);
  std::atomic<std::size_t> next = 0;
  const auto take_batches = [&] {
    std::vector<std::size_t> positions;
    for (std::size_t first = next.fetch_add(batch_size); first < losses.size();
         first = next.fetch_add(batch_size)) {
      const std::size_t count = std::min(batch_size, losses.size() - first);
      positions.clear();
      for (std::size_t i = 0; i < count; ++i) {
        positions.push_back(first + context_size + i);
      }
      batch at(count);
      forward(embedding, hidden, output, source, positions, at, std::span(losses).subspan(first, count));
    }
  };
  // A character's loss does not depend on its batch, so any number of threads gives the same.
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
    others.emplace_back(take_batches);
  }
  take_batches();
  for (std::thread& each : others) {
    each.join();
  }
  return losses;
}

}  // namespace demo
