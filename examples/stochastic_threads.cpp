// Stochastic rounding that is reproducible: the random bits of element i depend on seed and i alone, so any
// number of threads gives the same codes.
#include <algorithm>
#include <iostream>
#include <narrowfp/narrowfp.hpp>
#include <numeric>
#include <thread>
#include <vector>

using namespace narrowfp;

namespace {

std::vector<fp8_e4m3> pack_with(unsigned threads, const std::vector<float>& values) {
  std::vector<fp8_e4m3> codes(values.size());
  const std::size_t share = values.size() / threads + 1;
  std::vector<std::jthread> workers;
  for (std::size_t begin = 0; begin < values.size(); begin += share) {
    const std::size_t n = std::min(share, values.size() - begin);
    workers.emplace_back([&values, &codes, begin, n] {
      pack(std::span(values).subspan(begin, n), std::span(codes).subspan(begin, n),
           {.round = rounding::stochastic, .seed = 2024, .first_index = begin});  // where this part begins
    });
  }
  workers.clear();  // joins
  return codes;
}

bool same_codes(const std::vector<fp8_e4m3>& a, const std::vector<fp8_e4m3>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](fp8_e4m3 x, fp8_e4m3 y) { return x.bits() == y.bits(); });
}

}  // namespace

int main() {
  const std::vector<float> values(100'000, 1.03F);  // between 1 and 1.125, nearer to 1
  const std::vector<fp8_e4m3> alone = pack_with(1, values);
  for (const unsigned threads : {2U, 3U, 7U}) {
    std::cout << threads << " threads: " << (same_codes(pack_with(threads, values), alone) ? "same" : "other")
              << " codes\n";
  }

  // Rounding to nearest loses the 0.03; stochastic rounding keeps it on average.
  std::vector<float> restored(values.size());
  unpack(alone, restored);
  const double mean = std::accumulate(restored.begin(), restored.end(), 0.0) / 100'000;
  std::cout << "nearest " << fp8_e4m3(1.03F) << ", stochastic mean " << mean << '\n';
}
