// Expect: quantize into split_blocks needs a block type: write quantize<mxfp4>.execute, tasks, in, out.
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
  std::vector<std::byte> codes(16);
  std::vector<std::byte> scales(1);
  const narrowfp::split_blocks out(codes, scales);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::quantize(run, 2, in, out);
#else
  narrowfp::parallel::quantize<narrowfp::mxfp4>(run, 2, in, out);
#endif
}
