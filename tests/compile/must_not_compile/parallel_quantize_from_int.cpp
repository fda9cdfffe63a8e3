// Expect: narrowfp::parallel::quantize takes in, out and options as narrowfp::quantize does: call that
#include <narrowfp/narrowfp.hpp>
#include <vector>

void run(std::size_t n, const narrowfp::parallel::task& task);
void run(std::size_t n, const narrowfp::parallel::task& task) {
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}

int main() {
  const std::vector<float> in(32);
  std::vector<narrowfp::mxfp4> out(1);
  const std::vector<int> ints(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::quantize(run, 2, ints, out);
#else
  narrowfp::parallel::quantize(run, 2, in, out);
#endif
}
