// Expect: narrowfp::parallel::pack needs to know sizes: give spans
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

void run(std::size_t n, const narrowfp::parallel::task& task);
void run(std::size_t n, const narrowfp::parallel::task& task) {
  for (std::size_t i = 0; i < n; ++i) {
    task(i);
  }
}

int main() {
  const std::vector<float> in(32);
  std::vector<narrowfp::fp8_e4m3> out(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::parallel::pack(run, 2, in.data(), out.data(), 32);
#else
  narrowfp::parallel::pack(run, 2, std::span(in.data(), 32), std::span(out.data(), 32));
#endif
}
